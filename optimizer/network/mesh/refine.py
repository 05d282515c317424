"""Ways over open ground that matter, made exact.

A mesh puts a way right across open ground together at the terminals on its course, which makes it a
little too long. Where the best paths of the sites go that way, or might, the way from where they
leave the road to where they come back to one is searched for by itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.mesh import Mesh
from optimizer.network.search.graph import GROUND, Arcs, Graph

__all__ = ["refined"]

#: The first look is at paths that would be best if ways put together were shorter by this factor:
#: by as much as they are ever too long, lest a road be taken where the fields are as quick.
_FAVOUR = 0.8
#: How often to look again. On Sarvenne and Andorra the fourth time changes hardly anything.
_ROUNDS = 5


def refined(mesh: Mesh) -> tuple[Mesh, NDArray[np.float64]]:
    """Return a mesh with exact ways where its sites need them, and the quantities of all pairs.

    Parameters
    ----------
    mesh : Mesh
        Graph of a profile and criterion.

    Returns
    -------
    Mesh
        The same with more ways over open ground.
    ndarray of float64, shape (sites, sites, 4)
        Time, distance, fuel and exposure along the best path of every pair in it; infinite where
        there is no way.
    """
    put_together = mesh.overlay.number_put_together
    exact_from = len(mesh.overlay.tail)
    known = np.empty((0, 2), np.int32)
    graph = _favouring(mesh.graph, put_together)
    for _ in range(_ROUNDS):
        totals, runs = graph.totals_and_runs(mesh.sources, mesh.sinks, exact_from)
        pairs = _without(runs - np.int32(mesh.first_terminal), known)
        if not len(pairs) and graph is mesh.graph:
            return mesh, totals
        known = np.concatenate((known, pairs))
        mesh = _joined(mesh, pairs)
        graph = mesh.graph
    return mesh, mesh.graph.totals(mesh.sources, mesh.sinks)


def _favouring(graph: Graph, put_together: int) -> Graph:
    matrix = graph.matrix.copy()
    matrix.data[(graph.kind == GROUND) & (graph.ref < put_together)] *= _FAVOUR
    return replace(graph, matrix=matrix)


def _without(pairs: NDArray[np.int32], known: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the rows that are not among the known ones."""
    count = max(int(pairs.max(initial=0)), int(known.max(initial=0))) + 1
    packed, told = (rows[:, 0].astype(np.int64) * count + rows[:, 1] for rows in (pairs, known))
    return pairs[~np.isin(packed, told)]


def _joined(mesh: Mesh, pairs: NDArray[np.int32]) -> Mesh:
    if not len(pairs):
        return mesh
    first = len(mesh.overlay.tail)
    overlay = mesh.overlay.around(pairs)
    count = len(overlay.tail) - first
    ways = Arcs(
        GROUND,
        overlay.tail[first:] + np.int32(mesh.first_terminal),
        overlay.head[first:] + np.int32(mesh.first_terminal),
        overlay.sums[first:],
        np.arange(first, first + count, dtype=np.int64),
        np.zeros((count, 4)),
    )
    graph = mesh.graph.plus(ways, overlay.ground.weights)
    return replace(mesh, graph=graph, overlay=overlay)
