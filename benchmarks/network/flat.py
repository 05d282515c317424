"""Length over level ground against the straight line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.network.measure import Line
from benchmarks.network.raster import RESOLUTION_M, cells_of
from optimizer.network.search.cells import moves_of, search

__all__ = ["lines"]

SIDES = {"full": 1001, "small": 101}


def lines(size: str, peers: Path | None) -> Iterator[Line]:  # noqa: ARG001 - as of each case
    """Measure the case; see `benchmarks.network.source.lines`."""
    side = SIDES[size]
    level = np.zeros((side, side), np.float32)
    layers = {"elevation": level, "pace": level + 1, "blocked": level}
    ground = cells_of(layers, np.ones(201), steepest=1.0)
    middle = side // 2
    source = np.array([middle * side + middle], np.int32)
    found = search(ground, moves_of(ground), source, False, np.empty(0, np.int32))  # noqa: FBT003
    row, column = np.divmod(np.arange(side * side), side)
    straight = RESOLUTION_M * np.hypot(row - middle, column - middle)
    excess = found.cost[straight > 0] / straight[straight > 0] - 1
    yield Line(
        "flat",
        "largest excess of length, per cent",
        round(float(excess.max()) * 100, 3),
        "exact",
        0.0,
    )
    yield Line(
        "flat",
        "mean excess of length, per cent",
        round(float(excess.mean()) * 100, 3),
        "exact",
        0.0,
    )
