"""A demand that is more than the whole fleet could ever bring is proved to be."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan, ReasonKind
from optimizer.routing.explain.capacity import most_ever
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario
from optimizer.verify.alone import limits_broken
from optimizer.verify.case import case_of
from optimizer.verify.fleet import most_ever as most_by_the_verifier

HALF_AN_HOUR = [[0, 30], [30, 0]]


def proved(plan: Plan) -> dict[str, tuple[str, Any]]:
    """Give code and figure of the one reason of each undelivered demand."""
    found = {}
    for entry in plan.undelivered:
        [reason] = entry.reasons
        assert reason.kind is ReasonKind.PROVED
        found[entry.demand] = (
            reason.code,
            reason.params.get("most", reason.params.get("available")),
        )
    return found


def test_full_loads_on_every_trip_of_every_convoy_are_the_most(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Two trucks with ten crates each, three trips: sixty. Twice the trucks would not do either.
    fleet = [{"type": "truck", "base": "B", "count": 2}]
    demands = [{"site": "S1", "quantity": 500}]
    plan = planned(scenario_of(HALF_AN_HOUR, demands, fleet=fleet, rules={"trips_max": 3}))
    assert proved(plan) == {"D1": ("capacity", 60)}
    assert plan.undelivered[0].quantity == 440


def test_trips_count_as_far_as_the_shift_goes(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # An hour for each trip: two of the four that are allowed fit into two and a half hours.
    demands = [{"site": "S1", "quantity": 100}]
    plan = planned(scenario_of(HALF_AN_HOUR, demands, rules={"shift_h": 2.5}))
    assert proved(plan) == {"D1": ("capacity", 20)}


def test_handing_over_takes_of_the_shift_too(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Ten minutes a crate. Of three hours two trips leave 60 min, six crates; one leaves 120 min,
    # time for twelve, and takes ten.
    demands = [{"site": "S1", "quantity": 30}]
    site = {"S1": {"handling_kg_per_min": 100}}
    scenario = scenario_of(HALF_AN_HOUR, demands, site=site, rules={"shift_h": 3})
    assert proved(planned(scenario)) == {"D1": ("capacity", 10)}


def test_trips_count_as_far_as_the_windows_let_them_in(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # Two windows of ten minutes: one trip of an hour for each, though the day has room for more.
    windows = [{"start": at(m), "end": at(m + 10)} for m in (60, 400)]
    demands = [{"site": "S1", "quantity": 100, "windows": windows}]
    assert proved(planned(scenario_of(HALF_AN_HOUR, demands))) == {"D1": ("capacity", 20)}


@pytest.mark.parametrize(("stock", "reason"), [(30, ("stock", 30)), (50, ("capacity", 40))])
def test_of_stock_and_fleet_the_one_that_allows_less_is_named(
    stock: int,
    reason: tuple[str, int],
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
) -> None:
    bases = [{"site": "B", "loading_min": 0, "stock": [{"good": "crate", "quantity": stock}]}]
    demands = [{"site": "S1", "quantity": 100}]
    assert proved(planned(scenario_of(HALF_AN_HOUR, demands, bases=bases))) == {"D1": reason}


def test_what_a_base_without_vehicles_holds_does_not_help(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # B has five crates and the truck that could carry forty; C has plenty, and a truck that makes
    # its four trips of ten too.
    minutes = [[0, 30, 30], [30, 0, 30], [30, 30, 0]]
    bases = [
        {"site": base, "loading_min": 0, "stock": [{"good": "crate", "quantity": held}]}
        for base, held in (("B", 5), ("S2", 900))
    ]
    fleet = [{"type": "truck", "base": base} for base in ("B", "S2")]
    demands = [{"site": "S1", "quantity": 100}]
    plan = planned(scenario_of(minutes, demands, bases=bases, fleet=fleet))
    assert proved(plan) == {"D1": ("capacity", 45)}


def test_what_the_fleet_could_bring_alone_is_not_called_too_much(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Each of the two fills the only truck for all its trips: for want of it one is not served.
    minutes = [[0, 30, 30], [30, 0, 30], [30, 30, 0]]
    demands = [{"site": "S1", "quantity": 40}, {"site": "S2", "quantity": 40}]
    [missing] = planned(scenario_of(minutes, demands)).undelivered
    assert {reason.kind for reason in missing.reasons} == {ReasonKind.OBSERVED}
    assert {reason.code for reason in missing.reasons} == {"capacity"}


def random_case(
    rng: random.Random, make: Callable[..., Scenario], at: Callable[[int], str]
) -> Scenario:
    """One demand beyond measure; windows and shift as they come, loads that are never even."""
    now, windows = 0, []
    for _ in range(rng.randint(0, 3)):
        opening = now + rng.randint(1, 300)
        now = opening + rng.choice([0, 1, 10, 60, 200])
        windows.append({"start": at(opening), "end": at(now)})
    out, home = rng.randint(1, 60), rng.randint(1, 60)
    good = {"id": "odd", "label_en": "x", "label_fr": "x", "unit": "each"}
    good |= {"unit_mass_kg": rng.choice([10.3, 0.1234567, 333.3, 1000]), "units_per_pallet": 48}
    van = {"id": "van", "mobility": "wheels", "length_m": 9, "compartments": []}
    for name in ("front", "rear"):
        part = {"id": name, "capacity_kg": 4995.5, "pallets": rng.randint(1, 9)}
        van["compartments"].append(part)  # type: ignore[attr-defined]  # as YAML gives it
    return make(
        [[0, out], [home, 0]],
        [{"site": "S1", "good": "odd", "quantity": 10**7, "windows": windows}],
        goods=[good],
        types=[van],
        fleet=[
            {"type": "van", "base": "B", "count": 3},
            {"type": "truck", "base": "B", "available": {"start": at(61), "end": at(401)}},
        ],
        convoys=[{"id": "PAIR", "vehicles": ["B-van-01", "B-van-02"]}],
        bases=[
            {
                "site": "B",
                "loading_min": rng.choice([0, 7.5, 45]),
                "stock": [{"good": "odd", "quantity": 10**7}],
            }
        ],
        site={
            "S1": {
                "handling_fixed_min": rng.choice([0, 12.3]),
                "handling_kg_per_min": rng.choice([33, 250, 1e9]),
            }
        },
        rules={"shift_h": rng.choice([1.5, 4, 11]), "trips_max": rng.randint(1, 6)},
        time_contingency=rng.choice([0, 0.1]),
    )


@pytest.mark.parametrize("seed", range(150))
def test_the_verifier_counts_the_same(
    seed: int, scenario_of: Callable[..., Scenario], at: Callable[[int], str]
) -> None:
    scenario = random_case(random.Random(seed), scenario_of, at)
    most = most_ever(build(scenario, MatrixGround(scenario)), 0)
    nothing: Any = SimpleNamespace(routes=(), decided_until=None)
    case = case_of(nothing, scenario)
    [demand] = scenario.demands
    able = [c for c in case.convoys.values() if limits_broken(case, c, demand) == frozenset()]
    # What may be rounded either way costs each of three convoys a unit, and a second of each trip.
    per_s = scenario.sites[1].handling_kg_per_min / 60 / scenario.goods[-1].unit_mass_kg
    lost = 1 + scenario.rules.trips_max * per_s if per_s < 1e3 else 1
    assert most - 3 * lost <= most_by_the_verifier(case, demand, able) <= most


@pytest.mark.parametrize("seed", range(10))
def test_no_plan_brings_more(
    seed: int,
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    at: Callable[[int], str],
) -> None:
    # The fixture verifies the plan: the reason must hold against what the plan itself brings.
    scenario = random_case(random.Random(seed), scenario_of, at)
    [missing] = planned(scenario, iterations=30).undelivered
    most = most_ever(build(scenario, MatrixGround(scenario)), 0)
    assert scenario.demands[0].quantity - missing.quantity <= most
    assert [reason.code for reason in missing.reasons] == ["capacity"] or not most
