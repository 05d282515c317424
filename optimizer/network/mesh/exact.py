"""Ways over open ground that were searched for by themselves, and where such a search looks.

A search from one terminal to others need not look where no better way can lead: through the region
of a terminal that is too far, by the ways put together, from where the search wants to come. Those
are a little too long, so what is left from a terminal to the goal counts for `_AT_LEAST` of them.

What a search rests on is kept with what it found: on other ground of which nothing differs where it
looked, and where as much is left from there to the goal, it would find the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.network.mesh.differences import Differences
from optimizer.network.search.cells import (
    Cells,
    Moves,
    Pruning,
    Scratch,
    along,
    direct,
    empty_scratch,
    squares_of,
)
from optimizer.network.search.reach import reach
from optimizer.threads import in_threads, shares

__all__ = ["Before", "Exact", "Finder", "Group", "Look"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Ways = csr_array[np.float64, tuple[int, int]]

#: The part of a way put together that the best one is never below. By time and on foot, the worst
#: case that was met is 0.93 (`convoi bench network --case full`).
_AT_LEAST = 0.85
#: Searches that are worth a thread of their own.
_SHARE = 4
#: What sums of 32 bits may be off by, as a part of the largest.
_ROUNDING = 1e-6
_NONE = np.empty(0, np.int32)


@dataclass(frozen=True)
class Group:
    """What is asked from one terminal: the ways to others, or in a backward search from others."""

    centre: int
    ends: tuple[int, ...]
    backward: bool


@dataclass(frozen=True)
class Exact:
    """The ways of a group.

    Parameters
    ----------
    sums : ndarray of float64, shape (ends, 4)
        Time, distance, fuel and exposure; infinite where there is no way.
    first : ndarray of int32, shape (ends + 1,)
        Where the steps of each way begin, and where they end.
    steps : ndarray of uint8
        Moves, in the order of travel.
    whole : ndarray of float64, shape (ends,)
        Costs of the same ways put together.
    looked : ndarray of uint8, shape (bytes,)
        Squares that the search looked at; see `optimizer.network.search.cells.Looked`.
    places : ndarray of int32, shape (places,)
        Cells of the terminals whose regions it came to, in rising order.
    left : ndarray of float64, shape (places,)
        What was left from each of them to the goal, by the ways put together.
    """

    sums: NDArray[np.float64]
    first: NDArray[np.int32]
    steps: NDArray[np.uint8]
    whole: Floats
    looked: NDArray[np.uint8]
    places: Ints
    left: Floats


@dataclass(frozen=True)
class Before:
    """What was found on other ground, and where that differs.

    Parameters
    ----------
    found : mapping of Group to Exact
        What was found there.
    number : ndarray of int32, shape (terminals,)
        The number that each terminal has there, -1 where it has none.
    ahead, behind : Differences
        Where forward and backward searches may tell the two grounds apart; regions and the costs
        from and to their terminals included.
    """

    found: Mapping[Group, Exact]
    number: Ints
    ahead: Differences
    behind: Differences

    def of(self, group: Group) -> Exact | None:
        """Return what was found for a group, if nothing differs where its search looked.

        Parameters
        ----------
        group : Group
            Group, in the numbers of the terminals on the new ground.

        Returns
        -------
        Exact or None
            None where that is not known, or may not hold.
        """
        centre, *ends = self.number[[group.centre, *group.ends]].tolist()
        if centre < 0 or min(ends) < 0:
            return None
        known = self.found.get(Group(centre, tuple(ends), group.backward))
        differences = self.behind if group.backward else self.ahead
        return None if known is None or differences.touched(known.looked) else known


@dataclass(frozen=True)
class Look:
    """Ways of several groups.

    Parameters
    ----------
    tail, head : ndarray of int32, shape (ways,)
        Terminals that each joins, in the order of travel.
    sums : ndarray of float64, shape (ways, 4)
        Time, distance, fuel and exposure.
    asked : tuple of ndarray of int64
        For the forward and the backward searches, centre times the number of terminals plus end, of
        all that was asked, found or not.
    """

    tail: Ints
    head: Ints
    sums: Floats
    asked: tuple[NDArray[np.int64], NDArray[np.int64]]
    _steps: tuple[NDArray[np.uint8], ...] = field(repr=False)

    @classmethod
    def of(cls, groups: Sequence[Group], found: Sequence[Exact], count: int) -> Look:
        """Put the ways of groups together.

        Parameters
        ----------
        groups : sequence of Group
            Groups.
        found : sequence of Exact
            Their ways.
        count : int
            Number of terminals.

        Returns
        -------
        Look
            In the order of the groups.
        """
        tails, heads, sums, steps = [], [], [np.empty((0, 4))], []
        for group, exact in zip(groups, found, strict=True):
            joined = np.flatnonzero(np.isfinite(exact.sums[:, 0])).tolist()
            ends, centres = [group.ends[k] for k in joined], [group.centre] * len(joined)
            tails += ends if group.backward else centres
            heads += centres if group.backward else ends
            sums.append(exact.sums[joined])
            steps += [exact.steps[exact.first[k] : exact.first[k + 1]] for k in joined]
        ahead, behind = (
            np.array(
                [g.centre * count + end for g in groups if g.backward == way for end in g.ends],
                np.int64,
            )
            for way in (False, True)
        )
        return cls(
            np.array(tails, np.int32),
            np.array(heads, np.int32),
            np.concatenate(sums),
            (ahead, behind),
            tuple(steps),
        )

    def cells_of(self, way: int, start: int, width: int) -> Ints:
        """Return the cells of a way, in the order of travel.

        Parameters
        ----------
        way : int
            Its number among these.
        start : int
            Its first cell.
        width : int
            Cells to a row.

        Returns
        -------
        ndarray of int32, shape (cells of the way,)
            From the cell of its tail to that of its head.
        """
        return along(start, self._steps[way], width)


@dataclass(frozen=True)
class Finder:
    """Searches for ways between terminals; what was found once is kept.

    What it finds depends on the group alone, not on what was asked before.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        Its open moves.
    terminal : ndarray of int32, shape (terminals,)
        Their cells.
    region : ndarray of int32, shape (cells,)
        The terminal nearest to each cell, -1 where there is none.
    to_cell, from_cell : ndarray of float32, shape (cells,)
        Cost from that terminal to the cell, and back.
    ways : csr_array of float64, shape (terminals, terminals)
        Costs of the ways between terminals that were put together.
    before : Before or None
        What was found on other ground; what holds of it is not searched for again.
    """

    ground: Cells
    moves: Moves
    terminal: Ints
    region: Ints
    to_cell: NDArray[np.float32]
    from_cell: NDArray[np.float32]
    ways: Ways
    before: Before | None = field(default=None, repr=False)
    _found: dict[Group, Exact] = field(default_factory=dict, repr=False)

    def find(self, groups: Sequence[Group]) -> list[Exact]:
        """Return the ways of each group.

        Parameters
        ----------
        groups : sequence of Group
            Groups; none has its centre among its ends.

        Returns
        -------
        list of Exact
            One a group.
        """
        new = [group for group in dict.fromkeys(groups) if group not in self._found]

        def some(share: Ints) -> list[Exact]:
            scratch = empty_scratch(self.ground.z_m.size)
            return [self._search(new[number], scratch) for number in share]

        if new:
            numbers = np.arange(len(new), dtype=np.int32)
            count = len(shares(numbers, _SHARE))
            # Neighbours go to different threads: what is searched for again lies in one corner.
            parts = [numbers[k::count] for k in range(count)]
            for part, found in zip(parts, in_threads(some, parts), strict=True):
                self._found.update(zip((new[k] for k in part), found, strict=True))
        return [self._found[group] for group in groups]

    def put_together(self, terminals: Ints) -> Floats:
        """Return the costs of the ways put together between terminals.

        Parameters
        ----------
        terminals : ndarray of int32, shape (terminals,)
            Terminals.

        Returns
        -------
        ndarray of float64, shape (terminals, terminals)
            Over open ground alone; infinite where there is no way.
        """
        goals = np.unique(terminals)
        costs = [
            _reach(self.ways, terminals[k : k + 1], np.zeros(1), goals=goals)[terminals]
            for k in range(terminals.size)
        ]
        return np.array(costs).reshape(terminals.size, terminals.size)

    @property
    def number_found(self) -> int:
        """How many groups are known."""
        return len(self._found)

    @property
    def found(self) -> dict[str, NDArray[Any]]:
        """What was found, to be kept; see `remember`."""
        groups, ways = list(self._found), list(self._found.values())
        return {
            "centre": np.array([group.centre for group in groups], np.int32),
            "backward": np.array([group.backward for group in groups], np.bool_),
            "number": np.array([len(group.ends) for group in groups], np.int32),
            "ends": np.array([end for group in groups for end in group.ends], np.int32),
            "sums": np.concatenate([np.empty((0, 4)), *(way.sums for way in ways)]),
            "length": np.concatenate([_NONE, *(np.diff(way.first) for way in ways)]),
            "steps": np.concatenate([np.empty(0, np.uint8), *(way.steps for way in ways)]),
            "whole": np.concatenate([np.empty(0), *(way.whole for way in ways)]),
            "looked": np.array([way.looked for way in ways], np.uint8),
            "number_of_places": np.array([len(way.places) for way in ways], np.int32),
            "places": np.concatenate([_NONE, *(way.places for way in ways)]),
            "left": np.concatenate([np.empty(0), *(way.left for way in ways)]),
        }

    @property
    def all_found(self) -> Mapping[Group, Exact]:
        """What was found and will be, for other ground."""
        return self._found

    def remember(self, found: Mapping[str, NDArray[Any]]) -> None:
        """Take over what was found on the same ground before.

        Parameters
        ----------
        found : mapping of ndarray
            From `found`.
        """
        last = np.cumsum(found["number"]).tolist()
        last_place = np.cumsum(found["number_of_places"]).tolist()
        bounds = np.concatenate(([0], np.cumsum(found["length"], dtype=np.int64)))
        first = first_place = 0
        for centre, backward, looked, end, end_place in zip(
            found["centre"].tolist(),
            found["backward"].tolist(),
            found["looked"],
            last,
            last_place,
            strict=True,
        ):
            group = Group(centre, tuple(found["ends"][first:end].tolist()), backward)
            steps = bounds[first : end + 1]
            self._found[group] = Exact(
                found["sums"][first:end],
                (steps - steps[0]).astype(np.int32),
                found["steps"][steps[0] : steps[-1]],
                found["whole"][first:end],
                looked,
                found["places"][first_place:end_place],
                found["left"][first_place:end_place],
            )
            first, first_place = end, end_place

    def _search(self, group: Group, scratch: Scratch) -> Exact:
        ends = np.array(group.ends, np.int32)
        out, back = self._graphs[::-1] if group.backward else self._graphs
        between = self.from_cell if group.backward else self.to_cell
        centre = np.array([group.centre], np.int32)
        whole = _reach(out, centre, np.zeros(1), goals=ends)[ends]
        joined = np.isfinite(whole)
        sums, first = np.full((len(ends), 4), np.inf), np.zeros(len(ends) + 1, np.int32)
        if not joined.any():
            nowhere = squares_of(_NONE, self.ground.width, self.ground.height)
            steps = np.empty(0, np.uint8)
            return Exact(sums, first, steps, whole, nowhere, _NONE, np.empty(0))
        farthest = self._farthest[int(group.backward)]
        longest = float(whole[joined].max())
        begun = longest - whole[joined] - _ROUNDING * (longest + farthest)
        left = _reach(back, ends[joined], begun / _AT_LEAST, most=(longest + farthest) / _AT_LEAST)
        known = None if self.before is None else self.before.of(group)
        if known is not None and self._rests_on(known, whole, left):
            return known
        beyond = left * _AT_LEAST - longest
        sums[joined], some, steps, looked = direct(
            self.ground,
            self.moves,
            int(self.terminal[group.centre]),
            self.terminal[ends[joined]],
            group.backward,
            Pruning(self.region, between, beyond),
            scratch,
        )
        np.cumsum(_spread_out(np.diff(some), joined), out=first[1:])
        places = looked.places
        return Exact(sums, first, steps, whole, looked.squares, self.terminal[places], left[places])

    def _rests_on(self, known: Exact, whole: Floats, left: Floats) -> bool:
        """Tell whether a search would be pruned as it was on other ground."""
        places = np.searchsorted(self.terminal, known.places)
        return np.array_equal(known.whole, whole) and np.array_equal(known.left, left[places])

    @cached_property
    def _graphs(self) -> tuple[Ways, Ways]:
        """The ways put together, and the same turned round."""
        return self.ways, self.ways.T.tocsr()

    @cached_property
    def _farthest(self) -> tuple[float, float]:
        """No less than the largest cost between a cell and its terminal, forward and backward.

        It is rounded up, lest a little more in one corner change every search.
        """
        to_cell, from_cell = (
            _rounded_up(float(some.max(initial=0.0, where=np.isfinite(some))))
            for some in (self.to_cell, self.from_cell)
        )
        return to_cell, from_cell


def _reach(
    ways: Ways, origins: Ints, begun: Floats, *, goals: Ints = _NONE, most: float = np.inf
) -> Floats:
    return reach(ways.indptr, ways.indices, ways.data, origins, begun, goals, most)


def _rounded_up(value: float) -> float:
    """Return the next of 8 values between two powers of two."""
    share, power = math.frexp(value)
    return math.ldexp(math.ceil(share * 16) / 16, power)


def _spread_out(values: Ints, where: NDArray[np.bool_]) -> Ints:
    spread = np.zeros(where.size, np.int32)
    spread[where] = values
    return spread
