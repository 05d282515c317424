"""What stands ready at a site is taken aboard before it is handed over, within one trip."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

import pytest

from optimizer.errors import ConflictError
from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan, ReasonKind, Trip
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.scenario.model import Scenario

Make = Callable[..., Scenario]
Planned = Callable[..., Plan]
At = Callable[[int], str]

#: Base, S1 and S2 on one line, 10 minutes from each to the next, and S3 beyond.
LINE = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
TO_S2 = {"pickup": "S1", "site": "S2"}


def trip_of(plan: Plan) -> Trip:
    (route,) = plan.routes
    (trip,) = route.trips
    return trip


def called(trip: Trip) -> list[str]:
    return [stop.site for stop in trip.stops]


def reasons(plan: Plan) -> list[tuple[str, str]]:
    (missing,) = plan.undelivered
    return [(reason.kind.value, reason.code) for reason in missing.reasons]


def test_a_pair_needs_no_stock(scenario_of: Make, planned: Planned) -> None:
    bases = [{"site": "B", "loading_min": 0}]
    plan = planned(scenario_of(LINE, [TO_S2 | {"quantity": 7}], bases=bases))
    trip = trip_of(plan)
    assert (called(trip), trip.load, plan.undelivered) == (["S1", "S2"], (), ())
    assert [item.quantity for item in trip.stops[0].pickups] == [7]
    # It leaves empty, has 7 t aboard from S1 to S2, and nothing after that.
    assert [stop.load_after[0].mass_kg for stop in trip.stops] == [7000, 0]
    assert plan.metrics.delivered_kg == 7000


def test_it_is_taken_aboard_first_even_where_that_is_a_detour(
    scenario_of: Make, planned: Planned
) -> None:
    # S2 lies behind S1: to S2, back to S1 and home is as far as there and back, 40 minutes.
    plan = planned(scenario_of(LINE, [{"pickup": "S2", "site": "S1"}]))
    assert called(trip_of(plan)) == ["S2", "S1"]
    assert plan.metrics.travel_s == 40 * 60


def test_what_was_handed_over_makes_room_on_the_way(scenario_of: Make, planned: Planned) -> None:
    # A full load of 10 to S1, where the same room takes 10 on to S2, and there 10 home.
    demands = [
        {"site": "S1", "quantity": 10},
        TO_S2 | {"quantity": 10},
        {"pickup": "S2", "site": "B", "quantity": 10},
    ]
    plan = planned(scenario_of(LINE, demands, rules={"trips_max": 1}))
    trip = trip_of(plan)
    assert (called(trip), plan.undelivered) == (["S1", "S2", "B"], ())
    # Nothing is left aboard; the last stop is at home, from where the last leg leads nowhere.
    assert [stop.load_after[0].mass_kg for stop in trip.stops] == [10_000, 10_000, 0]
    assert trip.legs[-1].distance_m == 0


def test_room_is_needed_on_the_legs_between_alone(scenario_of: Make, planned: Planned) -> None:
    # 6 for S2 are aboard until there, so of the 10 at S1 only 4 fit at a time in one trip that
    # passes each site once; a second call at S1 after S2 brings the rest, to and fro.
    demands = [{"site": "S2", "quantity": 6}, TO_S2 | {"quantity": 10}]
    plan = planned(scenario_of(LINE, demands, rules={"trips_max": 1}))
    assert plan.undelivered == ()
    for stop in trip_of(plan).stops:
        assert stop.load_after[0].mass_kg <= 10_000


def test_handling_takes_its_time_at_both_ends(scenario_of: Make, planned: Planned) -> None:
    site = {
        "S1": {"handling_fixed_min": 3, "handling_kg_per_min": 1000},
        "S2": {"handling_fixed_min": 5, "handling_kg_per_min": 500},
    }
    trip = trip_of(planned(scenario_of(LINE, [TO_S2 | {"quantity": 2}], site=site)))
    # 2 t at 1 t a minute and 3 minutes; at half a ton a minute and 5 minutes.
    assert [stop.handling_s for stop in trip.stops] == [5 * 60, 9 * 60]


def test_windows_bind_at_both_ends(scenario_of: Make, planned: Planned, at: At) -> None:
    ready = [{"start": at(100), "end": at(110)}]
    wanted = [{"start": at(200), "end": at(210)}]
    demand = TO_S2 | {"pickup_windows": ready, "windows": wanted}
    trip = trip_of(planned(scenario_of(LINE, [demand])))
    first, second = trip.stops
    assert first.start.isoformat() <= at(110)
    # It leaves S1 at 110 at the latest and is at S2 by 120, where it waits until 200.
    assert second.start.isoformat() == at(200)
    assert second.wait_s >= 80 * 60


def test_what_is_apart_is_so_on_the_way_too(scenario_of: Make, planned: Planned) -> None:
    demands = [{"site": "S2", "good": "tin"}, TO_S2 | {"good": "drum"}]
    rules = {"apart": [{"goods": ["tin", "drum"]}], "trips_max": 2}
    plan = planned(scenario_of(LINE, demands, rules=rules))
    assert plan.undelivered == ()
    assert plan.metrics.trips == 2


def test_a_trip_that_is_too_long_is_proved_with_its_waiting(
    scenario_of: Make, planned: Planned, at: At
) -> None:
    demand = TO_S2 | {
        "pickup_windows": [{"start": at(60), "end": at(60)}],
        "windows": [{"start": at(300), "end": at(300)}],
    }
    plan = planned(scenario_of(LINE, [demand], rules={"shift_h": 3}))
    (reason,) = plan.undelivered[0].reasons
    assert (reason.kind, reason.code) == (ReasonKind.PROVED, "shift")
    # 10 minutes before 60 until 20 minutes after 300, and the one second of handing over.
    assert reason.params["needed_min"] == 271


@pytest.mark.parametrize("cut", [(0, 1), (1, 2), (2, 0)])
def test_either_end_out_of_reach_is_proved(
    cut: tuple[int, int], scenario_of: Make, planned: Planned
) -> None:
    minutes: list[list[int | None]] = [list(row) for row in LINE]
    minutes[cut[0]][cut[1]] = None
    plan = planned(scenario_of(minutes, [TO_S2]))
    assert reasons(plan) == [("proved", "unreachable")]


@pytest.mark.parametrize("barred", ["S1", "S2"])
def test_either_end_that_lets_nobody_in_is_proved(
    barred: str, scenario_of: Make, planned: Planned
) -> None:
    light = {"id": "jeep", "mobility": "light", "compartments": [{"id": "b", "capacity_kg": 1}]}
    scenario = scenario_of(LINE, [TO_S2], types=[light], site={barred: {"reached_by": ["light"]}})
    plan = planned(scenario)
    assert reasons(plan) == [("proved", "not_allowed")]
    assert plan.undelivered[0].reasons[0].params["site"] == barred


def test_a_window_at_the_pickup_that_nobody_makes_is_proved(
    scenario_of: Make, planned: Planned, at: At
) -> None:
    # S1 is 10 minutes away, so nobody is there 5 minutes after the start.
    demand = TO_S2 | {"pickup_windows": [{"start": at(0), "end": at(5)}]}
    assert reasons(planned(scenario_of(LINE, [demand]))) == [("proved", "window")]


def test_going_on_from_a_trip_that_takes_aboard_is_refused(
    scenario_of: Make, planned: Planned
) -> None:
    scenario = scenario_of(LINE, [TO_S2])
    plan = planned(scenario)
    until = plan.routes[0].trips[0].stops[0].arrive
    options = SolveOptions(seed=1, iterations=10)
    with pytest.raises(ConflictError, match="takes something aboard"):
        solve(scenario, MatrixGround(scenario), options=options, parent=Parent(plan, until))


def shortest(minutes: Sequence[Sequence[int]], pairs: Sequence[tuple[int, int, int]]) -> int:
    """The least way of one truck of 10 for all pairs in one trip, by trying every order."""
    best = 10**9
    ends = [(n, end) for n in range(len(pairs)) for end in (0, 1)]
    for order in itertools.permutations(ends):
        if any(order.index((n, 0)) > order.index((n, 1)) for n in range(len(pairs))):
            continue
        loads = itertools.accumulate(pairs[n][2] * (-1 if end else 1) for n, end in order)
        if max(loads) > 10:
            continue
        stations = [0, *(pairs[n][end] for n, end in order), 0]
        best = min(best, sum(minutes[a][b] for a, b in itertools.pairwise(stations)))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_on_tiny_cases_the_way_is_the_shortest(
    seed: int, scenario_of: Make, planned: Planned
) -> None:
    rng = random.Random(seed)
    places = [(rng.randint(0, 40), rng.randint(0, 40)) for _ in range(6)]
    minutes = [[abs(a - c) + abs(b - d) for c, d in places] for a, b in places]
    pairs = [(*rng.sample(range(1, 6), 2), rng.randint(1, 10)) for _ in range(3)]
    demands = [
        {"pickup": f"S{taking}", "site": f"S{giving}", "quantity": quantity}
        for taking, giving, quantity in pairs
    ]
    scenario = scenario_of(
        minutes, demands, rules={"trips_max": 1}, objectives=["undelivered", "time"]
    )
    plan = planned(scenario)
    assert plan.undelivered == ()
    assert plan.metrics.travel_s <= shortest(minutes, pairs) * 60
