"""Our search with r.walk's own formula, cell by cell."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import rasterio

from benchmarks.network import raster
from benchmarks.network.grass import COEFFICIENTS, SLOPE_FACTOR, walk
from benchmarks.network.measure import Line
from optimizer.network.search.cells import moves_of, search

__all__ = ["lines", "slope_of_walk"]

#: r.walk's formula jumps at its slope factor, which a table in steps of a hundredth blurs.
_POINTS = 200_001

SEED = 12
SIDES = {"full": 1000, "small": 120}


def slope_of_walk() -> np.ndarray:
    """Return the factor at each grade that makes our time that of r.walk without friction.

    r.walk: time = a x distance + b x rise, or + c x fall where the grade is between
    `slope_factor` and 0, or + d x fall where it is steeper; our pace on the level is a.
    """
    a, b, c, d = COEFFICIENTS
    grade = np.linspace(-1, 1, _POINTS)
    per_metre = np.select(
        [grade >= 0, grade >= SLOPE_FACTOR],
        [a + b * grade, a + c * grade],
        a + d * grade,
    )
    return np.asarray(a / per_metre)


def lines(size: str, peers: Path | None) -> Iterator[Line]:  # noqa: ARG001 - as of each case
    """Measure the case; see `benchmarks.network.source.lines`."""
    if not shutil.which("grass"):
        click.echo("agreement: GRASS is not installed", err=True)
        return
    side = SIDES[size]
    layers = raster.make(side, SEED)
    layers["pace"] = np.full_like(layers["pace"], COEFFICIENTS[0])
    layers["none"] = np.zeros_like(layers["pace"])
    # r.walk knows no limit of the slope, and passes between blocked cells: none are blocked here.
    layers["blocked"] = np.zeros_like(layers["pace"])
    with tempfile.TemporaryDirectory(prefix="convoi-bench-") as scratch:
        folder = Path(scratch)
        for name, values in layers.items():
            raster.write(folder / f"{name}.tif", values)
        walk(folder, side, friction="none", lambda_=0.0)
        with rasterio.open(folder / "walk.tif") as source:
            theirs = source.read(1).astype(float)
    ground = raster.cells_of(layers, slope_of_walk(), steepest=1e9)
    middle = np.array([side // 2 * side + side // 2], np.int32)
    ours = search(ground, moves_of(ground), middle, False, np.empty(0, np.int32)).cost  # noqa: FBT003
    other = theirs.ravel()
    compared = np.isfinite(other) & (other > 0)
    off = np.abs(ours[compared] / other[compared] - 1)
    for limit in (0.01, 0.001):
        share = round(float((off <= limit).mean()) * 100, 3)
        yield Line(
            "agreement", f"cells within {limit:.1%}, per cent", share, "GRASS r.walk -k", 100.0
        )
    yield Line("agreement", "largest difference, per cent", round(float(off.max()) * 100, 3))
