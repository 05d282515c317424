"""What a trip takes, whenever it is driven and whatever else its convoy does."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.routing.evaluate.loads import load_of, loads_fit
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.evaluate.times import Call, Run
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["Broken", "TripFacts", "trip_of"]


class Broken(enum.StrEnum):
    """The rule that a route breaks."""

    WAY = "way"
    TRIPS = "trips"
    CAPACITY = "capacity"
    RANGE = "range"
    WINDOW = "window"
    SHIFT = "shift"


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
    known: TripFacts | Broken | None = problem.memos.trips.get(key)
    if known is None:
        found = _trip_of(problem, problem.groups[group_index], visits)
        known = problem.memos.trips.keep(key, found)
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
                handling_s=problem.fixed_s[site]
                + sum(problem.handling_s(need, quantity) for need, quantity in drops),
                due=min(dues, default=None),
            )
        )
        here = site
    home_s = travel_s[here][group.base]
    return None if home_s < 0 else Run(tuple(calls), home_s)
