"""The figures of a plan, taken from its routes and its scenario when it is written.

The verifier computes the same figures again with lines of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from optimizer.plan.model import Leg, Metrics, Route, Stop, Trip
from optimizer.scenario.convoys import goods_of
from optimizer.scenario.model import Scenario
from optimizer.units import seconds_since

__all__ = ["delivered_of", "metrics_of"]


def delivered_of(routes: Sequence[Route]) -> Counter[str]:
    """Count what is handed over.

    Parameters
    ----------
    routes : sequence of Route
        Routes of a plan.

    Returns
    -------
    Counter
        Units by demand.
    """
    units: Counter[str] = Counter()
    for stop in _stops(routes):
        for drop in stop.drops:
            units[drop.demand] += drop.quantity
    return units


def metrics_of(scenario: Scenario, routes: Sequence[Route]) -> Metrics:
    """Compute the figures of a plan, as ``docs/reference/plan.md`` defines them.

    Parameters
    ----------
    scenario : Scenario
        What was asked for.
    routes : sequence of Route
        What is done.

    Returns
    -------
    Metrics
        Masses rounded to the gram.
    """
    goods = goods_of(scenario)
    delivered = delivered_of(routes)
    demanded_kg = delivered_kg = 0.0
    missing_kg: dict[int, float] = {}
    for demand in scenario.demands:
        unit_kg = goods[demand.good].unit_mass_kg
        left = max(0, demand.quantity - delivered[demand.id])
        demanded_kg += demand.quantity * unit_kg
        delivered_kg += delivered[demand.id] * unit_kg
        missing_kg[demand.priority] = missing_kg.get(demand.priority, 0.0) + left * unit_kg
    trips = list(_trips(routes))
    legs = list(_legs(routes))
    fuel_l: Counter[str] = Counter()
    for trip in trips:
        for fuel, litres in trip.fuel_l.items():
            fuel_l[fuel] += litres
    return Metrics(
        demanded_kg=round(demanded_kg, 3),
        delivered_kg=round(delivered_kg, 3),
        undelivered_kg_by_priority={p: round(missing_kg[p], 3) for p in sorted(missing_kg)},
        lateness_s=_lateness_s(scenario, routes),
        exposure_milli=sum(leg.exposure_milli for leg in legs),
        travel_s=sum(leg.travel_s for leg in legs),
        distance_m=sum(leg.distance_m for leg in legs),
        fuel_l=dict(sorted(fuel_l.items())),
        vehicles=sum(len(route.vehicles) for route in routes),
        convoys=len(routes),
        trips=len(trips),
        finish=max((trip.end for trip in trips), default=None),
        least_slack_s=min((stop.slack_s for stop in _stops(routes)), default=None),
    )


def _lateness_s(scenario: Scenario, routes: Sequence[Route]) -> int:
    due: dict[str, datetime] = {d.id: d.due for d in scenario.demands if d.due is not None}
    # A demand counts once a stop, however its goods lie in the compartments.
    return sum(
        max(0, seconds_since(due[demand], stop.start))
        for stop in _stops(routes)
        for demand in sorted({drop.demand for drop in stop.drops})
        if demand in due
    )


def _trips(routes: Sequence[Route]) -> Iterator[Trip]:
    for route in routes:
        yield from route.trips


def _legs(routes: Sequence[Route]) -> Iterator[Leg]:
    for trip in _trips(routes):
        yield from trip.legs


def _stops(routes: Sequence[Route]) -> Iterator[Stop]:
    for trip in _trips(routes):
        yield from trip.stops
