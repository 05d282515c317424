"""The PDF: for archives, for everybody, the same bytes for the same plan."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import IndirectObject

from briefing.documents import DOCUMENTS
from briefing.facts import Release
from briefing.render.typesetting import _lacking, typeset_pdf
from briefing.wording import LANGUAGES
from briefing.write import write
from optimizer.errors import OutsideError
from optimizer.faults import Language
from optimizer.plan.model import Plan
from tests.briefing.conftest import written


def _pdf(plan: Plan, kind: str = "movement-order", language: Language = "fr") -> bytes:
    return written(plan, kind, language, "pdf")


def _read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_conforms_to_what_archives_and_readers_aloud_ask_for(
    plan: Plan, kind: str, language: Language
) -> None:
    read = _read(_pdf(plan, kind, language))
    root = read.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    # typst refuses to write what breaks the standards that it claims here.
    claimed = root["/Metadata"].get_data().decode("utf-8")
    for claim in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert claim in claimed
    assert read.metadata
    assert read.metadata.title
    assert plan.id in read.metadata.title


def test_its_time_is_that_of_the_plan_not_of_the_writing(everything: Plan) -> None:
    first = _pdf(everything)
    again = write(everything, document="movement-order", language="fr", form="pdf")
    assert first == again.content
    metadata = _read(first).metadata
    assert metadata
    # Plan made at 18:30 in zone B.
    assert metadata.creation_date == datetime(2026, 6, 14, 16, 30, tzinfo=UTC)


def test_every_font_is_inside(everything: Plan) -> None:
    fonts = set()
    for page in _read(_pdf(everything)).pages:
        for font in page["/Resources"]["/Font"].values():
            found = font.get_object() if isinstance(font, IndirectObject) else font
            (kin,) = found["/DescendantFonts"]
            descriptor = kin.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(found["/BaseFont"].partition("+")[2])
    assert {"IBMPlexSans", "IBMPlexSans-Bold"} <= fonts
    assert all(font.startswith("IBMPlexSans") for font in fonts)


def test_each_page_has_marking_foot_and_number(everything: Plan) -> None:
    pages = [page.extract_text() for page in _read(_pdf(everything, language="en")).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert text.count("EXERCISE - RESTRICTED") == 2
        assert f"plan {everything.id}" in text
        assert f"{number}/{len(pages)}" in text
        assert text.startswith("DRAFT\n")


def test_a_released_one_is_no_draft(everything: Plan) -> None:
    release = Release("Capitaine Roca", datetime.fromisoformat("2026-06-14T20:00:00+02:00"))
    released = write(
        everything, document="movement-order", language="fr", form="pdf", release=release
    )
    for page in _read(released.content).pages:
        text = page.extract_text()
        assert "PROJET" not in text
        assert "Capitaine Roca" in text


def test_headings_are_bookmarks(shortfall: Plan) -> None:
    titles = [entry.title for entry in _flat(_read(_pdf(shortfall, language="en")).outline)]
    assert titles[0] == "Movement order"
    assert any(title.startswith("1. ") for title in titles)
    assert any(title.startswith("6.1. ") for title in titles)


def _flat(entries: list[object]) -> list[object]:
    return [
        one for entry in entries for one in (_flat(entry) if isinstance(entry, list) else [entry])
    ]


def test_the_head_of_a_long_table_stands_on_each_of_its_pages(large: Plan) -> None:
    pages = [page.extract_text() for page in _read(_pdf(large, language="en")).pages]
    # 48 demands are left, more than a page has lines for under what stands above their table.
    ids = [f"D{i:03}" for i in range(48, 96)]
    found = [[name for name in ids if f"{name} " in text.replace("\n", " ")] for text in pages]
    assert sorted(name for some in found for name in some) == ids
    table = [text for text, some in zip(pages, found, strict=True) if some]
    assert len(table) > 1
    for text in table:
        assert "Asked for Delivered Missing Reason" in text.replace("\n", " ")


def test_what_typst_cannot_show_is_read_from_what_it_says() -> None:
    said = (
        'error: PDF/A-2a, PDF/UA-1 error: the text `"中"` could not be displayed with font `"X"`\n'
        'error: the text `"\\u{1f600}\\""` could not be displayed\n'
        'error: the PDF contains the codepoint `"\\u{e000}"`\n'
    )
    assert set(_lacking(said)) == {'\U0001f600"', "\ue000", "中"}
    assert _lacking("error: unknown variable") == []


def test_a_defect_of_the_template_is_told_not_tried_again() -> None:
    with pytest.raises(OutsideError, match="the PDF cannot be set"):
        typeset_pdf("{}", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the /proc of Linux")
def test_a_server_that_writes_many_does_not_grow(large: Plan) -> None:
    def held_mb() -> int:
        pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 2**20

    _pdf(large, language="en")
    before = held_mb()
    for number in range(6):
        _pdf(large.model_copy(update={"id": f"P-{number}"}), language="en")
    # Typst alone would keep more than 20 MB of each, 130 MB in all; it keeps some 10 MB in all.
    assert held_mb() - before < 45
