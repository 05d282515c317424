"""Whatever a plan is like, both languages say the same facts, in the same order, and read well."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.documents import DOCUMENTS
from briefing.documents.tree import Document
from briefing.facts import FactTable, Release, facts_of
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, Sentence, Voice, voice
from optimizer.faults import Language
from optimizer.plan.model import Path, Plan, Reason, ReasonKind, Undelivered
from tests.briefing.conftest import GivenDrop, GivenTrip, iso, make_plan, shortfall_scenario

SITES = ("ALP", "BRA", "ZUL")
GOODS = ("water_pallet", "food_dry_kg", "pump", "ration_case", "diesel_l")
LABELS = (
    "",
    "Ordino",
    "L'Île",
    "Le Pas de la Case",
    "école",
    "Hôpital",
    "Les Escaldes",
    "A 12, sud",
)
PROVED = ("unreachable", "not_allowed", "compartment", "unit_too_large", "stock", "window", "range")
OBSERVED = ("stock", "window", "range", "shift", "fuel", "capacity", "apart", "tide")
CAUSES = (
    "load_class",
    "weight",
    "height",
    "width",
    "ford",
    "closed",
    "no_way",
    "in_water",
    "not_given",
)
TEXTS = st.sampled_from(["", "Net 1", "Net 1\nReport at each stop.", "<b>x</b> {{y}}"])


@st.composite
def _reasons(draw: st.DrawFn) -> tuple[Reason, ...]:
    kind = draw(st.sampled_from(list(ReasonKind)))
    if kind is ReasonKind.TIME_RAN_OUT:
        return (Reason(kind=kind, code="time_ran_out"),)
    codes = st.sampled_from(PROVED if kind is ReasonKind.PROVED else OBSERVED)
    told = []
    for code in draw(st.lists(codes, min_size=1, max_size=3, unique=True)):
        figures: dict[str, str | int | float] = draw(
            st.sampled_from(
                [
                    {},
                    {"site": "ALP", "needed_km": 812.5, "range_km": 600},
                    {"site": "BRA", "needed_min": 1, "good": "diesel_l", "available": 1},
                    {
                        "site": "ZUL",
                        "cause": draw(st.sampled_from(CAUSES)),
                        "limit": 2.5,
                        "needed": 30,
                    },
                ]
            )
        )
        seen = {"seed": 3, "budget": draw(st.sampled_from(["1 iterations", "0.5 s", "a while"]))}
        told.append(
            Reason(
                kind=kind,
                code=code,
                params=figures,
                **(seen if kind is ReasonKind.OBSERVED else {}),
            )
        )
    return tuple(told)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of one to four vehicles in one or two convoys, their figures small and large."""
    raw: dict[str, Any] = shortfall_scenario()
    vehicles = draw(st.integers(1, 4))
    names = [f"DEPOT-truck-0{n}" for n in range(1, vehicles + 1)]
    raw["fleet"] = [{"type": "truck", "base": "DEPOT", "count": vehicles}]
    together = draw(st.integers(1, vehicles))
    raw["convoys"] = [
        {"id": "ROUGE", "vehicles": names[:together], "label": draw(st.sampled_from(LABELS))}
    ]
    for site in raw["sites"]:
        site["label"] = draw(st.sampled_from(LABELS))
        site.pop("windows", None)
    for key in ("areas", "changes"):
        raw[key] = raw[key][: draw(st.integers(0, 3))]
    raw["illustrative"] = draw(st.booleans())
    raw["time_contingency"] = draw(st.sampled_from([0, 0.25, 1.5]))
    raw["marking"] = draw(TEXTS)
    line = st.sampled_from(["", "12/2026", "2"])
    raw["documents"] = {key: draw(line) for key in ("number", "version", "cancels")} | {
        key: draw(TEXTS) for key in ("situation", "signals", "halts", "medical_evacuation")
    }
    raw["demands"] = [
        {
            "id": f"D{n}",
            "site": draw(st.sampled_from(SITES)),
            "good": draw(st.sampled_from(GOODS)),
            "quantity": draw(st.sampled_from([1, 2, 999, 12_345])),
            "priority": draw(st.integers(1, 9)),
        }
        | ({"due": iso(1)} if draw(st.booleans()) else {})
        for n in range(draw(st.integers(0, 5)))
    ]
    return _finished(draw, raw, names[:together])


def _finished(draw: st.DrawFn, raw: dict[str, Any], convoy: list[str]) -> Plan:
    demands = raw["demands"]
    served = [d for d in demands if draw(st.booleans())]
    trips: list[GivenTrip] = []
    for number, demand in enumerate(served):
        units = draw(st.integers(1, demand["quantity"]))
        drop: GivenDrop = (
            demand["id"],
            draw(st.sampled_from(convoy)),
            "bed",
            demand["good"],
            units,
        )
        trips.append((number * 7200, [(demand["site"], [drop])]))
    left = {d["id"]: d["quantity"] for d in demands}
    for _, stops in trips:
        for _, drops in stops:
            left[drops[0][0]] -= drops[0][4]
    undelivered = tuple(
        Undelivered(demand=name, quantity=units, reasons=draw(_reasons()))
        for name, units in left.items()
        if units and draw(st.booleans())
    )
    plan = make_plan(
        raw,
        {"ROUGE": trips} if trips else {},
        undelivered,
        assumptions=draw(
            st.lists(
                st.sampled_from(
                    [
                        *("bridge_class_assumed:1", "ford_depth_assumed:2:0.4", "no_relief"),
                        *("speeds_by_light:night", "exposure_by_cover:concealment", "tide:3"),
                    ]
                ),
                unique=True,
            ).map(tuple)
        ),
    )
    return _on_a_course(plan) if draw(st.booleans()) else plan


def _on_a_course(plan: Plan) -> Plan:
    """Return the plan with a course for every leg, through the area and past the bridges."""
    course = Path(parts=(), polyline=((7.1, 46.2), (7.15, 46.25), (7.2, 46.25)))
    routes = tuple(
        route.model_copy(
            update={
                "trips": tuple(
                    trip.model_copy(
                        update={
                            "legs": tuple(
                                leg.model_copy(update={"path": course}) for leg in trip.legs
                            )
                        }
                    )
                    for trip in route.trips
                )
            }
        )
        for route in plan.routes
    )
    return plan.model_copy(update={"routes": routes})


@st.composite
def tables(draw: st.DrawFn) -> tuple[Plan, FactTable]:
    plan = draw(plans())
    release = Release("Cdt Roca", plan.provenance.created) if draw(st.booleans()) else None
    before = draw(plans()) if draw(st.booleans()) else None
    return plan, facts_of(plan, release=release, before=before)


def _said(document: Document, spoken: Voice) -> list[Sentence]:
    return [spoken.say(statement) for statement in document.statements()]


#: What no sentence of ours may look like: two marks in a row, a space before or none after one.
UGLY: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\.\.|,,|: :|\(\)|  | [.,;:)]|“”|\bnan\b|None"),
    "fr": re.compile(r"\.\.|,,|: :|\(\)|  | [.,)]|«\s*»|\bnan\b|None|\bde [aeiouéè]|\bà [Ll]es? "),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_both_languages_say_the_same_facts_in_the_same_order(made: tuple[Plan, FactTable]) -> None:
    _, table = made
    for build in DOCUMENTS.values():
        document = build(table)
        told = {
            language: [
                (s.claim, sorted(span.fact for span in s.spans if span.fact))
                for s in _said(document, voice(language, "UTC"))
            ]
            for language in LANGUAGES
        }
        assert told["en"] == told["fr"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_no_sentence_is_left_over_or_misspelt(made: tuple[Plan, FactTable]) -> None:
    plan, table = made
    for build in DOCUMENTS.values():
        document = build(table)
        for language in LANGUAGES:
            spoken = voice(language, plan.scenario.display_zone)
            for sentence in _said(document, spoken):
                ours = "".join(s.text if s.fact is None else "X" for s in sentence.spans)
                assert not UGLY[language].search(ours), sentence
                assert sentence.text.strip() == sentence.text
            # Every block can be written, and every paragraph says something.
            assert to_markdown(document, spoken).count("\n\n\n") == 0
