"""Hours: what holds on the ground when, where areas and changes hold for a part of the time only.

The horizon falls into **parts**, cut where an area or a change begins or ends to hold. Whatever
holds at any moment while a convoy is under way, from the start of its head to the arrival of its
tail, holds for the whole leg: that is the leg's **window**, a number that stands for a set of areas
and changes. Whoever plans and whoever verifies number windows from here.
"""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from optimizer.errors import UsageError
from optimizer.scenario.model import Area, Change, Scenario, Window

__all__ = ["FOREVER_S", "Hours", "hours_of", "scenario_at", "time_of"]

#: Later than anything that is planned, and early enough before it with the other sign.
FOREVER_S = 1 << 40

#: Place of an area in the scenario, and of a change after all areas.
Place = int
Statement = TypeVar("Statement", Area, Change)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Hours:
    """The parts of a horizon and what holds in them.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    starts_s : tuple of int
        First second of each part, from the start of the horizon, in order. The first part also
        stands for all time before, the last for all time after.
    holding : tuple of frozenset of int
        What holds in each part, of what does not always hold.
    """

    scenario: Scenario
    starts_s: tuple[int, ...]
    holding: tuple[frozenset[Place], ...]

    @property
    def vary(self) -> bool:
        """Whether anything holds for a part of the time only."""
        return len(self.starts_s) > 1

    @functools.cached_property
    def windows(self) -> tuple[frozenset[Place], ...]:
        """What holds in each window: first those of single parts, in the order of time."""
        found: dict[frozenset[Place], None] = dict.fromkeys(self.holding)
        together = list(self.holding)
        while len(together) > 1:
            # What holds in one part more: as often as there are parts, so that all spans are met.
            ends = self.holding[len(self.holding) - len(together) + 1 :]
            together = [held | end for held, end in zip(together, ends, strict=False)]
            found.update(dict.fromkeys(together))
        return tuple(found)

    @functools.cached_property
    def _spans(self) -> dict[tuple[int, int], int]:
        """Windows that were asked for, by first and last part."""
        return {}

    @functools.cached_property
    def _numbers(self) -> dict[frozenset[Place], int]:
        return {held: number for number, held in enumerate(self.windows)}

    def part(self, second: int) -> int:
        """Return the part that a second lies in.

        Parameters
        ----------
        second : int
            From the start of the horizon.

        Returns
        -------
        int
            Its number.
        """
        return max(0, bisect.bisect_right(self.starts_s, second) - 1)

    def begin_s(self, part: int) -> int:
        """Return the first second of a part, with all time before the first.

        Parameters
        ----------
        part : int
            Its number.

        Returns
        -------
        int
            From the start of the horizon.
        """
        return self.starts_s[part] if part else -FOREVER_S

    def end_s(self, part: int) -> int:
        """Return the first second after a part.

        Parameters
        ----------
        part : int
            Its number.

        Returns
        -------
        int
            The start of the next; `FOREVER_S` after the last.
        """
        return self.starts_s[part + 1] if part + 1 < len(self.starts_s) else FOREVER_S

    def of_parts(self, first: int, last: int) -> int:
        """Return the window of a leg that begins in one part and ends in another.

        Parameters
        ----------
        first, last : int
            Their numbers.

        Returns
        -------
        int
            Number of the window.
        """
        known = self._spans.get((first, last))
        if known is None:
            held = frozenset().union(*self.holding[first : last + 1])
            known = self._spans[first, last] = self._numbers[held]
        return known

    def window(self, begin_s: int, end_s: int) -> int:
        """Return the window of what is under way from one second until another.

        Parameters
        ----------
        begin_s, end_s : int
            From the start of the horizon. Whoever ends as something begins to hold is clear of it.

        Returns
        -------
        int
            Number of the window.
        """
        return self.of_parts(self.part(begin_s), self.part(max(begin_s, end_s - 1)))

    def latest_s(self, begin_s: int, end_s: int) -> int:
        """Return by when something as long can begin at the latest in the same window.

        Parameters
        ----------
        begin_s, end_s : int
            From the start of the horizon.

        Returns
        -------
        int
            Last second before the window becomes another, `FOREVER_S` where it never does.
        """
        window, length_s = self.window(begin_s, end_s), end_s - begin_s
        # The window can change as the begin or the end of it comes into another part.
        edges = sorted({edge for start in self.starts_s for edge in (start, start - length_s + 1)})
        for edge in edges:
            if edge > begin_s and self.window(edge, edge + length_s) != window:
                return edge - 1
        return FOREVER_S

    def areas_in(self, window: int) -> tuple[Area, ...]:
        """Return the areas that hold in a window, as they are stated.

        Parameters
        ----------
        window : int
            Number of the window.

        Returns
        -------
        tuple of Area
            In the order of the scenario.
        """
        return self._areas(self._held(window))

    def changes_in(self, window: int) -> tuple[Change, ...]:
        """Return the changes that hold in a window, as they are stated.

        Parameters
        ----------
        window : int
            Number of the window.

        Returns
        -------
        tuple of Change
            In the order of the scenario.
        """
        return self._changes(self._held(window))

    def in_window(self, window: int) -> Scenario:
        """Return the scenario as it is throughout a window.

        Parameters
        ----------
        window : int
            Number of the window.

        Returns
        -------
        Scenario
            With the areas and changes that hold then, or always, and without hours.
        """
        return self._with(self._held(window))

    def always(self) -> Scenario:
        """Return the scenario with the areas and changes that always hold alone.

        Returns
        -------
        Scenario
            What is closed in it is closed all the time.
        """
        return self._with(frozenset.intersection(*self.holding))

    def _held(self, window: int) -> frozenset[Place]:
        # A plan may name any number: one that stands for nothing is taken for everything.
        known = window < len(self.windows)
        return self.windows[window] if known else frozenset().union(*self.holding)

    def _areas(self, held: frozenset[Place]) -> tuple[Area, ...]:
        stated = enumerate(self.scenario.areas)
        return tuple(area for number, area in stated if not area.windows or number in held)

    def _changes(self, held: frozenset[Place]) -> tuple[Change, ...]:
        stated = enumerate(self.scenario.changes, start=len(self.scenario.areas))
        return tuple(change for number, change in stated if not change.windows or number in held)

    def _with(self, held: frozenset[Place]) -> Scenario:
        scenario = self.scenario
        stated: tuple[Area | Change, ...] = (*scenario.areas, *scenario.changes)
        if not any(statement.windows for statement in stated):
            return scenario
        return scenario.model_copy(
            update={
                "areas": tuple(map(_without_hours, self._areas(held))),
                "changes": tuple(map(_without_hours, self._changes(held))),
            }
        )


def hours_of(scenario: Scenario) -> Hours:
    """Return when what holds on the ground of a scenario changes.

    Parameters
    ----------
    scenario : Scenario
        Scenario; with matrices of its own nothing changes, as areas and changes do not count.

    Returns
    -------
    Hours
        Its parts, within the horizon.
    """
    stated: tuple[Area | Change, ...] = (*scenario.areas, *scenario.changes)
    if scenario.theatre is None:
        stated = ()
    spans = {
        number: [_seconds(window, scenario) for window in statement.windows]
        for number, statement in enumerate(stated)
        if statement.windows
    }
    horizon_s = (scenario.horizon.end - scenario.horizon.start) // _SECOND
    cuts = {edge for each in spans.values() for span in each for edge in span}
    starts = (0, *sorted(cut for cut in cuts if 0 < cut <= horizon_s))
    return Hours(
        scenario=scenario,
        starts_s=starts,
        holding=tuple(
            frozenset(
                number
                for number, each in spans.items()
                if any(first <= start < end for first, end in each)
            )
            for start in starts
        ),
    )


def scenario_at(scenario: Scenario, clock: str | None) -> Scenario:
    """Return a scenario as it is at one time, for questions that no leg answers.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    clock : str or None
        ISO 8601 time with offset; None for everything that is stated, at whatever hours.

    Returns
    -------
    Scenario
        With the areas and changes that hold then, or always.

    Raises
    ------
    UsageError
        If it is no such time, or outside the horizon.
    """
    if clock is None:
        return scenario
    second = (time_of(clock, scenario) - scenario.horizon.start) // _SECOND
    hours = hours_of(scenario)
    return hours.in_window(hours.window(second, second))


def time_of(clock: str, scenario: Scenario) -> datetime:
    """Return a time that somebody typed.

    Parameters
    ----------
    clock : str
        ISO 8601 time with offset.
    scenario : Scenario
        Scenario whose horizon it must lie in.

    Returns
    -------
    datetime
        Aware time.

    Raises
    ------
    UsageError
        If it is no such time, or outside the horizon.
    """
    horizon = scenario.horizon
    try:
        time = datetime.fromisoformat(clock)
    except ValueError as error:
        raise UsageError(_no_time(clock, scenario)) from error
    if time.tzinfo is None:
        raise UsageError(_no_time(clock, scenario))
    if not horizon.start <= time <= horizon.end:
        raise UsageError(
            f"{clock} lies outside the horizon, which goes from {horizon.start.isoformat()} to"
            f" {horizon.end.isoformat()}"
        )
    return time


def _no_time(clock: str, scenario: Scenario) -> str:
    example = scenario.horizon.start.isoformat()
    return f"{clock!r} is no time with offset; write it as {example}"


def _seconds(window: Window, scenario: Scenario) -> tuple[int, int]:
    """Return the first second at which a window holds, and the first at which it does not."""
    start = scenario.horizon.start
    return (window.start - start) // _SECOND, -((start - window.end) // _SECOND)


def _without_hours(statement: Statement) -> Statement:
    return statement.model_copy(update={"windows": ()}) if statement.windows else statement
