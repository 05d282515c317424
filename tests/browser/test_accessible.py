"""axe-core finds no serious and no critical fault, on any page, in any dress and language."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from person import Person
from playwright.sync_api import Page, expect
from scenarios import village

PLAN = Path(__file__).resolve().parents[1] / "plans" / "pass-matrices.json"


def _faults(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, each with where it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}\n    "
        + "\n    ".join(
            f"{node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for node in one["nodes"][:4]
        )
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def _expect_none(page: Page) -> None:
    # What fades in has other colours until it is there.
    page.evaluate("Promise.all(document.getAnimations().map(a => a.finished.catch(() => {})))")
    faults = _faults(page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_start_and_workbench(person: Person, scheme: str, language: str) -> None:
    page = person.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two that it takes
    person.start()
    if language == "fr":
        page.get_by_test_id("switch-language").get_by_text("FR").click()
        expect(page.get_by_role("heading", name="Planifier un ravitaillement")).to_be_visible()
    _expect_none(page)
    person.page.locator("input[type=file]").set_input_files(PLAN)
    expect(person.verdict).to_have_text("Verified" if language == "en" else "Vérifié")
    expect(person.briefing.locator("span.say").first).to_be_visible()
    _expect_none(page)
    for key in ("2r", "3t", "4"):
        for one in key:
            page.keyboard.press(one)
        expect(page.get_by_role("tab", selected=True)).to_have_count(2)
        _expect_none(page)


def test_dialogs_faults_and_a_search_on_its_way(person: Person, tmp_path: Path) -> None:
    page = person.page
    broken = tmp_path / "broken.yaml"
    broken.write_text("format: convoi/scenario/1\nid: [", encoding="utf-8")
    person.choose_file(broken)
    expect(page.get_by_role("alert").filter(has_text="cannot be opened").first).to_be_visible()
    _expect_none(page)
    person.open(village(tmp_path))
    _expect_none(page)
    for key, name in (("p", "Plan"), ("e", "Export"), ("?", "Keyboard shortcuts")):
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        _expect_none(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    person.ask(seconds=600)
    expect(page.locator(".solve-best")).to_contain_text("Best so far")
    _expect_none(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("solve-stopped")).to_be_visible()
    _expect_none(page)
    person.verdict.click()
    expect(page.get_by_role("dialog", name="Verification")).to_be_visible()
    _expect_none(page)
