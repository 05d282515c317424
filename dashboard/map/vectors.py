"""Contours, water, roads, bridges and place names of a theatre, as small as a browser needs them.

Every function returns a document for JSON. Lines are packed as `dashboard.map.mercator` says.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import shapely
from contourpy import LineType, contour_generator
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from dashboard.map.mercator import Mercator
from optimizer.terrain.show.ground import contour_interval_m
from optimizer.terrain.show.style import TIER_OF, TIERS
from optimizer.terrain.tables import bridge_default
from optimizer.terrain.theatre import Theatre

__all__ = ["bridges", "contours", "places", "roads", "water"]

Document = dict[str, Any]

#: Metres by which a line may miss its course: less than a pixel until very close.
_TOLERANCE_M = 1.5
_WATER_TOLERANCE_M = 4.0
#: Ground that a point shows where contours stand no closer than can be read (zoom 13 or 14).
_CONTOUR_METRES_A_POINT = 14.0
#: Heavy lines: each fifth.
_INDEX = 5
#: Shortest contour, in cells: smaller rings are noise of the elevation.
_SHORTEST_CELLS = 8
_BRIDGE, _TUNNEL, _FORD = 1, 2, 4
_AREA, _LINE = 2, 1


def contours(theatre: Theatre) -> Document:
    """Return contour lines.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        ``interval`` in metres (None without relief), ``index`` (each so many is heavy), ``levels``:
        height and packed lines.
    """
    if not theatre.has_relief:
        return {"interval": None, "index": _INDEX, "levels": []}
    mercator, grid = Mercator.of(theatre), theatre.grid
    z = gaussian_filter(np.asarray(theatre.raster("elevation"), np.float64), 0.8)
    interval = contour_interval_m(z, grid.resolution_m, _CONTOUR_METRES_A_POINT)
    columns = grid.west_m + (np.arange(grid.width) + 0.5) * grid.resolution_m
    rows = grid.north_m - (np.arange(grid.height) + 0.5) * grid.resolution_m
    generator = contour_generator(columns, rows, z, line_type=LineType.Separate)
    levels = []
    first, last = int(np.ceil(z.min() / interval)), int(np.floor(z.max() / interval))
    for number in range(first, last + 1):
        # Of the many types that contourpy can return, Separate gives arrays of positions.
        found = cast("list[NDArray[np.float64]]", generator.lines(number * interval))
        shapes = [shapely.linestrings(line) for line in found]
        kept = _simple(np.array([*shapes, None], object)[:-1], grid.resolution_m / 4)
        long = shapely.length(kept) > _SHORTEST_CELLS * grid.resolution_m
        lines = mercator.lines(kept[long])
        if lines:
            levels.append({"z": number * interval, "lines": lines})
    return {"interval": interval, "index": _INDEX, "levels": levels}


def _simple(shapes: NDArray[np.object_], tolerance_m: float) -> NDArray[np.object_]:
    result: NDArray[np.object_] = np.atleast_1d(shapely.simplify(shapes, tolerance_m))
    return result


def water(theatre: Theatre) -> Document:
    """Return lakes, rivers and streams.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        ``areas``: rings of packed lines, the first the outer one. ``lines``: kind and packed line.
    """
    mercator = Mercator.of(theatre)
    frame = theatre.frame("waters").explode(index_parts=False)
    shapes = _simple(frame.geometry.to_numpy(), _WATER_TOLERANCE_M)
    dimension = shapely.get_dimensions(shapes)
    areas = []
    for area in shapes[(dimension == _AREA) & ~shapely.is_empty(shapes)]:
        rings = (area.exterior, *area.interiors)
        areas.append([mercator.line(shapely.get_coordinates(ring)) for ring in rings])
    is_line = (dimension == _LINE) & ~shapely.is_empty(shapes)
    kinds = frame["kind"].to_numpy(dtype=object)[is_line].tolist()
    return {
        "areas": areas,
        "lines": list(map(list, zip(kinds, mercator.lines(shapes[is_line]), strict=True))),
    }


def roads(theatre: Theatre) -> Document:
    """Return roads, edge by edge, so that one can be picked.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        ``tiers``: names of the tiers, the least important first. Columns over edges: ``id``,
        ``way``, ``tier`` (number), ``flags`` (1 bridge, 2 tunnel, 4 ford), ``name`` (number in
        ``names``), ``line``. ``names``: name or number of roads, the first empty.
    """
    frame = theatre.frame("roads")
    names: dict[str, int] = {"": 0}
    numbers = [
        names.setdefault(_road_name(ref, name), len(names))
        for ref, name in zip(frame["ref"], frame["name"], strict=True)
    ]
    flags = (
        frame["bridge"].to_numpy(np.bool_) * _BRIDGE
        + frame["tunnel"].to_numpy(np.bool_) * _TUNNEL
        + frame["ford"].to_numpy(np.bool_) * _FORD
    )
    return {
        "tiers": [tier.name for tier in TIERS],
        "names": list(names),
        "id": frame["id"].tolist(),
        "way": frame["way"].tolist(),
        "tier": _tier_numbers(frame["class"].tolist()),
        "flags": flags.tolist(),
        "name": numbers,
        "line": Mercator.of(theatre).lines(_simple(frame.geometry.to_numpy(), _TOLERANCE_M)),
    }


def _road_name(ref: str | None, name: str | None) -> str:
    return " ".join(part for part in (ref, name) if part)


def _tier_numbers(classes: list[str]) -> list[int]:
    number = {tier.name: i for i, tier in enumerate(TIERS)}
    return [number[TIER_OF.get(value.removesuffix("_link"), "service")] for value in classes]


def bridges(theatre: Theatre) -> Document:
    """Return bridges with their load class.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        Columns: ``id`` and ``way`` of the edge, ``at`` (x, y), ``wheeled`` and ``tracked`` (MLC),
        ``stated`` (whether the theatre states both, or they are assumed by the class of the road),
        ``tier``.
    """
    frame = theatre.frame("roads")
    frame = frame[frame["bridge"].to_numpy(np.bool_)]
    classes = frame["class"].tolist()
    usual = np.array([bridge_default(value) for value in classes]).reshape(-1, 2)
    known = frame[["mlc_wheeled", "mlc_tracked"]].to_numpy(np.float64)
    load = np.where(np.isnan(known), usual, known)
    middle = shapely.line_interpolate_point(frame.geometry.to_numpy(), 0.5, normalized=True)
    return {
        "id": frame["id"].tolist(),
        "way": frame["way"].tolist(),
        "at": Mercator.of(theatre).lines(middle),
        "wheeled": load[:, 0].tolist(),
        "tracked": load[:, 1].tolist(),
        "stated": (~np.isnan(known).any(axis=1)).tolist(),
        "tier": _tier_numbers(classes),
    }


def places(theatre: Theatre) -> Document:
    """Return place names, the ones that go first where there is no room for all in front.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        Columns: ``at`` (x, y), ``name``, ``kind``, ``z`` (metres of peaks and passes, else None).
    """
    frame = theatre.frame("places")
    xy = shapely.get_coordinates(frame.geometry.to_numpy())
    heights = [
        _height(theatre, x, y) if kind in {"peak", "pass"} else None
        for (x, y), kind in zip(xy.tolist(), frame["kind"], strict=True)
    ]
    order = sorted(
        range(len(frame)),
        key=lambda i: (-int(frame["population"].iloc[i]), -(heights[i] or 0), i),
    )
    at = Mercator.of(theatre).lines(frame.geometry.to_numpy())
    return {
        "at": [at[i] for i in order],
        "name": [frame["name"].iloc[i] for i in order],
        "kind": [frame["kind"].iloc[i] for i in order],
        "z": [heights[i] for i in order],
    }


def _height(theatre: Theatre, x: float, y: float) -> int | None:
    row, column = theatre.grid.cell(x, y)
    if not theatre.has_relief or not theatre.grid.contains(row, column):
        return None
    return round(float(theatre.raster("elevation")[row, column]))
