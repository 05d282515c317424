"""What is remembered of a problem is never told of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from optimizer.network.given import MatrixGround
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.trip import Broken
from optimizer.routing.model import memo
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario

#: Thirty minutes there and thirty back with one unit of the only demand.
SHAPE = (((1, ((0, 1),)),),)


def test_a_problem_made_of_another_remembers_nothing_of_it(
    scenario_of: Callable[..., Scenario],
) -> None:
    scenario = scenario_of([[0, 30], [30, 0]], [{"site": "S1"}])
    problem = build(scenario, MatrixGround(scenario))
    assert isinstance(evaluate(problem, 0, SHAPE), Candidate)
    shorter = replace(problem, shift_s=3599)
    # An hour does not go into a second less, though it was remembered to fit.
    assert evaluate(shorter, 0, SHAPE) is Broken.SHIFT
    assert isinstance(evaluate(problem, 0, SHAPE), Candidate)


def test_a_problem_takes_no_memos_from_elsewhere(scenario_of: Callable[..., Scenario]) -> None:
    scenario = scenario_of([[0, 30], [30, 0]], [{"site": "S1"}])
    problem = build(scenario, MatrixGround(scenario))
    with pytest.raises(ValueError, match="memos"):
        replace(problem, memos=problem.memos)


def test_a_full_memo_forgets_all_but_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_REMEMBERED", 2)
    known: memo.Memo[str, int] = memo.Memo()
    assert [known.keep(key, number) for number, key in enumerate("abc")] == [0, 1, 2]
    assert known == {"c": 2}
