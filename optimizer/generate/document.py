"""Writes the document of a made scenario; its quantities are still rates a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from optimizer.datasets import read_table
from optimizer.generate.fleet import TYPES, composition
from optimizer.generate.needs import Unit, draw_unit
from optimizer.generate.siting import Siting
from optimizer.generate.wish import Wish
from optimizer.scenario.convoys import bundled_goods
from optimizer.scenario.model import FORMAT
from optimizer.terrain.theatre import Theatre

__all__ = ["Draft", "draft"]

_START = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
_BULK_FROM = 6  # vehicles; a smaller fleet has no tankers and carries water in cans
_PAIRS_FROM = 4  # carriers at a base march in pairs
_PAIRED = "carrier_16t"
#: Shares of the horizon in which a site receives, and how often that is so.
_WINDOWS: tuple[tuple[tuple[tuple[float, float], ...], float], ...] = (
    ((), 0.55),
    (((0.15, 0.6),), 0.15),
    (((0.4, 0.95),), 0.15),
    (((0.12, 0.42), (0.62, 0.95)), 0.15),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document without quantities.

    Parameters
    ----------
    document : dict
        The document; its demands have no quantity and its bases no stock.
    per_day : tuple of float
        For each demand, what is used in a day, in units of the good.
    """

    document: dict[str, Any]
    per_day: tuple[float, ...]


def draft(theatre: Theatre, wish: Wish, siting: Siting, rng: np.random.Generator) -> Draft:
    """Draw the units, their needs and windows, and form a fleet that suits them.

    Parameters
    ----------
    theatre : Theatre
        Where it takes place.
    wish : Wish
        What the scenario is to be like.
    siting : Siting
        Where everything stands.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Draft
        Everything but the quantities.
    """
    in_tankers = ("bulk_water", "bulk_fuel", "cargo")
    units = []
    for spot in siting.sites:
        bulk = wish.vehicles >= _BULK_FROM and not spot.off_road
        supplies = in_tankers if bulk else ("canned_water", "cargo")
        units.append(draw_unit(rng, small=spot.off_road, supplies=supplies))
    bases = [f"B{i + 1}" for i in range(len(siting.bases))]
    fleet = _fleet(composition(*_needed(units), wish.vehicles), bases)
    types = list(dict.fromkeys(entry["type"] for entry in fleet))
    manifest = theatre.manifest
    document = {
        "format": FORMAT,
        "id": f"{manifest.name[:32]}-{wish.sites}-{wish.vehicles}-{wish.seed}",
        "title": f"Made scenario: {wish.sites} sites, {wish.vehicles} vehicles",
        "illustrative": True,
        "horizon": _window(0, wish.horizon_h),
        "theatre": {"name": manifest.name, "digest": manifest.digest},
        "sites": _sites(
            theatre, siting, units=units, bases=bases, horizon_h=wish.horizon_h, rng=rng
        ),
        "bases": [{"site": base} for base in bases],
        "demands": [
            {
                "id": f"D-{_site(i)}-{need.good}",
                "site": _site(i),
                "good": need.good,
                "priority": need.priority,
            }
            for i, unit in enumerate(units)
            for need in unit.needs
        ],
        "vehicle_types": [TYPES[t].model_dump(mode="json", exclude_unset=True) for t in types],
        "fleet": fleet,
        "convoys": _convoys(fleet),
        "sources": {need.good: need.source for unit in units for need in unit.needs},
        "note": (
            f"Made by convoi scenario generate with seed {wish.seed} and tightness"
            f" {wish.tightness:g}. Personnel is drawn; quantities follow from the rates in sources."
        ),
    }
    per_day = tuple(unit.persons * need.per_person_day for unit in units for need in unit.needs)
    return Draft(document, per_day)


def _site(index: int) -> str:
    return f"S{index + 1:03d}"


def _window(from_h: float, to_h: float) -> dict[str, str]:
    # To the quarter of an hour, as people state them.
    start, end = (_START + timedelta(minutes=15 * round(4 * h)) for h in (from_h, to_h))
    return {"start": start.isoformat(), "end": end.isoformat()}


def _needed(units: Sequence[Unit]) -> tuple[dict[str, float], dict[str, int]]:
    """Return the mass of a day, and the number of sites, by kind of compartment."""
    goods, mass, stops = bundled_goods(), {"cargo": 0.0}, {"cargo": 0}
    for unit in units:
        for need in unit.needs:
            good = goods[need.good]
            kg = unit.persons * need.per_person_day * good.unit_mass_kg
            mass[good.compartment] = mass.get(good.compartment, 0) + kg
        for kind in {goods[need.good].compartment for need in unit.needs}:
            stops[kind] = stops.get(kind, 0) + 1
    return mass, stops


def _sites(
    theatre: Theatre,
    siting: Siting,
    *,
    units: Sequence[Unit],
    bases: Sequence[str],
    horizon_h: float,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    kinds = {row["kind"]: row["label_fr"] for row in read_table("symbols.csv")}
    numbers: Counter[str] = Counter()
    sites = []
    for base, spot in zip(bases, siting.bases, strict=True):
        label = f"base de soutien {base}, {spot.name}" if spot.name else f"base de soutien {base}"
        place = _position(theatre, spot.x, spot.y)
        sites.append({"id": base, "label": label, "kind": "base", "position": place})
    chances = [chance for _, chance in _WINDOWS]
    for i, (unit, spot) in enumerate(zip(units, siting.sites, strict=True)):
        numbers[unit.kind] += 1
        label = f"{kinds[unit.kind]} {numbers[unit.kind]}"
        site: dict[str, Any] = {
            "id": _site(i),
            "label": f"{label}, {spot.name}" if spot.name else label,
            "kind": unit.kind,
            "position": _position(theatre, spot.x, spot.y),
            "note": f"{unit.persons} persons",
        }
        shares = _WINDOWS[int(rng.choice(len(_WINDOWS), p=chances))][0]
        if shares:
            site["windows"] = [_window(*(s * horizon_h for s in span)) for span in shares]
        sites.append(site)
    return sites


def _position(theatre: Theatre, x: float, y: float) -> dict[str, float]:
    lon, lat = theatre.to_earth.transform(x, y)
    # A ten-millionth of a degree is a centimetre.
    return {"lon": round(float(lon), 7), "lat": round(float(lat), 7)}


def _fleet(numbers: dict[str, int], bases: Sequence[str]) -> list[dict[str, Any]]:
    """Deal the vehicles out to the bases in turn, so that each gets some of each type."""
    dealt: Counter[tuple[str, str]] = Counter()
    turn = 0
    for kind, number in numbers.items():
        for _ in range(number):
            dealt[bases[turn % len(bases)], kind] += 1
            turn += 1
    return [
        {"type": kind, "base": base, "count": number}
        for (base, kind), number in sorted(dealt.items())
    ]


def _convoys(fleet: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    convoys = []
    for entry in fleet:
        if entry["type"] == _PAIRED and entry["count"] >= _PAIRS_FROM:
            stem = f"{entry['base']}-{_PAIRED}"
            for i in range(1, entry["count"], 2):
                pair = [f"{stem}-{i:02d}", f"{stem}-{i + 1:02d}"]
                convoys.append({"id": f"{entry['base']}-P{(i + 1) // 2}", "vehicles": pair})
    return convoys
