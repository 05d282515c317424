"""Places for handling and loading couple routes: plans keep to them, and change because of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from optimizer.errors import ConflictError
from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.routing.choose.master import Effort, choose
from optimizer.routing.evaluate.held import Held
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario
from optimizer.units import seconds_since
from optimizer.verify.verify import verify

#: Half an hour at the site, and a second for the mass.
HANDLING_S = 1801


def two_trucks(
    make: Callable[..., Scenario], *, loading: dict[str, int], **site: object
) -> Scenario:
    """Twenty crates for S1, 10 min from the base, by two trucks of ten in one trip each."""
    base = {"site": "B", "loading_min": 45, "stock": [{"good": "crate", "quantity": 100}]}
    return make(
        [[0, 10], [10, 0]],
        [{"site": "S1", "quantity": 20}],
        fleet=[{"type": "truck", "base": "B", "count": 2}],
        bases=[base | loading],
        site={"S1": {"handling_fixed_min": 30, **site}},
        rules={"trips_max": 1},
    )


def moments(plan: Plan) -> tuple[list[int], list[int]]:
    """When trips begin to load, and when handling starts."""
    start = plan.scenario.horizon.start
    trips = [trip for route in plan.routes for trip in route.trips]
    return (
        sorted(seconds_since(start, trip.loading_start) for trip in trips),
        sorted(seconds_since(start, stop.start) for trip in trips for stop in trip.stops),
    )


def test_without_places_both_come_at_once(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    assert moments(planned(two_trucks(scenario_of, loading={}))) == ([0, 0], [3300, 3300])


def test_with_one_place_the_second_waits_for_the_first(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    loadings, starts = moments(planned(two_trucks(scenario_of, loading={}, places=1)))
    assert starts == [3300, 3300 + HANDLING_S]
    # It waits at the base, but for the reserve of a quarter of an hour.
    assert loadings == [0, HANDLING_S - 900]


def test_with_one_loading_place_the_second_loads_after_the_first(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    loadings, starts = moments(planned(two_trucks(scenario_of, loading={"loading_places": 1})))
    assert loadings == [0, 2700]
    assert starts == [3300, 6000]


@pytest.mark.parametrize(("minutes", "served"), [(84, 10), (86, 20)])
def test_who_finds_no_place_in_time_stays_at_home(
    minutes: int,
    served: int,
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    at: Callable[[int], str],
) -> None:
    # The second could start at 3300 s + 1801 s: 85 min and a second.
    windows = [{"start": at(0), "end": at(minutes)}]
    plan = planned(two_trucks(scenario_of, loading={}, places=1, windows=windows))
    assert plan.metrics.delivered_kg == 1000 * served
    # Without the limit both are handled at once; and nothing but more time, or places, helps.
    codes = {reason.code for missing in plan.undelivered for reason in missing.reasons}
    assert codes == (set() if served == 20 else {"dock", "window"})


def test_the_master_chooses_no_more_than_there_are_places_for(
    scenario_of: Callable[..., Scenario],
) -> None:
    scenario = two_trucks(scenario_of, loading={}, places=1)
    problem = build(scenario, MatrixGround(scenario))
    shapes = [(((1, ((0, units),)),),) for units in (10, 9)]
    alone = [evaluate(problem, 0, shape) for shape in shapes]
    columns = [route for route in alone if isinstance(route, Candidate)]
    effort = Effort(1, deterministic_s=1.0)
    # All of these are there at once: the best that one of them brings is ten.
    assert [r.drops for r in choose(problem, columns, [], effort)] == [{0: 10}]
    later = evaluate(problem, 0, shapes[1], Held(problem.docks, columns[0].holds))
    assert isinstance(later, Candidate)
    chosen = choose(problem, [*columns, later], [], effort)
    assert sorted(route.drops[0] for route in chosen) == [9, 10]


def test_what_is_decided_holds_its_places(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = two_trucks(scenario_of, loading={"loading_places": 1}, places=1)
    first = planned(scenario)
    # The first truck loads from 0 to 2700 and is on its way; the second has not begun.
    until = scenario.horizon.start + timedelta(seconds=1000)
    parent = Parent(first, until, frozenset())
    ground, options = MatrixGround(scenario), SolveOptions(seed=1, iterations=60)
    again = solve(scenario, ground, options=options, parent=parent)
    assert verify(again, None, None, first) == ()
    assert moments(again) == ([0, 2700], [3300, 6000])


def test_decided_trips_that_meet_at_a_place_are_told(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Both are on their way when one place of the two is lost: they come at the same time.
    scenario = two_trucks(scenario_of, loading={}, places=2)
    first = planned(scenario)
    _, starts = moments(first)
    assert starts[0] == starts[1]
    until = scenario.horizon.start + timedelta(seconds=starts[0] - 1)
    ground, options = MatrixGround(scenario), SolveOptions(seed=1, iterations=10)
    one = two_trucks(scenario_of, loading={}, places=1)
    with pytest.raises(ConflictError, match="need more places at S1 at once than the 1"):
        solve(one, ground, options=options, parent=Parent(first, until, frozenset()))
