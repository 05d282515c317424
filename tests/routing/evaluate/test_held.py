"""What is held of docks, when there is a place for somebody else, and whether routes fit there."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from optimizer.network.given import MatrixGround
from optimizer.routing.evaluate.held import Held, docks_suffice
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.seat import seated, settled
from optimizer.routing.evaluate.times import ANY_TIME
from optimizer.routing.evaluate.trip import TripFacts, trip_of
from optimizer.routing.model.build import build
from optimizer.routing.model.docks import Dock, Hold
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Scenario

DOCK = Dock(loading=False, site=1)
#: Half an hour at the site, and a second for the mass of one demand.
HANDLING_S = 1801


def problem_of(make: Callable[..., Scenario], **site: object) -> Problem:
    """Two trucks; S1 is 10 min from the base and has one place."""
    scenario = make(
        [[0, 10], [10, 0]],
        [{"site": "S1", "quantity": 20}],
        fleet=[{"type": "truck", "base": "B", "count": 2}],
        site={"S1": {"places": 1, "handling_fixed_min": 30, **site}},
    )
    return build(scenario, MatrixGround(scenario))


def route_of(problem: Problem, held: Held | None = None) -> Candidate:
    found = evaluate(problem, 0, (((1, ((0, 10),)),),), held)
    assert isinstance(found, Candidate), found
    return found


def test_places_are_full_while_as_many_overlap_as_there_are() -> None:
    holds = [Hold(DOCK, 0, 10), Hold(DOCK, 5, 20), Hold(DOCK, 20, 30), Hold(DOCK, 8, 25)]
    # Three at 8 and 9, two from 5 on; at 20 one comes as one goes.
    assert Held({DOCK: 1}, holds).full(DOCK) == ((0, 30),)
    assert Held({DOCK: 2}, holds).full(DOCK) == ((5, 25),)
    assert Held({DOCK: 3}, holds).full(DOCK) == ((8, 10),)
    assert docks_suffice({DOCK: 3}, holds)
    assert not docks_suffice({DOCK: 2}, holds)


def test_who_goes_as_another_comes_is_not_in_its_way() -> None:
    held = Held({DOCK: 1}, [Hold(DOCK, 10, 20)])
    assert held.admits([Hold(DOCK, 20, 25), Hold(DOCK, 5, 10)])
    assert not held.admits([Hold(DOCK, 19, 25)])
    assert not held.admits([Hold(DOCK, 5, 11)])
    # A second that is held by nobody longer than no time at all.
    assert held.admits([Hold(DOCK, 15, 15)])


@pytest.mark.parametrize("seed", range(40))
def test_windows_are_cut_to_exactly_when_there_is_a_place(
    seed: int, scenario_of: Callable[..., Scenario]
) -> None:
    rng = random.Random(seed)
    problem = problem_of(scenario_of)
    facts = trip_of(problem, 0, ((1, ((0, 10),)),))
    assert isinstance(facts, TripFacts)
    marks = [rng.randrange(0, 30_000, 100) for _ in range(12)]
    holds = [Hold(DOCK, min(a, b), max(a, b)) for a, b in zip(marks[::2], marks[1::2], strict=True)]
    held = Held({DOCK: rng.randint(1, 2)}, holds)
    run = held.around(problem.groups[0], [1], facts.run)
    assert run.loading is ANY_TIME
    for start in range(0, 30_000, 50):
        free = held.admits([Hold(DOCK, start, start + HANDLING_S)])
        assert free == any(a <= start <= b for a, b in run.calls[0].windows)


def test_docks_that_nobody_can_fill_are_none(scenario_of: Callable[..., Scenario]) -> None:
    assert problem_of(scenario_of).docks == {DOCK: 1}
    # As many places as convoys; and only one of the two convoys may come.
    assert problem_of(scenario_of, places=2).docks == {}
    assert problem_of(scenario_of, reached_by=["tracked"]).docks == {}
    # What costs nothing where no dock can bind: nothing is held, and routes are told apart as ever.
    route = route_of(problem_of(scenario_of, places=2))
    assert route.holds == ()
    assert route.key == (0, route.shape, ())


def test_a_route_is_laid_out_around_what_others_hold(scenario_of: Callable[..., Scenario]) -> None:
    problem = problem_of(scenario_of)
    first = route_of(problem)
    assert first.holds == (Hold(DOCK, 600, 600 + HANDLING_S),)
    second = route_of(problem, Held(problem.docks, first.holds))
    assert second.holds == (Hold(DOCK, 600 + HANDLING_S, 600 + 2 * HANDLING_S),)
    # It waits at the base: less ten minutes of driving and the reserve of a quarter of an hour.
    assert second.times[0].loading_start == HANDLING_S - 900
    assert first.key != second.key
    # Somebody else there at another time changes nothing.
    assert route_of(problem, Held(problem.docks, [Hold(DOCK, 5000, 6000)])) is first


def test_routes_that_want_one_place_are_seated_one_after_the_other(
    scenario_of: Callable[..., Scenario],
) -> None:
    problem = problem_of(scenario_of)
    alone = route_of(problem)
    first, second = seated(problem, [alone, alone])
    assert first is alone
    assert second.holds[0].begin == first.holds[0].end
    # Who has its place keeps its times, and who finds none in time is left out.
    assert seated(problem, [second, alone]) == [second, alone]
    closing = {"windows": [{"start": "2026-06-15T06:00Z", "end": "2026-06-15T06:30Z"}]}
    short = problem_of(scenario_of, **closing)
    assert len(seated(short, [route_of(short)] * 2)) == 1


def test_nobody_waits_for_a_place_that_nobody_holds_any_more(
    scenario_of: Callable[..., Scenario],
) -> None:
    problem = problem_of(scenario_of)
    alone = route_of(problem)
    _, second = seated(problem, [alone, alone])
    [settling] = settled(problem, [second])
    # It leaves when it did, and starts as its tail is in.
    assert settling.times[0].starts == (second.times[0].loading_start + 600,)
    assert settled(problem, [alone, second]) == [alone, second]
