"""Quantities, ids and numbers of demands beyond all reason end in a plan, not in an overflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from optimizer.network.given import MatrixGround
from optimizer.plan.model import Plan
from optimizer.routing import SolveOptions, orders
from optimizer.routing.alone import most_alone
from optimizer.routing.assemble import route_id
from optimizer.routing.draft import Draft, Move
from optimizer.routing.orders import order_of
from optimizer.routing.problem import build
from optimizer.routing.route import Candidate, evaluate
from optimizer.routing.scale import UNLIMITED, Scale
from optimizer.routing.split import Split, tasks_of
from optimizer.routing.transport import share_out
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


def test_a_scale_never_comes_to_more_steps_than_unlimited() -> None:
    fine = [Fraction("0.123457")]
    assert Scale.of(fine).steps == 10**6
    scale = Scale.of(fine, Fraction(10**9))
    assert scale.capacity(Fraction(10**9)) <= UNLIMITED
    # What just fits still does: load up, capacity down, of the same whole figure.
    assert scale.load(Fraction(10**9)) == scale.capacity(Fraction(10**9))


def test_what_nobody_can_ever_carry_is_no_task(scenario_of: Callable[..., Scenario]) -> None:
    scenario = scenario_of(
        MINUTES,
        [{"site": "S1", "quantity": MOST}],
        bases=_stock(crate=MOST),
        rules={"trips_max": 3},
    )
    problem = build(scenario, MatrixGround(scenario))
    tasks = tasks_of(problem, most_alone(problem), Split.LARGE)
    # Three trips of ten; 24 tasks of 41 666 667 units, which no truck carries, would be in vain.
    assert [task.quantity for task in tasks] == [10, 10, 10]


def test_stock_is_shared_out_whatever_the_figures(scenario_of: Callable[..., Scenario]) -> None:
    # Seconds of the way times steps of mass times units: more than 2^63 for each of the bases.
    scenario = scenario_of(
        [[0, 10, 40], [10, 0, 20], [40, 20, 0]],
        [{"site": "S1", "quantity": MOST, "good": "dust"}],
        goods=[_good("dust", unit_mass_kg=123.457001)],
        bases=[
            *_stock(dust=MOST),
            {"site": "S2", "loading_min": 0, "stock": [{"good": "dust", "quantity": MOST}]},
        ],
        types=[
            {
                "id": "ship",
                "mobility": "wheels",
                "compartments": [{"id": "hold", "capacity_kg": MOST}],
            }
        ],
        fleet=[{"type": "ship", "base": base, "count": 100} for base in ("B", "S2")],
    )
    problem = build(scenario, MatrixGround(scenario))
    shares = share_out(problem, most_alone(problem), {}, seed=1)
    # Both have enough for all; B is the nearer one.
    assert shares == {(0, 0): MOST, (0, 2): 0}


@pytest.mark.parametrize("length", [63, 64])
def test_convoys_with_long_ids_get_routes_with_ids_of_their_own(length: int) -> None:
    first, second = ("x" * (length - 1) + end for end in "ab")
    assert route_id(first) != route_id(second)
    assert {len(route_id(name)) for name in (first, second)} == {64}
    assert route_id("x" * 62) == "R-" + "x" * 62


def test_a_run_gets_the_most_important_tasks_if_there_are_too_many(
    scenario_of: Callable[..., Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "_CLIENTS_MAX", 6)
    two = [
        {"start": f"2026-06-15T{hour}:00+00:00", "end": f"2026-06-15T{hour}:30+00:00"}
        for hour in ("08", "10")
    ]
    demands = [{"site": "S1", "priority": 9 - number, "windows": two} for number in range(5)]
    scenario = scenario_of(MINUTES, demands)
    problem = build(scenario, MatrixGround(scenario))
    alone = most_alone(problem)
    options = SolveOptions(seed=1, iterations=10)
    cold = order_of(problem, alone, [], options, run=0, runs=1)
    # Six clients are three tasks of two windows each: those of priorities 7, 6 and 5.
    assert [task.need for task in cold.tasks] == [2, 3, 4]
    # A run that begins with a solution keeps what that serves, even if it is less important.
    served = evaluate(problem, 0, (((1, ((0, 1),)),),))
    assert isinstance(served, Candidate)
    warm = order_of(problem, alone, [served], options, run=1, runs=2)
    assert [task.need for task in warm.tasks] == [0, 3, 4]
    assert [group for group, _ in warm.start] == [0]


def test_a_draft_takes_out_the_very_route_that_a_move_replaces(
    scenario_of: Callable[..., Scenario],
) -> None:
    demands = [{"site": "S1", "quantity": 4}, {"site": "S2", "quantity": 1}]
    scenario = scenario_of(MINUTES, demands, fleet=[{"type": "truck", "base": "B", "count": 2}])
    problem = build(scenario, MatrixGround(scenario))
    first = evaluate(problem, 0, (((1, ((0, 2),)),),))
    assert isinstance(first, Candidate)
    second = replace(first)
    longer = evaluate(problem, 0, (((1, ((0, 2),)), (2, ((1, 1),))),))
    assert isinstance(longer, Candidate)
    draft = Draft(problem, most_alone(problem), [first, second])
    draft.apply(Move(second, longer, ()))
    # Both are alike, value by value, which takes long to find out where there are many.
    assert draft.routes[0] is first
    assert draft.missing == [0, 0]
