"""A trip that is decided, over the ground as it is now: what was driven, and how it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from optimizer.plan.model import Trip
from optimizer.routing.evaluate.schedule import forward
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.evaluate.times import Limits, Run, TripTimes
from optimizer.routing.evaluate.trip import calls_of
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.ways import Spell
from optimizer.scenario.hours import FOREVER_S
from optimizer.units import seconds_since

__all__ = ["DecidedTrip", "redriven"]

#: A way that is always open and takes no time: to ask how far a convoy gets, wherever home is.
_THERE = (Spell(-FOREVER_S, FOREVER_S, 0, 0),)


@dataclass(frozen=True, slots=True)
class DecidedTrip:
    """A trip that is decided.

    Parameters
    ----------
    given : Trip
        As the earlier plan had it.
    driven : int
        How many of its legs have begun: they stay as they were driven.
    stops : tuple of int
        Which of its stops are called at, by their places in `given`: those that are reached, and
        of the others those that still can be in time. What was for the rest comes home again.
    times : TripTimes
        When it does what.
    handling_s : tuple of int
        How long handling takes at each of these stops.
    fuel_m : int
        Flat paved metres of all its legs.
    """

    given: Trip
    driven: int
    stops: tuple[int, ...]
    times: TripTimes
    handling_s: tuple[int, ...]
    fuel_m: int


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a trip, and what bounds it."""

    problem: Problem
    group: Group
    origin: int
    ready_s: int
    latest_s: int
    range_m: float

    def driven(self, visits: Sequence[Visit]) -> tuple[TripTimes, tuple[int, ...], int] | None:
        """Return times, handling and flat paved metres of the way on; None where there is none."""
        base = self.group.base
        calls = calls_of(self.problem, self.group, visits, self.origin)
        home = self.group.timetable.spells(visits[-1][0] if visits else self.origin, base)
        if calls is None or not home:
            return None
        times = self._forward(Run(calls, home), self.latest_s)
        if times is None:
            return None
        stations = [self.origin, *(site for site, _ in visits), base]
        fuel_m = sum(
            self.group.timetable.ways(spell.window).fuel_m[a][b]
            for spell, a, b in zip(times.spells, stations, stations[1:], strict=False)
        )
        handling_s = tuple(call.handling_s for call in calls)
        return (times, handling_s, fuel_m) if fuel_m <= self.range_m else None

    def reaches(self, visits: Sequence[Visit]) -> bool:
        """Tell whether all these visits are reached in time, however one gets home from there."""
        calls = calls_of(self.problem, self.group, visits, self.origin)
        return calls is not None and self._forward(Run(calls, _THERE), FOREVER_S) is not None

    def _forward(self, run: Run, latest_s: int) -> TripTimes | None:
        limits = Limits((0, latest_s), self.problem.shift_s, 0, self.group.pass_s)
        times = forward([run], limits, self.ready_s)
        return None if isinstance(times, str) else times[0]


def redriven(
    problem: Problem,
    group: Group,
    trip: Trip,
    visits: Sequence[Visit],
    *,
    until_s: int,
    begin_s: int,
    latest_s: int,
) -> DecidedTrip | None:
    """Find how a decided trip goes on over the ground as it is now.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    trip : Trip
        The trip, as it was planned.
    visits : sequence of Visit
        Its stops.
    until_s : int
        Legs that began before it stay as they were driven; the others begin then or later.
    begin_s : int
        When its loading can begin, unless it was planned later.
    latest_s : int
        By when it must be over.

    Returns
    -------
    DecidedTrip or None
        Stops that cannot be reached in time any more are left out, the first such one first; None
        where nobody gets home, or nothing that has not left yet is left to be done.
    """

    def at(time: datetime) -> int:
        return seconds_since(problem.scenario.horizon.start, time)

    legs = [leg for leg in trip.legs if at(leg.depart) < until_s]
    driven = len(legs)
    loading_start = max(begin_s, at(trip.loading_start))
    loaded = loading_start + at(trip.depart) - at(trip.loading_start)
    before = TripTimes(
        loading_start=loading_start,
        end=at(trip.end),
        starts=tuple(at(stop.start) for stop in trip.stops[:driven]),
        departs=tuple(at(leg.depart) for leg in legs),
        spells=tuple(Spell(-FOREVER_S, FOREVER_S, leg.travel_s, leg.window) for leg in legs),
    )
    fuel_m = sum(leg.fuel_m for leg in legs)
    reached = tuple(range(min(driven, len(trip.stops))))
    handled_s = tuple(trip.stops[index].handling_s for index in reached)
    if driven == len(trip.legs):
        return DecidedTrip(trip, driven, reached, before, handled_s, fuel_m)
    rest = _Rest(
        problem=problem,
        group=group,
        origin=visits[driven - 1][0] if driven else group.base,
        ready_s=max(until_s, at(trip.stops[driven - 1].depart) if driven else loaded),
        latest_s=latest_s,
        range_m=float("inf") if group.range_m is None else group.range_m - fuel_m,
    )
    open_ = list(range(driven, len(trip.stops)))
    while open_ or driven:
        found = rest.driven([visits[index] for index in open_])
        if found is not None:
            times, handling_s, further_m = found
            return DecidedTrip(
                given=trip,
                driven=driven,
                stops=(*reached, *open_),
                times=_joined(before, times),
                handling_s=handled_s + handling_s,
                fuel_m=fuel_m + further_m,
            )
        if not open_:
            break
        missed = (
            place
            for place in range(len(open_))
            if not rest.reaches([visits[index] for index in open_[: place + 1]])
        )
        # Where all are reached, it is the way home that takes too long.
        del open_[next(missed, -1)]
    return None


def _joined(before: TripTimes, after: TripTimes) -> TripTimes:
    return TripTimes(
        loading_start=before.loading_start,
        end=after.end,
        starts=before.starts + after.starts,
        departs=before.departs + after.departs,
        spells=before.spells + after.spells,
    )
