"""What changed as lines for people; plans and figures are those of ``tests/plans/base.py``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.wording import voice
from dashboard.i18n import Words
from dashboard.viewmodels.remarks import remarks_of
from optimizer.faults import Language
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan
from optimizer.scenario.write import scenario_digest

PLANS = Path(__file__).resolve().parents[1] / "plans"


def _lines(before: Plan, after: Plan, language: Language) -> dict[str, str]:
    writer = voice(language, "Europe/Paris").writer
    remarks = remarks_of(before, after, writer, Words(language))
    return {r.text.replace("\u202f", " ").replace("\u00a0", " "): r.detail for r in remarks}


def test_changes_are_told_as_a_staff_officer_says_them(plan: Plan, other: Plan) -> None:
    # A third trip brings 100 l more, by 15:52 and not 13:05; summer time in France is zone B.
    told = _lines(plan, other, "en")
    assert told["Water for charlie: 1,000 l instead of 900 l"] == "D-charlie-water"
    assert "Water for charlie: handed over at 151552B instead of 151305B" in told
    assert "march-1: 3 trips instead of 2" in told
    assert "march-1: carries 3,825 kg instead of 3,725 kg" in told
    french = _lines(plan, other, "fr")
    assert french["Eau pour charlie : 1 000 l au lieu de 900 l"] == "D-charlie-water"
    assert "march-1 : de retour à 151656B au lieu de 151417B" in french


def test_why_something_falls_short_is_told_as_the_documents_tell_it(plan: Plan) -> None:
    nothing = load_plan(PLANS / "pass-nothing-delivered.json")
    told = _lines(nothing, plan, "en")
    assert "march-1: goes now: depot \u2013 alpha \u2013 bravo, then charlie" in told
    assert "Water for alpha: 600 l instead of nothing" in told
    short = _lines(plan, nothing, "en")
    why = "Not served within the time given; no cause was established."
    assert f"Water for alpha: falls short. {why}" in short
    assert f"Boat for charlie: falls short for another reason. {why}" in short


@pytest.mark.parametrize("name", ["nothing-delivered", "two-bases", "mixed-convoy"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_line_has_codes_or_times_of_a_file(plan: Plan, name: str, language: Language) -> None:
    changed = load_plan(PLANS / f"pass-{name}.json")
    for text in (*_lines(plan, changed, language), *_lines(changed, plan, language)):
        assert not re.search(r"->|\d{4}-\d\d|\(proved\)|time_ran_out|unit_too|D-", text), text


def test_what_is_the_same_at_the_minute_is_not_told(plan: Plan) -> None:
    # The lorries and the light vehicle hand over at alpha 12 s later: 08:10:27 and not 08:10:15.
    told = _lines(plan, load_plan(PLANS / "pass-mixed-convoy.json"), "en")
    assert not [text for text in told if text.startswith(("Meals for alpha", "Water for alpha"))]


def test_another_quantity_asked_for_is_told_with_its_unit(plan: Plan) -> None:
    demands = tuple(
        d.model_copy(update={"quantity": 500}) if d.id == "D-alpha-water" else d
        for d in plan.scenario.demands
    )
    scenario = plan.scenario.model_copy(update={"demands": demands})
    asked = {"scenario": scenario, "scenario_digest": scenario_digest(scenario)}
    told = _lines(plan, plan.model_copy(update=asked), "en")
    assert told["Water for alpha: 500 l asked for instead of 600 l"] == "D-alpha-water"
