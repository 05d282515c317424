"""Runs with one convoy less, where vehicles count before ways."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.network.given import MatrixGround
from optimizer.routing import SolveOptions
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.generate.fewer import vehicles_first
from optimizer.routing.generate.orders import order_of
from optimizer.routing.model.build import build
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40, 50], [30, 0, 20, 20], [40, 20, 0, 20], [50, 20, 20, 0]]
ORDER = ["undelivered", "vehicles", "distance"]


def problem_of(scenario_of: Callable[..., Scenario], *quantities: int, **rest: object) -> Problem:
    """Each site asks for so many crates; a truck carries ten."""
    demands = [
        {"site": f"S{number}", "quantity": quantity}
        for number, quantity in enumerate(quantities, start=1)
    ]
    fleet = [{"type": "truck", "base": "B", "count": 3}]
    scenario = scenario_of(
        MINUTES,
        demands,
        **({"fleet": fleet, "objectives": ORDER, "rules": {"trips_max": 1}} | rest),
    )
    return build(scenario, MatrixGround(scenario))


def one_each(problem: Problem) -> list[Candidate]:
    found = []
    for number, need in enumerate(problem.needs):
        route = evaluate(problem, 0, (((need.site, ((number, need.quantity),)),),))
        assert isinstance(route, Candidate)
        found.append(route)
    return found


def trucks(problem: Problem, run: int) -> tuple[int, int]:
    """The trucks of a run, and the routes that it begins with."""
    options = SolveOptions(seed=1, iterations=10, workers=2)
    order = order_of(problem, most_alone(problem), one_each(problem), options, run=run, runs=6)
    assert order.needed == frozenset(range(3))
    return sum(carrier.count for carrier in order.carriers), len(order.start)


def test_every_second_run_does_without_the_convoy_that_brings_least(
    scenario_of: Callable[..., Scenario],
) -> None:
    problem = problem_of(scenario_of, 4, 2, 3)
    # The first runs begin with nothing, with the whole fleet; then one goes on, one does with less.
    assert [trucks(problem, run) for run in range(4)] == [(3, 0), (3, 0), (3, 3), (2, 2)]
    order = order_of(
        problem,
        most_alone(problem),
        one_each(problem),
        SolveOptions(seed=1, iterations=10, workers=2),
        run=3,
        runs=6,
    )
    begun = {task for _, trips in order.start for trip in trips for task, _ in trip}
    assert {order.tasks[task].need for task in begun} == {0, 2}


def test_nobody_tries_what_cannot_be_carried(scenario_of: Callable[..., Scenario]) -> None:
    # Three loads of eight do not fit into two trucks of ten.
    assert trucks(problem_of(scenario_of, 8, 8, 8), 3) == (3, 3)


def test_vehicles_must_count_before_ways(scenario_of: Callable[..., Scenario]) -> None:
    def first(*objectives: str) -> bool:
        return vehicles_first(problem_of(scenario_of, 4, 2, 3, objectives=list(objectives)))

    assert first("undelivered", "lateness", "vehicles", "time")
    assert not first("undelivered", "time", "vehicles")
    assert not first("undelivered")
