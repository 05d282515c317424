"""Least-cost paths for roads on a grid, with a cost of gradient that depends on the direction.

A move goes to one of 32 neighbours. Roads that exist already are cheap to follow, may be joined at
their nodes only, and must not be crossed elsewhere, so that the network stays planar. The idea is
that of Galin, Peytavie, Maréchal and Guérin (Computer Graphics Forum 29, 2010).
"""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled
from optimizer.terrain.synth.arrays import Booleans, Floats

__all__ = ["MOVES", "PASSED", "PASSED_COUNT", "Land", "Roads", "search"]


class Land(NamedTuple):
    """What the ground costs a road builder; arrays of shape (rows, columns).

    Parameters
    ----------
    ground : ndarray
        Elevation in metres.
    cost : ndarray
        Cost of a metre of new road on flat ground; infinite where none can be.
    crossing : ndarray
        Cost of a metre in water, besides; 0 elsewhere.
    resolution_m : float
        Side of a cell.
    """

    ground: Floats
    cost: Floats
    crossing: Floats
    resolution_m: float


class Roads(NamedTuple):
    """The roads that exist; arrays of shape (rows, columns).

    Parameters
    ----------
    node, taken, near : ndarray of bool
        Nodes of roads; cells that roads touch; cells beside these.
    used : ndarray of uint32
        A bit for each move along which a road runs.
    """

    node: Booleans
    taken: Booleans
    near: Booleans
    used: NDArray[np.uint32]


#: Longest reach of a move along an axis, in cells.
REACH = 3


def _moves() -> list[tuple[int, int]]:
    """Return the 32 moves: all steps within the reach that are no multiple of a shorter one."""
    span = range(-REACH, REACH + 1)
    return [(row, column) for row in span for column in span if math.gcd(row, column) == 1]


def _passed(row: int, column: int) -> list[tuple[int, int]]:
    """Return the cells that a straight move touches, its ends left out."""
    ends = {(0, 0), (row, column)}
    return [
        (r, c)
        for r in range(min(row, 0), max(row, 0) + 1)
        for c in range(min(column, 0), max(column, 0) + 1)
        # Distance of the centre from the line, against half the cell's width across the line.
        if (r, c) not in ends and abs(r * column - c * row) <= (abs(row) + abs(column)) / 2
    ]


_CELLS = [_passed(r, c) for r, c in _moves()]
_MOST = max(len(cells) for cells in _CELLS)
#: Moves as (rows, columns).
MOVES = np.array(_moves(), np.int64)
#: Cells that each move passes, as (rows, columns), padded with zeros.
PASSED = np.array([c + [(0, 0)] * (_MOST - len(c)) for c in _CELLS], np.int64)
PASSED_COUNT = np.array([len(c) for c in _CELLS], np.int64)
#: Gradient up to which a road is built willingly, and that which it avoids at nearly any price.
EASY_GRADE, HARD_GRADE = 0.06, 0.105
#: Cost of an easy gradient, and of each unit of gradient beyond the hard one, in flat metres.
EASY_COST, HARD_COST = 0.8, 260.0
#: Factor on a step beside a road that it does not join: no two roads side by side.
BESIDE_COST = 3.0


@compiled
def _step_cost(land: Land, roads: Roads, r: np.int64, c: np.int64, k: int) -> np.float64:
    """Return the cost of building a new road along a move; infinite where that is not possible."""
    rr = r + MOVES[k, 0]
    cc = c + MOVES[k, 1]
    if roads.taken[rr, cc] and not roads.node[rr, cc]:
        return np.float64(np.inf)
    square = float(MOVES[k, 0] ** 2 + MOVES[k, 1] ** 2)
    run = land.resolution_m * math.sqrt(square)
    each = 0.5 * (land.cost[r, c] + land.cost[rr, cc])
    wet = 0.5 * (land.crossing[r, c] + land.crossing[rr, cc])
    rise = land.ground[rr, cc] - land.ground[r, c]
    bump = 0.0
    for i in range(PASSED_COUNT[k]):
        pr = r + PASSED[k, i, 0]
        pc = c + PASSED[k, i, 1]
        if roads.taken[pr, pc]:
            return np.float64(np.inf)
        each = max(each, land.cost[pr, pc])
        wet = max(wet, land.crossing[pr, pc])
        part = (PASSED[k, i, 0] * MOVES[k, 0] + PASSED[k, i, 1] * MOVES[k, 1]) / square
        bump = max(bump, abs(land.ground[pr, pc] - land.ground[r, c] - part * rise))
    if each == np.inf:
        return np.float64(np.inf)
    grade = (abs(rise) + 0.5 * bump) / run
    if wet > 0.0:
        grade *= 0.5  # a bridge spans the bed
    slope_cost = 1.0 + EASY_COST * (grade / EASY_GRADE) ** 2
    if grade > HARD_GRADE:
        slope_cost += HARD_COST * (grade - HARD_GRADE)
    step = np.float64(run * (each * slope_cost + wet))
    joins = roads.node[r, c] or roads.node[rr, cc]
    if roads.near[r, c] and roads.near[rr, cc] and not joins:
        return step * BESIDE_COST
    return step


@compiled
def search(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    land: Land,
    roads: Roads,
    target: Booleans,
    start: tuple[int, int],
    window: tuple[int, int, int, int],
    reuse: float,
) -> NDArray[np.int64]:
    """Find the cheapest path from a cell to the nearest cell of a target.

    Parameters
    ----------
    land : Land
        What the ground costs.
    roads : Roads
        What exists.
    target : ndarray of bool, shape (rows, columns)
        Where the path may end.
    start : tuple of int
        Row and column.
    window : tuple of int
        First row, first column, row and column after the last: the search stays inside.
    reuse : float
        Cost of a metre on an existing road.

    Returns
    -------
    ndarray, shape (cells, 2)
        Rows and columns from the start; empty if there is no path.
    """
    top, left, bottom, right = window
    width = right - left
    best = np.full((bottom - top, width), np.inf)
    came = np.full((bottom - top, width), -1, np.int8)
    done = np.zeros((bottom - top, width), np.bool_)
    best[start[0] - top, start[1] - left] = 0.0
    heap = [(0.0, np.int64((start[0] - top) * width + start[1] - left))]
    while len(heap) > 0:
        so_far, cell = heapq.heappop(heap)
        r = cell // width + top
        c = cell % width + left
        if done[r - top, c - left]:
            continue
        done[r - top, c - left] = True
        if target[r, c]:
            return _trace(came, r - top, c - left, top, left)
        for k in range(MOVES.shape[0]):
            rr = r + MOVES[k, 0]
            cc = c + MOVES[k, 1]
            if not (top <= rr < bottom and left <= cc < right) or done[rr - top, cc - left]:
                continue
            if (roads.used[r, c] >> np.uint32(k)) & np.uint32(1):
                run = land.resolution_m * math.sqrt(float(MOVES[k, 0] ** 2 + MOVES[k, 1] ** 2))
                step = run * reuse
            else:
                step = _step_cost(land, roads, r, c, k)
            total = so_far + step
            if total < best[rr - top, cc - left]:
                best[rr - top, cc - left] = total
                came[rr - top, cc - left] = k
                heapq.heappush(heap, (total, np.int64((rr - top) * width + cc - left)))
    return np.empty((0, 2), np.int64)


@compiled
def _trace(
    came: NDArray[np.int8], row: np.int64, column: np.int64, top: int, left: int
) -> NDArray[np.int64]:
    """Return the path to a cell of the window, from its start."""
    length = 1
    r = row
    c = column
    while came[r, c] >= 0:
        k = came[r, c]
        r -= MOVES[k, 0]
        c -= MOVES[k, 1]
        length += 1
    path = np.empty((length, 2), np.int64)
    for i in range(length - 1, -1, -1):
        path[i, 0] = row + top
        path[i, 1] = column + left
        k = came[row, column]
        if k >= 0:
            row -= MOVES[k, 0]
            column -= MOVES[k, 1]
    return path
