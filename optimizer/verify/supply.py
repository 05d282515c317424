"""Rules 13 to 15 of ``docs/reference/plan.md``: stock, fuel, range, and what is handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimizer.plan.model import Trip
from optimizer.scenario.convoys import Vehicle
from optimizer.verify.case import Case, March, Violation, violation
from optimizer.verify.tolerances import PRODUCT, rounded_up

__all__ = ["delivered_of", "violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every broken rule of supply.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        Trips first, then bases, then demands.
    """
    for march in case.marches:
        for pointer, trip in march.trips():
            yield from _fuel(march, pointer, trip)
            yield from _range(march, pointer, trip)
            yield from _drops(case, pointer, trip)
    yield from _stock(case)
    yield from _sums(case)


def delivered_of(case: Case) -> Counter[str]:
    """Count what all routes hand over.

    Parameters
    ----------
    case : Case
        Case.

    Returns
    -------
    Counter
        Units by demand.
    """
    units: Counter[str] = Counter()
    for route in case.plan.routes:
        for trip in route.trips:
            for stop in trip.stops:
                for drop in stop.drops:
                    units[drop.demand] += drop.quantity
    return units


def _litres(vehicle: Vehicle, fuel_m: int) -> range:
    return rounded_up(fuel_m / 100_000 * vehicle.type.fuel_l_per_100km)


def _fuel(march: March, pointer: str, trip: Trip) -> Iterator[Violation]:
    fuel_m = sum(leg.fuel_m for leg in trip.legs)
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for vehicle in march.convoy.vehicles:
        if vehicle.type.fuel is not None:
            litres = _litres(vehicle, fuel_m)
            low[vehicle.type.fuel] += litres.start
            high[vehicle.type.fuel] += litres.stop - 1
    for fuel in sorted(low.keys() | trip.fuel_l.keys()):
        stated = trip.fuel_l.get(fuel, 0)
        if not low[fuel] <= stated <= high[fuel]:
            yield violation(
                "supply.fuel", f"{pointer}/fuel_l", fuel=fuel, stated=stated, expected=low[fuel]
            )


def _range(march: March, pointer: str, trip: Trip) -> Iterator[Violation]:
    fuel_m = sum(leg.fuel_m for leg in trip.legs)
    for vehicle in march.convoy.vehicles:
        range_km = vehicle.type.range_km
        if range_km is not None and fuel_m > range_km * 1000 * (1 + PRODUCT):
            yield violation(
                "supply.range",
                f"{pointer}/legs",
                vehicle=vehicle.id,
                needed_km=round(fuel_m / 1000, 1),
                range_km=range_km,
            )


def _drops(case: Case, pointer: str, trip: Trip) -> Iterator[Violation]:
    for number, stop in enumerate(trip.stops):
        for index, drop in enumerate(stop.drops):
            here = f"{pointer}/stops/{number}/drops/{index}"
            demand = case.demands.get(drop.demand)
            if demand is None:
                continue
            if demand.site != stop.site:
                yield violation(
                    "demand.site", here, demand=demand.id, site=stop.site, right=demand.site
                )
            if demand.good != drop.good:
                yield violation(
                    "demand.good", here, demand=demand.id, good=drop.good, right=demand.good
                )


def _stock(case: Case) -> Iterator[Violation]:
    drawn: Counter[tuple[str, str]] = Counter()
    for march in case.marches:
        for _, trip in march.trips():
            for item in trip.load:
                drawn[trip.base, item.good] += item.quantity
            for fuel, litres in trip.fuel_l.items():
                drawn[trip.base, fuel] += litres
    held: Counter[tuple[str, str]] = Counter()
    places: dict[str, str] = {}
    for number, base in enumerate(case.scenario.bases):
        places[base.site] = f"/scenario/bases/{number}"
        for stock in base.stock:
            held[base.site, stock.good] += stock.quantity
    for (base_id, good), units in sorted(drawn.items()):
        if base_id in places and units > held[base_id, good]:
            yield violation(
                "supply.stock",
                places[base_id],
                base=base_id,
                good=good,
                drawn=units,
                stock=held[base_id, good],
            )


def _sums(case: Case) -> Iterator[Violation]:
    delivered = delivered_of(case)
    missing: Counter[str] = Counter()
    for number, item in enumerate(case.plan.undelivered):
        if item.demand in missing:
            yield violation("demand.twice", f"/undelivered/{number}", demand=item.demand)
        missing[item.demand] += item.quantity
    for number, demand in enumerate(case.scenario.demands):
        here = f"/scenario/demands/{number}"
        if delivered[demand.id] > demand.quantity:
            yield violation(
                "demand.over",
                here,
                demand=demand.id,
                delivered=delivered[demand.id],
                demanded=demand.quantity,
            )
        elif delivered[demand.id] + missing[demand.id] != demand.quantity:
            yield violation(
                "demand.sum",
                here,
                demand=demand.id,
                delivered=delivered[demand.id],
                undelivered=missing[demand.id],
                demanded=demand.quantity,
            )
