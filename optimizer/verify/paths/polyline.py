"""The polyline of a path, which maps and exports draw, against the parts that were walked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.terrain.theatre import Theatre
from optimizer.verify.case import Violation, violation
from optimizer.verify.tolerances import ALONG, POLYLINE_M

__all__ = ["violations"]


def violations(
    theatre: Theatre,
    polyline: Sequence[tuple[float, float]],
    course: Sequence[tuple[float, float]],
    pointer: str,
) -> Iterator[Violation]:
    """Yield whether a polyline leaves the course of its path.

    Parameters
    ----------
    theatre : Theatre
        Ground.
    polyline : sequence of (float, float)
        Longitudes and latitudes.
    course : sequence of (float, float)
        Positions (x, y) that the parts pass, from the first site to the last.
    pointer : str
        Where the polyline stands in the plan.

    Yields
    ------
    Violation
        At most one.
    """
    if not polyline:
        yield violation("path.polyline", pointer, metres=0.0)
        return
    lon, lat = np.array(polyline, np.float64).T
    drawn = np.column_stack(theatre.to_ground.transform(lon, lat))
    walked = np.array(course, np.float64)
    if not np.isfinite(drawn).all():
        yield violation("path.polyline", pointer, metres=0.0)
        return
    ends_m = float(np.hypot(*(drawn[[0, -1]] - walked[[0, -1]]).T).max())
    if ends_m > POLYLINE_M:
        yield violation("path.polyline", pointer, metres=round(ends_m, 1))
        return
    for points, line in ((drawn, walked), (walked, drawn)):
        away_m = _farthest_m(points, line)
        if away_m > POLYLINE_M:
            yield violation("path.polyline", pointer, metres=round(away_m, 1))
            return
    length_m = _length_m(walked)
    # What runs to and fro along the course is never far from it, but longer.
    excess_m = abs(_length_m(drawn) - length_m)
    if excess_m > POLYLINE_M + 100 * ALONG * length_m:
        yield violation("path.polyline", pointer, metres=round(excess_m, 1))


def _farthest_m(points: NDArray[np.float64], line: NDArray[np.float64]) -> float:
    """Return how far the farthest point is from a line; only far ones are measured exactly."""
    shape = shapely.linestrings(np.vstack([line, line[-1:]]))
    shapely.prepare(shape)
    near = shapely.dwithin(shape, shapely.points(points), POLYLINE_M)
    beyond = points[~near]
    return float(shapely.distance(shape, shapely.points(beyond)).max()) if beyond.size else 0.0


def _length_m(points: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())
