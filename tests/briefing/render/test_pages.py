"""Where the pages of an order are broken: what is read as a whole is not parted."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pypdf
import pytest

from briefing.render.typesetting import typeset_pdf
from optimizer.plan.model import Plan
from tests.briefing.conftest import written

Data = dict[str, object]


def _heading(level: int, number: str, text: str) -> Data:
    return {"kind": "heading", "level": level, "number": number, "text": text}


def _paragraph(text: str) -> Data:
    return {"kind": "paragraph", "style": "plain", "text": text, "lines": [text]}


def _table(name: str, rows: int) -> Data:
    cells = [[f"{name}{row:02}.", "load"] for row in range(rows)]
    return {"kind": "table", "columns": ["Leg", "What"], "rows": cells, "figures": []}


def _pages(*blocks: Data) -> list[str]:
    """Return the lines of each page of an order that ends with two sections more."""
    data = {
        "lang": "en",
        "title": "Order",
        "kind": "movement-order",
        "draft": None,
        "marking": [],
        "running": "Order",
        "pages": [
            [
                _heading(1, "", "Order"),
                *blocks,
                _heading(2, "7.", "Annex"),
                _heading(2, "8.", "Approval"),
            ]
        ],
    }
    content = typeset_pdf(json.dumps(data), datetime(2026, 1, 1, tzinfo=UTC))
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [page.extract_text() for page in pages]


def _rows(page: str, name: str) -> int:
    return sum(f"{name}{row:02}." in page for row in range(100))


@pytest.mark.parametrize("rows", range(44, 58))
def test_no_row_of_a_table_stands_alone_at_the_head_of_a_page(rows: int) -> None:
    pages = _pages(_heading(2, "1.", "Deliveries"), _table("r", rows))
    found = [count for page in pages if (count := _rows(page, "r"))]
    assert sum(found) == rows
    assert min(found) > 1


@pytest.mark.parametrize("before", range(5, 50, 3))
def test_a_trip_stands_on_one_page_and_under_the_head_of_its_convoy(before: int) -> None:
    pages = _pages(
        _heading(2, "6.", "Execution"),
        *(_paragraph(f"Sentence {n}.") for n in range(before)),
        _heading(3, "6.1.", "Convoy A"),
        _paragraph("Critical points."),
        _heading(4, "6.1.1.", "Trip 1"),
        _paragraph("Start point."),
        _table("load", 8),
        _table("leg", 9),
        _paragraph("Release point."),
    )
    (page,) = (page for page in pages if "Start point." in page)
    assert "Convoy A" in page
    assert "Critical points." in page
    assert (_rows(page, "load"), _rows(page, "leg")) == (8, 9)
    assert "Release point." in page


def test_a_page_that_begins_within_a_convoy_names_it_and_the_trip() -> None:
    pages = _pages(
        _heading(2, "6.", "Execution"),
        _heading(3, "6.1.", "Convoy A"),
        _heading(4, "6.1.1.", "Trip 1"),
        _table("load", 70),
        _heading(4, "6.1.2.", "Trip 2"),
        _table("load", 70),
    )
    assert not any(line.startswith("6.1. Convoy A \u00b7") for line in pages[0].splitlines())
    assert "6.1. Convoy A \u00b7 Trip 1" in pages[1]
    assert "6.1. Convoy A \u00b7 Trip 2" in pages[2]


def test_the_map_and_what_a_plan_was_made_from_are_the_last_page(everything: Plan) -> None:
    for kind in ("movement-order", "decision-note"):
        content = written(everything, kind, "en", "pdf")
        last = pypdf.PdfReader(io.BytesIO(content)).pages[-1].extract_text()
        assert "Map of the plan" in last
        assert last.index("Map of the plan") < last.index("digest")


@pytest.mark.parametrize("told", ["SITEX 26-11-04, of", "(tank 6 000 l) of", "platoon 2, of"])
def test_a_name_and_its_number_stand_on_one_line(told: str) -> None:
    parts = told.rsplit(" ", 1)[0]
    sentences = (f"{'x ' * n}{told} this" for n in range(60, 110))
    text = "\n".join(_pages(_heading(2, "1.", "Lines"), *map(_paragraph, sentences)))
    lines = [line for line in text.splitlines() if "x x" in line or "this" in line]
    assert any(line.rstrip().endswith("x") for line in lines)
    assert sum(parts in line for line in lines) == 50
