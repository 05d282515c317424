"""Vehicles, bases and convoys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error, warning
from optimizer.scenario.convoys import Vehicle
from optimizer.scenario.model import ConvoyEntry, VehicleType
from optimizer.scenario.names import nearest
from optimizer.scenario.places import pointer

__all__ = ["base_windows", "convoys", "fuel", "vehicle_ids"]

#: A vehicle that marches alone is a convoy called ``C-`` and its id, which is an id too.
_VEHICLE_ID = re.compile(r"[A-Za-z0-9._-]{1,62}")
_SHORT_TON_T = 0.907185
_WHEELED_SHARE = 0.85  # of the gross weight in short tons: expedient class, FM 3-34.343
_WITHOUT_CLASS = "foot"
_GROUND = "ground"


def base_windows(stated: Stated) -> Iterator[Fault]:
    """Check that a base is open in one stretch.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each base whose site has several windows.
    """
    for base in stated.scenario.bases:
        site = stated.sites.get(base.site)
        if site is not None and len(site.windows) > 1:
            place = pointer("sites", stated.scenario.sites.index(site), "windows")
            yield error("scenario.base_windows", place, site=base.site, number=len(site.windows))


def fuel(stated: Stated) -> Iterator[Fault]:
    """Check what vehicle types say of fuel, and whether bridges bind them.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        An error if the fuel is not counted in litres, else warnings.
    """
    for i, kind in enumerate(stated.scenario.vehicle_types):
        place = pointer("vehicle_types", i)
        if kind.fuel is None:
            if kind.fuel_l_per_100km > 0 or kind.range_km is not None:
                yield warning("scenario.fuel_not_named", place, type=kind.id)
        elif kind.fuel in stated.goods and stated.goods[kind.fuel].unit != "l":
            unit = stated.goods[kind.fuel].unit
            yield error("scenario.fuel_unit", f"{place}/fuel", good=kind.fuel, unit=unit)
        elif kind.fuel_l_per_100km == 0:
            yield warning("scenario.fuel_none_drawn", place, type=kind.id, good=kind.fuel)
        if stated.media.get(kind.mobility, _GROUND) == _GROUND:
            yield from _load_class(kind, place)


def _load_class(kind: VehicleType, place: str) -> Iterator[Fault]:
    if kind.load_class is None and kind.mobility != _WITHOUT_CLASS:
        if kind.gross_weight_t is None:
            yield warning("scenario.load_class_unknown", place, type=kind.id)
        else:
            expedient = round(_WHEELED_SHARE * kind.gross_weight_t / _SHORT_TON_T, 1)
            yield warning(
                "scenario.load_class_estimated",
                place,
                type=kind.id,
                gross_t=kind.gross_weight_t,
                load_class=expedient,
            )


def vehicle_ids(stated: Stated) -> Iterator[Fault]:
    """Check that ids derived from base, type and number are ids.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        At the entry of the fleet whose vehicles would have too long an id.
    """
    for i, entry in enumerate(stated.scenario.fleet):
        name = entry.id if entry.id is not None else f"{entry.base}-{entry.type}-000"
        if not _VEHICLE_ID.fullmatch(name):
            yield error("scenario.vehicle_id_long", pointer("fleet", i), name=name)


def convoys(stated: Stated) -> Iterator[Fault]:
    """Check the convoys that the planner formed.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For vehicles that do not exist or are named twice, of several bases, that do not move in one
        medium, with compartments of one kind that differ, or never available together.
    """
    vehicles = {vehicle.id: vehicle for vehicle in stated.vehicles}
    if not vehicles:
        return
    taken: dict[str, str] = {}
    named = {name for entry in stated.scenario.convoys for name in entry.vehicles}
    alone = {f"C-{name}": name for name in vehicles if name not in named}
    for i, entry in enumerate(stated.scenario.convoys):
        place = pointer("convoys", i)
        if entry.id in alone:
            yield error(
                "scenario.convoy_id_taken", f"{place}/id", id=entry.id, vehicle=alone[entry.id]
            )
        for j, name in enumerate(entry.vehicles):
            here = f"{place}/vehicles/{j}"
            if name not in vehicles:
                near = nearest(name, vehicles)
                yield error("scenario.unknown_vehicle", here, name=name, near=near)
            elif name in taken:
                first = taken[name]
                yield error("scenario.vehicle_taken", here, vehicle=name, convoy=first)
            taken.setdefault(name, entry.id)
        members = [vehicles[name] for name in dict.fromkeys(entry.vehicles) if name in vehicles]
        if members:
            yield from _together(entry, members, place)
            if not stated.scenario.matrices:
                yield from _one_medium(entry, members, stated, place)


def _one_medium(
    entry: ConvoyEntry, members: list[Vehicle], stated: Stated, place: str
) -> Iterator[Fault]:
    classes = sorted({vehicle.type.mobility for vehicle in members})
    if len({stated.media[name] for name in classes if name in stated.media}) > 1:
        yield error("scenario.convoy_media", place, convoy=entry.id, mobility=", ".join(classes))


def _together(entry: ConvoyEntry, members: list[Vehicle], place: str) -> Iterator[Fault]:
    bases = sorted({vehicle.base for vehicle in members})
    if len(bases) > 1:
        yield error("scenario.convoy_bases", place, convoy=entry.id, bases=", ".join(bases))
    sizes: dict[str, set[tuple[float | None, ...]]] = {}
    for vehicle in members:
        for c in vehicle.type.compartments:
            sizes.setdefault(c.kind, set()).add((c.capacity_kg, c.capacity_l, c.pallets))
    for kind in sorted(kind for kind, found in sizes.items() if len(found) > 1):
        yield error("scenario.convoy_compartments", place, convoy=entry.id, kind=kind)
    first_s = max(vehicle.available_s[0] for vehicle in members)
    last_s = min(vehicle.available_s[1] for vehicle in members)
    if last_s <= first_s:
        yield warning("scenario.convoy_no_common_time", place, convoy=entry.id)
