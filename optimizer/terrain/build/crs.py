"""Chooses the projected coordinate reference system and the grid of a theatre."""

from __future__ import annotations

import math

import numpy as np

from optimizer.errors import UsageError
from optimizer.terrain.theatre import Grid

__all__ = ["Bounds", "grid_over", "projected_crs", "utm_zone"]

#: West, south, east, north.
Bounds = tuple[float, float, float, float]

_UTM_NORTH, _UTM_SOUTH = 84.0, -80.0
#: Universal Polar Stereographic with axes east and north.
_UPS_NORTH, _UPS_SOUTH = "EPSG:5041", "EPSG:5042"
_MAX_CELLS = 100_000_000
_MAX_SIDE_M = 1_000_000.0


def utm_zone(lon: float, lat: float) -> int:
    """Return the UTM zone of a position, with the exceptions of Norway and Svalbard.

    Parameters
    ----------
    lon, lat : float
        Degrees.

    Returns
    -------
    int
        1 to 60.
    """
    lon = (lon + 180.0) % 360.0 - 180.0
    if 56.0 <= lat < 64.0 and 3.0 <= lon < 12.0:  # noqa: PLR2004 - zone 32V reaches west
        return 32
    if 72.0 <= lat <= _UTM_NORTH and 0.0 <= lon < 42.0:  # noqa: PLR2004 - Svalbard's four zones
        return 31 + 2 * int(np.searchsorted([9.0, 21.0, 33.0], lon, side="right"))
    return int((lon + 180.0) // 6.0) + 1


def projected_crs(lon: float, lat: float) -> str:
    """Return the projected CRS for ground around a position.

    Parameters
    ----------
    lon, lat : float
        Degrees, WGS 84.

    Returns
    -------
    str
        ``EPSG:326xx`` or ``EPSG:327xx`` (WGS 84 / UTM); towards the poles ``EPSG:5041`` or
        ``EPSG:5042`` (Universal Polar Stereographic).
    """
    if lat > _UTM_NORTH:
        return _UPS_NORTH
    if lat < _UTM_SOUTH:
        return _UPS_SOUTH
    return f"EPSG:{(32600 if lat >= 0 else 32700) + utm_zone(lon, lat)}"


def grid_over(crs: str, bounds: Bounds, resolution_m: float) -> Grid:
    """Return the grid that covers a rectangle, its corner on a multiple of the resolution.

    Parameters
    ----------
    crs : str
        Projected CRS in metres.
    bounds : tuple of float
        West, south, east, north in metres.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    Grid
        At least one cell.

    Raises
    ------
    UsageError
        If it would have too many cells or be too wide for one projection.
    """
    west, south, east, north = bounds
    if max(east - west, north - south) > _MAX_SIDE_M:
        raise UsageError(
            f"the ground is {(east - west) / 1000:.0f} x {(north - south) / 1000:.0f} km: a theatre"
            f" reaches at most {_MAX_SIDE_M / 1000:.0f} km in one projection; cut the input"
        )
    column, row = math.floor(west / resolution_m), math.ceil(north / resolution_m)
    width = max(1, math.ceil(east / resolution_m) - column)
    height = max(1, row - math.floor(south / resolution_m))
    if width * height > _MAX_CELLS:
        least = math.ceil(math.sqrt((east - west) * (north - south) / _MAX_CELLS))
        raise UsageError(
            f"a resolution of {resolution_m:g} m makes {width} x {height} cells, more than"
            f" {_MAX_CELLS:,}; pass --resolution {least} or more, or cut the input"
        )
    return Grid(crs, column * resolution_m, row * resolution_m, resolution_m, width, height)
