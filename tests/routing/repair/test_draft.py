"""Solutions under construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimizer.network.given import MatrixGround
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.model.build import build
from optimizer.routing.repair.draft import Draft, Move
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40], [30, 0, 20], [40, 20, 0]]


def test_a_draft_takes_out_the_very_route_that_a_move_replaces(
    scenario_of: Callable[..., Scenario],
) -> None:
    demands = [{"site": "S1", "quantity": 4}, {"site": "S2", "quantity": 1}]
    scenario = scenario_of(MINUTES, demands, fleet=[{"type": "truck", "base": "B", "count": 2}])
    problem = build(scenario, MatrixGround(scenario))
    first = evaluate(problem, 0, (((1, ((0, 2),)),),))
    assert isinstance(first, Candidate)
    second = replace(first)
    longer = evaluate(problem, 0, (((1, ((0, 2),)), (2, ((1, 1),))),))
    assert isinstance(longer, Candidate)
    draft = Draft(problem, most_alone(problem), [first, second])
    draft.apply(Move(second, longer, ()))
    # Both are alike, value by value, which takes long to find out where there are many.
    assert draft.routes[0] is first
    assert draft.missing == [0, 0]
