"""What it costs to lose a road: the same as a scenario whose changes cut it, made from nothing."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from optimizer.errors import UsageError
from optimizer.network.answers.critical import Critical, critical_roads
from optimizer.network.answers.frames import loss_pairs_frame, losses_frame
from optimizer.network.critical.ask import ask
from optimizer.network.critical.cli import critical
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.ground import Matrix
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Change, Criterion, Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre

TRUCK = Profile(mobility=("heavy_truck",), load_class=30)
LIGHT = Profile(mobility=("light_4x4",), load_class=4)
FOOT = Profile(mobility=("foot",))
#: On both sides of the river, on a track, in the street with one way, and off the road.
SITES = {
    "nw": (150, 310),
    "ne": (1050, 310),
    "se": (1050, 810),
    "track": (300, 1110),
    "yard": (1130, 1110),
    "field": (470, 560),
}

Make = Callable[..., Scenario]


def found(ground: TheatreGround, profile: Profile) -> Critical:
    mesh, matrix = (tell(profile, Criterion.TIME) for tell in (ground.mesh, ground.matrix))
    return critical_roads(ground.layers, profile, mesh, matrix)


def losses(told: Critical) -> dict[int, dict[tuple[int, int], int]]:
    """Give the time of each pair that is worse off, by edge; -1 without a way."""
    return {
        edge: dict(zip(map(tuple, loss.pairs.tolist()), loss.after_s.tolist(), strict=True))
        for loss in told.losses
        for edge in loss.edges
    }


def without(scenario: Scenario, theatre: Theatre, edge: str, profile: Profile) -> Matrix:
    cut = Change.model_validate({"id": "lost", "kind": "road_cut", "road": edge})
    cut_off = scenario.model_copy(update={"changes": (*scenario.changes, cut)})
    return TheatreGround(cut_off, theatre).matrix(profile, Criterion.TIME)


@pytest.mark.parametrize("profile", [TRUCK, LIGHT, FOOT])
def test_each_road_costs_what_a_change_that_cuts_it_costs(
    tiny: Theatre, make_scenario: Make, profile: Profile
) -> None:
    scenario = make_scenario(tiny, SITES)
    ground = TheatreGround(scenario, tiny)
    before = ground.matrix(profile, Criterion.TIME).time_s
    expected = {}
    for edge, name in enumerate(ground.layers.roads.id):
        after = without(scenario, tiny, name, profile).time_s
        worse = (before >= 0) & ((after < 0) | (after > before))
        if worse.any():
            pairs = zip(*(axis.tolist() for axis in np.nonzero(worse)), strict=True)
            expected[edge] = dict(zip(pairs, after[worse].tolist(), strict=True))
    told = found(ground, profile)
    assert losses(told) == expected
    assert len(expected) > 3
    assert set(expected) <= set(told.closed)


def test_the_worst_is_the_road_that_cuts_most_pairs_off(tiny: Theatre, make_scenario: Make) -> None:
    told = found(TheatreGround(make_scenario(tiny, SITES), tiny), TRUCK)
    # The only bridge that bears a lorry of class 30 parts nw, track and field from ne, se and yard:
    # 3 x 3 pairs, there and back. Nobody joins a road at the end of a bridge, so that the edges
    # before and after it are as critical; without its own road a site is farther away as well.
    worst = [loss for loss in told.losses if loss.cut_off]
    assert sorted(edge for loss in worst for edge in loss.edges) == [1, 2, 3]
    assert {loss.cut_off for loss in worst} == {18}
    assert {edge: loss.slower for loss in worst for edge in loss.edges}[2] == 0
    ranks = [(-loss.cut_off, -int(loss.lost_s.sum())) for loss in told.losses]
    assert ranks == sorted(ranks)


def test_edges_in_series_are_one_road(
    make_theatre: Callable[..., Theatre], make_scenario: Make
) -> None:
    # In a forest no lorry leaves the road: each edge from site to site is as bad.
    ends = [(10, 310), (110, 310), (400, 310), (600, 310), (800, 310), (1190, 310)]
    roads = [
        {"line": [start, end], "class": "primary", "bridge": start[0] == 400}
        for start, end in itertools.pairwise(ends)
    ]
    theatre = make_theatre(roads, landcover=np.full((60, 60), 10, np.uint8))
    ground = TheatreGround(make_scenario(theatre, {"a": (20, 310), "b": (1000, 310)}), theatre)
    told = found(ground, TRUCK)
    # a is on the first edge and b on the last; with its edge lost a site is cut off as well.
    assert [(loss.edges, loss.cut_off) for loss in told.losses] == [((0, 1, 2, 3, 4), 2)]
    layer = losses_frame(told, ground.layers.roads, theatre)
    assert layer.loc[0, ["rank", "bridges", "cut_off"]].tolist() == [1, "s2", 2]
    west, east = theatre.to_ground.transform(
        layer.total_bounds[[0, 2]], layer.total_bounds[[1, 3]]
    )[0]
    assert east - west == pytest.approx(1180, abs=1)
    pairs = loss_pairs_frame(told, ground.layers.roads)
    assert pairs[["origin", "destination"]].values.tolist() == [["a", "b"], ["b", "a"]]
    assert pairs["after_s"].isna().all()


def test_the_command_tells_the_bridge(tiny: Theatre, make_scenario: Make, tmp_path: Path) -> None:
    file, target = tmp_path / "scenario.yaml", tmp_path / "pairs.csv"
    dump_scenario(make_scenario(tiny, SITES), file)
    call = [str(file), "--theatre", str(tiny.folder), "--bridges"]
    result = CliRunner().invoke(critical, [*call, "-o", str(target)])
    assert result.exit_code == 0, result.exception
    lines = result.output.splitlines()
    assert lines[2] == "heavy_truck (convoy C-nw-lorry-01)"
    assert lines[4] == (
        "pairs of 6 sites with a way: 30; edges of roads closed, each alone: 1;"
        " bridges among them: 1"
    )
    assert lines[6].split()[:6] == ["1", "18", "0", "-", "-", "s2"]
    with target.open(newline="") as rows:
        assert {row["after_s"] for row in csv.DictReader(rows)} == {""}
    told = json.loads(CliRunner().invoke(critical, [*call, "--json"]).output)
    assert told["answers"][0]["losses"][0]["bridges"] == ["s2"]
    french = CliRunner().invoke(critical, [*call, "--lang", "fr"]).output
    assert "s2 pont primary" in french
    wrong = CliRunner().invoke(critical, [*call, "--class", "foot"])
    assert isinstance(wrong.exception, UsageError)
    assert str(wrong.exception) == "no convoy has the class 'foot'; there are heavy_truck"


@pytest.mark.parametrize("sites", [{"field": (470, 560)}, {"field": (470, 560), "by": (470, 600)}])
def test_where_no_path_goes_by_road_no_road_is_critical(
    tiny: Theatre, make_scenario: Make, sites: dict[str, tuple[float, float]]
) -> None:
    told = found(TheatreGround(make_scenario(tiny, sites), tiny), FOOT)
    # One site has no pair, two a stone's throw apart on open grass have two.
    assert (told.joined, told.closed, told.losses) == (2 * (len(sites) - 1), (), ())


def test_a_fleet_that_only_flies_has_no_road_to_lose(tiny: Theatre, make_scenario: Make) -> None:
    scenario = make_scenario(tiny, SITES)
    flying = [kind.model_copy(update={"mobility": "helicopter"}) for kind in scenario.vehicle_types]
    scenario = scenario.model_copy(update={"vehicle_types": tuple(flying)})
    with pytest.raises(UsageError, match="no convoy of the scenario moves on the ground"):
        ask(TheatreGround(scenario, tiny), scenario)
