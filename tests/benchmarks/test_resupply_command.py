"""``convoi bench routing`` takes scenarios and recipes, judges plans and writes their table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import convoi
from benchmarks.network.measure import Spent
from benchmarks.routing.resupply import given, task
from benchmarks.routing.resupply.answer import Answer
from benchmarks.routing.resupply.theirs import answer
from benchmarks.routing.run import SOLVERS
from optimizer.errors import FormatError, NotFoundError, UsageError
from optimizer.scenario.write import dump_scenario
from tests.benchmarks.resupply_tiny import tiny

RECIPES = sorted(Path(task.ROOT, "benchmarks", "routing", "scenarios").glob("*.toml"))


def called(folder: Path, *arguments: object) -> Result:
    asked = ["bench", "routing", *arguments, "--folder", folder / "kept"]
    return CliRunner().invoke(convoi.convoi, list(map(str, asked)))


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    dump_scenario(tiny(), path)
    return path


def test_both_solvers_run_in_processes_of_their_own_and_the_table_is_written(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "runs.jsonl"
    arguments = (scenario, "--time-limit", "1", "-o", out)
    found = called(tmp_path, *arguments, "--json")
    assert found.exit_code == 0, found.output
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(line["solver"], line["outcome"]) for line in lines] == [
        ("convoi", "solved"),
        ("ortools", "solved"),
    ]
    for line in lines:
        assert (line["name"], line["family"]) == ("tiny", "resupply")
        assert (line["sites"], line["demands"], line["convoys"]) == (3, 3, 1)
        assert line["first_verified"]
        # Three trips of half an hour there and back bring everything.
        assert line["levels"]["undelivered 1"] == line["levels"]["undelivered 3"] == 0
        assert line["levels"]["time"] == 3 * 3600
        assert line["first_s"] <= line["seconds"]
        assert line["peak_mb"] > 10
    written = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "| tiny | 3 | 3 | 1 | 1 | tie | tie | nothing | nothing | 0 |" in written
    # A second call runs nothing and tells the same.
    monkeypatch.setattr(task, "spent_by", lambda *_: pytest.fail("it was run again"))
    again = called(tmp_path, *arguments)
    assert written in again.stdout
    assert "tiny             convoi            1          0 kg undelivered" in again.stdout


def answers(monkeypatch: pytest.MonkeyPatch, told: Answer) -> None:
    """Answer as if a solver had."""

    def spent_by(_: object, folder: Path, __: object) -> Spent:
        for name, plan in (("first", told.first), ("last", told.last)):
            if plan is not None:
                text = plan.model_dump_json(exclude={"scenario"})
                (folder / f"{name}.json").write_text(text, encoding="utf-8")
        return Spent(1.0, 100.0, f'{{"first_s": 0.5, "seconds": 1, "mended": {told.mended}}}\n')

    monkeypatch.setattr(task, "spent_by", spent_by)


def test_a_plan_that_breaks_a_rule_is_refused(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = answer(given.load(given.make(scenario, tmp_path / "kept")), 0.5, 1)
    assert good.last is not None
    wrong = good.last.metrics.model_copy(update={"travel_s": 1})
    bad = good.last.model_copy(update={"metrics": wrong})
    arguments = (scenario, "--solver", "ortools", "--json")
    answers(monkeypatch, replace(good, first=bad, last=bad))
    line = json.loads(called(tmp_path, *arguments).stdout)
    assert (line["outcome"], line["levels"]) == ("refused", None)
    assert not line["first_verified"]
    assert line["reason"].startswith("breaks ")
    assert "travel_s" in line["reason"]
    answers(monkeypatch, replace(good, last=None))
    line = json.loads(called(tmp_path, *arguments).stdout)
    assert (line["outcome"], line["reason"]) == ("nothing", "no plan in the time given")
    assert line["first_verified"]


def test_a_solver_of_instances_alone_is_refused(scenario: Path, tmp_path: Path) -> None:
    assert "pyvrp" in SOLVERS
    found = called(tmp_path, scenario, "--solver", "pyvrp")
    assert "a scenario is solved by convoi and ortools alone" in str(found.exception)


def test_matrices_are_read_back_as_they_were_given(scenario: Path, tmp_path: Path) -> None:
    made = given.make(scenario, tmp_path)
    ways = given.load(made).matrices
    assert [table.time_s for table in ways] == [table.time_s for table in tiny().matrices]
    assert ways[0].sites == ("base", "A", "B", "C")
    assert ways[0].exposure_milli is None


def test_a_recipe_is_made_once_and_again_where_it_changes(tmp_path: Path) -> None:
    recipe = tmp_path / "small.toml"
    text = 'theatre = "sarvenne"\nsites = 3\nvehicles = 2\nseed = 4\n'
    recipe.write_text(text, encoding="utf-8")
    made = given.make(recipe, tmp_path / "kept")
    stamp = made.stat().st_mtime_ns
    assert given.make(recipe, tmp_path / "kept") == made
    assert made.stat().st_mtime_ns == stamp
    scenario = given.load(made)
    assert len(scenario.sites) == 4
    assert scenario.theatre is None
    classes = {one.mobility for one in scenario.vehicle_types}
    assert {table.mobility for table in scenario.matrices} == classes
    for table in scenario.matrices:
        assert np.array(table.time_s).shape == (4, 4)
        assert table.fuel_m is not None
    recipe.write_text(f"{text}tightness = 1.1\n", encoding="utf-8")
    other = given.make(recipe, tmp_path / "kept")
    assert other != made
    quantities = [sum(d.quantity for d in given.load(one).demands) for one in (made, other)]
    assert quantities[1] > quantities[0]


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("sites = ", FormatError, "no recipe"),
        ('theatre = "sarvenne"\nsites = 3\nvehicles = 2\n', FormatError, "'seed' is missing"),
        ("places = 3\n", FormatError, "'places' is no key of a recipe; there are theatre, sites"),
        ('theatre = "x"\nsites = 3\nvehicles = 2\nseed = 1\n', NotFoundError, "no theatre"),
        (
            'theatre = "sarvenne"\nsites = "3"\nvehicles = 2\nseed = 1\n',
            FormatError,
            "a value has the wrong type",
        ),
    ],
)
def test_a_wrong_recipe_is_told(
    tmp_path: Path, text: str, error: type[Exception], told: str
) -> None:
    recipe = tmp_path / "wrong.toml"
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=told):
        given.make(recipe, tmp_path)


def test_a_recipe_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        given.make(tmp_path / "none.toml", tmp_path)


def test_twelve_recipes_of_40_to_400_sites_are_there() -> None:
    found = [given.wish_of(path)[1] for path in RECIPES]
    assert len(found) == 12
    assert {wish.sites for wish in found} >= {40, 100, 200, 400}
    assert (min(w.sites for w in found), max(w.sites for w in found)) == (40, 400)
    assert (min(w.tightness for w in found), max(w.tightness for w in found)) == (0.7, 1.1)
    assert len({wish.seed for wish in found}) == 12
