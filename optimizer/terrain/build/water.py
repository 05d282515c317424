"""Water: rivers, streams and lakes as vectors, and burned onto the grid as barriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from optimizer.terrain.build.elevation import affine
from optimizer.terrain.build.landcover import project
from optimizer.terrain.build.osm import OsmArea, OsmData, sorted_by_id
from optimizer.terrain.theatre import Grid

__all__ = ["burned", "waters"]

_LINE_KINDS = {"river": "river", "canal": "canal"}
_FLOWING_AREAS = {"river": "river", "oxbow": "lake", "canal": "canal", "stream": "stream"}
_STREAM, _RIVER, _LAKE = 1, 2, 3
_CODES = {"stream": _STREAM, "river": _RIVER, "canal": _RIVER, "lake": _LAKE, "sea": _LAKE}
#: Values of ``tunnel`` that mean none.
_OPEN_AIR = {"", "no"}


def waters(
    data: OsmData,
    grid: Grid,
    to_ground: Transformer,
    shapes: Mapping[int, BaseGeometry],
    sea: Sequence[BaseGeometry] = (),
) -> gpd.GeoDataFrame:
    """Return the layer ``water``.

    Water that runs in a culvert or tunnel is left out: it bars nobody's way.

    Parameters
    ----------
    data : OsmData
        What was read.
    grid : Grid
        Grid of the theatre; water is cut at its edges.
    to_ground : Transformer
        From longitude and latitude to metres.
    shapes : mapping of int to Geometry
        Shapes of the areas in metres.
    sea : sequence of Geometry
        Polygons of the sea in metres.

    Returns
    -------
    GeoDataFrame
        Columns ``kind`` and ``name``; lakes and seas first, then rivers, canals and streams.
    """
    rows: list[tuple[str, str, BaseGeometry]] = [("sea", "", shape) for shape in sea]
    for area in sorted_by_id(data.areas):
        kind = _area_kind(area)
        if kind:
            rows.append((kind, area.tags.get("name", ""), shapes[area.id]))
    for way in sorted_by_id(data.waterways):
        if way.tags.get("tunnel", "") not in _OPEN_AIR:
            data.drop("waterways_underground")
            continue
        points = way.lonlat[np.isfinite(way.lonlat[:, 0])]
        if len(points) > 1 and not _is_area(way.tags):
            kind = _LINE_KINDS.get(way.tags["waterway"], "stream")
            line = project(shapely.LineString(points), to_ground)
            rows.append((kind, way.tags.get("name", ""), line))
    order = list(_CODES)[::-1]
    rows.sort(key=lambda row: order.index(row[0]))
    frame = gpd.GeoDataFrame(
        {"kind": [row[0] for row in rows], "name": [row[1] for row in rows]},
        geometry=gpd.GeoSeries([row[2] for row in rows], crs=grid.crs),
        crs=grid.crs,
    )
    return _cut_to(frame, grid)


def _is_area(tags: Mapping[str, str]) -> bool:
    return tags.get("area") == "yes"


def _area_kind(area: OsmArea) -> str:
    tags = area.tags
    if tags.get("waterway") in {"riverbank", "dock"}:
        return "river"
    if tags.get("natural") == "water" or tags.get("landuse") == "reservoir":
        return _FLOWING_AREAS.get(tags.get("water", ""), "lake")
    return ""


def _cut_to(frame: gpd.GeoDataFrame, grid: Grid) -> gpd.GeoDataFrame:
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    box = shapely.box(grid.west_m, south, east, grid.north_m)
    shapes = frame.geometry.to_numpy()
    valid = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    cut = np.where(shapely.within(valid, box), valid, shapely.intersection(valid, box))
    cut = np.array([_same_dimension(a, b) for a, b in zip(cut, valid, strict=True)], object)
    frame = frame.set_geometry(gpd.GeoSeries(cut, index=frame.index, crs=frame.crs))
    return frame[~frame.geometry.is_empty].reset_index(drop=True)


def _same_dimension(cut: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """Drop the points and lines that cutting or mending a polygon leaves behind."""
    if cut.geom_type != "GeometryCollection" and shapely.get_dimensions(
        cut
    ) == shapely.get_dimensions(whole):
        return cut
    wanted = max(shapely.get_dimensions(whole), 1)
    parts = [p for p in shapely.get_parts(cut) if shapely.get_dimensions(p) == wanted]
    return shapely.union_all(parts) if parts else shapely.Point()


def burned(frame: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.uint8]:
    """Burn water onto the grid, with every cell that it touches.

    Polygons smaller than a quarter of a cell are left to the vectors alone.

    Parameters
    ----------
    frame : GeoDataFrame
        The layer ``water``.
    grid : Grid
        Grid of the theatre.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        0 none, 1 stream, 2 river or canal, 3 lake or sea; where several meet, the highest.
    """
    result = np.zeros(grid.shape, np.uint8)
    shapes = frame.geometry
    small = (shapes.area > 0) & (shapes.area < grid.resolution_m**2 / 4)
    codes = frame["kind"].map(_CODES)
    for code in (_STREAM, _RIVER, _LAKE):
        chosen = shapes[(codes == code) & ~small].tolist()
        if chosen:
            mask = rasterize(chosen, out_shape=grid.shape, transform=affine(grid), all_touched=True)
            result[mask > 0] = code
    return result
