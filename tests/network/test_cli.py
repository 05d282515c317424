"""The command ``convoi matrix``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.errors import UsageError
from optimizer.network.cli import matrix
from optimizer.network.mesh import regions
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre

SITES = {"a": (150, 310), "b": (550, 310), "lake": (270, 470)}


@pytest.fixture
def scenario_file(tiny: Theatre, make_scenario: Callable[..., Scenario], tmp_path: Path) -> Path:
    path = tmp_path / "scenario.yaml"
    dump_scenario(make_scenario(tiny, SITES), path)
    return path


def test_json_has_null_where_there_is_no_way_and_the_reason(
    tiny: Theatre, scenario_file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "m.json"
    call = [str(scenario_file), "-o", str(target), "--theatre", str(tiny.folder)]
    result = CliRunner().invoke(matrix, call, catch_exceptions=False)
    assert result.exit_code == 0
    document = json.loads(target.read_text())
    assert document["sites"] == list(SITES)
    (profile,) = document["profiles"]
    assert profile["mobility"] == ["heavy_truck"]
    assert profile["convoys"] == ["C-a-lorry-01"]
    assert profile["time_s"][0][2] is None
    assert profile["distance_m"][0][1] in {400, 401}
    assert profile["unreachable"][0] == {
        "origin": "a",
        "destination": "lake",
        "code": "in_water",
        "site": "lake",
        "params": {},
    }


def test_csv_has_a_row_for_each_pair(tiny: Theatre, scenario_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "m.csv"
    call = [str(scenario_file), "-o", str(target), "--theatre", str(tiny.folder)]
    CliRunner().invoke(matrix, [*call, "--criterion", "fuel"], catch_exceptions=False)
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(SITES) ** 2
    shut = {(r["origin"], r["destination"]) for r in rows if not r["time_s"]}
    assert shut == {("a", "lake"), ("b", "lake"), ("lake", "a"), ("lake", "b")}
    assert {r["unreachable"] for r in rows} == {"", "in_water"}


def test_another_suffix_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    call = [str(tmp_path / "none.yaml"), "-o", str(tmp_path / "m.xlsx")]
    result = CliRunner().invoke(matrix, call)
    assert isinstance(result.exception, UsageError)
    assert ".json or .csv" in str(result.exception)


def test_ways_are_kept_for_the_next_run(
    tiny: Theatre, scenario_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    call = [str(scenario_file), "--theatre", str(tiny.folder), "-o"]
    CliRunner().invoke(matrix, [*call, str(tmp_path / "1.json")], catch_exceptions=False)
    assert len([*(tmp_path / "cache" / "convoi" / "ways").glob("*.npz")]) in {1, 2}
    monkeypatch.setattr(regions, "search", None)
    CliRunner().invoke(matrix, [*call, str(tmp_path / "2.json")], catch_exceptions=False)
    assert (tmp_path / "1.json").read_text() == (tmp_path / "2.json").read_text()
