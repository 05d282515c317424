"""Paths of the small graph, told as the parts and the polyline that a plan stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from optimizer.network.search.graph import GROUND, LINK_SITE, ROAD
from optimizer.plan.model import GroundPart, LinkPart, Path, RoadPart

if TYPE_CHECKING:
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Theatre

__all__ = ["path_of"]

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
    graph = mesh.graph
    grid = theatre.grid
    parts: list[RoadPart | GroundPart | LinkPart] = []
    course = [np.array([origin, origin])]
    for arc in arcs:
        kind, ref, span = int(graph.kind[arc]), int(graph.ref[arc]), graph.span[arc]
        if kind == ROAD:
            from_m, to_m = float(span[0]), float(span[1])
            if from_m == to_m:
                continue
            parts.append(
                RoadPart(
                    edge=roads.id[ref],
                    from_m=round(from_m, _METRE_DIGITS),
                    to_m=round(to_m, _METRE_DIGITS),
                )
            )
            course.append(_stretch(roads, ref, from_m, to_m))
        elif kind == GROUND:
            cells = mesh.overlay.cells_of(ref)
            rows, columns = (axis.tolist() for axis in np.divmod(cells, grid.width))
            _append_ground(parts, list(zip(rows, columns, strict=True)))
            course.append(np.array([grid.centre(r, c) for r, c in zip(rows, columns, strict=True)]))
        else:
            start, end = span[:2], span[2:]
            parts.append(
                LinkPart(
                    place="site" if kind == LINK_SITE else "connector",
                    start=_rounded(start),
                    end=_rounded(end),
                )
            )
            course.append(np.array([start, end]))
    return Path(parts=tuple(parts), polyline=_polyline(np.concatenate(course), theatre))


def _append_ground(
    parts: list[RoadPart | GroundPart | LinkPart], cells: list[tuple[int, int]]
) -> None:
    """Append steps; those that go on from steps become one part with them."""
    last = parts[-1] if parts else None
    if isinstance(last, GroundPart):
        parts[-1] = GroundPart(cells=(*last.cells, *cells[1:]))
    else:
        parts.append(GroundPart(cells=tuple(cells)))


def _stretch(roads: Roads, edge: int, from_m: float, to_m: float) -> NDArray[np.float64]:
    line = roads.line[edge]
    # The length of the layer may be rounded, that of the geometry is not.
    scale = float(shapely.length(line)) / float(roads.length_m[edge])
    return shapely.get_coordinates(substring(line, from_m * scale, to_m * scale))[:, :2]


def _rounded(position: NDArray[np.float64]) -> tuple[float, float]:
    return round(float(position[0]), _METRE_DIGITS), round(float(position[1]), _METRE_DIGITS)


def _polyline(course: NDArray[np.float64], theatre: Theatre) -> tuple[tuple[float, float], ...]:
    line = shapely.simplify(shapely.LineString(course), _SIMPLIFIED_M)
    lon, lat = theatre.to_earth.transform(*shapely.get_coordinates(line).T)
    lon, lat = np.round(lon, _DEGREE_DIGITS), np.round(lat, _DEGREE_DIGITS)
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))
