"""The sea: polygons from coastlines, which OpenStreetMap draws with the water on their right."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from optimizer.terrain.build.landcover import project
from optimizer.terrain.build.osm import OsmData, sorted_by_id
from optimizer.terrain.theatre import Grid

__all__ = ["sea"]

#: Distance from the coastline at which land and sea are told apart, in metres.
_ASIDE_M = 0.5
#: Share of contrary votes beyond which a coastline is taken to be incomplete.
_DOUBT = 0.1


def sea(data: OsmData, grid: Grid, to_ground: Transformer) -> list[BaseGeometry]:
    """Return the sea within a grid.

    The coastlines cut the grid's rectangle into faces; a face is sea if it lies to the right of the
    lines along it. Where lines end inside the rectangle, land and sea lie in one face: it is left
    out, with a warning.

    Parameters
    ----------
    data : OsmData
        What was read; warnings are added to it.
    grid : Grid
        Grid of the theatre.
    to_ground : Transformer
        From longitude and latitude to metres.

    Returns
    -------
    list of geometry
        Polygons in metres; none where no coastline crosses the grid.
    """
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    box = shapely.box(grid.west_m, south, east, grid.north_m)
    lines = []
    for way in sorted_by_id(data.coastlines):
        points = way.lonlat[np.isfinite(way.lonlat[:, 0])]
        if len(points) > 1:
            cut = shapely.intersection(project(shapely.LineString(points), to_ground), box)
            lines += [p for p in shapely.get_parts(cut) if p.geom_type == "LineString"]
    if not lines:
        return []
    net = shapely.union_all([*lines, box.exterior])
    faces = list(shapely.get_parts(shapely.polygonize([net])))
    right, left = _votes(lines, faces)
    for votes in zip(right, left, strict=True):
        if min(votes) > _DOUBT * max(votes):
            data.warnings.append(
                "the coastline has gaps: a part of the sea is taken for land; use an extract that"
                " keeps it whole"
            )
            break
    return [
        face for face, r, s in zip(faces, right, left, strict=True) if r > 0 and s <= _DOUBT * r
    ]


def _votes(
    lines: list[BaseGeometry], faces: list[BaseGeometry]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count, for each face, the segments of coastline that have it on their right and left."""
    tree = shapely.STRtree(faces)
    counts = []
    for side in (1, -1):
        points = np.vstack([_beside(shapely.get_coordinates(line), side) for line in lines])
        _, face = tree.query(shapely.points(points), predicate="within")
        counts.append(np.bincount(face, minlength=len(faces)))
    return counts[0], counts[1]


def _beside(points: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    step = np.diff(points, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    step, middle = step[length > 0], ((points[1:] + points[:-1]) / 2)[length > 0]
    normal = np.column_stack((step[:, 1], -step[:, 0])) / length[length > 0, None]
    result: NDArray[np.float64] = middle + side * _ASIDE_M * normal
    return result
