"""A document's HTML as a browser shows and prints it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from briefing.documents import DOCUMENTS
from briefing.write import write
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Nothing is fetched from anywhere, and the console stays silent.
pytestmark = pytest.mark.usefixtures("watch")

PLAN = Path(__file__).resolve().parents[1] / "plans" / "pass-split-demand.json"
EVIL = "</style></title><script>window.evil = 1</script><img src=x onerror='window.evil = 1'>"


def _marked(marking: str) -> Plan:
    plan = load_plan(PLAN)
    scenario = plan.scenario.model_copy(update={"marking": marking, "title": marking})
    return plan.model_copy(update={"scenario": scenario})


def _shown(page: Page, plan: Plan, kind: str, language: Any = "fr") -> None:
    written = write(plan, document=kind, language=language, form="html")
    page.set_content(written.content.decode("utf-8"), wait_until="load")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_each_printed_page_has_marking_foot_and_number(page: Page, kind: str) -> None:
    plan = _marked("EXERCICE")
    _shown(page, plan, kind)
    printed = page.pdf(prefer_css_page_size=True)
    pages = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(printed)).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert len(re.findall(r"(?m)^EXERCICE$", text)) == 2, text
        assert plan.id in text.replace("\n", "")
        assert f"{number}/{len(pages)}" in text


def test_what_is_hostile_does_not_run(page: Page) -> None:
    _shown(page, _marked(EVIL), "movement-order")
    assert page.evaluate("window.evil") is None
    assert page.locator("body > header .marking").inner_text() == EVIL
    assert page.locator("script, img").count() == 0


def test_a_wide_table_scrolls_and_the_page_does_not(page: Page) -> None:
    page.set_viewport_size({"width": 480, "height": 800})
    _shown(page, _marked("EXERCICE"), "movement-order")
    assert page.evaluate("document.documentElement.scrollWidth") <= 480
