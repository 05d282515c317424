"""Runs solvers on instances one after the other and writes a line a run, each judged apart."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.network.measure import spent_by
from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.known import Known, known_of
from benchmarks.routing.line import Line, judged, row
from benchmarks.routing.reading import UnknownFamilyError, read
from benchmarks.routing.runs import ROOT, add, kept, key_of
from benchmarks.routing.solve import SOLVERS
from optimizer.errors import UsageError

__all__ = ["SOLVERS", "main"]


def main(
    paths: Sequence[Path],
    *,
    time_limit: float,
    seeds: int,
    solvers: Sequence[str],
    peers: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Run solvers.

    Parameters
    ----------
    paths : sequence of Path
        Files of instances.
    time_limit : float
        Wall time of each run, in seconds.
    seeds : int
        Runs of each solver on each instance, with seeds 1, 2, ...
    solvers : sequence of str
        Of `SOLVERS`.
    peers : Path or None
        Folder that the packages of ``peers.txt`` were installed into with ``pip --target``.
    as_json : bool
        Print JSON, one line a run, instead of a table.
    out : Path or None
        File of JSON lines: what stands in it is not run again, and each run is added as it ends.

    Raises
    ------
    UsageError
        If there is no such solver, or an instance cannot be read.
    """
    unknown = [solver for solver in solvers if solver not in SOLVERS]
    if unknown:
        raise UsageError(f"no solver {unknown[0]!r}; there are {', '.join(SOLVERS)}")
    # All are read before any is run: a mistyped name is told at once, not after hours.
    tasks = [_task(path, time_limit, peers) for path in paths]
    at_hand = [solver for solver in solvers if _is_at_hand(solver, peers)]
    before = kept(out)
    for path, task in zip(paths, tasks, strict=True):
        for seed in range(1, seeds + 1):
            for solver in at_hand:
                key = key_of(path, solver, time_limit, peers)
                line = before.get((solver, seed, key))
                if isinstance(task, str):
                    head = {"name": path.stem, "family": path.suffix[1:], "time_limit": time_limit}
                    head |= {"solver": solver, "seed": seed, "outcome": "cannot"}
                    line = asdict(Line(**head, reason=task))
                elif line is None:
                    line = asdict(task.run(solver, seed, key))
                    if out is not None:
                        add(out, line)
                click.echo(json.dumps(line) if as_json else row(line))


def _task(path: Path, time_limit: float, peers: Path | None) -> _Task | str:
    """Return what is to be solved, or why nobody can."""
    try:
        instance = read(path)
    except UnknownFamilyError as error:
        return str(error)
    return _Task(path, instance, known_of(instance, path), time_limit, peers)


@dataclass(frozen=True)
class _Task:
    """An instance to be solved in a given time."""

    path: Path
    instance: Instance
    known: Known | None
    time_limit: float
    peers: Path | None

    def run(self, solver: str, seed: int, key: str) -> Line:
        head: dict[str, Any] = {
            "name": self.instance.name,
            "family": self.instance.kind,
            "solver": solver,
            "seed": seed,
            "time_limit": self.time_limit,
            "known": self.known and round(self.known.cost, 3),
            "known_vehicles": self.known and self.known.vehicles,
            "load": round(os.getloadavg()[0], 1),
            "run": key,
        }
        asked = ["benchmarks.routing.solve", solver, self.path.resolve(), self.time_limit, seed]
        command = [sys.executable, "-m", *map(str, asked)]
        folders = os.pathsep.join(str(folder) for folder in (ROOT, self.peers) if folder)
        with tempfile.TemporaryDirectory(prefix="convoi-bench-") as scratch:
            try:
                spent = spent_by(command, Path(scratch), {"PYTHONPATH": folders})
            except RuntimeError as error:
                return Line(**head, outcome="failed", reason=str(error).strip()[-300:])
        told = json.loads(spent.output.splitlines()[-1])
        if "cannot" in told:
            return Line(**head, outcome="cannot", reason=told["cannot"])
        head |= {"seconds": told["seconds"], "cpu_s": round(spent.cpu_s, 1)}
        routes = [Route(vehicle, tuple(map(tuple, trips))) for vehicle, trips in told["routes"]]
        return judged(self.instance, self.known, routes, head)


def _is_at_hand(solver: str, peers: Path | None) -> bool:
    if solver != "vroom" or (peers and (peers / "vroom").is_dir()):
        return True
    click.echo(
        "LEFT OUT: vroom is not in the folder of peers; benchmarks/routing/peers.txt tells how to"
        " get it",
        err=True,
    )
    return False
