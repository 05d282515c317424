"""Runs solvers on instances one after the other and writes a line a run, each judged apart."""

from __future__ import annotations

import itertools
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
from benchmarks.routing.resupply.given import is_resupply, make
from benchmarks.routing.resupply.table import table
from benchmarks.routing.resupply.task import FAMILY, ResupplyTask
from benchmarks.routing.resupply.task import row as resupply_row
from benchmarks.routing.runs import ROOT, add, kept, key_of
from benchmarks.routing.solve import SOLVERS
from optimizer.errors import UsageError
from optimizer.files import write_text

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
    folder: Path,
) -> None:
    """Run solvers.

    Parameters
    ----------
    paths : sequence of Path
        Files of instances, of scenarios and of recipes of scenarios.
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
        The table of resupply scenarios is written beside it, as ``.md``.
    folder : Path
        Keeps the scenarios that are made of recipes, with their matrices.

    Raises
    ------
    UsageError
        If there is no such solver, or an instance cannot be read.
    """
    unknown = [solver for solver in solvers if solver not in SOLVERS]
    if unknown:
        raise UsageError(f"no solver {unknown[0]!r}; there are {', '.join(SOLVERS)}")
    # All are read before any is run: a mistyped name is told at once, not after hours.
    tasks = [_task(path, time_limit, peers, folder) for path in paths]
    for path, task in zip(paths, tasks, strict=True):
        if not set(solvers) & set(task.solvers):
            raise UsageError(f"{path}: a scenario is solved by {' and '.join(task.solvers)} alone")
    wanted = [one for one in solvers if any(one in task.solvers for task in tasks)]
    at_hand = [solver for solver in wanted if _is_at_hand(solver, peers)]
    before = kept(out)
    resupply = []
    for task in tasks:
        for seed, solver in itertools.product(range(1, seeds + 1), at_hand):
            if solver not in task.solvers:
                continue
            key = task.key(solver)
            line = before.get((solver, seed, key))
            if line is None:
                line = task.run(solver, seed, key)
                # What nobody can be given takes no time, and is told anew each time.
                if out is not None and not isinstance(task, _Unread):
                    add(out, line)
            is_resupply = line["family"] == FAMILY
            resupply += [line] if is_resupply else []
            told = resupply_row if is_resupply else row
            click.echo(json.dumps(line) if as_json else told(line))
    if resupply:
        _tell(table(resupply), as_json=as_json, out=out)


def _tell(markdown: str, *, as_json: bool, out: Path | None) -> None:
    if not as_json:
        click.echo("\n" + markdown)
    if out is not None:
        write_text(out.with_suffix(".md"), markdown)


def _task(
    path: Path, time_limit: float, peers: Path | None, folder: Path
) -> _Task | _Unread | ResupplyTask:
    """Return what is to be solved, or why nobody can."""
    if is_resupply(path):
        make(path, folder)
        return ResupplyTask(path, folder, time_limit)
    try:
        instance = read(path)
    except UnknownFamilyError as error:
        return _Unread(path, time_limit, str(error))
    return _Task(path, instance, known_of(instance, path), time_limit, peers)


@dataclass(frozen=True)
class _Unread:
    """A file of a family that nothing reads."""

    path: Path
    time_limit: float
    reason: str

    @property
    def solvers(self) -> tuple[str, ...]:
        return tuple(SOLVERS)

    def key(self, solver: str) -> str:
        return solver

    def run(self, solver: str, seed: int, key: str) -> dict[str, Any]:
        del key
        head = {"name": self.path.stem, "family": self.path.suffix[1:]}
        head |= {"solver": solver, "outcome": "cannot", "reason": self.reason}
        return asdict(Line(**head, seed=seed, time_limit=self.time_limit))


@dataclass(frozen=True)
class _Task:
    """An instance to be solved in a given time."""

    path: Path
    instance: Instance
    known: Known | None
    time_limit: float
    peers: Path | None

    @property
    def solvers(self) -> tuple[str, ...]:
        return tuple(SOLVERS)

    def key(self, solver: str) -> str:
        return key_of(self.path, solver, self.time_limit, self.peers)

    def run(self, solver: str, seed: int, key: str) -> dict[str, Any]:
        return asdict(self._line(solver, seed, key))

    def _line(self, solver: str, seed: int, key: str) -> Line:
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
