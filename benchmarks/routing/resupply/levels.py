"""Plans compared as a scenario asks it: objective after objective, never added up."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.plan.model import Plan
from optimizer.scenario.model import Objective, Scenario

__all__ = ["TIE", "decided", "levels_of"]

#: What decides between equal plans.
TIE = "tie"


def levels_of(scenario: Scenario, plan: Plan) -> dict[str, float]:
    """Return what a plan is judged by, in the declared order; smaller is better.

    Parameters
    ----------
    scenario : Scenario
        What was asked for.
    plan : Plan
        A plan whose metrics were verified.

    Returns
    -------
    dict of str to float
        ``undelivered 1`` in kilograms, ``undelivered 2``, ..., ``lateness`` and so on, in the units
        of the plan's metrics.
    """
    metrics = plan.metrics
    of = {
        Objective.LATENESS: metrics.lateness_s,
        Objective.EXPOSURE: metrics.exposure_milli,
        Objective.TIME: metrics.travel_s,
        Objective.DISTANCE: metrics.distance_m,
        Objective.FUEL: sum(metrics.fuel_l.values()),
        Objective.VEHICLES: metrics.vehicles,
    }
    levels: dict[str, float] = {}
    for objective in scenario.objectives:
        if objective is Objective.UNDELIVERED:
            for priority, kg in sorted(metrics.undelivered_kg_by_priority.items()):
                levels[f"undelivered {priority}"] = kg
        else:
            levels[objective.value] = of[objective]
    return levels


def decided(
    ours: Mapping[str, float] | None, theirs: Mapping[str, float] | None
) -> tuple[str, int]:
    """Compare two plans.

    Parameters
    ----------
    ours, theirs : mapping of str to float or None
        Levels of the same scenario in order; None where there is no plan that keeps every rule.

    Returns
    -------
    tuple of str and int
        The first level that differs, or ``no plan``, and -1 where ours is better, 1 where theirs
        is; ``tie`` and 0 where none differs.
    """
    if ours is None or theirs is None:
        if ours is theirs:
            return TIE, 0
        return "no plan", 1 if ours is None else -1
    for level, value in ours.items():
        if value != theirs[level]:
            return level, -1 if value < theirs[level] else 1
    return TIE, 0
