"""How sites are joined to the ground, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from optimizer.check.check import check_ground
from optimizer.network.answers.joined import Joined, how_joined
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.pair.cli import path
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre

TRUCK = Profile(mobility=("heavy_truck",))
FOOT = Profile(mobility=("foot",))
#: West of the river: a track, 65 m from `bank`. East of it: a primary road, 35 m from it, and a
#: street with one way that ends at `end`, between houses where nobody drives.
SITES = {
    "bank": (595, 310),
    "shore": (595, 1050),
    "road": (630, 900),
    "end": (1100, 600),
    "field": (200, 310),
}


@pytest.fixture(scope="module")
def banks(make_theatre: Callable[..., Theatre]) -> Theatre:
    water = np.zeros((60, 60), np.uint8)
    water[:, 30] = 2
    return make_theatre(
        [
            {"line": [(630, 10), (630, 600)], "class": "primary"},
            {"line": [(630, 600), (630, 1190)], "class": "primary"},
            {"line": [(530, 10), (530, 800)], "class": "track"},
            {"line": [(630, 600), (1150, 600)], "class": "residential", "oneway": 1},
        ],
        water=water,
        waters={"river": [shapely.LineString([(400_610, 4_700_000), (400_610, 4_698_800)])]},
        name="banks",
    )


@pytest.fixture(scope="module")
def stated(banks: Theatre, make_scenario: Callable[..., Scenario]) -> Scenario:
    return make_scenario(banks, SITES)


def test_it_is_told_how_each_site_is_joined(banks: Theatre, stated: Scenario) -> None:
    layers = TheatreGround(stated, banks).layers
    told = {found.site: found for found in how_joined(layers, TRUCK)}
    bank = told["bank"]
    assert (bank.road, bank.nearer, bank.between) == ("s2", "s0", "water")
    assert (bank.road_m, bank.nearer_m) == pytest.approx((65, 35), abs=0.1)
    # The track ends 250 m before it, and the river parts it from the road.
    shore = told["shore"]
    assert (shore.road, shore.nearer, shore.between) == (None, "s1", "water")
    assert told["road"] == Joined(
        "road", "s1", told["road"].road_m, leaves=True, comes=True, shared=True
    )
    # Down the street and not back: of two pieces without a turn the largest part is the road.
    assert (told["end"].road, told["end"].comes, told["end"].leaves) == ("s3", True, False)
    assert told["field"] == Joined("field")
    # Who walks ignores one-way streets.
    assert {found.leaves for found in how_joined(layers, FOOT) if found.site == "end"} == {True}


def test_a_check_tells_what_surprises(banks: Theatre, stated: Scenario) -> None:
    told = {fault.pointer: fault for fault in check_ground(stated, banks)}
    codes = {pointer: fault.code for pointer, fault in told.items()}
    assert codes == {
        "/sites/0/position": "ground.site_across_water",
        "/sites/1/position": "ground.site_across_water_ground",
        "/sites/3/position": "ground.site_no_road_on",
    }
    assert told["/sites/0/position"].text("en") == (
        "bank is 35 m from s0, but water lies between: heavy_truck joins s2, 65 m away;"
        " move it to the other bank if that is meant"
    )


def test_a_way_tells_how_its_ends_are_joined(
    banks: Theatre, stated: Scenario, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.yaml"
    dump_scenario(stated, file)
    call = [str(file), "--theatre", str(banks.folder), "--class", "heavy_truck"]
    call += ["--criterion", "time", "--from", "bank", "--to", "field"]
    lines = CliRunner().invoke(path, call).output.splitlines()
    assert lines[5] == (
        "bank lies on s2, 65 m off; s0 is nearer, 35 m, but water lies between;"
        " no road joins it to most other roads"
    )
    assert lines[6].startswith("field lies on no road: ")
    assert lines[6].endswith(" m over open ground to s2")
