"""Least costs in a small graph from several nodes, each with a cost of its own to begin with.

One module for itself for the same reason as `optimizer.network.search.cells`.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled

__all__ = ["reach"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@compiled
def reach(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    indptr: Ints,
    indices: Ints,
    cost: Floats,
    origins: Ints,
    begun: Floats,
    goals: Ints,
    most: float,
) -> Floats:
    """Return the least cost of each node.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, as in a CSR matrix.
    cost : ndarray of float64, shape (arcs,)
        Their costs, none below 0.
    origins : ndarray of int32, shape (origins,)
        Nodes.
    begun : ndarray of float64, shape (origins,)
        What each of them costs to begin with.
    goals : ndarray of int32, shape (goals,)
        Nodes, none twice, at the last of which the search ends; where there are none, it goes on.
    most : float
        A cost beyond which it does not look.

    Returns
    -------
    ndarray of float64, shape (nodes,)
        Exact for the goals, and for what is nearer than the last of them; infinite where the search
        did not come.
    """
    nodes = indptr.shape[0] - 1
    least = np.full(nodes, np.inf)
    asked = np.zeros(nodes, np.bool_)
    asked[goals] = True
    left = goals.shape[0]
    heap = [(0.0, np.int32(-1))]
    heap.pop()
    for k in range(origins.shape[0]):
        if begun[k] <= most and begun[k] < least[origins[k]]:
            least[origins[k]] = begun[k]
            heappush(heap, (begun[k], origins[k]))
    while heap:
        here, node = heappop(heap)
        if here > least[node]:
            continue
        if asked[node]:
            asked[node] = False
            left -= 1
            if left == 0:
                break
        for arc in range(indptr[node], indptr[node + 1]):
            there = here + cost[arc]
            if there <= most and there < least[indices[arc]]:
                least[indices[arc]] = there
                heappush(heap, (there, indices[arc]))
    return least
