"""A matrix over raw roads: contracted and searched by us, searched as they are by the peers."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.network import scene
from benchmarks.network.measure import Line, spent_by

__all__ = ["lines"]

SEED = 31
#: Junctions that the matrix is of, and how many of them Valhalla is asked for, which takes longer.
COUNTS = {"full": (500, 100), "small": (40, 10)}
#: Processes of each, of which the middle one counts: other work on the machine costs cache.
RUNS = {"full": 3, "small": 1}
#: Side and seed of the made theatre of the small size.
MADE = 240, 41
ROOT = Path(__file__).parents[2]
EXTRACT = "andorra/andorra-2025-01-19.osm.pbf"
#: Sums of the same lengths in another order, and cuts of long edges, which lie on whole
#: centimetres, differ by less.
EQUAL = 1e-6


def lines(size: str, peers: Path | None, folder: Path, osm: Path | None) -> Iterator[Line]:
    """Measure the case.

    Parameters
    ----------
    size : str
        ``full`` or ``small``.
    peers : Path or None
        Folder with the peers' packages.
    folder : Path
        Keeps the made theatre of the small size.
    osm : Path or None
        Extract of OpenStreetMap for the full size; by default Andorra's beside the checkout.

    Yields
    ------
    Line
        CPU seconds from ways in memory to the matrix, ours and each peer's, and how the values
        differ.
    """
    source = _source(size, folder, osm)
    if source is None:
        return
    count, fewer = COUNTS[size]
    path = os.pathsep.join(str(p) for p in (ROOT, peers) if p)
    with tempfile.TemporaryDirectory(prefix="convoi-bench-") as scratch:
        place = Path(scratch)

        def run(module: str, *more: object) -> dict[str, float]:
            command = [sys.executable, "-m", f"benchmarks.network.{module}", *map(str, more)]
            outputs = [
                spent_by(command, place, {"PYTHONPATH": path}).output for _ in range(RUNS[size])
            ]
            told = [json.loads(output.splitlines()[-1]) for output in outputs]
            return {key: statistics.median(one[key] for one in told) for key in told[0]}

        ours = run("one_roads", source, place, count, fewer, SEED)
        whole_s = ours["contraction_s"] + ours["matrix_s"]
        for what in ("nodes", "arcs"):
            yield Line(
                "roads",
                f"{what} after contraction",
                ours[f"contracted_{what}"],
                "raw",
                ours[f"raw_{what}"],
            )
        yield Line("roads", "CPU s to load what is compiled, not counted", ours["load_s"])
        found = np.load(place / "ours.npy")
        for peer, graph in _at_hand(peers):
            told = run("peer_roads", peer, graph, place)
            name = f"{peer}, {graph} graph"
            if graph == "raw":
                yield Line("roads", "CPU s, contraction and matrix", whole_s, name, told["cpu_s"])
                yield from _apart(found, np.load(place / "peer.npy"), name)
            if told["prepared_s"] or graph != "raw":
                asked_s = told["cpu_s"] - told["prepared_s"]
                yield Line("roads", "CPU s, matrix alone", ours["matrix_s"], name, asked_s)
        python = _python_of_valhalla(peers)
        if size == "full" and python:
            name = f"pyvalhalla, by car, {fewer} x {fewer}"
            fewer_s = ours["contraction_s"] + ours["fewer_s"]
            theirs_s = _valhalla(python, source, place, peers, fewer)
            yield Line("roads", "CPU s, contraction and matrix", fewer_s, name, theirs_s)


def _source(size: str, folder: Path, osm: Path | None) -> Path | None:
    if size == "small":
        return scene.theatre(folder, *MADE).folder
    beside = Path(os.environ.get("CONVOI_REALDATA", ROOT.parent / "shared" / "realdata")) / EXTRACT
    path = osm or beside
    if path.exists():
        return path
    click.echo(
        f"roads: LEFT OUT: {path} is not there; give an extract of OpenStreetMap with --osm"
        " (convoi terrain fetch gets one)",
        err=True,
    )
    return None


def _at_hand(peers: Path | None) -> Iterator[tuple[str, str]]:
    """Yield peers and the graphs that they search."""
    yield from (("SciPy", "raw"), ("SciPy", "contracted"))
    if peers and (peers / "pandana").is_dir():
        yield from (("pandana", "raw"), ("pandana", "contracted"))
    else:
        _left_out("pandana is not in the folder of peers")


def _left_out(why: str) -> None:
    click.echo(
        f"roads: LEFT OUT: {why}; benchmarks/network/peers.txt tells how to get it", err=True
    )


def _apart(ours: NDArray[np.float64], theirs: NDArray[np.float64], name: str) -> Iterator[Line]:
    """Compare all values."""
    joined = np.isfinite(theirs)
    reached = int((np.isfinite(ours) != joined).sum())
    yield Line("roads", "pairs that only one of the two joins", reached, name, 0.0)
    both = joined & np.isfinite(ours)
    apart_m = np.abs(ours[both] - theirs[both])
    if name.startswith("SciPy"):  # pandana counts each arc in whole millimetres
        differ = int((apart_m > EQUAL * theirs[both]).sum())
        measure = f"values that differ by more than a millionth, of {ours.size}"
        yield Line("roads", measure, differ, name, 0.0)
    yield Line("roads", "largest difference, mm", round(float(apart_m.max()) * 1000, 3), name, 0.0)


def _python_of_valhalla(peers: Path | None) -> str | None:
    if not (peers and (peers / "valhalla").is_dir()):
        _left_out("pyvalhalla is not in the folder of peers")
        return None
    for name in ("python3.12", "python3.13", "python3.14"):
        found = shutil.which(name)
        command = [found or "", "-c", "import valhalla"]
        environment = {**os.environ, "PYTHONPATH": str(peers)}
        if (
            found
            and not subprocess.run(
                command, env=environment, capture_output=True, check=False
            ).returncode
        ):
            return found
    _left_out("no Python 3.12 or later, which pyvalhalla needs, is on the PATH")
    return None


def _valhalla(python: str, source: Path, place: Path, peers: Path | None, count: int) -> float:
    """Return the seconds that Valhalla takes for the matrix of a few of the junctions."""
    points = np.load(place / "lonlat.npy")[:count]
    (place / "places.json").write_text(json.dumps(points.tolist()), encoding="utf-8")
    script = Path(__file__).with_name("peer_valhalla.py")
    command = [python, script, source, place / "places.json", place]
    output = spent_by(command, place, {"PYTHONPATH": str(peers)}).output
    return float(json.loads(output.splitlines()[-1])["cpu_s"])
