"""The command ``convoi terrain path``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer.errors import RefusedError, UsageError
from optimizer.network.pair.cli import path
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre
from optimizer.units import to_mgrs

SITES = {"nw": (150, 310), "se": (1050, 810), "ford-east": (700, 810), "lake": (270, 470)}
SEEN = {
    "id": "seen",
    "kind": "exposure",
    "exposure_per_km": 10,
    "polygon": [(700, 200), (1000, 200), (1000, 420), (700, 420)],
}

Ask = Callable[..., Result]


@pytest.fixture
def ask(tiny: Theatre, make_scenario: Callable[..., Scenario], tmp_path: Path) -> Ask:
    """Ask over a scenario on the tiny theatre."""
    file = tmp_path / "scenario.yaml"
    dump_scenario(make_scenario(tiny, SITES, areas=[dict(SEEN)]), file)

    def asked(origin: str, destination: str, *more: object, mobility: str = "light_4x4") -> Result:
        call = [str(file), "--theatre", str(tiny.folder), "--from", origin, "--to", destination]
        return CliRunner().invoke(path, [*call, "--class", mobility, *map(str, more)])

    return asked


def test_a_table_tells_the_best_path_for_each_criterion(ask: Ask) -> None:
    result = ask("nw", "se")
    assert result.exit_code == 0, result.exception
    lines = result.output.splitlines()
    assert lines[0] == "light_4x4 from nw to se"
    assert [line.split()[0] for line in lines[3:7]] == ["time", "distance", "fuel", "exposure"]
    # 940 m of the road in the north, 500 m of that in the east, and 40 m back in the south.
    assert lines[3].split()[2:4] == ["1.5", "km"]


def test_a_flight_and_a_boat_have_their_best_paths_alone(ask: Ask) -> None:
    for mobility in ("helicopter", "cargo_drone"):
        lines = ask("nw", "se", mobility=mobility).output.splitlines()
        assert lines[0] == f"{mobility} from nw to se"
        # Straight over 900 m by 500 m.
        assert lines[3].split()[2:4] == ["1.0", "km"]
    by_boat = ask("ford-east", "se", mobility="boat")
    assert isinstance(by_boat.exception, RefusedError)
    assert "no navigable water within 150 m of se" in str(by_boat.exception)
    for more in (["--front"], ["--alternatives", "1"], ["--profile"], ["--class", "foot"]):
        assert isinstance(ask("nw", "se", *more, mobility="helicopter").exception, UsageError)


def test_json_has_all_that_was_asked(ask: Ask) -> None:
    more = ("--front", "--alternatives", 2, "--share", 0.5, "--profile", "--json")
    result = ask("nw", "se", "--criterion", "time", *more)
    told = json.loads(result.output)
    assert told["format"] == "convoi/path/1"
    assert list(told["best"]) == ["time"]
    best = told["best"]["time"]
    assert told["front"][0]["time_s"] == best["time_s"]
    assert told["alternatives"]["paths"][0]["distance_m"] == best["distance_m"]
    assert all(p["shared"] <= 0.5 for p in told["alternatives"]["paths"])
    points = told["along"]["points"]
    assert points[0]["kind"] == "start"
    assert points[-1]["distance_m"] == pytest.approx(best["distance_m"], abs=1)


def test_what_was_not_asked_is_null(ask: Ask) -> None:
    told = json.loads(ask("nw", "se", "--json").output)
    assert told["front"] is told["alternatives"] is told["along"] is None


def test_files_by_suffix(ask: Ask, tmp_path: Path) -> None:
    for name in ("p.geojson", "p.csv", "p.json"):
        assert ask("nw", "se", "--front", "-o", tmp_path / name).exit_code == 0
    features = json.loads((tmp_path / "p.geojson").read_text())["features"]
    assert {f["properties"]["answer"] for f in features} == {"best", "front"}
    assert features[0]["geometry"]["type"] == "LineString"
    with (tmp_path / "p.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(features)
    assert json.loads((tmp_path / "p.json").read_text())["destination"] == "se"
    assert ask("nw", "se", "--profile", "-o", tmp_path / "along.csv").exit_code == 0
    with (tmp_path / "along.csv").open(newline="") as file:
        points = list(csv.DictReader(file))
    assert points[0]["kind"] == "start"
    assert {"distance_m", "elevation_m", "grade", "class", "speed_kmh", "time_s"} <= set(points[0])


def test_places_by_degrees_and_by_mgrs_over_a_bare_theatre(tiny: Theatre) -> None:
    ends = [
        tiny.to_earth.transform(400_000 + x, 4_700_000 - y) for x, y in ((150, 310), (550, 310))
    ]
    degrees = f"{ends[0][0]:.6f},{ends[0][1]:.6f}"
    call = ["--from", degrees, "--to", to_mgrs(*ends[1]), "--class", "heavy_truck", "--json"]
    result = CliRunner().invoke(path, [str(tiny.folder), *call])
    assert result.exit_code == 0, result.exception
    # 400 m of road, and the metre that an MGRS reference is exact to.
    assert json.loads(result.output)["best"]["time"]["distance_m"] == pytest.approx(400, abs=3)


@pytest.mark.parametrize(
    ("origin", "destination", "message"),
    [
        ("ford-est", "se", "'ford-est' is no site (did you mean 'ford-east'?) and no position"),
        ("nw", "2.5,here", "'2.5,here' is no position"),
        ("nw", "2.5,48.0", "2.5,48.0 lies outside theatre 'tiny'"),
        ("nw", "42.443,1.79", "(longitude comes first: 1.79,42.443 lies on it)"),
        ("nw", "999,48.0", "'999,48.0' is no position"),
        ("nw", "nw", "both ends are nw; name two places"),
    ],
)
def test_a_place_that_is_none_is_told(
    ask: Ask, origin: str, destination: str, message: str
) -> None:
    result = ask(origin, destination)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


def test_no_way_is_told_with_its_reason(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "p.json"
    result = ask("nw", "lake", "-o", target)
    assert isinstance(result.exception, RefusedError)
    assert str(result.exception) == "no way from nw to lake: lake lies in water"
    assert not target.exists()


def test_a_limit_that_closes_the_way_is_told(ask: Ask) -> None:
    # The strong bridge has no assessed class; 70 by default of its road class is below 200.
    result = ask("nw", "se", "--load-class", 200, mobility="heavy_truck")
    assert isinstance(result.exception, RefusedError)
    assert "has the load class" in str(result.exception)
    assert "and 200 is needed" in str(result.exception)


def test_an_unknown_class_and_suffix_are_refused(ask: Ask, tmp_path: Path) -> None:
    for result, said in (
        (ask("nw", "se", mobility="hovercraft"), "hovercraft"),
        (ask("nw", "se", "-o", tmp_path / "p.png"), "name a file that ends in"),
    ):
        assert isinstance(result.exception, UsageError)
        assert said in str(result.exception)
