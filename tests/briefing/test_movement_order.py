"""The movement order: golden files, the same facts in both languages, no figure of its own."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.documents.movement_order import movement_order
from briefing.documents.tree import Document
from briefing.facts import (
    Count,
    Fact,
    FactTable,
    Label,
    Name,
    Names,
    Prose,
    Quantity,
    Ratio,
    Supply,
    Time,
    facts_of,
)
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from optimizer.faults import Language
from optimizer.plan.model import Plan, Reason, ReasonKind

GOLDEN = Path(__file__).parent / "golden"
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def _markdown(plan: Plan, language: Language) -> str:
    spoken = voice(language, plan.scenario.display_zone)
    return to_markdown(movement_order(facts_of(plan)), spoken)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["everything", "shortfall"])
def test_golden(
    name: str, language: Language, request: pytest.FixtureRequest, *, update_golden: bool
) -> None:
    text = _markdown(request.getfixturevalue(name), language)
    file = GOLDEN / f"{name}.{language}.md"
    if update_golden:
        file.write_text(text, encoding="utf-8")
    wanted = file.read_text(encoding="utf-8")
    changed = "\n".join(difflib.unified_diff(wanted.splitlines(), text.splitlines(), lineterm=""))
    assert text == wanted, f"set CONVOI_UPDATE_GOLDEN=1 if this is meant:\n{changed}"


def _said(document: Document, plan: Plan, language: Language) -> list[tuple[str, list[str]]]:
    """Claims in order, each with the facts whose values stand in its words."""
    spoken = voice(language, plan.scenario.display_zone)
    sentences = [spoken.say(statement) for statement in document.statements()]
    return [(s.claim, sorted(span.fact for span in s.spans if span.fact)) for s in sentences]


def test_both_languages_say_the_same_facts_in_the_same_order(plan: Plan) -> None:
    document = movement_order(facts_of(plan))
    english = _said(document, plan, "en")
    assert english == _said(document, plan, "fr")
    # Enough is said for the comparison to mean something.
    assert sum(len(facts) for _, facts in english) > 60


def _unspaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def _numbers_of(fact: Fact) -> Iterator[float]:
    """Every number that a fact may be written with, worked out anew here."""
    match fact.value:
        case Name(text=text) if not re.search(r"[^\W\d_]", text):
            yield from map(int, re.findall(r"\d+", text))
        case Count(number=number) | Supply(quantity=number):
            yield number
        case Ratio(share=share):
            yield math.floor(share * 1000 + 1e-6) / 10
        case Quantity(amount=amount, unit="s"):
            yield from (amount // 3600, amount % 3600 // 60, math.floor(amount % 60), amount // 60)
        case Quantity(amount=amount, unit="m"):
            yield from (amount, math.floor(amount / 100 + 0.5) / 10)
        case Quantity(amount=amount, unit=unit):
            yield amount if unit == "MLC" else math.floor(amount + 0.5)


def _names_of(table: FactTable) -> list[str]:
    names: list[str] = []
    for fact in table:
        match fact.value:
            case Name(text=text):
                names.append(text)
            case Names(texts=texts):
                names.extend(texts)
            case Label(en=en, fr=fr):
                names.extend((en, fr))
            case Supply(good=good):
                names.extend((good.en, good.fr))
            case Prose(text=text):
                names.extend(text.splitlines())
    lettered = {name for name in names if re.search(r"[^\W\d_]", name)}
    return sorted(lettered, key=len, reverse=True)


def _dtg(group: re.Match[str], plan: Plan) -> datetime:
    day, hour, minute, letter, month, year = group.groups()
    zone = ZoneInfo(plan.scenario.display_zone)
    moment = datetime(
        2000 + int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=zone
    )
    offset = moment.utcoffset()
    assert offset is not None
    # Letters of the two zones of the plans: Z is UTC, B is two hours east of it.
    assert {"Z": 0, "B": 2}[letter] * 3600 == offset.total_seconds()
    return moment


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_the_value_of_a_fact(plan: Plan, language: Language) -> None:
    table = facts_of(plan)
    text = _unspaced(_markdown(plan, language)).replace("\\", "")
    text = re.sub(r"(?m)^(#+) [\d.]+ ", r"\1 ", text)  # numbers of paragraphs
    for name in _names_of(table):
        text = text.replace(name, " ")  # a name may hold figures: "Unit 3"
    minutes = {
        fact.value.at.replace(second=0, microsecond=0)
        for fact in table
        if isinstance(fact.value, Time)
    }
    groups = list(re.finditer(r"\b(\d{2})(\d{2})(\d{2})([A-Z])([A-Z]{3})(\d{2})\b", text))
    assert len(groups) > 10
    for group in groups:
        assert _dtg(group, plan) in minutes, group.group()
    text = re.sub(r"\b\d{6}[A-Z]{4}\d{2}\b", " ", text)
    known = {number for fact in table for number in _numbers_of(fact)}
    separator, point = (",", ".") if language == "en" else (" ", ",")
    found = re.findall(rf"\d{{1,3}}(?:{separator}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?", text)
    assert len(found) > 30
    for figure in found:
        number = float(figure.replace(separator, "").replace(point, "."))
        assert any(math.isclose(number, one, abs_tol=1e-9) for one in known), figure


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_marking_stands_at_the_top_and_the_bottom_as_the_planner_wrote_it(
    everything: Plan, shortfall: Plan, language: Language
) -> None:
    lines = _markdown(everything, language).splitlines()
    assert lines[0] == lines[-1] == "**EXERCISE - RESTRICTED**"
    # Without one the program chooses none.
    assert _markdown(shortfall, language).startswith("# ")


def test_what_nobody_stated_is_a_ruled_blank(shortfall: Plan) -> None:
    text = _markdown(shortfall, "en")
    for label in ("Number", "Version", "From", "To", "Signals", "Recovery and breakdown"):
        assert re.search(rf"\*\*{label}:\*\* _{{10,}}$", text, re.MULTILINE), label


def test_the_bottom_line_comes_first(plan: Plan) -> None:
    text = _markdown(plan, "en")
    first = re.search(r"^## (.*)$", text, re.MULTILINE)
    assert first
    assert first.group(1) == "1. Bottom line"


def test_reasons_are_worded_by_what_is_known(shortfall: Plan) -> None:
    text = _markdown(shortfall, "en")
    lines = {line.split(".")[0]: line for line in text.splitlines() if line.startswith("- ")}
    assert "Proved: the scenario's tables give no way to L'Île." in lines["- ILE-pump"]
    assert "Observed: " in lines["- ZUL-food"]
    assert "seed 7 and at most 2,000 iterations" in _unspaced(lines["- ZUL-food"])
    assert "Not served within the time given" in lines["- ZUL-water"]
    assert "Proved" not in lines["- ZUL-water"]


def test_demands_with_the_same_reasons_are_told_together(shortfall: Plan) -> None:
    reason = Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out")
    alike = tuple(u.model_copy(update={"reasons": (reason,)}) for u in shortfall.undelivered)
    text = _markdown(shortfall.model_copy(update={"undelivered": alike}), "en")
    # Within a priority the heavier shortfall comes first: 6 pallets of 756 kg before 3,000 kg.
    assert "- ILE-pump; ZUL-water; ZUL-food. Not served within the time given; no cause" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decision_names_the_section_that_it_points_to(
    shortfall: Plan, language: Language
) -> None:
    text = _markdown(shortfall, language)
    headings = re.findall(r"^## \d+\. (.*)$", text, re.MULTILINE)
    decision = next(
        line
        for line in text.splitlines()
        if "150200ZJUN26 :" in _unspaced(line) or "150200ZJUN26:" in line
    )
    quoted = re.search("[“«]\u202f?(.*?)\u202f?[”»]", decision)
    assert quoted
    assert quoted.group(1) in headings


def test_a_shortfall_without_a_reason_says_so(shortfall: Plan) -> None:
    bare = shortfall.model_copy(update={"undelivered": ()})
    assert "The plan gives no reason." in _markdown(bare, "en")


def test_an_unknown_code_is_named_not_hidden(shortfall: Plan) -> None:
    first = shortfall.undelivered[0]
    reason = first.reasons[0].model_copy(update={"code": "tide", "params": {"height_m": 3}})
    later = shortfall.model_copy(
        update={"undelivered": (first.model_copy(update={"reasons": (reason,)}),)}
    )
    assert "the limit is “tide”" in _markdown(later, "en")
    assert "« tide »" in _unspaced(_markdown(later, "fr"))


def test_a_plan_without_routes_orders_no_movement(shortfall: Plan) -> None:
    empty = shortfall.model_copy(update={"routes": ()})
    text = _markdown(empty, "en")
    assert "No convoy moves." in text
    assert "No movement is ordered." in text
    assert "34,824 kg stay undelivered" in _unspaced(text)
