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

#: The looks: as what part of their length the ways put together count, and about how many cells may
#: be searched, each way, as a multiple of the whole ground. One look is at paths that would be best
#: if those ways were shorter by as much as they are usually too long at most, lest a road be taken
#: where the fields are quicker; the others are at the best paths themselves. On large ground with
#: many sites far from any road the longest runs stay as they were put together.
_LOOKS = ((1.0, 100), (0.7, 40), (1.0, 100), (1.0, 100))
#: From how many cells on a way put together of two halves may be worth a search by itself.
_LONG = 40
#: Area of what a search looks at, an ellipse around start and goal, for a distance of 1; and how
#: many cells beyond.
_ELLIPSE, _BEYOND = 0.6, 20


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
    exact_from = len(mesh.overlay.tail)
    long_m = _LONG * mesh.overlay.ground.resolution_m
    known = np.empty((0, 2), np.int32)
    for favour, covered in _LOOKS:
        graph = mesh.graph if favour == 1 else _favouring(mesh, favour)
        totals, runs = graph.totals_and_runs(
            mesh.sources, mesh.sinks, exact_from=exact_from, long_m=long_m
        )
        pairs = runs - np.int32(mesh.first_terminal)
        if favour < 1:
            pairs = np.unique(np.concatenate((pairs, _across(mesh, totals, favour))), axis=0)
        pairs = _affordable(mesh, _without(pairs, known), covered)
        if len(pairs):
            known = np.concatenate((known, pairs))
            mesh = _joined(mesh, pairs)
    return mesh, mesh.graph.totals(mesh.sources, mesh.sinks)


def _favouring(mesh: Mesh, factor: float) -> Graph:
    graph = mesh.graph
    matrix = graph.matrix.copy()
    put_together = (graph.kind == GROUND) & (graph.ref < mesh.overlay.number_put_together)
    matrix.data[put_together] *= factor
    return replace(graph, matrix=matrix)


def _across(mesh: Mesh, totals: NDArray[np.float64], factor: float) -> NDArray[np.int32]:
    """Return the terminals of sites that might better be joined over open ground alone.

    A path that takes to each road on its way for a moment has no run from end to end.
    """
    site = np.flatnonzero(mesh.stands >= 0)
    at = mesh.stands[site]
    over_ground = mesh.overlay.finder.put_together(at)
    between = totals[np.ix_(site, site)]
    best, joined = np.full(between.shape[:2], np.inf), np.isfinite(between[:, :, 0])
    best[joined] = between[joined] @ mesh.overlay.ground.weights
    start, end = np.nonzero((over_ground * factor < best) & np.isfinite(over_ground))
    apart = at[start] != at[end]
    return np.column_stack((at[start[apart]], at[end[apart]]))


def _without(pairs: NDArray[np.int32], known: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the rows that are not among the known ones."""
    count = max(int(pairs.max(initial=0)), int(known.max(initial=0))) + 1
    packed, told = (rows[:, 0].astype(np.int64) * count + rows[:, 1] for rows in (pairs, known))
    return pairs[~np.isin(packed, told)]


def _affordable(mesh: Mesh, pairs: NDArray[np.int32], covered: float) -> NDArray[np.int32]:
    """Return the pairs nearest to each other, as many as may be searched for."""
    ground = mesh.overlay.ground
    row, column = np.divmod(mesh.overlay.terminal[pairs], ground.width)
    apart = np.hypot(row[:, 0] - row[:, 1], column[:, 0] - column[:, 1])
    order = np.argsort(apart, kind="stable")
    # A search looks at an ellipse for each goal, all of them within the disc of the farthest.
    ellipse = _ELLIPSE * apart**2 + 2 * _BEYOND * apart + _BEYOND**2
    disc = np.pi * (apart + _BEYOND) ** 2
    spent = np.zeros(len(mesh.overlay.terminal))
    total, kept = 0.0, 0
    for place in order.tolist():
        terminal = pairs[place, 0]
        amount = min(spent[terminal] + ellipse[place], disc[place], float(ground.z_m.size))
        total += amount - spent[terminal]
        if total > covered * ground.z_m.size:
            break
        spent[terminal] = amount
        kept += 1
    return pairs[np.sort(order[:kept])]


def _joined(mesh: Mesh, pairs: NDArray[np.int32]) -> Mesh:
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
