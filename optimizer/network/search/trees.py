"""Best paths in the small graph, from many nodes to many: trees, sums along them, runs.

All of it is one module for the same reason as `optimizer.network.search.cells`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled

__all__ = ["grain", "many", "spread", "tree"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
#: Length of the ring of buckets, a power of two.
_BUCKETS = 4096
#: Buckets to an arc of middling cost: enough to settle most nodes once, few enough to scan.
_PER_ARC = 16


def grain(cost: Floats) -> float:
    """Return the width of the buckets that a search sorts nodes into.

    Parameters
    ----------
    cost : ndarray of float64, shape (arcs,)
        Costs of the arcs.

    Returns
    -------
    float
        A cost; which one decides about the speed alone.
    """
    return max(float(np.median(cost)) / _PER_ARC, 1e-9) if cost.size else 1.0


@compiled
def _grown(values: Ints) -> Ints:
    larger = np.empty(2 * values.shape[0], np.int32)
    larger[: values.shape[0]] = values
    return larger


@compiled
def _forwarded(  # noqa: PLR0917 - no keyword-only arguments
    heads: Ints,
    items: Ints,
    links: Ints,
    reached: Floats,
    settled: Bytes,
    per_grain: float,
    waiting: int,
    free: int,
    bucket: int,
) -> tuple[int, int, int]:
    """Turn the ring to what is due next; return how many wait, the first free entry, the bucket."""
    chain = -1
    nearest = np.inf
    for slot in range(_BUCKETS):
        while heads[slot] >= 0:
            entry = heads[slot]
            heads[slot] = links[entry]
            if settled[items[entry]]:
                links[entry] = free
                free = entry
                waiting -= 1
            else:
                links[entry] = chain
                chain = entry
                nearest = min(nearest, reached[items[entry]])
    if chain >= 0:
        bucket = max(bucket, int(nearest * per_grain))
    while chain >= 0:
        entry = chain
        chain = links[entry]
        due = int(reached[items[entry]] * per_grain)
        place = min(max(due, bucket), bucket + _BUCKETS - 1) & (_BUCKETS - 1)
        links[entry] = heads[place]
        heads[place] = entry
    return waiting, free, bucket


@compiled
def spread(  # noqa: C901, PLR0915, PLR0917 - one compiled loop, no keyword-only arguments
    indptr: Ints,
    indices: Ints,
    cost: Floats,
    grain_cost: float,
    origin: int,
    reached: Floats,
    via: Ints,
) -> None:
    """Fill the least cost of each node from the origin, and the arc by which it is come to.

    Of arcs that are equally good the one with the smallest number is taken, so that the tree does
    not depend on the order of the search. Nodes wait in a ring of buckets, as the cells of
    `optimizer.network.search.cells` do; a node that gets cheaper after its turn takes another.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, as in a CSR matrix.
    cost : ndarray of float64, shape (arcs,)
        Their costs, above 0.
    grain_cost : float
        From `grain`.
    origin : int
        Node.
    reached : ndarray of float64, shape (nodes,)
        Filled with the least costs; infinite where there is no path.
    via : ndarray of int32, shape (nodes,)
        Filled with the arcs; -1 at the origin and where there is no path.
    """
    reached[:] = np.inf
    via[:] = -1
    settled = np.zeros(reached.shape[0], np.uint8)
    per_grain = 1.0 / grain_cost
    heads = np.full(_BUCKETS, -1, np.int32)
    items = np.empty(1 << 12, np.int32)
    links = np.empty(1 << 12, np.int32)
    items[0] = origin
    links[0] = -1
    heads[0] = 0
    free = -1
    used = 1
    waiting = 1
    bucket = 0
    idle = 0
    reached[origin] = 0.0
    while waiting > 0:
        slot = bucket & (_BUCKETS - 1)
        entry = heads[slot]
        if entry < 0:
            bucket += 1
            idle += 1
            if idle > _BUCKETS:
                # Nothing was due for a round of the ring: few arcs may cost far more than most.
                waiting, free, bucket = _forwarded(
                    heads, items, links, reached, settled, per_grain, waiting, free, bucket
                )
                idle = 0
            continue
        heads[slot] = links[entry]
        node = items[entry]
        here = reached[node]
        due = int(here * per_grain)
        if due > bucket:
            # The ring was too short for it; it goes on waiting.
            place = min(due, bucket + _BUCKETS - 1) & (_BUCKETS - 1)
            links[entry] = heads[place]
            heads[place] = entry
            continue
        links[entry] = free
        free = entry
        waiting -= 1
        if settled[node] or due < bucket:
            continue
        settled[node] = 1
        idle = 0
        for arc in range(indptr[node], indptr[node + 1]):
            other = indices[arc]
            there = here + cost[arc]
            if there > reached[other]:
                continue
            if there == reached[other]:
                via[other] = min(via[other], arc)
                continue
            reached[other] = there
            via[other] = arc
            settled[other] = 0
            if free >= 0:
                entry = free
                free = links[entry]
            else:
                if used == items.shape[0]:
                    items = _grown(items)
                    links = _grown(links)
                entry = used
                used += 1
            items[entry] = other
            place = min(int(there * per_grain), bucket + _BUCKETS - 1) & (_BUCKETS - 1)
            links[entry] = heads[place]
            heads[place] = entry
            waiting += 1


@compiled
def tree(indptr: Ints, indices: Ints, cost: Floats, grain_cost: float, origin: int) -> Ints:
    """Return the tree of best paths from a node.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, as in a CSR matrix.
    cost : ndarray of float64, shape (arcs,)
        Their costs, above 0.
    grain_cost : float
        From `grain`.
    origin : int
        Node.

    Returns
    -------
    ndarray of int32, shape (nodes,)
        Arc by which each node is come to; -1 at the origin and where there is no path.
    """
    nodes = indptr.shape[0] - 1
    via = np.empty(nodes, np.int32)
    spread(indptr, indices, cost, grain_cost, origin, np.empty(nodes), via)
    return via


@compiled
def _sum_up(  # noqa: PLR0917 - as above
    tails: Ints, sums: Floats, via: Ints, node: int, known: Bytes, stack: Ints, totals: Floats
) -> None:
    """Fill the sums along the path to a node, and to all nodes on it."""
    depth = 0
    at = node
    while not known[at]:
        stack[depth] = at
        depth += 1
        at = tails[via[at]]
    while depth > 0:
        depth -= 1
        at = stack[depth]
        before = tails[via[at]]
        for q in range(4):
            totals[at, q] = totals[before, q] + sums[via[at], q]
        known[at] = 1


@compiled
def many(  # noqa: C901, PLR0917 - as above
    indptr: Ints,
    indices: Ints,
    tails: Ints,
    cost: Floats,
    sums: Floats,
    grain_cost: float,
    origins: Ints,
    destinations: Ints,
    ground: Bytes,
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the sums along the best path of every pair, and the runs over open ground on them.

    A **run** is as many arcs over open ground in a row as there are, two at least, or one that
    counts as a run by itself: what a better way from its first node to its last could replace.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, as in a CSR matrix.
    tails : ndarray of int32, shape (arcs,)
        Their tails.
    cost : ndarray of float64, shape (arcs,)
        Their costs, above 0.
    sums : ndarray of float64, shape (arcs, 4)
        Time, distance, fuel and exposure.
    grain_cost : float
        From `grain`.
    origins, destinations : ndarray of int32
        Nodes.
    ground : ndarray of uint8, shape (arcs,) or (0,)
        1 for an arc over open ground, 2 for one that is a run by itself, 0 for others; empty where
        runs are not asked for.

    Returns
    -------
    found : ndarray of float64, shape (origins, destinations, 4)
        Sums; infinite where there is no path.
    runs : ndarray of int64, shape (runs,)
        First node times the number of nodes, plus last node; some more than once.
    """
    nodes = indptr.shape[0] - 1
    reached = np.empty(nodes)
    via = np.empty(nodes, np.int32)
    known = np.empty(nodes, np.uint8)
    stack = np.empty(nodes, np.int32)
    totals = np.empty((nodes, 4))
    found = np.full((origins.shape[0], destinations.shape[0], 4), np.inf)
    runs = np.empty(1 << 10, np.int64)
    n_runs = 0
    for row in range(origins.shape[0]):
        spread(indptr, indices, cost, grain_cost, origins[row], reached, via)
        known[:] = 0
        known[origins[row]] = 1
        totals[origins[row]] = 0.0
        for column in range(destinations.shape[0]):
            node = destinations[column]
            if reached[node] < np.inf:
                _sum_up(tails, sums, via, node, known, stack, totals)
                found[row, column] = totals[node]
        if ground.shape[0] == 0:
            continue
        # From here on, known says how far a walk back has come already.
        known[:] = 0
        for column in range(destinations.shape[0]):
            node = destinations[column]
            last = np.int64(-1)
            length = 0
            while via[node] >= 0 and (length > 0 or not known[node]):
                arc = via[node]
                if ground[arc]:
                    if length == 0:
                        last = node
                    length += 1 if ground[arc] == 1 else 2
                else:
                    known[node] = 1
                node = tails[arc]
                if length > 0 and (via[node] < 0 or not ground[via[node]]):
                    if length > 1:
                        if n_runs == runs.shape[0]:
                            larger = np.empty(2 * n_runs, np.int64)
                            larger[:n_runs] = runs
                            runs = larger
                        runs[n_runs] = np.int64(node) * nodes + last
                        n_runs += 1
                    length = 0
    return found, runs[:n_runs]
