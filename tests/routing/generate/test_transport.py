"""Stock shared out between demands."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from scipy.optimize import linprog

from optimizer.network.given import MatrixGround
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.generate.transport import share_out
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30, 40], [30, 0, 20], [40, 20, 0]]
MOST = 1_000_000_000


def _stock(**quantities: int) -> list[dict[str, object]]:
    stock = [{"good": good, "quantity": quantity} for good, quantity in quantities.items()]
    return [{"site": "B", "loading_min": 0, "stock": stock}]


def _good(name: str, **figures: float) -> dict[str, object]:
    return {"id": name, "label_en": name, "label_fr": name, "unit": "each"} | figures


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
    shares = share_out(problem, most_alone(problem), {})
    # Both have enough for all; B is the nearer one.
    assert shares == {(0, 0): MOST, (0, 2): 0}


def test_the_important_get_theirs_though_they_are_far_and_the_rest_comes_from_where_it_is_near(
    scenario_of: Callable[..., Scenario],
) -> None:
    # B and S2 hold five crates each. S1, close to B, asks for eight; S3, beyond S2 and reached from
    # there alone, for four of the first priority: one of S2's is left for S1, and two go short.
    ways = [[0, 10, 90, None], [10, 0, 80, None], [90, 80, 0, 10], [None, None, 10, 0]]
    scenario = scenario_of(
        ways,
        [{"site": "S1", "quantity": 8}, {"site": "S3", "quantity": 4, "priority": 1}],
        bases=[
            *_stock(crate=5),
            {"site": "S2", "loading_min": 0, "stock": [{"good": "crate", "quantity": 5}]},
        ],
        fleet=[{"type": "truck", "base": base, "count": 2} for base in ("B", "S2")],
    )
    problem = build(scenario, MatrixGround(scenario))
    shares = share_out(problem, most_alone(problem), {})
    assert shares == {(0, 0): 5, (0, 2): 1, (1, 2): 4}


@pytest.mark.parametrize("seed", range(40))
def test_no_other_sharing_is_better(seed: int, scenario_of: Callable[..., Scenario]) -> None:
    """Against the linear program of each priority in its turn, then of the ways."""
    rng = random.Random(seed)
    demands = [
        {"site": f"S{n}", "quantity": rng.randint(1, 9), "priority": rng.randint(1, 3)}
        for n in (1, 2, 3, 4)
    ]
    ways = [[0 if a == b else rng.randint(5, 60) for b in range(5)] for a in range(5)]
    bases = [
        {
            "site": site,
            "loading_min": 0,
            "stock": [{"good": "crate", "quantity": rng.randint(1, 12)}],
        }
        for site in ("B", "S1", "S2")
    ]
    fleet = [{"type": "truck", "base": base["site"], "count": 2} for base in bases]
    scenario = scenario_of(ways, demands, bases=bases, fleet=fleet)
    problem = build(scenario, MatrixGround(scenario))
    shares = share_out(problem, most_alone(problem), {})
    keys = sorted(shares)
    for (need, _), units in shares.items():
        assert 0 <= units <= problem.needs[need].quantity
    rows, limits = [], []
    for need, item in enumerate(problem.needs):
        rows.append([float(key[0] == need) for key in keys])
        limits.append(item.quantity)
    for (base, _), held in problem.stock.items():
        rows.append([float(key[1] == base) for key in keys])
        limits.append(held)
    there_and_back = [
        problem.groups[0].ways.travel_s[base][problem.needs[need].site]
        + problem.groups[0].ways.travel_s[problem.needs[need].site][base]
        for need, base in keys
    ]
    levels = [
        [-float(problem.needs[need].priority == priority) for need, _ in keys]
        for priority in problem.priorities
    ]
    for level in [*levels, [float(way) for way in there_and_back]]:
        ours = sum(weight * shares[key] for weight, key in zip(level, keys, strict=True))
        best = linprog(level, A_ub=rows, b_ub=limits, bounds=(0, None))
        # Whole units, and whole minutes of way: anything worse is worse by one at least.
        assert ours == pytest.approx(best.fun, abs=0.5)
        rows.append(level)
        limits.append(ours + 1e-6)
