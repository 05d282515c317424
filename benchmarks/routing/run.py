"""Runs solvers on instances one after the other and writes a line a run, each judged apart."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.network.measure import machine, spent_by
from benchmarks.routing.convention import DIMACS
from benchmarks.routing.evaluate import InfeasibleError, evaluate
from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.known import Known, known_of
from benchmarks.routing.reading import UnknownFamilyError, read
from benchmarks.routing.solve import SOLVERS
from optimizer.errors import UsageError

__all__ = ["SOLVERS", "Line", "main"]

ROOT = Path(__file__).parents[2]
#: Packages whose versions decide what a solver finds.
PACKAGES = {
    "convoi": ("ortools", "pyvrp", "numpy"),
    "pyvrp": ("pyvrp",),
    "pyvrp-restarts": ("pyvrp",),
    "ortools": ("ortools",),
    "vroom": ("pyvroom",),
}


@dataclass(frozen=True)
class Line:
    """One run of a solver on an instance.

    Parameters
    ----------
    name, family, solver : str
        What was run.
    seed : int
        Seed.
    time_limit : float
        Wall time that was given, in seconds.
    outcome : str
        ``"solved"``, ``"refused"`` (the solution breaks a rule), ``"cannot"`` (the solver cannot
        state the instance) or ``"failed"``.
    reason : str
        Why, unless it was solved.
    cost, vehicles : float and int or None
        As judged, in units of the file.
    seconds, cpu_s : float or None
        On the clock from the instance in memory to the answer; of all processes, with loading.
    known, known_vehicles : float and int or None
        Best known value.
    gap : float or None
        Of the cost above the best known, in per cent. Where fewer vehicles come first there is
        none unless there are as many.
    cost_dimacs : float or None
        Where ways are not rounded, the same routes in tenths that are cut off.
    load : float
        Load of the machine when the run began.
    run : str
        What tells it from every other run: file, limit, machine and versions.
    """

    name: str
    family: str
    solver: str
    seed: int
    time_limit: float
    outcome: str
    reason: str = ""
    cost: float | None = None
    vehicles: int | None = None
    seconds: float | None = None
    cpu_s: float | None = None
    known: float | None = None
    known_vehicles: int | None = None
    gap: float | None = None
    cost_dimacs: float | None = None
    load: float = 0
    run: str = ""


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
    kept = _kept(out)
    for path, task in zip(paths, tasks, strict=True):
        for seed in range(1, seeds + 1):
            for solver in at_hand:
                key = _key(path, solver, time_limit, peers)
                line = kept.get((solver, seed, key))
                if isinstance(task, str):
                    head = {"name": path.stem, "family": path.suffix[1:], "time_limit": time_limit}
                    head |= {"solver": solver, "seed": seed, "outcome": "cannot"}
                    line = asdict(Line(**head, reason=task))
                elif line is None:
                    line = asdict(task.run(solver, seed, key))
                    if out is not None:
                        _add(out, line)
                click.echo(json.dumps(line) if as_json else _row(line))


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
        return _judged(self.instance, self.known, routes, head)


def _judged(
    instance: Instance, known: Known | None, routes: Sequence[Route], head: dict[str, Any]
) -> Line:
    """Judge a solution from the instance alone."""
    try:
        found = evaluate(instance, routes)
    except InfeasibleError as error:
        return Line(**head, outcome="refused", reason=str(error))
    family = instance.family
    gap = None
    if known and not (family.vehicles_first and found.vehicles != known.vehicles):
        gap = round(100 * (found.cost / known.cost - 1), 3)
    tenths = None
    if family.convention.rounding == "none":
        tenths = round(evaluate(instance, routes, DIMACS).cost, 1)
    return Line(
        **head,
        outcome="solved",
        cost=round(found.cost, 3),
        vehicles=found.vehicles,
        gap=gap,
        cost_dimacs=tenths,
    )


def _is_at_hand(solver: str, peers: Path | None) -> bool:
    if solver != "vroom" or (peers and (peers / "vroom").is_dir()):
        return True
    click.echo(
        "LEFT OUT: vroom is not in the folder of peers; benchmarks/routing/peers.txt tells how to"
        " get it",
        err=True,
    )
    return False


def _key(path: Path, solver: str, time_limit: float, peers: Path | None) -> str:
    """Return what tells a run from others: content, limit, machine and versions."""
    about = {key: value for key, value in machine().items() if key != "load_average"}
    content = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    versions = [f"{name} {_version(name, peers)}" for name in PACKAGES[solver]]
    versions.append(f"source {_source(solver)}")
    what = [content, f"{time_limit:g} s", *versions, *(f"{k} {v}" for k, v in about.items())]
    return ", ".join(what)


def _version(name: str, peers: Path | None) -> str:
    places = [str(peers)] if name == "pyvroom" and peers else None
    search = {} if places is None else {"path": places}
    found = next(iter(importlib.metadata.distributions(name=name, **search)), None)
    return found.version if found else "none"


@functools.cache
def _source(solver: str) -> str:
    """Return a digest of the source that a solver runs: what states instances, and Convoi."""
    here = Path(__file__).parent
    names = ("convention", "instance", "reading", "stated", "tables", "solve", SOLVERS[solver])
    paths = [here / f"{name}.py" for name in names]
    if solver == "convoi":
        paths += sorted((ROOT / "optimizer").rglob("*.py"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _kept(out: Path | None) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Return the runs that a file holds; what is cut off at its end is run again."""
    kept = {}
    if out is not None and out.exists():
        for text in out.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if line["outcome"] != "failed":
                kept[line["solver"], line["seed"], line["run"]] = line
    return kept


def _add(out: Path, line: dict[str, Any]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = not out.exists() or not out.stat().st_size or out.read_bytes().endswith(b"\n")
    with out.open("a", encoding="utf-8") as target:
        target.write(("" if whole else "\n") + json.dumps(line) + "\n")


def _row(line: dict[str, Any]) -> str:
    head = f"{line['name']:<16} {line['solver']:<15} {line['seed']:>3}"
    if line["outcome"] != "solved":
        return f"{head}  {line['outcome']}: {line['reason']}"
    gap = "" if line["gap"] is None else f"{line['gap']:.2f} %"
    known = line["known"]
    beside = "" if known is None else f"  best known {line['known_vehicles']} {known:g}"
    found = f"{line['vehicles']:>4} {line['cost']:>12g} {line['seconds']:>7.1f} s {gap:>9}"
    return f"{head} {found}{beside}"
