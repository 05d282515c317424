"""Lines of the ground in whole tenths of a point: short to write, and finer than print."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import group, number
from optimizer.terrain.show.style import TIER_OF

__all__ = [
    "FINE",
    "LENIENCE",
    "Lines",
    "fine",
    "fine_group",
    "lines_of",
    "pale",
    "tier_of",
    "within",
]

#: Coordinates of lines are whole tenths of a point.
FINE = 10.0
#: How far a line may leave its true course, tenths of a point.
LENIENCE = 1.6
#: Share of white in the relief, and in the colours of roads.
PALE = 0.30

Lines = list[NDArray[np.float64]]


def pale(colour: str, share: float = PALE) -> str:
    """Mix a colour with white.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    share : float
        Share of white.

    Returns
    -------
    str
        ``#rrggbb``.
    """
    bands = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(b + (255 - b) * share):02x}" for b in bands)


def tier_of(highway: str) -> str:
    """Return the tier of roads that an OSM highway value is drawn in.

    Parameters
    ----------
    highway : str
        Such as ``"primary_link"``.

    Returns
    -------
    str
        Name of a tier of `optimizer.terrain.show.style`.
    """
    return TIER_OF.get(highway.removesuffix("_link"), "service")


def fine_group(content: Iterator[str], sheet: Sheet) -> str:
    """Put lines that are in tenths of a point from the corner of the frame where they belong.

    Parameters
    ----------
    content : iterator of str
        Elements.
    sheet : Sheet
        The sheet.

    Returns
    -------
    str
        A group.
    """
    shift = f"translate({number(sheet.left)} {number(sheet.top)}) scale({number(1 / FINE)})"
    return group(content, transform=shift, fill="none", stroke_linejoin="round")


def fine(sheet: Sheet, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut shapes to the sheet and move them to tenths of a point, simplified.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    shapes : ndarray of geometry
        Metres.

    Returns
    -------
    ndarray of geometry
        Tenths of a point from the corner of the frame.
    """
    cut = shapely.clip_by_rect(shapes, sheet.west, sheet.south, sheet.east, sheet.north)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return (xy - [sheet.west, sheet.north]) * [sheet.scale * FINE, -sheet.scale * FINE]

    moved = shapely.transform(cut, move)
    result: NDArray[np.object_] = shapely.simplify(moved, LENIENCE, preserve_topology=False)
    return result


def lines_of(shapes: NDArray[np.object_]) -> Lines:
    """Return the lines among shapes and their parts.

    Parameters
    ----------
    shapes : ndarray of geometry
        Shapes.

    Returns
    -------
    list of ndarray of float64, shape (points, 2)
        Their points.
    """
    parts = shapely.get_parts(shapes)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return [shapely.get_coordinates(part) for part in parts if not part.is_empty]


def within(frame: gpd.GeoDataFrame, sheet: Sheet) -> NDArray[np.bool_]:
    """Tell which shapes of a layer lie on a sheet.

    Parameters
    ----------
    frame : GeoDataFrame
        A layer of a theatre.
    sheet : Sheet
        The sheet.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True where they do.
    """
    box = shapely.box(sheet.west, sheet.south, sheet.east, sheet.north)
    found: NDArray[np.bool_] = shapely.intersects(frame.geometry.to_numpy(), box)
    return found
