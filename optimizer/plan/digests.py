"""The name that a plan gets from its content, and the digest that ties it to its scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from optimizer.plan.model import Plan, Route, TheatreStamp, Undelivered
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import scenario_digest

__all__ = ["plan_digest", "plan_id", "scenario_digest"]


def plan_id(
    scenario: Scenario,
    theatre: TheatreStamp | None,
    routes: Sequence[Route],
    undelivered: Sequence[Undelivered],
) -> str:
    """Return the name of a plan: the same answer to the same scenario has the same name.

    Parameters
    ----------
    scenario : Scenario
        What was asked for.
    theatre : TheatreStamp or None
        The ground.
    routes : sequence of Route
        What is done.
    undelivered : sequence of Undelivered
        What is not.

    Returns
    -------
    str
        ``P-`` and twelve hexadecimal digits.
    """
    return f"P-{_digest(scenario, theatre, routes, undelivered)[:12]}"


def plan_digest(plan: Plan) -> str:
    """Return the digest over a plan's content; its name carries the first twelve digits.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits. How and when the plan was made is not in it.
    """
    return _digest(plan.scenario, plan.theatre, plan.routes, plan.undelivered)


def _digest(
    scenario: Scenario,
    theatre: TheatreStamp | None,
    routes: Sequence[Route],
    undelivered: Sequence[Undelivered],
) -> str:
    content = {
        "scenario": scenario_digest(scenario),
        "theatre": None if theatre is None else theatre.model_dump(mode="json"),
        "routes": [route.model_dump(mode="json") for route in routes],
        "undelivered": [item.model_dump(mode="json") for item in undelivered],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
