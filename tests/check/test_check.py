"""A scenario against its ground: what lies badly is told, at its place, with the right weight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pyproj import Transformer

from optimizer.check import joined as module
from optimizer.check.check import check_file, check_ground
from optimizer.check.reach import reach
from optimizer.errors import FileError
from optimizer.faults import Fault, Severity, catalogue
from optimizer.network.answers.joined import Joined
from optimizer.network.ground import Course, Matrix, Unreachable
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.theatre import Theatre

Stated = Callable[..., dict[str, Any]]

_TO_EARTH = Transformer.from_crs("EPSG:32631", "EPSG:4326", always_xy=True)


def position(east_m: float, south_m: float) -> dict[str, float]:
    """Return a position as a scenario states it."""
    lon, lat = _TO_EARTH.transform(300_000 + east_m, 4_900_000 - south_m)
    return {"lon": lon, "lat": lat}


def box(east_m: float, south_m: float, side_m: float) -> list[list[float]]:
    """Return the corners of a square."""
    corners = [(0.0, 0.0), (side_m, 0.0), (side_m, side_m), (0.0, side_m)]
    return [list(position(east_m + e, south_m + s).values()) for e, s in corners]


def _faults(data: dict[str, Any], theatre: Theatre) -> list[tuple[str, str, Severity]]:
    found = check_ground(Scenario.model_validate(data), theatre)
    return [(f.code, f.pointer, f.severity) for f in found]


def test_a_sound_scenario_has_no_remark(stated: Stated, theatre: Theatre) -> None:
    assert _faults(stated(), theatre) == []


@pytest.mark.parametrize(
    ("east_m", "south_m", "code"),
    [
        (-10, 700, "ground.site_outside"),
        (1500, 3010, "ground.site_outside"),
        (400, 2500, "ground.site_in_lake"),
        (2000, 1000, "ground.site_in_river"),
        (1250, 1250, "ground.site_in_no_go"),
    ],
)
def test_a_site_that_lies_badly_is_a_warning(
    stated: Stated, theatre: Theatre, east_m: float, south_m: float, code: str
) -> None:
    data = stated(areas=[{"id": "mine", "kind": "no_go", "polygon": box(1200, 1200, 100)}])
    data["sites"][1]["position"] = position(east_m, south_m)
    assert _faults(data, theatre) == [(code, "/sites/1/position", Severity.WARNING)]


def test_only_a_no_go_area_closes_a_site(stated: Stated, theatre: Theatre) -> None:
    slow = {"id": "mud", "kind": "slow", "speed_factor": 0.5, "polygon": box(1400, 600, 200)}
    assert _faults(stated(areas=[slow]), theatre) == []


def test_an_area_outside_is_a_warning(stated: Stated, theatre: Theatre) -> None:
    crossing = {"id": "a", "kind": "no_go", "polygon": box(2900, 2900, 500)}
    outside = {"id": "b", "kind": "no_go", "polygon": box(4000, 2900, 500)}
    found = _faults(stated(areas=[crossing, outside]), theatre)
    assert found == [("ground.area_outside", "/areas/1/polygon", Severity.WARNING)]


CHANGES: list[tuple[dict[str, Any], str | None, Severity]] = [
    ({"kind": "road_cut", "road": "r1"}, None, Severity.ERROR),  # a way
    ({"kind": "road_cut", "road": "s2"}, None, Severity.ERROR),  # an edge
    ({"kind": "road_cut", "road": "r11"}, "ground.change_no_road", Severity.ERROR),
    ({"kind": "bridge_out", "road": "r1"}, None, Severity.ERROR),
    ({"kind": "bridge_out", "road": "s0"}, "ground.change_no_bridge", Severity.ERROR),
    ({"kind": "spacing", "spacing_m": 50, "road": "r1"}, None, Severity.ERROR),
    (
        {"kind": "spacing", "spacing_m": 50, "road": "s0"},
        "ground.change_no_bridge",
        Severity.ERROR,
    ),
    (
        {"kind": "spacing", "spacing_m": 50, "near": position(1695, 500)},
        "ground.change_nothing_near",
        Severity.ERROR,
    ),
    # The bridge begins at 1,900 m: 195 m and 205 m away along the road, where 200 m are searched.
    ({"kind": "bridge_out", "near": position(1705, 500)}, None, Severity.ERROR),
    (
        {"kind": "bridge_out", "near": position(1695, 500)},
        "ground.change_nothing_near",
        Severity.ERROR,
    ),
    # r1 and r2 lie 10 m to either side; east of the river there is r1 alone.
    ({"kind": "road_cut", "near": position(1000, 510)}, "ground.change_several", Severity.WARNING),
    ({"kind": "road_cut", "near": position(2500, 510)}, None, Severity.ERROR),
    # A footpath is meant where nothing else is within the distance.
    ({"kind": "road_cut", "near": position(1000, 1450)}, None, Severity.ERROR),
    (
        {"kind": "road_cut", "near": position(1000, 1800)},
        "ground.change_nothing_near",
        Severity.ERROR,
    ),
    # Near the bridge an assessed class is that of the bridge, though r2 is as near as r1.
    (
        {"kind": "class_assessed", "load_class_wheeled": 20, "near": position(1880, 510)},
        None,
        Severity.ERROR,
    ),
]


@pytest.mark.parametrize(("change", "code", "severity"), CHANGES)
def test_a_change_concerns_what_it_names(
    stated: Stated,
    theatre: Theatre,
    change: dict[str, Any],
    code: str | None,
    severity: Severity,
) -> None:
    key = "road" if "road" in change else "near"
    expected = [] if code is None else [(code, f"/changes/0/{key}", severity)]
    assert _faults(stated(changes=[{"id": "k", **change}]), theatre) == expected


def test_an_unknown_road_is_told_with_the_nearest(stated: Stated, theatre: Theatre) -> None:
    data = stated(changes=[{"id": "k", "kind": "road_cut", "road": "r11"}])
    (fault,) = check_ground(Scenario.model_validate(data), theatre)
    assert fault.params == {"road": "r11", "near": "r1"}


def test_a_missing_theatre_is_told_with_where_it_was_looked_for(
    stated: Stated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVOI_THEATRES", str(tmp_path))
    (fault,) = check_ground(Scenario.model_validate(stated(theatre={"name": "nowhere"})))
    assert (fault.code, fault.pointer) == ("ground.theatre_missing", "/theatre/name")
    assert str(tmp_path) in str(fault.params["looked"])


def test_another_version_of_the_theatre_is_told_apart(
    stated: Stated, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVOI_THEATRES", str(theatre.folder.parent))
    named = stated(theatre={"name": "square", "digest": theatre.manifest.digest})
    other = stated(theatre={"name": "square", "digest": "0" * 64})
    found = check_ground(Scenario.model_validate(named))
    assert not [f for f in found if "theatre" in f.code]
    (fault,) = check_ground(Scenario.model_validate(other))
    assert (fault.code, fault.pointer) == ("ground.theatre_other", "/theatre/digest")
    assert fault.params["found"] == theatre.manifest.digest


def test_a_folder_that_is_no_theatre_is_an_error_of_the_call(
    stated: Stated, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match="is not a theatre"):
        check_ground(Scenario.model_validate(stated()), tmp_path)


class _Ways:
    """A ground on which each mobility class reaches the site, or does not and says why."""

    theatre = None
    assumptions: tuple[str, ...] = ()

    def __init__(self, causes: dict[str, Unreachable | None]) -> None:
        self.causes = causes

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:
        assert criterion is Criterion.TIME
        assert window == 0
        table = np.zeros((2, 2), np.int64)
        cause = self.causes[profile.mobility[0]]
        unreachable = {} if cause is None else {(0, 1): cause, (1, 0): cause}
        for pair in unreachable:
            table[pair] = -1
        return Matrix(("depot", "alpha"), table, table, table, table, unreachable)

    def course(self, *_: Any, **__: Any) -> Course:
        raise AssertionError("the check asks for no path")


def _reach(data: dict[str, Any], causes: dict[str, Unreachable | None]) -> list[Fault]:
    return list(reach(Scenario.model_validate(data), _Ways(causes)))


NO_WAY = Unreachable("no_way", "alpha")
LIMIT: dict[str, str | int | float] = {"road": "s7", "limit": 12.0, "needed": 20.0}


@pytest.fixture
def two_classes(stated: Stated) -> dict[str, Any]:
    """A scenario whose fleet has a heavy and a light vehicle."""
    data = stated()
    light = {**data["vehicle_types"][0], "id": "light", "mobility": "light_4x4"}
    data["vehicle_types"].append(light)
    data["fleet"].append({"type": "light", "base": "depot"})
    return data


def test_a_site_is_cut_off_only_if_no_convoy_gets_there(two_classes: dict[str, Any]) -> None:
    assert _reach(two_classes, {"heavy_truck": NO_WAY, "light_4x4": None}) == []
    # The planner can do more about a weak bridge than about the lie of the land.
    weak = Unreachable("load_class", "alpha", LIMIT)
    (fault,) = _reach(two_classes, {"heavy_truck": NO_WAY, "light_4x4": weak})
    assert (fault.code, fault.pointer) == ("ground.cut_off_load_class", "/demands/0")
    assert fault.text("en").endswith("s7 has the load class 12, and 20 is needed")


def test_convoys_of_any_number_are_asked_for_once(two_classes: dict[str, Any]) -> None:
    """A spacing makes them slower on its bridge, and keeps nobody away."""
    two_classes["fleet"][0]["count"] = 3
    names = [f"depot-truck-0{number}" for number in (1, 2)]
    two_classes["convoys"] = [{"id": "two", "vehicles": names}]
    spacing = {"id": "k", "kind": "spacing", "road": "r1", "spacing_m": 500}
    two_classes["changes"] = [spacing]
    asked: list[Profile] = []

    class Ways(_Ways):
        def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:
            asked.append(profile)
            return super().matrix(profile, criterion, window)

    ways = Ways({"heavy_truck": NO_WAY, "light_4x4": NO_WAY})
    assert [f.code for f in reach(Scenario.model_validate(two_classes), ways)]
    assert sorted(profile.mobility[0] for profile in asked) == ["heavy_truck", "light_4x4"]


def test_a_vehicle_that_may_not_come_does_not_help(two_classes: dict[str, Any]) -> None:
    two_classes["sites"][1]["reached_by"] = ["heavy_truck"]
    (fault,) = _reach(two_classes, {"heavy_truck": NO_WAY, "light_4x4": None})
    assert fault.code == "ground.cut_off_no_way"


def test_a_vehicle_that_cannot_carry_it_does_not_help(two_classes: dict[str, Any]) -> None:
    tank = {"id": "tank", "kind": "water", "capacity_kg": 5000}
    two_classes["vehicle_types"][0]["compartments"] = [tank]
    two_classes["demands"].append({"id": "d2", "site": "alpha", "good": "water_l", "quantity": 9})
    (fault,) = _reach(two_classes, {"heavy_truck": NO_WAY, "light_4x4": None})
    assert (fault.pointer, fault.params["good"]) == ("/demands/1", "water_l")


@pytest.mark.parametrize(
    ("code", "figures", "told"),
    [
        ("closed", {"road": "s7", "change": "k1"}, "ground.cut_off_change"),
        ("closed", {"area": "mine"}, "ground.cut_off_area"),
        ("load_class", LIMIT, "ground.cut_off_load_class"),
        ("weight", LIMIT, "ground.cut_off_weight"),
        ("height", LIMIT, "ground.cut_off_height"),
        ("width", LIMIT, "ground.cut_off_width"),
        ("ford", LIMIT, "ground.cut_off_ford"),
        ("in_no_go", {}, "ground.cut_off_no_go"),
        ("in_water", {}, "ground.cut_off_water"),
        ("outside_theatre", {}, "ground.cut_off_outside"),
        ("cannot_enter", {}, "ground.cut_off_cannot_enter"),
        ("not_given", {}, "ground.cut_off_not_given"),
        ("no_landing", {"limit": 150.0}, "ground.cut_off_no_landing"),
        ("no_waterway", {}, "ground.cut_off_no_waterway"),
        ("in_no_fly", {"area": "mast"}, "ground.cut_off_no_fly"),
        ("ceiling", {"limit": 3000.0, "needed": 3150.0}, "ground.cut_off_ceiling"),
        ("visibility", {"limit": 500.0, "needed": 800.0}, "ground.cut_off_visibility"),
        ("no_way", {}, "ground.cut_off_no_way"),
        ("a code of tomorrow", {}, "ground.cut_off_no_way"),
    ],
)
def test_the_cause_is_told_in_both_languages(
    stated: Stated, code: str, figures: dict[str, Any], told: str
) -> None:
    (fault,) = _reach(stated(), {"heavy_truck": Unreachable(code, "alpha", figures)})
    assert (fault.code, fault.severity) == (told, Severity.WARNING)
    for language in ("en", "fr"):
        text = fault.text(language)
        assert "alpha" in text
        assert "ration_case" in text


def test_a_river_without_a_bridge_for_the_truck_is_told_with_the_road(
    stated: Stated, theatre: Theatre
) -> None:
    # On the real ground: the only bridge over the river carries class 10, and the truck has 20. No
    # vehicle crosses the river itself.
    weak = {"id": "k", "kind": "class_assessed", "road": "s1", "load_class_wheeled": 10}
    data = stated(changes=[weak])
    data["sites"][1]["position"] = position(2500, 700)
    (fault,) = check_ground(Scenario.model_validate(data), theatre)
    assert fault.code == "ground.cut_off_load_class"
    assert fault.params["road"] == "s1"
    assert (fault.params["limit"], fault.params["needed"]) == (10, 20)


def test_faults_of_the_ground_have_their_lines(
    stated: Stated, theatre: Theatre, tmp_path: Path
) -> None:
    data = stated()
    data["sites"][1]["position"] = position(400, 2500)
    path = tmp_path / "a.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    report = check_file(path, theatre=theatre.folder)
    (fault,) = (f for f in report.faults if f.code == "ground.site_in_lake")
    line = path.read_text(encoding="utf-8").splitlines()[(fault.line or 0) - 1]
    assert line.strip() == "position:"
    assert (report.errors, report.warnings) == (0, 1)


@pytest.mark.parametrize(
    ("joined", "code"),
    [
        (("s1", 65.2, "s0", 35.1, "water", True, True, True), "ground.site_across_water"),
        ((None, None, "s0", 35.1, "water"), "ground.site_across_water_ground"),
        (("s1", 5.0, None, None, None, False, True, True), "ground.site_no_road_on"),
        (("s1", 5.0, None, None, None, True, False, True), "ground.site_no_road_to"),
        (("s1", 5.0, None, None, None, False, False, False), "ground.site_road_apart"),
        # A piece of the network with another site on it is no surprise, nor is open ground.
        (("s1", 5.0, None, None, None, False, False, True), None),
        ((None, None, "s0", 35.1, "no_go"), None),
        ((), None),
    ],
)
def test_a_site_joined_as_no_map_suggests_is_told(
    stated: Stated,
    theatre: Theatre,
    monkeypatch: pytest.MonkeyPatch,
    joined: tuple[Any, ...],
    code: str | None,
) -> None:
    found = (Joined("depot", "s0", 0.0, leaves=True, comes=True), Joined("alpha", *joined))
    monkeypatch.setattr(module, "how_joined", lambda *_, **__: found)
    faults = check_ground(Scenario.model_validate(stated()), theatre)
    told = [] if code is None else [(code, "/sites/1/position")]
    assert [(fault.code, fault.pointer) for fault in faults] == told
    for fault in faults:
        for language in ("en", "fr"):
            assert "alpha" in fault.text(language)
            assert "heavy_truck" in fault.text(language)


def test_a_raster_of_exposure_is_read_beside_a_scenario_file_alone(
    stated: Stated, theatre: Theatre
) -> None:
    data = stated(rules={"exposure": {"raster": "seen.tif"}})
    place = "/rules/exposure/raster"
    assert _faults(data, theatre) == [("ground.raster_unplaced", place, Severity.ERROR)]


def test_every_code_of_the_ground_is_triggered_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    codes = {code for code in catalogue() if code.startswith("ground.")}
    assert all(f'"{code}"' in source for code in codes)
