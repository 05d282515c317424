"""No number of a plan is taken on trust: each, moved beyond the tolerance, is noticed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from optimizer.plan.model import Plan
from optimizer.terrain.theatre import Theatre
from optimizer.verify import verify

PLANS = Path(__file__).resolve().parent.parent / "plans"

Json = dict[str, Any]
Place = tuple[str | int, ...]

#: What says how a plan was made proves nothing, and reasons state figures of another solve.
_NOT_CLAIMS = {"provenance", "scenario", "reasons"}


def _leaves(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            if key not in _NOT_CLAIMS:
                yield from _leaves(inner, (*place, key))
    else:
        yield place, value


def _set(document: Json, place: Place, value: object) -> Json:
    changed = copy.deepcopy(document)
    inside: Any = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    return changed


def _moved(place: Place, value: object, sign: int) -> object:
    """Move a claim by the least that is beyond its tolerance."""
    if isinstance(value, int):
        # Sums along a path may differ by one unit; travel, handling and fuel by a rounding.
        return value + 2 * sign if value + 2 * sign >= 1 else value + 2
    if isinstance(value, float):
        if "polyline" in place:
            return value  # a corner that slides along a straight line draws the same line
        return value + sign * (0.5 if "path" in place or "profile" in place else 0.01)
    if isinstance(value, str) and value.endswith("+02:00"):
        return (datetime.fromisoformat(value) + timedelta(seconds=sign)).isoformat()
    return value


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", ["pass-matrices", "pass-ground", "pass-ground-on-foot"])
def test_every_number_and_time_that_is_moved_is_noticed(
    name: str, sign: int, two_bridges: Theatre
) -> None:
    document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    theatre = two_bridges if document["theatre"] else None
    assert verify(Plan.model_validate(document), theatre) == ()
    tried = 0
    for place, value in _leaves(document):
        moved = _moved(place, value, sign)
        if moved == value:
            continue
        changed = _set(document, place, moved)
        assert verify(Plan.model_validate(changed), theatre), (place, value, moved)
        tried += 1
    assert tried > 100


@pytest.mark.parametrize("name", ["pass-matrices", "pass-ground"])
def test_every_id_that_is_changed_is_noticed(name: str, two_bridges: Theatre) -> None:
    """But those of the plan and of a route, which are names and nothing else."""
    document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    theatre = two_bridges if document["theatre"] else None
    for place, value in _leaves(document):
        free = place in {("id",), ("format",)} or (place[0] == "routes" and place[2:] == ("id",))
        if free or not isinstance(value, str) or value.endswith("+02:00"):
            continue
        other = {"site": "connector", "connector": "site", "time": "fuel"}.get(value, f"{value}x")
        if place[-1] == "kind":
            continue  # another kind of part has other fields: the model refuses it
        changed = _set(document, place, other)
        assert verify(Plan.model_validate(changed), theatre), (place, value)


@pytest.mark.parametrize(
    "place",
    [
        ("routes",),
        ("routes", 0, "trips"),
        ("routes", 0, "trips", 0, "stops"),
        ("routes", 0, "trips", 0, "legs"),
        ("routes", 0, "trips", 0, "load"),
        ("routes", 0, "trips", 0, "stops", 0, "drops"),
        ("routes", 0, "trips", 0, "stops", 0, "load_after"),
        ("undelivered",),
    ],
)
def test_every_entry_that_is_left_out_or_doubled_is_noticed(place: Place) -> None:
    document = json.loads((PLANS / "pass-matrices.json").read_text(encoding="utf-8"))
    inside: Any = document
    for key in place:
        inside = inside[key]
    for number in range(len(inside)):
        for entries in (
            inside[:number] + inside[number + 1 :],
            inside[: number + 1] + inside[number:],
        ):
            changed = _set(document, place, entries)
            empty = place[-1] == "load_after" and _is_empty(inside[number])
            if not (empty and len(entries) < len(inside)):  # what is left out is empty
                assert verify(Plan.model_validate(changed)), (place, number)


def _is_empty(load: Json) -> bool:
    return not (load["mass_kg"] or load["volume_l"] or load["pallets"])
