"""The tables of mobility are whole, and say what people who know vehicles would expect."""

from __future__ import annotations

import math

import pytest

from optimizer.datasets import read_table
from optimizer.errors import UsageError
from optimizer.scenario.model import GroundState, Water
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import (
    OFF_ROAD,
    bridge_default,
    default,
    ford_factor,
    light_factor,
    medium_of,
    mobility_class,
    mobility_classes,
    sight_m,
    visibility_cap_kmh,
)

CLASSES = sorted(n for n, c in mobility_classes().items() if c.medium is Medium.GROUND)
TABLES = (
    "classes",
    "air",
    "water",
    "road_speed",
    "surface",
    "slope",
    "landcover",
    "bridge_default",
)


@pytest.mark.parametrize("table", [*TABLES, "visibility", "defaults", "light", "exposure", "ford"])
def test_every_figure_has_a_source(table: str) -> None:
    rows = read_table("mobility", f"{table}.csv")
    assert rows
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_has_a_row_for_everything_a_theatre_can_hold(name: str) -> None:
    mobility = mobility_class(name)
    kept = {
        r["highway"] for r in read_table("terrain_tables", "osm_highway.csv") if r["keep"] == "1"
    }
    assert kept <= set(mobility.road_kmh)
    surfaces = {row["surface"] for row in read_table("terrain_tables", "osm_surface.csv")}
    assert surfaces <= set(mobility.surface)
    codes = {int(row["code"]) for row in read_table("terrain_tables", "landcover.csv")}
    assert codes <= set(mobility.landcover)


@pytest.mark.parametrize("name", CLASSES)
def test_slope_tables_are_1_on_the_level_and_fall_off_on_both_sides(name: str) -> None:
    slope = mobility_class(name).slope
    # Walkers are fastest gently downhill (Tobler); nobody is fastest uphill.
    grades, factors = zip(*slope, strict=True)
    best = grades[factors.index(max(factors))]
    assert -0.05 <= best <= 0
    assert max(factors) == pytest.approx(1.0)
    up = [f for g, f in slope if g >= 0]
    down = [f for g, f in slope if g <= best]
    assert up == sorted(up, reverse=True)
    assert down == sorted(down)
    assert min(factors) > 0
    # The search keeps factors in steps of a hundredth.
    assert all(math.isclose(g * 100, round(g * 100), abs_tol=1e-9) for g in grades)


@pytest.mark.parametrize("name", CLASSES)
def test_water_is_crossed_by_nobody_and_snow_is_never_better_than_dry(name: str) -> None:
    mobility = mobility_class(name)
    assert all(mobility.cover_of(80).of(state) == 0 for state in ("dry", "wet", "snow"))
    assert all(row.snow <= row.dry for row in mobility.surface.values())
    assert all(row.snow <= row.dry for row in mobility.landcover.values())


@pytest.mark.parametrize(
    "name", sorted(n for n, c in mobility_classes().items() if c.medium is not Medium.GROUND)
)
def test_the_ground_is_closed_to_what_flies_or_goes_on_water(name: str) -> None:
    mobility = mobility_class(name)
    assert mobility.road_speed_kmh("motorway") == mobility.surface_of("paved").dry == 0
    assert mobility.cover_of(30).dry == 0
    assert (mobility.flight is None) == (mobility.medium is Medium.WATER)
    assert (mobility.sailing is None) == (mobility.medium is Medium.AIR)


def test_classes_of_two_media_do_not_go_together() -> None:
    assert medium_of(["helicopter", "cargo_drone"]) is Medium.AIR
    assert medium_of(["helicopter", "foot"]) is None


def test_lorries_keep_out_of_forest_rock_and_bog() -> None:
    for code in (10, 60, 61, 70, 90):
        assert mobility_class("heavy_truck").cover_of(code).dry == 0


def test_walkers_follow_tobler() -> None:
    foot = dict(mobility_class("foot").slope)
    assert 6 * foot[0.0] == pytest.approx(5.037, abs=0.001)
    assert foot[0.3] == pytest.approx(math.exp(-3.5 * 0.35), abs=1e-4)


def test_what_has_no_row_counts_as_what_the_page_says() -> None:
    truck = mobility_class("heavy_truck")
    assert truck.road_speed_kmh("new_kind") == truck.road_speed_kmh("road")
    assert truck.surface_of("new_kind") == truck.surface_of("unknown")
    assert truck.cover_of(199) == truck.cover_of(0)
    assert bridge_default("new_kind") == bridge_default("road")


@pytest.mark.parametrize("name", CLASSES)
def test_nobody_is_faster_in_the_dark_and_least_so_off_the_road(name: str) -> None:
    for highway in ("primary", "track", OFF_ROAD):
        assert light_factor("day", name, highway) == 1
        assert light_factor("blackout", name, highway) <= light_factor("night", name, highway) <= 1
    assert light_factor("night", name, OFF_ROAD) <= light_factor("night", name, "primary")
    # A mapped highway value without a row is a road.
    assert light_factor("night", name, "primary") == light_factor("night", name, "road")


def test_by_night_lights_show_as_far_as_they_reach() -> None:
    assert sight_m("day", None) is None
    assert sight_m("day", 300) == 300
    assert sight_m("night", None) == sight_m("night", 300) == 100
    assert sight_m("night", 40) == 40
    assert visibility_cap_kmh(sight_m("blackout", None)) == 8


def test_fords_are_as_deep_as_mapped_at_ordinary_water_and_rise_with_it() -> None:
    assert ford_factor("ordinary") == ford_factor("dry") == 1
    levels = [ford_factor(water.value) for water in Water]
    assert levels == sorted(levels)
    assert {"dry", "wet", "snow"} == {state.value for state in GroundState}
    assert all(ford_factor(state.value) >= 1 for state in GroundState)


def test_visibility_caps_by_the_smallest_row_that_holds() -> None:
    assert visibility_cap_kmh(None) is None
    assert visibility_cap_kmh(5000) is None
    assert visibility_cap_kmh(100) == 65
    assert visibility_cap_kmh(99) == 40
    assert visibility_cap_kmh(1) == 8


def test_a_class_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(UsageError, match=r"'hovercraft'.*heavy_truck"):
        mobility_class("hovercraft")


def test_a_site_lies_on_a_road_within_75_metres() -> None:
    assert default("join_m") == 75
