"""The candidate route: the one place where the search decides what keeps every rule of a plan."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.routing.allocate import Share, allocate
from optimizer.routing.problem import Group, Problem
from optimizer.routing.schedule import Call, Limits, Run, TripTimes, lay_out
from optimizer.scenario.model import Objective

__all__ = ["Broken", "Candidate", "Shape", "Visit", "evaluate", "limits_of", "run_of", "tidy"]

#: A visit: index of the site, and (demand, units) in the order of the demands.
Visit = tuple[int, tuple[tuple[int, int], ...]]
#: Visits by trip.
Shape = tuple[tuple[Visit, ...], ...]


#: Evaluations that are remembered. Insertion asks for the same routes again and again.
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
    shape = []
    for trip in trips:
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
        if visits:
            shape.append(tuple((site, tuple(sorted(served.items()))) for site, served in visits))
    return tuple(shape)


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
    return Limits(group.span, problem.shift_s, group.loading_s, group.pass_s)


def run_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> Run | None:
    """Return what a trip asks of the schedule.

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
    Run or None
        None where one of its legs has no way.
    """
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
        The route with its figures, or the first rule that it breaks.
    """
    known: Candidate | Broken | None = problem.evaluated.get((group_index, shape))
    if known is None:
        if len(problem.evaluated) >= _REMEMBERED:
            problem.evaluated.clear()
        known = _evaluate(problem, group_index, shape)
        problem.evaluated[group_index, shape] = known
    return known


def _evaluate(problem: Problem, group_index: int, shape: Shape) -> Candidate | Broken:
    group = problem.groups[group_index]
    if len(shape) > problem.trips_max:
        return Broken.TRIPS
    runs = []
    for visits in shape:
        run = run_of(problem, group, visits)
        if run is None:
            return Broken.WAY
        runs.append(run)
    if not all(loads_fit(problem, group, visits) for visits in shape):
        return Broken.CAPACITY
    figures = _figures(problem, group, shape)
    if figures is None:
        return Broken.RANGE
    times = lay_out(runs, limits_of(problem, group))
    if isinstance(times, str):
        return Broken(times)
    leaves, costs = figures
    drops = _drops(shape)
    for need, quantity in drops.items():
        good = problem.needs[need].good
        leaves[good] = leaves.get(good, 0) + quantity
    costs[Objective.LATENESS] = _late_s(problem, shape, times)
    return Candidate(group_index, shape, times, drops, leaves, costs)


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


def _figures(
    problem: Problem, group: Group, shape: Shape
) -> tuple[dict[int, int], dict[Objective, int]] | None:
    """Return the fuel that leaves the base and the costs; None where a trip is out of range."""
    ways = group.ways
    travel_s = distance_m = exposure_milli = fuel_l = 0
    leaves: dict[int, int] = {}
    index = problem.good_index
    for visits in shape:
        fuel_m = 0
        stations = [group.base, *(site for site, _ in visits), group.base]
        for a, b in itertools.pairwise(stations):
            travel_s += ways.travel_s[a][b]
            distance_m += ways.distance_m[a][b]
            exposure_milli += ways.exposure_milli[a][b]
            fuel_m += ways.fuel_m[a][b]
        if group.range_m is not None and fuel_m > group.range_m:
            return None
        for fuel, litres in group.fuel_l(fuel_m).items():
            fuel_l += litres
            leaves[index[fuel]] = leaves.get(index[fuel], 0) + litres
    costs = {
        Objective.EXPOSURE: exposure_milli,
        Objective.TIME: travel_s,
        Objective.DISTANCE: distance_m,
        Objective.FUEL: fuel_l,
        Objective.VEHICLES: len(group.convoys[0].vehicles),
    }
    return leaves, costs
