"""The graph that a look at a mesh is at, in the shape in which variants of it are searched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.lost import Arc, Between
from optimizer.network.search.graph import Graph
from optimizer.network.search.repair import Arcs, Changes

__all__ = ["Stage"]

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Stage:
    """The graph that a look is at.

    Parameters
    ----------
    graph : Graph
        Graph.
    bounds : tuple of int and float
        From `optimizer.network.mesh.refine.bounds`.
    """

    def __init__(self, graph: Graph, bounds: tuple[int, float]) -> None:
        self.graph = graph
        exact_from, long_m = bounds
        self.ground = graph.ground(exact_from=exact_from, long_m=long_m)
        self.time_s = graph.sums[:, 0].copy()

    @cached_property
    def _packed(self) -> Longs:
        return (self.graph.tails.astype(np.int64) << 32) + self.graph.matrix.indices

    def places(self, tail: Longs, head: Longs) -> Longs:
        """Return the numbers of arcs.

        Parameters
        ----------
        tail, head : ndarray of int64
            Nodes.

        Returns
        -------
        ndarray of int64
            Stored entries of the matrix; -1 where there is none.
        """
        packed = (tail << 32) + head
        if not self._packed.size:
            return np.full(packed.shape, -1)
        place = np.minimum(np.searchsorted(self._packed, packed), self._packed.size - 1)
        return np.where(self._packed[place] == packed, place, -1)

    @cached_property
    def _by_head(self) -> tuple[Ints, Ints]:
        indices = self.graph.matrix.indices
        entering = np.argsort(indices, kind="stable").astype(np.int32)
        start = np.zeros(self.graph.matrix.shape[0] + 1, np.int32)
        np.cumsum(np.bincount(indices, minlength=start.size - 1), out=start[1:])
        return start, entering

    def arcs(self, more: int) -> Arcs:
        """Return the arcs.

        Parameters
        ----------
        more : int
            Nodes beyond those of the graph, which none of the arcs meets.

        Returns
        -------
        Arcs
            All of them.
        """
        matrix, (start, entering) = self.graph.matrix, self._by_head

        def longer(starts: Ints) -> Ints:
            return np.concatenate((starts, np.repeat(starts[-1:], more)))

        return Arcs(
            longer(matrix.indptr),
            matrix.indices,
            self.graph.tails,
            matrix.data,
            self.time_s,
            self.ground,
            longer(start),
            entering,
            self.graph.grain,
        )

    def changes(self, variants: Sequence[dict[Between, Arc]]) -> Changes:
        """Return in what variants differ.

        Parameters
        ----------
        variants : sequence of dict
            What there is between nodes in each, the same or another than in the graph.

        Returns
        -------
        Changes
            In the order of the variants.
        """
        number = np.repeat(np.arange(len(variants)), [len(arcs) for arcs in variants])
        between = np.array([key for arcs in variants for key in arcs], np.int64).reshape(-1, 2)
        values = [value for arcs in variants for value in arcs.values()]
        cost, time_s, ground = np.array(values, np.float64).reshape(-1, 3).T
        place = self.places(*between.T)
        at = np.maximum(place, 0)
        differs = np.where(
            place < 0,
            np.isfinite(cost),
            (self.graph.matrix.data[at] != cost)
            | (self.time_s[at] != time_s)
            | (self.ground[at] != ground),
        )
        first = np.zeros(len(variants) + 1, np.int32)
        np.cumsum(np.bincount(number[differs], minlength=len(variants)), out=first[1:])
        tail, head = between[differs].astype(np.int32).T.copy()
        return Changes(
            first,
            place[differs].astype(np.int32),
            tail,
            head,
            cost[differs],
            time_s[differs],
            ground[differs].astype(np.uint8),
        )
