"""What is decided stays as it is; the rest is planned from then on, with what is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from optimizer.errors import ConflictError, UsageError
from optimizer.network.given import MatrixGround
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan, Trip
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.scenario.model import Scenario
from optimizer.verify import verify

#: Base and three sites on a line, each thirty minutes from the next.
LINE = [[abs(a - b) * 30 for b in range(4)] for a in range(4)]
ONE = [{"type": "truck", "base": "B", "count": 1}]


def again(scenario: Scenario, parent: Parent, iterations: int = 60) -> Plan:
    """Plan again; what comes out keeps every rule, and the past is that of the parent."""
    options = SolveOptions(seed=1, iterations=iterations)
    plan = solve(scenario, MatrixGround(scenario), options=options, parent=parent)
    assert verify(plan, None, None, parent.plan) == ()
    return plan


def clock(plan: Plan, minutes: int) -> datetime:
    return plan.scenario.horizon.start + timedelta(minutes=minutes)


def trips(plan: Plan) -> list[Trip]:
    return [trip for route in plan.routes for trip in route.trips]


def without(*pairs: tuple[int, int]) -> list[list[Any]]:
    """The line, with some ways closed in both directions."""
    table: list[list[Any]] = [list(row) for row in LINE]
    for a, b in pairs:
        table[a][b] = table[b][a] = None
    return table


def test_a_trip_that_has_begun_stays_and_what_is_left_follows_it(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # One truck for ten crates brings ten to S1 first, by the stated windows, then five to S2.
    demands = [{"site": "S1", "quantity": 10}, {"site": "S2", "quantity": 5}]
    first = planned(scenario_of(LINE, demands, fleet=ONE))
    begun = trips(first)[0]
    until = begun.loading_start + timedelta(minutes=10)
    # A third demand, the most important: it would have been served first.
    more = [*demands, {"site": "S3", "quantity": 10, "priority": 1}]
    plan = again(scenario_of(LINE, more, fleet=ONE), Parent(first, decided_until=until))
    assert plan.decided_until == until
    assert plan.parent == first.id
    assert trips(plan)[0].legs == begun.legs
    assert trips(plan)[0].load == begun.load
    assert all(trip.loading_start >= until for trip in trips(plan)[1:])
    assert delivered_of(plan.routes) == {"D1": 10, "D2": 5, "D3": 10}
    assert [trip.number for trip in trips(plan)] == [1, 2, 3]


def test_nothing_begins_in_the_past(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    empty = planned(scenario_of(LINE, [], fleet=ONE))
    asked = scenario_of(LINE, [{"site": "S1"}], fleet=ONE)
    plan = again(asked, Parent(empty, decided_until=clock(empty, 120)))
    assert trips(plan)[0].loading_start >= clock(empty, 120)


def test_the_shift_of_a_convoy_goes_on_from_its_first_trip(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # To S1 and back takes one of the three and a half hours of a shift, to S3 and back three.
    rules = {"shift_h": 3.5}
    first = planned(scenario_of(LINE, [{"site": "S1"}], fleet=ONE, rules=rules))
    until = trips(first)[0].loading_start + timedelta(minutes=1)
    more = [{"site": "S1"}, {"site": "S3"}]
    plan = again(scenario_of(LINE, more, fleet=ONE, rules=rules), Parent(first, until))
    assert [item.demand for item in plan.undelivered] == ["D2"]
    # Nothing is proved: had the convoy not begun, it could have gone to S3.
    assert {reason.kind.value for reason in plan.undelivered[0].reasons} != {"proved"}
    whole = planned(scenario_of(LINE, more[1:], fleet=ONE, rules=rules))
    assert not whole.undelivered


def test_decided_loads_are_gone_from_stock(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    bases = [{"site": "B", "loading_min": 0, "stock": [{"good": "crate", "quantity": 12}]}]
    first = planned(scenario_of(LINE, [{"site": "S1", "quantity": 8}], fleet=ONE, bases=bases))
    until = trips(first)[0].loading_start + timedelta(minutes=1)
    more = [{"site": "S1", "quantity": 8}, {"site": "S2", "quantity": 8, "priority": 1}]
    plan = again(scenario_of(LINE, more, fleet=ONE, bases=bases), Parent(first, until))
    assert delivered_of(plan.routes) == {"D1": 8, "D2": 4}


def test_a_convoy_on_its_way_leaves_out_what_it_cannot_reach_any_more(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # It is between B and S1 when the way beyond S2 is closed: S1 and S2 get theirs, what was for S3
    # comes home again.
    demands = [
        {"site": f"S{n}", "quantity": 3, "windows": [{"start": at(0), "end": at(30 * n + 10)}]}
        for n in (1, 2, 3)
    ]
    rules = {"trips_max": 1}
    first = planned(scenario_of(LINE, demands, fleet=ONE, rules=rules))
    [trip] = trips(first)
    assert [stop.site for stop in trip.stops] == ["S1", "S2", "S3"]
    until = trip.depart + timedelta(minutes=1)
    cut = scenario_of(without((2, 3), (1, 3), (0, 3)), demands, fleet=ONE, rules=rules)
    plan = again(cut, Parent(first, until))
    [driven] = trips(plan)
    assert driven.load == trip.load
    assert driven.legs[0] == trip.legs[0]
    assert [stop.site for stop in driven.stops] == ["S1", "S2"]
    assert sum(load.mass_kg for load in driven.stops[-1].load_after) == 3000
    assert [(item.demand, item.quantity) for item in plan.undelivered] == [("D3", 3)]


def test_a_convoy_that_cannot_get_home_is_told(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1"}]
    first = planned(scenario_of(LINE, demands, fleet=ONE))
    until = trips(first)[0].depart + timedelta(minutes=1)
    cut = scenario_of(without((0, 1), (1, 2), (1, 3)), demands, fleet=ONE)
    with pytest.raises(ConflictError, match=r"trip 1 of convoy C-B-truck-01 has left"):
        again(cut, Parent(first, until))


def test_a_trip_that_has_not_left_yet_falls_away_where_its_way_is_closed(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    bases = [
        {"site": "B", "loading_min": 45, "stock": [{"good": "crate", "quantity": 10}]},
    ]
    demands = [{"site": "S1"}]
    first = planned(scenario_of(LINE, demands, fleet=ONE, bases=bases))
    until = trips(first)[0].loading_start + timedelta(minutes=1)
    cut = scenario_of(without((0, 1), (1, 2), (1, 3)), demands, fleet=ONE, bases=bases)
    plan = again(cut, Parent(first, until))
    assert plan.routes == ()
    assert [item.demand for item in plan.undelivered] == ["D1"]


def test_a_kept_route_stays_though_a_better_plan_would_take_its_load(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1", "quantity": 4}, {"site": "S2", "quantity": 4}]
    two = [{"type": "truck", "base": "B", "count": 2}]
    apart = {"rules": {"trips_max": 1, "apart": [{"goods": ["crate", "tin"]}]}}
    mixed = [demands[0], {**demands[1], "good": "tin"}]
    first = planned(scenario_of(LINE, mixed, fleet=two, **apart))
    assert len(first.routes) == 2
    kept = next(r for r in first.routes if r.trips[0].stops[0].site == "S1")
    # Crates alone now: one truck could bring all, but the kept one brings what it did.
    scenario = scenario_of(LINE, demands, fleet=two, rules={"trips_max": 1})
    plan = again(scenario, Parent(first, kept=frozenset({kept.convoy})))
    assert kept in plan.routes
    assert len(plan.routes) == 2
    assert not plan.undelivered
    free = again(scenario, Parent(first))
    assert len(free.routes) == 1


def test_a_route_that_cannot_be_kept_is_told(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1"}, {"site": "S2"}]
    first = planned(scenario_of(LINE, demands, fleet=ONE))
    [route] = first.routes
    cut = scenario_of(without((0, 2), (1, 2), (2, 3)), demands, fleet=ONE)
    with pytest.raises(ConflictError, match=r"cannot stay as it is: it does not reach S2"):
        again(cut, Parent(first, kept=frozenset({route.convoy})))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fleet": [{"type": "truck", "base": "B", "id": "other"}]}, "has no such convoy"),
        ({"demands": [{"site": "S2", "quantity": 5}]}, "asks for other demands"),
        ({"demands": [{"site": "S1", "quantity": 2}]}, "asks for 2 now"),
        (
            {"bases": [{"site": "B", "stock": [{"good": "crate", "quantity": 1}]}]},
            "draw 5 of crate from B, where the scenario states 1",
        ),
    ],
)
def test_what_contradicts_the_past_is_refused(
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    change: dict[str, Any],
    message: str,
) -> None:
    first = planned(scenario_of(LINE, [{"site": "S1", "quantity": 5}], fleet=ONE))
    until = trips(first)[0].depart + timedelta(minutes=1)
    given: dict[str, Any] = {"demands": [{"site": "S1", "quantity": 5}], "fleet": ONE} | change
    scenario = scenario_of(LINE, given.pop("demands"), **given)
    with pytest.raises(ConflictError, match=message):
        again(scenario, Parent(first, until))


def test_what_makes_no_sense_is_refused(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = scenario_of(LINE, [{"site": "S1"}], fleet=ONE)
    first = planned(scenario)
    with pytest.raises(UsageError, match=r"nothing of convoy C-9 to keep"):
        again(scenario, Parent(first, kept=frozenset({"C-9"})))
    with pytest.raises(UsageError, match=r"lies outside the horizon"):
        again(scenario, Parent(first, clock(first, -1)))
