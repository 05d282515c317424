"""Each solver is given the same problem: on tiny instances it finds what is best, or says why not.

What a solver cannot state is never a gap.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.routing import by_convoi, by_ortools, by_pyvrp
from benchmarks.routing.evaluate import InfeasibleError, evaluate
from benchmarks.routing.instance import Instance, Place, Route, Vehicle
from benchmarks.routing.stated import stated
from optimizer.network.given import MatrixGround
from optimizer.routing.model.build import build
from optimizer.scenario.model import Objective
from tests.benchmarks.routing_tiny import TINY

SECONDS = 0.1


@pytest.mark.parametrize("family", TINY)
def test_pyvrp_finds_the_best_of_every_family(family: str) -> None:
    instance, best = TINY[family]
    assert by_pyvrp.cannot(instance) is None
    cost, routes = by_pyvrp._run(stated(instance), time.monotonic() + SECONDS, 1, [])
    assert evaluate(instance, routes) == best
    told = stated(instance)
    # What PyVRP counts is what is judged, and what a vehicle more costs where fewer come first.
    more = told.per_vehicle * best.vehicles
    assert cost == pytest.approx(best.cost * instance.family.convention.parts + more)


@st.composite
def solutions(draw: st.DrawFn) -> tuple[Instance, list[Route]]:
    """Draw an instance of up to six customers, and routes that may break any rule of time or load.

    With several trips, release times, windows, a longest duration, and prizes.
    """
    kind = draw(st.sampled_from(["mdvrptw", "mtvrptwr", "pcvrptw"]))
    small = st.integers(0, 40)
    customers = []
    for _ in range(draw(st.integers(1, 6))):
        ready = draw(st.integers(0, 150))
        release = draw(small) if kind == "mtvrptwr" else 0
        customers.append(
            Place(
                draw(small),
                draw(small),
                draw(st.integers(1, 6)),
                ready,
                # PyVRP refuses what can never be brought.
                max(ready, release) + draw(st.integers(0, 500)),
                draw(st.integers(0, 10)),
                release,
                draw(st.integers(1, 50)) if kind == "pcvrptw" else 0,
            )
        )
    places = (Place(20, 20, ready=draw(small), due=600), *customers)
    one = Vehicle(
        0,
        10,
        draw(small),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([100, 250, 600])),
        reloads=(0,) if kind == "mtvrptwr" else (),
    )
    order = draw(st.permutations(range(1, len(places))))
    visited = order[: draw(st.integers(1, len(order)))] if kind == "pcvrptw" else order
    routes: list[list[list[int]]] = [[[]]]
    for at in visited:
        cut = draw(st.sampled_from(["go on", "go on", "trip", "route"]))
        if routes[-1][-1] and cut == "route":
            routes.append([[]])
        elif routes[-1][-1] and cut == "trip" and one.reloads:
            routes[-1].append([])
        routes[-1][-1].append(at)
    found = [Route(n, tuple(map(tuple, trips))) for n, trips in enumerate(routes)]
    return Instance("any", kind, places, 1, (one,) * 6), found


@settings(deadline=None, max_examples=150)
@given(solutions())
def test_whether_a_solution_keeps_the_rules_and_what_it_costs_is_what_pyvrp_says(
    drawn: tuple[Instance, list[Route]],
) -> None:
    instance, routes = drawn
    told = stated(instance)
    theirs = by_pyvrp.solution_of(told, by_pyvrp.data_of(told), routes)
    try:
        found = evaluate(instance, routes)
    except InfeasibleError:
        assert not theirs.is_feasible()
    else:
        assert theirs.is_feasible()
        cost = theirs.distance_cost() + theirs.fixed_vehicle_cost() + theirs.uncollected_prizes()
        assert found.cost == pytest.approx(cost / instance.family.convention.parts)
        assert found.vehicles == theirs.num_routes()


def test_a_solution_of_ours_is_given_to_pyvrp_as_it_is() -> None:
    for instance, best in TINY.values():
        told = stated(instance)
        data = by_pyvrp.data_of(told)
        _, routes = by_pyvrp._run(told, time.monotonic() + 0.05, 1, [])
        again = by_pyvrp.solution_of(told, data, routes)
        assert again.is_feasible()
        assert evaluate(instance, by_pyvrp.routes_of(told, data, again)) == best


@pytest.mark.parametrize("search", by_ortools.SEARCHES)
@pytest.mark.parametrize("family", TINY)
def test_ortools_finds_the_best_of_every_family_that_it_can_state(family: str, search: str) -> None:
    instance, best = TINY[family]
    if family == "mtvrptwr":
        assert "the model has no trips" in (by_ortools.cannot(instance) or "")
        return
    assert by_ortools.cannot(instance) is None
    _, routes = by_ortools._run(instance, time.monotonic() + SECONDS, 1, search)
    assert evaluate(instance, routes) == best


def test_whole_numbers_for_searches_are_never_below_what_is_judged() -> None:
    instance, _ = TINY["homberger"]
    told = stated(instance)
    # 30 in thousandths; a way of 41.231... is rounded up.
    assert told.ways[0].tolist() == [0, 30_000, 30_000]
    assert (told.ways >= instance.straight() * 1000).all()
    # Ten ways to the farthest place, here 60 from one customer to the other.
    assert told.per_vehicle == 10 * 60_000
    assert told.due == [500_000] * 3
    assert told.service == [0, 5_000, 0]
    free = stated(TINY["cvrp"][0])
    assert free.due == [free.horizon] * 3
    assert np.all(np.array(free.prize) == 0)


#: What Convoi's engine cannot state yet, by family.
NOT_YET = {
    "mtvrptwr": "none of it has a release time",
    "pcvrptw": "no prize is weighed against the way",
}


@pytest.mark.parametrize("family", TINY)
def test_convoi_finds_the_best_of_every_family_that_it_can_state(family: str) -> None:
    instance, best = TINY[family]
    if family in NOT_YET:
        reason = by_convoi.cannot(instance) or ""
        assert reason.startswith("yet: ")
        assert NOT_YET[family] in reason
        return
    assert by_convoi.cannot(instance) is None
    assert evaluate(instance, by_convoi.routes_by(instance, 2 * SECONDS, 1)) == best


def test_trips_without_release_times_are_what_convoi_can_state() -> None:
    instance, _ = TINY["mtvrptwr"]
    at_hand = replace(instance, places=tuple(replace(p, release=0) for p in instance.places))
    assert by_convoi.cannot(at_hand) is None
    routes = by_convoi.routes_by(at_hand, 2 * SECONDS, 1)
    # 60 and 80, one trip after the other.
    assert evaluate(at_hand, routes).cost == 140
    assert [len(route.trips) for route in routes] == [2]


def test_convoi_says_everything_that_an_instance_asks_too_much() -> None:
    instance, _ = TINY["hfvrp"]
    cases = (
        (replace(instance, vehicles=(Vehicle(0, 9, duration_max=1), Vehicle(0, 9))), "one length"),
        (replace(instance, places=(*instance.places, Place(1, 1))), "asks for nothing"),
        (replace(instance, vehicles=(Vehicle(0, 9, 1e6),)), "counts 1000000000 at most"),
        (
            replace(instance, depots=2, vehicles=(Vehicle(0, 9, reloads=(1,)),)),
            "loads at its own base alone",
        ),
    )
    for asked, told in cases:
        assert told in (by_convoi.cannot(asked) or ""), told
    both = replace(cases[0][0], places=cases[1][0].places)
    assert "one length" in (by_convoi.cannot(both) or "")
    assert "asks for nothing" in (by_convoi.cannot(both) or "")


def test_the_engine_is_given_every_part_of_ways_windows_and_service_times() -> None:
    places = (
        Place(0, 0, due=1000),
        *(Place(3.3 * n, n, n, ready=n, due=900.5, service=n / 10) for n in range(1, 60)),
    )
    instance = Instance("parts", "mdvrptw", places, 1, (Vehicle(0, 2000, duration_max=777.7),) * 3)
    told = stated(instance)
    scenario = by_convoi.scenario_of(told)
    problem = build(scenario, MatrixGround(scenario))
    (group,) = problem.groups
    assert group.ways.travel_s == group.ways.distance_m == told.ways.tolist()
    assert group.span == (0, 1_000_000)
    assert problem.shift_s == 777_700
    for number, need in enumerate(problem.needs):
        at = number + 1
        assert need.windows == ((told.ready[at], 900_500),)
        assert problem.fixed_s[at] + problem.handling_s(number, 1) == told.service[at] == 100 * at
    assert problem.objectives == (Objective.UNDELIVERED, Objective.DISTANCE)


def test_what_vehicles_cost_lies_on_their_ways() -> None:
    instance, _ = TINY["hfvrp"]
    scenario = by_convoi.scenario_of(stated(instance))
    small, large = build(scenario, MatrixGround(scenario)).groups
    # 20 for the vehicle and 2 a unit: 80 to the customer at 30, in thousandths, and 60 back.
    assert small.ways.distance_m[0][1] == 80_000
    assert small.ways.distance_m[1][0] == 60_000
    assert large.ways.distance_m[0][1:] == [90_000, 100_000]
    assert [len(group.convoys) for group in (small, large)] == [2, 1]
