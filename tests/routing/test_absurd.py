"""Quantities beyond all reason end in a plan, not in an overflow."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40], [30, 0, 20], [40, 20, 0]]
MOST = 1_000_000_000


def _stock(**quantities: int) -> list[dict[str, object]]:
    stock = [{"good": good, "quantity": quantity} for good, quantity in quantities.items()]
    return [{"site": "B", "loading_min": 0, "stock": stock}]


def _good(name: str, **figures: float) -> dict[str, object]:
    return {"id": name, "label_en": name, "label_fr": name, "unit": "each"} | figures


def test_a_demand_of_10_9_units_is_served_as_far_as_the_fleet_goes(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # A truck makes four trips with ten crates each: forty of a milliard.
    demands = [{"site": "S1", "quantity": MOST}]
    plan = planned(scenario_of(MINUTES, demands, bases=_stock(crate=MOST)), iterations=20)
    assert [missing.quantity for missing in plan.undelivered] == [MOST - 40]


def test_what_is_missing_may_be_more_than_64_bits_hold(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # 10^9 units of 10^9 kg, in steps of a few milligrams, are more than 2^63 steps.
    ship = {"id": "ship", "mobility": "wheels"}
    ship["compartments"] = [{"id": "hold", "capacity_kg": MOST}]  # type: ignore[assignment]  # as YAML gives it
    scenario = scenario_of(
        MINUTES,
        [
            {"site": "S1", "quantity": MOST, "good": "dust"},
            {"site": "S2", "quantity": MOST, "good": "island"},
        ],
        goods=[_good("dust", unit_mass_kg=0.123457), _good("island", unit_mass_kg=MOST)],
        bases=_stock(dust=MOST, island=MOST),
        types=[ship],
        fleet=[{"type": "ship", "base": "B"}],
        rules={"trips_max": 2},
    )
    plan = planned(scenario, iterations=20)
    # An island just fills the ship, and one on each of two trips is more mass than all the dust.
    missing = {entry.demand: entry.quantity for entry in plan.undelivered}
    assert missing == {"D1": MOST, "D2": MOST - 2}
