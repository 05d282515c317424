"""What a person does at the workbench, by what is written on it, and what they see there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

__all__ = ["Person"]

#: Over the ground under a loaded machine; nothing waits longer than it must.
PLANNED_MS = 180_000

#: Notes every best-so-far that the page tells, with the course of its curve.
RECORDER = """
() => {
  window.seen = [];
  const look = () => {
    const told = document.querySelector(".solve-best");
    const line = document.querySelector("#solve-curve-drawn .is-undelivered");
    if (!told) return;
    const now = { stage: document.querySelector("[data-testid=solve-told]").dataset.stage,
                  told: told.textContent, curve: line ? line.getAttribute("d") : "" };
    const last = window.seen[window.seen.length - 1];
    if (!last || last.told !== now.told || last.curve !== now.curve || last.stage !== now.stage) window.seen.push(now);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
}
"""  # noqa: E501 - statements of the page


class Person:
    """Somebody who works at a page; English unless they switch.

    Parameters
    ----------
    page : Page
        The page, at the start or at a work.
    url : str
        Where the server answers.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    # Where one is.

    def start(self) -> None:
        """Go to the start page."""
        self.page.goto(self.url)
        expect(self.page.get_by_test_id("start")).to_be_visible()

    def begin(self, name: str) -> None:
        """Choose a bundled scenario from the start page."""
        self.start()
        self.page.get_by_test_id(f"begin-{name}").click()
        expect(self.page.get_by_test_id("workbench")).to_be_visible()

    def choose_file(self, path: Path) -> None:
        """Open a file from the start page."""
        self.start()
        # Its label is set by a script.
        file = self.page.get_by_label("Choose a file")
        file.set_input_files(path)

    def open(self, path: Path) -> None:
        """Open a file that has no fault."""
        self.choose_file(path)
        expect(self.page.get_by_test_id("workbench")).to_be_visible()

    # Planning.

    def ask(self, *, iterations: int | None = None, seconds: int | None = None) -> None:
        """Ask for a plan."""
        self.page.get_by_test_id("plan-open").click()
        self.answer(iterations=iterations, seconds=seconds)

    def answer(self, *, iterations: int | None = None, seconds: int | None = None) -> None:
        """Fill in the dialog that asks how long to plan, and start."""
        dialog = self.page.get_by_role("dialog", name="Plan")
        expect(dialog).to_be_visible()
        unit = "Seconds" if iterations is None else "Iterations"
        dialog.get_by_text(unit, exact=True).click()
        dialog.get_by_label("How many").fill(str(iterations or seconds))
        dialog.get_by_role("button", name="Start planning").click()
        expect(dialog).to_be_hidden()

    def planned(self) -> None:
        """Wait until the plan is complete and the verifier has said that it holds."""
        expect(self.verdict).to_have_text("Verified", timeout=PLANNED_MS)
        expect(self.page.get_by_test_id("solve-band")).to_be_hidden()

    def watch_search(self) -> None:
        """Note from now on every best plan that the page tells of."""
        self.page.evaluate(RECORDER)

    def seen(self) -> list[dict[str, str]]:
        """Return what was noted."""
        found: list[dict[str, str]] = self.page.evaluate("window.seen")
        return found

    # What is seen.

    @property
    def verdict(self) -> Locator:
        """Badge of the verifier."""
        return self.page.get_by_test_id("verdict")

    @property
    def briefing(self) -> Locator:
        """The document beside the map."""
        return self.page.get_by_test_id("briefing")

    @property
    def map(self) -> Locator:
        """The map."""
        return self.page.get_by_test_id("map")

    def figure(self, name: str) -> str:
        """Return the value on a card of figures."""
        return self.page.get_by_test_id(f"figure-{name}").locator(".figure-value").inner_text()

    def tab(self, name: str) -> None:
        """Choose a tab of the words or of the convoys."""
        self.page.get_by_role("tab", name=name).click()

    def expect_selected(self, kind: str, name: str) -> None:
        """See one thing selected on the map and, for a convoy, in its lane and its row."""
        expect(self.map).to_have_attribute("data-selected", f"{kind}:{name}")
        if kind == "convoy":
            selected = re.compile(r"\bis-selected\b")
            expect(self.page.get_by_test_id(f"lane-{name}")).to_have_class(selected)
            row = self.page.locator(f'#routes [row-id="{name}"]').first
            expect(row).to_have_class(re.compile("ag-row-selected"))

    # The map.

    def ready(self) -> None:
        """Wait until the ground is drawn."""
        expect(self.map).to_have_attribute("data-ground", "ready", timeout=PLANNED_MS)
        expect(self.map).to_have_attribute("data-settled", "true", timeout=PLANNED_MS)

    def where(self, kind: str, name: Any) -> tuple[float, float]:
        """Return where on the page something of the map lies."""
        at = self.page.evaluate("([kind, id]) => window.convoi_map.where(kind, id)", [kind, name])
        return at["x"], at["y"]

    def click_map(self, kind: str, name: Any) -> None:
        """Click something on the map."""
        x, y = self.where(kind, name)
        self.page.mouse.move(x, y)
        self.page.mouse.click(x, y)

    # Files.

    def export(self, document: str, form: str, language: str | None = None) -> tuple[str, bytes]:
        """Export a document or the data and return the name and content of the file."""
        dialog = self.page.get_by_role("dialog", name="Export")
        if not dialog.is_visible():
            self.page.get_by_test_id("export-open").click()
        if language is not None:
            dialog.get_by_text(language, exact=True).click()
        # It comes as soon as it is made, without another click.
        with self.page.expect_download(timeout=PLANNED_MS) as waiting:
            dialog.get_by_test_id(f"export-{document}-{form}").click()
        download = waiting.value
        return download.suggested_filename, Path(download.path()).read_bytes()

    def close_dialog(self) -> None:
        """Close the dialog that is open."""
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)
