"""Everything about planning; knows nothing of briefings, pages or language models.

The names below are the interface for other programs. They are imported when they are first used,
so that a program that only reads plans does not load a solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.check.check import check_ground
    from optimizer.network.of_scenario import ground_of
    from optimizer.plan.model import Plan
    from optimizer.plan.read import dump_plan, load_plan
    from optimizer.routing import SolveOptions, solve
    from optimizer.scenario.model import Scenario
    from optimizer.scenario.read import load_scenario
    from optimizer.scenario.write import dump_scenario
    from optimizer.terrain.theatre import Theatre, theatre_of
    from optimizer.verify import verify as verify_plan

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
    "verify_plan",
]

#: Name here -> module and name there. A name must not be that of a room: the room, once imported,
#: would take its place.
_HOMES = {
    "Plan": "optimizer.plan.model:Plan",
    "Scenario": "optimizer.scenario.model:Scenario",
    "SolveOptions": "optimizer.routing:SolveOptions",
    "Theatre": "optimizer.terrain.theatre:Theatre",
    "check_ground": "optimizer.check.check:check_ground",
    "dump_plan": "optimizer.plan.read:dump_plan",
    "dump_scenario": "optimizer.scenario.write:dump_scenario",
    "ground_of": "optimizer.network.of_scenario:ground_of",
    "load_plan": "optimizer.plan.read:load_plan",
    "load_scenario": "optimizer.scenario.read:load_scenario",
    "solve": "optimizer.routing:solve",
    "theatre_of": "optimizer.terrain.theatre:theatre_of",
    "verify_plan": "optimizer.verify:verify",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name].split(":")
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
