"""The pieces of a path: what each of its arcs stands for on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from optimizer.network.search.graph import GROUND, ROAD

if TYPE_CHECKING:
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Grid

__all__ = ["Piece", "coordinates", "pieces_of", "stretch", "sums_of", "whole"]

#: Sums of many steps differ in the last digits with their order; before rounding up they are cut.
_DIGITS = 6


class Piece(NamedTuple):
    """One arc of a path.

    Parameters
    ----------
    kind : int
        As of an arc of the graph.
    edge : int
        Edge of a stretch of road; -1 of anything else.
    span : ndarray of float64, shape (4,)
        As of an arc of the graph.
    sums : ndarray of float64, shape (4,)
        Time, distance, fuel and exposure.
    cells : ndarray of int32
        Cells of a way over open ground, in the order of travel.
    """

    kind: int
    edge: int
    span: NDArray[np.float64]
    sums: NDArray[np.float64]
    cells: NDArray[np.int32]


_NO_CELLS = np.empty(0, np.int32)


def pieces_of(mesh: Mesh, arcs: Sequence[int]) -> list[Piece]:
    """Return the pieces of a path.

    Parameters
    ----------
    mesh : Mesh
        Graph that it was found in.
    arcs : sequence of int
        Stored entries of the graph's matrix, in the order of travel.

    Returns
    -------
    list of Piece
        One an arc.
    """
    graph = mesh.graph
    found = []
    for arc in arcs:
        kind, ref = int(graph.kind[arc]), int(graph.ref[arc])
        found.append(
            Piece(
                kind=kind,
                edge=ref if kind == ROAD else -1,
                span=graph.span[arc],
                sums=graph.sums[arc],
                cells=mesh.overlay.cells_of(ref) if kind == GROUND else _NO_CELLS,
            )
        )
    return found


def sums_of(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """Return the quantities along a path.

    Parameters
    ----------
    pieces : sequence of Piece
        Its pieces.

    Returns
    -------
    ndarray of float64, shape (4,)
        Time, distance, fuel and exposure.
    """
    # Added in the order of travel, as the search does: the same figure to the last digit.
    total = np.zeros(4)
    for piece in pieces:
        total += piece.sums
    return total


def whole(sums: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return quantities rounded up to whole units.

    Parameters
    ----------
    sums : ndarray of float64
        Sums along paths.

    Returns
    -------
    ndarray of int64
        Of the same shape.
    """
    return np.ceil(np.round(sums, _DIGITS)).astype(np.int64)


def stretch(roads: Roads, piece: Piece) -> NDArray[np.float64]:
    """Return the course of a stretch of road.

    Parameters
    ----------
    roads : Roads
        Roads.
    piece : Piece
        Stretch of road that is longer than nought.

    Returns
    -------
    ndarray of float64, shape (points, 2)
        In the theatre's CRS, in the order of travel.
    """
    line = roads.line[piece.edge]
    # The length of the layer may be rounded, that of the geometry is not.
    scale = float(shapely.length(line)) / float(roads.length_m[piece.edge])
    from_m, to_m = float(piece.span[0]) * scale, float(piece.span[1]) * scale
    return shapely.get_coordinates(substring(line, from_m, to_m))[:, :2]


def coordinates(
    pieces: Sequence[Piece], roads: Roads, grid: Grid, origin: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the course of a path.

    Parameters
    ----------
    pieces : sequence of Piece
        Its pieces.
    roads : Roads
        Roads.
    grid : Grid
        Grid of the theatre.
    origin : ndarray of float64, shape (2,)
        Where it begins.

    Returns
    -------
    ndarray of float64, shape (points, 2)
        In the theatre's CRS, two points at least.
    """
    course = [np.array([origin, origin])]
    for piece in pieces:
        if piece.kind == ROAD:
            if piece.span[0] != piece.span[1]:
                course.append(stretch(roads, piece))
        elif piece.kind == GROUND:
            rows, columns = (axis.tolist() for axis in np.divmod(piece.cells, grid.width))
            course.append(np.array([grid.centre(r, c) for r, c in zip(rows, columns, strict=True)]))
        else:
            course.append(piece.span.reshape(2, 2))
    return np.concatenate(course)
