"""Whatever a file states that has the shape of a plan gets an answer, never a stack trace."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from optimizer.plan.model import Plan
from optimizer.terrain.theatre import Theatre
from optimizer.verify import verify

PLANS = Path(__file__).resolve().parent.parent / "plans"
NAMES = ("pass-matrices", "pass-two-bases", "pass-mixed-convoy", "pass-ground-changed")
DOCUMENTS = [json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES]

Place = tuple[str | int, ...]


def _places(value: object, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    yield place, value
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*place, key))


def _absurd(value: object, others: list[Any], rng: random.Random) -> object:
    if isinstance(value, list):
        kept = [copy.deepcopy(entry) for entry in value if rng.random() < 0.7]
        return kept + kept[:1] * rng.randrange(2)
    if isinstance(value, int):
        return rng.choice([0, 1, value + 1, 10**6, 10**9, 10**12])
    if isinstance(value, float):
        return rng.choice([0.0, -1.0, 1e9, 1e300, -1e300, float("inf"), float("nan")])
    if isinstance(value, str):
        strange = ["", "x", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
        return rng.choice([*strange, *(other for other in others if isinstance(other, str))])
    same = [other for other in others if isinstance(other, type(value))]
    return copy.deepcopy(rng.choice(same))


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_an_absurd_plan_gets_an_answer(seed: int, two_bridges: Theatre) -> None:
    rng = random.Random(seed)
    document = copy.deepcopy(rng.choice(DOCUMENTS))
    for _ in range(rng.choice([1, 1, 2, 4])):
        places = [found for found in _places(document) if found[0]]
        place, value = rng.choice(places)
        inside = document
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = _absurd(value, [other for _, other in places], rng)
    try:
        plan = Plan.model_validate(document)
    except ValidationError:
        return
    for violation in verify(plan, two_bridges):
        assert violation.text("en")
        assert violation.text("fr")


def _through_the_air() -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((PLANS / "pass-ground-by-air.json").read_text("utf-8"))
    return plan


def test_a_flight_to_a_site_beside_the_theatre_is_refused(two_bridges: Theatre) -> None:
    plan = _through_the_air()
    for site in plan["scenario"]["sites"][1:]:
        site["position"]["lat"] += 1  # some 111 km to the north; the flight stays
    codes = {found.code for found in verify(Plan.model_validate(plan), two_bridges)}
    assert {"path.outside", "path.end"} <= codes


def test_a_table_of_exposure_that_is_not_known_is_named(two_bridges: Theatre) -> None:
    plan = _through_the_air()
    plan["scenario"]["rules"]["exposure"] = {"cover": "cloud"}
    places = {found.pointer for found in verify(Plan.model_validate(plan), two_bridges)}
    assert "/scenario/rules/exposure/cover" in places
