"""What it takes a group to go from site to site, and when it can leave for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.network.ground import Matrix
from optimizer.routing.model.spans import Span
from optimizer.scenario.hours import FOREVER_S, Hours

__all__ = ["Spell", "Timetable", "Ways"]


@dataclass(frozen=True, slots=True)
class Ways:
    """What it takes to go from site to site, as nested lists (rows are origins).

    Parameters
    ----------
    travel_s : list of list of int
        With time contingency; -1 where there is no way or the group may not go.
    distance_m, fuel_m, exposure_milli : list of list of int
        Along the same path.
    matrix : Matrix
        Where they come from.
    """

    travel_s: list[list[int]]
    distance_m: list[list[int]]
    fuel_m: list[list[int]]
    exposure_milli: list[list[int]]
    matrix: Matrix


class Spell(NamedTuple):
    """When a leg can begin, and what it takes then.

    Parameters
    ----------
    opens, closes : int
        First and last second at which the head may leave.
    travel_s : int
        With time contingency.
    window : int
        Number of the window of the scenario's hours, whose ways it takes.
    """

    opens: int
    closes: int
    travel_s: int
    window: int

    @property
    def is_always(self) -> bool:
        """Whether it never opens nor closes."""
        return self.opens == -FOREVER_S and self.closes == FOREVER_S


class Timetable:
    """When a group can leave from site to site.

    Parameters
    ----------
    hours : Hours
        What holds when.
    ways : callable
        Ways of the group's profile in a window, by its number.
    pass_s : int
        From the head of the convoy to its tail: a leg lasts until the tail is in.
    span : Span
        When the group's routes may begin and end.
    """

    def __init__(self, hours: Hours, ways: Callable[[int], Ways], pass_s: int, span: Span) -> None:
        self._hours = hours
        self.ways = ways
        self._pass_s = pass_s
        self._span = span
        self._spells: dict[tuple[int, int], tuple[Spell, ...]] = {}
        #: The window of each part of the horizon by itself.
        self._of_parts = [hours.of_parts(part, part) for part in range(len(hours.starts_s))]

    @property
    def varies(self) -> bool:
        """Whether it matters when a leg begins."""
        return self._hours.vary

    def spells(self, origin: int, destination: int) -> tuple[Spell, ...]:
        """Return when a leg can begin.

        Parameters
        ----------
        origin, destination : int
            Sites.

        Returns
        -------
        tuple of Spell
            In the order in which they open; empty where there is no way.
        """
        pair = origin, destination
        known = self._spells.get(pair)
        if known is None:
            found = _joined(self._found(*pair)) if self.varies else self._any_time(*pair)
            known = self._spells[pair] = found
        return known

    def latest_s(self, depart: int, spell: Spell) -> int:
        """Return by when a leg can begin at the latest in the same window.

        Parameters
        ----------
        depart : int
            When it begins.
        spell : Spell
            What it takes.

        Returns
        -------
        int
            That may be after the spell closes, where another way is quicker from then on.
        """
        return self._hours.latest_s(depart, depart + spell.travel_s + self._pass_s)

    def usual(self) -> Ways:
        """Return for each pair the ways of the window in which it can leave for the longest time.

        That gives a search its direction; what a route takes is told by `spells`.

        Returns
        -------
        Ways
            Those of the only window, where nothing changes.
        """
        first = self.ways(0)
        if not self.varies:
            return first
        numbers = range(len(first.travel_s))
        usual = np.array([[self._usual(a, b) for b in numbers] for a in numbers])
        return _merged({int(window): self.ways(int(window)) for window in np.unique(usual)}, usual)

    def _usual(self, origin: int, destination: int) -> int:
        """Return the window in which the pair's legs can begin for the longest time."""
        lasting: dict[int, int] = {}
        for spell in self.spells(origin, destination):
            length = min(spell.closes, self._span[1]) - max(spell.opens, self._span[0])
            lasting[spell.window] = lasting.get(spell.window, 0) + max(0, length)
        if lasting:
            return max(lasting, key=lambda window: (lasting[window], -window))
        # Never open for long enough; where there is a way at some hour, there is one.
        windows = sorted(set(self._of_parts))
        some = (w for w in windows if self.ways(w).travel_s[origin][destination] >= 0)
        return next(some, 0)

    def _any_time(self, origin: int, destination: int) -> tuple[Spell, ...]:
        travel_s = self.ways(0).travel_s[origin][destination]
        return (Spell(-FOREVER_S, FOREVER_S, travel_s, 0),) if travel_s >= 0 else ()

    def _found(self, origin: int, destination: int) -> Iterator[Spell]:
        """Yield the spells of each part of the horizon in which a leg can begin."""
        hours, parts = self._hours, len(self._hours.starts_s)
        if all(self.ways(w).travel_s[origin][destination] < 0 for w in set(self._of_parts)):
            return
        for first in range(parts):
            opens, shuts = hours.begin_s(first), hours.end_s(first)
            for last in range(first, parts):
                window = hours.of_parts(first, last)
                travel_s = self.ways(window).travel_s[origin][destination]
                whole_s = travel_s + self._pass_s
                if travel_s >= 0:
                    # It must be over before the last part is, and not before the last but one is.
                    begin = (
                        opens if last == first else max(opens, hours.starts_s[last] - whole_s + 1)
                    )
                    end = min(shuts - 1, hours.end_s(last) - whole_s)
                    if begin <= end:
                        yield Spell(begin, end, travel_s, window)
                    if end >= shuts - 1:
                        break


def _joined(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """Put spells of one window that adjoin together, and all in the order in which they open."""
    joined: list[Spell] = []
    for spell in sorted(spells, key=lambda spell: (spell.window, spell.opens)):
        if joined and joined[-1].window == spell.window and spell.opens <= joined[-1].closes + 1:
            joined[-1] = joined[-1]._replace(closes=max(joined[-1].closes, spell.closes))
        else:
            joined.append(spell)
    return tuple(sorted(joined, key=lambda spell: spell.opens))


def _merged(ways: Mapping[int, Ways], chosen: NDArray[np.int64]) -> Ways:
    """Put the ways of several windows together, those of the chosen window for each pair."""
    some = next(iter(ways.values()))
    lists = {
        name: _picked({w: np.array(getattr(each, name)) for w, each in ways.items()}, chosen)
        for name in ("travel_s", "distance_m", "fuel_m", "exposure_milli")
    }
    matrices = {window: each.matrix for window, each in ways.items()}
    matrix = Matrix(
        sites=some.matrix.sites,
        **{
            name: _picked({w: getattr(m, name) for w, m in matrices.items()}, chosen)
            for name in ("time_s", "distance_m", "fuel_m", "exposure_milli")
        },
        unreachable={
            pair: why
            for window, each in matrices.items()
            for pair, why in each.unreachable.items()
            if chosen[pair] == window
        },
    )
    return Ways(**{name: values.tolist() for name, values in lists.items()}, matrix=matrix)


def _picked(
    values: Mapping[int, NDArray[np.int64]], chosen: NDArray[np.int64]
) -> NDArray[np.int64]:
    picked = np.empty_like(next(iter(values.values())))
    for window, each in values.items():
        picked[chosen == window] = each[chosen == window]
    return picked
