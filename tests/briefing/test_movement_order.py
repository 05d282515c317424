"""The movement order: what it says first, how it words reasons, what it leaves blank."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from briefing.documents.movement_order import movement_order
from briefing.facts import (
    facts_of,
)
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from briefing.write import write
from optimizer.faults import Language
from optimizer.plan.model import Plan, Reason, ReasonKind
from optimizer.scenario.convoys import goods_of


def _markdown(plan: Plan, language: Language) -> str:
    spoken = voice(language, plan.scenario.display_zone)
    return to_markdown(movement_order(facts_of(plan)), spoken)


def _unspaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


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
    for label in ("Number", "Version", "From", "To", "Signals", "Recovery"):
        assert re.search(rf"\*\*{label}:\*\* _{{10,}}$", text, re.MULTILINE), label


def test_the_bottom_line_comes_first(plan: Plan) -> None:
    text = _markdown(plan, "en")
    first = re.search(r"^## (.*)$", text, re.MULTILINE)
    assert first
    assert first.group(1) == "1. Bottom line"


def test_the_speed_that_pass_times_are_calculated_at_is_no_order_to_march_at_it(
    everything: Plan, shortfall: Plan
) -> None:
    # A convoy of three vehicles takes a time to pass; vehicles that march alone take none.
    told = "Speed used only to calculate pass times: 30 km/h; the speed of march follows from the"
    assert told in _unspaced(_markdown(shortfall, "en"))
    assert "km/h" not in _markdown(everything, "en")


def test_reasons_are_worded_by_what_is_known(shortfall: Plan) -> None:
    text = _markdown(shortfall, "en")
    lines = {line.split(".")[0]: line for line in text.splitlines() if line.startswith("- ")}
    assert "Proved: the scenario\u2019s tables give no route to L\u2019Île." in lines["- ILE-pump"]
    assert "Observed: " in lines["- ZUL-food"]
    # The seed and the budget that show it again stand in the colophon.
    assert "with seed 7, at most 2,000 iterations." in _unspaced(text)
    assert "Not served within the time given" in lines["- ZUL-water"]
    assert "Proved" not in lines["- ZUL-water"]


def test_demands_with_the_same_reasons_are_told_together(shortfall: Plan) -> None:
    reason = Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out")
    alike = tuple(u.model_copy(update={"reasons": (reason,)}) for u in shortfall.undelivered)
    text = _markdown(shortfall.model_copy(update={"undelivered": alike}), "en")
    # Within a priority the heavier shortfall comes first: 6 pallets of 756 kg before 3,000 kg.
    assert "- ILE-pump, ZUL-water, ZUL-food. Not served within the time given; no cause" in text


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


def _with_slack(plan: Plan, slacks: list[int]) -> Plan:
    """The same plan, each convoy's stops with so many seconds in hand."""
    routes = []
    for number, slack_s in enumerate(slacks):
        route = plan.routes[number % len(plan.routes)]
        trips = tuple(
            trip.model_copy(
                update={
                    "stops": tuple(
                        stop.model_copy(update={"slack_s": slack_s}) for stop in trip.stops
                    )
                }
            )
            for trip in route.trips
        )
        routes.append(route.model_copy(update={"trips": trips}))
    return plan.model_copy(update={"routes": tuple(routes)})


@pytest.mark.parametrize(
    ("slacks", "en", "fr"),
    [
        ([900, 1200], "15 min, for convoy {0} at ", "15 min, pour le convoi {0} ("),
        ([900, 900], "15 min, for convoys {0} and {1}.", "15 min, pour les convois {0} et {1}."),
        (
            [0, 59],
            "Convoys {0} and {1} have no time in hand at their",
            "Les convois {0} et {1} n\u2019ont aucune marge",
        ),
        ([59, 60], "Convoy {0} has no time in hand at ", "Le convoi {0} n\u2019a aucune marge"),
    ],
)
def test_whoever_is_as_tight_as_the_tightest_is_told(
    shortfall: Plan, slacks: list[int], en: str, fr: str
) -> None:
    names = [route.convoy for route in shortfall.routes]
    assert len(names) == 2
    plan = _with_slack(shortfall, slacks)
    assert en.format(*names) in _unspaced(_markdown(plan, "en"))
    assert fr.format(*names) in _unspaced(_markdown(plan, "fr"))


@pytest.mark.parametrize("kind", ["movement-order", "decision-note"])
def test_a_plan_made_after_its_decision_is_due_says_so(shortfall: Plan, kind: str) -> None:
    begins = min(trip.loading_start for route in shortfall.routes for trip in route.trips)
    told = {"en": "Warning: this plan was made at", "fr": "Attention : ce plan est établi le"}

    def text(created: datetime, language: Language, *, illustrative: bool = False) -> str:
        made = shortfall.provenance.model_copy(update={"created": created})
        scenario = shortfall.scenario.model_copy(update={"illustrative": illustrative})
        plan = shortfall.model_copy(update={"provenance": made, "scenario": scenario})
        written = write(plan, document=kind, language=language, form="md")
        return _unspaced(written.content.decode())

    late = begins + timedelta(minutes=1)
    for language in LANGUAGES:
        assert told[language] in text(late, language)
        assert told[language] not in text(begins, language)
        assert told[language] not in text(late, language, illustrative=True)


def test_when_a_plan_was_made_is_told_in_the_zone_of_the_document(shortfall: Plan) -> None:
    # In winter the clocks of Paris are an hour behind those of the plan, in June.
    made = shortfall.provenance.model_copy(
        update={"created": datetime.fromisoformat("2026-01-10T08:30:00+01:00")}
    )
    scenario = shortfall.scenario.model_copy(update={"display_zone": "Europe/Paris"})
    plan = shortfall.model_copy(update={"provenance": made, "scenario": scenario})
    for kind in ("movement-order", "decision-note"):
        text = write(plan, document=kind, language="en", form="md").content.decode()
        assert "100930BJAN26" in text
        assert "B (Europe/Paris)" in text


def test_that_masses_are_rounded_is_said_where_they_are(shortfall: Plan) -> None:
    told = "Masses are rounded to the kilogram"
    assert told not in _markdown(shortfall, "en")
    goods = tuple(
        good.model_copy(update={"unit_mass_kg": good.unit_mass_kg + 0.3})
        for good in goods_of(shortfall.scenario).values()
    )
    scenario = shortfall.scenario.model_copy(update={"goods": goods})
    assert told in _markdown(shortfall.model_copy(update={"scenario": scenario}), "en")
