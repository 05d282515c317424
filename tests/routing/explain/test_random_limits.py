"""Small cases with limits so tight that much stays at home: whatever is proved is proved twice.

The verifier sums up the trip of each convoy by its own lines, so that a proof that does not hold,
or that names another limit than the one that is broken, makes a violation.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

CASES = 150
GOODS = ("crate", "tin", "diesel")
START_H = 6


def _window(rng: random.Random) -> dict[str, str]:
    first = rng.randint(0, 22)
    times = (f"{first}:00", f"{rng.randint(first, 22)}:30")
    return dict(zip(("start", "end"), map(_time, times), strict=True))


def _time(after_start: str) -> str:
    hours, minutes = after_start.split(":")
    days, hour = divmod(START_H + int(hours), 24)
    return f"2026-06-{15 + days}T{hour:02d}:{minutes}:00+00:00"


def _maybe(rng: random.Random, share: float, **given: Any) -> dict[str, Any]:
    return given if rng.random() < share else {}


def _base(rng: random.Random, site: str) -> dict[str, Any]:
    stock = [{"good": good, "quantity": rng.choice([0, 1, 5, 30, 200])} for good in GOODS]
    return {"site": site, "loading_min": rng.choice([0, 7.5, 45]), "stock": stock}


def _vehicle(rng: random.Random, name: str) -> dict[str, Any]:
    parts = [{"id": "bed", "capacity_kg": rng.choice([800, 3000, 10_000])}]
    if rng.random() < 0.5:
        parts.append({"id": "can", "kind": "tank", "capacity_kg": 50})
    burns = {"fuel": "diesel", "fuel_l_per_100km": rng.choice([10, 33.3, 90])}
    return (
        {"id": name, "mobility": "wheels", "compartments": parts}
        | _maybe(rng, 0.5, **burns)
        | _maybe(rng, 0.7, range_km=rng.choice([30, 60, 100, 200]))
    )


def _case(rng: random.Random, make: Callable[..., Scenario]) -> Scenario:
    places = range(rng.randint(2, 4) + 1)

    def minutes(a: int, b: int) -> int | None:
        return 0 if a == b else None if rng.random() < 0.12 else rng.randint(5, 120)

    bases = [_base(rng, "B")] + ([_base(rng, "S1")] if rng.random() < 0.6 else [])
    fleet = [
        {
            "type": rng.choice(["truck", "t0", "t1"]),
            "base": rng.choice(bases)["site"],
            "count": rng.randint(1, 2),
        }
        | _maybe(rng, 0.4, available=_window(rng))
        for _ in range(rng.randint(1, 3))
    ]
    sites = {
        f"S{place}": {"handling_fixed_min": rng.choice([0, 10, 200])}
        | _maybe(rng, 0.3, windows=[_window(rng)])
        | _maybe(rng, 0.2, reached_by=[rng.choice(["foot", "wheels"])])
        for place in places[1:]
    }
    demands = [
        {
            "site": f"S{rng.choice(places[1:])}",
            "good": rng.choice(GOODS),
            "quantity": rng.choice([1, 4, 40]),
            "priority": rng.randint(1, 3),
        }
        | _maybe(rng, 0.4, windows=[_window(rng) for _ in range(rng.randint(1, 2))])
        for _ in range(rng.randint(1, 4))
    ]
    return make(
        [[minutes(a, b) for b in places] for a in places],
        demands,
        bases=bases,
        types=[_vehicle(rng, name) for name in ("t0", "t1")],
        fleet=fleet,
        site=sites | {"B": _maybe(rng, 0.3, windows=[_window(rng)])},
        rules={"shift_h": rng.choice([1, 3, 10]), "trips_max": rng.randint(1, 3)},
        time_contingency=rng.choice([0, 0.1, 0.25]),
    )


def test_what_the_solver_proves_the_verifier_proves_too(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    told: Counter[str] = Counter()
    for seed in range(CASES):
        scenario = _case(random.Random(seed), scenario_of)
        # `planned` has the verifier go over each plan.
        plan = planned(scenario, iterations=4)
        told.update(
            r.code for item in plan.undelivered for r in item.reasons if r.kind.value == "proved"
        )
    # The cases are hard enough to show every kind of proof.
    assert set(told) == {
        "capacity",
        "compartment",
        "fuel",
        "not_allowed",
        "range",
        "shift",
        "stock",
        "unit_too_large",
        "unreachable",
        "window",
    }
