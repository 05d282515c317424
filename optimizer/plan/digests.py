"""The name that a plan gets from its content, and the digest that ties it to its scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from optimizer.plan.model import Route, TheatreStamp, Undelivered
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import scenario_digest

__all__ = ["plan_id", "scenario_digest"]


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
    content = {
        "scenario": scenario_digest(scenario),
        "theatre": None if theatre is None else theatre.model_dump(mode="json"),
        "routes": [route.model_dump(mode="json") for route in routes],
        "undelivered": [item.model_dump(mode="json") for item in undelivered],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"P-{hashlib.sha256(canonical.encode()).hexdigest()[:12]}"
