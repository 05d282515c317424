"""Stock shared out between demands."""

from __future__ import annotations

from collections.abc import Callable

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
    shares = share_out(problem, most_alone(problem), {}, seed=1)
    # Both have enough for all; B is the nearer one.
    assert shares == {(0, 0): MOST, (0, 2): 0}
