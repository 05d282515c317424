"""Cuts the beds of rivers into the ground, so that water runs downhill all the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from optimizer.compiled import compiled
from optimizer.terrain.synth.arrays import Booleans, Cells, Floats
from optimizer.terrain.synth.courses import RIVER_M2, STREAM_M2, Course
from optimizer.terrain.synth.flow import Drainage

__all__ = ["base_of", "carve", "cells_along", "grade_beds", "settle"]

Indices = NDArray[np.intp]
#: Rows, columns, elevation of the water and drainage area of the cells of a course, downstream.
Way = tuple[Indices, Indices, Floats, Floats]
#: Steepest beds: of rivers, of streams of four times the least area, of any stream.
STEEPEST_BEDS = (0.04, 0.1, 0.5)
#: The floor of a valley: width at the least stream in metres, and exponent of the drainage area.
FLOOR_M, FLOOR_EXPONENT = 25.0, 0.38
#: Slope of a floor, and how far beside it an old bed is filled, in metres.
FLOOR_SLOPE, FILL_M = 0.012, 60.0
#: The ground beside a floor is cut to this slope, and steeper by the square of the distance in
#: metres over `BANK_RADIUS_M`, so that nothing far from the water is touched.
BANK_SLOPE, BANK_RADIUS_M = 0.12, 160.0
#: Drainage area that gives the shore of a lake its form.
SHORE_M2 = 5e6


@compiled
def grade_beds(
    bed: Floats, receiver: Cells, order: Cells, area: Floats, resolution_m: float
) -> None:
    """Cut back, in place, the beds of streams that would hang over what lies downstream.

    Parameters
    ----------
    bed : ndarray, shape (cells,)
        Elevation of the water.
    receiver, order : ndarray, shape (cells,)
        How the ground drains.
    area : ndarray, shape (cells,)
        Drainage area.
    resolution_m : float
        Side of a cell.
    """
    for i in range(order.size):
        cell = order[i]
        down = receiver[cell]
        if area[cell] < STREAM_M2 or down == cell:
            continue
        steepest = STEEPEST_BEDS[2]
        if area[cell] > RIVER_M2:
            steepest = STEEPEST_BEDS[0]
        elif area[cell] > 4.0 * STREAM_M2:
            steepest = STEEPEST_BEDS[1]
        bed[cell] = max(min(bed[cell], bed[down] + steepest * resolution_m), bed[down])


def carve(
    elevation: Floats,
    courses: Sequence[Course],
    lake: Booleans,
    bed: Floats,
    resolution_m: float,
) -> Floats:
    """Cut beds, floors and lake basins into the ground.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres.
    courses : sequence of Course
        Rivers and streams.
    lake : ndarray of bool, shape (rows, columns)
        Cells of lakes.
    bed : ndarray, shape (rows, columns)
        Elevation of the water where there is any.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    ndarray, shape (rows, columns)
        Rounded to 0.1 m.
    """
    surface = np.full(elevation.shape, np.inf)
    size = np.zeros(elevation.shape)
    surface[lake] = bed[lake]
    size[lake] = SHORE_M2
    ways = [_way(course, elevation.shape) for course in courses]
    for rows, columns, water, drained in ways:
        np.minimum.at(surface, (rows, columns), water)
        np.maximum.at(size, (rows, columns), drained)
    wet = np.isfinite(surface)
    if not wet.any():
        return np.asarray(np.round(elevation, 1))
    away, (near_r, near_c) = ndimage.distance_transform_edt(~wet, return_indices=True)
    away_m = np.maximum(away - 0.7, 0.0) * resolution_m
    level = surface[near_r, near_c]
    area = size[near_r, near_c] / STREAM_M2
    floor_m = FLOOR_M * area**FLOOR_EXPONENT
    bank = 0.6 + 0.3 * np.log10(np.maximum(area, 1.0))
    ceiling = level + bank + FLOOR_SLOPE * np.minimum(away_m, floor_m)
    beyond = np.maximum(away_m - floor_m, 0.0)
    ceiling += BANK_SLOPE * beyond + beyond**2 / BANK_RADIUS_M
    ground = np.minimum(elevation, ndimage.gaussian_filter(ceiling, 2.5))
    filled = np.maximum(ground, level + 0.5 * bank)
    ground = np.where(away_m < floor_m + FILL_M, filled, ground)
    ground = np.where(wet, elevation, ndimage.gaussian_filter(ground, 0.7))
    beside = np.sqrt(3.0)  # the eight cells around water, no others
    ground = np.maximum(ground, np.where(away < beside, level + 0.4, -np.inf))
    ground = np.asarray(np.round(np.where(wet, surface, ground), 1), np.float64)
    _fall(ground, [way[:2] for way in ways])
    return ground


def _way(course: Course, shape: tuple[int, ...]) -> Way:
    """Return the cells that a course runs through, downstream, with water level and area."""
    rows, columns, at = _inside(course.line, shape)
    index = np.arange(len(course.line))
    water = np.interp(at, index, course.bed_m)
    return rows, columns, water, np.interp(at, index, course.area_m2)


def _inside(line: Floats, shape: tuple[int, ...]) -> tuple[Indices, Indices, Floats]:
    """Return the cells of a line that lie on the grid."""
    rows, columns, at = cells_along(line)
    inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    return rows[inside], columns[inside], at[inside]


def cells_along(line: Floats) -> tuple[Indices, Indices, Floats]:
    """Return every cell that a line runs through, in order.

    Parameters
    ----------
    line : ndarray, shape (points, 2)
        Row and column, whole at the centres of cells.

    Returns
    -------
    rows, columns : ndarray of int, shape (cells,)
        Cells; one may come again later.
    at : ndarray, shape (cells,)
        Where on the line, in points from its start: the middle of the part inside the cell.
    """
    # The line changes its cell where a coordinate passes a half; between two such places it stays.
    marks = [np.arange(len(line), dtype=np.float64)]
    for values in (line[:, 0], line[:, 1]):
        low = np.ceil(np.minimum(values[:-1], values[1:]) - 0.5)
        high = np.floor(np.maximum(values[:-1], values[1:]) - 0.5)
        count = np.maximum(high - low + 1, 0).astype(np.int64)
        segment = np.repeat(np.arange(len(count)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        edge = low[segment] + (np.arange(len(segment)) - first) + 0.5
        span = values[segment + 1] - values[segment]
        safe = np.where(span == 0.0, 1.0, span)
        marks.append(segment + np.clip((edge - values[segment]) / safe, 0.0, 1.0))
    at = np.unique(np.concatenate(marks))
    middle = 0.5 * (at[:-1] + at[1:])
    index = np.arange(len(line))
    rows = np.rint(np.interp(middle, index, line[:, 0])).astype(np.intp)
    columns = np.rint(np.interp(middle, index, line[:, 1])).astype(np.intp)
    new = np.concatenate([[True], (np.diff(rows) != 0) | (np.diff(columns) != 0)])
    return rows[new], columns[new], middle[new]


def settle(elevation: Floats, lines: Sequence[Floats]) -> Floats:
    """Lower the ground where a course would still rise by a decimetre.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres.
    lines : sequence of ndarray, shape (points, 2)
        Courses as they stand on the map: row and column, downstream.

    Returns
    -------
    ndarray, shape (rows, columns)
        Rounded to 0.1 m; no course rises from one of its cells to the next.
    """
    ground = np.asarray(np.round(elevation, 1), np.float64)
    _fall(ground, [_inside(line, ground.shape)[:2] for line in lines])
    return ground


def _fall(ground: Floats, ways: Sequence[tuple[Indices, Indices]]) -> None:
    """Lower cells, in place, until no course rises anywhere between the cells it runs through."""
    changed = True
    while changed:
        changed = False
        for rows, columns in ways:
            before = ground[rows, columns]
            after = np.minimum.accumulate(before)
            if (after < before).any():
                np.minimum.at(ground, (rows, columns), after)
                changed = True


def base_of(elevation: Floats, drainage: Drainage) -> Floats:
    """Return the elevation of the stream that each cell drains into.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres.
    drainage : Drainage
        How it drains.

    Returns
    -------
    ndarray, shape (rows, columns)
        Metres.
    """
    return _base(elevation, drainage.receiver, drainage.order, drainage.area_m2)


@compiled
def _base(elevation: Floats, receiver: Cells, order: Cells, area: Floats) -> Floats:
    """Return the elevation of the stream that each cell drains into."""
    base = elevation.copy()
    flat = base.ravel()
    for i in range(order.size):
        cell = order[i]
        if receiver[cell] != cell and area[cell] < STREAM_M2:
            flat[cell] = flat[receiver[cell]]
    return base
