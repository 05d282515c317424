"""From what the planner states to what is routed: vehicles, convoys and their profiles.

Whoever plans and whoever verifies start from here: it says what a scenario means, nothing of how it
is solved.
"""

from __future__ import annotations

import functools
import math
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from optimizer.datasets import read_table
from optimizer.scenario.model import ChangeKind, Compartment, Good, Scenario, VehicleType
from optimizer.units import kmh_to_ms, seconds_since

__all__ = [
    "Convoy",
    "Profile",
    "Vehicle",
    "bundled_goods",
    "convoys_of",
    "goods_of",
    "handling_s",
    "vehicles_of",
]


class Profile(BaseModel):
    """What decides where a convoy can go and how fast, see ``docs/reference/mobility.md``.

    A limit that is None is not known and does not bind. ``vehicles`` is how many march together
    where a spacing on a bridge makes that matter, else 1, so that convoys of whatever number share
    their ways; a document says nothing of 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mobility: tuple[str, ...]
    load_class: float | None = None
    gross_weight_t: float | None = None
    height_m: float | None = None
    width_m: float | None = None
    vehicles: Annotated[int, Field(ge=1, exclude_if=lambda number: number == 1)] = 1


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle.

    Parameters
    ----------
    id : str
        Given, or derived as ``BASE-TYPE-01``.
    type : VehicleType
        Its type.
    base : str
        Site of its base.
    available_s : tuple of int
        First and last second of its availability, from the start of the horizon.
    """

    id: str
    type: VehicleType
    base: str
    available_s: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Convoy:
    """One or more vehicles that march together: the thing that is routed.

    Parameters
    ----------
    id : str
        Given, or ``C-`` and the vehicle's id for a vehicle that marches alone.
    vehicles : tuple of Vehicle
        In order of march.
    base : str
        Where it starts, loads and ends.
    profile : Profile
        Of all its vehicles together.
    available_s : tuple of int
        When all its vehicles are available.
    length_m : float
        From the head of the first to the tail of the last vehicle.
    pass_s : int
        Time from its head's arrival to its tail's at march speed; 0 for one vehicle.
    range_m : int or None
        Flat paved metres that the vehicle with the shortest range goes on one filling.
    """

    id: str
    vehicles: tuple[Vehicle, ...]
    base: str
    profile: Profile
    available_s: tuple[int, int]
    length_m: float
    pass_s: int
    range_m: int | None

    @property
    def compartments(self) -> tuple[tuple[Vehicle, Compartment], ...]:
        """Every compartment with its vehicle, in order of march."""
        return tuple((v, c) for v in self.vehicles for c in v.type.compartments)

    def fuel_l(self, fuel_m: int) -> Mapping[str, int]:
        """Return the fuel that its vehicles draw for a way.

        Parameters
        ----------
        fuel_m : int
            Flat paved metres of the way.

        Returns
        -------
        mapping of str to int
            Litres by fuel; each vehicle's are rounded up.
        """
        litres: dict[str, int] = {}
        for vehicle in self.vehicles:
            if vehicle.type.fuel is not None:
                need = math.ceil(fuel_m * vehicle.type.fuel_l_per_100km / 100_000)
                litres[vehicle.type.fuel] = litres.get(vehicle.type.fuel, 0) + need
        return litres


@functools.cache
def bundled_goods() -> Mapping[str, Good]:
    """Return the goods of ``data/goods.csv``.

    Returns
    -------
    mapping of str to Good
        Goods by id.
    """
    rows = ({k: v for k, v in row.items() if v != ""} for row in read_table("goods.csv"))
    goods = (Good.model_validate(row) for row in rows)
    return types.MappingProxyType({good.id: good for good in goods})


def goods_of(scenario: Scenario) -> Mapping[str, Good]:
    """Return the goods that a scenario can name: its own over the bundled ones.

    Parameters
    ----------
    scenario : Scenario
        Scenario.

    Returns
    -------
    mapping of str to Good
        Goods by id.
    """
    return {**bundled_goods(), **{good.id: good for good in scenario.goods}}


def vehicles_of(scenario: Scenario) -> tuple[Vehicle, ...]:
    """Return every vehicle of the fleet, in the order of the document.

    Parameters
    ----------
    scenario : Scenario
        Scenario whose types exist.

    Returns
    -------
    tuple of Vehicle
        Ids of counted entries go on from entry to entry: ``BASE-TYPE-01``, ``-02``, ...
    """
    kinds = {t.id: t for t in scenario.vehicle_types}
    start = scenario.horizon.start
    end_s = seconds_since(start, scenario.horizon.end)
    taken = {entry.id for entry in scenario.fleet if entry.id is not None}
    numbers: dict[str, int] = {}
    vehicles = []
    for entry in scenario.fleet:
        window = (0, end_s)
        if entry.available is not None:
            window = (
                max(0, seconds_since(start, entry.available.start)),
                min(end_s, seconds_since(start, entry.available.end)),
            )
        for _ in range(entry.count):
            name = entry.id
            while name is None or (entry.id is None and name in taken):
                stem = f"{entry.base}-{entry.type}"
                numbers[stem] = numbers.get(stem, 0) + 1
                name = f"{stem}-{numbers[stem]:02d}"
            vehicles.append(Vehicle(name, kinds[entry.type], entry.base, window))
    return tuple(vehicles)


def convoys_of(scenario: Scenario) -> tuple[Convoy, ...]:
    """Return the convoys: those stated, then one for each vehicle that is in none.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.

    Returns
    -------
    tuple of Convoy
        Each vehicle is in exactly one.
    """
    vehicles = {v.id: v for v in vehicles_of(scenario)}
    convoys = [
        _convoy(entry.id, tuple(vehicles[v] for v in entry.vehicles), scenario)
        for entry in scenario.convoys
    ]
    grouped = {v for entry in scenario.convoys for v in entry.vehicles}
    convoys += [
        _convoy(f"C-{v.id}", (v,), scenario) for v in vehicles.values() if v.id not in grouped
    ]
    return tuple(convoys)


def _convoy(name: str, vehicles: tuple[Vehicle, ...], scenario: Scenario) -> Convoy:
    kinds = [v.type for v in vehicles]
    length_m = sum(t.length_m for t in kinds) + scenario.rules.gap_m * (len(kinds) - 1)
    ranges = [t.range_km for t in kinds if t.range_km is not None]
    alone = len(vehicles) == 1
    return Convoy(
        id=name,
        vehicles=vehicles,
        base=vehicles[0].base,
        profile=Profile(
            mobility=tuple(sorted({t.mobility for t in kinds})),
            load_class=_largest(t.load_class for t in kinds),
            gross_weight_t=_largest(t.gross_weight_t for t in kinds),
            height_m=_largest(t.height_m for t in kinds),
            width_m=_largest(t.width_m for t in kinds),
            vehicles=len(kinds) if _opens_up(scenario) else 1,
        ),
        available_s=(
            max(v.available_s[0] for v in vehicles),
            min(v.available_s[1] for v in vehicles),
        ),
        length_m=length_m,
        pass_s=0 if alone else math.ceil(length_m / kmh_to_ms(scenario.rules.march_speed_kmh)),
        range_m=int(min(ranges) * 1000) if ranges else None,
    )


def _opens_up(scenario: Scenario) -> bool:
    """Return whether a spacing on a bridge is wider than the gap on the march."""
    return any(
        change.kind is ChangeKind.SPACING and (change.spacing_m or 0) > scenario.rules.gap_m
        for change in scenario.changes
    )


def _largest(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return max(known) if known else None


def handling_s(fixed_min: float, kg_per_min: float, mass_kg: float) -> tuple[int, int]:
    """Return how long a stop's handling takes, as its fixed part and the part of the load.

    Parameters
    ----------
    fixed_min : float
        Minutes for each stop.
    kg_per_min : float
        Rate of unloading.
    mass_kg : float
        What is unloaded.

    Returns
    -------
    tuple of int
        Seconds, each part rounded up.
    """
    return math.ceil(fixed_min * 60), math.ceil(mass_kg / kg_per_min * 60)
