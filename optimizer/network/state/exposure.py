"""Exposure that the ground itself gives, by land cover and on crests, in cells and along roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.errors import FileError
from optimizer.terrain.tables import default, exposure_shares

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.model import ExposureRule
    from optimizer.terrain.theatre import Grid, Theatre

__all__ = ["GroundExposure", "along", "crests"]

Floats = NDArray[np.float64]

#: Elevations are rounded to a decimetre: what stands exactly at the limit is no crest.
_TIE_M = 1e-6


@dataclass(frozen=True)
class GroundExposure:
    """Exposure that the ground itself gives.

    Parameters
    ----------
    cells : ndarray of float64, shape (rows, columns)
        Thousandths of the planner's unit a metre of steps that arrive in each cell.
    edges : ndarray of float64, shape (edges,)
        Thousandths on each whole edge.
    """

    cells: Floats
    edges: Floats

    @classmethod
    def of(cls, rule: ExposureRule, roads: Roads, theatre: Theatre) -> GroundExposure:
        """Lay a scenario's rule on a theatre.

        Parameters
        ----------
        rule : ExposureRule
            Rule.
        roads : Roads
            Roads of the theatre.
        theatre : Theatre
            Theatre.

        Returns
        -------
        GroundExposure
            What it comes to; in a tunnel, none.

        Raises
        ------
        FileError
            If the rule names a raster and the theatre has none laid on it.
        """
        cells = np.zeros(theatre.grid.shape)
        if rule.cover is not None:
            shares = np.array(exposure_shares(rule.cover))
            cells += rule.per_km * shares[theatre.raster("landcover")]
            cells[crests(theatre.raster("elevation"), theatre.grid)] *= default("crest_factor")
        if rule.raster is not None:
            if theatre.planned is None:
                raise FileError(
                    f"the raster of exposure {rule.raster} was not read: name the folder of the"
                    " scenario's file to theatre_of(..., beside=...)"
                )
            cells += theatre.planned.per_km
        edges = np.zeros(len(roads))
        open_air = ~roads.tunnel
        edges[open_air] = along(roads.line[open_air], theatre.grid, cells)
        return cls(cells, edges)


def crests(z_m: NDArray[np.float32], grid: Grid) -> NDArray[np.bool_]:
    """Return the cells that stand on a crest.

    Parameters
    ----------
    z_m : ndarray of float32, shape (rows, columns)
        Elevation.
    grid : Grid
        Grid.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True for a cell more than ``crest_above_m`` above the mean of the square of cells around it,
        itself included, as far as the grid goes.
    """
    reach = round(default("crest_radius_m") / grid.resolution_m)
    sums = np.pad(np.cumsum(np.cumsum(z_m, axis=0, dtype=np.float64), axis=1), ((1, 0), (1, 0)))
    row, column = np.arange(grid.height), np.arange(grid.width)
    top, bottom = np.maximum(row - reach, 0), np.minimum(row + reach + 1, grid.height)
    left, right = np.maximum(column - reach, 0), np.minimum(column + reach + 1, grid.width)
    total = sums[bottom][:, right] - sums[top][:, right]
    total -= sums[bottom][:, left] - sums[top][:, left]
    count = (bottom - top)[:, None] * (right - left)
    return np.asarray(z_m - total / count > default("crest_above_m") + _TIE_M, np.bool_)


def along(lines: NDArray[np.object_], grid: Grid, values: Floats) -> Floats:
    """Return the sum over each line of the values of the cells times the length in each.

    Parameters
    ----------
    lines : ndarray of LineString, shape (lines,)
        In the theatre's CRS.
    grid : Grid
        Grid.
    values : ndarray of float64, shape (rows, columns)
        Values a metre. What lies beside the grid counts as 0; what runs along the border of two
        cells, to the cell in the east or south.

    Returns
    -------
    ndarray of float64, shape (lines,)
        Sums.
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    columns = (points[:, 0] - grid.west_m) / grid.resolution_m
    rows = (grid.north_m - points[:, 1]) / grid.resolution_m
    first = np.flatnonzero(line[1:] == line[:-1])
    # Each stretch is cut where it crosses from column to column and from row to row.
    segment, share = [np.arange(first.size)] * 2, [np.zeros(first.size), np.ones(first.size)]
    for axis in (columns, rows):
        start, end = axis[first], axis[first + 1]
        low = np.floor(np.minimum(start, end)).astype(np.int64) + 1
        count = np.maximum(np.ceil(np.maximum(start, end)).astype(np.int64) - low, 0)
        of = np.repeat(np.arange(first.size), count)
        number = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count)
        segment.append(of)
        share.append((low[of] + number - start[of]) / (end[of] - start[of]))
    of, at = np.concatenate(segment), np.concatenate(share)
    order = np.lexsort((at, of))
    of, at = of[order], at[order]
    inner = of[1:] == of[:-1]
    of, middle, part = of[1:][inner], (at[1:] + at[:-1])[inner] / 2, np.diff(at)[inner]
    one, other = first[of], first[of] + 1
    row = np.floor(rows[one] + middle * (rows[other] - rows[one])).astype(np.int64)
    column = np.floor(columns[one] + middle * (columns[other] - columns[one])).astype(np.int64)
    inside = (row >= 0) & (row < grid.height) & (column >= 0) & (column < grid.width)
    length_m = part * np.hypot(*(points[other] - points[one]).T)
    amount = np.where(inside, values[row * inside, column * inside] * length_m, 0.0)
    return np.asarray(np.bincount(line[one], amount, minlength=len(lines)), np.float64)
