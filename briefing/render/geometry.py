"""GeoJSON geometries: longitude and latitude of WGS 84, six decimals (RFC 7946)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["LonLat", "bbox", "line", "point", "polygon"]

LonLat = tuple[float, float]

#: About a tenth of a metre; RFC 7946, section 11.2, finds no use in more.
_DECIMALS = 6
_HALF_TURN = 180.0
_FULL_TURN = 360.0


def _rounded(position: LonLat) -> LonLat:
    # Adding zero turns a negative zero into zero.
    return round(position[0], _DECIMALS) + 0.0, round(position[1], _DECIMALS) + 0.0


def point(position: LonLat) -> dict[str, Any]:
    """Return a point.

    Parameters
    ----------
    position : tuple of float
        Longitude and latitude in degrees.

    Returns
    -------
    dict
        Geometry.
    """
    return {"type": "Point", "coordinates": _rounded(position)}


def line(positions: Sequence[LonLat]) -> dict[str, Any]:
    """Return a line, cut in two where it crosses the antimeridian (RFC 7946, section 3.1.9).

    Parameters
    ----------
    positions : sequence of tuple of float
        At least one position; positions that follow each other twice are one.

    Returns
    -------
    dict
        LineString or MultiLineString; a line that goes nowhere has its one position twice.
    """
    parts: list[list[LonLat]] = [[]]
    for here in map(_rounded, positions):
        part = parts[-1]
        if part and part[-1] == here:
            continue
        if part and abs(here[0] - part[-1][0]) > _HALF_TURN:
            leaving, entering = _crossing(part[-1], here)
            part.append(leaving)
            parts.append([entering])
        parts[-1].append(here)
    whole = [part if len(part) > 1 else part * 2 for part in parts]
    if len(whole) == 1:
        return {"type": "LineString", "coordinates": whole[0]}
    return {"type": "MultiLineString", "coordinates": whole}


def _crossing(start: LonLat, end: LonLat) -> tuple[LonLat, LonLat]:
    edge = _HALF_TURN if start[0] > 0 else -_HALF_TURN
    unrolled = end[0] + (_FULL_TURN if edge > 0 else -_FULL_TURN)
    # Where both ends lie on the antimeridian itself there is nothing to divide by.
    share = (edge - start[0]) / (unrolled - start[0]) if unrolled != start[0] else 0.0
    lat = start[1] + share * (end[1] - start[1])
    return _rounded((edge, lat)), _rounded((-edge, lat))


def polygon(ring: Sequence[LonLat]) -> dict[str, Any]:
    """Return a polygon of one ring, closed and counterclockwise (the right-hand rule).

    Parameters
    ----------
    ring : sequence of tuple of float
        At least three positions, closed or not, in either direction.

    Returns
    -------
    dict
        Geometry.
    """
    positions = [_rounded(position) for position in ring]
    # A ring has at least four positions, the last is the first.
    while positions[0] != positions[-1] or len(positions) < 4:  # noqa: PLR2004
        positions.append(positions[0])
    twice_area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(positions))
    if twice_area < 0:
        positions.reverse()
    return {"type": "Polygon", "coordinates": [positions]}


def _positions(shape: dict[str, Any]) -> Iterable[LonLat]:
    coordinates = shape["coordinates"]
    match shape["type"]:
        case "Point":
            yield coordinates
        case "LineString":
            yield from coordinates
        case _:
            for part in coordinates:
                yield from part


def bbox(geometries: Iterable[dict[str, Any] | None]) -> list[float] | None:
    """Return west, south, east and north around geometries.

    Parameters
    ----------
    geometries : iterable of dict or None
        Geometries; None, a thing without a place, counts for nothing.

    Returns
    -------
    list of float or None
        West is greater than east where the box crosses the antimeridian (RFC 7946, section 5.2).
    """
    places = [p for g in geometries if g is not None for p in _positions(g)]
    if not places:
        return None
    lons = sorted({lon for lon, _ in places})
    lats = [lat for _, lat in places]
    west, east = lons[0], lons[-1]
    # The box leaves out the widest gap; outside east and west there is the gap around the globe.
    widest = _FULL_TURN - (east - west)
    for before, after in itertools.pairwise(lons):
        if after - before > max(widest, _HALF_TURN):
            widest, west, east = after - before, after, before
    return [west, min(lats), east, max(lats)]
