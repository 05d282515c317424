"""Where water goes: depressions filled, one receiver a cell, drainage area."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from optimizer.compiled import compiled
from optimizer.terrain.synth.arrays import Booleans, Cells, Floats

__all__ = ["Drainage", "accumulate", "route", "run_of", "unrest"]


@dataclass(frozen=True)
class Drainage:
    """How a grid drains.

    Parameters
    ----------
    receiver, order : ndarray of int32, shape (cells,)
        Receiver of each cell; cells, receivers before donors.
    filled : ndarray, shape (rows, columns)
        Elevation without depressions, in metres.
    area_m2 : ndarray, shape (cells,)
        Drainage area of each cell.
    """

    receiver: Cells
    order: Cells
    filled: Floats
    area_m2: Floats


#: Least fall from a cell to its receiver in metres: enough to give filled flats a way out.
LEAST_FALL_M = 1e-4

#: Limits of the noise on slopes: its eighth power must not vanish beside a height in metres.
NOISE_LIMITS = (0.2, 5.0)


def unrest(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return the noise that `route` asks for.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    shape : tuple of int
        Rows and columns.

    Returns
    -------
    ndarray, shape `shape`
        Factors about 1.
    """
    white = rng.standard_normal(shape)
    soft = ndimage.gaussian_filter(rng.standard_normal(shape), 2.5)
    # On a very small grid the soft noise is nearly flat, and its share beyond any exponential.
    exponent = 0.14 * white + 0.16 * soft / max(float(soft.std()), 1e-9)
    return np.asarray(np.exp(np.clip(exponent, *np.log(NOISE_LIMITS))))


@compiled
def route(elevation: Floats, outlet: Booleans, noise: Floats) -> tuple[Cells, Cells, Floats]:  # noqa: C901 - one compiled loop
    """Fill depressions and find the receiver of every cell (D8).

    Priority-flood with an epsilon (Barnes, Lehman and Mulla, Computers & Geosciences 62, 2014):
    cells are visited in the order of their filled height, so the order of visits is also an order
    in which a receiver comes before its donors.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres.
    outlet : ndarray of bool, shape (rows, columns)
        Cells through which water leaves; at least one.
    noise : ndarray, shape (rows, columns)
        Factors near 1 on the slope towards a cell, from `unrest`: they break the preference of D8
        for the axes, and let water wind through what was filled.

    Returns
    -------
    receiver : ndarray of int32, shape (cells,)
        Cell into which each drains; an outlet drains into itself.
    order : ndarray of int32, shape (cells,)
        Cells, receivers before donors.
    filled : ndarray, shape (rows, columns)
        Elevation without depressions.
    """
    rows, columns = elevation.shape
    filled = np.full((rows, columns), np.inf)
    receiver = np.arange(rows * columns).astype(np.int32)
    order = np.empty(rows * columns, np.int32)
    heap = [(0.0, np.int64(0))]
    heap.pop()  # the list now has a type that the compiler knows
    for r in range(rows):
        for c in range(columns):
            if outlet[r, c]:
                filled[r, c] = elevation[r, c]
                heapq.heappush(heap, (filled[r, c], np.int64(r * columns + c)))
    visited = 0
    while len(heap) > 0:
        height, cell = heapq.heappop(heap)
        order[visited] = cell
        visited += 1
        r = cell // columns
        c = cell % columns
        best = 0.0
        for dr in range(-1, 2):
            for dc in range(-1, 2):
                rr = r + dr
                cc = c + dc
                if (dr == 0 and dc == 0) or not (0 <= rr < rows and 0 <= cc < columns):
                    continue
                if filled[rr, cc] == np.inf:
                    least = height + LEAST_FALL_M * noise[rr, cc] ** 8
                    filled[rr, cc] = max(elevation[rr, cc], least)
                    heapq.heappush(heap, (filled[rr, cc], np.int64(rr * columns + cc)))
                elif not outlet[r, c]:
                    fall = (height - filled[rr, cc]) * noise[rr, cc]
                    if dr != 0 and dc != 0:
                        fall /= math.sqrt(2.0)
                    if fall > best:
                        best = fall
                        receiver[cell] = rr * columns + cc
    return receiver, order, filled


@compiled
def accumulate(receiver: Cells, order: Cells, source: Floats) -> Floats:
    """Sum a quantity down the flow.

    Parameters
    ----------
    receiver, order : ndarray, shape (cells,)
        From `route`.
    source : ndarray, shape (cells,)
        What each cell adds.

    Returns
    -------
    ndarray, shape (cells,)
        What passes through each cell, its own part included.
    """
    total = source.copy()
    for i in range(order.size - 1, -1, -1):
        cell = order[i]
        if receiver[cell] != cell:
            total[receiver[cell]] += total[cell]
    return total


@compiled
def run_of(cell: int, down: int, columns: int) -> float:
    """Return the distance from a cell to its receiver.

    Parameters
    ----------
    cell, down : int
        Cell and receiver.
    columns : int
        Columns of the grid.

    Returns
    -------
    float
        1, or the root of 2, in cells.
    """
    if cell // columns != down // columns and cell % columns != down % columns:
        return math.sqrt(2.0)
    return 1.0
