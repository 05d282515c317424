"""Ground with less than everything: a canyon without roads, a country without elevation."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

Call = Callable[..., object]
Matrix = dict[tuple[str, str, str], dict[str, str]]

_SCENARIO = """\
format: convoi/scenario/1
id: ground
horizon: {{start: 2026-06-15T06:00Z, end: 2026-06-16T06:00Z}}
theatre: {{name: {theatre}}}
sites:
{sites}
bases: [{{site: {base}}}]
vehicle_types:
{types}
fleet:
{fleet}
"""


def _matrix(
    convoi: Call, folder: Path, sites: dict[str, tuple[float, float]], classes: list[str]
) -> Matrix:
    """Let the command write the matrices of one vehicle a class; the first site is the base."""
    base = next(iter(sites))
    places = [
        f"  - {{id: {name}, position: {{lon: {lon}, lat: {lat}}}}}"
        for name, (lon, lat) in sites.items()
    ]
    types = [
        f"  - {{id: {one}, mobility: {one}, gross_weight_t: 3, compartments: []}}"
        for one in classes
    ]
    fleet = [f"  - {{type: {one}, base: {base}, count: 1}}" for one in classes]
    scenario = folder.parent / "scenario.yaml"
    scenario.write_text(
        _SCENARIO.format(
            theatre=folder.name, base=base, sites="\n".join(places), types="\n".join(types),
            fleet="\n".join(fleet),
        )
    )  # fmt: skip
    target = folder.parent / "matrix.csv"
    convoi("matrix", scenario, "--theatre", folder, "-o", target)
    with target.open(newline="") as file:
        rows = csv.DictReader(file)
        return {(row["mobility"], row["origin"], row["destination"]): row for row in rows}


def _leg(matrix: Matrix, *key: str) -> tuple[float, float]:
    row = matrix[key[0], key[1], key[2]]
    return float(row["time_s"]) / 3600, float(row["distance_m"]) / 1000


@pytest.fixture(scope="module")
def zion(realdata: Path, convoi: Call, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Zion: elevation and land cover in different systems, no roads."""
    folder = tmp_path_factory.mktemp("ground") / "zion"
    ground = realdata / "zion"
    convoi(
        *("terrain", "build", "-o", folder, "--dem", ground / "zion_srtm.tif"),
        *("--landcover", ground / "zion_nlcd.tif", "--legend", "nlcd-level1"),
    )
    sites = {
        "springdale": (-112.9986, 37.1889),  # at the mouth of the canyon, 1194 m
        "lodge": (-112.9573, 37.2506),  # on its floor, 1304 m
        "rim": (-112.9100, 37.2500),  # on the plateau east of it, 2092 m
        "reservoir": (-113.0475, 37.4370),  # in the water
    }
    return _matrix(convoi, folder, sites, ["tracked", "foot", "heavy_truck"])


def test_the_canyon_is_walked_at_a_walkers_pace(zion: Matrix) -> None:
    hours, km = _leg(zion, "foot", "lodge", "rim")
    # 4.2 km as the crow flies and 788 m up. Naismith: an hour for 5 km, and one for 600 m of rise;
    # through woods and over rock it is up to twice that.
    assert 4.2 < km < 7
    naismith = km / 5 + 788 / 600
    assert naismith < hours < 2 * naismith
    down, _ = _leg(zion, "foot", "rim", "lodge")
    assert 0.5 * hours < down < 0.9 * hours


def test_tracked_vehicles_are_faster_on_the_floor_of_the_canyon(zion: Matrix) -> None:
    (walk_h, walk_km), (drive_h, drive_km) = (
        _leg(zion, mobility, "springdale", "lodge") for mobility in ("foot", "tracked")
    )
    assert drive_h < walk_h / 2
    assert 3 < drive_km / drive_h < 25
    # They climb 45 % and people 80 %: what people climb straight they go round.
    assert drive_km > 0.97 * walk_km


def test_nobody_drives_up_the_walls_of_the_canyon(zion: Matrix) -> None:
    for leg in (("lodge", "rim"), ("rim", "springdale")):
        (walk_h, walk_km), (drive_h, drive_km) = (
            _leg(zion, mobility, *leg) for mobility in ("foot", "tracked")
        )
        # The rim is 800 m above: people climb, vehicles would tip over and come from behind.
        assert drive_km > 4 * walk_km
        assert drive_h > walk_h


def test_what_cannot_be_reached_says_so(zion: Matrix) -> None:
    for mobility in ("foot", "tracked"):
        row = zion[mobility, "springdale", "reservoir"]
        assert (row["time_s"], row["site"]) == ("", "reservoir")
        assert row["unreachable"]
    # A lorry climbs 20 %: it does not come up a wall of 800 m.
    assert zion["heavy_truck", "springdale", "rim"]["unreachable"]


@pytest.fixture(scope="module")
def liechtenstein(realdata: Path, convoi: Call, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Liechtenstein: roads without relief."""
    folder = tmp_path_factory.mktemp("ground") / "liechtenstein"
    extract = realdata / "liechtenstein" / "liechtenstein.osm.pbf"
    convoi("terrain", "build", "-o", folder, "--osm", extract)
    sites = {
        "balzers": (9.5, 47.06667),
        "vaduz": (9.5228, 47.13929),
        "ruggell": (9.52629, 47.23976),
        "malbun": (9.60839, 47.10279),
    }
    return _matrix(convoi, folder, sites, ["heavy_truck"])


def test_lorries_drive_the_length_of_the_valley(liechtenstein: Matrix) -> None:
    hours, km = _leg(liechtenstein, "heavy_truck", "balzers", "ruggell")
    # 19.3 km as the crow flies; by road some 23 km from border to border.
    assert 20 < km < 24
    # Through villages at 50 km/h, at 60 to 80 km/h between them.
    assert 30 < km / hours < 65
    back_h, back_km = _leg(liechtenstein, "heavy_truck", "ruggell", "balzers")
    assert back_km == pytest.approx(km, rel=0.02)
    assert back_h == pytest.approx(hours, rel=0.02)


def test_vaduz_lies_on_the_way(liechtenstein: Matrix) -> None:
    whole = _leg(liechtenstein, "heavy_truck", "balzers", "ruggell")
    first = _leg(liechtenstein, "heavy_truck", "balzers", "vaduz")
    second = _leg(liechtenstein, "heavy_truck", "vaduz", "ruggell")
    assert whole[0] <= first[0] + second[0] + 2 / 3600  # each is rounded to a second
    assert first[1] + second[1] == pytest.approx(whole[1], rel=0.05)


def test_the_road_to_malbun_winds(liechtenstein: Matrix) -> None:
    _, km = _leg(liechtenstein, "heavy_truck", "vaduz", "malbun")
    # 7.7 km as the crow flies, by Triesenberg and the tunnel some 14 km.
    assert 12 < km < 16
