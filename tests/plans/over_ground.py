"""The scenario and the plan over the little theatre, which the plans about paths differ from.

A lorry crosses the southern bridge to east, leaves the road for field and comes back; a light
vehicle goes round by the west to north. All of it lies on the level, so a cost is a length by a
speed and the slope plays no part.
"""

from __future__ import annotations

import copy
import functools
import itertools
import math
from typing import Any

from pyproj import Transformer

from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

Json = dict[str, Any]
Parts = list[Json]


def at(clock: str) -> str:
    return f"2026-06-15T{clock}:00+02:00"


class Maker:
    """Parts of paths and their costs over the little theatre, in metres of its corner."""

    def __init__(self, ground: Any, theatre: Theatre) -> None:
        self.ground = ground
        self.stamp = {"name": theatre.manifest.name, "digest": theatre.manifest.digest}
        self.to_earth = Transformer.from_crs(ground.CRS, "EPSG:4326", always_xy=True)

    def lonlat(self, x: float, y: float, digits: int = 8) -> list[float]:
        lon, lat = self.to_earth.transform(*self.ground.xy(x, y))
        return [round(lon, digits), round(lat, digits)]

    def site(self, name: str, x: float, y: float) -> Json:
        lon, lat = self.lonlat(x, y)
        return {
            "id": name,
            "position": {"lon": lon, "lat": lat},
            "handling_fixed_min": 10,
            "handling_kg_per_min": 100,
        }

    def box(self, west: float, south: float, east: float, north: float) -> list[list[float]]:
        corners = ((west, south), (east, south), (east, north), (west, north))
        return [self.lonlat(*corner) for corner in corners]

    def link(self, place: str, start: tuple[float, float], end: tuple[float, float]) -> Json:
        ends = [list(self.ground.xy(*start)), list(self.ground.xy(*end))]
        return {"kind": "link", "place": place, "start": ends[0], "end": ends[1]}

    def centre(self, cell: tuple[int, int]) -> tuple[float, float]:
        return 30 * cell[1] + 15, 360 - 30 * cell[0] - 15

    def course(self, parts: Parts) -> list[tuple[float, float]]:
        """Return the positions that parts pass, in metres of the corner."""
        found: list[tuple[float, float]] = []
        for part in parts:
            west, south = self.ground.WEST, self.ground.SOUTH
            if part["kind"] == "link":
                found += [(x - west, y - south) for x, y in (part["start"], part["end"])]
            elif part["kind"] == "air":
                found += [(x - west, y - south) for x, y in part["points"]]
            elif part["kind"] == "ground":
                found += [self.centre(cell) for cell in part["cells"]]
            else:
                number = int(part["edge"][1:])
                a, b, _, _ = self.ground.EDGES[number]
                (ax, ay), (bx, by) = self.ground.NODES[a], self.ground.NODES[b]
                length = self.ground.length_m(number)
                for m in (part["from_m"], part["to_m"]):
                    found.append((ax + (bx - ax) * m / length, ay + (by - ay) * m / length))
        return found

    def way(
        self, scenario: Json, mobility: str, parts: Parts, vehicles: int = 1, **wrong: int
    ) -> Json:
        """Return the quantities of a path on the level, and the path."""
        time = distance = fuel = exposure = 0.0
        kind = mobility_class(mobility)
        state = scenario.get("weather", {}).get("ground", "dry")
        level = dict(kind.slope)[0.0]
        for part in parts:
            course = self.course([part])
            if part["kind"] == "road":
                _, _, (highway, surface), _ = self.ground.EDGES[int(part["edge"][1:])]
                length = abs(part["to_m"] - part["from_m"])
                kmh = kind.road_speed_kmh(highway) * kind.surface_of(surface).of(state) * level
                kmh = min(kmh, self._limit(scenario, part["edge"])) or 1.0
                drawn_out = self._drawn_out_m(scenario, part["edge"]) * (vehicles - 1)
                time += (length + drawn_out) / (kmh / 3.6 * self._slow(scenario, part))
                fuel += length * kind.surface_of(surface).fuel
                exposure += length * self._rate(scenario, part)
            elif part["kind"] == "air":
                length = sum(math.dist(a, b) for a, b in itertools.pairwise(course))
                flight = kind.flight
                assert flight is not None
                # Both ends of every flight here lie at 100 m.
                climb = part["level_m"] - 100
                time += length / (flight.cruise_kmh / 3.6)
                time += climb / flight.climb_ms + climb / flight.descent_ms
                fuel += time * flight.cruise_kmh / 3.6
            elif part["kind"] == "ground":
                length = sum(math.dist(a, b) for a, b in itertools.pairwise(course))
                meadow = kind.cover_of(30)
                river = kind.sailing
                kmh = meadow.of(state) * level if river is None else river.river_kmh
                time += length / (kmh / 3.6)
                fuel += length * meadow.fuel
            else:
                length = math.dist(*course)
                if part["place"] == "site":
                    time += length / (5 / 3.6)
                    fuel += length
                else:
                    meadow = kind.cover_of(30)
                    time += length / (meadow.of(state) * level / 3.6) + kind.leave_road_s
                    fuel += length * meadow.fuel
            distance += length
        polyline = [self.lonlat(x, y, 6) for x, y in self.course(parts)]
        quantities = {
            "path_s": math.ceil(time),
            "distance_m": math.ceil(distance),
            "fuel_m": math.ceil(fuel),
            "exposure_milli": math.ceil(exposure),
        }
        for name, more in wrong.items():
            quantities[name] += more
        return quantities | {"path": {"parts": parts, "polyline": polyline}}

    def _limit(self, scenario: Json, edge: str) -> float:
        limits = [
            c["speed_kmh"]
            for c in scenario.get("changes", [])
            if "speed_kmh" in c and c["road"] == edge
        ]
        return min(limits, default=math.inf)

    def _drawn_out_m(self, scenario: Json, edge: str) -> float:
        """Return how much wider than on the march the gaps on a bridge are, each of them."""
        gap_m = scenario["rules"]["gap_m"]
        return sum(
            max(c["spacing_m"] - gap_m, 0)
            for c in scenario.get("changes", [])
            if c["kind"] == "spacing" and c["road"] == edge
        )

    def _slow(self, scenario: Json, part: Json) -> float:
        """An area whose label is a road covers the middle of that road."""
        areas = scenario.get("areas", [])
        return math.prod(
            a["speed_factor"] for a in areas if a["kind"] == "slow" and a["label"] == part["edge"]
        )

    def _rate(self, scenario: Json, part: Json) -> float:
        """An area whose label is a road covers half of that road."""
        areas = scenario.get("areas", [])
        return sum(
            a["exposure_per_km"] / 2
            for a in areas
            if a["kind"] == "exposure" and a["label"] == part["edge"]
        )


def road(edge: str, from_m: float, to_m: float) -> Json:
    return {"kind": "road", "edge": edge, "from_m": float(from_m), "to_m": float(to_m)}


def cells(*found: tuple[int, int]) -> Json:
    return {"kind": "ground", "cells": [list(cell) for cell in found]}


def flight(make: Maker, level_m: float, *points: tuple[float, float]) -> Json:
    return {"kind": "air", "points": [list(make.ground.xy(*p)) for p in points], "level_m": level_m}


def scenario(make: Maker) -> Json:
    """Return the scenario, to be changed at will."""
    truck = {
        "load_class": 20.0,
        "gross_weight_t": 18.0,
        "width_m": 2.5,
        "height_m": 3.2,
        "length_m": 9,
        "fuel_l_per_100km": 32,
    }
    light = {
        "load_class": 5.0,
        "gross_weight_t": 3.0,
        "width_m": 2.0,
        "height_m": 2.0,
        "length_m": 5,
        "fuel_l_per_100km": 12,
    }
    return copy.deepcopy(
        {
            "format": "convoi/scenario/1",
            "id": "two-bridges",
            "horizon": {"start": at("06:00"), "end": at("20:00")},
            "theatre": {"name": make.stamp["name"]},
            "time_contingency": 0.25,
            "rules": {"shift_h": 10, "gap_m": 100, "march_speed_kmh": 30, "criterion": "time"},
            "goods": [
                {
                    "id": "crate",
                    "label_en": "crate",
                    "label_fr": "caisse",
                    "unit": "each",
                    "unit_mass_kg": 20,
                },
                {
                    "id": "diesel",
                    "label_en": "diesel",
                    "label_fr": "gazole",
                    "unit": "l",
                    "unit_mass_kg": 0.84,
                    "compartment": "tank",
                },
            ],
            "sites": [
                make.site("depot", 30, 130),
                make.site("north", 60, 250),
                make.site("east", 500, 130),
                make.site("field", 350, 200),
            ],
            "bases": [
                {
                    "site": "depot",
                    "loading_min": 30,
                    "stock": [
                        {"good": "crate", "quantity": 100},
                        {"good": "diesel", "quantity": 100},
                    ],
                }
            ],
            "demands": [
                {"id": "D-north", "site": "north", "good": "crate", "quantity": 10},
                {"id": "D-east", "site": "east", "good": "crate", "quantity": 30},
                {"id": "D-field", "site": "field", "good": "crate", "quantity": 20},
            ],
            "vehicle_types": [
                {
                    "id": name,
                    "mobility": mobility,
                    "range_km": 300,
                    "fuel": "diesel",
                    "compartments": [{"id": "bed", "capacity_kg": capacity}],
                }
                | figures
                for name, mobility, capacity, figures in (
                    ("lorry", "heavy_truck", 3000, truck),
                    ("light", "light_4x4", 400, light),
                )
            ],
            "fleet": [
                {"type": "lorry", "base": "depot", "id": "lorry-1"},
                {"type": "light", "base": "depot", "id": "light-1"},
            ],
        }
    )


def _drop(demand: str, vehicle: str, quantity: int) -> Json:
    return {
        "vehicle": vehicle,
        "compartment": "bed",
        "good": "crate",
        "quantity": quantity,
        "demand": demand,
    }


@functools.cache
def _marches() -> tuple[Json, ...]:
    return (
        {
            "convoy": "C-lorry-1",
            "trips": [
                {
                    "loading_start": at("07:00"),
                    "stops": [
                        {"site": "east", "drops": [_drop("D-east", "lorry-1", 30)]},
                        {"site": "field", "drops": [_drop("D-field", "lorry-1", 20)]},
                    ],
                }
            ],
        },
        {
            "convoy": "C-light-1",
            "trips": [
                {
                    "loading_start": at("08:00"),
                    "stops": [{"site": "north", "drops": [_drop("D-north", "light-1", 10)]}],
                }
            ],
        },
    )


def marches() -> list[Json]:
    """Return what the convoys do, to be changed at will."""
    return [copy.deepcopy(march) for march in _marches()]


def paths(make: Maker) -> dict[tuple[str, int], Parts]:
    """Return the paths by convoy and leg, to be changed at will."""
    link = make.link
    from_depot, to_depot = ((30, 130), (30, 100)), ((30, 100), (30, 130))
    return {
        ("C-lorry-1", 0): [
            link("site", *from_depot),
            road("s0", 15, 150),
            road("s1", 0, 60),
            road("s2", 0, 210),
            road("s3", 0, 65),
            link("site", (500, 100), (500, 130)),
        ],
        ("C-lorry-1", 1): [
            link("site", (500, 130), (500, 100)),
            road("s3", 65, 0),
            link("connector", (435, 100), (435, 105)),
            # Two knight's moves.
            cells((8, 14), (7, 12), (5, 11)),
            link("site", (345, 195), (350, 200)),
        ],
        ("C-lorry-1", 2): [
            link("site", (350, 200), (345, 195)),
            cells((5, 11), (6, 12), (7, 13), (8, 14)),
            link("connector", (435, 105), (435, 100)),
            road("s2", 210, 0),
            road("s1", 60, 0),
            road("s0", 150, 15),
            link("site", *to_depot),
        ],
        ("C-light-1", 0): [
            link("site", *from_depot),
            road("s0", 15, 0),
            road("s7", 0, 180),
            road("s4", 0, 45),
            link("site", (60, 280), (60, 250)),
        ],
        ("C-light-1", 1): [
            link("site", (60, 250), (60, 280)),
            road("s4", 45, 0),
            road("s7", 180, 0),
            road("s0", 0, 15),
            link("site", *to_depot),
        ],
    }
