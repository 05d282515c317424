"""The solver: generators, the CP-SAT master, search; alone imports ortools and pyvrp."""

from __future__ import annotations

from optimizer.routing.options import SolveOptions
from optimizer.routing.solver import Incumbent, solve

__all__ = ["Incumbent", "SolveOptions", "solve"]
