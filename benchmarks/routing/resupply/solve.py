"""One run of one solver on a resupply scenario, in a process of its own."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from pathlib import Path

from benchmarks.routing.resupply.given import load
from optimizer.plan.model import Plan

__all__ = ["SOLVERS", "main"]

#: Modules of the solvers.
SOLVERS = {"convoi": "ours", "ortools": "theirs"}


def main(solver: str, made: Path, seconds: float, seed: int) -> None:
    """Write the first and the last plan to this folder, and print how long they took."""
    # A solver that forgets the time is ended by the system.
    signal.alarm(int(10 * seconds) + 300)
    module = importlib.import_module(f"benchmarks.routing.resupply.{SOLVERS[solver]}")
    found = module.answer(load(made), seconds, seed)
    _write(found.first, Path("first.json"))
    _write(found.last, Path("last.json"))
    told = {"first_s": found.first_s, "seconds": found.ended_s, "mended": found.mended}
    print(json.dumps(told))


def _write(plan: Plan | None, path: Path) -> None:
    """Write a plan without its scenario, whose matrices would be most of it."""
    if plan is not None:
        path.write_text(plan.model_dump_json(exclude={"scenario"}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
