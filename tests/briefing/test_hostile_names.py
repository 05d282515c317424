"""Names that people, or their enemies, wrote come out inert in Markdown."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.documents import DOCUMENTS
from briefing.documents.tree import (
    Block,
    Document,
    FieldLine,
    Fields,
    Heading,
    Paragraph,
    Quoted,
    Table,
)
from briefing.facts import Fact, Name, Prose, Release, Subject, facts_of
from briefing.render.markdown import escape, to_markdown
from briefing.wording import Statement, voice
from briefing.wording.names import LONGEST, clean_line, clean_lines
from optimizer.plan.model import Plan

NASTY = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<!-- hidden",
    "&lt;b&gt; &#x3c; &amp",
    "a | b || c",
    "**bold** __bold__ _em_ *em* `code` ~~gone~~",
    "# heading",
    "- item",
    "1. item",
    "1) item",
    "+ item",
    "> quote",
    "---",
    "===",
    "***",
    "```\nfence",
    "    indented",
    "line\nbreak\r\nand\ttab",
    "trailing backslash \\",
    "[ref]: http://evil.example",
    "http://evil.example/a_b",
    "www.evil.example",
    "$x^2$ {{ template }} {% raw %}",
    "left\u202eright\u2066x",
    "nul\0bell\x07esc\x1b[31m",
    "zero\u200bwidth\ufeff",
    "p\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301q",
    "مستشفى",
    "x" * 10_000,
]
hostile = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=60), st.text("<>[]()*_`|\\~#-+.&!:/@ \n0a")
)


def _fact(value: Name | Prose) -> Fact:
    return Fact(Subject("plan", "P"), "name", value)


def _document(blocks: tuple[Block, ...], marking: Fact | None = None) -> Document:
    return Document(
        "test", Statement("order.title"), marking, released=True, running=(), blocks=blocks
    )


def _shown(markdown: str) -> tuple[str, set[str]]:
    """The visible text of a Markdown document, and the kinds of its tokens."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    text, kinds = [], set()
    for token in tokens:
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            text.append(child.content)
    return "".join(text), kinds


@given(hostile)
def test_a_name_in_a_paragraph_is_shown_as_it_is_and_as_nothing_else(name: str) -> None:
    statement = Statement("value", {"value": _fact(Name(name))})
    markdown = to_markdown(_document((Paragraph((statement,)),), None), voice("en", "UTC"))
    text, kinds = _shown(markdown)
    assert text == clean_line(name)
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text"}


@given(hostile)
def test_a_name_in_a_table_keeps_its_cell(name: str) -> None:
    shown = Statement("value", {"value": _fact(Name(name))})
    row = ((shown,), (shown,))
    columns = (Statement("column.from"), Statement("column.to"))
    markdown = to_markdown(_document((Table(columns, (row, row)),), None), voice("en", "UTC"))
    text, kinds = _shown(markdown)
    assert text == "FromTo" + clean_line(name) * 4
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "code_inline"}
    lines = markdown.strip().split("\n")
    assert len(lines) == 4


@given(hostile)
def test_a_name_in_a_heading_or_a_form_breaks_neither(name: str) -> None:
    shown = Statement("value", {"value": _fact(Name(name))})
    form = Fields((FieldLine(Statement("field.issuer"), shown),))
    markdown = to_markdown(_document((Heading(2, shown), form), None), voice("en", "UTC"))
    text, kinds = _shown(markdown)
    assert text == f"1. {clean_line(name)}From: {clean_line(name)}"
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "code_inline"}


@given(hostile)
def test_prose_and_marking_are_quoted_whole_and_inert(text: str) -> None:
    fact = _fact(Prose(text))
    markdown = to_markdown(_document((Quoted(fact),), fact), voice("fr", "UTC"))
    seen, kinds = _shown(markdown)
    assert seen == "".join(clean_lines(text)) * 3
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "code_inline"}


@given(hostile)
def test_nothing_that_reorders_hides_or_breaks_lines_is_left(name: str) -> None:
    line = clean_line(name)
    inner = line.strip("\u2068\u2069")
    for char in inner:
        assert unicodedata.category(char)[0] != "C" or char in "\u200c\u200d"
        assert char in " \u202f" or not char.isspace()
    assert 1 <= len(inner) <= LONGEST


def test_what_people_wrote_is_set_as_our_words_are() -> None:
    # Whether they typed the narrow space or a plain one, no line ends before the mark.
    for space in (" ", "\u202f", "\u00a0"):
        told = f"canal 4{space}; usine d'eau de L'Île, «{space}relais{space}»"
        wanted = "canal 4_; usine d\u2019eau de L\u2019Île, «_relais_»"
        assert clean_line(told).replace("\u202f", "_") == wanted
    # A sign of feet, a quotation and a mark without a space stay as they are.
    assert clean_line("12' high, 'left'; go") == "12' high, 'left'; go"


def test_a_long_name_is_cut_with_a_sign() -> None:
    assert clean_line("x" * 10_000) == "x" * (LONGEST - 1) + "…"


def test_prose_is_never_cut() -> None:
    assert clean_lines("x" * 10_000) == ("x" * 10_000,)


def test_right_to_left_names_are_kept_from_reordering_the_figures_beside_them() -> None:
    # U+2068 and U+2069 isolate the name; the planner's own controls are gone.
    assert clean_line("\u202eمستشفى\u202c") == "\u2068مستشفى\u2069"


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u202e", "\u200d"])
def test_a_name_of_nothing_is_a_question_mark(name: str) -> None:
    assert clean_line(name) == "?"


def test_ids_stay_readable() -> None:
    # Escapes stand only where they are needed: most ids and names read the same in the source.
    assert escape("BASE-truck_heavy-01 (Nord, 3.2)") == "BASE-truck_heavy-01 (Nord, 3.2)"


@pytest.mark.parametrize("text", ["http://a.example", "see https://a.example/x", "www.a.example"])
def test_bare_addresses_do_not_become_links_on_github(text: str) -> None:
    # GitHub links what matches these without brackets; a backslash inside breaks the match.
    assert not re.search(r"(https?|ftp)://|\bwww\.", escape(text))


def _renamed(plan: Plan, name: str) -> Plan:
    """The same plan with every label that a person may write replaced."""
    raw = plan.model_dump(mode="json")
    scenario = raw["scenario"]
    short = name[:200]
    for thing in ("sites", "vehicle_types", "convoys", "areas", "changes"):
        for one in scenario.get(thing, []):
            one["label"] = short
    for one in scenario.get("convoys", []):
        one["commander"] = one["deputy"] = short
    scenario["goods"] = [
        {"label_en": short, "label_fr": short, "id": key, "unit": "each", "unit_mass_kg": 1}
        for key in ("water_pallet", "food_dry_kg", "pump", "diesel_l")
    ]
    scenario["title"] = short
    names = ("number", "version", "cancels", "issuer", "addressee", "commander", "deputy")
    scenario["documents"] = dict.fromkeys(names, short) | {"references": [short, short]}
    # What is told in a line stays in one; longer words are quoted and tested above.
    said = ("situation", "signals", "refuel", "halts", "breakdown", "separation")
    scenario["documents"] |= dict.fromkeys(said, " ".join(name.split()))
    raw["provenance"]["program"] = name
    raw["provenance"]["assumptions"] = [name]
    return Plan.model_validate(raw)


def _structure(plan: Plan, kind: str, name: str) -> list[str]:
    spoken = voice("fr", "UTC")
    release = Release(name, plan.provenance.created)
    before = plan.model_copy(update={"id": "P-1", "routes": plan.routes[:1]})
    table = facts_of(plan, release=release, before=before)
    text = to_markdown(DOCUMENTS[kind](table), spoken)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = []
    for token in tokens:
        kinds.append(token.type)
        kinds.extend(child.type for child in token.children or () if child.type != "text")
    return kinds


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("name", [name for name in NASTY if len(name) < 200])
def test_no_name_changes_the_structure_of_a_document(shortfall: Plan, kind: str, name: str) -> None:
    plain = _structure(_renamed(shortfall, "plain"), kind, "plain")
    assert _structure(_renamed(shortfall, name), kind, name) == plain


def test_what_a_person_says_is_whole_on_a_line_and_in_a_quotation(shortfall: Plan) -> None:
    # A net and a call sign are never cut, however long: a name is, what a person says is not.
    said = "x" * 9_999
    documents = shortfall.scenario.documents.model_copy(update={"signals": said})
    scenario = shortfall.scenario.model_copy(update={"documents": documents})
    table = facts_of(shortfall.model_copy(update={"scenario": scenario}))
    for kind in ("movement-order", "convoy-card"):
        assert said in to_markdown(DOCUMENTS[kind](table), voice("en", "UTC"))
