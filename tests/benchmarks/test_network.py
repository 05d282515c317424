"""The harness of the benchmarks works on small sizes; no time is asserted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import convoi
from benchmarks.network import growth


def run(tmp_path: Path, *arguments: str) -> Result:
    command = ["bench", "network", "--size", "small", "--folder", str(tmp_path), *arguments]
    return CliRunner().invoke(convoi.convoi, command)


def lines(found: Result) -> dict[str, dict[str, float]]:
    assert found.exit_code == 0, found.output
    told = [json.loads(line) for line in found.stdout.splitlines()]
    for line in told:
        assert set(line) == {"case", "measure", "ours", "peer", "peer_value", "ratio"}
    return {line["measure"]: line for line in told}


def test_length_on_level_ground_is_that_of_sixteen_directions(tmp_path: Path) -> None:
    told = lines(run(tmp_path, "--case", "flat", "--json"))
    # The largest error of 16 directions lies halfway between a straight and a knight's move.
    assert 2.7 < told["largest excess of length, per cent"]["ours"] <= 2.75


@pytest.mark.skipif(not shutil.which("grass"), reason="GRASS is not installed")
def test_with_the_formula_of_r_walk_the_costs_are_those_of_r_walk(tmp_path: Path) -> None:
    told = lines(run(tmp_path, "--case", "agreement", "--json"))
    assert told["cells within 0.1%, per cent"]["ours"] >= 99


def test_matrices_are_near_the_exact_ones_and_a_bridge_out_gives_those_from_nothing(
    tmp_path: Path,
) -> None:
    told = lines(run(tmp_path, "--case", "full", "--case", "closure", "--json"))
    for name in ("heavy_truck", "light_4x4", "tracked", "foot"):
        assert told[f"{name}: pairs that only one of the two joins"]["ours"] == 0
        # A way that is put together is never shorter than the best, and on this ground the largest
        # excess is 5.5 %.
        assert 0 <= told[f"{name}: largest excess, per cent"]["ours"] + 1e-6 < 6
        assert told[f"{name}: pairs compared"]["ours"] > 0
    assert told["values that differ"]["ours"] == 0


def test_an_area_drawn_and_taken_away_gives_the_values_from_nothing(tmp_path: Path) -> None:
    told = lines(run(tmp_path, "--case", "area", "--json"))
    assert told["values that differ"]["ours"] == 0
    # The area lies across the middle, where some pair goes.
    assert told["pairs that it makes slower"]["ours"] > 0
    assert set(told) > {"drawn: CPU s", "taken away: CPU s"}


def test_a_road_lost_costs_what_it_costs_to_begin_without_it(tmp_path: Path) -> None:
    told = lines(run(tmp_path, "--case", "critical", "--json"))
    assert told["losses that differ"]["ours"] == 0
    assert told["losses compared"]["ours"] == 8


def test_on_contracted_roads_every_value_is_that_of_the_raw_graph(tmp_path: Path) -> None:
    found = run(tmp_path, "--case", "roads", "--json")
    told = lines(found)
    # Each road of the made theatre has 12 segments, cut into two edges or fewer.
    assert told["arcs after contraction"]["ratio"] >= 6
    # 40 junctions, all pairs.
    assert told["values that differ by more than a millionth, of 1600"]["ours"] == 0
    assert told["pairs that only one of the two joins"]["ours"] == 0
    for peer in ("pandana", "pyvalhalla"):
        assert f"LEFT OUT: {peer}" in found.stderr


def test_exponents_are_those_of_the_growth_and_what_was_measured_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def measured(side: int, sites: int, _: Path) -> dict[str, float]:
        asked.append((side, sites))
        return {"CPU s": side**2.4 * sites**0.5, "peak MB": 300.0}

    real = growth._measured
    monkeypatch.setattr(growth, "_measured", measured)
    for _ in range(2):
        told = lines(run(tmp_path, "--case", "growth", "--json"))
        # A side to the power of 2.4 is as many cells to the power of 1.2.
        assert told["by cells: exponent of CPU s"]["ours"] == 1.2
        assert told["by sites: exponent of CPU s"]["ours"] == 0.5
        assert told["by cells: exponent of peak MB"]["ours"] == 0
    # The smallest goes first, uncounted; of the others none is asked for twice.
    assert asked == [(240, 8), (240, 8), (320, 8), (240, 16)]
    assert real(240, 8, tmp_path)["peak MB"] > 100


def test_results_are_written_with_the_machine_and_a_wrong_case_is_named(tmp_path: Path) -> None:
    found = run(tmp_path, "--case", "flat", "-o", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    written = json.loads((tmp_path / "out" / "flat.json").read_text(encoding="utf-8"))
    assert written["size"] == "small"
    assert written["machine"]["cores"] >= 1
    assert len(written["lines"]) == 2
    wrong = run(tmp_path, "--case", "flatt")
    assert "there are source, agreement, flat, roads" in str(wrong.exception)
