"""Small scenarios over matrices of their own, and a ground made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.model import Scenario
from optimizer.verify.verify import verify

START = "2026-06-15T06:00:00+00:00"


def make(
    minutes: Sequence[Sequence[int | None]],
    demands: Sequence[Mapping[str, Any]],
    *,
    fleet: Sequence[Mapping[str, Any]] = ({"type": "truck", "base": "B"},),
    bases: Sequence[Mapping[str, Any]] | None = None,
    sites: Sequence[str] | None = None,
    site: Mapping[str, Mapping[str, Any]] | None = None,
    types: Sequence[Mapping[str, Any]] = (),
    goods: Sequence[Mapping[str, Any]] = (),
    **rest: Any,
) -> Scenario:
    """A scenario whose sites are B, S1, S2, ... at so many minutes, one minute one kilometre.

    A truck carries 10 crates of 1 t; loading and handling take no time; there is no contingency
    and no fuel, unless a test says otherwise.
    """
    count = len(minutes)
    names = sites or ["B", *(f"S{i}" for i in range(1, count))]
    table = {
        "mobility": "wheels",
        "sites": names,
        "time_s": [[None if m is None else 60 * m for m in row] for row in minutes],
        "distance_m": [[None if m is None else 1000 * m for m in row] for row in minutes],
    }
    more = site or {}
    document = {
        "format": "convoi/scenario/1",
        "id": "case",
        "horizon": {"start": START, "end": "2026-06-16T06:00:00+00:00"},
        "matrices": [table],
        "time_contingency": 0,
        "goods": [
            {
                "id": name,
                "label_en": name,
                "label_fr": name,
                "unit": "each",
                "unit_mass_kg": 1000,
            }
            for name in ("crate", "tin", "drum")
        ]
        + [
            {"id": "diesel", "label_en": "d", "label_fr": "d", "unit": "l", "unit_mass_kg": 1}
            | {"compartment": "tank"}
        ]
        + list(goods),
        "sites": [
            {"id": name, "handling_fixed_min": 0, "handling_kg_per_min": 1e9} | more.get(name, {})
            for name in names
        ],
        "bases": bases
        or [
            {
                "site": "B",
                "loading_min": 0,
                "stock": [{"good": g, "quantity": 1000} for g in ("crate", "tin", "drum")],
            }
        ],
        "vehicle_types": [
            {
                "id": "truck",
                "mobility": "wheels",
                "compartments": [{"id": "bed", "capacity_kg": 10_000}],
            },
            *types,
        ],
        "fleet": list(fleet),
        "demands": [
            {"id": f"D{number}", "good": "crate", "quantity": 1} | dict(demand)
            for number, demand in enumerate(demands, start=1)
        ],
    } | rest
    return Scenario.model_validate(document)


@pytest.fixture
def scenario_of() -> Callable[..., Scenario]:
    return make


@pytest.fixture
def planned() -> Callable[..., Plan]:
    """Plan a scenario with a small budget; whatever comes out keeps every rule."""

    def plan(scenario: Scenario, iterations: int = 120, **rest: Any) -> Plan:
        options = SolveOptions(seed=1, iterations=iterations)
        found = solve(scenario, MatrixGround(scenario), options=options, **rest)
        assert verify(found, None) == ()
        return found

    return plan


@pytest.fixture
def at() -> Callable[[int], str]:
    """A time so many minutes after the start of the horizon."""

    def time(minutes: int) -> str:
        day, rest = divmod(6 * 60 + minutes, 24 * 60)
        return f"2026-06-{15 + day:02d}T{rest // 60:02d}:{rest % 60:02d}:00+00:00"

    return time
