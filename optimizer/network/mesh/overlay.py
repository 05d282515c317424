"""Open ground as a small graph: the best ways between gates, where a road can be left, and sites.

One search from all terminals at once divides the ground into regions, a second one goes back in
each; along the borders of the regions that gives the way between each two neighbours. A bounded
search from each site gives its ways to the terminals around it, exactly. A way through the region
of a third terminal is put together through that terminal's cell, which makes it a little longer
than the best; on real ground, by how much is told in ``docs/explanation/mobility-model.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.network.search.cells import (
    MOVE_COLUMNS,
    MOVE_ROWS,
    Cells,
    Moves,
    direct,
    moves_of,
    path_between,
    search,
    shortcuts,
    spokes,
    trace,
)
from optimizer.network.state.roads import NOT_TO_LEAVE
from optimizer.progress import Advance, silent
from optimizer.threads import in_threads, shares

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Grid

__all__ = ["STAGES", "Overlay", "gates"]

#: To how many terminals around it the ways of a site are exact. 256 instead make ways by time no
#: better on Sarvenne and Andorra, ways by distance 0.3 % shorter, and take five times as long.
_SPOKES = 64
#: Where terminals are few, each of these searches covers much of the ground; all of them together
#: may cover it about this many times, and each looks for at least `_SPOKES_LEAST`.
_COVERED = 8
_SPOKES_LEAST = 8
#: Searches that are worth a thread of their own.
_SHARE = 4
#: How often `Overlay.of` advances.
STAGES = 5


@dataclass(frozen=True)
class Overlay:
    """The best ways over open ground between terminals, for one criterion.

    Parameters
    ----------
    ground : Cells
        Open ground, weighed by the criterion.
    moves : Moves
        Its open moves.
    terminal : ndarray of int32, shape (terminals,)
        Cells, in rising order.
    tail, head : ndarray of int32, shape (ways,)
        Terminals that each way joins.
    sums : ndarray of float64, shape (ways, 4)
        Time, distance, fuel and exposure.
    """

    ground: Cells
    moves: Moves
    terminal: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    sums: NDArray[np.float64]
    _starts: NDArray[np.int32]
    _steps: NDArray[np.uint8]
    _ahead: NDArray[np.uint8]
    _behind: NDArray[np.uint8]
    #: Of the ways that were searched for by themselves, those that were searched backward.
    _backward: tuple[range, ...]
    #: Sums of each way that was ever searched for by itself, by direction, centre and end.
    _exact: dict[tuple[bool, int, int], tuple[float, ...]] = field(repr=False)

    @classmethod
    def of(
        cls,
        ground: Cells,
        gate_cells: NDArray[np.int32],
        site_cells: NDArray[np.int32],
        advance: Advance = silent,
    ) -> Overlay:
        """Search the ground.

        Parameters
        ----------
        ground : Cells
            Open ground, weighed by the criterion.
        gate_cells, site_cells : ndarray of int32
            Cells where a road can be left, and of sites; none blocked.
        advance : callable
            Called `STAGES` times with 1.

        Returns
        -------
        Overlay
            Ways between them.
        """
        terminal = np.unique(np.concatenate((gate_cells, site_cells))).astype(np.int32)
        none = np.empty(0, np.int32)
        moves = moves_of(ground)
        ahead = search(ground, moves, terminal, False, none)  # noqa: FBT003 - compiled: no keywords
        advance(1)
        behind = search(ground, moves, terminal, True, ahead.source)  # noqa: FBT003
        advance(1)
        tail, head, sums, starts, steps = shortcuts(ground, ahead, behind)
        advance(1)
        centre = np.unique(site_cells).astype(np.int32)
        number = np.full(ground.z_m.size, -1, np.int32)
        number[terminal] = np.arange(terminal.size, dtype=np.int32)
        fair = _COVERED * terminal.size // max(2 * centre.size, 1)
        limit = min(max(fair, _SPOKES_LEAST), _SPOKES)
        out = spokes(ground, moves, centre, number, limit, False)  # noqa: FBT003
        advance(1)
        back = spokes(ground, moves, centre, number, limit, True)  # noqa: FBT003
        advance(1)
        owner = number[centre] if centre.size else centre
        backward_from = len(tail) + len(out[0])
        return cls(
            ground=ground,
            moves=moves,
            terminal=terminal,
            tail=np.concatenate((tail, owner[out[0]], number[back[1]])),
            head=np.concatenate((head, number[out[1]], owner[back[0]])),
            sums=np.concatenate((sums, out[2], back[2])),
            _starts=starts,
            _steps=steps,
            _ahead=ahead.via,
            _behind=behind.via,
            _backward=(range(backward_from, backward_from + len(back[0])),),
            _exact={},
        )

    @property
    def number_put_together(self) -> int:
        """How many of the ways, the first ones, are those between neighbours."""
        return len(self._starts)

    def around(self, pairs: NDArray[np.int32]) -> Overlay:
        """Return the overlay with the exact ways of given pairs, and of those around them.

        Parameters
        ----------
        pairs : ndarray of int32, shape (pairs, 2)
            Terminals that ways begin and end at.

        Returns
        -------
        Overlay
            Its last ways are the new ones: from the first terminal of each pair to the second and
            its neighbours, and from the first and its neighbours to the second.
        """
        ahead = self._around(pairs, backward=False)
        behind = self._around(pairs[:, ::-1], backward=True)
        first = len(self.tail) + len(ahead[0])
        return replace(
            self,
            tail=np.concatenate((self.tail, ahead[0], behind[1])),
            head=np.concatenate((self.head, ahead[1], behind[0])),
            sums=np.concatenate((self.sums, ahead[2], behind[2])),
            _backward=(*self._backward, range(first, first + len(behind[0]))),
        )

    def _around(
        self, pairs: NDArray[np.int32], *, backward: bool
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Return centres, ends and sums of the ways from each first to the second and around it."""
        count = len(self.terminal)
        near = self._neighbours
        ends = [near.indices[near.indptr[v] : near.indptr[v + 1]] for v in pairs[:, 1]]
        every = np.repeat(pairs[:, 0], [len(some) for some in ends]).astype(np.int64)
        packed = np.unique(every * count + np.concatenate(ends))
        owner, end = np.divmod(packed[packed // count != packed % count], count)
        asked = [(backward, *pair) for pair in zip(owner.tolist(), end.tolist(), strict=True)]
        new = np.array([key not in self._exact for key in asked], np.bool_)
        if new.any():
            found = self._searched(owner[new], end[new], backward=backward)
            told = (key for key, is_new in zip(asked, new, strict=True) if is_new)
            self._exact.update(zip(told, map(tuple, found.tolist()), strict=True))
        sums = np.array([self._exact[key] for key in asked]).reshape(-1, 4)
        joined = np.isfinite(sums[:, 0])
        return owner[joined].astype(np.int32), end[joined].astype(np.int32), sums[joined]

    def _searched(
        self, owner: NDArray[np.int64], end: NDArray[np.int64], *, backward: bool
    ) -> NDArray[np.float64]:
        """Return the sums between each owner, in rising order, and end; infinite without a way."""
        centre, first = np.unique(owner, return_index=True)
        bounds = np.append(first, owner.size).astype(np.int32)
        cells, goals = self.terminal[centre], self.terminal[end]

        def some(share: NDArray[np.int32]) -> NDArray[np.float64]:
            of = bounds[share[0] : share[-1] + 2]
            return direct(self.ground, self.moves, cells[share], of, goals[: of[-1]], backward)

        parts = shares(np.arange(centre.size, dtype=np.int32), _SHARE)
        return np.concatenate(in_threads(some, parts))

    @cached_property
    def _neighbours(self) -> csr_array[np.int8, tuple[int, int]]:
        """Terminals whose regions meet, each its own neighbour too."""
        count, ways = len(self.terminal), self.number_put_together
        each = np.arange(count, dtype=np.int32)
        tail = np.concatenate((each, self.tail[:ways], self.head[:ways]))
        head = np.concatenate((each, self.head[:ways], self.tail[:ways]))
        return coo_array((np.ones(tail.size, np.int8), (tail, head)), shape=(count, count)).tocsr()

    def cells_of(self, way: int) -> NDArray[np.int32]:
        """Return the cells of a way, in the order of travel.

        Parameters
        ----------
        way : int
            Number of the way.

        Returns
        -------
        ndarray of int32, shape (cells of the way,)
            From the cell of its tail to that of its head.
        """
        if way < len(self._starts):
            start, move = int(self._starts[way]), self._steps[way]
            end = start + int(MOVE_ROWS[move]) * self.ground.width + int(MOVE_COLUMNS[move])
            before = trace(self.ground, self._ahead, start, False)  # noqa: FBT003
            after = trace(self.ground, self._behind, end, True)  # noqa: FBT003
            return np.concatenate((before, after))
        tail, head = int(self.terminal[self.tail[way]]), int(self.terminal[self.head[way]])
        backward = any(way in some for some in self._backward)
        return path_between(self.ground, self.moves, tail, head, backward)


def gates(
    roads: Roads, usable: NDArray[np.bool_], ground: Cells, grid: Grid
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where roads can be left.

    Parameters
    ----------
    roads : Roads
        Roads.
    usable : ndarray of bool, shape (edges,)
        Edges that the classes could drive on if nothing were closed.
    ground : Cells
        Open ground.
    grid : Grid
        Its grid.

    Returns
    -------
    nodes : ndarray of int32, shape (gates,)
        Nodes, in rising order.
    cells : ndarray of int32, shape (gates,)
        The cell of each.
    """
    count = len(roads.node_xy)
    served, held = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    shut = roads.bridge | roads.tunnel | np.isin(roads.highway, sorted(NOT_TO_LEAVE))
    for ends in (roads.tail, roads.head):
        served[ends[usable]] = True
        held[ends[shut]] = True
    row = np.floor((grid.north_m - roads.node_xy[:, 1]) / grid.resolution_m).astype(np.int64)
    column = np.floor((roads.node_xy[:, 0] - grid.west_m) / grid.resolution_m).astype(np.int64)
    inside = (row >= 0) & (row < grid.height) & (column >= 0) & (column < grid.width)
    node = np.flatnonzero(served & ~held & inside)
    cell = row[node] * grid.width + column[node]
    free = ground.blocked[cell] == 0
    return node[free].astype(np.int32), cell[free].astype(np.int32)
