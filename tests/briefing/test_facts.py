"""The table of facts: the same sums as the plan's metrics, made another way."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from briefing.facts import (
    Count,
    FactTable,
    Name,
    Names,
    Quantity,
    Ratio,
    Subject,
    Term,
    Time,
    facts_of,
)
from optimizer.errors import FileError
from optimizer.plan.model import Plan
from optimizer.scenario.convoys import vehicles_of
from optimizer.verify import verify


def _plan(table: FactTable) -> dict[str, object]:
    (subject,) = table.children(None, "plan")
    return {label: fact.value for label, fact in table.of(subject).items()}


def test_the_plans_of_these_tests_keep_every_rule(plan: Plan) -> None:
    assert verify(plan, None) == ()


def test_totals_are_those_of_the_metrics(plan: Plan) -> None:
    facts, metrics = _plan(facts_of(plan)), plan.metrics
    assert facts["demanded_kg"] == Quantity(pytest.approx(metrics.demanded_kg), "kg")
    assert facts["delivered_kg"] == Quantity(pytest.approx(metrics.delivered_kg), "kg")
    missing = sum(metrics.undelivered_kg_by_priority.values())
    assert facts["undelivered_kg"] == Quantity(pytest.approx(missing, abs=1e-6), "kg")
    assert facts["distance"] == Quantity(metrics.distance_m, "m")
    assert facts["convoys"] == Count(metrics.convoys)
    assert facts["trips"] == Count(metrics.trips)
    assert facts["vehicles"] == Count(metrics.vehicles)
    assert facts["least_slack"] == Quantity(metrics.least_slack_s, "s")
    assert metrics.finish is not None
    assert facts["last_back"] == Time(metrics.finish)


def test_a_vehicle_that_stays_goes_by_its_own_name_a_stated_convoy_by_its(shortfall: Plan) -> None:
    facts = _plan(facts_of(shortfall.model_copy(update={"routes": ()})))
    scenario = shortfall.scenario
    (rouge,) = scenario.convoys
    assert facts["unused_convoys"] == Names((rouge.id,))
    marching = set(rouge.vehicles)
    alone = tuple(v.id for v in vehicles_of(scenario) if v.id not in marching)
    assert alone
    assert facts["unused_vehicles"] == Names(alone)


def test_a_good_counted_by_the_piece_has_a_unit(shortfall: Plan) -> None:
    table = facts_of(shortfall)
    (pump,) = (s for s in table.children(None, "good") if s.id == "pump")
    wanted = table.get(pump, "wanted")
    assert wanted
    assert wanted.value == Quantity(1, "piece")


def test_what_is_short_in_figures(shortfall: Plan) -> None:
    facts = _plan(facts_of(shortfall))
    # 34 pallets of 756 kg, 9,000 kg of food and a pump of 120 kg were asked for;
    # 6 pallets, 3,000 kg and the pump are missing.
    assert facts["demanded_kg"] == Quantity(34 * 756 + 9000 + 120, "kg")
    assert facts["undelivered_kg"] == Quantity(6 * 756 + 3000 + 120, "kg")
    assert facts["delivered_share"] == Ratio(pytest.approx(27168 / 34824))
    assert facts["demands_short"] == Count(3)
    # Bravo is due at 10:00 local; unloading there begins at 10:25.
    assert facts["worst_late"] == Quantity(25 * 60, "s")
    assert facts["late_demands"] == Count(1)


def test_the_most_urgent_shortfall_comes_first(shortfall: Plan) -> None:
    table = facts_of(shortfall)
    found = [table.get(d, "priority") for d in table.children(None, "demand")]
    assert [f.value for f in found if f] == [Count(1), Count(3), Count(3)]


def test_reasons_have_typed_parameters(shortfall: Plan) -> None:
    table = facts_of(shortfall)
    (reason,) = table.children(table.children(None, "shortfall")[0], "reason")
    values = {label: fact.value for label, fact in table.of(reason).items()}
    assert values == {
        "kind": Term("reason_kind.proved"),
        "code": Name("unreachable"),
        "cause": Term("cause.not_given"),
        "site": Name("L'Île"),
    }


def test_the_tail_of_a_convoy_is_in_after_its_head(shortfall: Plan) -> None:
    # 3 vehicles of 8 m with 100 m between them are 224 m; at 30 km/h they pass in 26.88 s.
    table = facts_of(shortfall)
    convoy = table.children(None, "convoy")[0]
    leg = table.children(table.children(convoy, "trip")[0], "leg")[0]
    head, tail = table.get(leg, "head_due"), table.get(leg, "tail_clear")
    assert head
    assert isinstance(head.value, Time)
    assert head.value.at == datetime.fromisoformat("2026-06-15T05:25:00+02:00")
    assert tail
    assert isinstance(tail.value, Time)
    assert (tail.value.at - head.value.at).total_seconds() == 27


def test_the_load_on_board_falls_from_leg_to_leg(everything: Plan) -> None:
    table = facts_of(everything)
    (convoy,) = table.children(None, "convoy")
    (trip,) = table.children(convoy, "trip")
    loads = [table.get(leg, "load") for leg in table.children(trip, "leg")]
    # 240 cases of 10.3 kg for Ordino, 96 of them and 60 blankets of 1.5 kg for the pass.
    expected = [3550.8, 3550.8 - 2472, 0]
    assert [f.value.amount for f in loads if f and isinstance(f.value, Quantity)] == pytest.approx(
        expected, abs=1e-9
    )


def test_ids_are_unique_and_stable(plan: Plan) -> None:
    ids = [fact.id for fact in facts_of(plan)]
    assert len(ids) == len(set(ids))
    assert ids == [fact.id for fact in facts_of(plan)]
    assert all(re.fullmatch(r"[a-z]+:[^#]+#[a-z_]+", name) for name in ids)


def test_a_subject_has_each_fact_once() -> None:
    table = FactTable()
    table.add(Subject("plan", "P"), "trips", Count(1))
    with pytest.raises(ValueError, match="already"):
        table.add(Subject("plan", "P"), "trips", Count(2))


@pytest.mark.parametrize("kind", ["site", "demand", "good", "convoy", "vehicle"])
def test_an_id_that_names_nothing_is_named(everything: Plan, kind: str) -> None:
    raw = everything.model_dump(mode="json")
    route = raw["routes"][0]
    stop = route["trips"][0]["stops"][0]
    match kind:
        case "site":
            stop["site"] = "NOWHERE"
        case "demand" | "good":
            stop["drops"][0][kind] = "NOWHERE"
        case "convoy":
            route["convoy"] = "NOWHERE"
        case "vehicle":
            route["vehicles"] = ["NOWHERE"]
    with pytest.raises(FileError, match=f"the {kind} 'NOWHERE'"):
        facts_of(Plan.model_validate(raw))
