"""Whoever follows a solve is told stages, shares, and solutions that are whole plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from optimizer.network.given import MatrixGround
from optimizer.plan.model import ReasonKind
from optimizer.routing import Incumbent, SolveOptions, solve
from optimizer.verify.verify import verify

#: Four units, one truck of 10 crates and one day: what two of them want cannot all be brought.
MINUTES = [
    [0, 100, 110, 120, 130],
    [100, 0, 40, 60, 90],
    [110, 40, 0, 50, 70],
    [120, 60, 50, 0, 45],
    [130, 90, 70, 45, 0],
]
DEMANDS = [
    {"id": f"D{i}", "site": f"S{i}", "good": "crate", "quantity": 12 + i, "priority": i}
    for i in range(1, 5)
]
Follow = Callable[..., tuple[Any, list[Incumbent], list[tuple[str, float | None]]]]


@pytest.fixture
def follow(scenario_of: Any) -> Follow:
    """Solve a small scenario and keep what was told."""

    def run(**options: Any) -> Any:
        scenario = scenario_of(MINUTES, DEMANDS)
        found: list[Incumbent] = []
        stages: list[tuple[str, float | None]] = []
        plans = []

        def better(incumbent: Incumbent) -> None:
            found.append(incumbent)
            plans.append(incumbent.plan())

        plan = solve(
            scenario,
            MatrixGround(scenario),
            options=SolveOptions(**options),
            on_incumbent=better,
            on_stage=lambda stage, share: stages.append((stage, share)),
        )
        return plan, list(zip(found, plans, strict=True)), stages

    return run


def test_a_solution_on_the_way_is_a_plan_that_keeps_every_rule(follow: Follow) -> None:
    plan, told, _ = follow(iterations=100)
    assert told
    for incumbent, on_the_way in told:
        assert verify(on_the_way) == ()
        left_kg = sum(on_the_way.metrics.undelivered_kg_by_priority.values())
        assert left_kg == incumbent.undelivered_kg
        assert on_the_way.metrics.convoys == incumbent.convoys
        assert on_the_way.metrics.travel_s == incumbent.objectives["time"]
        kinds = {reason.kind for item in on_the_way.undelivered for reason in item.reasons}
        assert kinds <= {ReasonKind.TIME_RAN_OUT}
        assert not on_the_way.provenance.reproducible
    assert told[-1][1].routes == plan.routes


def test_each_solution_told_is_better_than_the_one_before(follow: Follow) -> None:
    _, told, _ = follow(iterations=100)
    scores = [incumbent.score for incumbent, _ in told]
    assert scores == sorted(set(scores), reverse=True)


@pytest.mark.parametrize("options", [{"iterations": 100}, {"time_limit_s": 1.0}])
def test_the_search_tells_its_share_and_never_goes_back(
    follow: Follow, options: dict[str, Any]
) -> None:
    _, _, stages = follow(**options)
    assert list(dict.fromkeys(stage for stage, _ in stages)) == [
        "ways",
        "search",
        "reasons",
        "writing",
    ]
    shares = [share for stage, share in stages if stage == "search" and share is not None]
    assert shares[0] == 0
    assert shares == sorted(shares)
    # Something was undelivered, so that a part of a limit of time is kept for the reasons.
    assert 0.8 <= shares[-1] <= 1


def test_following_changes_nothing(follow: Follow, scenario_of: Any) -> None:
    followed, _, _ = follow(iterations=100)
    scenario = scenario_of(MINUTES, DEMANDS)
    alone = solve(scenario, MatrixGround(scenario), options=SolveOptions(iterations=100))
    assert alone.id == followed.id
