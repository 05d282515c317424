"""Digests that tie a plan to its scenario, and the name that a plan gets from its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from optimizer.plan.model import Route, TheatreStamp, Undelivered
from optimizer.scenario.model import Scenario

__all__ = ["canonical_json", "plan_id", "scenario_digest"]


def canonical_json(document: object) -> str:
    """Write a document in the one form that digests are taken of.

    Parameters
    ----------
    document : object
        JSON types.

    Returns
    -------
    str
        Keys in order, no spaces, no escapes beyond those that JSON demands.
    """
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _sha256(document: object) -> str:
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def scenario_digest(scenario: Scenario) -> str:
    """Return the digest that a plan carries of its scenario.

    Parameters
    ----------
    scenario : Scenario
        Scenario as given.

    Returns
    -------
    str
        SHA-256, hexadecimal, over the canonical JSON of ``scenario.document()``.
    """
    return _sha256(scenario.document())


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
    return f"P-{_sha256(content)[:12]}"
