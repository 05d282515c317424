"""The candidate route: the one place where the search decides what keeps every rule of a plan."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.routing.evaluate.held import Held, holds_of
from optimizer.routing.evaluate.schedule import lay_out, no_later
from optimizer.routing.evaluate.shape import Shape
from optimizer.routing.evaluate.times import RESERVE_S, Limits, Run, TripTimes
from optimizer.routing.evaluate.trip import Broken, Drive, TripFacts, drive_of, trip_of
from optimizer.routing.model.docks import Hold
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["Candidate", "Key", "evaluate", "hastened", "limits_of"]

#: Group, shape, and where places are scarce the times: what makes a route the same as another.
Key = tuple[int, Shape, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A route of one convoy of a group that keeps every rule but those that couple routes.

    Parameters
    ----------
    group : int
        Index of the group.
    shape : tuple
        Visits by trip.
    times : tuple of TripTimes
        When each trip does what.
    drops : mapping of int to int
        Units by demand.
    leaves : mapping of int to int
        Units by good that leave the base: loads and fuel.
    costs : mapping of Objective to int
        What it adds to each objective but `undelivered`.
    holds : tuple of Hold
        What it holds of the docks that can bind.
    """

    group: int
    shape: Shape
    times: tuple[TripTimes, ...] = field(repr=False)
    drops: dict[int, int]
    leaves: dict[int, int]
    costs: dict[Objective, int]
    holds: tuple[Hold, ...] = ()

    @property
    def key(self) -> Key:
        """What makes it the same route as another: also its times where it holds a place."""
        if not self.holds:
            return self.group, self.shape, ()
        times = (time for trip in self.times for time in (trip.loading_start, *trip.starts))
        return self.group, self.shape, tuple(times)


def limits_of(problem: Problem, group: Group) -> Limits:
    """Return what bounds the schedule of a group's routes.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        One of its groups.

    Returns
    -------
    Limits
        Limits.
    """
    return Limits(group.span, problem.shift_s, group.loading_s, group.pass_s, RESERVE_S)


def evaluate(
    problem: Problem, group_index: int, shape: Shape, held: Held | None = None
) -> Candidate | Broken:
    """Find times and loads of a route, or the rule that it breaks.

    Parameters
    ----------
    problem : Problem
        Problem.
    group_index : int
        Whose route it is.
    shape : tuple
        Tidy visits by trip.
    held : Held, optional
        What others hold of the docks; without it the route is looked at alone.

    Returns
    -------
    Candidate or Broken
        The route with its figures, or the first rule that it breaks. Remembered, as insertion asks
        for the same routes again and again. Among others its times are those that it has alone if
        it finds a place then, else it is laid out around what they hold.
    """
    known: Candidate | Broken | None = problem.memos.routes.get((group_index, shape))
    if known is None:
        found = _evaluate(problem, group_index, shape, None)
        known = problem.memos.routes.keep((group_index, shape), found)
    if held is None or isinstance(known, Broken) or held.admits(known.holds):
        return known
    return _evaluate(problem, group_index, shape, held)


def hastened(problem: Problem, route: Candidate, held: Held) -> Candidate | Broken:
    """Let a route wait on its way for no place but those that others hold.

    Parameters
    ----------
    problem : Problem
        Problem.
    route : Candidate
        A route that finds its places.
    held : Held
        What others hold of the docks.

    Returns
    -------
    Candidate or Broken
        The route, which begins no handling later and ends no trip later. `Broken` where the ways of
        an earlier hour are beyond its range.
    """
    trips = _trips(problem, route.group, route.shape)
    if isinstance(trips, Broken):
        return trips
    group = problem.groups[route.group]
    runs = _around(group, route.shape, trips, held)
    times = no_later(runs, limits_of(problem, group), route.times)
    if times is None:
        return Broken.WINDOW
    if times == route.times:
        return route
    return _candidate(problem, route.group, route.shape, trips, times)


def _trips(problem: Problem, group_index: int, shape: Shape) -> list[TripFacts] | Broken:
    trips: list[TripFacts] = []
    for visits in shape:
        trip = trip_of(problem, group_index, visits)
        if isinstance(trip, Broken):
            return trip
        trips.append(trip)
    return trips


def _around(group: Group, shape: Shape, trips: Sequence[TripFacts], held: Held) -> list[Run]:
    """Return what trips ask of the schedule, around what others hold of the docks."""
    return [
        held.around(group, [site for site, _ in visits], trip.run)
        for visits, trip in zip(shape, trips, strict=True)
    ]


def _evaluate(
    problem: Problem, group_index: int, shape: Shape, held: Held | None
) -> Candidate | Broken:
    group = problem.groups[group_index]
    if len(shape) > group.trips_max:
        return Broken.TRIPS
    trips = _trips(problem, group_index, shape)
    if isinstance(trips, Broken):
        return trips
    if sum(trip.least_s for trip in trips) > problem.shift_s:
        return Broken.SHIFT
    runs = [trip.run for trip in trips]
    if held is not None:
        runs = _around(group, shape, trips, held)
    times = lay_out(runs, limits_of(problem, group))
    if isinstance(times, str):
        return Broken(times)
    return _candidate(problem, group_index, shape, trips, times)


def _candidate(
    problem: Problem,
    group_index: int,
    shape: Shape,
    trips: Sequence[TripFacts],
    times: tuple[TripTimes, ...],
) -> Candidate | Broken:
    """Return the route with its figures, or that it is too far at these hours."""
    driven = _driven(problem, group_index, shape, trips, times)
    if isinstance(driven, Broken):
        return driven
    group = problem.groups[group_index]
    costs, leaves = driven.costs, driven.leaves
    costs[Objective.VEHICLES] = group.vehicles
    costs[Objective.LATENESS] = _late_s(problem, shape, times)
    holds: tuple[Hold, ...] = ()
    if problem.docks:
        sites = ([site for site, _ in visits] for visits in shape)
        runs = (trip.run for trip in trips)
        holds = holds_of(problem, group, zip(sites, runs, times, strict=True))
    return Candidate(group_index, shape, times, _drops(shape), leaves, costs, holds)


def _driven(
    problem: Problem,
    group_index: int,
    shape: Shape,
    trips: Sequence[TripFacts],
    times: Sequence[TripTimes],
) -> Drive | Broken:
    """Sum up what the trips of a route take, by the ways of the hours in which they are driven."""
    costs: dict[Objective, int] = {}
    leaves: dict[int, int] = {}
    for trip, visits, when in zip(trips, shape, times, strict=True):
        drive: Drive | Broken | None = trip.drive
        if drive is None:
            windows = [spell.window for spell in when.spells]
            drive = drive_of(problem, group_index, visits, windows)
        if isinstance(drive, Broken):
            return drive
        for objective, cost in drive.costs.items():
            costs[objective] = costs.get(objective, 0) + cost
        for good, units in drive.leaves.items():
            leaves[good] = leaves.get(good, 0) + units
    return Drive(leaves, costs)


def _drops(shape: Shape) -> dict[int, int]:
    """Return units by demand."""
    drops: dict[int, int] = {}
    for _, served in itertools.chain.from_iterable(shape):
        for need, quantity in served:
            if quantity > 0:
                drops[need] = drops.get(need, 0) + quantity
    return drops


def _late_s(problem: Problem, shape: Shape, times: Sequence[TripTimes]) -> int:
    """Return the lateness of a route, once for each demand of each stop."""
    return sum(
        max(0, start - due)
        for visits, trip in zip(shape, times, strict=True)
        for (_, served), start in zip(visits, trip.starts, strict=True)
        for need, units in served
        if units > 0 and (due := problem.needs[need].due) is not None
    )
