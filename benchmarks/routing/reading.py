"""Reads a standard instance of any format."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import vrplib

from benchmarks.routing.convention import FAMILIES
from benchmarks.routing.instance import Instance, Place, Vehicle
from benchmarks.routing.tables import li_lim, solomon
from optimizer.errors import FileError, FormatError

__all__ = ["UnknownFamilyError", "read"]

#: Keys of VRPLIB that are read. An instance with any other would be read as another problem.
_KNOWN = frozenset({
    "name", "comment", "type", "dimension", "vehicles", "capacity", "edge_weight_type",
    "node_coord", "demand", "service_time", "time_window", "release_time", "prize", "depot",
    "vehicles_depot", "vehicles_reload_depot", "vehicles_allowed_clients",
    "vehicles_max_duration", "vehicles_fixed_cost", "vehicles_unit_distance_cost",
})  # fmt: skip

#: Families that nothing here reads, by how their files end.
_UNREAD = {
    ".dat": "what customers consume from day to day (inventory routing) is not read nor judged yet"
}


class UnknownFamilyError(FormatError):
    """An instance is of a family that is known and not read."""


def read(path: Path) -> Instance:
    """Read an instance.

    Parameters
    ----------
    path : Path
        File in VRPLIB (``.vrp``), Solomon's or Li and Lim's format (``.txt``).

    Returns
    -------
    Instance
        In units of the file.

    Raises
    ------
    FileError
        If it is not there.
    UnknownFamilyError
        If its family is not read.
    FormatError
        If it is in none of these formats, or states what is not read.
    """
    if path.suffix in _UNREAD:
        raise UnknownFamilyError(_UNREAD[path.suffix])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: not a text file that can be read") from error
    try:
        if "_SECTION" in text:
            return _vrplib(path)
        if "CUSTOMER" in text.upper():
            return solomon(text)
        return li_lim(text, path.stem)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error


def _vrplib(path: Path) -> Instance:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            told = vrplib.read_instance(path, compute_edge_weights=False)
            return _instance(told)
    except FormatError:
        raise
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, Warning) as error:
        # What the parser raises where a section is cut short depends on the section.
        raise FormatError(f"not an instance in VRPLIB's format: {error}") from error


def _instance(told: dict[str, Any]) -> Instance:
    unread = sorted(set(told) - _KNOWN)
    if unread:
        raise FormatError(f"states {unread[0].upper()}, which is not read")
    kind = str(told.get("type", "")).lower()
    if kind not in FAMILIES:
        known = ", ".join(name.upper() for name in FAMILIES)
        raise FormatError(f"is of type {kind.upper() or 'none'}; read are {known}")
    if told.get("edge_weight_type") != "EUC_2D":
        raise FormatError("its EDGE_WEIGHT_TYPE is not EUC_2D, the only one that is read")
    count = int(told["dimension"])
    homes = list(told.get("depot", [0]))
    depots = len(homes)
    if homes != list(range(depots)) or not 0 < depots < count:
        raise FormatError("its depots are not the first of its places")
    positions, demands = _each(told, "node_coord", count), _each(told, "demand", count)
    windows = _each(told, "time_window", count, (0, math.inf))
    services = _each(told, "service_time", count, 0)
    releases, prizes = _each(told, "release_time", count, 0), _each(told, "prize", count, 0)
    places = [
        Place(
            x=float(position[0]),
            y=float(position[1]),
            demand=_whole(demand, "DEMAND"),
            ready=float(window[0]),
            due=float(window[1]),
            service=float(service),
            release=float(release),
            prize=float(prize),
        )
        for position, demand, window, service, release, prize in zip(
            positions, demands, windows, services, releases, prizes, strict=True
        )
    ]
    if not hasattr(told.get("service_time", 0), "__len__"):
        # One value for all is one of customers.
        places[:depots] = [replace(place, service=0.0) for place in places[:depots]]
    fleet = int(told.get("vehicles", count - depots))
    capacities = _each(told, "capacity", fleet)
    starts = _each(told, "vehicles_depot", fleet, 1)
    longest = _each(told, "vehicles_max_duration", fleet, math.inf)
    fixed = _each(told, "vehicles_fixed_cost", fleet, 0)
    rates = _each(told, "vehicles_unit_distance_cost", fleet, 1)
    reloads = _each(told, "vehicles_reload_depot", fleet, ())
    allowed = _each(told, "vehicles_allowed_clients", fleet, None)
    vehicles = tuple(
        Vehicle(
            depot=int(starts[at]) - 1,
            capacity=_whole(capacities[at], "CAPACITY"),
            fixed=float(fixed[at]),
            per_distance=_whole(rates[at], "VEHICLES_UNIT_DISTANCE_COST"),
            duration_max=float(longest[at]),
            allowed=None if allowed[at] is None else _indices(allowed[at], count),
            reloads=tuple(sorted(_indices(reloads[at], depots))),
        )
        for at in range(fleet)
    )
    if any(not 0 <= vehicle.depot < depots or vehicle.capacity <= 0 for vehicle in vehicles):
        raise FormatError("a vehicle has no depot, or carries nothing")
    if any(place.demand < 0 or not place.ready <= place.due for place in places):
        raise FormatError("a demand is below 0, or a window ends before it begins")
    return Instance(str(told["name"]), kind, tuple(places), depots, vehicles)


def _each(told: dict[str, Any], key: str, count: int, default: object = KeyError) -> Sequence[Any]:
    """Return a value for each of so many, whether the file gives one for all or one for each."""
    if key not in told and default is KeyError:
        raise FormatError(f"has no {key.upper()}")
    value = told.get(key, default)
    if key not in told or not hasattr(value, "__len__"):
        return [value] * count
    if len(value) != count:
        raise FormatError(f"gives {len(value)} values of {key.upper()} where there are {count}")
    return list(value)


def _whole(value: float, key: str) -> int:
    if int(value) != value:
        raise FormatError(f"its {key} {value} is not a whole number")
    return int(value)


def _indices(value: Any, count: int) -> frozenset[int]:  # noqa: ANN401 - one number or several
    numbers = value if hasattr(value, "__len__") else (value,)
    found = frozenset(int(number) - 1 for number in numbers)
    if any(not 0 <= index < count for index in found):
        raise FormatError("a vehicle names a place that is not there")
    return found
