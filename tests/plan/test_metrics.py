"""The figures of a plan, against those of the recipes in ``tests/plans``."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.plan.metrics import delivered_of, metrics_of
from optimizer.plan.read import load_plan

PLANS = Path(__file__).resolve().parent.parent / "plans"


@pytest.mark.parametrize("path", sorted(PLANS.glob("pass-*.json")), ids=lambda p: p.stem)
def test_metrics_are_those_that_the_recipes_sum_up_their_own_way(path: Path) -> None:
    plan = load_plan(path)
    assert metrics_of(plan.scenario, plan.routes) == plan.metrics


def test_a_demand_is_late_once_a_stop_whatever_its_compartments() -> None:
    """Charlie's water comes in the tanks of two lorries, at one stop, 3915 s after it is due."""
    plan = load_plan(PLANS / "pass-matrices.json")
    stop = plan.routes[0].trips[1].stops[0]
    assert len(stop.drops) == 2
    # Due at 12:00:00; the head arrives at 13:05:00, the tail is in 15 s later.
    assert metrics_of(plan.scenario, plan.routes).lateness_s == 65 * 60 + 15


def test_a_plan_without_routes_has_no_finish_and_no_slack() -> None:
    plan = load_plan(PLANS / "pass-nothing-delivered.json")
    metrics = metrics_of(plan.scenario, ())
    assert (metrics.finish, metrics.least_slack_s, metrics.delivered_kg) == (None, None, 0)
    assert sum(metrics.undelivered_kg_by_priority.values()) == pytest.approx(metrics.demanded_kg)
    assert not delivered_of(plan.routes)
