"""What of a plan and its scenario is drawn over the ground."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from briefing.facts import facts_of
from briefing.facts.model import FactTable
from briefing.render.geojson import feature_collection
from optimizer.plan.digests import scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import Plan, Provenance
from optimizer.scenario.model import Scenario

__all__ = ["bare_plan", "layers_of"]

_LAYERS = ("sites", "routes", "areas", "changes")


def bare_plan(scenario: Scenario) -> Plan:
    """Return a plan in which nothing moves, so that a scenario alone can be drawn.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Plan
        A plan without routes; it is drawn and never told.
    """
    return Plan(
        id="none",
        scenario_digest=scenario_digest(scenario),
        theatre=None,
        routes=(),
        undelivered=(),
        metrics=metrics_of(scenario, ()),
        provenance=Provenance(
            program="convoi",
            created=datetime.fromtimestamp(0, UTC),
            seed=0,
            workers=1,
            iterations=None,
            time_limit_s=None,
            reproducible=True,
            stopped_by="none",
            elapsed_s=0,
            solvers={},
        ),
        scenario=scenario,
    )


def layers_of(
    scenario: Scenario, plan: Plan | None = None, table: FactTable | None = None
) -> dict[str, Any]:
    """Return the layers of the map.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it is now: areas and changes are drawn as they stand, planned or not.
    plan : Plan, optional
        The plan whose routes and deliveries are drawn.
    table : FactTable, optional
        Its facts.

    Returns
    -------
    dict
        A GeoJSON FeatureCollection for each of ``sites``, ``routes``, ``areas``, ``changes``.
    """
    now = bare_plan(scenario)
    facts = facts_of(now)
    shown, about = (now, facts) if plan is None else (plan, table or facts_of(plan))
    layers = {
        layer: feature_collection(shown, about, layer)
        if layer in {"sites", "routes"}
        else feature_collection(now, facts, layer)
        for layer in _LAYERS
    }
    if plan is None:
        # Nothing is undelivered before anything was planned.
        for feature in layers["sites"]["features"]:
            feature["properties"] |= {"status": "no_demand", "undelivered_kg": 0.0}
    return layers
