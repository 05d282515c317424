"""Planning goes on from an earlier plan: never worse, with the same convoys for the same loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from optimizer.network.given import MatrixGround
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan
from optimizer.routing import Parent
from optimizer.routing.again.resume import resumed
from optimizer.routing.evaluate.solution import fits_together
from optimizer.routing.model.build import build
from optimizer.routing.names import brought_by
from optimizer.scenario.model import Scenario

#: Base and five sites on a line, each ten minutes from the next.
LINE = [[abs(a - b) * 10 for b in range(6)] for a in range(6)]
DEMANDS = [{"site": f"S{n}", "quantity": 4} for n in range(1, 6)]
TWO = [{"type": "truck", "base": "B", "count": 2}]


def brought(plan: Plan) -> dict[str, Counter[str]]:
    return dict(brought_by(plan.routes))


def resumed_of(scenario: Scenario, plan: Plan) -> dict[str, int]:
    problem = build(scenario, MatrixGround(scenario))
    routes = resumed(problem, plan.routes, {})
    assert fits_together(problem, routes)
    units: Counter[str] = Counter()
    for route in routes:
        for need, quantity in route.drops.items():
            units[problem.needs[need].id] += quantity
    return dict(units)


def test_one_iteration_from_a_plan_is_that_plan(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = scenario_of(LINE, DEMANDS, fleet=TWO)
    first = planned(scenario)
    again = planned(scenario, iterations=1, parent=Parent(first))
    assert again.parent == first.id
    assert again.metrics == first.metrics
    assert brought(again) == brought(first)


def test_a_convoy_keeps_its_loads_though_another_could_bring_them(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # Two trucks that nothing tells apart: named anew, in the order of their begin, the second would
    # be the first, for its route alone is left.
    demands = [
        {"site": site, "quantity": 6, "windows": [{"start": at(0), "end": at(60)}]}
        for site in ("S1", "S5")
    ]
    first = planned(scenario_of(LINE, demands, fleet=TWO))
    convoys = {demand: c for c, units in brought(first).items() for demand in units}
    assert set(convoys) == {"D1", "D2"}
    for left in ("D1", "D2"):
        less = scenario_of(LINE, demands, fleet=TWO)
        kept = tuple(d for d in less.demands if d.id == left)
        again = planned(less.model_copy(update={"demands": kept}), parent=Parent(first))
        assert [route.convoy for route in again.routes] == [convoys[left]]


def test_what_does_not_hold_any_more_is_left_out_and_the_rest_stays(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    whole = planned(scenario_of(LINE, DEMANDS, fleet=TWO))
    assert delivered_of(whole.routes) == {f"D{n}": 4 for n in range(1, 6)}
    cut = [list(row) for row in LINE]
    for other in range(6):
        cut[3][other] = cut[other][3] = -1 if other != 3 else 0
    table: list[list[Any]] = [[None if cell < 0 else cell for cell in row] for row in cut]
    left = resumed_of(scenario_of(table, DEMANDS, fleet=TWO), whole)
    assert left == {"D1": 4, "D2": 4, "D4": 4, "D5": 4}


def test_what_is_asked_less_is_brought_less(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    whole = planned(scenario_of(LINE, DEMANDS, fleet=TWO))
    fewer = [{**demand, "quantity": 1 if n == 2 else 4} for n, demand in enumerate(DEMANDS)]
    assert resumed_of(scenario_of(LINE, fewer, fleet=TWO), whole)["D3"] == 1


def test_a_convoy_that_is_gone_leaves_its_loads_to_the_others(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Two trucks with one trip of ten crates each bring all twenty, one alone brings ten.
    rules = {"trips_max": 1}
    whole = planned(scenario_of(LINE, DEMANDS, fleet=TWO, rules=rules))
    assert len(whole.routes) == 2
    one = [{"type": "truck", "base": "B", "count": 1}]
    again = planned(
        scenario_of(LINE, DEMANDS, fleet=one, rules=rules), iterations=1, parent=Parent(whole)
    )
    assert sum(item.quantity for item in again.undelivered) == 10
    [left] = again.routes
    assert left.convoy in brought(whole)
