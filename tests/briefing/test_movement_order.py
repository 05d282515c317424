"""The movement order: what it says first, how it words reasons, what it leaves blank."""

from __future__ import annotations

import re

import pytest

from briefing.documents.movement_order import movement_order
from briefing.facts import (
    facts_of,
)
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from optimizer.faults import Language
from optimizer.plan.model import Plan, Reason, ReasonKind


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
