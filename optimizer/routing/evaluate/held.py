"""What routes hold of the docks, and when somebody else finds a place there."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from optimizer.routing.evaluate.times import ANY_TIME, Call, Run, TripTimes
from optimizer.routing.model.docks import Dock, Hold
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.spans import Span

__all__ = ["Held", "docks_suffice", "holds_of"]


class Held:
    """What is held of the docks by others.

    Parameters
    ----------
    docks : mapping of Dock to int
        Places of each.
    holds : iterable of Hold
        What is held.
    """

    def __init__(self, docks: Mapping[Dock, int], holds: Iterable[Hold] = ()) -> None:
        self._docks = docks
        self._spans: dict[Dock, list[Span]] = {dock: [] for dock in docks}
        self._full: dict[Dock, tuple[Span, ...]] = {}
        self.add(holds)

    def add(self, holds: Iterable[Hold]) -> None:
        """Hold more.

        Parameters
        ----------
        holds : iterable of Hold
            What is held too.
        """
        for dock, begin, end in holds:
            if dock in self._spans:
                self._spans[dock].append((begin, end))
                self._full.pop(dock, None)

    def full(self, dock: Dock) -> tuple[Span, ...]:
        """Return when all places of a dock are held.

        Parameters
        ----------
        dock : Dock
            One of the docks.

        Returns
        -------
        tuple of Span
            In order, each without its end, and none begins where another ends.
        """
        known = self._full.get(dock)
        if known is None:
            known = self._full[dock] = _full(self._spans[dock], self._docks[dock])
        return known

    def admits(self, holds: Iterable[Hold]) -> bool:
        """Tell whether a route finds a place whenever it wants one.

        Parameters
        ----------
        holds : iterable of Hold
            What it would hold.

        Returns
        -------
        bool
            Whether it does.
        """
        return not any(
            begin < last and first < end
            for dock, begin, end in holds
            if begin < end
            for first, last in self.full(dock)
        )

    def around(self, group: Group, sites: Sequence[int], run: Run) -> Run:
        """Return what a trip asks of the schedule if it keeps to the places that are free.

        Parameters
        ----------
        group : Group
            Who drives.
        sites : sequence of int
            Where it stops.
        run : Run
            What the trip asks with no others there.

        Returns
        -------
        Run
            The same, with its windows cut to when there is a place.
        """
        calls = tuple(
            Call(
                call.spells,
                self._free(Dock(loading=False, site=site), call.windows, call.handling_s),
                call.handling_s,
                call.due,
            )
            for site, call in zip(sites, run.calls, strict=True)
        )
        base = Dock(loading=True, site=group.base)
        return Run(calls, run.home, self._free(base, ANY_TIME, group.loading_s))

    def _free(self, dock: Dock, windows: tuple[Span, ...], lasts_s: int) -> tuple[Span, ...]:
        """Return when something may begin in windows so that there is a place while it lasts."""
        if dock not in self._docks or not lasts_s:
            return windows
        found = []
        for window in windows:
            first, last = window
            for full, free in self.full(dock):
                if free > first:
                    if full - lasts_s >= first:
                        found.append((first, min(last, full - lasts_s)))
                    first = free
                if first > last:
                    break
            if first <= last:
                found.append((first, last))
        return tuple(found)


def holds_of(
    problem: Problem,
    group: Group,
    trips: Iterable[tuple[Sequence[int], Run, TripTimes]],
) -> tuple[Hold, ...]:
    """Return what a route holds of the docks.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Whose route it is.
    trips : iterable of (sequence of int, Run, TripTimes)
        Where each trip stops, what it asks and when it does what.

    Returns
    -------
    tuple of Hold
        In order of time.
    """
    found = []
    base = Dock(loading=True, site=group.base)
    for sites, run, times in trips:
        if base in problem.docks:
            begin = times.loading_start
            found.append(Hold(base, begin, begin + group.loading_s))
        for site, call, start in zip(sites, run.calls, times.starts, strict=True):
            dock = Dock(loading=False, site=site)
            if dock in problem.docks:
                found.append(Hold(dock, start, start + call.handling_s))
    return tuple(found)


def docks_suffice(docks: Mapping[Dock, int], holds: Iterable[Hold]) -> bool:
    """Tell whether at no moment more convoys hold a place than there are.

    Parameters
    ----------
    docks : mapping of Dock to int
        Places of each.
    holds : iterable of Hold
        What is held; other docks do not matter.

    Returns
    -------
    bool
        Whether there are places for all.
    """
    spans: dict[Dock, list[Span]] = {}
    for dock, begin, end in holds:
        if dock in docks:
            spans.setdefault(dock, []).append((begin, end))
    return not any(_full(mine, docks[dock] + 1) for dock, mine in spans.items())


def _full(spans: Sequence[Span], places: int) -> tuple[Span, ...]:
    """Return when at least so many spans overlap."""
    if len(spans) < places:
        return ()
    change: Counter[int] = Counter()
    for begin, end in spans:
        change[begin] += 1
        change[end] -= 1
    moments = sorted(change)
    found: list[Span] = []
    for (moment, until), count in zip(
        itertools.pairwise(moments),
        itertools.accumulate(change[moment] for moment in moments),
        strict=False,
    ):
        if count >= places:
            if found and found[-1][1] == moment:
                found[-1] = (found[-1][0], until)
            else:
                found.append((moment, until))
    return tuple(found)
