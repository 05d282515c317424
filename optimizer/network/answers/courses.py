"""Paths of the small graph, told as the parts and the polyline that a plan stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.answers.pieces import Piece, coordinates, pieces_of, sums_of, whole
from optimizer.network.ground import Course
from optimizer.network.search.graph import GROUND, LINK_SITE, ROAD
from optimizer.plan.model import GroundPart, LinkPart, Path, RoadPart

if TYPE_CHECKING:
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Theatre

__all__ = ["course_of", "path_of"]

#: How far the polyline may lie from the path. Below what can be seen on any map.
_SIMPLIFIED_M = 0.5
_DEGREE_DIGITS = 6
_METRE_DIGITS = 3


def path_of(
    mesh: Mesh,
    arcs: Sequence[int],
    roads: Roads,
    theatre: Theatre,
    origin: NDArray[np.float64],
) -> Path:
    """Return a path as a plan stores it.

    Parameters
    ----------
    mesh : Mesh
        Graph that it was found in.
    arcs : sequence of int
        Stored entries of the graph's matrix, in the order of travel.
    roads : Roads
        Roads.
    theatre : Theatre
        Theatre.
    origin : ndarray of float64, shape (2,)
        Where it begins.

    Returns
    -------
    Path
        Parts and polyline.
    """
    return _path(pieces_of(mesh, arcs), roads, theatre, origin)


def course_of(
    pieces: Sequence[Piece], roads: Roads, theatre: Theatre, origin: NDArray[np.float64]
) -> Course:
    """Return a path with its quantities, rounded up as in a matrix.

    Parameters
    ----------
    pieces : sequence of Piece
        Its pieces.
    roads : Roads
        Roads.
    theatre : Theatre
        Theatre.
    origin : ndarray of float64, shape (2,)
        Where it begins.

    Returns
    -------
    Course
        Path and quantities.
    """
    time_s, distance_m, fuel_m, exposure_milli = whole(sums_of(pieces)).tolist()
    path = _path(pieces, roads, theatre, origin)
    return Course(time_s, distance_m, fuel_m, exposure_milli, path)


def _path(
    pieces: Sequence[Piece], roads: Roads, theatre: Theatre, origin: NDArray[np.float64]
) -> Path:
    grid = theatre.grid
    parts: list[RoadPart | GroundPart | LinkPart] = []
    for piece in pieces:
        if piece.kind == ROAD:
            from_m, to_m = float(piece.span[0]), float(piece.span[1])
            if from_m == to_m:
                continue
            parts.append(
                RoadPart(
                    edge=roads.id[piece.edge],
                    from_m=round(from_m, _METRE_DIGITS),
                    to_m=round(to_m, _METRE_DIGITS),
                )
            )
        elif piece.kind == GROUND:
            rows, columns = (axis.tolist() for axis in np.divmod(piece.cells, grid.width))
            _append_ground(parts, list(zip(rows, columns, strict=True)))
        else:
            parts.append(
                LinkPart(
                    place="site" if piece.kind == LINK_SITE else "connector",
                    start=_rounded(piece.span[:2]),
                    end=_rounded(piece.span[2:]),
                )
            )
    course = coordinates(pieces, roads, grid, origin)
    return Path(parts=tuple(parts), polyline=_polyline(course, theatre))


def _append_ground(
    parts: list[RoadPart | GroundPart | LinkPart], cells: list[tuple[int, int]]
) -> None:
    """Append steps; those that go on from steps become one part with them."""
    last = parts[-1] if parts else None
    if isinstance(last, GroundPart):
        parts[-1] = GroundPart(cells=(*last.cells, *cells[1:]))
    else:
        parts.append(GroundPart(cells=tuple(cells)))


def _rounded(position: NDArray[np.float64]) -> tuple[float, float]:
    return round(float(position[0]), _METRE_DIGITS), round(float(position[1]), _METRE_DIGITS)


def _polyline(course: NDArray[np.float64], theatre: Theatre) -> tuple[tuple[float, float], ...]:
    line = shapely.simplify(shapely.LineString(course), _SIMPLIFIED_M)
    lon, lat = theatre.to_earth.transform(*shapely.get_coordinates(line).T)
    lon, lat = np.round(lon, _DEGREE_DIGITS), np.round(lat, _DEGREE_DIGITS)
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))
