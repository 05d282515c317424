"""Judges a solution from the instance as read.

It shares nothing with any search: it knows the instance, how values are counted, and no matrices,
models or figures of whoever found the solution.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.routing.convention import Convention
from benchmarks.routing.instance import Instance, Route, Vehicle

__all__ = ["Evaluation", "InfeasibleError", "evaluate"]

#: Sums of doubles differ by less; where values are whole numbers nothing is forgiven by it.
_EQUAL = 1e-6


class InfeasibleError(Exception):
    """A solution breaks a rule of its instance."""


@dataclass(frozen=True)
class Evaluation:
    """What a solution that keeps every rule is worth.

    Parameters
    ----------
    cost : float
        Ways and vehicles, and the prizes that were missed, in units of the file.
    vehicles : int
        Vehicles that go anywhere.
    """

    cost: float
    vehicles: int


def evaluate(
    instance: Instance, routes: Sequence[Route], convention: Convention | None = None
) -> Evaluation:
    """Judge a solution.

    Parameters
    ----------
    instance : Instance
        Instance.
    routes : sequence of Route
        Its solution.
    convention : Convention, optional
        How values are counted, by default as its family's are.

    Returns
    -------
    Evaluation
        What it is worth.

    Raises
    ------
    InfeasibleError
        If it breaks a rule: which route, and what it breaks.
    """
    counted = _Counted(instance, convention or instance.family.convention)
    used = [route for route in routes if any(route.trips)]
    _check_visits(instance, used)
    cost = 0.0
    for route in used:
        where = f"the route of vehicle {route.vehicle + 1}"
        vehicle = instance.vehicles[route.vehicle]
        _check_loads(instance, vehicle, route, where)
        _check_times(counted, vehicle, route, where)
        cost += counted.one(vehicle.fixed)
        cost += vehicle.per_distance * sum(
            counted.way(a, b)
            for a, b in itertools.pairwise(at for at, _, _ in _stops(counted, vehicle, route))
        )
    visited = {at for route in used for trip in route.trips for at in trip}
    cost += sum(
        counted.one(instance.places[at].prize) for at in instance.customers if at not in visited
    )
    return Evaluation(cost / counted.convention.parts, len(used))


@dataclass(frozen=True)
class _Counted:
    """Values of an instance in parts."""

    instance: Instance
    convention: Convention

    def one(self, value: float) -> float:
        return float(self.convention.counted(value)) if math.isfinite(value) else math.inf

    def way(self, start: int, end: int) -> float:
        a, b = self.instance.places[start], self.instance.places[end]
        return self.one(math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2))


def _check_visits(instance: Instance, routes: Sequence[Route]) -> None:
    for vehicle, times in Counter(route.vehicle for route in routes).items():
        if not 0 <= vehicle < len(instance.vehicles):
            raise InfeasibleError(f"there is no vehicle {vehicle + 1}")
        if times > 1:
            raise InfeasibleError(f"vehicle {vehicle + 1} has {times} routes")
    visits = Counter(at for route in routes for trip in route.trips for at in trip)
    for at, times in visits.items():
        if at not in instance.customers:
            raise InfeasibleError(f"{at} is not a customer")
        if times > 1:
            raise InfeasibleError(f"customer {at} is visited {times} times")
    missed = [at for at in instance.customers if at not in visits and not instance.places[at].prize]
    if missed:
        raise InfeasibleError(
            f"{len(missed)} of {len(instance.customers)} customers are not visited, the first of"
            f" them {missed[0]}"
        )
    for route in routes:
        if len([trip for trip in route.trips if trip]) != len(route.trips):
            raise InfeasibleError(f"vehicle {route.vehicle + 1} makes a trip to nobody")


def _check_loads(instance: Instance, vehicle: Vehicle, route: Route, where: str) -> None:
    allowed = vehicle.allowed
    if len(route.trips) > 1 and not vehicle.reloads:
        raise InfeasibleError(f"{where} loads again, which it may not")
    paired = {at for pair in instance.pairs for at in pair}
    for trip in route.trips:
        strangers = [at for at in trip if allowed is not None and at not in allowed]
        if strangers:
            raise InfeasibleError(f"{where} visits {strangers[0]}, which it may not")
        loads = [sum(instance.places[at].demand for at in trip if at not in paired)]
        for at in trip:
            demand = instance.places[at].demand
            loads.append(loads[-1] + (demand if at in paired else -demand))
        if max(loads) > vehicle.capacity:
            raise InfeasibleError(f"{where} carries {max(loads)}, above {vehicle.capacity}")
        _check_pairs(instance, trip, where)


def _check_pairs(instance: Instance, trip: Sequence[int], where: str) -> None:
    place = {at: number for number, at in enumerate(trip)}
    for pickup, delivery in instance.pairs:
        if (pickup in place) != (delivery in place):
            raise InfeasibleError(f"{where} visits one of {pickup} and {delivery}, not both")
        if pickup in place and place[pickup] > place[delivery]:
            raise InfeasibleError(f"{where} delivers at {delivery} before it picks up")


def _check_times(counted: _Counted, vehicle: Vehicle, route: Route, where: str) -> None:
    """Go as early as possible for the end, then back for the latest start that keeps it."""
    stops = _stops(counted, vehicle, route)
    now, before = -math.inf, stops[0][0]
    for at, ready, due in stops:
        way = counted.way(before, at)
        now = max(ready, now + way)
        if now > due + _EQUAL:
            raise InfeasibleError(f"{where} is at {at} at {now:g}, after {due:g}")
        now, before = now + _service(counted, at), at
    end, busy, latest = now, 0.0, math.inf
    after = stops[-1][0]
    for at, _, due in reversed(stops):
        spent = _service(counted, at) + counted.way(at, after)
        busy += spent
        latest, after = min(due, latest - spent), at
    longest = max(busy, end - latest)
    limit = counted.one(vehicle.duration_max)
    if longest > limit + _EQUAL:
        raise InfeasibleError(f"{where} takes {longest:g} at least, above {limit:g}")


def _service(counted: _Counted, at: int) -> float:
    instance = counted.instance
    return counted.one(instance.places[at].service) if at in instance.customers else 0.0


def _stops(counted: _Counted, vehicle: Vehicle, route: Route) -> list[tuple[int, float, float]]:
    """Return places in order, each with when one may begin there; the depot begins every trip."""
    places = counted.instance.places
    stops = []
    home = vehicle.depot
    for trip in route.trips:
        release = max(places[at].release for at in trip)
        stops.append((home, max(places[home].ready, release), places[home].due))
        stops += [(at, places[at].ready, places[at].due) for at in trip]
        home = vehicle.reloads[0] if vehicle.reloads else home
    stops.append((vehicle.depot, places[vehicle.depot].ready, places[vehicle.depot].due))
    return [(at, counted.one(ready), counted.one(due)) for at, ready, due in stops]
