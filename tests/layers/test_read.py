"""What planners draw is read right, and each mistake is told with its place and its remedy."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from optimizer.datasets import data_path
from optimizer.errors import FileError, UsageError
from optimizer.faults import catalogue
from optimizer.layers.read import read_layers
from optimizer.layers.replace import with_layers
from optimizer.layers.told import as_line
from optimizer.layers.write import write_layers
from optimizer.scenario.model import Change, Position, Scenario
from optimizer.scenario.read import load_scenario

FLOOD = load_scenario(data_path("scenarios", "flood.yaml"))
UTM = "EPSG:32631"
SQUARE = box(2.30, 44.80, 2.31, 44.81)
BESIDE = box(2.33, 44.80, 2.34, 44.81)
ACROSS = box(2.305, 44.80, 2.315, 44.81)
BOW_TIE = Polygon([(2.3, 44.8), (2.4, 44.9), (2.4, 44.8), (2.3, 44.9)])

Frames = dict[str, gpd.GeoDataFrame]


def write(path: Path, layers: Frames) -> Path:
    """Write layers as a drawing program would."""
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, path, layer=name)
    return path


@pytest.fixture
def exported(tmp_path: Path) -> Frames:
    """The layers of the scenario as they were written."""
    write_layers(FLOOD, tmp_path / "flood.gpkg")
    return {
        name: gpd.read_file(tmp_path / "flood.gpkg", layer=name) for name in ("areas", "changes")
    }


def put(path: Path, scenario: Scenario = FLOOD) -> Scenario:
    """Put layers into the scenario, of which nothing is wrong."""
    after, complaints = with_layers(scenario, read_layers(path))
    assert complaints == ()
    assert after is not None
    return after


def told(path: Path) -> list[str]:
    """Say what is wrong with layers, without the name of the file."""
    after, complaints = with_layers(FLOOD, read_layers(path))
    assert after is None
    return [as_line(complaint, Path(), "en").removeprefix(".: ") for complaint in complaints]


def test_what_is_moved_added_and_taken_out_is_so_in_the_scenario(
    exported: Frames, tmp_path: Path
) -> None:
    areas = exported["areas"]
    areas.loc[1, "geometry"] = SQUARE
    new = {"id": ["NEW"], "kind": ["no_fly"], "geometry": [ACROSS]}
    added = gpd.GeoDataFrame(new, geometry="geometry", crs=areas.crs)
    drawn = gpd.GeoDataFrame(pd.concat([areas.drop(index=0), added]), crs=areas.crs)
    after = put(write(tmp_path / "x.gpkg", {"areas": drawn}))
    assert [area.id for area in after.areas] == [*(a.id for a in FLOOD.areas[1:]), "NEW"]
    assert after.areas[0] == FLOOD.areas[1].model_copy(
        update={"polygon": ((2.31, 44.8), (2.31, 44.81), (2.3, 44.81), (2.3, 44.8))}
    )
    assert after.areas[1:3] == FLOOD.areas[2:]
    # What is not stated is not written: the document stays as short as a planner's.
    assert set(after.document()["areas"][-1]) == {"id", "kind", "polygon"}  # type: ignore[index]
    assert after.changes == FLOOD.changes


def test_a_layer_without_rows_empties_the_list(exported: Frames, tmp_path: Path) -> None:
    after = put(write(tmp_path / "x.gpkg", {"changes": exported["changes"].iloc[:0]}))
    assert after.changes == ()
    assert after.areas == FLOOD.areas


def _by_ogr2ogr(source: Path, target: Path) -> None:
    subprocess.run(["ogr2ogr", "-t_srs", UTM, target, source], check=True, capture_output=True)


def _by_geopandas(source: Path, target: Path) -> None:
    frames = {name: gpd.read_file(source, layer=name) for name in ("areas", "changes")}
    write(target, {name: frame.to_crs(UTM) for name, frame in frames.items()})


@pytest.mark.parametrize(
    "transform",
    [
        pytest.param(
            _by_ogr2ogr,
            marks=pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="no ogr2ogr here"),
        ),
        _by_geopandas,
    ],
)
def test_layers_in_another_system_say_the_same(
    transform: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    write_layers(FLOOD, tmp_path / "flood.gpkg")
    transform(tmp_path / "flood.gpkg", tmp_path / "utm.gpkg")
    assert pyogrio.read_info(tmp_path / "utm.gpkg", layer="areas")["crs"] == UTM
    assert put(tmp_path / "utm.gpkg").document() == FLOOD.document()
    # Not because the scenario's own areas are kept: they are read from the file.
    empty = FLOOD.model_copy(update={"areas": (), "changes": ()})
    after = put(tmp_path / "utm.gpkg", empty)
    for area, was in zip(after.areas, FLOOD.areas, strict=True):
        assert area.polygon == tuple(pytest.approx(c, rel=0, abs=1e-7) for c in was.polygon)


def test_a_polygon_in_several_parts_is_several_areas(exported: Frames, tmp_path: Path) -> None:
    areas = exported["areas"]
    areas["geometry"] = [MultiPolygon([SQUARE, BESIDE]), *map(_multi, areas.geometry[1:])]
    after = put(write(tmp_path / "x.gpkg", {"areas": areas}))
    name = FLOOD.areas[0].id
    assert [area.id for area in after.areas[:2]] == [f"{name}-1", f"{name}-2"]
    assert {area.label for area in after.areas[:2]} == {FLOOD.areas[0].label}
    # One part is one area, as if it had been drawn so.
    assert after.areas[2:] == FLOOD.areas[1:]


def _multi(polygon: Polygon) -> MultiPolygon:
    return MultiPolygon([polygon])


def test_heights_and_empty_texts_state_nothing(exported: Frames, tmp_path: Path) -> None:
    areas = exported["areas"]
    areas["geometry"] = shapely.force_3d(areas.geometry, 100)
    areas["note"] = areas["note"].fillna("")
    after = put(write(tmp_path / "x.gpkg", {"areas": areas}))
    assert after.document() == FLOOD.document()


def test_a_position_stays_an_mgrs_reference_until_it_is_moved(tmp_path: Path) -> None:
    given = Change(
        id="c", kind="road_cut", near=Position(mgrs="31TDK5004960000")  # type: ignore[arg-type]
    )  # fmt: skip
    scenario = FLOOD.model_copy(update={"changes": (given,)})
    write_layers(scenario, tmp_path / "x.gpkg")
    assert put(tmp_path / "x.gpkg", scenario).changes == (given,)
    moved = gpd.read_file(tmp_path / "x.gpkg", layer="changes")
    moved["geometry"] = [Point(2.3, 44.8)]
    after = put(write(tmp_path / "y.gpkg", {"changes": moved}), scenario)
    assert after.changes[0].near == Position(lon=2.3, lat=44.8)


def test_styles_that_a_drawing_program_keeps_in_the_file_are_left_alone(
    exported: Frames, tmp_path: Path
) -> None:
    path = write(tmp_path / "x.gpkg", exported)
    pyogrio.write_dataframe(pd.DataFrame({"styleName": ["areas"]}), path, layer="layer_styles")
    assert put(path).document() == FLOOD.document()


def test_a_table_that_ogr_does_not_know_is_no_matter(exported: Frames, tmp_path: Path) -> None:
    path = write(tmp_path / "x.gpkg", exported)
    with contextlib.closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")  # as while QGIS has the file open
        opened.execute("CREATE TABLE notes (anything)")
        opened.commit()
        assert put(path).document() == FLOOD.document()


def test_changes_that_all_name_roads_need_no_geometry(exported: Frames, tmp_path: Path) -> None:
    table = pd.DataFrame({"id": ["c"], "kind": ["road_cut"], "road": ["w12"]})
    path = write(tmp_path / "x.gpkg", {"areas": exported["areas"]})
    pyogrio.write_dataframe(table, path, layer="changes")
    assert put(path).changes == (Change(id="c", kind="road_cut", road="w12"),)  # type: ignore[arg-type]


def _areas(**columns: list[Any]) -> Callable[[Frames], Frames]:
    """Give the four areas other values in some columns."""
    return lambda exported: {"areas": exported["areas"].assign(**columns)}


def _first(shape: Any) -> Callable[[Frames], Frames]:
    def drawn(exported: Frames) -> Frames:
        areas = exported["areas"]
        return {"areas": areas.assign(geometry=[shape, *areas.geometry[1:]])}

    return drawn


def _point(geometry: Any, **columns: list[Any]) -> Callable[[Frames], Frames]:
    def drawn(exported: Frames) -> Frames:
        changes = exported["changes"]
        shapes = [geometry, *changes.geometry[1:]]
        return {"changes": changes.assign(geometry=shapes, **columns)}

    return drawn


KINDS = ["no_go", "no_go", "slow", "exposure"]
NAMES = ["A", "B", "C", "D"]

MISTAKES: list[tuple[str, Callable[[Frames], Frames], list[str]]] = [
    (
        "a layer named wrongly",
        lambda layers: {"Areas": layers["areas"], "changes": layers["changes"]},
        [
            (
                "the layer Areas is not known here; known: areas, changes; rename it, or take"
                " it out of the file"
            )
        ],
    ),
    (
        "areas drawn as lines",
        lambda layers: {
            "areas": layers["areas"].assign(geometry=layers["areas"].geometry.boundary)
        },
        ["areas: LineString is drawn here; wanted: Polygon"],
    ),
    (
        "one area drawn as a line",
        _first(LineString([(2.3, 44.8), (2.4, 44.9)])),
        ["areas, fid 1, geometry: LineString is drawn here; wanted: Polygon"],
    ),
    (
        "changes drawn as polygons",
        lambda layers: {"changes": layers["areas"]},
        [
            "changes: Polygon is drawn here; wanted: Point",
            "changes, column speed_factor: the column is not known here; nearest known: ...",
            "changes, column exposure_per_km: the column is not known here; nearest known: ...",
        ],
    ),
    (
        "hours that are no times, and hours without an end",
        _areas(
            windows=["tonight/tomorrow", "2026-06-15T20:00+02:00", None, ""],
        ),
        [
            "areas, fid 1, column windows: ...",
            "areas, fid 2, column windows: ...",
        ],
    ),
    ("nothing drawn", _first(None), ["areas, fid 1, geometry: the key polygon is missing"]),
    (
        "a bow-tie",
        _first(BOW_TIE),
        [
            (
                "areas, fid 1, geometry: in INOND-BRESSOLE the side from corner 1 meets the"
                " side from corner 3; order the corners along the edge"
            )
        ],
    ),
    (
        "a bow-tie among parts",
        _first(MultiPolygon([BOW_TIE, BESIDE])),
        ["areas, fid 1, geometry: in INOND-BRESSOLE-1 the side from corner 1 meets ..."],
    ),
    (
        "a hole",
        _first(Polygon(SQUARE.exterior, [SQUARE.buffer(-0.002).exterior])),
        [
            (
                "areas, fid 1, geometry: the polygon has a hole, which an area cannot have;"
                " cut it in two along the hole"
            )
        ],
    ),
    (
        "parts over each other",
        _first(MultiPolygon([SQUARE, ACROSS])),
        [
            (
                "areas, fid 1, geometry: parts of the polygon lie over each other and would"
                " count twice; merge them"
            )
        ],
    ),
    (
        "an unknown kind",
        _areas(kind=["nogo", *KINDS[1:]]),
        [
            (
                'areas, fid 1, column kind: "nogo" is none of no_go, no_fly, slow, exposure;'
                " nearest: no_go"
            )
        ],
    ),
    (
        "a missing id and one that stands twice, in a file with two more mistakes",
        _areas(
            id=[None, "B", "B", "D"],
            kind=["no_go", "no_go", "no_go", "slow"],
            speed_factor=[None, None, None, 2.0],
            exposure_per_km=[None] * 4,
        ),
        [
            "areas, fid 1, column id: the key id is missing",
            "areas, fid 3, column id: B stands here a second time; it is first at areas, fid 2",
            "areas, fid 4, column speed_factor: 2.0 is too large; the most is 1",
        ],
    ),
    (
        "an id with blanks",
        _areas(id=["flooded meadow", *NAMES[1:]]),
        ['areas, fid 1, column id: "flooded meadow" is no id; an id has 1 to 64 letters ...'],
    ),
    (
        "a figure that the kind needs",
        _areas(speed_factor=[None] * 4),
        ["areas, fid 3: of the kind slow, this needs speed_factor"],
    ),
    (
        "figures in a column of text",
        _areas(speed_factor=[None, None, "half", None]),
        [
            (
                "areas, column speed_factor: the column is of the type String; wanted:"
                " Decimal number (double)"
            )
        ],
    ),
    (
        "ids that are numbers",
        _areas(id=[1, 2, 3, 4]),
        ["areas, column id: the column is of the type Integer64; wanted: Text (string)"],
    ),
    (
        "a column mistyped",
        _areas(exposure_per_hour=[None, None, None, 3.0]),
        [
            (
                "areas, column exposure_per_hour: the column is not known here; nearest"
                " known: exposure_per_h"
            )
        ],
    ),
    (
        "a layer that was just made",
        lambda layers: {"areas": layers["areas"][["label", "geometry"]]},
        [
            "areas, column id: the column is missing; add it, of the type Text (string)",
            "areas, column kind: the column is missing; add it, of the type Text (string)",
        ],
    ),
    (
        "metres called degrees",
        lambda layers: {
            "areas": layers["areas"].to_crs(UTM).set_crs("EPSG:4326", allow_override=True)
        },
        [
            (
                "areas: positions lie beyond 180 degrees east or 90 north: set the coordinate"
                " reference system that they are in"
            )
        ],
    ),
    (
        "a road and a point",
        _point(Point(2.3, 44.8), road=["w1", None]),
        ["changes, fid 1: a change names either road (an edge or way) or near (a position), ..."],
    ),
    (
        "neither a road nor a point",
        _point(None),
        ["changes, fid 1: a change names either road (an edge or way) or near (a position), ..."],
    ),
    (
        "several points",
        _point(MultiPoint([(2.3, 44.8), (2.4, 44.9)])),
        ["changes, fid 1, geometry: several points stand in one row; a change has one"],
    ),
]


@pytest.mark.parametrize(
    ("draw", "says"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    draw: Callable[[Frames], Frames], says: list[str], exported: Frames, tmp_path: Path
) -> None:
    found = told(write(tmp_path / "x.gpkg", draw(exported)))
    assert len(found) == len(says), found
    for line, wanted in zip(found, says, strict=True):
        assert re.fullmatch(re.escape(wanted).replace(r"\.\.\.", ".*"), line), line


def test_what_is_wrong_in_both_layers_is_told_at_once(exported: Frames, tmp_path: Path) -> None:
    layers = {
        "areas": exported["areas"].assign(id=NAMES, kind=["nogo", *KINDS[1:]], colour="red"),
        "changes": exported["changes"].assign(kind="bridge_gone"),
    }
    assert [line.partition(":")[0] for line in told(write(tmp_path / "x.gpkg", layers))] == [
        "areas, column colour",
        "changes, fid 1, column kind",
        "changes, fid 2, column kind",
    ]


def test_a_layer_without_a_system_is_refused(exported: Frames, tmp_path: Path) -> None:
    areas = exported["areas"].set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        path = write(tmp_path / "x.gpkg", {"areas": areas})
    assert told(path) == [
        (
            "areas: no coordinate reference system is stated, or none that leads to"
            " degrees; set that of the layer"
        )
    ]


def test_areas_without_any_geometry_are_refused(exported: Frames, tmp_path: Path) -> None:
    table = pd.DataFrame(exported["areas"].drop(columns="geometry"))
    pyogrio.write_dataframe(table, tmp_path / "x.gpkg", layer="areas")
    assert told(tmp_path / "x.gpkg") == ["areas: the layer has no geometry; wanted: Polygon"]


def test_a_file_that_has_no_layer_at_all_is_refused(tmp_path: Path) -> None:
    table = pd.DataFrame({"styleName": ["areas"]})
    pyogrio.write_dataframe(table, tmp_path / "x.gpkg", layer="layer_styles")
    assert told(tmp_path / "x.gpkg") == [
        "the file has no layer areas, changes; there is nothing to put into the scenario"
    ]


def test_what_is_no_geopackage_is_refused(exported: Frames, tmp_path: Path) -> None:
    sound = write(tmp_path / "sound.gpkg", exported).read_bytes()
    path = tmp_path / "x.gpkg"
    for content in (b"", b'{"type": "FeatureCollection"}', sound[:68] + bytes(4) + sound[72:]):
        path.write_bytes(content)
        with pytest.raises(FileError, match=r"x\.gpkg is no GeoPackage"):
            read_layers(path)
    path.write_bytes(sound[: len(sound) // 2])
    with pytest.raises(FileError, match="damaged or cut short"):
        read_layers(path)
    with pytest.raises(FileError, match="does not exist"):
        read_layers(tmp_path / "none.gpkg")
    with pytest.raises(FileError, match="is a folder"):
        read_layers(Path(tmp_path / "folder.gpkg").mkdir() or tmp_path / "folder.gpkg")
    with pytest.raises(UsageError, match=r"ends in \.gpkg"):
        read_layers(tmp_path / "x.geojson")


def test_a_file_that_another_program_has_open_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    write_layers(FLOOD, path)
    before = path.read_bytes()
    (tmp_path / "x.gpkg-wal").write_bytes(b"")
    with pytest.raises(UsageError, match="open in another program"):
        write_layers(FLOOD, path)
    assert path.read_bytes() == before


def test_the_catalogue_and_the_code_name_the_same_faults() -> None:
    room = Path(__file__).resolve().parents[2] / "optimizer" / "layers"
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(room.glob("*.py")))
    used = set(re.findall(r'"(layers\.[a-z_]+)"', source))
    assert used == {code for code in catalogue() if code.startswith("layers.")}
