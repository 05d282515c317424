"""What a trip takes, whenever it is driven and whatever else its convoy does."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.routing.evaluate.loads import load_of, loads_fit
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.evaluate.times import Call, Run
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.ways import Ways
from optimizer.scenario.model import Objective

__all__ = ["Broken", "Drive", "TripFacts", "calls_of", "drive_of", "trip_of"]


class Broken(enum.StrEnum):
    """The rule that a route breaks."""

    WAY = "way"
    TRIPS = "trips"
    CAPACITY = "capacity"
    RANGE = "range"
    WINDOW = "window"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Drive:
    """What a trip takes by the ways of certain windows.

    Parameters
    ----------
    leaves : mapping of int to int
        Units by good that leave the base: load and fuel.
    costs : mapping of Objective to int
        What it adds to the objectives that do not depend on the times of its stops.
    """

    leaves: dict[int, int]
    costs: dict[Objective, int]


@dataclass(frozen=True, slots=True)
class TripFacts:
    """What a trip takes, whenever it is driven.

    Parameters
    ----------
    run : Run
        What it asks of the schedule.
    least_s : int
        Time from its loading to its end without any waiting.
    drive : Drive or None
        None where it depends on when the trip is driven: `drive_of` tells then.
    """

    run: Run
    least_s: int
    drive: Drive | None


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
    legs = [*(call.spells for call in run.calls), run.home]
    drive = None
    if group.timetable.varies:
        travel_s = sum(min(spell.travel_s for spell in spells) for spells in legs)
    else:
        found = _drive(problem, group, visits, [group.ways] * len(legs))
        if isinstance(found, Broken):
            return found
        drive, travel_s = found, found.costs[Objective.TIME]
    handling_s = sum(call.handling_s for call in run.calls)
    least_s = group.loading_s + travel_s + handling_s + group.pass_s * len(legs)
    return TripFacts(run, least_s, drive)


def drive_of(
    problem: Problem, group_index: int, visits: Sequence[Visit], windows: Sequence[int]
) -> Drive | Broken:
    """Find what a trip takes that is driven in certain windows of the scenario's hours.

    Parameters
    ----------
    problem : Problem
        Problem.
    group_index : int
        Who drives.
    visits : sequence of Visit
        The trip's visits.
    windows : sequence of int
        Window of each leg.

    Returns
    -------
    Drive or Broken
        `Broken.RANGE` if it is too far.
    """
    group = problem.groups[group_index]
    return _drive(problem, group, visits, [group.timetable.ways(window) for window in windows])


def _drive(
    problem: Problem, group: Group, visits: Sequence[Visit], ways: Sequence[Ways]
) -> Drive | Broken:
    stations = [group.base, *(site for site, _ in visits), group.base]
    legs = list(zip(ways, stations, stations[1:], strict=False))
    fuel_m = sum(way.fuel_m[a][b] for way, a, b in legs)
    if group.range_m is not None and fuel_m > group.range_m:
        return Broken.RANGE
    leaves = load_of(problem, visits)
    litres = group.fuel_l(fuel_m)
    for fuel, quantity in litres.items():
        good = problem.good_index[fuel]
        leaves[good] = leaves.get(good, 0) + quantity
    costs = {
        Objective.EXPOSURE: sum(way.exposure_milli[a][b] for way, a, b in legs),
        Objective.TIME: sum(way.travel_s[a][b] for way, a, b in legs),
        Objective.DISTANCE: sum(way.distance_m[a][b] for way, a, b in legs),
        Objective.FUEL: sum(litres.values()),
    }
    return Drive(leaves, costs)


def _run_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> Run | None:
    """Return what a trip asks of the schedule; None where one of its legs has no way."""
    calls = calls_of(problem, group, visits, group.base)
    home = group.timetable.spells(visits[-1][0], group.base)
    return Run(calls, home) if calls is not None and home else None


def calls_of(
    problem: Problem, group: Group, visits: Sequence[Visit], origin: int
) -> tuple[Call, ...] | None:
    """Return what visits ask of the schedule.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        Visits in order.
    origin : int
        Site from which the first is driven to.

    Returns
    -------
    tuple of Call or None
        None where one of the legs that lead to them has no way.
    """
    here = origin
    calls = []
    for site, drops in visits:
        leg = group.timetable.spells(here, site)
        if not leg:
            return None
        dues = [
            due
            for need, units in drops
            if units > 0 and (due := problem.needs[need].due) is not None
        ]
        calls.append(
            Call(
                spells=leg,
                windows=problem.windows(drops),
                handling_s=problem.fixed_s[site]
                + sum(problem.handling_s(need, quantity) for need, quantity in drops),
                due=min(dues, default=None),
            )
        )
        here = site
    return tuple(calls)
