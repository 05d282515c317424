"""A leg as it is written in the plan."""

from __future__ import annotations

from optimizer.network.ground import Ground
from optimizer.plan.model import Leg
from optimizer.routing.evaluate.times import Ride
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.units import time_at

__all__ = ["leg_of"]


def leg_of(
    problem: Problem, ground: Ground, group: Group, sites: tuple[int, int], ride: Ride
) -> Leg:
    """Write a leg out, with its path.

    Parameters
    ----------
    problem : Problem
        Problem.
    ground : Ground
        Its ground, for the path.
    group : Group
        Who drives.
    sites : tuple of int
        From where to where.
    ride : Ride
        When, and by the ways of which hours.

    Returns
    -------
    Leg
        The leg.
    """
    a, b = sites
    criterion = problem.scenario.rules.criterion
    origin, destination = problem.sites[a], problem.sites[b]
    window = ride.spell.window
    course = ground.course(group.convoys[0].profile, criterion, origin, destination, window)
    ways = group.timetable.ways(window)
    start = problem.scenario.horizon.start
    return Leg(
        origin=origin,
        destination=destination,
        criterion=criterion,
        window=window,
        depart=time_at(start, ride.depart),
        arrive=time_at(start, ride.arrive),
        travel_s=ride.spell.travel_s,
        distance_m=ways.distance_m[a][b],
        fuel_m=ways.fuel_m[a][b],
        exposure_milli=ways.exposure_milli[a][b],
        path=course.path,
    )
