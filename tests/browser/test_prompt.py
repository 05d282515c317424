"""The page is there at once, and so is a selection; ``benchmarks/dashboard/page.py`` measures it.

The limits are several times what is promised, and the best of some attempts counts: these stories
are to fail when the page gets slow, not when the machine is busy.
"""

from __future__ import annotations

from pathlib import Path

from person import Person
from playwright.sync_api import expect

PLAN = Path(__file__).resolve().parents[1] / "plans" / "pass-matrices.json"
#: Promised are 2 s and 150 ms.
USEFUL_MS = 10_000
SELECTED_MS = 1_000

SELECT = """
(button) => new Promise((done) => {
  const start = performance.now();
  button.click();
  const lane = button.closest(".lane");
  (function look() {
    const map = document.getElementById("map").dataset.selected;
    if (map === lane.dataset.select && lane.classList.contains("is-selected")) done(performance.now() - start);
    else requestAnimationFrame(look);
  })();
})
"""  # noqa: E501 - statements of the page


def test_start_and_work_are_there_at_once(person: Person) -> None:
    page = person.page
    person.open(PLAN)
    person.planned()
    work = page.url
    for address, first in ((person.url, "begin-brigade"), (work, "figure-delivered")):
        took = []
        for _ in range(3):
            page.goto(address, wait_until="commit")
            expect(page.get_by_test_id(first)).to_be_visible()
            took.append(page.evaluate("performance.now()"))
        assert min(took) < USEFUL_MS, took


def test_a_selection_is_there_at_once(person: Person) -> None:
    person.open(PLAN)
    person.planned()
    lanes = person.page.locator(".lane .lane-name")
    expect(lanes).to_have_count(2)
    took = [lanes.nth(number % 2).evaluate(SELECT) for number in range(6)]
    assert min(took) < SELECTED_MS, took
