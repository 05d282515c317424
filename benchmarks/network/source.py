"""One source over the whole raster, from rasters on disk to rasters on disk."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.network import raster
from benchmarks.network.grass import walk
from benchmarks.network.measure import Line, Spent, spent_by

__all__ = ["lines"]

SEED = 11
SIDES = {"full": 2000, "small": 200}
ROOT = Path(__file__).parents[2]


def lines(size: str, peers: Path | None) -> Iterator[Line]:
    """Measure the case.

    Parameters
    ----------
    size : str
        ``full`` or ``small``.
    peers : Path or None
        Folder with the peers' packages.

    Yields
    ------
    Line
        CPU seconds and peak memory, ours and each peer's.
    """
    side = SIDES[size]
    path = os.pathsep.join(str(p) for p in (peers, ROOT) if p)
    with tempfile.TemporaryDirectory(prefix="convoi-bench-") as scratch:
        folder = Path(scratch)
        for name, values in raster.make(side, SEED).items():
            raster.write(folder / f"{name}.tif", values)

        def run(module: str, *more: str) -> Spent:
            command = [sys.executable, "-m", f"benchmarks.network.{module}", folder, *more]
            return spent_by(command, folder, {"PYTHONPATH": path})

        run("one_source")  # compiles, once for this machine
        ours = run("one_source")
        inside = json.loads(ours.output.splitlines()[-1])["after_start_s"]
        found = {}
        if shutil.which("grass"):
            found["GRASS r.walk -k"] = walk(folder, side)
        else:
            click.echo("source: GRASS is not installed", err=True)
        for peer in ("scikit-image", "scipy"):
            if peer == "scipy" or (peers and (peers / "skimage").is_dir()):
                found[peer] = run("peer_source", peer)
            else:
                click.echo(f"source: {peer} is not in the folder of peers", err=True)
        for peer, spent in found.items():
            # Of GRASS, the search alone is measured, which reads and writes its own rasters; of the
            # others the whole process, with start, GeoTIFF in and GeoTIFF out, as of ours.
            yield Line("source", "CPU s, whole process", ours.cpu_s, peer, spent.cpu_s)
            yield Line("source", "CPU s after start", inside, peer, spent.cpu_s)
            yield Line("source", "peak MB", ours.peak_mb, peer, spent.peak_mb)
