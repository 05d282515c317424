"""Where one visit more can go into a route, and what it adds there at least.

Evaluating a route exactly takes a hundred times as long as looking up three ways. So all places are
compared first by what their detours add, those that have no room or no time for the visit left out;
whoever inserts evaluates them from the least on, and stops where no other can be better.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from optimizer.routing.evaluate.loads import load_of
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.shape import Shape, Visit, tidy_trip
from optimizer.routing.evaluate.solution import Score
from optimizer.routing.evaluate.trip import Broken, trip_of
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["Place", "places"]

#: Places of a route that are tried, those that add least.
_TRIED = 8

#: Ways by origin and destination, of which an insertion adds two and saves one.
_Table = Sequence[Sequence[int]]


class Place(NamedTuple):
    """Where a visit can go.

    Parameters
    ----------
    least : tuple of int
        What it adds at least to each objective but `undelivered`, as `cost_of` lists them.
    trip : int
        Trip that it joins, or before which it makes one of its own.
    position : int
        Before which visit of the trip; -1 for a trip of its own.
    joins : bool
        Whether it becomes a part of a visit beside it.
    """

    least: Score
    trip: int
    position: int
    joins: bool

    def shape(self, old: Candidate | None, visit: Visit) -> Shape:
        """Return the visits of the route with one more.

        Parameters
        ----------
        old : Candidate or None
            The route; None for a convoy that does nothing yet.
        visit : Visit
            The visit.

        Returns
        -------
        tuple
            Not evaluated.
        """
        shape: Shape = () if old is None else old.shape
        if self.position < 0:
            return (*shape[: self.trip], (visit,), *shape[self.trip :])
        trip = shape[self.trip]
        longer = (*trip[: self.position], visit, *trip[self.position :])
        return (
            *shape[: self.trip],
            tidy_trip(longer) if self.joins else longer,
            *shape[self.trip + 1 :],
        )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of a route an insertion asks for, the same for every visit."""

    #: By trip: base, sites, base.
    stations: tuple[tuple[int, ...], ...]
    #: By trip, what is left of its compartments together, by kind and dimension.
    free: tuple[dict[str, list[int]], ...]
    #: What the shift leaves, even without any waiting.
    spare_s: int


def places(problem: Problem, index: int, old: Candidate | None, visit: Visit) -> list[Place]:
    """Find where a visit can go into a route, or into an empty one.

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
    list of Place
        Those that add least, and least of all first. By the usual ways of the hours: by others it
        may be less.
    """
    group = problem.groups[index]
    tables = _tables(problem, group)
    site, drops = visit
    base = group.base
    alone = _added(tables, base, site, base)
    if old is None:
        return [Place(_with_vehicles(problem, group, alone), 0, -1, joins=False)]
    frame = _frame(problem, index, old)
    travel = group.ways.travel_s
    spare_s = frame.spare_s - sum(problem.handling_s(need, units) for need, units in drops)
    stop_s = problem.fixed_s[site] + group.pass_s
    found = []
    for number, stations in enumerate(frame.stations):
        if not _has_room(problem, frame.free[number], drops):
            continue
        for position, (a, b) in enumerate(itertools.pairwise(stations)):
            out, on = travel[a][site], travel[site][b]
            if out < 0 or on < 0:
                continue
            if (a == site and position > 0) or (b == site and position < len(stations) - 2):
                found.append(Place((0,) * len(tables), number, position, joins=True))
            elif out + on - max(0, travel[a][b]) + stop_s <= spare_s:
                found.append(Place(_added(tables, a, site, b), number, position, joins=False))
    if len(frame.stations) < group.trips_max:
        detour_s = travel[base][site] + travel[site][base]
        if detour_s + stop_s + group.pass_s + group.loading_s <= spare_s:
            found += [Place(alone, number, -1, joins=False) for number in (len(old.shape), 0)]
    return sorted(found)[:_TRIED]


def _tables(problem: Problem, group: Group) -> list[_Table | None]:
    """Return what ways add to each objective but `undelivered`; None where that is not told."""
    ways = group.ways
    told: dict[Objective, _Table] = {
        Objective.EXPOSURE: ways.exposure_milli,
        Objective.TIME: ways.travel_s,
        Objective.DISTANCE: ways.distance_m,
    }
    listed = [o for o in problem.objectives if o is not Objective.UNDELIVERED]
    # Driving time breaks ties, as in `cost_of`.
    return [told.get(objective) for objective in (*listed, Objective.TIME)]


def _added(tables: Sequence[_Table | None], a: int, site: int, b: int) -> Score:
    return tuple(
        [0 if way is None else way[a][site] + way[site][b] - max(0, way[a][b]) for way in tables]
    )


def _with_vehicles(problem: Problem, group: Group, least: Score) -> Score:
    """Add the vehicles of a convoy that did not move before."""
    listed = [o for o in problem.objectives if o is not Objective.UNDELIVERED]
    moving = (group.vehicles if o is Objective.VEHICLES else 0 for o in (*listed, Objective.TIME))
    return tuple(a + b for a, b in zip(least, moving, strict=True))


def _frame(problem: Problem, index: int, old: Candidate) -> _Frame:
    known: _Frame | None = problem.memos.frames.get((index, old.shape))
    if known is None:
        known = problem.memos.frames.keep((index, old.shape), _framed(problem, index, old))
    return known


def _framed(problem: Problem, index: int, old: Candidate) -> _Frame:
    group = problem.groups[index]
    facts = [trip_of(problem, index, trip) for trip in old.shape]
    least_s = sum(problem.shift_s if isinstance(f, Broken) else f.least_s for f in facts)
    return _Frame(
        stations=tuple((group.base, *(s for s, _ in trip), group.base) for trip in old.shape),
        free=tuple(_free(problem, group, load_of(problem, trip)) for trip in old.shape),
        spare_s=problem.shift_s - least_s,
    )


def _free(problem: Problem, group: Group, load: Mapping[int, int]) -> dict[str, list[int]]:
    free: dict[str, list[int]] = {}
    for hold in group.holds:
        room = free.setdefault(hold.kind, [0] * len(hold.capacity))
        for dimension, capacity in enumerate(hold.capacity):
            room[dimension] += capacity
    for good, units in load.items():
        supply = problem.goods[good]
        for dimension, step in enumerate(supply.unit):
            free[supply.good.compartment][dimension] -= step * units
    return free


def _has_room(
    problem: Problem, free: Mapping[str, Sequence[int]], drops: Sequence[tuple[int, int]]
) -> bool:
    """Tell whether what is dropped could fit, were all compartments of a kind one."""
    for need, units in drops:
        supply = problem.goods[problem.needs[need].good]
        room = free.get(supply.good.compartment)
        if room is None or any(
            step * units > left for step, left in zip(supply.unit, room, strict=True)
        ):
            return False
    return True
