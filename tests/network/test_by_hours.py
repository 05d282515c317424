"""Ground by the hour: one for each set of closures, made from each other, asked for at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from optimizer.errors import UsageError
from optimizer.network.by_medium import GroundByMedium
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.kin import Kin
from optimizer.network.matrices import matrices_csv, matrices_document, matrices_on
from optimizer.network.of_scenario import ground_of
from optimizer.network.pair.cli import path
from optimizer.progress import progress
from optimizer.scenario.convoys import convoys_of
from optimizer.scenario.hours import hours_of, scenario_at
from optimizer.scenario.model import Criterion, Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre

Make = Callable[..., Scenario]

SITES = {"nw": (150, 310), "ne": (1050, 310), "sw": (150, 810)}
NORTH = {"id": "C-1", "kind": "road_cut", "road": "north"}
#: Cuts the northern road from 08:00 to 10:00 and from 12:00 on.
HOURS = [
    {"start": "2026-06-15T08:00Z", "end": "2026-06-15T10:00Z"},
    {"start": "2026-06-15T12:00Z", "end": "2026-06-15T23:00Z"},
]


def on_day(scenario: Scenario, **stated: Any) -> Scenario:
    horizon = {"start": "2026-06-15T06:00Z", "end": "2026-06-15T20:00Z"}
    return Scenario.model_validate(scenario.document() | {"horizon": horizon} | stated)


@pytest.fixture
def cut_by_hours(tiny: Theatre, make_scenario: Make) -> Scenario:
    return on_day(make_scenario(tiny, SITES), changes=[NORTH | {"windows": HOURS}])


def test_each_window_has_the_matrix_of_what_holds_in_it(
    tiny: Theatre, cut_by_hours: Scenario
) -> None:
    ground = ground_of(cut_by_hours, tiny)
    profile = convoys_of(cut_by_hours)[0].profile
    for window, changes in ((0, []), (1, [NORTH])):
        alone = TheatreGround(on_day(cut_by_hours, changes=changes), tiny)
        ours = ground.matrix(profile, Criterion.TIME, window)
        theirs = alone.matrix(profile, Criterion.TIME)
        np.testing.assert_array_equal(ours.time_s, theirs.time_s)
        assert ours.unreachable == theirs.unreachable
        assert ground.course(profile, Criterion.TIME, "nw", "sw", window) == alone.course(
            profile, Criterion.TIME, "nw", "sw"
        )


def test_windows_that_differ_in_roads_share_the_ways_over_open_ground(
    tiny: Theatre, cut_by_hours: Scenario
) -> None:
    kin, hours = Kin(), hours_of(cut_by_hours)
    mobility = convoys_of(cut_by_hours)[0].profile.mobility
    first, second = (kin.ground(hours.in_window(w), tiny, progress) for w in (0, 1))
    assert isinstance(second, GroundByMedium)
    assert first.land.layers.overlay(mobility, Criterion.TIME) is second.land.layers.overlay(
        mobility, Criterion.TIME
    )


def test_matrices_are_written_by_window(tiny: Theatre, cut_by_hours: Scenario) -> None:
    found = matrices_on(cut_by_hours, ground_of(cut_by_hours, tiny), Criterion.TIME)
    document = matrices_document(cut_by_hours, found, Criterion.TIME)
    assert document["windows"] == [
        {"from": f"2026-06-15T{hour}:00:00+00:00", "window": window}
        for hour, window in (("06", 0), ("08", 1), ("10", 0), ("12", 1))
    ]
    assert [profile["window"] for profile in document["profiles"]] == [0, 1]
    rows = list(csv.DictReader(io.StringIO(matrices_csv(found))))
    pair = [row for row in rows if (row["origin"], row["destination"]) == ("nw", "ne")]
    assert [row["window"] for row in pair] == ["0", "1"]
    assert pair[0]["time_s"] != pair[1]["time_s"]


def test_a_way_is_asked_for_at_a_time(
    tiny: Theatre, cut_by_hours: Scenario, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.yaml"
    dump_scenario(cut_by_hours, file)
    call = [str(file), "--from", "nw", "--to", "ne", "--theatre", str(tiny.folder), "--json"]
    call += ["--class", "heavy_truck"]

    def ways(*more: str) -> Any:
        result = CliRunner().invoke(path, [*call, *more], catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.output)

    open_, cut = (ways("--at", f"2026-06-15T{hour}:00Z") for hour in ("11", "09"))
    assert open_ != cut
    # Without a time everything that is stated counts.
    assert ways() == cut


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("noon", "'noon' is no time with offset; write it as 2026-06-15T06:00:00+00:00"),
        ("2026-06-15T11:00", "is no time with offset"),
        ("2026-06-16T11:00Z", "lies outside the horizon, which goes from 2026-06-15T06:00"),
    ],
)
def test_a_time_that_is_none_is_told_with_one_that_is(
    cut_by_hours: Scenario, clock: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told.replace("+", r"\+")):
        scenario_at(cut_by_hours, clock)
