"""Another language or other colours change what is written and shown, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from person import Person
from playwright.sync_api import Page, expect
from scenarios import village

VIEW = """
() => { const map = window.convoi_map.map.map, at = map.getCenter();
        return [at.lat, at.lng, map.getZoom()]; }
"""


def still_view(page: Page) -> list[float]:
    """Return where the map looks once it has come to rest: it moves for a while after a click."""
    view: list[float] = page.evaluate(VIEW)
    for _ in range(50):
        page.wait_for_timeout(200)
        before, view = view, page.evaluate(VIEW)
        if view == before:
            break
    return view


def test_view_tabs_and_selection_stay_in_another_language_and_other_colours(
    person: Person, tmp_path: Path
) -> None:
    page = person.page
    person.open(village(tmp_path))
    person.ask(iterations=20)
    person.planned()
    before = still_view(page)
    page.get_by_test_id("map-zoom-in").click()
    person.tab("Ground")
    person.tab("Routes")
    x, y = person.where("site", "BASE")
    page.mouse.click(x, y)
    expect(person.map).to_have_attribute("data-selected", "site:BASE")
    view = still_view(page)
    assert view[2] > before[2]

    def unchanged(ground: str, routes: str) -> None:
        for name in (ground, routes):
            expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        expect(person.map).to_have_attribute("data-selected", "site:BASE")
        expect(page.locator("#inspector")).to_contain_text("BASE")
        expect(person.map).to_have_attribute("data-routes", re.compile("[1-9]"))
        # A pixel, to which the map rounds where it begins, is 0.0004 degrees here.
        assert still_view(page) == pytest.approx(view, abs=5e-4)

    unchanged("Ground", "Routes")
    page.get_by_test_id("switch-language").get_by_text("FR").click()
    expect(page.get_by_role("button", name="Planifier", exact=True)).to_be_visible()
    unchanged("Terrain", "Itinéraires")
    page.get_by_test_id("switch-scheme").click()
    expect(person.map).to_have_attribute("data-theme", "dark")
    unchanged("Terrain", "Itinéraires")


def test_a_view_beside_what_is_selected_stays_in_another_language(
    person: Person, tmp_path: Path
) -> None:
    page = person.page
    person.open(village(tmp_path))
    person.ask(iterations=20)
    person.planned()
    lane = page.locator(".lane").first.get_by_role("button")
    lane.click()
    expect(person.map).to_have_attribute("data-selected", re.compile("^convoy:"))
    for _ in range(4):
        page.get_by_test_id("map-zoom-in").click()
    view = still_view(page)
    page.get_by_test_id("switch-language").get_by_text("FR").click()
    expect(page.get_by_role("button", name="Planifier", exact=True)).to_be_visible()
    expect(person.map).to_have_attribute("data-selected", re.compile("^convoy:"))
    expect(person.map).to_have_attribute("data-routes", re.compile("[1-9]"))
    assert still_view(page) == pytest.approx(view, abs=5e-4)
