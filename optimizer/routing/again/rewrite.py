"""A decided trip as it is written in the new plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from optimizer.plan.model import Item, Leg, Load, Stop, Trip
from optimizer.routing.again.redrive import DecidedTrip
from optimizer.routing.evaluate.times import Ride
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.units import time_at

__all__ = ["rewritten"]

#: Units by vehicle, compartment and good.
_Cargo = Counter[tuple[str, str, str]]


def rewritten(
    problem: Problem,
    group: Group,
    trip: DecidedTrip,
    slack_s: Sequence[int],
    leg_of: Callable[[int, int, Ride], Leg],
) -> Trip:
    """Write a decided trip.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    trip : DecidedTrip
        The trip.
    slack_s : sequence of int
        Slack of each of its stops.
    leg_of : callable
        Writes a leg between two sites.

    Returns
    -------
    Trip
        What was driven word by word, and the rest as it is driven now.
    """
    given, times = trip.given, trip.times

    def at(seconds: int) -> datetime:
        return time_at(problem.scenario.horizon.start, seconds)

    site_index = {site: index for index, site in enumerate(problem.sites)}
    called = [given.stops[index] for index in trip.stops]
    stations = [group.base, *(site_index[stop.site] for stop in called), group.base]
    legs = [
        *given.legs[: trip.driven],
        *(
            leg_of(stations[index], stations[index + 1], ride)
            for index, ride in enumerate(times.rides)
            if index >= trip.driven
        ),
    ]
    cargo: _Cargo = Counter()
    _add(cargo, given.load, 1)
    carried = sorted({(item.vehicle, item.compartment) for item in given.load})
    stops: list[Stop] = []
    for index, stop in enumerate(called):
        _add(cargo, stop.drops, -1)
        ride, start_s = times.rides[index], times.starts[index]
        update: dict[str, object] = {"slack_s": slack_s[index]}
        if index >= trip.driven:
            update |= {
                "arrive": at(ride.arrive),
                "wait_s": start_s - ride.arrive - group.pass_s,
                "start": at(start_s),
                "handling_s": trip.handling_s[index],
                "depart": at(start_s + trip.handling_s[index]),
                "load_after": tuple(_load(problem, cargo, place) for place in carried),
            }
        stops.append(stop.model_copy(update=update))
    return given.model_copy(
        update={
            "loading_start": at(times.loading_start),
            "depart": given.depart if trip.driven else at(times.loading_start + group.loading_s),
            "legs": tuple(legs),
            "stops": tuple(stops),
            "end": at(times.end),
            "fuel_l": dict(sorted(group.fuel_l(trip.fuel_m).items())),
        }
    )


def _add(cargo: _Cargo, items: Sequence[Item], sign: int) -> None:
    for item in items:
        cargo[item.vehicle, item.compartment, item.good] += sign * item.quantity


def _load(problem: Problem, cargo: _Cargo, place: tuple[str, str]) -> Load:
    mass = volume = pallets = 0.0
    for (vehicle, compartment, name), units in cargo.items():
        if (vehicle, compartment) == place:
            good = problem.goods[problem.good_index[name]].good
            mass += units * good.unit_mass_kg
            volume += units * good.unit_volume_l
            pallets += units / good.units_per_pallet if good.units_per_pallet else 0.0
    return Load(
        vehicle=place[0],
        compartment=place[1],
        mass_kg=round(mass, 3),
        volume_l=round(volume, 3),
        pallets=round(pallets, 3),
    )
