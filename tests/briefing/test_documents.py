"""Every document: golden files, the same facts in both languages, no figure of its own."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.documents import DOCUMENTS
from briefing.documents.tree import Document
from briefing.facts import (
    Count,
    Difference,
    Fact,
    FactTable,
    Label,
    Name,
    Names,
    Prose,
    Quantity,
    Ratio,
    Release,
    Supplies,
    Supply,
    Time,
    facts_of,
)
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from optimizer.faults import Language
from optimizer.plan.model import Plan

GOLDEN = Path(__file__).parent / "golden"
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def _markdown(table: FactTable, plan: Plan, kind: str, language: Language) -> str:
    spoken = voice(language, plan.scenario.display_zone)
    return to_markdown(DOCUMENTS[kind](table), spoken)


@pytest.fixture
def earlier(plan: Plan) -> Plan:
    """The same plan before its last convoy was found a trip, an hour earlier."""
    routes = plan.routes[:-1] if len(plan.routes) > 1 else ()
    made = plan.provenance.model_copy(
        update={"created": plan.provenance.created - timedelta(hours=1)}
    )
    return plan.model_copy(update={"id": "P-before", "routes": routes, "provenance": made})


@pytest.fixture
def compared(plan: Plan, earlier: Plan) -> FactTable:
    """Facts of a plan that is compared with an earlier one."""
    return facts_of(plan, before=earlier)


def _released(plan: Plan) -> Release:
    return Release("Lieutenant-colonel Roca", plan.provenance.created + timedelta(minutes=20))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("name", ["everything", "shortfall"])
def test_golden(
    name: str,
    kind: str,
    language: Language,
    request: pytest.FixtureRequest,
    *,
    update_golden: bool,
) -> None:
    plan = request.getfixturevalue(name)
    # One plan is released, the other is a draft that is compared with half of itself.
    table = (
        facts_of(plan, release=_released(plan))
        if name == "everything"
        else facts_of(plan, before=plan.model_copy(update={"id": "P-1", "routes": plan.routes[:1]}))
    )
    text = _markdown(table, plan, kind, language)
    file = GOLDEN / f"{name}.{kind}.{language}.md"
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


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_both_languages_say_the_same_facts_in_the_same_order(
    plan: Plan, compared: FactTable, kind: str
) -> None:
    document = DOCUMENTS[kind](compared)
    english = _said(document, plan, "en")
    assert english == _said(document, plan, "fr")
    # What is compared tells of the whole plan: of its times, and in the order of each convoy.
    told = {fact for _, facts in english for fact in facts}
    (plan_itself,) = compared.children(None, "plan")
    convoys = {f"convoy:{route.convoy}" for route in plan.routes}
    whole = {str(plan_itself)} if kind == "decision-note" else convoys
    assert whole <= {fact.partition("#")[0] for fact in told}


def _unspaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def _numbers_of(fact: Fact) -> Iterator[float]:
    """Every number that a fact may be written with, worked out anew here."""
    match fact.value:
        case Name() | Names():
            texts = fact.value.texts if isinstance(fact.value, Names) else (fact.value.text,)
            for text in texts:
                if not re.search(r"[^\W\d_]", text):
                    yield from map(float, re.findall(r"\d+(?:\.\d+)?", text))
        case Count(number=number) | Supply(quantity=number):
            yield number
        case Supplies(items=items):
            yield from (item.quantity for item in items)
        case Ratio(share=share):
            yield math.floor(share * 1000 + 0.5 + 1e-6) / 10
        case Quantity(amount=amount, unit=unit):
            yield from _amounts(amount, unit)
        case Difference(amount=amount, unit=unit):
            yield from _amounts(abs(amount), unit)


def _amounts(amount: float, unit: str | None) -> tuple[float, ...]:
    match unit:
        case "s":
            return (amount // 3600, amount % 3600 // 60, math.floor(amount % 60), amount // 60)
        case "m":
            return (amount, math.floor(amount / 100 + 0.5) / 10)
        case "MLC" | "veh/km":
            return (amount,)
        case _:
            return (math.floor(amount + 0.5),)


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
            case Supplies(items=items):
                names.extend(name for item in items for name in (item.good.en, item.good.fr))
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
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_figure_is_the_value_of_a_fact(
    plan: Plan, compared: FactTable, kind: str, language: Language
) -> None:
    table = compared
    text = _unspaced(_markdown(table, plan, kind, language)).replace("\\", "")
    text = re.sub(r"(?m)^(#+) [\d.]+ ", r"\1 ", text)  # numbers of paragraphs
    for name in _names_of(table):
        text = text.replace(name, " ")  # a name may hold figures: "Unit 3"
    minutes = {
        fact.value.at.replace(second=0, microsecond=0)
        for fact in table
        if isinstance(fact.value, Time)
    }
    groups = list(re.finditer(r"\b(\d{2})(\d{2})(\d{2})([A-Z])([A-Z]{3})(\d{2})\b", text))
    told = {_dtg(group, plan) for group in groups}
    assert told <= minutes
    # A time that every reader needs is among them: when loading begins.
    assert min(trip.loading_start for route in plan.routes for trip in route.trips) in told
    text = re.sub(r"\b\d{6}[A-Z]{4}\d{2}\b", " ", text)
    # Tables and lists tell times without month and year.
    days = {
        f"{minute.astimezone(ZoneInfo(plan.scenario.display_zone)):%d%H%M}" for minute in minutes
    }
    for day, letter in re.findall(r"\b(\d{6})([A-Z])\b", text):
        assert day in days
        assert letter == groups[0][4]
    text = re.sub(r"\b\d{6}[A-Z]\b", " ", text)
    known = {number for fact in table for number in _numbers_of(fact)}
    separator, point = (",", ".") if language == "en" else (" ", ",")
    found = re.findall(rf"\d{{1,3}}(?:{separator}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?", text)
    assert len(found) > 15
    for figure in found:
        number = float(figure.replace(separator, "").replace(point, "."))
        assert any(math.isclose(number, one, abs_tol=1e-9) for one in known), figure


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["everything", "shortfall"])
def test_order_and_note_have_the_same_head(
    name: str, language: Language, request: pytest.FixtureRequest
) -> None:
    plan = request.getfixturevalue(name)
    heads = []
    for kind in ("movement-order", "decision-note"):
        text = _markdown(facts_of(plan), plan, kind, language).partition("\n## ")[0]
        heads.append(re.findall(r"(?m)^(?:- )?\*\*([^*]*:)\*\*", text))
    order, note = heads
    assert len(order) > 5
    # A plan without a title has an order without a subject; what a note asks for is its subject.
    assert [label for label in note if label in order] == order
    assert len(note) - len(order) <= 1
