"""What a run of the generator is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from optimizer.network.given import MatrixGround
from optimizer.routing import SolveOptions
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.demands.split import Split
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.generate import orders
from optimizer.routing.generate.data import data_of
from optimizer.routing.generate.orders import order_of
from optimizer.routing.generate.warm import as_they_are
from optimizer.routing.generate.weights import weights_of
from optimizer.routing.model.build import build
from optimizer.routing.model.problem import Problem
from optimizer.routing.parameters import DEFAULT
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40], [30, 0, 20], [40, 20, 0]]


def test_a_run_gets_the_most_important_tasks_if_there_are_too_many(
    scenario_of: Callable[..., Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "_CLIENTS_MAX", 6)
    two = [
        {"start": f"2026-06-15T{hour}:00+00:00", "end": f"2026-06-15T{hour}:30+00:00"}
        for hour in ("08", "10")
    ]
    demands = [{"site": "S1", "priority": 9 - number, "windows": two} for number in range(5)]
    scenario = scenario_of(MINUTES, demands)
    problem = build(scenario, MatrixGround(scenario))
    alone = most_alone(problem)
    options = SolveOptions(seed=1, iterations=10)
    cold = order_of(problem, alone, [], options, run=0, runs=1)
    # Six clients are three tasks of two windows each: those of priorities 7, 6 and 5.
    assert [task.need for task in cold.tasks] == [2, 3, 4]
    # A run that begins with a solution keeps what that serves, even if it is less important.
    served = evaluate(problem, 0, (((1, ((0, 1),)),),))
    assert isinstance(served, Candidate)
    warm = order_of(problem, alone, [served], options, run=1, runs=2)
    assert [task.need for task in warm.tasks] == [0, 3, 4]
    assert [group for group, _ in warm.start] == [0]


def served_in(problem: Problem, *needs: int) -> list[Candidate]:
    """One route that brings a unit to each of some demands, all of one site."""
    found = evaluate(problem, 0, (((1, tuple((need, 1) for need in needs)),),))
    assert isinstance(found, Candidate)
    return [found]


def test_what_no_better_solution_leaves_out_is_not_up_for_choice(
    scenario_of: Callable[..., Scenario],
) -> None:
    demands = [{"site": "S1", "priority": priority} for priority in (1, 2, 3)]
    scenario = scenario_of(MINUTES, demands)
    problem = build(scenario, MatrixGround(scenario))
    alone, options = most_alone(problem), SolveOptions(seed=1, iterations=10)

    def needed(best: list[Candidate], run: int) -> set[int]:
        order = order_of(problem, alone, best, options, run=run, runs=4)
        return {order.tasks[task].need for task in order.needed}

    # Nothing is known yet: the first run tries to serve everything, the next what it likes.
    assert needed([], 0) == {0, 1, 2}
    assert needed([], 1) == set()
    # Everything is served: no better solution serves less.
    assert needed(served_in(problem, 0, 1, 2), 0) == {0, 1, 2}
    # The second is missing: what is more important stays where it is begun with.
    assert needed(served_in(problem, 0, 2), 1) == {0}


def test_what_comes_before_undelivered_may_leave_anything_out(
    scenario_of: Callable[..., Scenario],
) -> None:
    scenario = scenario_of(MINUTES, [{"site": "S1"}], objectives=["fuel", "undelivered"])
    problem = build(scenario, MatrixGround(scenario))
    options = SolveOptions(seed=1, iterations=10)
    order = order_of(problem, most_alone(problem), served_in(problem, 0), options, run=0, runs=4)
    assert order.needed == frozenset()


def test_what_must_be_served_is_required_of_pyvrp_in_one_of_its_windows(
    scenario_of: Callable[..., Scenario],
) -> None:
    two = [
        {"start": f"2026-06-15T{hour}:00+00:00", "end": f"2026-06-15T{hour}:30+00:00"}
        for hour in ("08", "10")
    ]
    scenario = scenario_of(MINUTES, [{"site": "S1"}, {"site": "S2", "windows": two}])
    problem = build(scenario, MatrixGround(scenario))
    weights = weights_of(problem, DEFAULT)
    order = order_of(
        problem, most_alone(problem), [], SolveOptions(seed=1, iterations=10), run=0, runs=4
    )
    for needed in (frozenset[int](), frozenset({0, 1})):
        data = data_of(problem, replace(order, needed=needed), weights, DEFAULT).problem_data
        assert [client.required for client in data.clients()] == [bool(needed), False, False]
        assert [group.required for group in data.groups()] == [bool(needed)]


def test_where_nothing_is_short_a_warm_run_may_serve_from_any_base(
    scenario_of: Callable[..., Scenario],
) -> None:
    minutes = [[0, 30, 20], [30, 0, 10], [20, 10, 0]]

    def able(stock: int) -> set[int]:
        bases = [
            {"site": base, "loading_min": 0, "stock": [{"good": "crate", "quantity": stock}]}
            for base in ("B", "C")
        ]
        scenario = scenario_of(
            minutes,
            [{"site": "S1", "quantity": 2}],
            sites=["B", "C", "S1"],
            bases=bases,
            fleet=[{"type": "truck", "base": base} for base in ("B", "C")],
        )
        problem = build(scenario, MatrixGround(scenario))
        begun = evaluate(problem, 0, (((2, ((0, 1),)),),))
        assert isinstance(begun, Candidate)
        tasks, _ = as_they_are(problem, most_alone(problem), [begun], Split.LARGE)
        return set(tasks[0].groups)

    # Each base has all that is asked for, or only half of it.
    assert able(2) == {0, 1}
    assert able(1) == {0}
