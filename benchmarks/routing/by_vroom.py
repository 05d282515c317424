"""VROOM, at its deepest exploration, with a thread a core."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import vroom

from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.stated import Stated, stated

__all__ = ["cannot", "routes_by"]

_EXPLORATION, _THREADS = 5, 2


def cannot(instance: Instance) -> str | None:
    """Return why an instance cannot be stated; None where it can."""
    if any(vehicle.reloads for vehicle in instance.vehicles):
        return "a vehicle makes one trip, and a load has no release time"
    if any(place.prize for place in instance.places):
        return "a priority is no prize: it serves as many as it can, whatever that costs"
    if any(math.isfinite(vehicle.duration_max) for vehicle in instance.vehicles):
        return "it limits the time on the way, not the time from start to end with waiting"
    return None


def routes_by(instance: Instance, seconds: float, seed: int) -> list[Route]:
    """Solve an instance.

    Parameters
    ----------
    instance : Instance
        Instance.
    seconds : float
        Wall time in all.
    seed : int
        Not used: it has no seed, and is the same each time.

    Returns
    -------
    list of Route
        Its routes.
    """
    del seed
    told = stated(instance)
    problem = vroom.Input()
    _add_vehicles(problem, told)
    _add_jobs(problem, told)
    found = problem.solve(_EXPLORATION, _THREADS, timedelta(seconds=seconds)).to_dict()
    return [
        Route(
            route["vehicle"],
            (tuple(step["id"] for step in route["steps"] if "id" in step),),
        )
        for route in found["routes"]
    ]


def _add_vehicles(problem: vroom.Input, told: Stated) -> None:
    instance = told.instance
    rates = {instance.vehicles[index].per_distance for index in told.useful}
    # Larger costs are refused; where a unit of way costs more than one, whole units are enough.
    whole = instance.family.convention.parts if rates != {1} else 1
    for rate in sorted(rates):
        problem.set_durations_matrix(str(rate), told.ways)
        if rate != 1 or whole != 1:
            problem.set_costs_matrix(str(rate), np.rint(told.ways * (rate / whole)))
    for index in told.useful:
        one = instance.vehicles[index]
        problem.add_vehicle(
            vroom.Vehicle(
                index,
                start=one.depot,
                end=one.depot,
                profile=str(one.per_distance),
                capacity=[one.capacity],
                # A skill a customer: whoever has it may serve that customer.
                skills=None if one.allowed is None else set(one.allowed),
                time_window=vroom.TimeWindow(told.ready[one.depot], told.due[one.depot]),
                costs=vroom.VehicleCosts(fixed=told.fixed(one) // whole),
            )
        )


def _add_jobs(problem: vroom.Input, told: Stated) -> None:
    instance = told.instance
    places = instance.places
    skilled = any(vehicle.allowed is not None for vehicle in instance.vehicles)

    def window(at: int) -> list[vroom.TimeWindow]:
        return [vroom.TimeWindow(told.ready[at], told.due[at])]

    paired = {at for pair in instance.pairs for at in pair}
    for at in instance.customers:
        if at not in paired:
            problem.add_job(
                vroom.Job(
                    at,
                    location=at,
                    default_service=told.service[at],
                    delivery=[places[at].demand],
                    skills={at} if skilled else None,
                    time_windows=window(at),
                )
            )
    for pair in instance.pairs:
        pickup, delivery = (
            vroom.ShipmentStep(
                at, location=at, default_service=told.service[at], time_windows=window(at)
            )
            for at in pair
        )
        problem.add_shipment(pickup, delivery, amount=vroom.Amount([places[pair[0]].demand]))
