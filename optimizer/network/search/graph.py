"""The small graph: roads, ways over open ground, sites; and the best paths in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.compiled import compiled
from optimizer.network.search import trees
from optimizer.threads import in_threads, shares

__all__ = ["GROUND", "LEAST_COST", "LINK_CONNECTOR", "LINK_SITE", "ROAD", "Arcs", "Graph"]

#: Kinds of arcs; what ``ref``, ``start`` and ``end`` of an arc mean depends on it.
ROAD, GROUND, LINK_CONNECTOR, LINK_SITE = range(4)
#: SciPy reads a cost of 0 in a sparse matrix as it stands, but not in every version.
LEAST_COST = 1e-9
#: Origins that are worth a thread of their own.
_SHARE = 8


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
        return cls._cheapest(
            nodes,
            np.concatenate([a.tail for a in arcs]),
            np.concatenate([a.head for a in arcs]),
            weights,
            kind=np.concatenate([np.full(a.tail.size, a.kind, np.int8) for a in arcs]),
            sums=np.concatenate([a.sums for a in arcs]),
            ref=np.concatenate([a.ref for a in arcs]),
            span=np.concatenate([a.span for a in arcs]),
        )

    def plus(self, arcs: Arcs, weights: NDArray[np.float64]) -> Graph:
        """Return the graph with more arcs between its nodes.

        Parameters
        ----------
        arcs : Arcs
            Arcs.
        weights : ndarray of float64, shape (4,)
            As the graph was built with.

        Returns
        -------
        Graph
            Graph.
        """
        return self._cheapest(
            self.matrix.shape[0],
            np.concatenate((self.tails, arcs.tail)),
            np.concatenate((self.matrix.indices, arcs.head)),
            weights,
            kind=np.concatenate((self.kind, np.full(arcs.tail.size, arcs.kind, np.int8))),
            sums=np.concatenate((self.sums, arcs.sums)),
            ref=np.concatenate((self.ref, arcs.ref)),
            span=np.concatenate((self.span, arcs.span)),
        )

    @classmethod
    def _cheapest(
        cls,
        nodes: int,
        tail: NDArray[np.int32],
        head: NDArray[np.int32],
        weights: NDArray[np.float64],
        *,
        kind: NDArray[np.int8],
        sums: NDArray[np.float64],
        ref: NDArray[np.int64],
        span: NDArray[np.float64],
    ) -> Graph:
        cost = np.maximum(sums @ weights, LEAST_COST)
        order = np.lexsort((cost, head, tail))
        first = np.ones(order.size, np.bool_)
        sorted_tail, sorted_head = tail[order], head[order]
        first[1:] = (sorted_tail[1:] != sorted_tail[:-1]) | (sorted_head[1:] != sorted_head[:-1])
        keep = order[first]
        start = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(tail[keep], minlength=nodes), out=start[1:])
        matrix = csr_array((cost[keep], head[keep].astype(np.int32), start), shape=(nodes, nodes))
        return cls(matrix, kind[keep], sums[keep], ref[keep], span[keep])

    @cached_property
    def tails(self) -> NDArray[np.int32]:
        """Tail of each arc, shape (arcs,)."""
        numbers = np.arange(self.matrix.shape[0], dtype=np.int32)
        return np.repeat(numbers, np.diff(self.matrix.indptr))

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
        return self._many(origins, destinations, np.empty(0, np.uint8))[0]

    def totals_and_runs(
        self,
        origins: NDArray[np.int32],
        destinations: NDArray[np.int32],
        *,
        exact_from: int,
        long_m: float,
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return the quantities of every pair, and the runs over open ground on the best paths.

        Parameters
        ----------
        origins, destinations : ndarray of int32
            Nodes.
        exact_from : int
            Number of the first way that is a run by itself.
        long_m : float
            Beyond which length any way over open ground is a run by itself.

        Returns
        -------
        totals : ndarray of float64, shape (origins, destinations, 4)
            As `totals` returns them.
        runs : ndarray of int32, shape (runs, 2)
            First and last node of each two or more ways in a row, or of one such way, in rising
            order.
        """
        ground = self.ground(exact_from=exact_from, long_m=long_m)
        totals, packed = self._many(origins, destinations, ground)
        first, last = np.divmod(np.unique(packed), self.matrix.shape[0])
        return totals, np.column_stack((first, last)).astype(np.int32)

    def ground(self, *, exact_from: int, long_m: float) -> NDArray[np.uint8]:
        """Return which arcs lead over open ground.

        Parameters
        ----------
        exact_from : int
            Number of the first way that is a run by itself.
        long_m : float
            Beyond which length any way over open ground is a run by itself.

        Returns
        -------
        ndarray of uint8, shape (arcs,)
            1 for a way over open ground, 2 for one that is a run by itself, 0 for others.
        """
        ground: NDArray[np.uint8] = (self.kind == GROUND).astype(np.uint8)
        alone = (self.ref >= exact_from) | (self.sums[:, 1] > long_m)
        ground[(self.kind == GROUND) & alone] = 2
        return ground

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
        return np.asarray(np.isfinite(self.totals(origins, destinations)[:, :, 0]), np.bool_)

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
        via = self.arcs_to(origin)
        found = via >= 0
        via[found] = self.tails[via[found]]
        return via

    def arcs_to(self, origin: int) -> NDArray[np.int32]:
        """Return the last arc of the best path from a node to every other.

        Parameters
        ----------
        origin : int
            Node.

        Returns
        -------
        ndarray of int32, shape (nodes,)
            Stored entries of the matrix; -1 at the origin and where there is no path.
        """
        matrix = self.matrix
        return trees.tree(matrix.indptr, matrix.indices, matrix.data, self.grain, origin)

    @cached_property
    def grain(self) -> float:
        """Width of the buckets of a search; see `optimizer.network.search.trees.grain`."""
        return trees.grain(self.matrix.data)

    def _many(
        self,
        origins: NDArray[np.int32],
        destinations: NDArray[np.int32],
        ground: NDArray[np.uint8],
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        matrix, tails = self.matrix, self.tails

        def some(share: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
            return trees.many(
                matrix.indptr,
                matrix.indices,
                tails,
                matrix.data,
                self.sums,
                self.grain,
                share,
                destinations,
                ground,
            )

        found = in_threads(some, shares(origins, _SHARE))
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])

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
