"""The candidate route: the one place where the search decides what keeps every rule of a plan."""

from __future__ import annotations

import enum
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.routing.allocate import Share, allocate
from optimizer.routing.problem import Group, Problem
from optimizer.routing.schedule import RESERVE_S, Call, Limits, Run, TripTimes, lay_out
from optimizer.scenario.model import Objective

__all__ = [
    "Broken",
    "Candidate",
    "Shape",
    "TripFacts",
    "Visit",
    "evaluate",
    "limits_of",
    "shares_of",
    "tidy",
    "tidy_trip",
    "trip_of",
]

#: A visit: index of the site, and (demand, units) in the order of the demands.
Visit = tuple[int, tuple[tuple[int, int], ...]]
#: Visits by trip.
Shape = tuple[tuple[Visit, ...], ...]


#: Evaluations that are remembered, of routes and of trips.
_REMEMBERED = 200_000


class Broken(enum.StrEnum):
    """The rule that a route breaks."""

    WAY = "way"
    TRIPS = "trips"
    CAPACITY = "capacity"
    RANGE = "range"
    WINDOW = "window"
    SHIFT = "shift"


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
    """

    group: int
    shape: Shape
    times: tuple[TripTimes, ...] = field(repr=False)
    drops: dict[int, int]
    leaves: dict[int, int]
    costs: dict[Objective, int]

    @property
    def key(self) -> tuple[int, Shape]:
        """What makes it the same route as another."""
        return self.group, self.shape


@dataclass(frozen=True, slots=True)
class TripFacts:
    """What a trip takes, whenever it is driven.

    Parameters
    ----------
    run : Run
        What it asks of the schedule.
    least_s : int
        Time from its loading to its end without any waiting.
    leaves : mapping of int to int
        Units by good that leave the base: load and fuel.
    costs : mapping of Objective to int
        What it adds to the objectives that do not depend on when it is driven.
    """

    run: Run
    least_s: int
    leaves: dict[int, int]
    costs: dict[Objective, int]


def tidy(trips: Sequence[Sequence[Visit]]) -> Shape:
    """Bring visits into the one form that routes are compared in.

    Parameters
    ----------
    trips : sequence of sequence of Visit
        Visits by trip, in order.

    Returns
    -------
    tuple
        Without empty trips and visits; visits to one site that follow each other are one, and a
        demand is named once a visit.
    """
    shape = (tidy_trip(trip) for trip in trips)
    return tuple(trip for trip in shape if trip)


def tidy_trip(trip: Sequence[Visit]) -> tuple[Visit, ...]:
    """Bring the visits of one trip into the form that `tidy` gives them.

    Parameters
    ----------
    trip : sequence of Visit
        Visits in order.

    Returns
    -------
    tuple of Visit
        Visits; empty if nothing is dropped.
    """
    visits: list[tuple[int, dict[int, int]]] = []
    for site, drops in trip:
        if not any(quantity for _, quantity in drops):
            continue
        if not visits or visits[-1][0] != site:
            visits.append((site, {}))
        served = visits[-1][1]
        for need, quantity in drops:
            if quantity:
                served[need] = served.get(need, 0) + quantity
    return tuple((site, tuple(sorted(served.items()))) for site, served in visits)


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


def trip_of(problem: Problem, group_index: int, visits: Sequence[Visit]) -> TripFacts | Broken:
    """Find what a trip takes, or the rule that it breaks whatever else the convoy does.

    Parameters
    ----------
    problem : Problem
        Problem.
    group_index : int
        Who drives.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    TripFacts or Broken
        Remembered, as insertion changes one trip of a route and leaves the others.
    """
    key = (group_index, tuple(visits))
    known: TripFacts | Broken | None = problem.trips.get(key)
    if known is None:
        if len(problem.trips) >= _REMEMBERED:
            problem.trips.clear()
        known = _trip_of(problem, problem.groups[group_index], visits)
        problem.trips[key] = known
    return known


def _trip_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> TripFacts | Broken:
    # Loads before times: in a plan that is nearly full it is room that is wanting, and soon known.
    if not loads_fit(problem, group, visits):
        return Broken.CAPACITY
    run = _run_of(problem, group, visits)
    if run is None:
        return Broken.WAY
    stations = [group.base, *(site for site, _ in visits), group.base]
    legs = list(itertools.pairwise(stations))
    ways = group.ways
    fuel_m = sum(ways.fuel_m[a][b] for a, b in legs)
    if group.range_m is not None and fuel_m > group.range_m:
        return Broken.RANGE
    leaves = load_of(problem, visits)
    litres = group.fuel_l(fuel_m)
    for fuel, quantity in litres.items():
        good = problem.good_index[fuel]
        leaves[good] = leaves.get(good, 0) + quantity
    costs = {
        Objective.EXPOSURE: sum(ways.exposure_milli[a][b] for a, b in legs),
        Objective.TIME: sum(ways.travel_s[a][b] for a, b in legs),
        Objective.DISTANCE: sum(ways.distance_m[a][b] for a, b in legs),
        Objective.FUEL: sum(litres.values()),
    }
    handling_s = sum(call.handling_s for call in run.calls)
    least_s = group.loading_s + costs[Objective.TIME] + handling_s + group.pass_s * len(legs)
    return TripFacts(run, least_s, leaves, costs)


def _run_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> Run | None:
    """Return what a trip asks of the schedule; None where one of its legs has no way."""
    travel_s = group.ways.travel_s
    here = group.base
    calls = []
    for site, drops in visits:
        leg_s = travel_s[here][site]
        if leg_s < 0:
            return None
        dues = [due for need, _ in drops if (due := problem.needs[need].due) is not None]
        calls.append(
            Call(
                travel_s=leg_s,
                windows=problem.windows(tuple(need for need, _ in drops)),
                handling_s=problem.fixed_s(site)
                + sum(problem.handling_s(need, quantity) for need, quantity in drops),
                due=min(dues, default=None),
            )
        )
        here = site
    home_s = travel_s[here][group.base]
    return None if home_s < 0 else Run(tuple(calls), home_s)


def evaluate(problem: Problem, group_index: int, shape: Shape) -> Candidate | Broken:
    """Find times and loads of a route, or the rule that it breaks.

    Parameters
    ----------
    problem : Problem
        Problem.
    group_index : int
        Whose route it is.
    shape : tuple
        Tidy visits by trip.

    Returns
    -------
    Candidate or Broken
        The route with its figures, or the first rule that it breaks. Remembered, as insertion asks
        for the same routes again and again.
    """
    known: Candidate | Broken | None = problem.evaluated.get((group_index, shape))
    if known is None:
        if len(problem.evaluated) >= _REMEMBERED:
            problem.evaluated.clear()
        known = _evaluate(problem, group_index, shape)
        problem.evaluated[group_index, shape] = known
    return known


def _evaluate(problem: Problem, group_index: int, shape: Shape) -> Candidate | Broken:
    if len(shape) > problem.trips_max:
        return Broken.TRIPS
    trips: list[TripFacts] = []
    for visits in shape:
        trip = trip_of(problem, group_index, visits)
        if isinstance(trip, Broken):
            return trip
        trips.append(trip)
    if sum(trip.least_s for trip in trips) > problem.shift_s:
        return Broken.SHIFT
    group = problem.groups[group_index]
    times = lay_out([trip.run for trip in trips], limits_of(problem, group))
    if isinstance(times, str):
        return Broken(times)
    costs: Counter[Objective] = Counter()
    leaves: Counter[int] = Counter()
    for trip in trips:
        costs.update(trip.costs)
        leaves.update(trip.leaves)
    costs[Objective.VEHICLES] = len(group.convoys[0].vehicles)
    costs[Objective.LATENESS] = _late_s(problem, shape, times)
    return Candidate(group_index, shape, times, _drops(shape), leaves, costs)


def _drops(shape: Shape) -> dict[int, int]:
    """Return units by demand."""
    drops: dict[int, int] = {}
    for _, served in itertools.chain.from_iterable(shape):
        for need, quantity in served:
            drops[need] = drops.get(need, 0) + quantity
    return drops


def _late_s(problem: Problem, shape: Shape, times: Sequence[TripTimes]) -> int:
    """Return the lateness of a route, once for each demand of each stop."""
    return sum(
        max(0, start - due)
        for visits, trip in zip(shape, times, strict=True)
        for (_, served), start in zip(visits, trip.starts, strict=True)
        for need, _ in served
        if (due := problem.needs[need].due) is not None
    )


def load_of(problem: Problem, visits: Sequence[Visit]) -> dict[int, int]:
    """Return what a trip loads.

    Parameters
    ----------
    problem : Problem
        Problem.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    dict of int to int
        Units by good.
    """
    load: dict[int, int] = {}
    for _, drops in visits:
        for need, quantity in drops:
            good = problem.needs[need].good
            load[good] = load.get(good, 0) + quantity
    return load


def shares_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> tuple[Share, ...] | None:
    """Return which compartment carries what on a trip.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    tuple of Share or None
        None where it does not fit.
    """
    return allocate(problem, group.holds, load_of(problem, visits))


def loads_fit(problem: Problem, group: Group, visits: Sequence[Visit]) -> bool:
    """Tell whether what a trip drops can be loaded.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    bool
        Whether it can.
    """
    if len(group.holds) == 1:
        return _fits_one(problem, group, load_of(problem, visits))
    return shares_of(problem, group, visits) is not None


def _fits_one(problem: Problem, group: Group, load: dict[int, int]) -> bool:
    """Tell whether a load fits into the only compartment there is."""
    hold = group.holds[0]
    used = [0, 0, 0]
    for good, quantity in load.items():
        supply = problem.goods[good]
        if supply.good.compartment != hold.kind:
            return False
        for dimension, step in enumerate(supply.unit):
            used[dimension] += step * quantity
    if any(u > c for u, c in zip(used, hold.capacity, strict=True)):
        return False
    return not problem.apart or not any(pair in problem.apart for pair in _pairs(load))


def _pairs(load: dict[int, int]) -> list[tuple[int, int]]:
    goods = sorted(load)
    return [(a, b) for i, a in enumerate(goods) for b in goods[i + 1 :]]
