"""OR-Tools' routing library: its two best searches, each in a process, of which the better counts.

Measured before: the first solution by parallel insertion, since cheapest arcs often find none;
matrices instead of callbacks, which are many times slower. It has no seed of its own, so customers
are put into another order.
"""

from __future__ import annotations

import math
import multiprocessing
import random
import time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.stated import Stated, stated

__all__ = ["SEARCHES", "cannot", "parameters_of", "routes_by"]

SEARCHES = ("iterated", "guided")
#: Ruins by strings of neighbours (Christiaens and Vanden Berghe 2020), with the paper's figures.
_REMOVED, _LONGEST, _BYPASS = 10, 10, 0.01


def cannot(instance: Instance) -> str | None:
    """Return why an instance cannot be stated; None where it can."""
    if any(vehicle.reloads for vehicle in instance.vehicles):
        return (
            "a trip may begin when the latest of its own loads is released: the model has no trips,"
            " only copies of the depot to call at"
        )
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
        Seed.

    Returns
    -------
    list of Route
        The better of both searches; without any route where neither found a solution.
    """
    until = time.monotonic() + seconds
    with multiprocessing.get_context("fork").Pool(len(SEARCHES)) as pool:
        found = pool.starmap(_run, [(instance, until, seed, search) for search in SEARCHES])
        pool.close()
        pool.join()
    return min(found, key=lambda one: one[0])[1]


def _run(instance: Instance, until: float, seed: int, search: str) -> tuple[float, list[Route]]:
    told = stated(instance)
    order = list(instance.customers)
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    nodes = [*range(instance.depots), *order]
    fleet = [instance.vehicles[index] for index in told.useful]
    homes = [vehicle.depot for vehicle in fleet]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(fleet), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    _state(told, nodes, manager, model)
    left = until - time.monotonic()
    if left <= 0:
        return math.inf, []
    parameters = parameters_of(search, left)
    solver = (
        model.SolveWithIteratedLocalSearch if search == "iterated" else (model.SolveWithParameters)
    )
    found = solver(parameters)
    if found is None:
        return math.inf, []
    routes = []
    for number, vehicle in enumerate(told.useful):
        at, trip = found.Value(model.NextVar(model.Start(number))), []
        while not model.IsEnd(at):
            trip.append(nodes[manager.IndexToNode(at)])
            at = found.Value(model.NextVar(at))
        if trip:
            routes.append(Route(vehicle, (tuple(trip),)))
    return found.ObjectiveValue(), routes


def _state(
    told: Stated,
    nodes: list[int],
    manager: pywrapcp.RoutingIndexManager,
    model: pywrapcp.RoutingModel,
) -> None:
    """State costs, loads, times, and who may or must be visited."""
    instance = told.instance
    fleet = [instance.vehicles[index] for index in told.useful]
    ways = told.ways[nodes][:, nodes]
    costs: dict[int, int] = {}
    for number, vehicle in enumerate(fleet):
        rate = vehicle.per_distance
        if rate not in costs:
            costs[rate] = model.RegisterTransitMatrix((ways * rate).tolist())
        model.SetArcCostEvaluatorOfVehicle(costs[rate], number)
        model.SetFixedCostOfVehicle(told.fixed(vehicle), number)
    loads = model.RegisterUnaryTransitVector([instance.places[at].demand for at in nodes])
    capacities = [vehicle.capacity for vehicle in fleet]
    model.AddDimensionWithVehicleCapacity(loads, 0, capacities, True, "load")  # noqa: FBT003 - SWIG
    if instance.timed or instance.pairs:
        _state_times(told, nodes, manager, model)
    where = {
        at: manager.NodeToIndex(node) for node, at in enumerate(nodes) if node >= instance.depots
    }
    for at in instance.customers:
        able = [
            n for n, vehicle in enumerate(fleet) if vehicle.allowed is None or at in vehicle.allowed
        ]
        if len(able) < len(fleet):
            # SetAllowedVehiclesForIndex takes no list in this version.
            model.VehicleVar(where[at]).SetValues(able)
        if told.prize[at]:
            model.AddDisjunction([where[at]], told.prize[at])
    solver = model.solver()
    for pickup, delivery in instance.pairs:
        a, b = where[pickup], where[delivery]
        model.AddPickupAndDelivery(a, b)
        solver.Add(model.VehicleVar(a) == model.VehicleVar(b))
        times = model.GetDimensionOrDie("time")
        solver.Add(times.CumulVar(a) <= times.CumulVar(b))


def _state_times(
    told: Stated,
    nodes: list[int],
    manager: pywrapcp.RoutingIndexManager,
    model: pywrapcp.RoutingModel,
) -> None:
    instance = told.instance
    service = [told.service[at] for at in nodes]
    lasting = (told.ways[nodes][:, nodes].T + service).T
    transit = model.RegisterTransitMatrix(lasting.tolist())
    model.AddDimension(transit, told.horizon, told.horizon, False, "time")  # noqa: FBT003 - SWIG
    times = model.GetDimensionOrDie("time")
    for node, at in enumerate(nodes):
        if node >= instance.depots:
            times.CumulVar(manager.NodeToIndex(node)).SetRange(told.ready[at], told.due[at])
    for number, index in enumerate(told.useful):
        vehicle = instance.vehicles[index]
        for end in (model.Start(number), model.End(number)):
            times.CumulVar(end).SetRange(told.ready[vehicle.depot], told.due[vehicle.depot])
        if math.isfinite(vehicle.duration_max):
            times.SetSpanUpperBoundForVehicle(told.duration_max(vehicle), number)


def parameters_of(search: str, seconds: float) -> object:
    """Return the parameters of a search.

    Parameters
    ----------
    search : str
        Of `SEARCHES`.
    seconds : float
        Wall time.

    Returns
    -------
    RoutingSearchParameters
        With the first solution by parallel insertion.
    """
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    if search == "guided":
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        return parameters
    parameters.use_iterated_local_search = True
    iterated = parameters.iterated_local_search_parameters
    ruin = iterated.ruin_recreate_parameters.ruin_strategies.add().sisr
    ruin.max_removed_sequence_size = _LONGEST
    ruin.avg_num_removed_visits = _REMOVED
    ruin.bypass_factor = _BYPASS
    annealing = iterated.reference_solution_acceptance_strategy.simulated_annealing
    annealing.automatic_temperatures = True
    return parameters
