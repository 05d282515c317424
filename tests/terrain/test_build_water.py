"""Water bars the way where it lies open; land cover is painted, the detail on top."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from scipy.ndimage import label

from optimizer.errors import FileError, UsageError
from optimizer.terrain.build.assemble import build_theatre
from optimizer.terrain.build.tables import legend, legend_names
from optimizer.terrain.theatre import Theatre

WriteOsm = Callable[..., Path]
WriteDem = Callable[..., Path]

ROAD = {"highway": "residential"}
#: Nodes 1 to 4 are a square of 0.01 degrees, 5 to 8 a smaller one inside it.
SQUARES = {
    1: (0, 0),
    2: (10, 0),
    3: (10, 10),
    4: (0, 10),
    5: (4, 4),
    6: (6, 4),
    7: (6, 6),
    8: (4, 6),
}
OUTER, INNER = (1, 2, 3, 4, 1), (5, 6, 7, 8, 5)


def _at(theatre: Theatre, raster: str, east: float, north: float) -> int:
    x, y = theatre.to_ground.transform(1.5 + east / 1000, 42.5 + north / 1000)
    return int(theatre.raster(raster)[theatre.grid.cell(x, y)])


def _build(tmp_path: Path, osm: Path, **more: object) -> Theatre:
    return build_theatre(tmp_path / "theatre", osm=[osm], **more).theatre  # type: ignore[arg-type]  # options of one test


def test_kinds_of_water_and_what_runs_underground(write_osm: WriteOsm, tmp_path: Path) -> None:
    kinds = [
        {"waterway": "river", "name": "Valira"},
        {"waterway": "stream", "intermittent": "yes"},
        {"waterway": "canal"},
        {"waterway": "stream", "tunnel": "culvert"},
        {"waterway": "river", "tunnel": "yes"},
        ROAD,
    ]
    nodes = {1 + i: (2.0 * i, 0.0) for i in range(6)} | {11 + i: (2.0 * i, 10.0) for i in range(6)}
    ways = {1 + i: ((1 + i, 11 + i), tags) for i, tags in enumerate(kinds)}
    theatre = _build(tmp_path, write_osm(nodes, ways, box=True))
    waters = theatre.frame("waters")
    assert sorted(waters["kind"]) == ["canal", "river", "stream"]
    assert waters.loc[waters["kind"] == "river", "name"].tolist() == ["Valira"]
    # 0.002 degrees are 164 m apart: each line has its own cells.
    assert [_at(theatre, "water", 2 * i, 5) for i in range(6)] == [2, 1, 2, 0, 0, 0]
    assert theatre.manifest.statistics["dropped_waterways_underground"] == 2


def test_a_river_has_no_gap_through_which_a_path_could_slip(
    write_osm: WriteOsm, tmp_path: Path
) -> None:
    nodes = {1: (0, 1.3), 2: (3, 4.1), 3: (10, 8.7), 4: (0, 0), 5: (10, 10)}
    path = write_osm(nodes, {1: ((1, 2, 3), {"waterway": "river"}), 2: ((4, 5), ROAD)})
    water = _build(tmp_path, path).raster("water")
    # Between its ends the two banks are not joined, even by a diagonal step.
    wet_columns = np.flatnonzero((water > 0).any(axis=0))
    inside = water[:, wet_columns[0] : wet_columns[-1] + 1]
    _, banks = label(inside == 0, structure=np.ones((3, 3)))
    assert banks == 2


def test_water_under_a_bridge_stays_water(write_osm: WriteOsm, tmp_path: Path) -> None:
    nodes = {1: (0, 5), 2: (10, 5), 3: (5, 0), 4: (5, 10)}
    ways = {1: ((1, 2), {"waterway": "river"}), 2: ((3, 4), ROAD | {"bridge": "yes"})}
    assert _at(_build(tmp_path, write_osm(nodes, ways)), "water", 5, 5) == 2


def test_a_lake_with_an_island(write_osm: WriteOsm, tmp_path: Path) -> None:
    relation = (
        '<relation id="1" version="1"><member type="way" ref="1" role="outer"/>'
        '<member type="way" ref="2" role="inner"/><tag k="type" v="multipolygon"/>'
        '<tag k="natural" v="water"/></relation>'
    )
    path = write_osm(
        SQUARES | {9: (11, 0), 10: (11, 10)},
        {1: (OUTER, {}), 2: (INNER, {}), 3: ((9, 10), ROAD)},
        relations=relation,
        box=True,
    )
    theatre = _build(tmp_path, path)
    assert _at(theatre, "water", 2, 2) == 3
    assert _at(theatre, "water", 5, 5) == 0
    assert _at(theatre, "landcover", 2, 2) == 80
    assert _at(theatre, "landcover", 5, 5) == 0


def test_the_smaller_area_lies_on_top(write_osm: WriteOsm, tmp_path: Path) -> None:
    # The inner one comes first in the file and has the lower number.
    path = write_osm(
        SQUARES,
        {1: (INNER, {"landuse": "meadow"}), 2: (OUTER, {"natural": "wood"}), 3: ((1, 3), ROAD)},
    )
    theatre = _build(tmp_path, path)
    assert _at(theatre, "landcover", 2, 2) == 10
    assert _at(theatre, "landcover", 5, 5) == 30
    # The margin of 500 m around the roads is unmapped: stated as a share, here of most of the grid.
    share = theatre.manifest.statistics["landcover_unmapped_share"]
    mapped = (theatre.raster("landcover") > 0).mean()
    assert share == pytest.approx(1 - mapped, abs=1e-4)


@pytest.mark.parametrize(("nodes", "east_is_sea"), [((2, 3), False), ((3, 2), True)])
def test_the_sea_lies_to_the_right_of_the_coast(
    write_osm: WriteOsm, tmp_path: Path, nodes: tuple[int, int], *, east_is_sea: bool
) -> None:
    # A coast drawn from south to north has the sea in the east; the other way round in the west.
    points = {2: (5, 20), 3: (5, -20), 4: (1, 5), 5: (9, 5)}
    path = write_osm(points, {1: (nodes, {"natural": "coastline"}), 2: ((4, 5), ROAD)}, box=True)
    theatre = _build(tmp_path, path)
    west, east = _at(theatre, "water", 2, 5), _at(theatre, "water", 8, 5)
    assert (west, east) == ((0, 3) if east_is_sea else (3, 0))
    assert set(theatre.frame("waters")["kind"]) == {"sea"}


def test_a_coast_with_gaps_is_said(write_osm: WriteOsm, tmp_path: Path) -> None:
    points = {2: (5, 8), 3: (5, 2), 4: (1, 5), 5: (9, 5)}
    path = write_osm(points, {1: ((3, 2), {"natural": "coastline"}), 2: ((4, 5), ROAD)}, box=True)
    built = build_theatre(tmp_path / "theatre", osm=[path])
    assert any("coastline has gaps" in warning for warning in built.warnings)
    assert not built.theatre.raster("water").any()


def test_places_have_kind_and_population(write_osm: WriteOsm, tmp_path: Path) -> None:
    path = write_osm(
        {1: (0, 0), 2: (10, 10), 3: (5, 5), 4: (6, 6), 5: (500, 500), 6: (1, 1)},
        {1: ((1, 2), ROAD)},
        node_tags={
            3: {"place": "town", "name": "Encamp", "population": "8 000"},
            4: {"natural": "saddle", "name": "Coll"},
            5: {"place": "city", "name": "Far away"},
            6: {"place": "hamlet"},  # without a name there is nothing to write
        },
    )
    places = _build(tmp_path, path).frame("places")
    rows = places[["name", "kind", "population"]].to_numpy().tolist()
    assert rows == [["Encamp", "town", 8000], ["Coll", "pass", 0]]


def test_a_raster_of_land_cover_is_translated_by_its_legend(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    codes = np.full((60, 60), 42, np.uint8)  # NLCD: evergreen forest
    codes[:, 30:] = 82  # cultivated crops
    path = write_dem(codes, name="cover.tif")
    theatre = _build(tmp_path, osm, land=[path], legend="nlcd")
    assert _at(theatre, "landcover", 2, 5) == 10
    assert _at(theatre, "landcover", 12, 5) == 40
    assert [s.what for s in theatre.manifest.sources] == ["roads, water, places", "land cover"]


def test_tiles_of_land_cover_stand_side_by_side_and_the_first_wins(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    tree, crop = np.full((60, 60), 10, np.uint8), np.full((60, 120), 40, np.uint8)
    # The first ends at 1.505 degrees; the second begins before and goes on.
    tiles = [
        write_dem(tree, name="west.tif", west=1.475),
        write_dem(crop, name="east.tif", west=1.490),
        write_dem(crop, name="far.tif", west=9.0),  # a tile that the grid just misses is no fault
    ]
    theatre = _build(tmp_path, osm, land=tiles, legend="worldcover")
    assert _at(theatre, "landcover", 2, 5) == 10
    assert _at(theatre, "landcover", 8, 5) == 40
    assert [s.what for s in theatre.manifest.sources][1:] == ["land cover"] * 3


def test_codes_that_the_legend_does_not_know_name_one_that_does(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    path = write_dem(np.full((60, 60), 42, np.uint8), name="cover.tif")
    with pytest.raises(FileError, match=r"codes 42 are not in the legend 'theatre'.*--legend nlcd"):
        _build(tmp_path, osm, land=[path])
    with pytest.raises(UsageError, match="no legend 'nlcd2'; there are theatre, nlcd"):
        _build(tmp_path, osm, land=[path], legend="nlcd2")
    assert not (tmp_path / "theatre").exists()


def test_land_cover_of_another_place(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    path = write_dem(np.full((60, 60), 10, np.uint8), west=9.0, name="cover.tif")
    with pytest.raises(FileError, match="does not lie on this ground"):
        _build(tmp_path, osm, land=[path])


def test_land_cover_in_fractions(write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    path = write_dem(np.full((60, 60), 0.5, np.float32), name="cover.tif")
    with pytest.raises(FileError, match="whole-number codes"):
        _build(tmp_path, osm, land=[path])


def test_every_legend_leads_to_codes_of_a_theatre() -> None:
    own = set(legend("theatre").values())
    for name in legend_names():
        assert set(legend(name).values()) <= own


def test_a_void_value_of_land_cover_is_unmapped(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm({1: (0, 0), 2: (10, 10)}, {1: ((1, 2), ROAD)})
    codes = np.full((60, 60), 10, np.uint8)
    codes[:, 30:] = 255
    path = write_dem(codes, name="cover.tif", nodata=255)
    with rasterio.open(path) as source:
        assert source.nodata == 255
    theatre = _build(tmp_path, osm, land=[path])
    assert _at(theatre, "landcover", 12, 5) == 0
