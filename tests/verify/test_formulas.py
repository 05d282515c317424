"""The verifier's own formulas against figures worked out by hand from ``data/mobility``."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from optimizer.plan.read import load_plan
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import GroundState, Scenario, Weather
from optimizer.terrain.tables import mobility_class, mobility_classes
from optimizer.terrain.theatre import Theatre
from optimizer.verify.paths import field
from optimizer.verify.paths.edges import Edge
from optimizer.verify.paths.field import cell_speed_kmh, step_closures, step_cost
from optimizer.verify.paths.land import Land
from optimizer.verify.paths.road import closures, factor_at, road_cost

PLANS = Path(__file__).resolve().parent.parent / "plans"
TRUCK = Profile(mobility=("heavy_truck",))
MIXED = Profile(mobility=("heavy_truck", "light_4x4"))


def _scenario(**changes: object) -> Scenario:
    return load_plan(PLANS / "pass-ground.json").scenario.model_copy(update=changes)


@pytest.fixture
def land(two_bridges: Theatre) -> Land:
    return Land(two_bridges, _scenario())


def _edge(land: Land, **changes: object) -> Edge:
    import dataclasses  # noqa: PLC0415 - beside its only use

    return dataclasses.replace(land.edges["s0"], **changes)  # type: ignore[arg-type]


def test_the_slope_factor_is_linear_between_points_and_held_beyond_them() -> None:
    points = ((-0.2, 0.5), (0.0, 1.0), (0.1, 0.6))
    assert factor_at(points, -0.1) == pytest.approx(0.75)
    assert factor_at(points, 0.025) == pytest.approx(0.9)
    assert (factor_at(points, -9), factor_at(points, 9)) == (0.5, 0.6)


def test_a_road_uphill(land: Land) -> None:
    """150 m of paved primary road that rise 9 m: grade 0.06."""
    truck = mobility_class("heavy_truck")
    up = dict(truck.slope)[0.06]
    cost = road_cost(land, TRUCK, _edge(land, to_z_m=109.0), 0, 150)
    assert cost.time_s == pytest.approx(150 / (truck.road_kmh["primary"] * up / 3.6))
    assert cost.fuel_m == pytest.approx(150 * (1 + truck.fuel_per_grade * 0.06))
    # Downhill it saves nothing; two thirds of the edge cost two thirds.
    down = road_cost(land, TRUCK, _edge(land, to_z_m=109.0), 150, 50)
    assert (down.distance_m, down.fuel_m) == (100, pytest.approx(100))


def test_a_wall_is_held_to_a_quarter(land: Land) -> None:
    """An elevation model may put a cliff under a road; nobody drives up one."""
    steep = road_cost(land, TRUCK, _edge(land, to_z_m=400.0), 0, 150)
    quarter = road_cost(land, TRUCK, _edge(land, to_z_m=137.5), 0, 150)
    assert steep == pytest.approx(quarter)


def test_the_lowest_of_the_limits_holds(land: Land, two_bridges: Theatre) -> None:
    posted = road_cost(land, TRUCK, _edge(land, max_speed_kmh=30.0), 0, 150)
    assert posted.time_s == pytest.approx(150 / (30 / 3.6))
    worse = road_cost(land, TRUCK, _edge(land, max_speed_kmh=30.0, limit_kmh=18.0), 0, 150)
    assert worse.time_s == pytest.approx(30)
    fog = Land(two_bridges, _scenario(weather=Weather(visibility_m=40)))
    # Below 50 m: 25 km/h, so that a vehicle stops within 30 m.
    assert road_cost(fog, TRUCK, _edge(fog), 0, 150).time_s == pytest.approx(150 / (25 / 3.6))


def test_a_mixed_convoy_is_as_slow_as_its_slowest_on_each_part(land: Land) -> None:
    light = road_cost(land, Profile(mobility=("light_4x4",)), land.edges["s4"], 0, 150)
    truck = road_cost(land, TRUCK, land.edges["s4"], 0, 150)
    both = road_cost(land, MIXED, land.edges["s4"], 0, 150)
    assert both.time_s == max(light.time_s, truck.time_s)
    assert both.fuel_m == max(light.fuel_m, truck.fuel_m)


def test_a_step_takes_the_mean_of_the_paces_at_its_ends(two_bridges: Theatre) -> None:
    """A knight's move over level grass: 67.1 m."""
    land = Land(two_bridges, _scenario(weather=Weather(ground=GroundState.WET)))
    grass = mobility_class("heavy_truck").landcover[30]
    cost = step_cost(land, TRUCK, (8, 14), (7, 12))
    length_m = 30 * math.sqrt(5)
    assert cost.distance_m == pytest.approx(length_m)
    assert cost.time_s == pytest.approx(length_m / (grass.wet / 3.6))
    assert cost.fuel_m == pytest.approx(length_m * grass.fuel)


def test_what_is_steep_for_one_class_is_not_for_another(land: Land) -> None:
    """From 100 to 140 m within 30 m is a grade of 1.33; along the foot of it, none."""
    foot = Profile(mobility=("foot",))
    assert [v.code for v in step_closures(land, foot, (3, 17), (2, 17), "")] == ["path.slope"]
    # Knight's moves are longer: 40 m up over 67.1 m are 0.596, within the 0.8 of walkers.
    assert not list(step_closures(land, foot, (3, 19), (2, 17), ""))
    codes = [v.code for v in step_closures(land, TRUCK, (3, 18), (2, 18), "")]
    assert codes == ["path.slope"]


def test_nobody_drives_along_a_hillside_that_he_would_tip_over_on(land: Land) -> None:
    """At the foot of the plateau the ground rises by 40 m within 60 m to one side: 0.667."""
    foot = Profile(mobility=("foot",))
    assert not list(step_closures(land, foot, (3, 17), (3, 18), ""))
    (found,) = step_closures(land, TRUCK, (3, 17), (3, 18), "")
    assert found.code == "path.side_slope"
    assert found.params["side"] == 0.667
    # Straight up to it nothing falls away to the side.
    assert not list(step_closures(land, TRUCK, (4, 18), (3, 18), ""))


def test_load_classes_are_compared_by_kind(land: Land) -> None:
    """s1 bears 40 on wheels and 30 on tracks."""
    edge = land.edges["s1"]

    def codes(mobility: str, load_class: float) -> list[str]:
        profile = Profile(mobility=(mobility,), load_class=load_class)
        return [v.code for v in closures(land, profile, edge, 1, "")]

    assert codes("heavy_truck", 40) == []
    assert codes("heavy_truck", 40.5) == ["path.load_class"]
    assert codes("tracked", 30) == []
    assert codes("tracked", 31) == ["path.load_class"]


def test_the_light_slows_whoever_has_rows_for_it_on_land_and_water(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No boat has rows yet; a table that gives it some must slow it as it slows the planner's.
    boat = next(one for one in mobility_classes().values() if one.sailing is not None)
    truck = mobility_class("heavy_truck")
    free = [cell_speed_kmh(land, one, (0, 0), 0.0) for one in (boat, truck)]
    monkeypatch.setattr(field, "light_factor", lambda *_: 0.5)
    dark = [cell_speed_kmh(land, one, (0, 0), 0.0) for one in (boat, truck)]
    assert min(free) > 0
    assert dark == pytest.approx([speed / 2 for speed in free])
