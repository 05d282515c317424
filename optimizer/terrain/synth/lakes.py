"""Lakes: valleys that are filled behind a sill."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from optimizer.compiled import compiled
from optimizer.terrain.synth.arrays import Booleans, Cells, Floats
from optimizer.terrain.synth.flow import Drainage
from optimizer.terrain.synth.relief import Relief

__all__ = ["find_lakes"]

#: A lake for so many km2 of map; area of the basin above it; its own area; distance between two.
KM2_A_LAKE = 750.0
BASIN_M2 = (6e6, 0.5e9)
LAKE_M2 = (0.4e6, 4e6)
APART_M = 6_000.0
#: Height of the sill in metres, and how many places are tried.
SILL_M = (8.0, 28.0)
TRIED = 110
#: Cells between a lake and the edge of the map.
FROM_EDGE = 12


def find_lakes(
    rng: np.random.Generator, relief: Relief, drainage: Drainage, bed: Floats
) -> list[tuple[int, Booleans]]:
    """Choose the lakes of a map: the most compact of many that could be.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    relief : Relief
        The padded domain.
    drainage : Drainage
        How it drains.
    bed : ndarray, shape (cells,)
        Elevation of the water.

    Returns
    -------
    list of tuple
        The mouth, and which cells the lake covers, of shape (cells,).
    """
    shape = relief.elevation.shape
    side_km = (shape[0] - 2 * relief.margin) * relief.resolution_m / 1000.0
    wanted = round(side_km**2 / KM2_A_LAKE)
    inner = np.zeros(shape, np.bool_)
    pad = relief.margin + FROM_EDGE
    inner[pad : shape[0] - pad, pad : shape[1] - pad] = True
    area = drainage.area_m2
    mouths = np.flatnonzero((area > BASIN_M2[0]) & (area < BASIN_M2[1]) & inner.ravel())
    if wanted == 0 or not mouths.size:
        return []
    found: list[tuple[float, int, Booleans]] = []
    for mouth in rng.choice(mouths, min(TRIED, mouths.size), replace=False).tolist():
        level = bed[mouth] + rng.uniform(*SILL_M)
        basin = _upstream(drainage.receiver, drainage.order, bed, mouth, level)
        if not LAKE_M2[0] < basin.sum() * relief.resolution_m**2 < 2.0 * LAKE_M2[1]:
            continue
        # Narrow arms are left to the rivers.
        body = ndimage.binary_opening(basin.reshape(shape), iterations=3)
        size_m2 = float(body.sum()) * relief.resolution_m**2
        if LAKE_M2[0] < size_m2 < LAKE_M2[1] and inner[body].all():
            found.append((size_m2 / float(basin.sum()), mouth, body.ravel()))
    chosen: list[tuple[int, Booleans]] = []
    for _compact, mouth, body in sorted(found, key=lambda f: (-f[0], f[1])):
        apart = [_distance(mouth, other, shape[1]) for other, _ in chosen]
        if min(apart, default=np.inf) * relief.resolution_m > APART_M:
            chosen.append((mouth, body))
        if len(chosen) == wanted:
            break
    return chosen


def _distance(a: int, b: int, columns: int) -> float:
    """Return the distance of two cells, in cells."""
    return float(np.hypot(a // columns - b // columns, a % columns - b % columns))


@compiled
def _upstream(receiver: Cells, order: Cells, bed: Floats, mouth: int, level: float) -> Booleans:
    """Return the cells that drain to the mouth through cells below a level."""
    found = np.zeros(bed.size, np.bool_)
    found[mouth] = True
    for i in range(order.size):
        cell = order[i]
        if bed[cell] < level and found[receiver[cell]]:
            found[cell] = True
    return found
