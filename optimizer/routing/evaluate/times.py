"""What a schedule is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from optimizer.routing.model.spans import Span
from optimizer.routing.model.ways import Spell
from optimizer.scenario.hours import FOREVER_S

__all__ = ["ANY_TIME", "RESERVE_S", "Call", "Limits", "Ride", "Run", "TripTimes"]

#: The reserve of a plan's trips: a quarter of an hour, enough to change a wheel.
RESERVE_S = 900
#: Windows that never close.
ANY_TIME: tuple[Span, ...] = ((-FOREVER_S, FOREVER_S),)


@dataclass(frozen=True, slots=True)
class Call:
    """What a stop asks of the schedule.

    Parameters
    ----------
    spells : tuple of Spell
        When the leg that leads to it can begin, and what it takes then.
    windows : tuple of Span
        When handling may begin, in order.
    handling_s : int
        How long it takes.
    due : int or None
        Earliest time from which on one of its demands is late.
    """

    spells: tuple[Spell, ...]
    windows: tuple[Span, ...]
    handling_s: int
    due: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """What a trip asks of the schedule.

    Parameters
    ----------
    calls : tuple of Call
        Its stops.
    home : tuple of Spell
        When its last leg can begin.
    loading : tuple of Span
        When its loading may begin, in order.
    """

    calls: tuple[Call, ...]
    home: tuple[Spell, ...]
    loading: tuple[Span, ...] = ANY_TIME
    #: The spells of its legs, where each has one that never opens nor closes; empty otherwise.
    steady: tuple[Spell, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        legs = (*(call.spells for call in self.calls), self.home)
        alone = tuple(spells[0] for spells in legs if len(spells) == 1 and spells[0].is_always)
        object.__setattr__(self, "steady", alone if len(alone) == len(legs) else ())


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the schedule of a route.

    Parameters
    ----------
    span : Span
        When the route may begin and end.
    shift_s : int
        Longest time from its beginning to its end.
    loading_s : int
        Loading before each trip.
    pass_s : int
        From head to tail.
    reserve_s : int
        By how much a trip that would wait on its way leaves before the latest time.
    """

    span: Span
    shift_s: int
    loading_s: int
    pass_s: int
    reserve_s: int = 0


class Ride(NamedTuple):
    """A leg in time.

    Parameters
    ----------
    depart : int
        When the head leaves.
    spell : Spell
        The spell that this lies in.
    """

    depart: int
    spell: Spell

    @property
    def arrive(self) -> int:
        """When the head arrives."""
        return self.depart + self.spell.travel_s


@dataclass(frozen=True, slots=True)
class TripTimes:
    """When a trip does what.

    Parameters
    ----------
    loading_start, end : int
        First and last second.
    starts : tuple of int
        When the handling of each stop begins.
    departs : tuple of int
        When the head leaves on each leg: one more than stops.
    spells : tuple of Spell
        The spell that each of these lies in.
    """

    loading_start: int
    end: int
    starts: tuple[int, ...]
    departs: tuple[int, ...]
    spells: tuple[Spell, ...]

    @property
    def rides(self) -> tuple[Ride, ...]:
        """Its legs."""
        return tuple(map(Ride, self.departs, self.spells))
