"""Flood: draw the flooded area, close a bridge, plan again, compare, export the note."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from person import Person
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

ITERATIONS = 8
#: The farms west of Saint-Odilon, and half the side of the square that is drawn around them.
FARMS = (2.32224, 44.79684)
HALF_SIDE_DEG = 0.012
#: The bridge of the primary road on the way to Orvonzac; the only water that it crosses is there.
BRIDGE = (2.38332, 44.85035)


def test_flood_draw_close_plan_again_compare_and_export_the_note(person: Person) -> None:
    person.begin("flood")
    person.ask(iterations=ITERATIONS)
    person.planned()
    first = {name: person.figure(name) for name in ("delivered", "undelivered", "distance")}
    _draw(person)
    _close(person)
    _undo_and_redo(person)
    _plan_again(person)
    _compare(person, first)
    _export(person, first)


def _ground(person: Person) -> Locator:
    return person.page.locator(".ground-list li")


def _draw(person: Person) -> None:
    page = person.page
    person.tab("Ground")
    expect(_ground(person)).to_have_count(6)
    person.ready()
    page.get_by_role("button", name="Draw an area").click()
    expect(page.get_by_test_id("map-hint")).to_contain_text("Click the corners")
    lon, lat = FARMS
    corners = [
        person.where("position", [lon + x * HALF_SIDE_DEG, lat + y * HALF_SIDE_DEG])
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    for x, y in corners:
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)
    # The last click was on the first corner, which closes the area.
    expect(_ground(person)).to_have_count(7)
    drawn = _ground(person).filter(has_text="No-go area 1")
    expect(drawn).to_contain_text("yours")
    expect(person.map).to_have_attribute("data-mode", "look")
    expect(page.get_by_test_id("edited-banner")).to_be_visible()
    # The list shows it on the map.
    drawn.get_by_role("button", name="No-go area 1", exact=True).click()
    expect(person.map).to_have_attribute("data-selected", re.compile("^area:"))
    page.keyboard.press("Escape")


def _close(person: Person) -> None:
    page = person.page
    x, y = person.where("position", list(BRIDGE))
    page.mouse.move(x, y)
    for _ in range(4):
        zoom = page.evaluate("window.convoi_map.map.map.getZoom()")
        page.mouse.wheel(0, -100)
        page.wait_for_function("z => window.convoi_map.map.map.getZoom() > z", arg=zoom)
    page.get_by_role("button", name="Close a bridge").click()
    expect(person.map).to_have_attribute("data-mode", "pick_bridge")
    x, y = person.where("position", list(BRIDGE))
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    # Before it is closed, one sees which bridge it would be and what it carries.
    expect(page.get_by_test_id("map-tip")).to_contain_text("MLC 92")
    page.mouse.click(x, y)
    expect(_ground(person)).to_have_count(8)
    closed = _ground(person).filter(has_text="Bridge closed").filter(has_text="yours")
    expect(closed).to_have_count(1)


def _undo_and_redo(person: Person) -> None:
    page = person.page
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(redo).to_be_disabled()
    undo.click()
    expect(_ground(person)).to_have_count(7)
    page.keyboard.press("Control+z")
    expect(_ground(person)).to_have_count(6)
    expect(undo).to_be_disabled()
    # With every edit taken back, the plan is one of the scenario as it is.
    expect(page.get_by_test_id("edited-banner")).to_have_count(0)
    redo.click()
    expect(_ground(person)).to_have_count(7)
    page.keyboard.press("Control+y")
    expect(_ground(person)).to_have_count(8)


def _plan_again(person: Person) -> None:
    person.page.get_by_role("button", name="Plan again").last.click()
    person.answer(iterations=ITERATIONS)
    expect(person.page.get_by_test_id("solve-band")).to_be_visible()
    person.planned()
    expect(person.page.get_by_test_id("edited-banner")).to_have_count(0)


def _compare(person: Person, first: dict[str, str]) -> None:
    page = person.page
    person.tab("Changes")
    changes = page.get_by_test_id("comparison")
    # Nobody reaches the farms any more: less is delivered, and it is told as worse.
    row = changes.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Not delivered"))
    expect(row.get_by_role("cell").nth(0)).to_have_text(first["undelivered"])
    expect(row.get_by_role("cell").nth(1)).to_have_text(person.figure("undelivered"))
    expect(row).to_have_class("is-worse")
    asked = changes.locator("details").filter(has_text="What was asked (2)")
    expect(asked).to_contain_text("No-go area 1")
    expect(asked).to_contain_text("Bridge closed")
    expect(changes.locator(".tale")).to_contain_text("The plan is compared with plan")
    delivered = changes.locator("details").filter(has_text="What is delivered")
    expect(delivered).to_contain_text("FER-ORVA")
    person.tab("Not delivered")
    expect(page.locator("#shortfall")).to_contain_text("FER-ORVA")


def _export(person: Person, first: dict[str, str]) -> None:
    now = person.figure("undelivered")
    _, content = person.export("decision-note", "md", "English")
    note = content.decode("utf-8")
    assert "Changes since the previous plan" in note
    row = next(line for line in note.splitlines() if line.startswith("| Not delivered"))
    assert [cell.strip() for cell in row.split("|")[2:4]] == [first["undelivered"], now]
    assert "No-go area 1" in note
    _, pdf = person.export("decision-note", "pdf", "Français")
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    text = re.sub(r"\s+", " ", " ".join(sheets))
    assert "Note de synthèse" in text or "NOTE DE SYNTHÈSE" in text
    assert "No-go area 1" in text
    # The marking of the scenario stands on every page.
    assert all("EXERCICE" in sheet for sheet in sheets)
    person.close_dialog()
