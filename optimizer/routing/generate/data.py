"""A run of the generator as PyVRP's data.

- A **location** is a site together with the carriers that may serve it there: to all others the
  ways into it are closed. That states who may carry what without a rule of PyVRP's own.
- A **client** is a task in one window; the windows of a task, and its time before and after it is
  due, are alternatives of which at most one is visited.
- What stands ready at a site is a **shipment**: a pickup and a delivery on one route, in this order
  and without a call at the base in between, which PyVRP keeps by itself. It has one window at
  either end, from the first opening to the last closing, and no due time.
- The fixed part of handling lies on the ways that leave a site, so that tasks of one stop share
  it; the time for the tail to close up lies on the ways that enter one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, Shipment, VehicleType

from optimizer.routing.demands.split import Task
from optimizer.routing.generate.orders import Order
from optimizer.routing.generate.weights import Weights
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.scale import UNLIMITED
from optimizer.routing.model.spans import Span
from optimizer.routing.parameters import SearchParameters

__all__ = ["Data", "data_of"]

#: What a prize loses for a task that is served late.
_LATE_SHARE = 4


@dataclass(frozen=True, slots=True)
class Data:
    """PyVRP's data, and what its indices mean.

    Parameters
    ----------
    problem_data : ProblemData
        For PyVRP.
    tasks : list of Task
        Task of each client.
    sites : list of int
        Site of each client.
    groups : list of int
        Group of each vehicle type.
    able : list of frozenset of int
        Vehicle types that may serve each task of the order.
    clients : list of list of int
        Clients that stand for each task of the order.
    pairs : list of Task
        Task of each shipment.
    shipments : mapping of int to int
        Shipment that stands for a task of the order.
    """

    problem_data: ProblemData
    tasks: list[Task]
    sites: list[int]
    groups: list[int]
    able: list[frozenset[int]]
    clients: list[list[int]]
    pairs: list[Task]
    shipments: Mapping[int, int]

    def client(self, task: int, begin: int) -> int | None:
        """Return the client that stands for a task at a time.

        Parameters
        ----------
        task : int
            Index of the task in the order.
        begin : int
            When its handling begins.

        Returns
        -------
        int or None
            Index; None if no window holds the time.
        """
        for index in self.clients[task]:
            client = self.problem_data.client(index)
            if client.tw_early <= begin <= client.tw_late:
                return index
        return None


def data_of(problem: Problem, order: Order, weights: Weights, parameters: SearchParameters) -> Data:
    """State a run for PyVRP.

    Parameters
    ----------
    problem : Problem
        Problem.
    order : Order
        What is asked for: at least one task and one carrier.
    weights : Weights
        Costs and prizes.
    parameters : SearchParameters
        Ratios.

    Returns
    -------
    Data
        The data.
    """
    tasks, carriers = order.tasks, order.carriers
    bases = sorted({problem.groups[carrier.group].base for carrier in carriers})
    # Location: (site, carriers that may serve it); the bases come first and are open to all.
    everyone = frozenset(range(len(carriers)))
    places: dict[tuple[int, frozenset[int] | None], int] = {
        (b, None): i for i, b in enumerate(bases)
    }
    clients: list[Client] = []
    owners: list[Task] = []
    groups: list[ClientGroup] = []
    shipments: list[Shipment] = []
    pairs: list[Task] = []
    shipment_of: dict[int, int] = {}
    ables: list[frozenset[int]] = []
    members: list[list[int]] = []
    dimensions = _dimensions(problem, tasks)
    mean = float(np.mean([problem.mass(t.need, t.quantity) for t in tasks]))
    for index, task in enumerate(tasks):
        need = problem.needs[task.need]
        is_needed = index in order.needed
        able = frozenset(
            index
            for index in everyone
            if carriers[index].group in task.groups and need.good not in carriers[index].barred
        )
        ables.append(able)
        members.append([])
        if not able:
            continue
        place = places.setdefault((need.site, able), len(places))
        supply = problem.goods[need.good]
        amount = [
            supply.unit[d] * task.quantity if kind == supply.good.compartment else 0
            for kind, d in dimensions
        ]
        prize = weights.prize(problem, task, mean, parameters.priority_ratio)
        if need.pickup is not None:
            ready = places.setdefault((need.pickup, able), len(places))
            if need.windows and need.pickup_windows:
                shipment_of[index] = len(pairs)
                pairs.append(task)
                shipments.append(
                    Shipment(
                        ready,
                        place,
                        need.pickup_windows[0][0],
                        need.pickup_windows[-1][1],
                        problem.handling_s(task.need, -task.quantity),
                        need.windows[0][0],
                        need.windows[-1][1],
                        problem.handling_s(task.need, task.quantity),
                        amount,
                        prize,
                        is_needed,
                    )
                )
            continue
        options = _alternatives(need.windows, need.due, prize)
        members[-1] = list(range(len(clients), len(clients) + len(options)))
        group = len(groups) if len(options) > 1 else None
        if group is not None:
            groups.append(ClientGroup(members[-1], required=is_needed))
        for (opening, closing), worth in options:
            clients.append(
                Client(
                    place,
                    delivery=amount,
                    service_duration=problem.handling_s(task.need, task.quantity),
                    tw_early=opening,
                    tw_late=closing,
                    prize=worth,
                    required=is_needed and group is None,
                    group=group,
                )
            )
            owners.append(task)
    loads = [client.delivery for client in clients] + [one.amount for one in shipments]
    demand = [sum(load[d] for load in loads) for d in range(len(dimensions))]
    capacities = [
        [
            min(total, _capacity(problem, carrier.group, kind, d))
            for (kind, d), total in zip(dimensions, demand, strict=True)
        ]
        for carrier in carriers
    ]
    types, distances, durations = _fleet(problem, order, list(places), capacities, weights)
    loading = {problem.groups[c.group].base: problem.groups[c.group].loading_s for c in carriers}
    data = ProblemData(
        [Location(0, 0) for _ in places],
        clients,
        [Depot(index, service_duration=loading[base]) for index, base in enumerate(bases)],
        types,
        distances,
        durations,
        groups,
        shipments,
    )
    sites = [problem.needs[task.need].site for task in owners]
    kinds = [carrier.group for carrier in carriers]
    return Data(data, owners, sites, kinds, ables, members, pairs, shipment_of)


def _fleet(
    problem: Problem,
    order: Order,
    places: Sequence[tuple[int, frozenset[int] | None]],
    capacities: Sequence[list[int]],
    weights: Weights,
) -> tuple[list[VehicleType], list[Any], list[Any]]:
    """Return the vehicle types, one a carrier, and their matrices of costs and durations."""
    bases = [site for site, able in places if able is None]
    profiles: dict[object, int] = {}
    distances: list[Any] = []
    durations: list[Any] = []
    types = []
    for index, carrier in enumerate(order.carriers):
        base = bases.index(problem.groups[carrier.group].base)
        group_ = problem.groups[carrier.group]
        open_to = tuple(able is None or index in able for _, able in places)
        key = (carrier.group, open_to)
        if key not in profiles:
            profiles[key] = len(distances)
            distance, duration = _matrices(problem, carrier.group, places, open_to, weights)
            distances.append(distance)
            durations.append(duration)
        types.append(
            VehicleType(
                num_available=carrier.count,
                capacity=capacities[index],
                start_depot=base,
                end_depot=base,
                fixed_cost=weights.vehicle * group_.vehicles,
                tw_early=group_.span[0],
                tw_late=group_.span[1],
                shift_duration=problem.shift_s,
                profile=profiles[key],
                reload_depots=[base] if order.reloads else [],
                max_reloads=group_.trips_max - 1 if order.reloads else 0,
            )
        )
    return types, distances, durations


def _alternatives(windows: Sequence[Span], due: int | None, prize: int) -> list[tuple[Span, int]]:
    """Return windows and what serving in them is worth.

    The prizes of the alternatives that are not taken count as lost, whichever is taken; what
    matters is their difference.
    """
    options = []
    late = prize - prize // _LATE_SHARE
    for opening, closing in windows:
        if due is None or closing <= due:
            options.append(((opening, closing), prize))
        elif opening > due:
            options.append(((opening, closing), late))
        else:
            options.append(((opening, due), prize))
            options.append(((due + 1, closing), late))
    return options


def _dimensions(problem: Problem, tasks: Sequence[Task]) -> list[tuple[str, int]]:
    """Return the pairs of compartment kind and load dimension that can bind."""
    goods = {problem.needs[task.need].good for task in tasks}
    found = []
    for kind in sorted({problem.goods[good].good.compartment for good in goods}):
        units = [
            problem.goods[good].unit
            for good in goods
            if problem.goods[good].good.compartment == kind
        ]
        limits = [hold.capacity for g in problem.groups for hold in g.holds if hold.kind == kind]
        found += [
            (kind, d)
            for d in range(3)
            if any(unit[d] for unit in units) and (d == 0 or any(c[d] < UNLIMITED for c in limits))
        ]
    return found


def _capacity(problem: Problem, group: int, kind: str, dimension: int) -> int:
    return sum(
        hold.capacity[dimension] for hold in problem.groups[group].holds if hold.kind == kind
    )


def _matrices(
    problem: Problem,
    group_index: int,
    places: Sequence[tuple[int, frozenset[int] | None]],
    open_to: Sequence[bool],
    weights: Weights,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return costs and durations between locations, for one group."""
    group = problem.groups[group_index]
    sites = np.array([site for site, _ in places])
    travel = np.array(group.ways.travel_s, dtype=np.int64)[np.ix_(sites, sites)]
    cost = weights.arc[group_index][np.ix_(sites, sites)]
    is_base = np.array([able is None for _, able in places])
    fixed = np.array([0 if b else problem.fixed_s[s] for s, b in zip(sites, is_base, strict=True)])
    # Two locations of one site are one stop, unless one of them is the base itself.
    moved = (sites[:, None] != sites[None, :]) | (is_base[:, None] != is_base[None, :])
    duration = np.where(moved, travel + fixed[:, None] + group.pass_s, 0)
    closed = (travel < 0) | ~np.array(open_to)[None, :]
    # Longer than any route may take, and dearer than any way that exists, but no more than that:
    # larger figures would swamp the search's penalties.
    never_s = 2 * problem.horizon_s + 1
    duration = np.where(closed, never_s, np.minimum(duration, never_s))
    cost = np.where(closed, 2 * weights.worst, np.where(moved, cost, 0))
    np.fill_diagonal(duration, 0)
    np.fill_diagonal(cost, 0)
    return cost.astype(np.int64), duration.astype(np.int64)
