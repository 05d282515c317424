"""Between rows and columns of the made ground and metres of the theatre."""

from __future__ import annotations

import numpy as np
from affine import Affine
from shapely.geometry import LineString, Polygon, box

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.theatre import Grid

__all__ = ["DECIMALS", "extent_of", "rows_and_columns", "to_metres", "transform_of"]

#: Coordinates are kept to this many decimals of a metre.
DECIMALS = 1


def to_metres(line: Floats, grid: Grid) -> Floats:
    """Return positions in metres for rows and columns, whole at the centres of cells.

    Parameters
    ----------
    line : ndarray, shape (points, 2)
        Rows and columns.
    grid : Grid
        Grid of the map.

    Returns
    -------
    ndarray, shape (points, 2)
        Positions (x, y).
    """
    x = grid.west_m + (line[:, 1] + 0.5) * grid.resolution_m
    y = grid.north_m - (line[:, 0] + 0.5) * grid.resolution_m
    return np.asarray(np.round(np.stack([x, y], axis=1), DECIMALS), np.float64)


def rows_and_columns(line: LineString, grid: Grid) -> Floats:
    """Return the points of a line as rows and columns, whole at the centres of cells.

    Parameters
    ----------
    line : LineString
        In metres.
    grid : Grid
        Grid of the map.

    Returns
    -------
    ndarray, shape (points, 2)
        Rows and columns.
    """
    xy = np.array(line.coords)
    rows = (grid.north_m - xy[:, 1]) / grid.resolution_m - 0.5
    return np.stack([rows, (xy[:, 0] - grid.west_m) / grid.resolution_m - 0.5], axis=1)


def extent_of(grid: Grid) -> Polygon:
    """Return the outline of a grid.

    Parameters
    ----------
    grid : Grid
        Grid of the map.

    Returns
    -------
    Polygon
        In metres.
    """
    east = grid.west_m + grid.width * grid.resolution_m
    return box(grid.west_m, grid.north_m - grid.height * grid.resolution_m, east, grid.north_m)


def transform_of(grid: Grid) -> Affine:
    """Return the transform of a grid.

    Parameters
    ----------
    grid : Grid
        Grid of the map.

    Returns
    -------
    Affine
        From columns and rows to metres.
    """
    return Affine(grid.resolution_m, 0, grid.west_m, 0, -grid.resolution_m, grid.north_m)
