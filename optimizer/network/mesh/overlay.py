"""Open ground as a small graph: the best ways between gates, where a road can be left, and sites.

One search from all terminals at once divides the ground into regions, a second one goes back in
each; along the borders of the regions that gives the way between each two neighbours. A bounded
search from each site gives its ways to the terminals around it, exactly. A way through the region
of a third terminal is put together through that terminal's cell, which makes it a little longer
than the best; on real ground, by how much is told in ``docs/explanation/mobility-model.md``.

On ground that differs in some cells from ground that was searched before, what those cells cannot
have touched is kept, and everything is as if it had been searched for from nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.network.mesh.differences import Differences, differing_cells
from optimizer.network.mesh.exact import Before, Finder, Group, Look, Ways
from optimizer.network.mesh.regions import Regions, regions, regions_after
from optimizer.network.mesh.spokes import Spokes
from optimizer.network.search.cells import (
    MOVE_COLUMNS,
    MOVE_ROWS,
    Cells,
    Moves,
    Search,
    moves_of,
    path_between,
    trace,
)
from optimizer.progress import Advance, silent

__all__ = ["STAGES", "Overlay"]

#: To how many terminals around it the ways of a site are exact. 256 instead make ways by time no
#: better on Sarvenne and Andorra, ways by distance 0.3 % shorter, and take five times as long.
_SPOKES = 64
#: Where terminals are few, each of these searches covers much of the ground; all of them together
#: may cover it about this many times, and each looks for at least `_SPOKES_LEAST`.
_COVERED = 8
_SPOKES_LEAST = 8
#: How often `Overlay.of` advances.
STAGES = 5
_NONE = np.empty(0, np.int64)


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
    finder : Finder
        Searches for ways by themselves.
    """

    ground: Cells
    moves: Moves
    terminal: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    sums: NDArray[np.float64]
    _gate: NDArray[np.bool_]
    _starts: NDArray[np.int32]
    _steps: NDArray[np.uint8]
    _ahead: NDArray[np.uint8]
    _behind: NDArray[np.uint8]
    #: The ways of sites, which follow those between neighbours, forward and backward.
    _spokes: tuple[Spokes, Spokes]
    finder: Finder
    #: Costs from and to the terminal of each cell; unknown of ground that was kept on disk.
    _costs: tuple[NDArray[np.float64], NDArray[np.float64]] | None
    #: The exact ways of each look, the last ways of all.
    _exact: tuple[Look, ...] = ()

    @classmethod
    def of(
        cls,
        ground: Cells,
        gate_cells: NDArray[np.int32],
        site_cells: NDArray[np.int32],
        advance: Advance = silent,
        before: Overlay | None = None,
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
        before : Overlay or None
            Ways over other ground, of which is kept what holds on this one too.

        Returns
        -------
        Overlay
            Ways between them, the same whatever was known before.
        """
        moves = moves_of(ground)
        differs = None
        if before is not None:
            differs = before._differing(ground, moves, gate_cells, site_cells)  # noqa: SLF001
        if before is None or differs is None:
            return cls._of(ground, moves, gate_cells, site_cells, advance, None)
        if not differs.any():
            advance(STAGES)
            return before
        return cls._of(ground, moves, gate_cells, site_cells, advance, (before, differs))

    def _differing(
        self,
        ground: Cells,
        moves: Moves,
        gate_cells: NDArray[np.int32],
        site_cells: NDArray[np.int32],
    ) -> NDArray[np.bool_] | None:
        """Return the cells of which anything differs on other ground; None for all."""
        differs = differing_cells(self.ground, self.moves, ground, moves)
        if differs is not None:
            differs[np.setxor1d(self.terminal[self._gate], gate_cells)] = True
            differs[np.setxor1d(self._spokes[0].centre, site_cells)] = True
        return differs

    @classmethod
    def _of(  # noqa: PLR0917 - as `of`
        cls,
        ground: Cells,
        moves: Moves,
        gate_cells: NDArray[np.int32],
        site_cells: NDArray[np.int32],
        advance: Advance,
        before: tuple[Overlay, NDArray[np.bool_]] | None,
    ) -> Overlay:
        terminal = np.unique(np.concatenate((gate_cells, site_cells))).astype(np.int32)
        known = None if before is None else before[0]._regions(terminal)  # noqa: SLF001
        if before is None or known is None:
            put_together = regions(ground, moves, terminal, advance)
        else:
            put_together = regions_after(ground, moves, terminal, advance, known, before[1])
        ahead, behind, tail, head, sums, starts, steps = put_together
        to_cell, from_cell = ahead.cost.astype(np.float32), behind.cost.astype(np.float32)
        finder = Finder(
            ground=ground,
            moves=moves,
            terminal=terminal,
            region=ahead.source,
            to_cell=to_cell,
            from_cell=from_cell,
            ways=_graph(terminal.size, tail, head, sums @ ground.weights),
        )
        centre = np.unique(site_cells).astype(np.int32)
        number = np.full(ground.z_m.size, -1, np.int32)
        number[terminal] = np.arange(terminal.size, dtype=np.int32)
        fair = _COVERED * terminal.size // max(2 * centre.size, 1)
        limit = min(max(fair, _SPOKES_LEAST), _SPOKES)
        held: list[tuple[Spokes, Differences] | None] = [None, None]
        if before is not None:
            overlay, differs = before
            finder = replace(finder, before=overlay._known_to(finder, differs))  # noqa: SLF001
            held = [(some, Differences.of(differs, ground)) for some in overlay._spokes]  # noqa: SLF001
        out, back = (
            Spokes.of(ground, moves, centre, number, limit, backward=way, before=held[int(way)])
            for way in (False, True)
        )
        advance(2)
        return cls(
            ground=ground,
            moves=moves,
            terminal=terminal,
            tail=np.concatenate((tail, number[out.owner], number[back.end])),
            head=np.concatenate((head, number[out.end], number[back.owner])),
            sums=np.concatenate((sums, out.sums, back.sums)),
            _gate=np.isin(terminal, gate_cells),
            _starts=starts,
            _steps=steps,
            _ahead=ahead.via,
            _behind=behind.via,
            _spokes=(out, back),
            finder=finder,
            _costs=(ahead.cost, behind.cost),
        )

    def _regions(self, terminal: NDArray[np.int32]) -> Regions | None:
        """Return the regions, in the numbers that their terminals have among others."""
        if self._costs is None:
            return None
        number = np.append(_numbers(self.terminal, terminal), np.int32(-1))
        region, ways = number[self.finder.region], self.number_put_together
        to_cell, from_cell = self._costs
        return Regions(
            Search(to_cell, self._ahead, region),
            Search(from_cell, self._behind, np.where(np.isfinite(from_cell), region, np.int32(-1))),
            number[self.tail[:ways]],
            number[self.head[:ways]],
            self.sums[:ways],
            self._starts,
            self._steps,
        )

    def _known_to(self, finder: Finder, differs: NDArray[np.bool_]) -> Before:
        """Return what was found here, for a search on ground that differs in some cells."""
        number = np.append(_numbers(self.terminal, finder.terminal), np.int32(-1))
        differs = differs | (number[self.finder.region] != finder.region)
        ahead = differs | (self.finder.to_cell != finder.to_cell)
        behind = differs | (self.finder.from_cell != finder.from_cell)
        return Before(
            self.finder.all_found,
            _numbers(finder.terminal, self.terminal),
            Differences.of(ahead, finder.ground),
            Differences.of(behind, finder.ground),
        )

    @classmethod
    def from_arrays(cls, ground: Cells, arrays: Mapping[str, NDArray[Any]]) -> Overlay:
        """Return an overlay that was kept.

        Parameters
        ----------
        ground : Cells
            The same open ground, weighed by the same criterion.
        arrays : mapping of ndarray
            From `arrays`.

        Returns
        -------
        Overlay
            As `of` would make it.
        """
        moves = Moves(arrays["moves_ahead"], arrays["moves_behind"], float(arrays["grain"]))
        count, ways = len(arrays["terminal"]), len(arrays["starts"])
        tail, head, sums = arrays["tail"], arrays["head"], arrays["sums"]
        bounds, spokes = (ways, *arrays["spokes_until"].tolist()), []
        for way, (start, end) in enumerate(itertools.pairwise(bounds)):
            ends = [arrays["terminal"][part[start:end]] for part in (tail, head)]
            owner, other = ends[::-1] if way else ends
            limit, looked = int(arrays["limit"]), arrays["looked"][way]
            spokes.append(Spokes(arrays["centre"], limit, owner, other, sums[start:end], looked))
        return cls(
            ground=ground,
            moves=moves,
            terminal=arrays["terminal"],
            tail=tail,
            head=head,
            sums=sums,
            _gate=arrays["gate"],
            _starts=arrays["starts"],
            _steps=arrays["steps"],
            _ahead=arrays["ahead"],
            _behind=arrays["behind"],
            _spokes=(spokes[0], spokes[1]),
            finder=Finder(
                ground=ground,
                moves=moves,
                terminal=arrays["terminal"],
                region=arrays["region"],
                to_cell=arrays["to_cell"],
                from_cell=arrays["from_cell"],
                ways=_graph(count, tail[:ways], head[:ways], sums[:ways] @ ground.weights),
            ),
            _costs=None,
        )

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What to keep of an overlay that has no ways of looks yet; see `from_arrays`."""
        return {
            "moves_ahead": self.moves.ahead,
            "moves_behind": self.moves.behind,
            "grain": np.array(self.moves.grain),
            "terminal": self.terminal,
            "tail": self.tail,
            "head": self.head,
            "sums": self.sums,
            "gate": self._gate,
            "starts": self._starts,
            "steps": self._steps,
            "ahead": self._ahead,
            "behind": self._behind,
            "spokes_until": self.number_put_together
            + np.cumsum([len(s.owner) for s in self._spokes]),
            "centre": self._spokes[0].centre,
            "limit": np.array(self._spokes[0].limit),
            "looked": np.array([some.looked for some in self._spokes]),
            "region": self.finder.region,
            "to_cell": self.finder.to_cell,
            "from_cell": self.finder.from_cell,
        }

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
            the gates around it, and from the first and the gates around it to the second.
        """
        groups = [
            group
            for backward, ends in enumerate(self.parted(pairs))
            for group in self.groups(
                ends,
                np.concatenate([_NONE, *(look.asked[backward] for look in self._exact)]),
                backward=bool(backward),
            )
        ]
        look = Look.of(groups, self.finder.find(groups), len(self.terminal))
        return replace(
            self,
            tail=np.concatenate((self.tail, look.tail)),
            head=np.concatenate((self.head, look.head)),
            sums=np.concatenate((self.sums, look.sums)),
            _exact=(*self._exact, look),
        )

    def parted(self, pairs: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return from where the ways of pairs are searched for, and to where.

        Parameters
        ----------
        pairs : ndarray of int32, shape (pairs, 2)
            Terminals that ways begin and end at.

        Returns
        -------
        ahead : ndarray of int32, shape (searches, 2)
            Centre and end of forward searches.
        behind : ndarray of int32, shape (searches, 2)
            The same of backward ones.
        """
        # Who begins or ends at a site has no choice of where to.
        may_leave_elsewhere, may_join_elsewhere = self._gate[pairs].T
        return (
            pairs[may_join_elsewhere | ~may_leave_elsewhere],
            pairs[may_leave_elsewhere][:, ::-1],
        )

    def groups(
        self, pairs: NDArray[np.int32], asked: NDArray[np.int64], *, backward: bool
    ) -> list[Group]:
        """Return what to ask from each centre: the ends and around them, if unknown.

        Parameters
        ----------
        pairs : ndarray of int32, shape (searches, 2)
            Centres and ends, from `parted`.
        asked : ndarray of int64
            What was asked already; see `Look`.
        backward : bool
            Whether the searches are.

        Returns
        -------
        list of Group
            In rising order of their centres.
        """
        count = len(self.terminal)
        near = self._neighbours
        choice = self._gate[pairs[:, 1]]
        ends = [near.indices[near.indptr[v] : near.indptr[v + 1]] for v in pairs[choice, 1]]
        every = np.repeat(pairs[choice, 0], [len(some) for some in ends])
        owner = np.concatenate((pairs[:, 0], every)).astype(np.int64)
        packed = np.unique(owner * count + np.concatenate((pairs[:, 1], *ends)))
        packed = packed[~np.isin(packed, asked)]
        owner, end = np.divmod(packed[packed // count != packed % count], count)
        centre, first = np.unique(owner, return_index=True)
        return [
            Group(int(one), tuple(some.tolist()), backward)
            for one, some in zip(centre, np.split(end, first)[1:], strict=True)
        ]

    @cached_property
    def _neighbours(self) -> csr_array[np.int8, tuple[int, int]]:
        """The gates whose regions meet that of each terminal."""
        count, ways = len(self.terminal), self.number_put_together
        tail = np.concatenate((self.tail[:ways], self.head[:ways]))
        head = np.concatenate((self.head[:ways], self.tail[:ways]))
        tail, head = tail[self._gate[head]], head[self._gate[head]]
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
        start, end = int(self.terminal[self.tail[way]]), int(self.terminal[self.head[way]])
        number = way - len(self.tail) + sum(len(look.tail) for look in self._exact)
        if number < 0:
            backward = way >= self.number_put_together + len(self._spokes[0].owner)
            return path_between(self.ground, self.moves, start, end, backward)
        for look in self._exact:
            if number < len(look.tail):
                break
            number -= len(look.tail)
        return look.cells_of(number, start, self.ground.width)


def _numbers(terminal: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the number that each terminal has among others, -1 where it is none of them."""
    place = np.searchsorted(others, terminal).astype(np.int32)
    among = np.isin(terminal, others)
    return np.where(among, place, np.int32(-1))


def _graph(
    count: int, tail: NDArray[np.int32], head: NDArray[np.int32], cost: NDArray[np.float64]
) -> Ways:
    return coo_array((cost, (tail, head)), shape=(count, count)).tocsr()
