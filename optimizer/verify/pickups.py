"""Rule 21 of ``docs/reference/plan.md``: what stands ready at a site is taken aboard before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimizer.plan.model import Item, Trip
from optimizer.scenario.model import Demand
from optimizer.verify.case import Case, Violation, violation

__all__ = ["violations"]

#: A demand, and the vehicle and compartment that carries it.
_Key = tuple[str, str, str]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every demand that is taken aboard at a wrong place, or handed over without that.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    for march in case.marches:
        for pointer, trip in march.trips():
            yield from _places(case, pointer, trip)
            yield from _order(case, pointer, trip)


def _places(case: Case, pointer: str, trip: Trip) -> Iterator[Violation]:
    for number, stop in enumerate(trip.stops):
        for index, item in enumerate(stop.pickups):
            here = f"{pointer}/stops/{number}/pickups/{index}"
            demand = case.demands.get(item.demand)
            if demand is None:
                continue
            if demand.pickup is None:
                yield violation("pickup.none", here, demand=demand.id)
            elif demand.pickup != stop.site:
                yield violation(
                    "pickup.site", here, demand=demand.id, site=stop.site, right=demand.pickup
                )
            if demand.good != item.good:
                yield violation(
                    "demand.good", here, demand=demand.id, good=item.good, right=demand.good
                )


def _order(case: Case, pointer: str, trip: Trip) -> Iterator[Violation]:
    """Compare what was taken aboard so far with what was handed over, compartment by compartment.

    What is left aboard at the end is told by the balance of the loads.
    """
    taken_in_all: Counter[_Key] = Counter()
    for stop in trip.stops:
        for item in stop.pickups:
            taken_in_all[_key(item.demand, item)] += item.quantity
    taken: Counter[_Key] = Counter()
    dropped: Counter[_Key] = Counter()
    for number, stop in enumerate(trip.stops):
        for index, drop in enumerate(stop.drops):
            demand = case.demands.get(drop.demand)
            if demand is None or demand.pickup is None:
                continue
            key = _key(drop.demand, drop)
            before = dropped[key]
            dropped[key] += drop.quantity
            here = f"{pointer}/stops/{number}/drops/{index}"
            if dropped[key] > taken_in_all[key]:
                if before <= taken_in_all[key]:
                    yield _missing(here, demand, drop, taken_in_all[key], dropped[key])
            elif dropped[key] > taken[key]:
                yield violation(
                    "pickup.after",
                    here,
                    vehicle=drop.vehicle,
                    compartment=drop.compartment,
                    demand=demand.id,
                    site=demand.pickup,
                )
        # What is handed over leaves first.
        for item in stop.pickups:
            taken[_key(item.demand, item)] += item.quantity


def _missing(pointer: str, demand: Demand, drop: Item, taken: int, dropped: int) -> Violation:
    return violation(
        "pickup.missing",
        pointer,
        vehicle=drop.vehicle,
        compartment=drop.compartment,
        demand=demand.id,
        site=demand.pickup or "",
        taken=taken,
        dropped=dropped,
    )


def _key(demand: str, item: Item) -> _Key:
    return demand, item.vehicle, item.compartment
