"""OR-Tools on a resupply scenario: what it finds is what is best, and a plan that verifies."""

from __future__ import annotations

import time

import pytest

from benchmarks.routing.resupply import ours, peer, theirs
from benchmarks.routing.resupply.levels import levels_of
from benchmarks.routing.resupply.mend import mended, plan_of
from benchmarks.routing.resupply.stated import Stated, stated
from optimizer.network.given import MatrixGround
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.evaluate.shape import Shape
from optimizer.routing.model.build import build
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Scenario
from optimizer.verify.verify import verify
from tests.benchmarks.resupply_tiny import tiny

SECONDS = 0.5


def problem_of(scenario: Scenario) -> Problem:
    return build(scenario, MatrixGround(scenario))


def told(scenario: Scenario, *, shared: bool = False) -> Stated:
    problem = problem_of(scenario)
    return stated(problem, most_alone(problem), shared=shared, seed=1)


@pytest.mark.parametrize("solver", [ours, theirs])
def test_each_solver_brings_everything_on_three_trips_and_its_plans_verify(solver: object) -> None:
    scenario = tiny()
    found = solver.answer(scenario, 2 * SECONDS, 1)  # type: ignore[attr-defined]  # a module
    assert found.first is not None
    assert found.last is not None
    assert verify(found.first) == verify(found.last) == ()
    levels = levels_of(scenario, found.last)
    assert [levels[f"undelivered {n}"] for n in (1, 2, 3)] == [0, 0, 0]
    # Three trips of half an hour there and back.
    assert levels["time"] == 3 * 3600
    assert len(found.last.routes[0].trips) == 3
    assert found.mended == 0
    assert found.first_s <= found.ended_s


@pytest.mark.parametrize(("how", "shared"), peer.SEARCHES)
def test_each_search_of_the_peer_finds_the_three_trips(how: str, *, shared: bool) -> None:
    problem = problem_of(tiny())
    now = time.monotonic()
    alone = most_alone(problem)
    found = peer.run(problem, alone, now, now + SECONDS, 1, how=how, shared=shared)
    ((_, shape),) = found.last
    assert sorted(problem.sites[trip[0][0]] for trip in shape) == ["A", "B", "C"]


def test_a_way_takes_loading_handing_over_and_the_fixed_part_of_a_stop() -> None:
    one = told(tiny())
    (group,) = one.problem.groups
    lasting = one.lasting(group)
    # A trip takes 40 minutes of loading, an hour of ways and 20 at the stop: four in eight hours.
    assert len(one.returns) == 3
    # A base, three returns, A, C, and B once for each of its windows.
    assert len(one.sites) == 8
    at_base, call = 0, one.first_call
    # 40 minutes of loading, 30 on the way, 10 for the stop; then 10 for 1000 kg, and 30 back.
    assert lasting[at_base, call] == 80 * 60
    assert lasting[call, at_base] == 40 * 60
    # A return that is not used takes nothing, wherever the convoy comes from or goes to.
    assert lasting[: one.first_call, : one.first_call].max() == 0
    twins = [n for n, site in enumerate(one.sites) if site == one.problem.sites.index("B")]
    # At the same site there is neither way nor fixed part, only what was handed over.
    assert lasting[twins[0], twins[1]] == 10 * 60


def test_a_higher_priority_costs_more_than_all_lower_ones_and_any_way() -> None:
    one = told(tiny())
    by_priority = {
        one.problem.needs[task.need].priority: penalty
        for task, penalty in zip(one.tasks, one.penalties(), strict=True)
    }
    assert by_priority[1] > by_priority[2] + by_priority[3]
    assert by_priority[2] > by_priority[3] > int(one.cost(one.problem.groups[0]).max())
    assert sum(one.penalties()) <= 2**52


def test_stock_that_is_shared_out_goes_to_the_more_important() -> None:
    assert {task.need: task.quantity for task in told(tiny(stock=15), shared=True).tasks} == {
        0: 10,
        1: 5,
    }


def visits(problem: Problem, *sites: str) -> Shape:
    place = {problem.sites[need.site]: (number, need) for number, need in enumerate(problem.needs)}
    return tuple(
        ((place[site][1].site, ((place[site][0], place[site][1].quantity),)),) for site in sites
    )


def test_what_breaks_a_rule_is_left_out_the_least_important_first() -> None:
    scenario = tiny(stock=25)
    problem = problem_of(scenario)
    routes, cuts = mended(problem, [(0, visits(problem, "A", "B", "C"))])
    # Only C's part of the stock that is not there.
    assert [route.drops for route in routes] == [{0: 10, 1: 10, 2: 5}]
    assert cuts == 1
    # All on one trip: 30 crates where 10 fit, so that C and B go.
    together = (tuple(trip[0] for trip in visits(problem, "A", "B", "C")),)
    routes, cuts = mended(problem, [(0, together)])
    assert [route.drops for route in routes] == [{0: 10}]
    assert cuts == 2
    plan = plan_of(problem, MatrixGround(scenario), routes, program="test", seed=1)
    assert verify(plan) == ()
    assert {one.demand: one.quantity for one in plan.undelivered} == {"dB": 10, "dC": 10}
