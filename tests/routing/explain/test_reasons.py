"""Every code of a reason, proved or observed, in the smallest case in which it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan, Reason, ReasonKind
from optimizer.routing.explain.proofs import why_no_trip
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario
from optimizer.verify.verify import verify

PAIR = [[0, 30], [30, 0]]
CUT_OFF = [[0, None], [None, 0]]


def reasons_of(plan: Any, demand: str = "D1") -> list[tuple[str, str]]:
    [item] = [item for item in plan.undelivered if item.demand == demand]
    return [(reason.kind.value, reason.code) for reason in item.reasons]


def reason(plan: Any, code: str) -> Reason:
    return next(r for item in plan.undelivered for r in item.reasons if r.code == code)


def vehicle(**rest: Any) -> dict[str, Any]:
    return {
        "id": "own",
        "mobility": "wheels",
        "compartments": [{"id": "bed", "capacity_kg": 10_000}],
    } | rest


def stock(**units: int) -> list[dict[str, Any]]:
    goods = [{"good": good, "quantity": quantity} for good, quantity in units.items()]
    return [{"site": "B", "loading_min": 0, "stock": goods}]


OWN = [{"type": "own", "base": "B"}]


def test_unreachable(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    plan = planned(scenario_of(CUT_OFF, [{"site": "S1"}]))
    assert reasons_of(plan) == [("proved", "unreachable")]
    assert dict(reason(plan, "unreachable").params) == {"cause": "not_given", "site": "S1"}


def test_one_way_only_is_unreachable_too(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    plan = planned(scenario_of([[0, 30], [None, 0]], [{"site": "S1"}]))
    assert reasons_of(plan) == [("proved", "unreachable")]


def test_not_allowed(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], site={"S1": {"reached_by": ["tracks"]}}))
    assert reasons_of(plan) == [("proved", "not_allowed")]


def test_compartment(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1", "good": "diesel"}], bases=stock(diesel=9)))
    assert reasons_of(plan) == [("proved", "compartment")]
    assert dict(reason(plan, "compartment").params) == {"kind": "tank"}


def test_unit_too_large(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    small = vehicle(compartments=[{"id": "bed", "capacity_kg": 999}])
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], types=[small], fleet=OWN))
    assert reasons_of(plan) == [("proved", "unit_too_large")]


@pytest.mark.parametrize("held", [0, 3])
def test_stock(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], held: int
) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1", "quantity": 5}], bases=stock(crate=held)))
    assert [item.quantity for item in plan.undelivered] == [5 - held]
    assert reasons_of(plan) == [("proved", "stock")]
    assert dict(reason(plan, "stock").params) == {"good": "crate", "available": held}


def test_window_that_closes_before_anybody_can_be_there(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    windows = [{"start": at(0), "end": at(29)}]
    plan = planned(scenario_of(PAIR, [{"site": "S1", "windows": windows}]))
    assert reasons_of(plan) == [("proved", "window")]
    assert dict(reason(plan, "window").params) == {"site": "S1"}


def test_window_outside_the_horizon(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    windows = [{"start": "2026-06-14T06:00:00Z", "end": "2026-06-14T07:00:00Z"}]
    plan = planned(scenario_of(PAIR, [{"site": "S1", "windows": windows}]))
    assert reasons_of(plan) == [("proved", "window")]


def test_range(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], types=[vehicle(range_km=59)], fleet=OWN))
    assert reasons_of(plan) == [("proved", "range")]
    params = {"site": "S1", "needed_km": 60.0, "range_km": 59.0}
    assert dict(reason(plan, "range").params) == params


def test_shift(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], rules={"shift_h": 0.9}))
    assert reasons_of(plan) == [("proved", "shift")]
    # An hour on the road and the second that handing over takes.
    assert dict(reason(plan, "shift").params) == {"site": "S1", "needed_min": 61}


def test_bases_may_fail_for_different_reasons(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # B has nothing; S2 has plenty, but its vehicle's range is too short for 60 km.
    minutes = [[0, 30, 60], [30, 0, 30], [60, 30, 0]]
    bases = [
        *stock(crate=0),
        {"site": "S2", "loading_min": 0, "stock": [{"good": "crate", "quantity": 9}]},
    ]
    fleet = [{"type": "truck", "base": "B"}, {"type": "own", "base": "S2"}]
    scenario = scenario_of(
        minutes, [{"site": "S1"}], bases=bases, types=[vehicle(range_km=59)], fleet=fleet
    )
    plan = planned(scenario, iterations=10)
    assert reasons_of(plan) == [("proved", "range"), ("proved", "stock")]
    assert reason(plan, "stock").params["available"] == 0


def test_a_break_that_no_reason_stands_for_is_an_error(
    scenario_of: Callable[..., Scenario],
) -> None:
    # A crate of 11 t is no matter of time; whoever asks for its trip all the same must not be told
    # that a window is shut.
    crate = {"id": "block", "label_en": "b", "label_fr": "b", "unit": "each"}
    scenario = scenario_of(
        PAIR, [{"site": "S1", "good": "block"}], goods=[crate | {"unit_mass_kg": 11_000}]
    )
    problem = build(scenario, MatrixGround(scenario))
    with pytest.raises(AssertionError, match="demand D1 breaks the rule capacity"):
        why_no_trip(problem, 0, 0)


@pytest.mark.parametrize("claimed", ["window", "range", "shift", "fuel"])
@pytest.mark.parametrize("true", ["window", "range", "shift", "fuel"])
def test_the_verifier_knows_the_limits_apart(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], true: str, claimed: str
) -> None:
    # The way there and back is 80 km in 80 minutes; each limit alone is a little too tight for it.
    range_km = 79.9 if true == "range" else 80
    truck = vehicle(fuel="diesel", fuel_l_per_100km=100, range_km=range_km)
    first_39_minutes = {"start": "2026-06-15T06:00Z", "end": "2026-06-15T06:39Z"}
    scenario = scenario_of(
        [[0, 40], [40, 0]],
        [{"site": "S1", "windows": [first_39_minutes] if true == "window" else []}],
        types=[truck],
        fleet=OWN,
        bases=stock(crate=9, diesel=79 if true == "fuel" else 80),
        rules={"shift_h": 1.33 if true == "shift" else 1.34},
    )
    plan = planned(scenario, iterations=10)
    (missing,) = plan.undelivered
    (reason,) = missing.reasons
    assert (reason.kind, reason.code) == (ReasonKind.PROVED, true)
    said = missing.model_copy(update={"reasons": (reason.model_copy(update={"code": claimed}),)})
    found = verify(plan.model_copy(update={"undelivered": (said,)}))
    assert [v.code for v in found] == ([] if claimed == true else ["reason.disproved"])


def test_fuel(scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]) -> None:
    thirsty = vehicle(fuel="diesel", fuel_l_per_100km=50)
    plan = planned(
        scenario_of(PAIR, [{"site": "S1"}], types=[thirsty], fleet=OWN, bases=stock(crate=5))
    )
    assert reasons_of(plan) == [("proved", "fuel")]
    assert dict(reason(plan, "fuel").params) == {"good": "diesel"}


def observed(plan: Any, demand: str) -> set[str]:
    """Codes observed for a demand; each states its seed and budget."""
    [item] = [item for item in plan.undelivered if item.demand == demand]
    assert {r.kind for r in item.reasons} == {ReasonKind.OBSERVED}
    assert all(r.seed == 1 and r.budget == "12 iterations" for r in item.reasons)
    return {r.code for r in item.reasons}


def two(**second: Any) -> list[dict[str, Any]]:
    return [{"site": "S1", "quantity": 10}, {"site": "S1", "quantity": 10, "priority": 9} | second]


def test_too_few_vehicles_or_too_short_a_shift_is_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Each demand alone is served; both are with another truck, or with time for a second trip.
    plan = planned(scenario_of(PAIR, two(), rules={"shift_h": 1.1}))
    assert observed(plan, "D2") == {"capacity", "shift"}


def test_windows_are_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    windows = [{"start": at(30), "end": at(40)}]
    plan = planned(scenario_of(PAIR, [d | {"windows": windows} for d in two()]))
    assert observed(plan, "D2") == {"capacity", "window"}


def test_stock_is_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Each demand alone can be served from stock.
    plan = planned(scenario_of(PAIR, two(), bases=stock(crate=12)))
    assert observed(plan, "D2") == {"stock"}
    assert dict(reason(plan, "stock").params) == {"good": "crate", "available": 12}


def test_fuel_is_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    thirsty = vehicle(fuel="diesel", fuel_l_per_100km=50)
    bases = stock(crate=99, diesel=50)
    plan = planned(scenario_of(PAIR, two(), types=[thirsty], fleet=OWN, bases=bases))
    assert observed(plan, "D2") == {"fuel"}


def test_range_is_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Both sites on one trip are 90 km; there is no second trip.
    triangle = [[0, 30, 30], [30, 0, 30], [30, 30, 0]]
    demands = [{"site": "S1"}, {"site": "S2", "priority": 9}]
    near = vehicle(range_km=80)
    plan = planned(scenario_of(triangle, demands, types=[near], fleet=OWN, rules={"trips_max": 1}))
    assert observed(plan, "D2") == {"capacity", "range"}


def test_goods_apart_are_observed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1"}, {"site": "S1", "good": "tin", "priority": 9}]
    rules = {"trips_max": 1, "apart": [{"goods": ["crate", "tin"]}]}
    plan = planned(scenario_of(PAIR, demands, rules=rules))
    assert observed(plan, "D2") == {"apart", "capacity"}


def test_what_no_single_limit_explains_ran_out_of_time(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Three trips are asked for; with stock alone, or shifts alone, or vehicles alone it stays at
    # two, as each of the other limits holds the third back.
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (1, 2)]
    demands += [{"site": "S1", "quantity": 10, "priority": 3}]
    plan = planned(scenario_of(PAIR, demands, rules={"shift_h": 2.1}, bases=stock(crate=25)))
    assert reasons_of(plan, "D3") == [("time_ran_out", "time_ran_out")]


def test_no_time_for_reasons_is_said(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Stopped at once: what is proved is proved all the same, the rest says that time ran out.
    plan = planned(scenario_of(PAIR, two(), rules={"shift_h": 1.1}), should_stop=lambda: True)
    assert plan.provenance.stopped_by == "asked"
    codes = {r.code for item in plan.undelivered for r in item.reasons}
    assert codes <= {"time_ran_out"}


def test_reasons_stand_for_each_demand_in_the_order_of_the_scenario(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1", "good": "diesel"}, {"site": "S1", "quantity": 2000}]
    plan = planned(scenario_of(PAIR, demands))
    assert [item.demand for item in plan.undelivered] == ["D1", "D2"]


def test_that_two_demands_swap_places_is_no_reason(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # 10 crates for two demands of 10. The near one would be late for its window, so that the far
    # one is served. With windows lifted it is the other way round, which explains nothing.
    minutes = [[0, 10, 30], [10, 0, 30], [30, 30, 0]]
    late = {"windows": [{"start": at(60), "end": at(90)}], "due": at(20)}
    demands = [{"site": "S1", "quantity": 10} | late, {"site": "S2", "quantity": 10}]
    plan = planned(scenario_of(minutes, demands, bases=stock(crate=10)))
    assert observed(plan, "D1") == {"stock"}
