"""Plans of random scenarios, built by other arithmetic, are proved; one change breaks the proof."""

from __future__ import annotations

import copy
import dataclasses
from datetime import datetime
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.plan.model import Plan
from optimizer.verify import verify

Json = dict[str, Any]

SITES = ("depot", "alpha", "bravo", "charlie")
#: A build finds each slack by trying, which takes some milliseconds.
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@dataclasses.dataclass(frozen=True)
class Draft:
    """What a random plan is built from."""

    scenario: Json
    marches: list[Json]


@st.composite
def drafts(draw: st.DrawFn, recipes: ModuleType) -> Draft:
    """Draw another scenario with the same sites: ways, windows, rates, loads, contingency."""
    base = recipes.sibling("base")
    scenario, marches = base.scenario(), base.marches()
    for table in scenario["matrices"]:
        for name, highest in (
            ("time_s", 3600),
            ("distance_m", 40_000),
            ("fuel_m", 60_000),
            ("exposure_milli", 500),
        ):
            entries = [draw(st.integers(0, highest)) for _ in range(12)]
            table[name] = [[0 if a == b else entries.pop() for b in range(4)] for a in range(4)]
    scenario["time_contingency"] = draw(st.sampled_from([0.0, 0.1, 0.25, 0.333, 1.5]))
    for site in scenario["sites"]:
        site["handling_fixed_min"] = draw(st.sampled_from([0.0, 7.5, 10.0, 12.34]))
        site["handling_kg_per_min"] = draw(st.sampled_from([33.3, 100.0, 250.0]))
    hours = sorted(draw(st.sets(st.integers(6, 20), min_size=4, max_size=4)))
    windows = [
        base.window(f"{hours[0]:02d}:00", f"{hours[1]:02d}:00"),
        base.window(f"{hours[2]:02d}:00", f"{hours[3]:02d}:00"),
    ]
    scenario["sites"][2]["windows"] = windows
    scenario["demands"][0]["windows"] = draw(st.sampled_from([[], windows]))
    scenario["horizon"]["end"] = "2026-06-16T20:00:00+02:00"
    scenario["sites"][0]["windows"] = []
    scenario["fleet"][1]["available"]["end"] = "2026-06-16T18:00:00+02:00"
    scenario["rules"] |= {"shift_h": draw(st.sampled_from([10.0, 14.2, 30.0])), "gap_m": 50.0}
    scenario["bases"][0]["stock"][3]["quantity"] = 1000
    for march in marches:
        for trip in march["trips"]:
            for stop in trip["stops"]:
                for drop in stop["drops"]:
                    drop["quantity"] = draw(st.integers(1, drop["quantity"]))
    return Draft(scenario, marches)


def _within_limits(plan: Json) -> bool:
    """Tell whether the random times fit, going by the slack that the builder found by trying.

    The builder knows no slack of a start after the last window, so that these are looked at apart.
    """
    scenario = plan["scenario"]
    sites = {site["id"]: site["windows"] for site in scenario["sites"]}
    windows = {d["id"]: d.get("windows") or sites[d["site"]] for d in scenario["demands"]}
    stops = [s for r in plan["routes"] for t in r["trips"] for s in t["stops"]]
    starts = [(datetime.fromisoformat(s["start"]), d["demand"]) for s in stops for d in s["drops"]]
    return all(stop["slack_s"] >= 0 for stop in stops) and all(
        not windows[demand]
        or any(
            datetime.fromisoformat(w["start"]) <= start <= datetime.fromisoformat(w["end"])
            for w in windows[demand]
        )
        for start, demand in starts
    )


def test_what_is_built_by_other_arithmetic_is_proved(plan_recipes: ModuleType) -> None:
    proved = []

    @slow
    @given(draft=drafts(plan_recipes))
    def check(draft: Draft) -> None:
        plan = plan_recipes.sibling("builder").build(draft.scenario, draft.marches)
        found = verify(Plan.model_validate(plan))
        if _within_limits(plan):
            assert found == ()
            proved.append(plan)
        else:
            # Windows, shifts and horizons that do not hold are what makes slack negative.
            codes = {violation.code for violation in found}
            assert codes & {"time.window", "time.shift", "time.horizon", "time.availability"}

    check()
    assert len(proved) > 10, "too few of the random plans keep their limits to show anything"


def test_a_random_plan_with_one_change_is_refused(plan_recipes: ModuleType) -> None:
    builder = plan_recipes.sibling("builder")

    def more_water(d: Draft) -> None:
        d.marches[0]["trips"][0]["stops"][0]["drops"][2]["quantity"] = 601

    def too_soon(d: Draft) -> None:
        d.marches[0]["trips"][1] |= {"loading_start": "2026-06-15T07:30:00+02:00"}
        d.marches[0]["trips"][1]["overlaps"] = True

    def idle(d: Draft) -> None:
        d.marches[1]["trips"][0]["stops"][0]["idles_s"] = 1

    def stowaway(d: Draft) -> None:
        d.marches[0]["trips"][1]["stowaways"] = [
            {"vehicle": "lorry-2", "compartment": "bed", "good": "chlorine", "quantity": 1}
        ]

    def forbidden(d: Draft) -> None:
        d.scenario["sites"][3]["reached_by"] = ["tracked"]

    def weak(d: Draft) -> None:
        d.scenario["vehicle_types"][1]["compartments"][0]["capacity_kg"] = 0.5

    def dry(d: Draft) -> None:
        d.scenario["bases"][0]["stock"] = d.scenario["bases"][0]["stock"][1:]

    changes = {
        more_water: "demand.over",
        too_soon: "time.trip_order",
        idle: "time.start_late",
        stowaway: "load.balance",
        forbidden: "way.not_allowed",
        weak: "load.mass",
        dry: "supply.stock",
    }

    @slow
    @given(draft=drafts(plan_recipes), change=st.sampled_from(list(changes)))
    def check(draft: Draft, change: Any) -> None:
        assume(_within_limits(builder.build(draft.scenario, draft.marches)))
        changed = copy.deepcopy(draft)
        change(changed)
        plan = builder.build(changed.scenario, changed.marches)
        codes = {violation.code for violation in verify(Plan.model_validate(plan))}
        assert changes[change] in codes

    check()
