"""Convoi's own engine, asked as ``convoi plan`` asks it: a scenario with matrices of its own.

What a standard instance means is stated in the engine's own terms, and nothing loses precision:

- a part of the instance's unit is a second of time and a metre of distance;
- a customer is a site with one demand of one unit, whose mass is what the customer asks for, so
  that no load is split; a pickup with its delivery is one demand, which stands ready at the pickup;
- what a vehicle costs lies on the ways of its mobility class, with its fixed cost on those that
  leave the base, so that the objective ``distance`` is the cost;
- where no clock binds, ways take no time.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.routing.instance import Instance, Route, Vehicle
from benchmarks.routing.stated import Stated, stated
from optimizer.network.given import MatrixGround
from optimizer.routing.options import SolveOptions
from optimizer.routing.solver import solve
from optimizer.scenario.model import (
    Base,
    Compartment,
    Demand,
    FleetEntry,
    Good,
    Horizon,
    MatrixTable,
    Objective,
    Rules,
    Scenario,
    Site,
    Stock,
    VehicleType,
    Window,
)

__all__ = ["cannot", "routes_by", "scenario_of"]

WORKERS = 2
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
#: Ways that a scenario may state, and trips of a convoy.
_LARGEST, _TRIPS = 1_000_000_000, 20
#: Seconds of a day, which is long enough where ways take no time.
_DAY_S = 86_400
#: Kilograms a minute: whatever is unloaded takes the one second that rounding up makes of it.
_AT_ONCE = 1e9

# What decides the matrix of a vehicle.
_Class = tuple[float, int, frozenset[int] | None]


def cannot(instance: Instance) -> str | None:
    """Return why an instance cannot be stated yet; None where it can."""
    fleet = instance.vehicles
    told = stated(instance)
    dearest = max(one.per_distance for one in fleet) * int(told.ways.max())
    wants = {
        "what is undelivered is compared before distance, by mass and priority; no prize is weighed"
        " against the way": any(place.prize for place in instance.places),
        "stock is at a base from the beginning; none of it has a release time": any(
            place.release for place in instance.places
        ),
        "a convoy loads at its own base alone": any(
            set(vehicle.reloads) - {vehicle.depot} for vehicle in fleet
        ),
        "a stop hands something over; nobody is visited who asks for nothing": not all(
            instance.places[at].demand for at in instance.customers
        ),
        "all convoys have shifts of one length": len({one.duration_max for one in fleet}) > 1,
        f"a way of a scenario counts {_LARGEST} at most": dearest
        + max(told.one(vehicle.fixed) for vehicle in fleet)
        > _LARGEST,
    }
    missing = [reason for reason, is_wanted in wants.items() if is_wanted]
    return "yet: " + "; and ".join(missing) if missing else None


def routes_by(instance: Instance, seconds: float, seed: int) -> list[Route]:
    """Solve an instance.

    Parameters
    ----------
    instance : Instance
        Instance.
    seconds : float
        Wall time of the search.
    seed : int
        Seed.

    Returns
    -------
    list of Route
        The routes of the plan.
    """
    scenario = scenario_of(stated(instance))
    options = SolveOptions(seed=seed, time_limit_s=seconds, workers=WORKERS)
    plan = solve(scenario, MatrixGround(scenario), options=options)
    return [
        Route(
            _index(route.vehicles[0]),
            tuple(tuple(_index(stop.site) for stop in trip.stops) for trip in route.trips),
        )
        for route in plan.routes
    ]


def scenario_of(told: Stated) -> Scenario:
    """State an instance as a scenario.

    Parameters
    ----------
    told : Stated
        Instance in whole numbers.

    Returns
    -------
    Scenario
        Places are named ``p0``, ``p1``, ...; vehicles ``v0``, ``v1``, ...
    """
    instance = told.instance
    places, fleet = instance.places, [(n, instance.vehicles[n]) for n in told.useful]
    end_s = told.horizon if instance.timed else _DAY_S
    classes: dict[_Class, str] = {}
    for _, vehicle in fleet:
        classes.setdefault(_class(vehicle), f"m{len(classes)}")
    kinds: dict[tuple[_Class, int], str] = {}
    for _, vehicle in fleet:
        kinds.setdefault((_class(vehicle), vehicle.capacity), f"t{len(kinds)}")
    ready = {delivery: pickup for pickup, delivery in instance.pairs}
    # What stands ready somewhere is stated where it goes to.
    asking = [at for at in instance.customers if at not in ready.values()]
    demands = sorted({places[ready.get(at, at)].demand for at in asking})
    longest = fleet[0][1].duration_max
    trips = _TRIPS if any(vehicle.reloads for _, vehicle in fleet) else 1
    return Scenario(
        format="convoi/scenario/1",
        id="instance",
        title=instance.name,
        horizon=Horizon(start=_at(0), end=_at(end_s)),
        time_contingency=0,
        objectives=(
            Objective.UNDELIVERED,
            *((Objective.VEHICLES,) if instance.family.vehicles_first else ()),
            Objective.DISTANCE,
        ),
        rules=Rules(
            shift_h=(told.one(longest) if math.isfinite(longest) else end_s) / 3600,
            trips_max=trips,
        ),
        goods=tuple(
            Good(id=f"g{mass}", label_en="", label_fr="", unit="each", unit_mass_kg=mass)
            for mass in demands
        ),
        sites=tuple(_site(told, at, classes) for at in range(len(places))),
        bases=tuple(
            Base(
                site=f"p{depot}",
                loading_min=0,
                stock=tuple(Stock(good=f"g{mass}", quantity=len(places)) for mass in demands),
            )
            for depot in range(instance.depots)
        ),
        demands=tuple(
            Demand(
                id=f"d{at}",
                site=f"p{at}",
                pickup=f"p{ready[at]}" if at in ready else None,
                good=f"g{places[ready.get(at, at)].demand}",
                quantity=1,
            )
            for at in asking
        ),
        vehicle_types=tuple(
            VehicleType(
                id=name,
                mobility=classes[key],
                compartments=(Compartment(id="load", capacity_kg=capacity),),
            )
            for (key, capacity), name in kinds.items()
        ),
        fleet=tuple(
            FleetEntry(
                id=f"v{number}",
                type=kinds[_class(vehicle), vehicle.capacity],
                base=f"p{vehicle.depot}",
            )
            for number, vehicle in fleet
        ),
        matrices=tuple(_matrix(told, key, name) for key, name in classes.items()),
    )


def _class(vehicle: Vehicle) -> _Class:
    return vehicle.fixed, vehicle.per_distance, vehicle.allowed


def _site(told: Stated, at: int, classes: dict[_Class, str]) -> Site:
    instance = told.instance
    able = tuple(name for (_, _, who), name in classes.items() if who is None or at in who)
    is_customer = at in instance.customers
    # One second is that of what is unloaded; half a second less is the same once rounded up, and
    # keeps clear of how minutes are rounded.
    service_s = max(0.0, told.service[at] - 1.5)
    return Site(
        id=f"p{at}",
        windows=(Window(start=_at(told.ready[at]), end=_at(told.due[at])),)
        if instance.timed
        else (),
        reached_by=able if is_customer and len(able) < len(classes) else None,
        handling_fixed_min=service_s / 60 if is_customer else 0,
        handling_kg_per_min=_AT_ONCE,
    )


def _matrix(told: Stated, key: _Class, name: str) -> MatrixTable:
    instance = told.instance
    fixed, rate, _ = key
    cost = told.ways * rate
    cost[: instance.depots] += told.one(fixed)
    np.fill_diagonal(cost, 0)
    time_s = told.ways if instance.timed else np.zeros_like(told.ways)
    return MatrixTable(
        mobility=name,
        sites=tuple(f"p{at}" for at in range(len(instance.places))),
        time_s=tuple(map(tuple, time_s.tolist())),
        distance_m=tuple(map(tuple, cost.tolist())),
    )


def _at(second: int) -> datetime:
    return _BEGIN + timedelta(seconds=second)


def _index(name: str) -> int:
    return int(name[1:])
