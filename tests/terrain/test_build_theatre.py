"""The whole build: inputs become one theatre, reproducibly; what is wrong is said in one line."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from click.testing import CliRunner

from optimizer.errors import ConvoiError, FileError, UsageError
from optimizer.terrain.build.assemble import STEPS, build_theatre
from optimizer.terrain.build.cli import build
from optimizer.terrain.build.osm import read_osm
from optimizer.terrain.theatre import Theatre

WriteOsm = Callable[..., Path]
WriteDem = Callable[..., Path]

ROAD = {"highway": "residential"}
CROSS = ({1: (0, 5), 2: (10, 5), 3: (5, 0), 4: (5, 10)}, {1: ((1, 2), ROAD), 2: ((3, 4), ROAD)})


def _slope(shape: tuple[int, int] = (60, 60)) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.fromfunction(lambda row, column: 1000 - 2 * row + column, shape, dtype=np.float32)


def _as_pbf(xml: Path) -> Path:
    path = xml.with_suffix(".osm.pbf")
    reader = osmium.FileProcessor(xml)
    with osmium.SimpleWriter(str(path), header=reader.header) as writer:
        for thing in reader:
            writer.add(thing)
    return path


def test_roads_and_relief_share_one_grid(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    told: list[float] = []
    built = build_theatre(
        tmp_path / "Val d'Or", osm=[write_osm(*CROSS, box=True)], dem=[write_dem(_slope())],
        advance=told.append,
    )  # fmt: skip
    manifest = built.theatre.manifest
    assert built.warnings == ()
    assert sum(told) == STEPS
    assert manifest.name == "Val-d-Or"  # what a name may not hold becomes a hyphen
    assert manifest.crs == "EPSG:32631"
    assert manifest.resolution_m == 30
    # The header's box is 0.014 degrees wide and high: 1150 m x 1555 m, turned by 1 degree, which
    # adds 27 m and 20 m: 39.2 and 52.5 cells, rounded up.
    assert (manifest.width, manifest.height) == (40, 53)
    shape = (manifest.height, manifest.width)
    for raster in ("elevation", "landcover", "water"):
        assert built.theatre.raster(raster).shape == shape
    # A node's elevation is the model's there, as an even slope needs no smoothing.
    nodes = built.theatre.frame("nodes")
    roads = built.theatre.frame("roads")
    row, column = built.theatre.grid.cell(nodes.geometry[0].x, nodes.geometry[0].y)
    z = float(built.theatre.raster("elevation")[row, column])
    assert nodes["z_m"][0] == pytest.approx(z, abs=3)
    assert roads["from_z_m"].tolist() == nodes["z_m"][roads["from_node"]].tolist()
    assert [s.licence for s in manifest.sources] == ["ODbL 1.0", "not stated by the file"]
    assert manifest.sources[0].attribution == "© OpenStreetMap contributors"


def test_the_same_input_gives_the_same_theatre(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm, dem = write_osm(*CROSS, box=True), write_dem(_slope())
    packed = tmp_path / "packed.osm.gz"
    packed.write_bytes(gzip.compress(osm.read_bytes()))
    digests = {
        build_theatre(tmp_path / str(i), osm=[path], dem=[dem], name="t").theatre.manifest.digest
        for i, path in enumerate((osm, osm, packed, _as_pbf(osm)))
    }
    # The digest is over the ground: how the file was packed makes no difference.
    assert len(digests) == 1


def test_without_elevation_there_is_no_relief(write_osm: WriteOsm, tmp_path: Path) -> None:
    theatre = build_theatre(tmp_path / "flat", osm=[write_osm(*CROSS)]).theatre
    assert not theatre.has_relief
    assert set(theatre.frame("roads")["from_z_m"]) == {0.0}
    assert "grade_p95_percent" not in theatre.manifest.statistics


def test_without_roads_there_is_ground(write_dem: WriteDem, tmp_path: Path) -> None:
    theatre = build_theatre(tmp_path / "bare", dem=[write_dem(_slope(), step=0.002)]).theatre
    assert len(theatre.frame("roads")) == 0
    # Cells of 0.002 degrees are 164 m x 222 m, the root of their area is 191 m.
    assert theatre.manifest.resolution_m == pytest.approx(191, abs=1)


def test_roads_reach_no_further_than_the_grid(write_osm: WriteOsm, tmp_path: Path) -> None:
    # Way 3 leaves the box of the header for 5 km, as ways do that an extract keeps whole.
    nodes, ways = CROSS
    path = write_osm(nodes | {9: (70, 5)}, ways | {3: ((2, 9), ROAD)}, box=True)
    theatre = build_theatre(tmp_path / "t", osm=[path]).theatre
    east = theatre.grid.west_m + theatre.grid.width * 30
    assert theatre.frame("roads").total_bounds[2] <= east
    # 60 thousandths of a degree are 4.9 km: ten pieces, of which the box holds none whole.
    assert theatre.manifest.statistics["dropped_road_edges_outside_the_grid"] == 10


#: A quarter of the drawn town: 0.006 degrees from its south-western corner.
BOX = (1.4995, 42.4995, 1.5055, 42.5055)


def test_of_a_box_only_what_lies_in_it_is_taken(write_osm: WriteOsm, tmp_path: Path) -> None:
    # Road 1 crosses the box, 2 begins in it, 3 lies far away; the header is of the whole town.
    path = write_osm(
        {1: (-20, 2), 2: (20, 2), 3: (3, 3), 4: (3, 40), 5: (300, 300), 6: (310, 300)},
        {1: ((1, 2), ROAD), 2: ((3, 4), ROAD), 3: ((5, 6), ROAD)},
        node_tags={5: {"place": "city", "name": "Far away"}, 3: {"place": "town", "name": "Here"}},
        box=True,
    )
    assert set(read_osm([path], BOX).roads) == {1, 2}
    theatre = build_theatre(tmp_path / "t", osm=[path], box=BOX).theatre
    # 0.006 degrees are 493 m x 667 m: 16.4 and 22.2 cells, and what the turn and the corners add.
    assert (theatre.grid.width, theatre.grid.height) == (18, 23)
    assert theatre.frame("places")["name"].tolist() == ["Here"]


def test_the_sea_of_a_box_needs_no_node_of_the_coast_in_it(
    write_osm: WriteOsm, tmp_path: Path
) -> None:
    # The coast runs straight through the box, from 20 thousandths of a degree south to 20 north.
    points = {2: (3, 20), 3: (3, -20), 4: (1, 3), 5: (5, 3)}
    path = write_osm(points, {1: ((3, 2), {"natural": "coastline"}), 2: ((4, 5), ROAD)})
    built = build_theatre(tmp_path / "t", osm=[path], box=BOX)
    assert built.warnings == ()
    water = built.theatre.raster("water")
    assert (water[:, :8] == 3).sum() == 0
    assert (water[:, -6:] == 3).all()  # a coast drawn northwards has the sea on its right, east


def test_a_box_of_elevation_alone(write_dem: WriteDem, tmp_path: Path) -> None:
    dem = write_dem(_slope(), step=0.002)
    theatre = build_theatre(tmp_path / "t", dem=[dem], box=BOX, resolution_m=30).theatre
    assert (theatre.grid.width, theatre.grid.height) == (18, 23)
    says = _refused(tmp_path, dem=[dem], box=(9.0, 42.0, 9.1, 42.1))
    assert "does not lie in the box longitude 9.000 to 9.100" in says


def test_a_box_without_roads_is_said(write_osm: WriteOsm, tmp_path: Path) -> None:
    says = _refused(tmp_path, osm=[write_osm(*CROSS)], box=(9.0, 42.0, 9.1, 42.1))
    assert "no roads in the box longitude 9.000 to 9.100" in says


def _refused(tmp_path: Path, **call: object) -> str:
    with pytest.raises(ConvoiError) as error:
        build_theatre(tmp_path / "theatre", **call)  # type: ignore[arg-type]  # options of one test
    assert error.value.exit_code == 2
    # Nothing is half-written: neither the theatre nor a scratch folder beside it.
    left = {p.name for p in tmp_path.iterdir() if p.name.startswith((".", "theatre"))}
    assert left == set()
    message = str(error.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.osm.pbf", b"<html>404 Not Found</html>"),
        ("x.osm.pbf", b""),
        ("x.osm", b"<html/>"),
        ("x.osm", b"\x89PNG\r\n"),
        ("x.osm.gz", b"<osm/>"),
        ("x.osm", b'<osm version="0.6"><node id="1" version="1" lat="1" lon="1"/>'),
        ("x.osm", b'<osm version="0.6"><node id="one" version="1" lat="1" lon="1"/></osm>'),
    ],
)
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    message = _refused(tmp_path, osm=[tmp_path / name])
    assert str(tmp_path / name) in message


def test_other_ways_to_name_a_file_wrongly(tmp_path: Path) -> None:
    assert "is not there" in _refused(tmp_path, osm=[tmp_path / "none.osm.pbf"])
    (tmp_path / "roads.shp").touch()
    assert "must end in .osm.pbf" in _refused(tmp_path, osm=[tmp_path / "roads.shp"])


def test_a_file_cut_short_gives_no_half_theatre(write_osm: WriteOsm, tmp_path: Path) -> None:
    pbf = _as_pbf(write_osm(*CROSS))
    whole = pbf.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.999):
        pbf.write_bytes(whole[: int(len(whole) * share)])
        assert "cut short" in _refused(tmp_path, osm=[pbf])
    packed = tmp_path / "x.osm.gz"
    packed.write_bytes(gzip.compress((tmp_path / "town.osm").read_bytes())[:-9])
    assert "cut short" in _refused(tmp_path, osm=[packed])


def _first_blocks(pbf: bytes, ending: int) -> bytes:
    """Return a PBF without its last blocks, each of which is a length, a head and a body."""
    offset, starts = 0, []
    while offset < len(pbf):
        starts.append(offset)
        head = int.from_bytes(pbf[offset : offset + 4], "big")
        # The head ends with the field 3, the size of the body, as a varint.
        blob = pbf[offset + 4 : offset + 4 + head]
        at = blob.rindex(b"\x18") + 1
        size = sum((byte & 0x7F) << (7 * i) for i, byte in enumerate(blob[at:]))
        offset += 4 + head + size
    return pbf[: starts[-ending]]


def test_a_file_cut_between_two_blocks_is_noticed(write_osm: WriteOsm, tmp_path: Path) -> None:
    # Such a file is well formed: nodes without ways, or ways without relations.
    relation = (
        '<relation id="1" version="1"><member type="way" ref="1" role=""/>'
        '<tag k="type" v="route"/></relation>'
    )
    pbf = _as_pbf(write_osm(*CROSS, relations=relation))
    whole = pbf.read_bytes()
    assert build_theatre(tmp_path / "whole", osm=[pbf]).warnings == ()
    pbf.write_bytes(_first_blocks(whole, 1))
    (warning,) = build_theatre(tmp_path / "no-relations", osm=[pbf]).warnings
    assert "holds no relations" in warning
    pbf.write_bytes(_first_blocks(whole, 2))
    assert "holds no ways" in _refused(tmp_path, osm=[pbf])


def test_files_of_different_years_are_a_warning(write_osm: WriteOsm, tmp_path: Path) -> None:
    files = []
    for date in ("2020-12-03T00:00:00Z", "2025-01-19T00:00:00Z"):
        path = tmp_path / f"{date[:4]}.osm.pbf"
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", date)
        with osmium.SimpleWriter(str(path), header=header) as writer:
            for thing in osmium.FileProcessor(write_osm(*CROSS)):
                writer.add(thing)
        files.append(path)
    warnings = build_theatre(tmp_path / "t", osm=files).warnings
    assert any("2025.osm.pbf is 1508 days newer than" in warning for warning in warnings)
    alone = build_theatre(tmp_path / "u", osm=files[:1])
    assert not any("newer" in warning for warning in alone.warnings)
    assert alone.theatre.manifest.sources[0].date == "2020-12-03T00:00:00Z"


def test_files_without_roads(write_osm: WriteOsm, tmp_path: Path) -> None:
    nodes = CROSS[0]
    lake = write_osm(nodes, {1: ((1, 2, 3, 1), {"natural": "water"})})
    assert "no roads in it" in _refused(tmp_path, osm=[lake])
    lost = write_osm({9: (0, 0)}, CROSS[1])
    assert "none of the nodes of its 2 roads" in _refused(tmp_path, osm=[lost])
    empty = write_osm({}, {})
    assert "holds no ways" in _refused(tmp_path, osm=[empty])


def test_ways_out_of_order_are_told_how_to_be_sorted(write_osm: WriteOsm, tmp_path: Path) -> None:
    path = write_osm(CROSS[0], {2: ((1, 2), ROAD), 1: ((3, 4), ROAD)})
    assert "osmium sort" in _refused(tmp_path, osm=[path])


def test_elevation_that_does_not_cover_the_roads(
    write_osm: WriteOsm, write_dem: WriteDem, tmp_path: Path
) -> None:
    osm = write_osm(*CROSS)
    # Of the four ends and no other nodes, the southern one lies on the tile: 25 %.
    south = write_dem(_slope(), north=42.502)
    message = _refused(tmp_path, osm=[osm], dem=[south])
    assert "covers 25.0% of the roads" in message
    assert "latitude 42.472 to 42.502" in message
    assert "N42E001" in message
    elsewhere = write_dem(_slope(), west=-113.0, north=37.0)
    assert "covers 0.0% of the roads" in _refused(tmp_path, osm=[osm], dem=[elsewhere])


def test_calls_that_make_no_sense(write_osm: WriteOsm, tmp_path: Path) -> None:
    osm = [write_osm(*CROSS)]
    assert "pass --osm, --dem or both" in _refused(tmp_path)
    assert "outside 1 to 10000" in _refused(tmp_path, osm=osm, resolution_m=-30.0)
    assert "outside 1 to 10000" in _refused(tmp_path, osm=osm, resolution_m=float("nan"))
    assert "cannot be a name" in _refused(tmp_path, osm=osm, name="Val d'Or")


def test_the_command_says_what_it_built_and_refuses_to_overwrite(
    write_osm: WriteOsm, tmp_path: Path
) -> None:
    osm, out = str(write_osm(*CROSS)), str(tmp_path / "t")
    done = CliRunner().invoke(build, ["--osm", osm, "-o", out])
    assert done.exit_code == 0, done.output
    # Two roads of 820 m and 1111 m that meet only by crossing, in pieces of at most 500 m.
    assert "roads: 1.9 km in 5 edges; bridges: 0, 0 of them without" in done.stdout
    assert f"digest {Theatre.open(out).manifest.digest}" in done.stdout
    assert done.stderr == ""
    again = CliRunner().invoke(build, ["--osm", osm, "-o", out])
    assert isinstance(again.exception, UsageError)
    assert "--replace" in str(again.exception)
    assert CliRunner().invoke(build, ["--osm", osm, "-o", out, "--replace"]).exit_code == 0
    legend = CliRunner().invoke(build, ["--osm", osm, "--legend", "nlcd", "-o", out])
    assert isinstance(legend.exception, UsageError)


def test_a_refusal_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf").write_bytes(b"no such thing")
    done = subprocess.run(
        [sys.executable, "-m", "convoi", "terrain", "build", "--osm", "x.osm.pbf", "-o", "out"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["x.osm.pbf"]


@pytest.fixture(scope="module")
def andorra(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    folder = realdata / "andorra"
    return build_theatre(
        tmp_path_factory.mktemp("theatres") / "andorra",
        osm=[folder / "andorra-2025-01-19.osm.pbf"],
        dem=[folder / "N42E001.hgt.zip"],
    ).theatre


@pytest.mark.realdata
def test_andorra_is_whole(andorra: Theatre) -> None:
    statistics = andorra.manifest.statistics
    # The extract has 486 ways with a bridge tag, less those of dropped classes or outside the grid.
    assert 475 <= int(statistics["bridges"]) <= 486
    # 0.53 % of the tile is void; less than that lies in this part of it.
    cells = andorra.grid.width * andorra.grid.height
    assert 0 < int(statistics["elevation_voids_filled"]) < 0.0053 * cells
    z = andorra.raster("elevation")
    # Coma Pedrosa is 2942 m, the border on the Runer 840 m; a model of 90 m cuts summits off.
    assert 2880 < z.max() < 2950
    assert 780 < z.min() < 850
    # Measured before on this extract: 2.6 % of the nodes of roads lie outside, with other classes.
    assert 0.01 < float(statistics["nodes_outside_largest_component_share"]) < 0.04
    assert andorra.manifest.sources[0].date == "2025-01-19T21:21:36Z"
    assert andorra.manifest.sources[1].licence == "public domain"


@pytest.mark.realdata
def test_andorras_main_roads_climb_like_roads(andorra: Theatre) -> None:
    roads = andorra.frame("roads")
    roads = roads[roads["length_m"] > 0.1]
    grade = (roads["to_z_m"] - roads["from_z_m"]).abs() / roads["length_m"]
    for kind, most in (("trunk", 0.10), ("primary", 0.11), ("secondary", 0.13)):
        assert grade[roads["class"] == kind].quantile(0.95) < most
    # And what was smoothed still lies near the model.
    assert float(andorra.manifest.statistics["profile_from_elevation_rms_m"]) < 6


@pytest.mark.realdata
def test_andorras_edges_are_as_the_format_says(andorra: Theatre) -> None:
    roads, nodes = andorra.frame("roads"), andorra.frame("nodes")
    free = ~(roads["bridge"] | roads["tunnel"])
    assert roads.loc[free, "length_m"].max() <= 500.02  # of rounding
    assert roads["length_m"].min() > 0
    assert roads["id"].is_unique
    assert (roads["from_node"] != roads["to_node"]).all()
    at = nodes.geometry.to_numpy()
    starts = roads.geometry.interpolate(0).to_numpy()
    assert (starts == at[roads["from_node"]]).all()
    assert andorra.grid.west_m <= roads.total_bounds[0]


@pytest.mark.realdata
def test_tiles_that_do_not_cover_andorra(realdata: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"covers 0.0% of the roads.*N42E001"):
        build_theatre(
            tmp_path / "t",
            osm=[realdata / "andorra" / "andorra-2025-01-19.osm.pbf"],
            dem=[realdata / "zion" / "zion_srtm.tif"],
        )


@pytest.mark.realdata
def test_two_rasters_in_different_systems(realdata: Path, tmp_path: Path) -> None:
    zion = realdata / "zion"
    theatre = build_theatre(
        tmp_path / "zion", dem=[zion / "zion_srtm.tif"], land=[zion / "zion_nlcd.tif"],
        legend="nlcd-level1", resolution_m=90.0,
    ).theatre  # fmt: skip
    codes = np.bincount(theatre.raster("landcover").ravel(), minlength=91)
    # In the product itself 52.6 % of the cells with a value are forest, 37.4 % shrubland.
    assert codes[10] / codes.sum() == pytest.approx(0.526, abs=0.02)
    assert codes[20] / codes.sum() == pytest.approx(0.374, abs=0.02)
    # Zion Canyon's rim is some 2000 m, its floor 1200 m.
    assert 1000 < theatre.raster("elevation").min() < 1200
    assert theatre.raster("elevation").max() > 2500
