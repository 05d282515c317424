"""How tight a scenario is: what is demanded over what the fleet can carry in the horizon."""

from __future__ import annotations

import collections
import math
from collections.abc import Mapping
from typing import Literal

from optimizer.scenario.convoys import goods_of, vehicles_of
from optimizer.scenario.model import Good, Scenario

__all__ = ["Dimension", "carriage", "per_unit", "tightness", "turns"]

Dimension = Literal["kg", "l", "pallets"]

_EARTH_KM = 6371.0
_DETOUR = 1.4  # road over straight distance, usual for hilly country
_ROAD_KMH = 30.0  # march speed, ST 100-3
_AT_SITES_H = 1.0  # handling and waiting of one trip


def turns(scenario: Scenario) -> int:
    """Estimate how many trips a vehicle makes within the horizon, without looking at the ground.

    A trip takes the loading at the base, the way to a site and back (the mean over all demanded
    sites of the straight distance to the nearest base, times 1.4, at 30 km/h, with the time
    contingency), and one hour at sites.

    Parameters
    ----------
    scenario : Scenario
        Scenario whose sites have positions.

    Returns
    -------
    int
        Trips, at least 1, at most ``rules.trips_max``.
    """
    places = {s.id: s.position.lonlat for s in scenario.sites if s.position is not None}
    bases = [places[base.site] for base in scenario.bases]
    sites = sorted({demand.site for demand in scenario.demands})
    straight_km = [min(_distance_km(places[s], base) for base in bases) for s in sites]
    way_km = _DETOUR * sum(straight_km) / max(1, len(straight_km))
    loading_h = sum(base.loading_min for base in scenario.bases) / len(scenario.bases) / 60
    driving_h = 2 * way_km / _ROAD_KMH * (1 + scenario.time_contingency)
    horizon_h = (scenario.horizon.end - scenario.horizon.start).total_seconds() / 3600
    span_h = min(scenario.rules.shift_h, horizon_h)
    trips = math.floor(span_h / (loading_h + driving_h + _AT_SITES_H))
    return max(1, min(scenario.rules.trips_max, trips))


def per_unit(good: Good) -> Mapping[Dimension, float]:
    """Return what one unit of a good takes up.

    Parameters
    ----------
    good : Good
        Good.

    Returns
    -------
    mapping of Dimension to float
        Mass in kilograms, volume in litres and pallets; what is not known is 0.
    """
    pallets = 1 / good.units_per_pallet if good.units_per_pallet is not None else 0.0
    return {"kg": good.unit_mass_kg, "l": good.unit_volume_l, "pallets": pallets}


def carriage(scenario: Scenario) -> Mapping[tuple[str, Dimension], float]:
    """Return what the fleet can carry in the horizon.

    Parameters
    ----------
    scenario : Scenario
        Scenario.

    Returns
    -------
    mapping of (str, Dimension) to float
        Capacity of all vehicles times `turns`, by kind of compartment and load dimension; infinite
        where a compartment states no limit, 0 for kinds that no vehicle has.
    """
    trips, total = turns(scenario), collections.defaultdict[tuple[str, Dimension], float](float)
    for vehicle in vehicles_of(scenario):
        for c in vehicle.type.compartments:
            total[c.kind, "kg"] += trips * c.capacity_kg
            total[c.kind, "l"] += trips * (math.inf if c.capacity_l is None else c.capacity_l)
            total[c.kind, "pallets"] += trips * (math.inf if c.pallets is None else c.pallets)
    return total


def tightness(scenario: Scenario) -> float:
    """Return the tightness of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Scenario whose sites have positions.

    Returns
    -------
    float
        The largest, over kinds of compartments and load dimensions, of what is demanded over
        `carriage`. Above 1 something stays undelivered as far as `turns` is right; below 1 windows,
        load classes and distances may still leave something.
    """
    goods = goods_of(scenario)
    demanded = collections.defaultdict[tuple[str, Dimension], float](float)
    for demand in scenario.demands:
        good = goods[demand.good]
        for dimension, size in per_unit(good).items():
            demanded[good.compartment, dimension] += demand.quantity * size
    room = carriage(scenario)
    return max(
        (load / room[key] if room[key] else math.inf for key, load in demanded.items() if load),
        default=0.0,
    )


def _distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle distance (haversine)."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(chord))
