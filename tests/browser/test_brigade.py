"""Brigade: open, plan, read, export the order."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from person import Person
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

#: So long that the best so far becomes better while somebody looks.
SECONDS = 20


def test_brigade_open_plan_read_and_export_the_order(person: Person) -> None:
    _plan(person)
    _read(person)
    _select(person)
    _export(person)


def _plan(person: Person) -> None:
    page = person.page
    person.begin("brigade")
    expect(page.get_by_role("heading", name="Ravitaillement journalier")).to_be_visible()
    # Before a plan the page says what to do, and shows where everybody is.
    expect(person.briefing).to_contain_text("No plan yet")
    expect(person.map).to_have_attribute("data-sites", "20")
    person.watch_search()
    person.ask(seconds=SECONDS)
    person.planned()
    seen = person.seen()
    stages = list(dict.fromkeys(one["stage"] for one in seen))
    assert [s for s in stages if s in {"ways", "search"}] == ["ways", "search"]
    # The best so far is told with its number and its curve, and it becomes another one.
    numbers = [int(found[1]) for one in seen if (found := re.search(r"no\. (\d+)", one["told"]))]
    assert numbers == sorted(numbers)
    assert len({one["curve"] for one in seen if one["curve"]}) > 1, seen
    assert numbers[-1] > 1
    # 75 demands weigh 145,887 kg; all but what nobody can deliver arrives.
    card = page.get_by_test_id("figure-delivered")
    expect(card).to_contain_text("of 145,887 kg")
    assert person.map.get_attribute("data-routes") == person.figure("movement")


def _read(person: Person) -> None:
    briefing = person.briefing
    delivered = person.figure("delivered")
    expect(briefing.get_by_role("heading", level=2)).to_have_text("Movement order")
    expect(briefing).to_contain_text(f"The plan delivers {delivered} of what is asked for")
    expect(briefing).to_contain_text("DRAFT: not to be carried out")
    english = briefing.locator("[data-facts]").evaluate_all("all => all.map(e => e.dataset.facts)")
    person.page.get_by_role("radiogroup", name="Language of the document").get_by_text("FR").click()
    expect(briefing.get_by_role("heading", level=2)).to_have_text("Ordre de mouvement")
    expect(briefing).to_contain_text("PROJET")
    expect(briefing).not_to_contain_text("The plan delivers")
    # The same sentences, in the same order, about the same facts.
    french = briefing.locator("[data-facts]").evaluate_all("all => all.map(e => e.dataset.facts)")
    assert french == english
    person.page.get_by_role("radiogroup", name="Language of the document").get_by_text("EN").click()
    expect(briefing.get_by_role("heading", level=2)).to_have_text("Movement order")


def _select(person: Person) -> None:
    page = person.page
    person.tab("Routes")
    # A sentence about a convoy: the same convoy on the map, in the timeline and in the table.
    said = person.briefing.locator('span.say[data-places^="convoy:"]').first
    kind, _, convoy = (said.get_attribute("data-places") or "").split(" ")[0].partition(":")
    said.click()
    person.expect_selected(kind, convoy)
    expect(page.get_by_role("region", name=re.compile("Sentence: rests on"))).to_be_visible()
    # A row, a lane and a route on the map do the same.
    rows = page.locator("#routes .ag-center-cols-container [row-id]")
    other = next(
        name
        for name in rows.evaluate_all("all => all.map(e => e.getAttribute('row-id'))")
        if name != convoy
    )
    page.locator(f'#routes [row-id="{other}"] .ag-cell').first.click()
    person.expect_selected("convoy", other)
    expect(page.get_by_role("region", name=re.compile("^Convoy:"))).to_be_visible()
    person.tab("Timeline")
    page.get_by_test_id(f"lane-{convoy}").get_by_role("button").click()
    person.expect_selected("convoy", convoy)
    # A site on the map: the sentences about it light up, and the convoys that go there.
    person.ready()
    short = person.briefing.locator('[data-places^="site:"]').first
    site = (short.get_attribute("data-places") or "").split(" ")[0].partition(":")[2]
    person.click_map("site", site)
    person.expect_selected("site", site)
    expect(short).to_have_class(re.compile(r"\bis-selected\b"))
    person.click_map("site", "BS-EST")
    person.expect_selected("site", "BS-EST")
    expect(page.locator(".lane.is-related")).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(person.map).to_have_attribute("data-selected", "")


def _export(person: Person) -> None:
    delivered = person.figure("delivered")
    name, pdf = person.export("movement-order", "pdf")
    assert name.endswith(".pdf")
    pages = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert "MOVEMENT ORDER" in pages[0].upper()
    assert delivered in " ".join(pages)
    for number, text in enumerate(pages, start=1):
        assert "DRAFT" in text
        assert f"{number}/{len(pages)}" in re.sub(r"\s", "", text)
    name, page = person.export("movement-order", "html", "Français")
    assert name.endswith(".html")
    text = page.decode("utf-8")
    assert '<html lang="fr"' in text
    assert "Ordre de mouvement" in text
    # One file by itself: nothing in it is fetched from anywhere.
    assert not re.search(r"""(?:src|href)\s*=\s*["']?https?:""", text)
    name, page = person.export("movement-order", "md", "English")
    assert name.endswith(".md")
    # The marking of the scenario stands before everything else.
    assert page.decode("utf-8").startswith("**EXERCICE**\n\n# Movement order\n")
    assert delivered in page.decode("utf-8")
    person.close_dialog()
