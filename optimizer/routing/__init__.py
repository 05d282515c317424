"""The solver: generators, the CP-SAT master, search; alone imports ortools and pyvrp.

The names are imported when they are first used: whoever only states options loads no solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.routing.options import SolveOptions
    from optimizer.routing.parent import Parent
    from optimizer.routing.solver import Incumbent, solve

__all__ = ["Incumbent", "Parent", "SolveOptions", "solve"]

_HOMES = {
    "Incumbent": "solver",
    "Parent": "parent",
    "SolveOptions": "options",
    "solve": "solver",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
