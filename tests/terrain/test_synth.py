"""Made ground as a whole: what every theatre from a seed promises."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import sparse
from scipy.sparse import csgraph
from shapely import STRtree
from shapely.geometry import LineString

from optimizer.datasets import read_table
from optimizer.errors import UsageError
from optimizer.terrain.synth.build import make_theatre
from optimizer.terrain.synth.carve import cells_along
from optimizer.terrain.synth.cli import synth
from optimizer.terrain.synth.position import rows_and_columns
from optimizer.terrain.theatre import Theatre

#: Seed, side in km, resolution: 128 x 128 cells, and 160 x 160 of another size.
CASES = ((3, 3.84, 30.0), (11, 8.0, 50.0))


@pytest.fixture(scope="module", params=CASES, ids=["3.84 km", "8 km"])
def theatre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    seed, size_km, resolution_m = request.param
    folder = tmp_path_factory.mktemp("synth") / "made"
    return make_theatre(folder, seed=seed, size_km=size_km, resolution_m=resolution_m)


def water_lines(theatre: Theatre) -> list[LineString]:
    waters = theatre.frame("waters")
    return list(waters[waters["kind"].isin(["stream", "river"])].geometry)


def test_every_river_runs_downhill_through_all_its_cells(theatre: Theatre) -> None:
    ground = theatre.raster("elevation")
    lines = water_lines(theatre)
    assert lines
    for line in lines:
        rows, columns, _ = cells_along(rows_and_columns(line, theatre.grid))
        inside = (rows >= 0) & (rows < theatre.grid.height)
        inside &= (columns >= 0) & (columns < theatre.grid.width)
        assert (np.diff(ground[rows[inside], columns[inside]]) <= 0).all()


def test_water_raster_has_every_cell_of_every_course(theatre: Theatre) -> None:
    # The format: lines are burned with every cell that they touch, so that they have no gaps.
    wet = theatre.raster("water")
    for line in water_lines(theatre):
        rows, columns, _ = cells_along(rows_and_columns(line, theatre.grid))
        inside = (rows >= 0) & (rows < theatre.grid.height)
        inside &= (columns >= 0) & (columns < theatre.grid.width)
        assert (wet[rows[inside], columns[inside]] > 0).all()


def test_every_crossing_of_road_and_water_is_a_bridge_or_ford(theatre: Theatre) -> None:
    roads = theatre.frame("roads")
    lines = water_lines(theatre)
    on_water = {int(i) for i in STRtree(roads.geometry).query(lines, predicate="intersects")[1]}
    spanned = set(roads.index[roads["bridge"] | roads["ford"]])
    assert on_water
    assert on_water <= spanned


def test_every_bridge_states_its_load_class_and_fords_are_on_tracks(theatre: Theatre) -> None:
    roads = theatre.frame("roads")
    bridges = roads[roads["bridge"]]
    assert bridges["mlc_wheeled"].notna().all()
    # A tracked vehicle loads a bridge harder than a wheeled one of its class: never the larger one.
    assert (bridges["mlc_tracked"] <= bridges["mlc_wheeled"]).all()
    assert (roads.loc[roads["ford"], "class"] == "track").all()
    assert not (roads["bridge"] & roads["ford"]).any()


def test_no_road_runs_through_a_lake(theatre: Theatre) -> None:
    waters = theatre.frame("waters")
    for lake in waters[waters["kind"] == "lake"].geometry:
        assert not theatre.frame("roads").intersects(lake).any()


def test_roads_are_one_network_that_holds_every_place(theatre: Theatre) -> None:
    roads, nodes, places = (theatre.frame(name) for name in ("roads", "nodes", "places"))
    graph = sparse.coo_array(
        (np.ones(len(roads)), (roads["from_node"], roads["to_node"])), shape=(len(nodes),) * 2
    )
    assert csgraph.connected_components(graph, directed=False)[0] == 1
    assert (nodes["component"] == 0).all()
    settled = places[places["population"] > 0]
    assert len(settled) >= 4  # at least a town, two villages and a hamlet
    tree = STRtree(roads.geometry)
    gap_m = [p.distance(roads.geometry.iloc[tree.nearest(p)]) for p in settled.geometry]
    # Smoothing moves a road by at most 1.6 cells along each axis.
    assert max(gap_m) <= 1.6 * np.sqrt(2) * theatre.grid.resolution_m


def test_edges_meet_their_nodes_and_are_short(theatre: Theatre) -> None:
    roads, nodes = theatre.frame("roads"), theatre.frame("nodes")
    ends = zip(roads.geometry, roads["from_node"], roads["to_node"], strict=True)
    for line, start, end in ends:
        assert line.coords[0] == nodes.geometry.iloc[start].coords[0]
        assert line.coords[-1] == nodes.geometry.iloc[end].coords[0]
    assert (roads.loc[~roads["bridge"], "length_m"] <= 500).all()
    assert roads["length_m"].to_numpy() == pytest.approx(roads.length.to_numpy(), abs=0.01)
    z = nodes["z_m"].to_numpy()
    assert (z[roads["from_node"]] == roads["from_z_m"]).all()
    assert (z[roads["to_node"]] == roads["to_z_m"]).all()


def test_roads_cross_each_other_at_nodes_only(theatre: Theatre) -> None:
    roads = theatre.frame("roads")
    first, second = STRtree(roads.geometry).query(roads.geometry, predicate="crosses")
    assert len(first) == 0, (first, second)


def test_roads_follow_the_ground(theatre: Theatre) -> None:
    roads = theatre.frame("roads")
    grade = (roads["to_z_m"] - roads["from_z_m"]).abs() / roads["length_m"]
    assert grade.quantile(0.95) <= 0.12
    nodes, ground = theatre.frame("nodes"), theatre.raster("elevation")
    cells = [theatre.grid.cell(p.x, p.y) for p in nodes.geometry]
    gap_m = np.abs([ground[cell] for cell in cells] - nodes["z_m"])
    # An embankment or a cutting, but no viaduct: bridges stand over beds cut deep into the ground.
    assert np.quantile(gap_m, 0.95) < 10


def test_surfaces_and_covers_are_those_of_the_tables(theatre: Theatre) -> None:
    surfaces = {row["surface"] for row in read_table("mobility", "surface.csv")}
    assert set(theatre.frame("roads")["surface"]) <= surfaces
    codes = {int(row["code"]) for row in read_table("terrain_tables", "landcover.csv")}
    assert set(np.unique(theatre.raster("landcover"))) <= codes - {0}


def test_land_cover_agrees_with_the_water(theatre: Theatre) -> None:
    assert ((theatre.raster("landcover") == 80) == (theatre.raster("water") >= 2)).all()


def test_names_are_given_once_and_the_largest_place_comes_first(theatre: Theatre) -> None:
    places = theatre.frame("places")
    assert places["name"].is_unique
    assert (places["name"].str.len() > 2).all()
    assert places["population"].idxmax() == 0


def test_manifest_says_that_the_ground_is_invented(theatre: Theatre) -> None:
    source = theatre.manifest.sources[0]
    assert (
        source.name == f"Made by convoi terrain synth, seed {theatre.manifest.statistics['seed']}"
    )
    assert source.licence == "CC0-1.0"


def test_same_seed_same_digest_other_seed_other_ground(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("again")
    made = [
        make_theatre(folder / str(i), seed=seed, size_km=2.88).manifest
        for i, seed in enumerate((1, 1, 2))
    ]
    assert made[0].digest == made[1].digest
    assert made[0].layers["elevation"].digest != made[2].layers["elevation"].digest


def test_a_map_too_small_or_too_large_is_refused_before_any_work(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("none") / "made"
    with pytest.raises(UsageError, match="33 cells a side"):
        make_theatre(folder, seed=1, size_km=1)
    with pytest.raises(UsageError, match="10000 cells a side"):
        make_theatre(folder, seed=1, size_km=300)
    assert not folder.exists()


@pytest.mark.parametrize("size_km", [float("nan"), float("inf")])
def test_a_size_that_is_no_number_is_refused(
    size_km: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(UsageError, match="finite"):
        make_theatre(tmp_path_factory.mktemp("none") / "made", seed=1, size_km=size_km)


def test_a_bad_name_is_refused_and_a_bad_folder_name_is_mended(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("names") / "val d'eau"
    with pytest.raises(UsageError, match="cannot be a name"):
        make_theatre(folder, seed=1, size_km=2.88, name="two words")
    assert not folder.exists()
    assert make_theatre(folder, seed=1, size_km=2.88).manifest.name == "val-d-eau"


def test_command_writes_a_theatre_and_keeps_what_stands_there(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("command") / "valley"
    call = ["--seed", "5", "--size-km", "2.88", "-o", str(folder)]
    first = CliRunner().invoke(synth, call)
    assert first.exit_code == 0, first.output
    digest = Theatre.open(folder).manifest.digest
    assert f"digest {digest}" in first.output
    assert Theatre.open(folder).manifest.name == "valley"
    second = CliRunner().invoke(synth, call)
    assert isinstance(second.exception, UsageError)
    assert "--replace" in str(second.exception)


def test_a_whole_number_as_resolution_is_no_other_ground(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("whole") / "made"
    made = make_theatre(folder, seed=1, size_km=2.88, resolution_m=30)
    made.raster("elevation")  # raises where the digest was taken over another text


def test_progress_ends_at_the_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    steps: list[float] = []
    folder = tmp_path_factory.mktemp("progress") / "made"
    make_theatre(folder, seed=1, size_km=2.88, advance=steps.append)
    assert min(steps) >= 0
    assert sum(steps) == pytest.approx(1.0)
