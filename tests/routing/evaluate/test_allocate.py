"""Loads over compartments: evenly by whole units, and apart what may not travel together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optimizer.network.given import MatrixGround
from optimizer.routing.evaluate.allocate import Share, allocate
from optimizer.routing.model.build import build
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Scenario


@pytest.fixture
def problem(scenario_of: Callable[..., Scenario]) -> Problem:
    """Three trucks of 10 t in one convoy; crates and tins of 1 t may not share a truck."""
    scenario = scenario_of(
        [[0, 1], [1, 0]],
        [{"site": "S1", "good": good} for good in ("crate", "tin", "drum")],
        fleet=[{"type": "truck", "base": "B", "count": 3}],
        convoys=[{"id": "ALPHA", "vehicles": [f"B-truck-0{i}" for i in (1, 2, 3)]}],
        rules={"apart": [{"goods": ["crate", "tin"]}]},
    )
    return build(scenario, MatrixGround(scenario))


def shares(problem: Problem, **load: int) -> dict[str, list[int]] | None:
    """Units by good, one entry a truck."""
    units = {problem.good_index[good]: quantity for good, quantity in load.items()}
    found = allocate(problem, problem.groups[0].holds, units)
    if found is None:
        return None
    table = {good: [0, 0, 0] for good in load}
    for share in found:
        table[problem.goods[share.good].good.id][share.hold] += share.quantity
    return table


def test_whole_units_are_spread_evenly(problem: Problem) -> None:
    found = shares(problem, drum=8)
    assert found is not None
    assert sorted(found["drum"]) == [2, 3, 3]


def test_foes_get_vehicles_of_their_own_and_friends_fill_the_rest(problem: Problem) -> None:
    found = shares(problem, crate=10, tin=10, drum=10)
    assert found is not None
    assert sorted(found["crate"]) == sorted(found["tin"]) == [0, 0, 10]
    assert all(0 in pair for pair in zip(found["crate"], found["tin"], strict=True))
    assert sum(found["drum"]) == 10


def test_foes_that_need_more_vehicles_than_there_are_do_not_fit(problem: Problem) -> None:
    assert shares(problem, crate=11, tin=10) is not None
    assert shares(problem, crate=11, tin=11) is None


def test_one_unit_too_many_does_not_fit(problem: Problem) -> None:
    assert shares(problem, drum=30) == {"drum": [10, 10, 10]}
    assert shares(problem, drum=31) is None


def test_shares_come_in_the_order_of_march(problem: Problem) -> None:
    crate, tin = problem.good_index["crate"], problem.good_index["tin"]
    found = allocate(problem, problem.groups[0].holds, {crate: 12, tin: 5})
    assert found == (Share(0, crate, 10), Share(1, crate, 2), Share(2, tin, 5))
