"""Everything about planning; knows nothing of briefings, pages or language models.

The names below are the interface for other programs. They are imported when they are first used,
so that a program that only reads plans does not load a solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.check.check import check_ground
    from optimizer.network.ground import ground_of
    from optimizer.plan.model import Plan
    from optimizer.plan.read import dump_plan, load_plan
    from optimizer.routing import SolveOptions, solve
    from optimizer.scenario.model import Scenario
    from optimizer.scenario.read import load_scenario
    from optimizer.scenario.write import dump_scenario
    from optimizer.terrain.theatre import Theatre, theatre_of
    from optimizer.verify import verify

__all__ = [
    "Plan",
    "Scenario",
    "SolveOptions",
    "Theatre",
    "check_ground",
    "dump_plan",
    "dump_scenario",
    "ground_of",
    "load_plan",
    "load_scenario",
    "solve",
    "theatre_of",
    "verify",
]

_HOMES = {
    "Plan": "optimizer.plan.model",
    "Scenario": "optimizer.scenario.model",
    "SolveOptions": "optimizer.routing",
    "Theatre": "optimizer.terrain.theatre",
    "check_ground": "optimizer.check.check",
    "dump_plan": "optimizer.plan.read",
    "dump_scenario": "optimizer.scenario.write",
    "ground_of": "optimizer.network.ground",
    "load_plan": "optimizer.plan.read",
    "load_scenario": "optimizer.scenario.read",
    "solve": "optimizer.routing",
    "theatre_of": "optimizer.terrain.theatre",
    "verify": "optimizer.verify",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
