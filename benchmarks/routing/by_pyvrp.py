"""PyVRP: two seeds in two processes, of which the better counts.

The second arm begins again in between, both processes from the better of their solutions, as
Convoi's rounds do, but without a master that puts routes together.
"""

from __future__ import annotations

import math
import multiprocessing
import time
import warnings
from collections.abc import Sequence

import numpy as np
import pyvrp
from pyvrp import Activity, ActivityType, Client, Depot, Location, ProblemData, Shipment
from pyvrp.exceptions import PenaltyBoundWarning

from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.stated import Stated, stated

__all__ = ["PROCESSES", "cannot", "data_of", "routes_by", "routes_of", "solution_of"]

PROCESSES = 2
#: Times that the second arm begins: as often as Convoi's search.
ROUNDS = 3
#: A way that nobody may take; PyVRP asks for less than this for numerical reasons.
_NEVER = 2**44


def cannot(instance: Instance) -> str | None:
    """Return why an instance cannot be stated; None where it can."""
    del instance
    return None


def routes_by(instance: Instance, seconds: float, seed: int, rounds: int = 1) -> list[Route]:
    """Solve an instance.

    Parameters
    ----------
    instance : Instance
        Instance.
    seconds : float
        Wall time in all.
    seed : int
        Seed.
    rounds : int
        Times that it begins.

    Returns
    -------
    list of Route
        The best of both processes; without any route where neither found a feasible solution.
    """
    begun = time.monotonic()
    told = stated(instance)
    best: tuple[float, list[Route]] = (math.inf, [])
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        for number in range(rounds):
            until = begun + seconds * (number + 1) / rounds
            seeds = [(seed * rounds + number) * PROCESSES + at for at in range(PROCESSES)]
            found = pool.starmap(_run, [(told, until, one, best[1]) for one in seeds])
            best = min([best, *found], key=lambda one: one[0])
        pool.close()
        pool.join()
    return best[1]


def _run(
    told: Stated, until: float, seed: int, begin: Sequence[Route]
) -> tuple[float, list[Route]]:
    data = data_of(told)
    start = solution_of(told, data, begin) if begin else None
    with warnings.catch_warnings():
        # It only says that a run finds little that is feasible.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(
            data,
            lambda _: time.monotonic() >= until,
            seed=seed,
            collect_stats=False,
            initial_solution=start,
        )
    return result.cost(), routes_of(told, data, result.best)


def data_of(told: Stated) -> ProblemData:
    """State an instance for PyVRP.

    Parameters
    ----------
    told : Stated
        Instance in whole numbers.

    Returns
    -------
    ProblemData
        Its vehicle types are named by the indices of their vehicles.
    """
    instance = told.instance
    places = instance.places
    # Loads in as many parts as ways, as PyVRP's own reader has them: its penalties of a unit too
    # much are bounded, and with whole units no route would become feasible where ways are long.
    parts = instance.family.convention.parts
    alike: dict[tuple[object, ...], list[int]] = {}
    profiles: dict[frozenset[int] | None, int] = {}
    for index in told.useful:
        alike.setdefault((instance.vehicles[index],), []).append(index)
    types = []
    for members in alike.values():
        one = instance.vehicles[members[0]]
        types.append(
            pyvrp.VehicleType(
                num_available=len(members),
                capacity=[one.capacity * parts],
                start_depot=one.depot,
                end_depot=one.depot,
                fixed_cost=told.fixed(one),
                tw_early=told.ready[one.depot],
                tw_late=told.due[one.depot],
                shift_duration=told.duration_max(one),
                unit_distance_cost=one.per_distance,
                profile=profiles.setdefault(one.allowed, len(profiles)),
                reload_depots=list(one.reloads),
                name=",".join(map(str, members)),
            )
        )
    matrices = []
    for allowed in profiles:
        ways = told.ways.copy()
        if allowed is not None:
            barred = [at for at in instance.customers if at not in allowed]
            ways[:, barred] = ways[barred, :] = _NEVER
            np.fill_diagonal(ways, 0)
        matrices.append(ways)
    return ProblemData(
        locations=[Location(place.x, place.y) for place in places],
        clients=[
            Client(
                location=at,
                delivery=[places[at].demand * parts],
                service_duration=told.service[at],
                tw_early=told.ready[at],
                tw_late=told.due[at],
                release_time=told.release[at],
                prize=told.prize[at],
                required=not told.prize[at],
            )
            for at in _clients(instance)
        ],
        depots=[Depot(location=at) for at in range(instance.depots)],
        vehicle_types=types,
        distance_matrices=matrices,
        duration_matrices=matrices,
        shipments=[
            Shipment(
                pickup,
                delivery,
                told.ready[pickup],
                told.due[pickup],
                told.service[pickup],
                told.ready[delivery],
                told.due[delivery],
                told.service[delivery],
                amount=[places[pickup].demand * parts],
            )
            for pickup, delivery in instance.pairs
        ],
    )


def _clients(instance: Instance) -> list[int]:
    paired = {at for pair in instance.pairs for at in pair}
    return [at for at in instance.customers if at not in paired]


def routes_of(told: Stated, data: ProblemData, solution: pyvrp.Solution) -> list[Route]:
    """Return PyVRP's routes as ours.

    Parameters
    ----------
    told : Stated
        Instance.
    data : ProblemData
        As PyVRP was given it.
    solution : pyvrp.Solution
        Its solution.

    Returns
    -------
    list of Route
        Routes of vehicles of the instance.
    """
    clients, pairs = _clients(told.instance), told.instance.pairs
    free = [list(map(int, kind.name.split(","))) for kind in data.vehicle_types()]
    routes = []
    for route in solution.routes():
        trips: list[list[int]] = [[]]
        for step in route:
            if step.is_depot():
                trips.append([])
            elif step.is_client():
                trips[-1].append(clients[step.idx])
            else:
                trips[-1].append(pairs[step.idx][0 if step.is_pickup() else 1])
        vehicle = free[route.vehicle_type()].pop(0)
        routes.append(Route(vehicle, tuple(tuple(trip) for trip in trips if trip)))
    return routes


def solution_of(told: Stated, data: ProblemData, routes: Sequence[Route]) -> pyvrp.Solution:
    """Return our routes as PyVRP's.

    Parameters
    ----------
    told : Stated
        Instance.
    data : ProblemData
        As PyVRP is given it.
    routes : sequence of Route
        Routes of vehicles that are useful.

    Returns
    -------
    pyvrp.Solution
        The same solution.
    """
    instance = told.instance
    does = {at: Activity(ActivityType.CLIENT, n) for n, at in enumerate(_clients(instance))}
    for number, (pickup, delivery) in enumerate(instance.pairs):
        does[pickup] = Activity(ActivityType.PICKUP, number)
        does[delivery] = Activity(ActivityType.DELIVERY, number)
    kind_of = {
        int(index): kind
        for kind, one in enumerate(data.vehicle_types())
        for index in one.name.split(",")
    }
    found = []
    for route in routes:
        steps = [does[at] for at in route.trips[0]]
        for trip in route.trips[1:]:
            depot = instance.vehicles[route.vehicle].reloads[0]
            steps += [Activity(ActivityType.DEPOT, depot), *(does[at] for at in trip)]
        found.append(pyvrp.Route(data, steps, kind_of[route.vehicle]))
    return pyvrp.Solution(data, found)
