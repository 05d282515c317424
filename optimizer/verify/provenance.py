"""Whether the plan answers the scenario and stands on the ground that it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.terrain.planned import raster_named
from optimizer.terrain.theatre import Theatre
from optimizer.verify.case import Violation, violation

__all__ = ["violations"]


def violations(plan: Plan, scenario: Scenario, theatre: Theatre | None) -> Iterator[Violation]:
    """Yield what does not fit between a plan, its scenario and its theatre.

    Parameters
    ----------
    plan : Plan
        Plan.
    scenario : Scenario
        The scenario that it must answer: its own, or one that was named beside it.
    theatre : Theatre or None
        The ground that it is verified on.

    Yields
    ------
    Violation
        At most one for each digest and name.
    """
    embedded = _digest(plan.scenario)
    if plan.scenario_digest != embedded:
        yield violation(
            "provenance.scenario",
            "/scenario_digest",
            stated=plan.scenario_digest,
            expected=embedded,
        )
    if scenario is not plan.scenario and _digest(scenario) != embedded:
        yield violation(
            "provenance.other_scenario",
            "/scenario",
            stated=plan.scenario.id,
            expected=scenario.id,
        )
    yield from _theatre(plan, scenario, theatre)


def _theatre(plan: Plan, scenario: Scenario, theatre: Theatre | None) -> Iterator[Violation]:
    stamp, named = plan.theatre, scenario.theatre
    if stamp is None:
        if not scenario.matrices:
            yield violation("provenance.no_ground", "/theatre")
        return
    if named is not None and (stamp.name != named.name or named.digest not in {None, stamp.digest}):
        yield violation(
            "provenance.other_theatre", "/theatre", stated=stamp.name, expected=named.name
        )
    if theatre is not None and theatre.manifest.digest != stamp.digest:
        yield violation(
            "provenance.theatre",
            "/theatre/digest",
            theatre=str(theatre.manifest.name),
            stated=stamp.digest,
            expected=theatre.manifest.digest,
        )

    planned, named_raster = None if theatre is None else theatre.planned, raster_named(scenario)
    if named_raster is None:
        expected = None
    elif planned is None:
        return
    else:
        expected = planned.digest
    if stamp.exposure_raster != expected:
        yield violation(
            "provenance.raster",
            "/theatre/exposure_raster",
            raster=named_raster or "-",
            stated=stamp.exposure_raster or "-",
            expected=expected or "-",
        )


def _digest(scenario: Scenario) -> str:
    """SHA-256 over the canonical JSON of the scenario as given."""
    text = json.dumps(
        scenario.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
