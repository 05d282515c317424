"""The road network as moves on the grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.terrain.synth.paths import MOVES, PASSED, PASSED_COUNT, Roads

__all__ = ["CLASSES", "Cell", "Network"]

Cell = tuple[int, int]
#: Road classes in the order in which they are built.
CLASSES = ("primary", "secondary", "tertiary", "unclassified", "residential", "track")
#: Cells around a road that count as beside it.
BESIDE = 2
_INDEX = {(int(r), int(c)): k for k, (r, c) in enumerate(MOVES)}


@dataclass(frozen=True)
class Network:
    """Roads under construction.

    Parameters
    ----------
    roads : Roads
        Where there are any, on the grid.
    links : dict
        Class by pair of cells, the smaller first.
    """

    roads: Roads
    links: dict[tuple[Cell, Cell], str] = field(default_factory=dict)

    @classmethod
    def empty(cls, shape: tuple[int, int]) -> Network:
        """Return a network without roads.

        Parameters
        ----------
        shape : tuple of int
            Rows and columns.

        Returns
        -------
        Network
            The network.
        """
        node, taken, near = (np.zeros(shape, np.bool_) for _ in range(3))
        return cls(Roads(node, taken, near, np.zeros(shape, np.uint32)))

    def add(self, path: NDArray[np.int64], kind: str) -> None:
        """Build what is new on a path.

        Parameters
        ----------
        path : ndarray, shape (cells, 2)
            Rows and columns; a single cell becomes a node.
        kind : str
            Class of the new roads.
        """
        cells = [(int(r), int(c)) for r, c in path]
        for a, b in pairwise(cells):
            pair = (a, b) if a < b else (b, a)
            if pair not in self.links:
                self.links[pair] = kind
                self._mark(a, b)
        if len(cells) == 1:
            self.roads.node[cells[0]] = self.roads.taken[cells[0]] = True

    def _mark(self, a: Cell, b: Cell) -> None:
        """Mark the cells of a new link."""
        node, taken, near, used = self.roads
        k = _INDEX[b[0] - a[0], b[1] - a[1]]
        used[a] |= np.uint32(1 << k)
        used[b] |= np.uint32(1 << _INDEX[a[0] - b[0], a[1] - b[1]])
        passed = [(a[0] + int(r), a[1] + int(c)) for r, c in PASSED[k, : PASSED_COUNT[k]]]
        for r, c in (a, b, *passed):
            taken[r, c] = True
            near[max(r - BESIDE, 0) : r + BESIDE + 1, max(c - BESIDE, 0) : c + BESIDE + 1] = True
        node[a] = node[b] = True
