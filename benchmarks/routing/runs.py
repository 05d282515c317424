"""Runs that were made before: what tells them apart, and the file that keeps them."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Any

from benchmarks.network.measure import machine
from benchmarks.routing.solve import SOLVERS

__all__ = ["ROOT", "add", "kept", "key_of", "told_by"]

ROOT = Path(__file__).parents[2]
#: Packages whose versions decide what a solver finds.
PACKAGES = {
    "convoi": ("ortools", "pyvrp", "numpy"),
    "pyvrp": ("pyvrp",),
    "pyvrp-restarts": ("pyvrp",),
    "ortools": ("ortools",),
    "vroom": ("pyvroom",),
}


def key_of(path: Path, solver: str, time_limit: float, peers: Path | None) -> str:
    """Return what tells a run from others, but for its seed.

    Parameters
    ----------
    path : Path
        File of the instance.
    solver : str
        Of `SOLVERS`.
    time_limit : float
        Wall time in seconds.
    peers : Path or None
        Folder of the peers' packages.

    Returns
    -------
    str
        Content of the file, limit, versions and machine.
    """
    content = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return told_by(content, solver, time_limit, _source(solver), peers)


def told_by(
    content: str, solver: str, time_limit: float, source: str, peers: Path | None = None
) -> str:
    """Return what tells a run from others: all that decides it.

    Parameters
    ----------
    content : str
        What was solved, or its digest.
    solver : str
        Of `SOLVERS`.
    time_limit : float
        Wall time in seconds.
    source : str
        Digest of the source that runs.
    peers : Path, optional
        Folder of the peers' packages.

    Returns
    -------
    str
        With limit, versions and machine.
    """
    about = {key: value for key, value in machine().items() if key != "load_average"}
    versions = [f"{name} {_version(name, peers)}" for name in PACKAGES[solver]]
    versions.append(f"source {source}")
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


def kept(out: Path | None) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Read the runs that a file holds.

    Parameters
    ----------
    out : Path or None
        File of JSON lines.

    Returns
    -------
    dict
        Lines by solver, seed and run, without those that failed or were cut off at the end.
    """
    found = {}
    if out is not None and out.exists():
        for text in out.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if line["outcome"] != "failed":
                found[line["solver"], line["seed"], line["run"]] = line
    return found


def add(out: Path, line: dict[str, Any]) -> None:
    """Add a run to a file, on a line of its own also where the last one was cut off.

    Parameters
    ----------
    out : Path
        File of JSON lines.
    line : dict
        Fields of a `Line`.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = not out.exists() or not out.stat().st_size or out.read_bytes().endswith(b"\n")
    with out.open("a", encoding="utf-8") as target:
        target.write(("" if whole else "\n") + json.dumps(line) + "\n")
