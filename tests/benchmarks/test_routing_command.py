"""``convoi bench routing`` writes a line a run, judges each apart and takes up where it ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import convoi
from benchmarks.network.measure import Spent
from benchmarks.routing import run as routing
from tests.benchmarks import routing_texts as texts


def called(*arguments: object) -> Result:
    return CliRunner().invoke(convoi.convoi, ["bench", "routing", *map(str, arguments)])


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    path = tmp_path / "corner.vrp"
    path.write_text(texts.vrplib("CVRP"))
    # 30 + 50 + 40.
    path.with_suffix(".sol").write_text("Route #1: 1 2\nCost 120\n")
    return path


def answers(monkeypatch: pytest.MonkeyPatch, told: dict[str, Any]) -> list[list[str]]:
    """Answer as if a solver had; return what was asked."""
    asked = []

    def spent_by(command: list[str], *_: object) -> Spent:
        asked.append(command[2:])
        return Spent(1.5, 100.0, f"a warning\n{json.dumps(told)}\n")

    monkeypatch.setattr(routing, "spent_by", spent_by)
    return asked


def test_solvers_run_in_processes_of_their_own_and_each_run_is_a_line(corner: Path) -> None:
    found = called(corner, "--time-limit", "0.2", "--json")
    assert found.exit_code == 0, found.output
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [line["solver"] for line in lines] == [s for s in routing.SOLVERS if s != "vroom"]
    for line in lines:
        assert (line["name"], line["seed"], line["outcome"]) == ("tiny", 1, "solved")
        assert (line["cost"], line["vehicles"]) == (120, 1)
        assert (line["known"], line["gap"]) == (120, 0)
        assert line["seconds"] >= 0
    assert "LEFT OUT: vroom is not in the folder of peers" in found.stderr


def test_what_a_solver_found_is_judged_from_the_instance(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (corner, "--solver", "pyvrp", "--json")
    answers(monkeypatch, {"routes": [[0, [[1]]], [1, [[2]]]], "seconds": 9.9})
    line = json.loads(called(*arguments).stdout)
    # 60 + 80 where 120 is known: a sixth more.
    assert (line["cost"], line["vehicles"], line["gap"]) == (140, 2, 16.667)
    assert (line["seconds"], line["cpu_s"]) == (9.9, 1.5)
    answers(monkeypatch, {"routes": [[0, [[1]]]], "seconds": 9.9})
    line = json.loads(called(*arguments).stdout)
    assert (line["outcome"], line["cost"], line["gap"]) == ("refused", None, None)
    assert line["reason"] == "1 of 2 customers are not visited, the first of them 2"
    answers(monkeypatch, {"cannot": "it has no wheels"})
    line = json.loads(called(*arguments).stdout)
    assert (line["outcome"], line["reason"]) == ("cannot", "it has no wheels")
    assert line["gap"] is None
    told = called(corner, "--solver", "pyvrp")
    assert told.stdout.split()[:3] == ["tiny", "pyvrp", "1"]
    assert "cannot: it has no wheels" in told.stdout


def test_where_vehicles_count_first_another_number_of_them_has_no_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pdptw"
    folder.mkdir()
    path = folder / "tiny.txt"
    rows = [(0, 0, 0, 0, 999, 0, 0, 0), (3, 0, 4, 0, 999, 0, 0, 2), (0, 4, -4, 0, 999, 0, 1, 0)]
    path.write_text(texts.li_lim(rows))
    known = {"pdptw": {"tiny": {"best_known_cost": 10, "solved_with_vehicles": 1}}}
    (tmp_path / "best_known.json").write_text(json.dumps(known))
    answers(monkeypatch, {"routes": [[1, [[1, 2]]]], "seconds": 1.0})
    # 3 + 5 + 4, which is a fifth above 10, with as many vehicles.
    line = json.loads(called(path, "--solver", "pyvrp", "--json").stdout)
    assert (line["cost"], line["gap"], line["cost_dimacs"]) == (12, 20, 12)
    known["pdptw"]["tiny"]["solved_with_vehicles"] = 2
    (tmp_path / "best_known.json").write_text(json.dumps(known))
    line = json.loads(called(path, "--solver", "pyvrp", "--json").stdout)
    assert (line["cost"], line["vehicles"], line["known_vehicles"], line["gap"]) == (12, 1, 2, None)


def test_a_second_call_runs_only_what_is_not_there(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answers(monkeypatch, {"routes": [[0, [[1, 2]]]], "seconds": 1.0})
    kept = tmp_path / "results" / "runs.jsonl"
    arguments = (corner, "--solver", "pyvrp", "--seeds", 2, "--json", "-o", kept)
    first = called(*arguments)
    assert [command[-1] for command in asked] == ["1", "2"]
    assert kept.read_text() == first.stdout
    assert called(*arguments).stdout == first.stdout
    assert len(asked) == 2
    # A third seed, another limit, another solver and a changed file are other runs.
    called(*arguments[:3], "--seeds", 3, "-o", kept)
    assert len(asked) == 3
    called(*arguments, "--time-limit", 3)
    assert len(asked) == 5
    called(corner, "--solver", "ortools", "-o", kept)
    assert len(asked) == 6
    corner.write_text(corner.read_text().replace("CAPACITY: 10", "CAPACITY: 11"))
    called(*arguments)
    assert len(asked) == 8
    # A line that was cut off as the machine went down is run again.
    kept.write_text(kept.read_text()[:-20])
    called(*arguments)
    assert len(asked) == 9
    assert called(*arguments).stdout.count("\n") == 2
    assert len(asked) == 9


def test_a_solver_that_fails_is_told_and_run_again(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Spent:
        raise RuntimeError("python failed: out of memory")

    monkeypatch.setattr(routing, "spent_by", fails)
    kept = tmp_path / "runs.jsonl"
    line = json.loads(called(corner, "--solver", "pyvrp", "--json", "-o", kept).stdout)
    assert (line["outcome"], line["reason"]) == ("failed", "python failed: out of memory")
    asked = answers(monkeypatch, {"routes": [[0, [[1, 2]]]], "seconds": 1.0})
    called(corner, "--solver", "pyvrp", "-o", kept)
    assert len(asked) == 1


def test_a_family_that_nothing_reads_is_one_that_no_solver_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "S_abs1.dat"
    path.write_text("3 2 10 1\n")
    found = called(path, "--solver", "pyvrp", "--solver", "ortools", "--json")
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(line["name"], line["family"], line["solver"]) for line in lines] == [
        ("S_abs1", "dat", "pyvrp"),
        ("S_abs1", "dat", "ortools"),
    ]
    assert all(line["outcome"] == "cannot" for line in lines)
    assert "inventory routing" in lines[0]["reason"]


def test_a_solver_or_a_file_that_is_not_there_is_named(corner: Path, tmp_path: Path) -> None:
    for arguments, told in (
        ((corner, "--solver", "simplex"), "no solver 'simplex'; there are"),
        ((tmp_path / "none.vrp",), "none.vrp: not a text file"),
    ):
        found = called(*arguments)
        assert told in str(found.exception)
