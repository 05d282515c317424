"""The scenario and the plan that most of the plans of this folder are one change away from.

Two lorries march together, a light vehicle goes alone::

    march-1            07:00 depot -> alpha -> bravo -> depot, then depot -> charlie -> depot
    C-light-1          06:30 depot -> bravo -> depot

The lorries wait at bravo until its window opens at 10:00, and are late at charlie. Not all of the
water that charlie wants is in stock, nothing carries the panels, and the boat does not fit.
"""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]

DAY = "2026-06-15T"


def at(clock: str) -> str:
    """Write a time of the day of the plan."""
    return f"{DAY}{clock}:00+02:00"


def window(first: str, last: str) -> Json:
    return {"start": at(first), "end": at(last)}


def drop(demand: str, vehicle: str, compartment: str, good: str, quantity: int) -> Json:
    return {
        "vehicle": vehicle,
        "compartment": compartment,
        "good": good,
        "quantity": quantity,
        "demand": demand,
    }


SITES = ["depot", "alpha", "bravo", "charlie"]
#: Minutes for lorries; the way back is two minutes longer than the way out.
_OUT = {(0, 1): 20, (0, 2): 30, (0, 3): 40, (1, 2): 12, (1, 3): 44, (2, 3): 48}


def _table(minute_s: int) -> list[list[int]]:
    table = [[0] * 4 for _ in SITES]
    for (a, b), minutes in _OUT.items():
        table[a][b] = minutes * minute_s
        table[b][a] = (minutes + 2) * minute_s
    return table


def _matrix(mobility: str, minute_s: int) -> Json:
    time_s = _table(minute_s)
    exposure = [[0] * 4 for _ in SITES]
    exposure[1][2] = exposure[2][1] = 150
    return {
        "mobility": mobility,
        "sites": SITES,
        "time_s": time_s,
        # 36 km/h for lorries is 10 m/s, so a minute is 600 m; fuel a tenth more.
        "distance_m": [[600 * t // minute_s for t in row] for row in time_s],
        "fuel_m": [[660 * t // minute_s for t in row] for row in time_s],
        "exposure_milli": exposure,
    }


_SCENARIO: Json = {
    "format": "convoi/scenario/1",
    "id": "four-sites",
    "horizon": window("06:00", "20:00"),
    "display_zone": "Europe/Paris",
    "matrices": [_matrix("heavy_truck", 60), _matrix("light_4x4", 40)],
    "time_contingency": 0.25,
    "rules": {
        "shift_h": 10,
        "trips_max": 3,
        "apart": [{"goods": ["meals", "chlorine"]}],
        "gap_m": 100,
        "march_speed_kmh": 30,
        "criterion": "time",
    },
    "goods": [
        {
            "id": "meals",
            "label_en": "meals",
            "label_fr": "repas",
            "unit": "case",
            "unit_mass_kg": 10.3,
            "unit_volume_l": 25,
            "units_per_pallet": 48,
        },
        {
            "id": "water",
            "label_en": "water",
            "label_fr": "eau",
            "unit": "l",
            "unit_mass_kg": 1,
            "unit_volume_l": 1,
            "compartment": "tank",
        },
        {
            "id": "chlorine",
            "label_en": "chlorine",
            "label_fr": "chlore",
            "unit": "kg",
            "unit_mass_kg": 1,
        },
        {
            "id": "diesel",
            "label_en": "diesel",
            "label_fr": "gazole",
            "unit": "l",
            "unit_mass_kg": 0.84,
            "unit_volume_l": 1,
            "compartment": "tank",
        },
        {
            "id": "panel",
            "label_en": "bridge panel",
            "label_fr": "panneau de pont",
            "unit": "each",
            "unit_mass_kg": 300,
            "compartment": "flatbed",
        },
        {
            "id": "boat",
            "label_en": "boat",
            "label_fr": "bateau",
            "unit": "each",
            "unit_mass_kg": 4500,
        },
    ],
    "sites": [
        {
            "id": name,
            "windows": windows,
            "handling_fixed_min": 10,
            "handling_kg_per_min": 100,
        }
        for name, windows in (
            ("depot", [window("06:00", "19:00")]),
            ("alpha", []),
            ("bravo", [window("06:30", "08:30"), window("10:00", "12:00")]),
            ("charlie", []),
        )
    ],
    "bases": [
        {
            "site": "depot",
            "loading_min": 45,
            "stock": [
                {"good": "meals", "quantity": 400},
                {"good": "water", "quantity": 1500},
                {"good": "chlorine", "quantity": 50},
                {"good": "diesel", "quantity": 200},
                {"good": "panel", "quantity": 2},
                {"good": "boat", "quantity": 1},
            ],
        }
    ],
    "demands": [
        {"id": "D-alpha-meals", "site": "alpha", "good": "meals", "quantity": 120, "priority": 1},
        {"id": "D-alpha-water", "site": "alpha", "good": "water", "quantity": 600, "priority": 2},
        {"id": "D-bravo-meals", "site": "bravo", "good": "meals", "quantity": 96, "priority": 1},
        {"id": "D-bravo-chlorine", "site": "bravo", "good": "chlorine", "quantity": 20},
        {
            "id": "D-charlie-water",
            "site": "charlie",
            "good": "water",
            "quantity": 1600,
            "priority": 2,
            "due": at("12:00"),
        },
        {"id": "D-charlie-panel", "site": "charlie", "good": "panel", "quantity": 2},
        {"id": "D-charlie-boat", "site": "charlie", "good": "boat", "quantity": 1},
    ],
    "vehicle_types": [
        {
            "id": "lorry",
            "mobility": "heavy_truck",
            "load_class": 20,
            "gross_weight_t": 18,
            "width_m": 2.5,
            "height_m": 3.2,
            "length_m": 9,
            "range_km": 300,
            "fuel": "diesel",
            "fuel_l_per_100km": 32,
            "compartments": [
                {
                    "id": "bed",
                    "capacity_kg": 3000,
                    "capacity_l": 6000,
                    "pallets": 4,
                },
                {"id": "bowser", "kind": "tank", "capacity_kg": 900, "capacity_l": 900},
            ],
        },
        {
            "id": "light",
            "mobility": "light_4x4",
            "length_m": 5,
            "range_km": 400,
            "fuel": "diesel",
            "fuel_l_per_100km": 12,
            "compartments": [{"id": "bed", "capacity_kg": 400}],
        },
    ],
    "fleet": [
        {"type": "lorry", "base": "depot", "id": "lorry-1"},
        {"type": "lorry", "base": "depot", "id": "lorry-2", "available": window("06:30", "18:00")},
        {"type": "light", "base": "depot", "id": "light-1"},
    ],
    "convoys": [{"id": "march-1", "vehicles": ["lorry-1", "lorry-2"]}],
}

_MARCHES: list[Json] = [
    {
        "convoy": "march-1",
        "trips": [
            {
                "loading_start": at("07:00"),
                "stops": [
                    {
                        "site": "alpha",
                        "drops": [
                            drop("D-alpha-meals", "lorry-1", "bed", "meals", 70),
                            drop("D-alpha-meals", "lorry-2", "bed", "meals", 50),
                            drop("D-alpha-water", "lorry-1", "bowser", "water", 600),
                        ],
                    },
                    {
                        "site": "bravo",
                        "drops": [drop("D-bravo-meals", "lorry-1", "bed", "meals", 96)],
                    },
                ],
            },
            {
                "loading_start": at("11:30"),
                "stops": [
                    {
                        "site": "charlie",
                        "drops": [
                            drop("D-charlie-water", "lorry-1", "bowser", "water", 400),
                            drop("D-charlie-water", "lorry-2", "bowser", "water", 500),
                        ],
                    }
                ],
            },
        ],
    },
    {
        "convoy": "C-light-1",
        "trips": [
            {
                "loading_start": at("06:30"),
                "stops": [
                    {
                        "site": "bravo",
                        "drops": [drop("D-bravo-chlorine", "light-1", "bed", "chlorine", 20)],
                    }
                ],
            }
        ],
    },
]

REASONS: Json = {
    "D-charlie-water": [
        {
            "kind": "observed",
            "code": "stock",
            "params": {"good": "water", "available": 1500},
            "seed": 1,
            "budget": "100 iterations",
        }
    ],
    "D-charlie-panel": [{"kind": "proved", "code": "compartment", "params": {"kind": "flatbed"}}],
    "D-charlie-boat": [{"kind": "proved", "code": "unit_too_large", "params": {"good": "boat"}}],
}


def scenario() -> Json:
    """Return the scenario, to be changed at will."""
    return copy.deepcopy(_SCENARIO)


def marches() -> list[Json]:
    """Return what the convoys do, to be changed at will."""
    return copy.deepcopy(_MARCHES)
