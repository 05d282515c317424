"""The metrics of a plan, summed up again from its routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from optimizer.plan.model import Plan
from optimizer.verify.case import Case, Violation, violation
from optimizer.verify.supply import delivered_of
from optimizer.verify.tolerances import close_mass

__all__ = ["violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every figure of the metrics that is not the sum of what the routes say.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the metrics.
    """
    metrics = case.plan.metrics
    yield from _masses(case)
    counted: dict[str, object] = dict(_counted(case.plan))
    counted["lateness_s"] = _lateness_s(case)
    for name, right in counted.items():
        stated = getattr(metrics, name)
        if stated != right:
            yield _wrong(name, stated, right)
    fuel_l: Counter[str] = Counter()
    for route in case.plan.routes:
        for trip in route.trips:
            fuel_l.update(trip.fuel_l)
    yield from _by_key("fuel_l", metrics.fuel_l, fuel_l)


def _wrong(name: str, stated: object, right: object) -> Violation:
    return violation(
        "metrics.wrong",
        f"/metrics/{name}",
        metric=name.partition("/")[0],
        stated=str(stated),
        expected=str(right),
    )


def _by_key(name: str, stated: Mapping[str, int], right: Mapping[str, int]) -> Iterator[Violation]:
    for key in sorted(stated.keys() | right.keys()):
        if stated.get(key, 0) != right.get(key, 0):
            yield _wrong(f"{name}/{key}", stated.get(key, 0), right.get(key, 0))


def _masses(case: Case) -> Iterator[Violation]:
    metrics, delivered = case.plan.metrics, delivered_of(case)
    demanded_kg = delivered_kg = 0.0
    missing_kg: dict[int, float] = {}
    for demand in case.scenario.demands:
        unit_kg = case.goods[demand.good].unit_mass_kg
        units = delivered[demand.id]
        demanded_kg += demand.quantity * unit_kg
        delivered_kg += units * unit_kg
        left = max(0, demand.quantity - units) * unit_kg
        missing_kg[demand.priority] = missing_kg.get(demand.priority, 0.0) + left
    for name, mass, right in (
        ("demanded_kg", metrics.demanded_kg, demanded_kg),
        ("delivered_kg", metrics.delivered_kg, delivered_kg),
    ):
        if not close_mass(mass, right):
            yield _wrong(name, mass, round(right, 3))
    stated = metrics.undelivered_kg_by_priority
    for priority in sorted(stated.keys() | missing_kg.keys()):
        right = missing_kg.get(priority, 0.0)
        if (priority in stated) != (priority in missing_kg) or not close_mass(
            stated[priority], right
        ):
            name = f"undelivered_kg_by_priority/{priority}"
            yield _wrong(name, stated.get(priority), round(right, 3))


def _counted(plan: Plan) -> Iterator[tuple[str, object]]:
    trips = [trip for route in plan.routes for trip in route.trips]
    legs = [leg for trip in trips for leg in trip.legs]
    slacks = [stop.slack_s for trip in trips for stop in trip.stops]
    yield "exposure_milli", sum(leg.exposure_milli for leg in legs)
    yield "travel_s", sum(leg.travel_s for leg in legs)
    yield "distance_m", sum(leg.distance_m for leg in legs)
    yield "vehicles", sum(len(route.vehicles) for route in plan.routes)
    yield "convoys", len(plan.routes)
    yield "trips", len(trips)
    yield "finish", max((trip.end for trip in trips), default=None)
    yield "least_slack_s", min(slacks, default=None)


def _lateness_s(case: Case) -> int:
    late = 0
    for route in case.plan.routes:
        for trip in route.trips:
            for stop in trip.stops:
                for name in {drop.demand for drop in stop.drops}:
                    demand = case.demands.get(name)
                    if demand is not None and demand.due is not None:
                        after = case.seconds(stop.start) - case.seconds(demand.due)
                        late += max(0, after)
    return late
