"""Demands as tasks."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.network.given import MatrixGround
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.demands.split import Split, tasks_of
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40], [30, 0, 20], [40, 20, 0]]
MOST = 1_000_000_000


def _stock(**quantities: int) -> list[dict[str, object]]:
    stock = [{"good": good, "quantity": quantity} for good, quantity in quantities.items()]
    return [{"site": "B", "loading_min": 0, "stock": stock}]


def test_what_nobody_can_ever_carry_is_no_task(scenario_of: Callable[..., Scenario]) -> None:
    scenario = scenario_of(
        MINUTES,
        [{"site": "S1", "quantity": MOST}],
        bases=_stock(crate=MOST),
        rules={"trips_max": 3},
    )
    problem = build(scenario, MatrixGround(scenario))
    tasks = tasks_of(problem, most_alone(problem), Split.LARGE)
    # Three trips of ten; 24 tasks of 41 666 667 units, which no truck carries, would be in vain.
    assert [task.quantity for task in tasks] == [10, 10, 10]
