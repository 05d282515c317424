"""The spacing on a bridge as the verifier reckons it, against the network and against itself."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.network.by_medium import GroundByMedium
from optimizer.network.state.conditions import Conditions
from optimizer.network.state.roads import Roads
from optimizer.network.state.speeds import edge_sums
from optimizer.plan.model import RoadPart
from optimizer.plan.read import load_plan
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Change, ChangeKind, Scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre
from optimizer.verify import verify
from optimizer.verify.paths.land import Land
from optimizer.verify.paths.road import road_cost

PLANS = Path(__file__).resolve().parent.parent / "plans"
THEATRE = Theatre.open(PLANS / "two-bridges")
ROADS = Roads.of(THEATRE)
BARE = load_plan(PLANS / "pass-ground.json").scenario
CLASSES = ("heavy_truck", "light_4x4")

metres = st.floats(0.5, 2000)


def _scenario(spacing_m: float, gap_m: float, speed_kmh: float | None) -> Scenario:
    change = Change(
        id="k", kind=ChangeKind.SPACING, road="s1", spacing_m=spacing_m, speed_kmh=speed_kmh
    )
    rules = BARE.rules.model_copy(update={"gap_m": gap_m})
    return BARE.model_copy(update={"rules": rules, "changes": (change,)})


def _time_s(scenario: Scenario, vehicles: int, edge: str = "s1") -> float:
    land = Land(THEATRE, scenario)
    profile = Profile(mobility=CLASSES, vehicles=vehicles)
    return road_cost(land, profile, land.edges[edge], 0, land.edges[edge].length_m).time_s


def test_two_more_lorries_take_two_more_gaps() -> None:
    # 60 m of bridge and two gaps of 20 m more than the 30 m of the march, at 18 km/h: 5 m a second.
    assert _time_s(_scenario(50, 30, 18), 3) == pytest.approx((60 + 2 * 20) / 5)
    assert _time_s(_scenario(50, 30, 18), 1) == pytest.approx(60 / 5)
    # Beside the bridge nobody opens up.
    free = BARE.model_copy(update={"changes": ()})
    assert _time_s(_scenario(50, 30, 18), 3, "s0") == _time_s(free, 3, "s0")


@given(
    vehicles=st.integers(1, 40),
    spacing_m=metres,
    gap_m=metres,
    speed_kmh=st.none() | st.floats(1, 120),
)
def test_network_and_verifier_agree_on_every_edge(
    vehicles: int, spacing_m: float, gap_m: float, speed_kmh: float | None
) -> None:
    scenario = _scenario(spacing_m, gap_m, speed_kmh)
    conditions = Conditions.of(scenario, ROADS, THEATRE)
    sums = edge_sums(ROADS, [mobility_class(name) for name in CLASSES], conditions, vehicles)
    land, profile = Land(THEATRE, scenario), Profile(mobility=CLASSES, vehicles=vehicles)
    for number, name in enumerate(ROADS.id):
        edge = land.edges[name]
        if edge.highway == "footway":
            continue
        cost = road_cost(land, profile, edge, 0, edge.length_m)
        found = [cost.time_s, cost.distance_m, cost.fuel_m, cost.exposure_milli]
        assert sums.forward[number] == pytest.approx(found)


@given(
    vehicles=st.integers(1, 40),
    more=st.integers(0, 40),
    spacing_m=metres,
    wider_m=st.floats(0, 2000),
    gap_m=metres,
)
def test_more_vehicles_and_wider_gaps_never_save_time(
    vehicles: int, more: int, spacing_m: float, wider_m: float, gap_m: float
) -> None:
    few = _time_s(_scenario(spacing_m, gap_m, 13), vehicles)
    assert _time_s(_scenario(spacing_m, gap_m, 13), vehicles + more) >= few
    assert _time_s(_scenario(spacing_m + wider_m, gap_m, 13), vehicles) >= few


def test_a_plan_leads_six_over_another_bridge_than_one_and_is_proved(
    plan_recipes: ModuleType,
) -> None:
    """Seven light vehicles are needed in the east; six march together, one alone.

    At s1 five gaps are 400 m wider than on the march, which takes nine minutes at 13 km/h. By the
    northern bridge and over the field it is four minutes to the east, instead of one over s1.
    """
    over = plan_recipes.sibling("over_ground")
    document = over.scenario(over.Maker(plan_recipes.sibling("ground"), THEATRE))
    names = [f"light-{number}" for number in range(1, 8)]
    document["fleet"] = [{"type": "light", "base": "depot", "id": name} for name in names]
    document["convoys"] = [{"id": "six", "vehicles": names[:6]}]
    document["rules"]["trips_max"] = 1
    document["bases"][0]["stock"][0]["quantity"] = 140
    document["demands"] = [{"id": "D", "site": "east", "good": "crate", "quantity": 140}]
    document["changes"] = [
        {"id": "caution", "kind": "spacing", "road": "s1", "spacing_m": 500, "speed_kmh": 13}
    ]
    scenario = Scenario.model_validate(document)
    ground = GroundByMedium(scenario, THEATRE)
    plan = solve(scenario, ground, options=SolveOptions(seed=1, iterations=20))
    assert not plan.undelivered
    assert list(verify(plan, THEATRE)) == []
    over_s1 = {
        route.convoy: any(
            part.edge == "s1"
            for trip in route.trips
            for leg in trip.legs
            if leg.path is not None
            for part in leg.path.parts
            if isinstance(part, RoadPart)
        )
        for route in plan.routes
    }
    assert over_s1 == {"six": False, "C-light-7": True}
