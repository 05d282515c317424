"""A small sound scenario, and a way to change one place of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

#: As a value, leaves the key out.
LEAVE_OUT = "<left out>"

SOUND: dict[str, Any] = {
    "format": "convoi/scenario/1",
    "id": "small",
    "horizon": {"start": "2026-06-15T04:00+02:00", "end": "2026-06-15T22:00+02:00"},
    "display_zone": "Europe/Paris",
    "theatre": {"name": "somewhere"},
    "objectives": ["undelivered", "time"],
    "sites": [
        {"id": "depot", "kind": "base", "position": {"lon": 1.5, "lat": 42.5}},
        {"id": "alpha", "kind": "unit", "position": {"lon": 1.6, "lat": 42.6}},
        {"id": "bravo", "kind": "unit", "position": {"mgrs": "31TCH8534008440"}},
    ],
    "bases": [
        {
            "site": "depot",
            "stock": [
                {"good": "ration_case", "quantity": 100},
                {"good": "diesel_l", "quantity": 5000},
            ],
        }
    ],
    "demands": [
        {"id": "d1", "site": "alpha", "good": "ration_case", "quantity": 20, "priority": 1},
        {"id": "d2", "site": "bravo", "good": "ration_case", "quantity": 10},
    ],
    "vehicle_types": [
        {
            "id": "truck",
            "mobility": "heavy_truck",
            "load_class": 20,
            "compartments": [{"id": "bed", "capacity_kg": 6000}],
            "range_km": 500,
            "fuel": "diesel_l",
            "fuel_l_per_100km": 30,
        }
    ],
    "fleet": [{"type": "truck", "base": "depot", "count": 3}],
    "convoys": [{"id": "c1", "vehicles": ["depot-truck-01", "depot-truck-02"]}],
    "areas": [
        {"id": "a1", "kind": "no_go", "polygon": [[1.0, 42.0], [1.1, 42.0], [1.1, 42.1]]},
    ],
    "changes": [{"id": "k1", "kind": "road_cut", "road": "w12"}],
}

#: The same without a theatre: the ways of three sites.
MATRIX: dict[str, Any] = {
    "mobility": "heavy_truck",
    "sites": ["depot", "alpha", "bravo"],
    "time_s": [[0, 600, 700], [600, 0, 800], [700, 800, 0]],
    "distance_m": [[0, 6000, 7000], [6000, 0, 8000], [7000, 8000, 0]],
}


def change(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a copy with other values at some places; a list grows by the index after its last."""
    data = copy.deepcopy(data)
    for place, value in changes.items():
        *above, last = place.split("/")[1:]
        inner: Any = data
        for part in above:
            inner = inner[int(part)] if isinstance(inner, list) else inner[part]
        if isinstance(inner, list):
            index = int(last)
            inner[index : index + 1] = [] if value == LEAVE_OUT else [copy.deepcopy(value)]
        elif value == LEAVE_OUT:
            del inner[last]
        else:
            inner[last] = copy.deepcopy(value)
    return data


@pytest.fixture
def sound() -> dict[str, Any]:
    """A document without a single remark."""
    return copy.deepcopy(SOUND)


@pytest.fixture
def changed() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Make the sound document with other values at some places."""
    return lambda changes: change(SOUND, changes)


@pytest.fixture
def with_matrices() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Make the document with matrices instead of a theatre, with other values at some places."""
    base = change(SOUND, {"/theatre": LEAVE_OUT, "/areas": LEAVE_OUT, "/changes": LEAVE_OUT})
    base["matrices"] = [copy.deepcopy(MATRIX)]
    return lambda changes: change(base, changes)
