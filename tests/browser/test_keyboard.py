"""From the start to a plan and an order without a mouse."""

from __future__ import annotations

import re
from pathlib import Path

from person import Person
from playwright.sync_api import Locator, Page, expect
from scenarios import village

#: Whether what has the focus looks otherwise than it would without.
SEEN = """
() => {
  const e = document.activeElement;
  // What changes slowly would still look the same.
  e.style.transition = "none";
  const look = () => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  const s = getComputedStyle(e);
  const has = look();
  if (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1) return true;
  e.blur();
  const without = look();
  e.focus();
  return has !== without;
}
"""  # noqa: E501 - statements of the page


#: A page that draws late, as one does on a machine under load.
LATE_FRAMES = """
() => {
  const draw = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => setTimeout(() => draw(act), 150);
}
"""


def _reach(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press the tabulator until something has the focus, which is visible wherever it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by the tabulator")


def _choose(page: Page, file: Path) -> None:
    """Choose a file by the keyboard alone."""
    _reach(page, page.get_by_role("button", name="Choose a file"))
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Enter")
    waiting.value.set_files(file)


def test_from_start_to_plan_and_order_without_a_mouse(person: Person, tmp_path: Path) -> None:
    page, press = person.page, person.page.keyboard.press
    # Playwright takes choosers over from the first listener on, and does not wait until it has.
    page.on("filechooser", lambda _: None)
    person.start()
    # The first thing that is reached leads past the bar.
    press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press("Enter")
    _reach(page, page.get_by_test_id("begin-brigade"), most=1)
    _choose(page, village(tmp_path))
    expect(page.get_by_test_id("workbench")).to_be_visible()

    press("p")
    dialog = page.get_by_role("dialog", name="Plan")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Start planning")).to_be_focused()
    # The tabulator stays in the dialog, and goes round in it.
    _reach(page, dialog.get_by_role("radio", name="Seconds"))
    press("ArrowRight")
    expect(dialog.get_by_role("radio", name="Iterations")).to_be_checked()
    _reach(page, dialog.get_by_label("How many"))
    press("Control+a")
    page.keyboard.type("20")
    _reach(page, dialog.get_by_role("button", name="Start planning"))
    press("Enter")
    person.planned()

    _sentences(person)
    press("e")
    dialog = page.get_by_role("dialog", name="Export")
    _reach(page, dialog.get_by_test_id("export-movement-order-md"))
    with page.expect_download() as download:
        press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    # The link stays, for whoever wants the file again.
    ready = page.get_by_test_id("export-ready")
    expect(ready).to_have_count(1)
    _reach(page, ready)
    with page.expect_download() as again:
        press("Enter")
    assert Path(again.value.path()).read_text(encoding="utf-8") == text
    assert text.startswith("# Movement order")
    press("Escape")
    expect(dialog).to_be_hidden()


def _sentences(person: Person) -> None:
    """Choose a sentence and a lane, and let go of them."""
    page, press = person.page, person.page.keyboard.press
    said = person.briefing.locator("span.say").first
    _reach(page, said)
    press("Enter")
    card = page.get_by_role("region", name=re.compile("^Sentence: rests on"))
    expect(card).to_be_visible()
    press("Escape")
    expect(card).to_have_count(0)
    lane = page.locator(".lane").first.get_by_role("button")
    lane.focus()
    press("Enter")
    expect(person.map).to_have_attribute("data-selected", re.compile("^convoy:"))
    expect(lane).to_have_attribute("aria-pressed", "true")
    press("Escape")
    expect(person.map).to_have_attribute("data-selected", "")


def test_a_dialog_has_the_focus_however_late_the_page_is_drawn(
    person: Person, tmp_path: Path
) -> None:
    page, press = person.page, person.page.keyboard.press
    person.open(village(tmp_path))
    page.evaluate(LATE_FRAMES)
    press("p")
    dialog = page.get_by_role("dialog", name="Plan")
    expect(dialog.get_by_role("button", name="Start planning")).to_be_focused(timeout=5_000)
    press("Escape")
    expect(dialog).to_be_hidden()
    for key, name in (("e", "Export"), ("?", "Keyboard shortcuts")):
        press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog.locator(":focus")).to_have_count(1, timeout=5_000)
        press("Escape")
        expect(dialog).to_be_hidden()


def test_each_shortcut_does_what_the_list_of_them_says(person: Person, tmp_path: Path) -> None:
    page, press = person.page, person.page.keyboard.press
    person.open(village(tmp_path))
    for key, tab in (
        ("2", "Not delivered"), ("3", "Ground"), ("4", "Changes"), ("1", "Briefing"),
        ("r", "Routes"), ("t", "Timeline"),
    ):  # fmt: skip
        press(key)
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    for key, mode in (("d", "draw_area"), ("b", "pick_bridge")):
        press(key)
        expect(person.map).to_have_attribute("data-mode", mode)
        press("Escape")
        expect(person.map).to_have_attribute("data-mode", "look")
    expect(page.get_by_role("tab", name="Ground")).to_have_attribute("aria-selected", "true")
    # Whoever types quickly is understood as well.
    for key in ("d", "Escape", "b"):
        press(key)
    expect(person.map).to_have_attribute("data-mode", "pick_bridge")
    press("Escape")
    expect(person.map).to_have_attribute("data-mode", "look")
    for key, name in (("?", "Keyboard shortcuts"), ("e", "Export"), ("p", "Plan")):
        press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        press("Escape")
        expect(dialog).to_be_hidden()
    # What is typed into a field is no shortcut.
    press("p")
    expect(page.get_by_role("dialog", name="Plan")).to_be_visible()
    page.get_by_label("How many").press("e")
    expect(page.get_by_role("dialog", name="Export")).to_be_hidden()
    press("Escape")
