"""Scenarios over matrices of their own: planned at once, or searched as long as one likes."""

from __future__ import annotations

import math
from pathlib import Path

__all__ = ["BROKEN", "village"]

_BASE = (2.30, 44.75)
_UNITS = 7
#: Of longitude and latitude, at the base.
_M_PER_DEG = (79_000, 111_000)
_SPEED_M_S = 10


def village(folder: Path, name: str = "village") -> Path:
    """Write a base and seven units on a ring around it, who ask for more than there is.

    The base has 12,000 of the 18,000 kg of flour that are asked for, and no lorry takes the boat of
    9,000 kg: 12,000 of 27,000 kg can be delivered, and of the boat it can be proved that it cannot.

    Parameters
    ----------
    folder : Path
        Where it is written.
    name : str
        Id of the scenario.

    Returns
    -------
    Path
        The file.
    """
    places = [_BASE]
    for i in range(_UNITS):
        turn = 2 * math.pi * i / _UNITS
        far = 0.05 + 0.012 * (i % 3)
        places.append((_BASE[0] + far * math.cos(turn), _BASE[1] + far * math.sin(turn)))
    names = ["BASE", *(f"U{i}" for i in range(1, _UNITS + 1))]
    metres = [[round(1.3 * _apart_m(a, b)) for b in places] for a in places]
    seconds = [[round(m / _SPEED_M_S) for m in row] for row in metres]
    sites = "\n".join(
        f"  - {{id: {site}, label: {'base' if site == 'BASE' else f'unit {site[1:]}'},"
        f" kind: {'base' if site == 'BASE' else 'unit'},"
        f" position: {{lon: {lon:.5f}, lat: {lat:.5f}}}}}"
        for site, (lon, lat) in zip(names, places, strict=True)
    )
    demands = "\n".join(
        f"  - {{id: D{i}, site: U{i}, good: flour, quantity: {1500 if i < _UNITS else 9000},"
        f" priority: {1 + i % 3}}}"
        for i in range(1, _UNITS + 1)
    )
    text = f"""\
format: convoi/scenario/1
id: {name}
title: Seven units around a base
illustrative: true
horizon: {{start: 2026-06-15T04:00:00+02:00, end: 2026-06-15T20:00:00+02:00}}
display_zone: Europe/Paris
goods:
  - {{id: flour, label_en: flour, label_fr: farine, unit: kg, unit_mass_kg: 1}}
  - {{id: boat, label_en: boat, label_fr: bateau, unit: each, unit_mass_kg: 9000}}
sites:
{sites}
bases:
  - {{site: BASE, stock: [{{good: flour, quantity: 12000}}, {{good: boat, quantity: 1}}]}}
demands:
{demands}
  - {{id: BOAT, site: U1, good: boat, quantity: 1, priority: 3}}
vehicle_types:
  - id: truck
    mobility: heavy_truck
    compartments: [{{id: bed, capacity_kg: 4000}}]
fleet:
  - {{type: truck, base: BASE, count: 2}}
matrices:
  - mobility: heavy_truck
    sites: [{", ".join(names)}]
    time_s: {seconds}
    distance_m: {metres}
"""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    east, north = ((p - q) * scale for p, q, scale in zip(a, b, _M_PER_DEG, strict=True))
    return math.hypot(east, north)


#: Line 9: an unknown key; line 14: less than nothing; line 16: a lorry without a bed.
BROKEN = """\
format: convoi/scenario/1
id: broken
title: Three faults
horizon: {start: 2026-06-15T04:00:00+02:00, end: 2026-06-15T20:00:00+02:00}
goods:
  - {id: flour, label_en: flour, label_fr: farine, unit: kg, unit_mass_kg: 1}
sites:
  - {id: BASE, label: Base, kind: base}
  - {id: U1, label: Unit, colour: red}
bases:
  - {site: BASE}
demands:
  - {id: D1, site: U1, good: flour, quantity: 1000, priority: 1}
  - {id: D2, site: U1, good: flour, quantity: -5, priority: 2}
vehicle_types:
  - {id: truck, mobility: heavy_truk}
fleet:
  - {type: truck, base: BASE}
"""
