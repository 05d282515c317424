"""What may go where over the tiny theatre, and how fast."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from optimizer.network import from_theatre
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.ground import Matrix, Unreachable
from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import GroundPart, LinkPart, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

TRUCK = Profile(mobility=("heavy_truck",), load_class=30, gross_weight_t=20)
LIGHT = Profile(mobility=("light_4x4",), load_class=4)
TRACKED = Profile(mobility=("tracked",), load_class=30)
FOOT = Profile(mobility=("foot",))
MIXED = Profile(mobility=("heavy_truck", "light_4x4"), load_class=30)

#: On the roads of the two bridges, west and east of the river.
CORNERS = {"nw": (150, 310), "ne": (1050, 310), "sw": (150, 810), "se": (1050, 810)}

Make = Callable[..., Scenario]


def edges(ground: Any, profile: Profile, criterion: Criterion, origin: str, end: str) -> list[str]:
    path = ground.course(profile, criterion, origin, end).path
    return [part.edge for part in path.parts if isinstance(part, RoadPart)]


def kinds(ground: Any, profile: Profile, origin: str, end: str) -> set[str]:
    path = ground.course(profile, Criterion.TIME, origin, end).path
    return {part.kind for part in path.parts}


def time_s(ground: Any, profile: Profile, origin: str, end: str) -> int:
    matrix: Matrix = ground.matrix(profile, Criterion.TIME)
    return int(matrix.time_s[matrix.sites.index(origin), matrix.sites.index(end)])


def reason(ground: Any, profile: Profile, origin: str, end: str) -> tuple[str, str, dict[str, Any]]:
    matrix: Matrix = ground.matrix(profile, Criterion.TIME)
    why = matrix.unreachable[matrix.sites.index(origin), matrix.sites.index(end)]
    return why.code, why.site, dict(why.params)


def test_time_on_a_level_paved_road_is_length_over_speed(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "b": (545, 310)}), tiny)
    # 395 m of a primary road, level, paved and dry: nothing but the table's speed.
    speed_kmh = mobility_class("heavy_truck").road_speed_kmh("primary")
    assert time_s(ground, TRUCK, "a", "b") == math.ceil(395 / (speed_kmh / 3.6))
    matrix = ground.matrix(TRUCK, Criterion.TIME)
    assert matrix.distance_m[0, 1] == matrix.fuel_m[0, 1] in (395, 396)
    assert matrix.exposure_milli[0, 1] == matrix.time_s[0, 0] == 0


def test_a_bridge_below_the_load_class_is_avoided(tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, CORNERS), tiny)
    # The bridge in the south bears 10: a light vehicle takes it, a lorry of class 30 goes round.
    assert "s5" in edges(ground, LIGHT, Criterion.TIME, "sw", "se")
    assert "s2" in edges(ground, TRUCK, Criterion.TIME, "sw", "se")


def test_an_assessed_class_counts_over_the_mapped_one(tiny: Theatre, make_scenario: Make) -> None:
    assessed = {"id": "engineers", "kind": "class_assessed", "load_class_wheeled": 40}
    scenario = make_scenario(tiny, CORNERS, changes=[{**assessed, "near": (600, 830)}])
    ground = ground_of(scenario, tiny)
    assert "s5" in edges(ground, TRUCK, Criterion.TIME, "sw", "se")
    # Nothing was said of tracks: for them the bridge still bears 8.
    assert "s5" not in edges(ground, TRACKED, Criterion.TIME, "sw", "se")


def test_a_bridge_without_a_class_has_that_of_its_road_and_it_is_told(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = ground_of(make_scenario(tiny, CORNERS), tiny)
    # A primary road's bridge is taken for MLC 70 on wheels.
    heavier = TRUCK.model_copy(update={"load_class": 71})
    assert "s2" in edges(ground, TRUCK, Criterion.TIME, "nw", "ne")
    assert reason(ground, heavier, "nw", "ne")[0] == "load_class"
    assert "bridge_class_assumed:1" in ground.assumptions


def test_a_bridge_that_is_out_leaves_the_other(tiny: Theatre, make_scenario: Make) -> None:
    out = {"id": "flood", "kind": "bridge_out", "road": "north"}
    ground = ground_of(make_scenario(tiny, CORNERS, changes=[out]), tiny)
    assert "s5" in edges(ground, LIGHT, Criterion.TIME, "nw", "ne")
    code, _, params = reason(ground, TRUCK, "nw", "ne")
    # Lifting the load class would let the lorry over the weak bridge; it is asked first.
    assert (code, params["road"], params["limit"]) == ("load_class", "s5", 10.0)


def test_a_cut_road_is_not_driven(tiny: Theatre, make_scenario: Make) -> None:
    cut = {"id": "slide", "kind": "road_cut", "near": (110, 560)}
    ground = ground_of(make_scenario(tiny, CORNERS, changes=[cut]), tiny)
    assert "s7" not in edges(ground, LIGHT, Criterion.TIME, "nw", "sw")


def test_a_limited_speed_holds(tiny: Theatre, make_scenario: Make) -> None:
    limited = {"id": "works", "kind": "speed_limited", "road": "s1", "speed_kmh": 20}
    scenario = make_scenario(tiny, {"a": (150, 310), "b": (545, 310)}, changes=[limited])
    assert time_s(ground_of(scenario, tiny), TRUCK, "a", "b") == math.ceil(395 / (20 / 3.6))


def test_a_change_that_meets_no_road_is_told(tiny: Theatre, make_scenario: Make) -> None:
    cut = {"id": "nowhere", "kind": "road_cut", "road": "w99"}
    ground = ground_of(make_scenario(tiny, CORNERS, changes=[cut]), tiny)
    assert "change_without_road:nowhere" in ground.assumptions


def test_a_no_go_area_closes_roads_and_open_ground(tiny: Theatre, make_scenario: Make) -> None:
    # Across all the theatre between the two roads, and wider than any step.
    wall = [(-50, 550), (1250, 550), (1250, 600), (-50, 600)]
    scenario = make_scenario(
        tiny, CORNERS, areas=[{"id": "mines", "kind": "no_go", "polygon": wall}]
    )
    ground = ground_of(scenario, tiny)
    for profile in (LIGHT, FOOT):
        code, _, params = reason(ground, profile, "nw", "sw")
        assert (code, params["area"]) == ("closed", "mines")
    assert time_s(ground, LIGHT, "nw", "ne") > 0


def test_a_site_in_a_no_go_area_says_so(tiny: Theatre, make_scenario: Make) -> None:
    around = [(700, 250), (800, 250), (800, 370), (700, 370)]
    scenario = make_scenario(
        tiny,
        {"a": (150, 310), "b": (750, 310)},
        areas=[{"id": "mines", "kind": "no_go", "polygon": around}],
    )
    assert reason(ground_of(scenario, tiny), FOOT, "a", "b") == ("in_no_go", "b", {})


def test_a_slow_area_and_wet_ground_take_longer(tiny: Theatre, make_scenario: Make) -> None:
    sites = {"road": (150, 310), "along": (550, 310), "field": (450, 160)}
    whole = [(0, 0), (1200, 0), (1200, 1200), (0, 1200)]
    slow = [{"id": "fog", "kind": "slow", "polygon": whole, "speed_factor": 0.5}]
    dry = ground_of(make_scenario(tiny, sites), tiny)
    wet = ground_of(make_scenario(tiny, sites, weather={"ground": "wet"}), tiny)
    slowed = ground_of(make_scenario(tiny, sites, areas=slow), tiny)
    on_road = time_s(dry, TRUCK, "road", "along")
    assert time_s(wet, TRUCK, "road", "along") == pytest.approx(on_road / 0.9, abs=1)
    assert time_s(slowed, TRUCK, "road", "along") == pytest.approx(on_road * 2, abs=2)
    assert time_s(wet, TRUCK, "road", "field") > 1.5 * time_s(dry, TRUCK, "road", "field")


def test_bad_visibility_caps_the_speed_on_roads(tiny: Theatre, make_scenario: Make) -> None:
    scenario = make_scenario(tiny, {"a": (150, 310), "b": (545, 310)}, weather={"visibility_m": 40})
    # Below 50 m: 25 km/h.
    assert time_s(ground_of(scenario, tiny), LIGHT, "a", "b") == math.ceil(395 / (25 / 3.6))


def test_one_way_streets_are_respected_but_on_foot(tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (1090, 900), "b": (1090, 1000)}), tiny)
    assert edges(ground, TRUCK, Criterion.TIME, "a", "b") == ["s11"]
    # Back is round the block: 110 m on, 90 m east, 300 m north, 90 m west, 90 m south.
    assert edges(ground, TRUCK, Criterion.TIME, "b", "a") == ["s11", "s12", "s13", "s14", "s11"]
    assert edges(ground, FOOT, Criterion.TIME, "b", "a") == ["s11"]
    assert time_s(ground, FOOT, "a", "b") == time_s(ground, FOOT, "b", "a")


def test_a_site_off_the_road_is_reached_over_the_ground(tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "field": (470, 560)}), tiny)
    path = ground.course(LIGHT, Criterion.TIME, "a", "field").path
    assert path is not None
    first, *_, last = path.parts
    assert isinstance(first, LinkPart)
    assert isinstance(last, LinkPart)
    assert isinstance(path.parts[-2], GroundPart)
    assert path.parts[-2].cells[-1] == (28, 23)
    lon, lat = tiny.to_earth.transform(last.end[0], last.end[1])
    assert path.polyline[-1] == pytest.approx((lon, lat), abs=2e-6)


def test_nobody_leaves_a_road_to_cut_a_bend(tiny: Theatre, make_scenario: Make) -> None:
    # Round the corner at (110, 310) it is 800 m, straight over the grass 570 m.
    ground = ground_of(make_scenario(tiny, {"a": (510, 310), "b": (110, 710)}), tiny)
    for profile in (TRUCK, LIGHT, TRACKED):
        for criterion in (Criterion.TIME, Criterion.FUEL):
            assert set(edges(ground, profile, criterion, "a", "b")) == {"s1", "s7"}
            assert kinds(ground, profile, "a", "b") == {"road", "link"}


@pytest.mark.parametrize("profile", [TRUCK, LIGHT, TRACKED, FOOT])
def test_a_site_in_a_lake_is_in_water(profile: Profile, tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "lake": (270, 470)}), tiny)
    assert reason(ground, profile, "a", "lake") == ("in_water", "lake", {})
    assert reason(ground, profile, "lake", "a") == ("in_water", "lake", {})
    with pytest.raises(ValueError, match="no way"):
        ground.course(profile, Criterion.TIME, "a", "lake")


def test_the_ground_of_a_class_decides_what_it_enters(tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "wood": (770, 1010)}), tiny)
    # In the middle of a forest, 200 m from any road.
    assert reason(ground, TRUCK, "a", "wood") == ("cannot_enter", "wood", {})
    assert time_s(ground, FOOT, "a", "wood") > 0


def test_a_site_beyond_the_theatre_says_so(tiny: Theatre, make_scenario: Make) -> None:
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "far": (5000, 310)}), tiny)
    assert reason(ground, FOOT, "a", "far") == ("outside_theatre", "far", {})


def test_the_road_that_limits_is_named(make_theatre: Any, make_scenario: Make) -> None:
    water = np.zeros((60, 60), np.uint8)
    water[:, 30] = 2
    for column, code, stated in (
        ("max_weight_t", "weight", {"gross_weight_t": 12.0}),
        ("max_height_m", "height", {"height_m": 12.0}),
        ("max_width_m", "width", {"width_m": 12.0}),
    ):
        theatre = make_theatre(
            [
                {"line": [(10, 310), (590, 310)], "class": "primary"},
                {"line": [(590, 310), (690, 310)], "class": "primary", "bridge": True, column: 7.5},
                {"line": [(690, 310), (1190, 310)], "class": "primary"},
            ],
            water=water,
        )
        ground = ground_of(make_scenario(theatre, {"a": (110, 310), "b": (1090, 310)}), theatre)
        profile = Profile(mobility=("heavy_truck",), **stated)
        expected = {"road": "s1", "limit": 7.5, "needed": 12.0}
        assert reason(ground, profile, "a", "b") == (code, "b", expected)


def test_a_ford_is_passed_by_who_is_tall_enough(make_theatre: Any, make_scenario: Make) -> None:
    water = np.zeros((60, 60), np.uint8)
    water[:, 30] = 2
    theatre = make_theatre(
        [
            {"line": [(10, 310), (590, 310)], "class": "track"},
            {"line": [(590, 310), (630, 310)], "class": "track", "ford": True},
            {"line": [(630, 310), (1190, 310)], "class": "track"},
        ],
        water=water,
    )
    sites = {"a": (110, 310), "b": (1090, 310)}
    dry = ground_of(make_scenario(theatre, sites), theatre)
    wet = ground_of(make_scenario(theatre, sites, weather={"ground": "wet"}), theatre)
    # 0.4 m deep when dry, 0.6 m when wet; a four-by-four wades 0.5 m, a lorry 0.75 m.
    assert time_s(dry, LIGHT, "a", "b") > 0
    told = {"road": "s1", "limit": 0.5, "needed": 0.6}
    assert reason(wet, LIGHT, "a", "b") == ("ford", "b", told)
    assert time_s(wet, TRUCK, "a", "b") > 0
    assert "ford_depth_assumed:1:0.6" in wet.assumptions


@pytest.mark.parametrize(
    ("weather", "depth_m"),
    [
        ({}, 0.3),
        ({"ground": "wet"}, 0.45),
        ({"ground": "snow"}, 0.375),
        (
            {"water": "low", "ground": "wet"},
            0.225,
        ),  # stated: the ground is not asked
        ({"water": "high"}, 0.45),
        ({"water": "flood"}, 0.9),
    ],
)
def test_a_mapped_ford_is_as_deep_as_the_waters_are_high(
    weather: dict[str, str], depth_m: float, make_theatre: Any, make_scenario: Make
) -> None:
    water = np.zeros((60, 60), np.uint8)
    water[:, 30] = 2
    theatre = make_theatre(
        [
            {"line": [(10, 310), (590, 310)], "class": "track"},
            {"line": [(590, 310), (630, 310)], "class": "track", "ford": True, "ford_depth_m": 0.3},
            {"line": [(630, 310), (1190, 310)], "class": "track"},
        ],
        water=water,
    )
    scenario = make_scenario(theatre, {"a": (110, 310), "b": (1090, 310)}, weather=weather)
    ground = ground_of(scenario, theatre)
    assert ground.land.layers.conditions.fords.depth_m.tolist() == [0.0, depth_m, 0.0]
    assert not any(told.startswith("ford") for told in ground.assumptions)
    # A lorry wades 0.75 m.
    if depth_m <= 0.75:
        assert time_s(ground, TRUCK, "a", "b") > 0
    else:
        told = {"road": "s1", "limit": 0.75, "needed": depth_m}
        assert reason(ground, TRUCK, "a", "b") == ("ford", "b", told)


def test_by_night_a_lorry_drives_as_far_as_its_lights_reach(
    tiny: Theatre, make_scenario: Make
) -> None:
    sites = {"a": (150, 310), "b": (545, 310), "c": (130, 830), "d": (110, 1090)}
    day, night, blackout = (
        ground_of(make_scenario(tiny, sites, weather={"light": light}), tiny)
        for light in ("day", "night", "blackout")
    )
    # 395 m of a primary road at 60 km/h by day. Lights show 100 m, which allows 65; 8 in blackout.
    assert time_s(day, TRUCK, "a", "b") == time_s(night, TRUCK, "a", "b") == 24
    assert time_s(blackout, TRUCK, "a", "b") == math.ceil(395 / (8 / 3.6))
    # A four-by-four does 75 by day.
    assert time_s(night, LIGHT, "a", "b") == math.ceil(395 / (65 / 3.6))
    assert night.assumptions[-1] == "speeds_by_light:night"
    assert time_s(night, TRUCK, "c", "d") > time_s(day, TRUCK, "c", "d")


def test_a_convoy_of_two_classes_is_as_slow_as_the_slower(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = ground_of(make_scenario(tiny, CORNERS), tiny)
    assert time_s(ground, MIXED, "nw", "ne") == time_s(ground, TRUCK, "nw", "ne")
    assert time_s(ground, MIXED, "nw", "ne") > time_s(ground, LIGHT, "nw", "ne")


def test_each_criterion_is_best_at_what_it_is_for(tiny: Theatre, make_scenario: Make) -> None:
    # Half the way round by the south is out of sight.
    seen = [(400, 250), (900, 250), (900, 370), (400, 370)]
    scenario = make_scenario(
        tiny,
        {"nw": (110, 310), "ne": (1090, 310)},
        areas=[{"id": "ridge", "kind": "exposure", "polygon": seen, "exposure_per_km": 4}],
    )
    ground = ground_of(scenario, tiny)
    by_time = ground.course(LIGHT, Criterion.TIME, "nw", "ne")
    by_exposure = ground.course(LIGHT, Criterion.EXPOSURE, "nw", "ne")
    # 500 m at 4 per km are 2, in thousandths.
    assert by_time.exposure_milli == pytest.approx(2000, abs=1)
    assert by_exposure.exposure_milli == 0
    assert by_time.time_s < by_exposure.time_s
    assert by_time.distance_m in (980, 981)


SITES = {
    **CORNERS,
    "track": (300, 1100),
    "field": (470, 560),
    "shore": (360, 480),
    "corner": (900, 150),
    "yard": (1130, 1080),
    "wood": (770, 1010),
    "beyond": (1150, 500),
    "ridge": (850, 560),
}


@pytest.mark.parametrize(
    ("state", "light"), [("dry", "night"), ("wet", "day"), ("snow", "blackout")]
)
def test_every_path_costs_what_its_parts_cost(
    state: str, light: str, tiny: Theatre, make_scenario: Make, retrace: Any
) -> None:
    areas = [
        {
            "id": "slow",
            "kind": "slow",
            "polygon": [(300, 200), (700, 250), (400, 700)],
            "speed_factor": 0.6,
        },
        {
            "id": "seen",
            "kind": "exposure",
            "polygon": [(333, 111), (1111, 222), (999, 999)],
            "exposure_per_km": 1.7,
        },
        {"id": "mines", "kind": "no_go", "polygon": [(450, 900), (520, 905), (480, 960)]},
    ]
    scenario = make_scenario(
        tiny, SITES, areas=areas, weather={"ground": state, "light": light, "visibility_m": 90}
    )
    ground = ground_of(scenario, tiny)
    walked = 0
    for profile in (TRUCK, LIGHT, TRACKED, FOOT, MIXED):
        for criterion in Criterion:
            matrix = ground.matrix(profile, criterion)
            for i, origin in enumerate(matrix.sites):
                j = (i * 5 + 3) % len(matrix.sites)
                if i == j or (i, j) in matrix.unreachable:
                    continue
                course = ground.course(profile, criterion, origin, matrix.sites[j])
                assert course.path is not None
                exact = retrace(tiny, scenario, profile, course.path)
                stated = (
                    *(course.time_s, course.distance_m),
                    *(course.fuel_m, course.exposure_milli),
                )
                for value, whole in zip(exact, stated, strict=True):
                    assert whole - 1.001 <= value <= whole + 0.001
                walked += bool(GroundPart in map(type, course.path.parts))
    assert walked > 30  # the ways over open ground were really among them


def test_there_and_back_differ_where_it_climbs(make_theatre: Any, make_scenario: Make) -> None:
    # A plane that rises 2 m a cell of 20 m to the east: 10 %.
    elevation = np.tile(np.arange(60, dtype=np.float32) * 2, (60, 1))
    theatre = make_theatre(
        [{"line": [(110, 310), (590, 310)], "class": "primary"}], elevation=elevation
    )
    sites = {"low": (110, 310), "high": (590, 310), "below": (150, 810), "above": (1050, 810)}
    ground = ground_of(make_scenario(theatre, sites), theatre)
    for profile in (TRUCK, LIGHT, FOOT):
        assert time_s(ground, profile, "low", "high") > time_s(ground, profile, "high", "low")
        assert time_s(ground, profile, "below", "above") > time_s(ground, profile, "above", "below")


def test_the_same_question_has_the_same_answer(tiny: Theatre, make_scenario: Make) -> None:
    scenario = make_scenario(tiny, SITES)
    first, second = (TheatreGround(scenario, tiny) for _ in range(2))
    for criterion in (Criterion.TIME, Criterion.DISTANCE):
        one, other = (ground.matrix(LIGHT, criterion) for ground in (first, second))
        assert (one.time_s == other.time_s).all()
        courses = [g.course(LIGHT, criterion, "nw", "beyond") for g in (first, second)]
        assert courses[0] == courses[1]


def test_a_site_is_joined_to_the_road_on_its_side_of_the_river(
    make_theatre: Any, make_scenario: Make
) -> None:
    import shapely  # noqa: PLC0415 - for one line

    river = shapely.LineString([(400_610, 4_700_000), (400_610, 4_698_800)])
    theatre = make_theatre(
        [
            {"line": [(630, 10), (630, 1190)], "class": "primary"},
            {"line": [(530, 10), (530, 1190)], "class": "track"},
        ],
        waters={"river": [river]},
    )
    ground = ground_of(make_scenario(theatre, {"a": (595, 310), "b": (530, 900)}), theatre)
    # The primary road is 35 m away over the water, the track 65 m on the site's own side.
    assert edges(ground, TRUCK, Criterion.TIME, "a", "b") == ["s1"]


def test_a_site_without_a_position_is_nowhere(tiny: Theatre, make_scenario: Make) -> None:
    scenario = make_scenario(tiny, {"a": (150, 310), "b": (545, 310)})
    lost = scenario.sites[1].model_copy(update={"position": None})
    scenario = scenario.model_copy(update={"sites": (scenario.sites[0], lost)})
    assert reason(ground_of(scenario, tiny), FOOT, "a", "b") == ("outside_theatre", "b", {})


def test_ground_without_any_road_is_crossed_all_the_same(
    make_theatre: Any, make_scenario: Make, retrace: Any
) -> None:
    theatre = make_theatre([])
    scenario = make_scenario(theatre, {"a": (130, 330), "b": (870, 330)})
    ground = ground_of(scenario, theatre)
    course = ground.course(LIGHT, Criterion.TIME, "a", "b")
    # Due east over level grass, from cell centre to cell centre on the same row.
    speed_kmh = mobility_class("light_4x4").cover_of(30).dry
    assert course.time_s == pytest.approx(740 / (speed_kmh / 3.6), abs=1)
    assert retrace(theatre, scenario, LIGHT, course.path)[1] == pytest.approx(740, abs=0.1)


def test_reasons_are_those_of_the_criterion_that_is_asked_for(
    tiny: Theatre, make_scenario: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def explain(*given: Any) -> dict[tuple[int, int], Unreachable]:
        asked.append(given[-2])
        pairs = zip(*(axis.tolist() for axis in np.nonzero(~given[-1])), strict=True)
        return {pair: Unreachable(f"answer-{len(asked)}", "lake") for pair in pairs}

    monkeypatch.setattr(from_theatre, "reasons", explain)
    ground = ground_of(make_scenario(tiny, {"a": (150, 310), "lake": (600, 500)}), tiny)
    by_time, by_fuel = (
        ground.matrix(TRUCK, criterion) for criterion in (Criterion.TIME, Criterion.FUEL)
    )
    assert by_time.unreachable[0, 1].code == "answer-1"
    # Ways that are best for something else are other ways: what is said of them is found anew.
    assert by_fuel.unreachable[0, 1].code == "answer-2"
    assert asked[0] is not asked[1]
    assert ground.matrix(TRUCK, Criterion.TIME).unreachable is by_time.unreachable
