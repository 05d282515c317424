"""One run of one solver, in a process of its own."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.reading import read

__all__ = ["SOLVERS", "main"]

#: Modules of the solvers.
SOLVERS = {
    "convoi": "by_convoi",
    "pyvrp": "by_pyvrp",
    "pyvrp-restarts": "by_pyvrp",
    "ortools": "by_ortools",
    "vroom": "by_vroom",
}


def main(solver: str, path: Path, seconds: float, seed: int) -> None:
    """Print the routes that a solver finds and the seconds it took, or why it cannot."""
    # A solver that forgets the time is ended by the system.
    signal.alarm(int(10 * seconds) + 60)
    module = importlib.import_module(f"benchmarks.routing.{SOLVERS[solver]}")
    instance = read(path)
    reason = module.cannot(instance)
    if reason is not None:
        print(json.dumps({"cannot": reason}))
        return
    find: Callable[[Instance, float, int], list[Route]] = module.routes_by
    if solver == "pyvrp-restarts":
        find = partial(find, rounds=module.ROUNDS)
    begun = time.monotonic()
    routes = find(instance, seconds, seed)
    spent_s = time.monotonic() - begun
    found = [[route.vehicle, route.trips] for route in routes]
    print(json.dumps({"routes": found, "seconds": round(spent_s, 2)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
