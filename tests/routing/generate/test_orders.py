"""What a run of the generator is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optimizer.network.given import MatrixGround
from optimizer.routing import SolveOptions
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.generate import orders
from optimizer.routing.generate.orders import order_of
from optimizer.routing.model.build import build
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
