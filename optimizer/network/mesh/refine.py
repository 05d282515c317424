"""Ways over open ground that matter, made exact.

A mesh puts a way right across open ground together at the terminals on its course, which makes it a
little too long. Where the best paths of the sites go that way, or might, the way from where they
leave the road to where they come back to one is searched for by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.mesh import Mesh
from optimizer.network.search.graph import GROUND, Arcs, Graph

__all__ = ["Step", "across", "affordable", "bounds", "is_affordable", "refined", "steps"]

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
#: Lest the order in which areas are added up decides.
_GLANCE = 1 - 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """One look at a mesh, and what came of it.

    Parameters
    ----------
    graph : Graph
        What was looked at: the graph of the mesh, some ways made shorter.
    favour : float
        As what part of their length the ways put together counted in it.
    covered : float
        How much might be searched.
    totals : ndarray of float64, shape (sites, sites, 4)
        Quantities along the best paths in it.
    wanted, pairs : ndarray of int32, shape (pairs, 2)
        Terminals between which ways might be better by themselves, and between which they were
        searched for.
    mesh : Mesh
        With these ways.
    """

    graph: Graph
    favour: float
    covered: float
    totals: NDArray[np.float64]
    wanted: NDArray[np.int32]
    pairs: NDArray[np.int32]
    mesh: Mesh


def steps(mesh: Mesh) -> Iterator[Step]:
    """Make the ways over open ground exact that the sites of a mesh need, one look at a time.

    Parameters
    ----------
    mesh : Mesh
        Graph of a profile and criterion.

    Yields
    ------
    Step
        Each look; the mesh of the last is the exact one.
    """
    exact_from, long_m = bounds(mesh)
    known = np.empty((0, 2), np.int32)
    for favour, covered in _LOOKS:
        graph = mesh.graph if favour == 1 else _favouring(mesh, favour)
        totals, runs = graph.totals_and_runs(
            mesh.sources, mesh.sinks, exact_from=exact_from, long_m=long_m
        )
        wanted = runs - np.int32(mesh.first_terminal)
        if favour < 1:
            site = np.flatnonzero(mesh.stands >= 0)
            between = totals[np.ix_(site, site)]
            best, joined = np.full(between.shape[:2], np.inf), np.isfinite(between[:, :, 0])
            best[joined] = between[joined] @ mesh.overlay.ground.weights
            at = mesh.stands[site]
            over_ground = mesh.overlay.finder.put_together(at)
            wanted = np.unique(
                np.concatenate((wanted, across(at, over_ground, best, favour))), axis=0
            )
        wanted = _without(wanted, known)
        pairs = affordable(mesh, wanted, covered)
        if len(pairs):
            known = np.concatenate((known, pairs))
            mesh = _joined(mesh, pairs)
        yield Step(graph, favour, covered, totals, wanted, pairs, mesh)


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
    for step in steps(mesh):
        mesh = step.mesh
    return mesh, mesh.graph.totals(mesh.sources, mesh.sinks)


def bounds(mesh: Mesh) -> tuple[int, float]:
    """Return from which number and beyond which length in metres a way is a run by itself.

    Parameters
    ----------
    mesh : Mesh
        Mesh before any look.

    Returns
    -------
    tuple of int and float
        As `Graph.totals_and_runs` takes them.
    """
    return len(mesh.overlay.tail), _LONG * mesh.overlay.ground.resolution_m


def _favouring(mesh: Mesh, factor: float) -> Graph:
    graph = mesh.graph
    matrix = graph.matrix.copy()
    put_together = (graph.kind == GROUND) & (graph.ref < mesh.overlay.number_put_together)
    matrix.data[put_together] *= factor
    return replace(graph, matrix=matrix)


def across(
    at: NDArray[np.int32],
    over_ground: NDArray[np.float64],
    best: NDArray[np.float64],
    favour: float,
) -> NDArray[np.int32]:
    """Return the terminals of sites that might better be joined over open ground alone.

    A path that takes to each road on its way for a moment has no run from end to end.

    Parameters
    ----------
    at : ndarray of int32, shape (sites,)
        Terminals of the sites that are reached over the ground.
    over_ground, best : ndarray of float64, shape (sites, sites)
        Costs of the ways put together over open ground alone, and of the best paths; infinite where
        there is none.
    favour : float
        As what part of their length the ways put together count.

    Returns
    -------
    ndarray of int32, shape (pairs, 2)
        One for each pair of sites on two terminals.
    """
    start, end = np.nonzero((over_ground * favour < best) & np.isfinite(over_ground))
    apart = at[start] != at[end]
    return np.column_stack((at[start[apart]], at[end[apart]]))


def _without(pairs: NDArray[np.int32], known: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the rows that are not among the known ones."""
    count = max(int(pairs.max(initial=0)), int(known.max(initial=0))) + 1
    packed, told = (rows[:, 0].astype(np.int64) * count + rows[:, 1] for rows in (pairs, known))
    return pairs[~np.isin(packed, told)]


def affordable(mesh: Mesh, pairs: NDArray[np.int32], covered: float) -> NDArray[np.int32]:
    """Return the pairs nearest to each other, as many as may be searched for.

    Parameters
    ----------
    mesh : Mesh
        Mesh.
    pairs : ndarray of int32, shape (pairs, 2)
        Terminals.
    covered : float
        How much may be searched, as a multiple of the whole ground.

    Returns
    -------
    ndarray of int32, shape (pairs kept, 2)
        In their order.
    """
    ground = mesh.overlay.ground
    apart, ellipse = _areas(mesh, pairs)
    order = np.argsort(apart, kind="stable")
    # A search looks at an ellipse for each goal, all of them within the disc of the farthest.
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


def is_affordable(mesh: Mesh, pairs: NDArray[np.int32], covered: float) -> bool:
    """Tell at a glance whether all pairs may be searched for; it may say no of some that may.

    Parameters
    ----------
    mesh : Mesh
        Mesh.
    pairs : ndarray of int32, shape (pairs, 2)
        Terminals.
    covered : float
        As for `affordable`.

    Returns
    -------
    bool
        True if `affordable` keeps all of them.
    """
    return bool(_areas(mesh, pairs)[1].sum() <= covered * mesh.overlay.ground.z_m.size * _GLANCE)


def _areas(mesh: Mesh, pairs: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Return how far apart pairs are, in cells, and how many cells a search for each looks at."""
    row, column = np.divmod(mesh.overlay.terminal[pairs], mesh.overlay.ground.width)
    apart = np.hypot(row[:, 0] - row[:, 1], column[:, 0] - column[:, 1])
    return apart, _ELLIPSE * apart**2 + 2 * _BEYOND * apart + _BEYOND**2


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
