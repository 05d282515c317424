"""Rules 10 to 12 of ``docs/reference/plan.md``: what lies where on which vehicle.

At a stop what is handed over leaves first, then what is taken aboard comes in; between two stops
nothing changes. So a compartment is fullest at the base, or where something was taken aboard.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from optimizer.plan.model import Item, Stop, Trip
from optimizer.scenario.model import Compartment
from optimizer.verify.case import Case, Violation, violation
from optimizer.verify.tolerances import PRODUCT, close_mass

__all__ = ["violations"]


class _Place(NamedTuple):
    """A compartment of a vehicle."""

    vehicle: str
    compartment: str


class _Amount(NamedTuple):
    """What units of goods come to."""

    mass_kg: float = 0.0
    volume_l: float = 0.0
    pallets: float = 0.0


#: Units by place and good.
_Cargo = Counter[tuple[_Place, str]]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every broken rule of loading.

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
        places = {_Place(v.id, c.id): c for v, c in march.convoy.compartments}
        for pointer, trip in march.trips():
            yield from _places(case, places, pointer, trip)
            cargo = _cargo(case, trip.load)
            yield from _capacity(case, places, f"{pointer}/load", cargo)
            yield from _apart(case, pointer, cargo | _cargo(case, _taken(trip)))
            yield from _balance(case, pointer, trip)
            yield from _after(case, places, pointer, trip)


def _cargo(case: Case, items: tuple[Item, ...]) -> _Cargo:
    cargo: _Cargo = Counter()
    for item in items:
        if item.good in case.goods:
            cargo[_Place(item.vehicle, item.compartment), item.good] += item.quantity
    return cargo


def _taken(trip: Trip) -> tuple[Item, ...]:
    return tuple(itertools.chain.from_iterable(stop.pickups for stop in trip.stops))


def _amount(case: Case, cargo: _Cargo, place: _Place) -> _Amount:
    mass = volume = pallets = 0.0
    for (where, name), units in cargo.items():
        if where == place:
            good = case.goods[name]
            mass += units * good.unit_mass_kg
            volume += units * good.unit_volume_l
            pallets += units / good.units_per_pallet if good.units_per_pallet else 0.0
    return _Amount(mass, volume, pallets)


def _places(
    case: Case, places: dict[_Place, Compartment], pointer: str, trip: Trip
) -> Iterator[Violation]:
    loaded: list[tuple[str, Item]] = [
        (f"{pointer}/load/{number}", item) for number, item in enumerate(trip.load)
    ]
    for number, stop in enumerate(trip.stops):
        here = f"{pointer}/stops/{number}/pickups"
        loaded += [(f"{here}/{place}", item) for place, item in enumerate(stop.pickups)]
    for here, item in loaded:
        compartment = places.get(_Place(item.vehicle, item.compartment))
        if compartment is None:
            yield violation(
                "load.no_compartment",
                here,
                vehicle=item.vehicle,
                compartment=item.compartment,
            )
        elif item.good in case.goods and case.goods[item.good].compartment != compartment.kind:
            yield violation(
                "load.kind",
                here,
                good=item.good,
                needs=case.goods[item.good].compartment,
                kind=compartment.kind,
            )


def _capacity(
    case: Case, places: dict[_Place, Compartment], pointer: str, cargo: _Cargo
) -> Iterator[Violation]:
    for place, compartment in places.items():
        amount = _amount(case, cargo, place)
        for code, loaded, limit in (
            ("load.mass", amount.mass_kg, compartment.capacity_kg),
            ("load.volume", amount.volume_l, compartment.capacity_l),
            ("load.pallets", amount.pallets, compartment.pallets),
        ):
            if limit is not None and loaded > limit * (1 + PRODUCT):
                yield violation(
                    code,
                    pointer,
                    vehicle=place.vehicle,
                    compartment=place.compartment,
                    loaded=round(loaded, 3),
                    limit=limit,
                )


def _apart(case: Case, pointer: str, cargo: _Cargo) -> Iterator[Violation]:
    aboard: dict[str, set[str]] = {}
    for place, good in cargo:
        aboard.setdefault(place.vehicle, set()).add(good)
    for vehicle, goods in aboard.items():
        for first, second in sorted({tuple(sorted(a.goods)) for a in case.scenario.rules.apart}):
            if first in goods and second in goods and first != second:
                yield violation(
                    "load.apart", f"{pointer}/load", vehicle=vehicle, good=first, other=second
                )


def _balance(case: Case, pointer: str, trip: Trip) -> Iterator[Violation]:
    loaded = _cargo(case, trip.load) + _cargo(case, _taken(trip))
    drops: tuple[Item, ...] = tuple(itertools.chain.from_iterable(s.drops for s in trip.stops))
    dropped = _cargo(case, drops)
    for place, good in sorted(loaded.keys() | dropped.keys()):
        # What a convoy on its way cannot hand over any more, as its way was closed, comes home.
        returns = case.is_past(trip.loading_start) and loaded[place, good] > dropped[place, good]
        if loaded[place, good] != dropped[place, good] and not returns:
            yield violation(
                "load.balance",
                f"{pointer}/load",
                vehicle=place.vehicle,
                compartment=place.compartment,
                good=good,
                loaded=loaded[place, good],
                dropped=dropped[place, good],
            )


def _after(
    case: Case, places: dict[_Place, Compartment], pointer: str, trip: Trip
) -> Iterator[Violation]:
    cargo = _cargo(case, trip.load)
    for number, stop in enumerate(trip.stops):
        here = f"{pointer}/stops/{number}"
        cargo.subtract(_cargo(case, stop.drops))
        if stop.pickups:
            taken = _cargo(case, stop.pickups)
            cargo.update(taken)
            filled = {place: places[place] for place, _ in taken if place in places}
            yield from _capacity(case, filled, f"{here}/pickups", cargo)
        yield from _load_after(case, places, f"{here}/load_after", stop, cargo)


def _load_after(
    case: Case, places: dict[_Place, Compartment], pointer: str, stop: Stop, cargo: _Cargo
) -> Iterator[Violation]:
    stated: dict[_Place, _Amount] = {}
    for number, load in enumerate(stop.load_after):
        place = _Place(load.vehicle, load.compartment)
        if place not in places:
            yield violation(
                "load.no_compartment",
                f"{pointer}/{number}",
                vehicle=load.vehicle,
                compartment=load.compartment,
            )
        if place in stated:
            yield violation("id.twice", f"{pointer}/{number}", id=load.compartment)
        stated[place] = _Amount(load.mass_kg, load.volume_l, load.pallets)
    for place in sorted(stated.keys() | places.keys()):
        expected = _amount(case, cargo, place)
        for name, found, right in zip(
            _Amount._fields, stated.get(place, _Amount()), expected, strict=True
        ):
            if not close_mass(found, right):
                yield violation(
                    "load.after",
                    pointer,
                    vehicle=place.vehicle,
                    compartment=place.compartment,
                    what=name,
                    stated=found,
                    expected=round(right, 3),
                )
