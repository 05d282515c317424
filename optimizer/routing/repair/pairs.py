"""Where a pickup and its delivery can go into a route, in this order and within one trip."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.shape import Shape, Visit, tidy_trip
from optimizer.routing.model.problem import Problem

__all__ = ["shapes_with_pair"]

#: Pairs of places that are tried, those with the least detour: there are as many as pairs of gaps.
_TRIED = 24


def shapes_with_pair(
    problem: Problem, index: int, old: Candidate | None, visits: tuple[Visit, ...]
) -> list[Shape]:
    """Put a pickup and its delivery into a route, or into an empty one.

    Parameters
    ----------
    problem : Problem
        Problem.
    index : int
        Index of the route's group.
    old : Candidate or None
        The route; None for a convoy that does nothing yet.
    visits : tuple of Visit
        Where units are taken aboard, and where they are handed over.

    Returns
    -------
    list of tuple
        Shapes, those with the least detour first; not evaluated.
    """
    if old is None:
        return [(visits,)]
    group = problem.groups[index]
    travel, shape = group.ways.travel_s, old.shape
    taking, giving = visits[0][0], visits[1][0]

    def detour_s(a: int, through: Sequence[int], b: int) -> int | None:
        ways = [travel[x][y] for x, y in itertools.pairwise((a, *through, b))]
        return None if min(ways) < 0 else sum(ways) - max(0, travel[a][b])

    places: list[tuple[int, int, int, int]] = []
    for number, trip in enumerate(shape):
        gaps = list(itertools.pairwise([group.base, *(s for s, _ in trip), group.base]))
        take = [detour_s(a, (taking,), b) for a, b in gaps]
        give = [detour_s(a, (giving,), b) for a, b in gaps]
        for first, (a, b) in enumerate(gaps):
            both = detour_s(a, (taking, giving), b)
            if both is not None:
                places.append((both, number, first, first))
            before = take[first]
            if before is not None:
                places += [
                    (before + after, number, first, last)
                    for last in range(first + 1, len(gaps))
                    if (after := give[last]) is not None
                ]
    found: list[Shape] = []
    for _, number, first, last in sorted(places)[:_TRIED]:
        trip = shape[number]
        longer = (*trip[:first], visits[0], *trip[first:last], visits[1], *trip[last:])
        found.append((*shape[:number], tidy_trip(longer), *shape[number + 1 :]))
    if len(shape) < group.trips_max:
        found += [(*shape, visits), (visits, *shape)]
    return found
