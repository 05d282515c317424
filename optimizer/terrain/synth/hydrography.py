"""Rivers and lakes as they stand in a theatre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from rasterio import features
from shapely.geometry import LineString, Polygon, shape

from optimizer.terrain.synth.courses import RIVER_M2, STREAM_M2
from optimizer.terrain.synth.names import Names
from optimizer.terrain.synth.position import extent_of, to_metres, transform_of
from optimizer.terrain.synth.waters import Waters
from optimizer.terrain.theatre import Grid

__all__ = ["WaterLine", "burn", "lake_shores", "water_lines", "waters_frame"]

#: Ponds below this area are left out.
LEAST_LAKE_M2 = 150_000.0
#: Width of the least stream in metres, and exponent of the drainage area.
WIDTH_M, WIDTH_EXPONENT = 4.0, 0.42
#: Drainage area from which a stream has a name, in those of a river.
NAMED = 0.35
#: Codes of ``water.tif``.
CODES = {"stream": 1, "river": 2, "lake": 3}


@dataclass(frozen=True)
class WaterLine:
    """A reach of a stream or river.

    Parameters
    ----------
    line : LineString
        Course in metres, downstream.
    kind : {"stream", "river"}
        As in the theatre.
    width_m : float
        Width of the water.
    name : str
        Name of the river, empty for a nameless stream.
    """

    line: LineString
    kind: str
    width_m: float
    name: str


def lake_shores(waters: Waters, grid: Grid) -> list[Polygon]:
    """Return the shores of the lakes, smoothed.

    Parameters
    ----------
    waters : Waters
        Ground and water.
    grid : Grid
        Grid of the map.

    Returns
    -------
    list of Polygon
        In metres.
    """
    r = grid.resolution_m
    mask = waters.lake.astype(np.uint8)
    lakes: list[Polygon] = []
    for outline, _value in features.shapes(mask, mask=waters.lake, transform=transform_of(grid)):
        smooth = shape(outline).buffer(1.6 * r).buffer(-3.0 * r).buffer(1.4 * r).simplify(4.0)
        parts = getattr(smooth, "geoms", [smooth])
        lakes += [Polygon(part.exterior) for part in parts if part.area > LEAST_LAKE_M2]
    return lakes


def water_lines(
    waters: Waters, lakes: Sequence[Polygon], grid: Grid, names: Names
) -> list[WaterLine]:
    """Return the reaches of rivers and streams.

    Parameters
    ----------
    waters : Waters
        Ground and water.
    lakes : sequence of Polygon
        Shores of the lakes.
    grid : Grid
        Grid of the map.
    names : Names
        Gives the names of rivers.

    Returns
    -------
    list of WaterLine
        Downstream, cut at the edge of the map and at lakes.
    """
    extent = extent_of(grid)
    lines: list[WaterLine] = []
    for course in waters.courses:
        xy = to_metres(course.line, grid)
        large = course.area_m2 >= RIVER_M2
        split = int(np.argmax(large)) if large.any() else len(xy)
        title = ""
        for kind, part in (("stream", slice(0, split + 1)), ("river", slice(split, None))):
            if len(xy[part]) < 2:  # noqa: PLR2004 - a line has two ends
                continue
            reach = LineString(xy[part]).intersection(extent)
            for lake in lakes:
                reach = reach.difference(lake)
            pieces = [g for g in getattr(reach, "geoms", [reach]) if isinstance(g, LineString)]
            pieces = [g for g in pieces if g.length > 0]
            if pieces and not title and course.area_m2.max() > NAMED * RIVER_M2:
                title = names.water()
            area = float(np.median(course.area_m2[part])) / STREAM_M2
            width = WIDTH_M * area**WIDTH_EXPONENT
            lines += [WaterLine(piece, kind, width, title) for piece in pieces]
    return lines


def burn(lines: Sequence[WaterLine], lakes: Sequence[Polygon], grid: Grid) -> NDArray[np.uint8]:
    """Return the water raster: every cell that a line or a lake touches.

    Parameters
    ----------
    lines : sequence of WaterLine
        Streams and rivers.
    lakes : sequence of Polygon
        Lakes.
    grid : Grid
        Grid of the map.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        0 none, 1 stream, 2 river, 3 lake.
    """
    shapes = sorted(((w.line, CODES[w.kind]) for w in lines), key=lambda s: s[1])
    everything = [*shapes, *((lake, CODES["lake"]) for lake in lakes)]
    if not everything:
        return np.zeros(grid.shape, np.uint8)
    burnt: NDArray[np.uint8] = features.rasterize(
        everything,
        out_shape=grid.shape,
        transform=transform_of(grid),
        all_touched=True,
        dtype="uint8",
    )
    return burnt


def waters_frame(
    lines: Sequence[WaterLine], lakes: Sequence[tuple[str, Polygon]], grid: Grid
) -> gpd.GeoDataFrame:
    """Return the layer ``water``.

    Parameters
    ----------
    lines : sequence of WaterLine
        Streams and rivers.
    lakes : sequence of tuple
        Name and shore of each lake.
    grid : Grid
        Grid of the map.

    Returns
    -------
    GeoDataFrame
        Columns ``kind``, ``name``.
    """
    kinds = [w.kind for w in lines] + ["lake"] * len(lakes)
    titles = [w.name for w in lines] + [name for name, _ in lakes]
    shapes = [w.line for w in lines] + [lake for _, lake in lakes]
    return gpd.GeoDataFrame({"kind": kinds, "name": titles}, geometry=shapes, crs=grid.crs)
