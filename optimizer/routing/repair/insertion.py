"""Where one visit more can go into a route."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.shape import Shape, Visit, tidy_trip
from optimizer.routing.evaluate.trip import Broken, trip_of
from optimizer.routing.model.problem import Problem

__all__ = ["shapes_with"]

#: Insertions into a route that are evaluated exactly, those with the least detour.
_TRIED = 8


def shapes_with(problem: Problem, index: int, old: Candidate | None, visit: Visit) -> list[Shape]:
    """Put one visit more into a route, or into an empty one.

    Parameters
    ----------
    problem : Problem
        Problem.
    index : int
        Index of the route's group.
    old : Candidate or None
        The route; None for a convoy that does nothing yet.
    visit : Visit
        The visit.

    Returns
    -------
    list of tuple
        Shapes, those with the least detour first; not evaluated.
    """
    if old is None:
        return [((visit,),)]
    group = problem.groups[index]
    travel = group.ways.travel_s
    site = visit[0]
    handling_s = sum(problem.handling_s(need, units) for need, units in visit[1])
    stop_s = problem.fixed_s[site] + group.pass_s
    # What the shift leaves, even without any waiting: most places are out of the question at once.
    spare_s = problem.shift_s - handling_s - sum(_least_s(problem, index, t) for t in old.shape)
    # A place is (detour, trip, position, whether it joins a visit); position -1 is an own trip.
    places: list[tuple[int, int, int, bool]] = []
    for number, trip in enumerate(old.shape):
        stations = [group.base, *(s for s, _ in trip), group.base]
        for position, (a, b) in enumerate(itertools.pairwise(stations)):
            if travel[a][site] < 0 or travel[site][b] < 0:
                continue
            joins = (a == site and position > 0) or (b == site and position < len(trip))
            detour_s = 0 if joins else travel[a][site] + travel[site][b] - max(0, travel[a][b])
            if joins or detour_s + stop_s <= spare_s:
                places.append((detour_s, number, position, joins))
    if len(old.shape) < group.trips_max:
        detour_s = travel[group.base][site] + travel[site][group.base]
        if detour_s + stop_s + group.pass_s + group.loading_s <= spare_s:
            places += [(detour_s, number, -1, False) for number in (len(old.shape), 0)]
    return [_with(old.shape, visit, *place[1:]) for place in sorted(places)[:_TRIED]]


def _least_s(problem: Problem, group: int, trip: Sequence[Visit]) -> int:
    facts = trip_of(problem, group, trip)
    return problem.shift_s if isinstance(facts, Broken) else facts.least_s


def _with(shape: Shape, visit: Visit, number: int, position: int, joins: bool) -> Shape:  # noqa: FBT001
    """Return a shape with one visit more."""
    if position < 0:
        return (*shape[:number], (visit,), *shape[number:])
    trip = shape[number]
    longer = (*trip[:position], visit, *trip[position:])
    return (*shape[:number], tidy_trip(longer) if joins else longer, *shape[number + 1 :])
