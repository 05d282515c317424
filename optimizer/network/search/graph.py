"""The small graph: roads, ways over open ground, sites; and the best paths in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.compiled import compiled

__all__ = ["GROUND", "LINK_CONNECTOR", "LINK_SITE", "ROAD", "Arcs", "Graph"]

#: Kinds of arcs; what ``ref``, ``start`` and ``end`` of an arc mean depends on it.
ROAD, GROUND, LINK_CONNECTOR, LINK_SITE = range(4)
#: SciPy reads a cost of 0 in a sparse matrix as it stands, but not in every version.
_LEAST_COST = 1e-9
#: Origins solved at once: bounds the memory for costs and predecessors.
_BATCH = 64


@dataclass(frozen=True)
class Arcs:
    """Arcs of one kind.

    Parameters
    ----------
    kind : int
        One of the kinds.
    tail, head : ndarray of int32, shape (arcs,)
        Nodes of the graph.
    sums : ndarray of float64, shape (arcs, 4)
        Time, distance, fuel and exposure.
    ref : ndarray of int64, shape (arcs,)
        Edge of a road arc, way of a ground arc.
    span : ndarray of float64, shape (arcs, 4)
        Of a road arc, where on the edge it starts and ends, in metres; of a link, the positions
        (x, y) of its start and end.
    """

    kind: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    sums: NDArray[np.float64]
    ref: NDArray[np.int64]
    span: NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """Arcs sorted by tail and head, the cheapest of parallel ones only.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Costs.
    kind : ndarray of int8, shape (arcs,)
        Kind of each stored entry of the matrix.
    sums, ref, span : ndarray
        As in `Arcs`, by stored entry.
    """

    matrix: csr_array[np.float64, tuple[int, int]]
    kind: NDArray[np.int8]
    sums: NDArray[np.float64]
    ref: NDArray[np.int64]
    span: NDArray[np.float64]

    @classmethod
    def of(cls, nodes: int, arcs: Sequence[Arcs], weights: NDArray[np.float64]) -> Graph:
        """Build the graph.

        Parameters
        ----------
        nodes : int
            Number of nodes.
        arcs : sequence of Arcs
            All arcs.
        weights : ndarray of float64, shape (4,)
            Cost of a second, a metre, a flat paved metre and a thousandth of exposure.

        Returns
        -------
        Graph
            Graph.
        """
        tail = np.concatenate([a.tail for a in arcs])
        head = np.concatenate([a.head for a in arcs])
        kind = np.concatenate([np.full(a.tail.size, a.kind, np.int8) for a in arcs])
        sums = np.concatenate([a.sums for a in arcs])
        cost = np.maximum(sums @ weights, _LEAST_COST)
        order = np.lexsort((cost, head, tail))
        first = np.ones(order.size, np.bool_)
        sorted_tail, sorted_head = tail[order], head[order]
        first[1:] = (sorted_tail[1:] != sorted_tail[:-1]) | (sorted_head[1:] != sorted_head[:-1])
        keep = order[first]
        start = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(tail[keep], minlength=nodes), out=start[1:])
        matrix = csr_array((cost[keep], head[keep].astype(np.int32), start), shape=(nodes, nodes))
        return cls(
            matrix=matrix,
            kind=kind[keep],
            sums=sums[keep],
            ref=np.concatenate([a.ref for a in arcs])[keep],
            span=np.concatenate([a.span for a in arcs])[keep],
        )

    def totals(
        self, origins: NDArray[np.int32], destinations: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Return the quantities along the best path of every pair.

        Parameters
        ----------
        origins, destinations : ndarray of int32
            Nodes.

        Returns
        -------
        ndarray of float64, shape (origins, destinations, 4)
            Time, distance, fuel and exposure; infinite where there is no path.
        """
        found = np.full((origins.size, destinations.size, 4), np.inf)
        for first in range(0, origins.size, _BATCH):
            some = origins[first : first + _BATCH]
            _, before = dijkstra(self.matrix, indices=some, return_predecessors=True)
            _totals(
                self.matrix.indptr,
                self.matrix.indices,
                self.sums,
                np.ascontiguousarray(before, np.int32),
                some,
                destinations,
                found[first : first + _BATCH],
            )
        return found

    def reaches(
        self, origins: NDArray[np.int32], destinations: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """Tell which pairs have a path.

        Parameters
        ----------
        origins, destinations : ndarray of int32
            Nodes.

        Returns
        -------
        ndarray of bool, shape (origins, destinations)
            True where there is one.
        """
        reached = np.zeros((origins.size, destinations.size), np.bool_)
        for first in range(0, origins.size, _BATCH):
            cost = dijkstra(self.matrix, indices=origins[first : first + _BATCH])
            reached[first : first + _BATCH] = np.isfinite(cost[:, destinations])
        return reached

    def tree(self, origin: int) -> NDArray[np.int32]:
        """Return the tree of best paths from a node.

        Parameters
        ----------
        origin : int
            Node.

        Returns
        -------
        ndarray of int32, shape (nodes,)
            The node before each on its best path; below 0 at the origin and where there is none.
        """
        _, before = dijkstra(self.matrix, indices=[origin], return_predecessors=True)
        return np.asarray(before[0], np.int32)

    def path(self, tree: NDArray[np.int32], destination: int) -> list[int]:
        """Return the best path to a node.

        Parameters
        ----------
        tree : ndarray of int32, shape (nodes,)
            From `tree`.
        destination : int
            Node that it reaches.

        Returns
        -------
        list of int
            Stored entries of the matrix, in the order of travel.
        """
        arcs = []
        node = destination
        while tree[node] >= 0:
            previous = int(tree[node])
            arcs.append(_entry(self.matrix.indptr, self.matrix.indices, previous, node))
            node = previous
        return arcs[::-1]


@compiled
def _entry(indptr: NDArray[np.int32], indices: NDArray[np.int32], tail: int, head: int) -> int:
    low = indptr[tail]
    high = indptr[tail + 1]
    while low < high:
        middle = (low + high) >> 1
        if indices[middle] < head:
            low = middle + 1
        else:
            high = middle
    return int(low)


@compiled
def _totals(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    sums: NDArray[np.float64],
    before: NDArray[np.int32],
    origins: NDArray[np.int32],
    destinations: NDArray[np.int32],
    found: NDArray[np.float64],
) -> None:
    for row in range(origins.size):
        for column in range(destinations.size):
            node = destinations[column]
            if before[row, node] < 0:
                continue
            for q in range(4):
                found[row, column, q] = 0.0
            while node != origins[row]:
                previous = before[row, node]
                arc = _entry(indptr, indices, previous, node)
                for q in range(4):
                    found[row, column, q] += sums[arc, q]
                node = previous
