"""What people, or their enemies, wrote comes out inert in HTML and PDF."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.documents import DOCUMENTS
from briefing.documents.tree import (
    Bullets,
    Code,
    Document,
    FieldLine,
    Fields,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Quoted,
    Table,
)
from briefing.facts import Fact, Name, Prose, Subject
from briefing.render.html import to_html
from briefing.render.pdf import to_pdf
from briefing.render.pictured import NoPictures
from briefing.wording import Statement, voice
from briefing.wording.names import clean_line, clean_lines
from briefing.write import write
from optimizer.plan.model import Plan

NASTY = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "<!-- hidden",
    "--> <img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)' x='",
    "&lt;b&gt; &#x3c; &amp",
    "url(http://evil.example/x.png)",
    "\\3c/style> } @import url(//evil.example); {",
    "![x](http://evil.example/x.png)",
    "javascript:alert(1)",
    "{{ config }} {% raw %} ${7*7} %s {0}",
    '#read("/etc/passwd")',
    '#import "@preview/evil:1.0.0"',
    "#{ while true {} }",
    "#panic()",
    "#set page(fill: red)",
    '#eval("1+1")',
    "$x^2 sum_(i=0)^n$",
    "@reference <label> = Heading",
    "*bold* _em_ `raw` ~ -- --- ... /* comment */ // rest",
    '\\u{202e} \\ \\\\ \\" "',
    "- item",
    "+ item",
    "/ term: text",
    "1. item",
    "left\u202eright\u2066x",
    "line\nbreak\r\nand\ttab",
    "nul\0bell\x07esc\x1b[31m",
    "zero\u200bwidth\ufeff",
    "p\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301q",
    "x" * 10_000,
]
#: Other scripts: shaped, joined and ordered by the fonts, so that the text is not compared.
SCRIPTS = ["مستشفى", "Хутір", "Θεσσαλονίκη", "日本語", "नमस्ते", "😀👩‍🚒", "\ue000\U0010fffd\u0378"]
hostile = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(max_codepoint=0x24F), max_size=60)
)
anything = st.text(max_size=40)


def _document(text: str) -> Document:
    """A document that says the same text in every place where a text can stand."""
    plan = Subject("plan", "P")
    name, prose = Fact(plan, "name", Name(text)), Fact(plan, "prose", Prose(text))
    shown = Statement("value", {"value": name})
    return Document(
        kind="movement-order",
        title=shown,
        marking=prose,
        released=False,
        running=(shown,),
        blocks=(
            Heading(1, shown),
            Heading(2, shown),
            Paragraph((shown,)),
            Paragraph((shown,), strong=True),
            Bullets(((shown,),)),
            Quoted(prose),
            Fields((FieldLine(shown, shown), FieldLine(shown))),
            Table((shown, shown), (((shown,), ()),), frozenset({1})),
            PageBreak(),
            Picture("map", plan, shown),
            Code(Fact(plan, "coded", Name("P-1")), shown),
        ),
    )


class _Outline(HTMLParser):
    """The elements of a file with their attributes' names, and its text by element."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.texts: list[str] = [""]
        self._whole = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "wbr":
            return
        # What stands whole on a line is text in an element of its own, and nothing else.
        if (tag, attrs) == ("span", [("class", "whole")]):
            assert not self._whole
            self._whole = True
            return
        assert not self._whole
        self.elements.append(" ".join((tag, *(key for key, _ in attrs))))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._whole:
            self._whole = False
            return
        self.elements.append(f"/{tag}")
        self.texts.append("")

    def handle_comment(self, data: str) -> None:
        self.elements.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


def _html(text: str) -> str:
    return to_html(_document(text), voice("fr", "UTC"), NoPictures())


def _lines_alike(text: str) -> str:
    """A harmless text of as many lines, for prose keeps its lines."""
    return "\n".join("plain" for _ in clean_lines(text))


@settings(deadline=None)
@given(hostile | anything)
def test_no_text_changes_the_elements_of_an_html_file(text: str) -> None:
    outline = _Outline(_html(text))
    assert outline.elements == _Outline(_html(_lines_alike(text))).elements
    line = clean_line(text)
    # Title, running foot, two headings, two paragraphs, a list, a form, a table, two captions.
    assert outline.texts.count(line) >= 11
    for written in clean_lines(text):
        assert outline.texts.count(written) >= 3  # the marking twice, and the quotation


@pytest.mark.parametrize("text", [text for text in NASTY if len(text) < 200])
def test_a_marking_in_the_style_sheet_is_a_string_and_nothing_else(text: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", _html(text), re.DOTALL)
    boxes = style[style.rindex("@page") :]
    strings = re.findall(r'content: "([^"]*)"', boxes)
    assert len(strings) == 3
    # Letters and figures stand for themselves; everything else is the number of a character.
    assert all(re.fullmatch(r"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*", string) for string in strings)
    assert re.fullmatch(r'@page \{(\s*@[a-z-]+ \{ content: "[^"]*" \})+\s*\}\s*', boxes)
    shown = re.sub(r"\\([0-9a-f]{6})", lambda m: chr(int(m[1], 16)), strings[1])
    assert shown == "\n".join(clean_lines(text)[:3])


def _pdf(text: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(to_pdf(_document(text), voice("fr", "UTC"), NoPictures())))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("text", [text for text in NASTY if len(text) < 200])
def test_a_text_stands_in_a_pdf_as_it_is(text: str) -> None:
    read = _bare("".join(page.extract_text() for page in _pdf(text).pages))
    assert read.count(_bare(clean_line(text))) >= 11
    assert _bare("".join(clean_lines(text))) in read
    assert "root:x:" not in read  # what /etc/passwd begins with


@settings(max_examples=60, deadline=None)
@given(anything)
def test_any_text_at_all_can_be_set(text: str) -> None:
    assert len(_pdf(text).pages) >= 2


@pytest.mark.parametrize("text", SCRIPTS)
def test_other_scripts_and_what_no_font_has_are_set(text: str) -> None:
    # Which fonts the machine has is not known; what none has is shown as U+FFFD.
    assert len(_pdf(f"A {text} Z").pages) >= 2


def test_a_text_without_spaces_is_broken_at_the_edge_of_the_page() -> None:
    pages = _pdf("x" * 10_000).pages
    lines = [line for page in pages for line in page.extract_text().splitlines() if "xxx" in line]
    # Some 95 letters of 9.5 points fit into 172 mm; notes are never cut, names are.
    assert max(map(len, lines)) < 125
    assert 10_000 < sum(line.count("x") for line in lines) < 13_000


WHOLE = (
    '</style><script>x</script> #read("/etc/passwd") {{ x }} $x$ @x \u202e'
    " ![x](http://evil.example/x)"
)


def _renamed(plan: Plan, name: str) -> Plan:
    """The same plan with every label and note that a person may write replaced."""
    raw = plan.model_dump(mode="json")
    scenario = raw["scenario"]
    for things in ("sites", "vehicle_types", "convoys", "areas", "changes"):
        for one in scenario.get(things, []):
            one["label"] = name
    scenario["title"] = scenario["marking"] = name
    known = type(plan.scenario.documents).model_fields
    scenario["documents"] = {key: name for key in known if key != "references"}
    return Plan.model_validate(raw)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_plan_with_hostile_names_everywhere_comes_out_as_one_without(
    shortfall: Plan, kind: str
) -> None:
    def html(plan: Plan) -> str:
        return write(plan, document=kind, language="fr", form="html").content.decode("utf-8")

    def elements(plan: Plan) -> list[str]:
        # Drawings are left out: a name that is long may get another line in them.
        return _Outline(re.sub(r"<figure.*?</figure>", "", html(plan), flags=re.DOTALL)).elements

    hostile_plan = _renamed(shortfall, WHOLE)
    assert elements(hostile_plan) == elements(_renamed(shortfall, "plain"))
    assert "<script" not in html(hostile_plan)
    pdf = write(hostile_plan, document=kind, language="fr", form="pdf").content
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert _bare('#read("/etc/passwd")') in _bare(read)
    assert "root:x:" not in read
