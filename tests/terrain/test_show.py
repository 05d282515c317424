"""Maps: light from the north-west, names that do not cover each other, any theatre drawn."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image
from shapely import LineString, Point, box

from optimizer.errors import FileError, OutsideError, UsageError
from optimizer.network.isochrones.cli import show
from optimizer.terrain.credits import attributions
from optimizer.terrain.show.draw import Overlay, draw_map
from optimizer.terrain.show.furniture import nice_length_m
from optimizer.terrain.show.ground import contour_interval_m, hillshade, resampled
from optimizer.terrain.show.labels import Label, place_labels
from optimizer.terrain.show.save import save_png
from optimizer.terrain.show.style import TIER_OF, TIERS, WORDS
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import write_theatre

GRID = Grid("EPSG:32631", 300_000.0, 4_900_000.0, 30.0, 80, 60)
#: Geometries, each with the columns in which it differs.
Rows = list[tuple[object, dict[str, object]]]
WEST, NORTH = GRID.west_m, GRID.north_m


def _frame(rows: Rows, columns: Mapping[str, object]) -> gpd.GeoDataFrame:
    table = {name: [{**columns, **row}[name] for _, row in rows] for name in columns}
    return gpd.GeoDataFrame(table, geometry=[shape for shape, _ in rows], crs=GRID.crs)


def _theatre(folder: Path, *, relief: bool = True, roads: bool = True) -> Theatre:
    rows, columns = np.indices(GRID.shape)
    z = (900 + 200 * np.sin(rows / 9) * np.cos(columns / 11)).astype(np.float32)
    rasters = {
        "landcover": np.where(columns < 40, 10, 30).astype(np.uint8),
        "water": np.zeros(GRID.shape, np.uint8),
    } | ({"elevation": z} if relief else {})
    line = LineString([(WEST + 100, NORTH - 900), (WEST + 2300, NORTH - 900)])
    drawn: Rows = [
        (line, {"edge": 0, "class": "primary"}),
        (LineString([(WEST + 1200, NORTH - 900), (WEST + 1230, NORTH - 900)]),
         {"edge": 1, "class": "primary_link", "bridge": True}),
        (LineString([(WEST + 1200, NORTH - 200), (WEST + 1200, NORTH - 600)]),
         {"edge": 2, "class": "tertiary", "tunnel": True}),
        (LineString([(WEST + 200, NORTH - 200), (WEST + 900, NORTH - 600)]),
         {"edge": 3, "class": "track", "ford": True}),
    ]  # fmt: skip
    plain = {"edge": 0, "class": "", "bridge": False, "tunnel": False, "ford": False}
    return write_theatre(
        folder,
        name="tiny",
        title="Tiny ground",
        grid=GRID,
        rasters=rasters,
        frames={
            "roads": _frame(drawn if roads else [], plain),
            "nodes": _frame([(Point(WEST, NORTH), {})] if roads else [], {"node": 0}),
            "waters": _frame(
                [
                    (box(WEST + 300, NORTH - 1500, WEST + 700, NORTH - 1200), {"kind": "lake"}),
                    (
                        LineString([(WEST, NORTH - 1300), (WEST + 2400, NORTH - 1100)]),
                        {"kind": "river"},
                    ),
                ],
                {"kind": "", "name": ""},
            ),
            "places": _frame(
                [
                    (Point(WEST + 1200, NORTH - 850), {"name": "Town", "kind": "town"}),
                    (Point(WEST + 1800, NORTH - 400), {"name": "Peak", "kind": "peak"}),
                ],
                {"name": "", "kind": "", "population": 0},
            ),
        },
        sources=[
            Source(what="roads", name="x", licence="ODbL 1.0", attribution="© OSM"),
            Source(what="relief", name="y", licence="public domain", attribution="SRTM"),
        ],
        statistics={},
    )


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    return _theatre(tmp_path_factory.mktemp("t") / "tiny")


def _texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def _pixels(figure: Figure) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # has no stub
    return np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]  # as above


def test_light_comes_from_the_north_west() -> None:
    # A cone: its north-western side is lit, its south-eastern side lies in shadow.
    rows, columns = np.indices((101, 101)) - 50
    cone = 1000 - 20.0 * np.hypot(rows, columns)
    shade = hillshade(cone, 30.0, 1.0)
    assert shade[30, 30] > 0.85
    assert shade[70, 70] < 0.45
    # Level ground has the light of its two lamps: 0.65 sin 45 degrees + 0.35 sin 40 degrees.
    flat = hillshade(np.zeros((5, 5)), 30.0, 1.0)
    assert flat == pytest.approx(np.full((5, 5), 0.65 * 0.7071 + 0.35 * 0.6428), abs=1e-3)


def test_a_ridge_towards_the_light_still_shows() -> None:
    # One light alone gives both flanks of a ridge from north-west to south-east the same grey.
    rows, columns = np.indices((101, 101))
    ridge = 500 - 15.0 * np.abs(rows - columns)
    shade = hillshade(ridge, 30.0, 1.0)
    assert abs(shade[20, 60] - shade[60, 20]) < 0.1
    assert abs(shade[20, 60] - 0.6846) > 0.05  # level ground, see above


def test_resampling_keeps_the_place() -> None:
    ramp = np.tile(np.arange(40.0), (20, 1))
    finer = resampled(ramp, (40, 80))
    # Cells of half the size: the first centre moves from 0.5 to 0.25 cells, that is to -0.25.
    assert finer[20, 20] == pytest.approx(9.75, abs=0.01)
    assert resampled(ramp, (10, 20))[5, 10] == pytest.approx(20.5, abs=0.05)


def test_contours_stay_apart() -> None:
    # On a slope of 1 in 2, at 20 m a point: 1.6 points are 32 m of ground and 16 m of height.
    slope = np.tile(np.arange(50) * 15.0, (50, 1))
    assert contour_interval_m(slope, 30.0, 20.0) == 20
    assert contour_interval_m(slope * 0.01, 30.0, 20.0) == 5


@pytest.mark.parametrize(
    ("longest", "nice"), [(2400.0, 2000.0), (999.0, 500.0), (1000.0, 1000.0), (0.3, 0.2)]
)
def test_scale_bars_have_round_lengths(longest: float, nice: float) -> None:
    assert nice_length_m(longest) == pytest.approx(nice)


def test_names_do_not_cover_one_another() -> None:
    figure = Figure(figsize=(6, 4), dpi=100)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]  # has no stub
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    rng = np.random.default_rng(4)
    labels = [
        Label(f"Place {i}", float(x), float(y), rank=i, size=9, marker="o")
        for i, (x, y) in enumerate(rng.uniform(0, 100, (80, 2)))
    ]
    placed = place_labels(axes, renderer, labels)
    texts = [t for t in axes.texts if t.get_text()]
    boxes = [t.get_window_extent(renderer) for t in texts]
    assert placed == len(texts)
    assert 15 < placed < 80  # some find no room, most of the frame is used
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    frame = axes.get_window_extent(renderer)
    assert all(frame.x0 <= b.x0 and b.x1 <= frame.x1 for b in boxes)
    # The first in rank is there.
    assert "Place 0" in {t.get_text() for t in texts}


def test_the_sheet_says_what_it_shows(theatre: Theatre) -> None:
    texts = _texts(draw_map(theatre, width_px=500))
    assert "Tiny ground" in texts
    assert "Town" in texts
    height = float(theatre.raster("elevation")[13, 60])
    assert f"Peak {height:.0f}" in texts  # 1800 m east and 400 m south: row 13, column 60
    assert "N" in texts
    assert "primary road" in texts
    assert "bridge" in texts
    assert any(text.endswith((" m", " km")) for text in texts)
    assert "Sources: © OSM, ODbL 1.0; SRTM" in texts


def test_the_sheet_speaks_french(theatre: Theatre) -> None:
    texts = _texts(draw_map(theatre, width_px=500, lang="fr"))
    assert {"route principale", "pont", "forêt"} <= set(texts)
    assert not set(texts) & {"primary road", "bridge", "trees"}
    assert set(WORDS["fr"]) == set(WORDS["en"])
    # 200 km west of the zone's meridian are 2.5 degrees of longitude; times sin 44 degrees: 1.7.
    assert any("géographique à 1,7° à l'est" in text for text in texts)


def test_the_picture_is_as_wide_as_asked_and_true_to_scale(
    theatre: Theatre, tmp_path: Path
) -> None:
    figure = draw_map(theatre, width_px=640)
    save_png(figure, tmp_path / "maps" / "tiny.png")
    with Image.open(tmp_path / "maps" / "tiny.png") as picture:
        assert picture.width == 640
    axes = figure.axes[0]
    extent = axes.get_window_extent()
    # 2400 m x 1800 m: four to three on the sheet as on the ground.
    assert extent.width / extent.height == pytest.approx(4 / 3, rel=1e-6)
    assert [p.name for p in (tmp_path / "maps").iterdir()] == ["tiny.png"]


def test_the_same_theatre_gives_the_same_bytes(theatre: Theatre, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save_png(draw_map(theatre, width_px=400), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(("relief", "roads"), [(False, True), (True, False), (False, False)])
def test_what_is_missing_is_no_hindrance(tmp_path: Path, *, relief: bool, roads: bool) -> None:
    texts = _texts(draw_map(_theatre(tmp_path / "t", relief=relief, roads=roads), width_px=400))
    assert ("primary road" in texts) == roads
    assert any("no elevation" in text for text in texts) == (not relief)


def test_water_is_blue_and_a_road_crosses_the_picture(theatre: Theatre) -> None:
    figure = draw_map(theatre, width_px=800)
    axes, pixels = figure.axes[0], _pixels(figure)

    def colour(x: float, y: float) -> list[int]:
        column, up = axes.transData.transform((x, y))
        return [int(band) for band in pixels[pixels.shape[0] - 1 - int(up), int(column)]]

    red, _, blue = colour(WEST + 500, NORTH - 1350)
    assert blue > red + 30
    red, _, blue = colour(WEST + 600, NORTH - 900)  # a primary road is orange
    assert red > blue + 80


def test_water_and_contours_are_told(theatre: Theatre) -> None:
    texts = _texts(draw_map(theatre, width_px=600))
    assert {"lake, wide river", "river, stream"} <= set(texts)
    # Heights from 700 to 1,100 m, every fifth contour with its own: each a multiple of five.
    interval = next(float(t.split("every ")[1].split()[0]) for t in texts if "contours every" in t)
    heights = {float(text) for text in texts if text.isdigit() and 700 <= float(text) <= 1100}
    assert heights
    assert all(height % (5 * interval) == 0 for height in heights)


def test_another_caller_may_lay_routes_over_it(theatre: Theatre) -> None:
    key = Line2D([], [], color="#aa00aa")

    def draw(axes: Axes) -> None:
        axes.plot([WEST, WEST + 2400], [NORTH - 100] * 2, color="#aa00aa", zorder=12)

    route = Overlay(
        draw,
        labels=(Label("Checkpoint 4", WEST + 1200, NORTH - 850, rank=-1, size=8),),
        keys=((key, "convoy 1"),),
    )
    figure = draw_map(theatre, overlays=[route], width_px=600)
    texts = _texts(figure)
    assert {"convoy 1", "Checkpoint 4"} <= set(texts)
    # The limits of the map stay, whatever the overlay drew.
    assert figure.axes[0].get_xlim() == (WEST, WEST + 2400)
    assert (_pixels(figure) == [170, 0, 170]).all(axis=-1).sum() > 300


def test_a_part_of_the_ground(theatre: Theatre) -> None:
    part = (WEST + 610, NORTH - 1000, WEST + 1490, NORTH - 410)
    axes = draw_map(theatre, extent=part, width_px=500).axes[0]
    # Snapped outward to whole cells of 30 m.
    assert axes.get_xlim() == (WEST + 600, WEST + 1500)
    assert axes.get_ylim() == (NORTH - 1020, NORTH - 390)
    with pytest.raises(UsageError, match="lies off the theatre"):
        draw_map(theatre, extent=(0.0, 0.0, 100.0, 100.0))


def test_every_class_of_road_that_is_kept_is_drawn() -> None:
    from optimizer.terrain.build.tables import highway_table  # noqa: PLC0415 - only here

    kept = {name.removesuffix("_link") for name, row in highway_table().items() if row.keep}
    assert kept <= set(TIER_OF)
    assert set(TIER_OF.values()) == {tier.name for tier in TIERS}


def test_names_in_a_script_without_glyphs_are_no_hindrance(
    theatre: Theatre, tmp_path: Path
) -> None:
    save_png(draw_map(theatre, title="山", width_px=400), tmp_path / "t.png")
    assert (tmp_path / "t.png").stat().st_size > 1000


def test_sources_are_named_once_each() -> None:
    osm = Source(what="roads", name="a", licence="ODbL 1.0", attribution="© OSM")
    dem = Source(what="relief", name="b", licence="not stated by the file", attribution="dem")
    assert attributions([osm, osm, dem]) == "© OSM, ODbL 1.0; dem"


def test_the_command(theatre: Theatre, tmp_path: Path) -> None:
    out = tmp_path / "map.png"
    call = [str(theatre.folder), "-o", str(out), "--width", "400", "--lang", "fr"]
    done = CliRunner().invoke(show, call)
    assert done.exit_code == 0, done.output
    assert (done.stdout, done.stderr) == (f"{out}\n", "")
    assert out.exists()


@pytest.mark.parametrize(
    ("more", "kind", "message"),
    [
        (["-o", "map.jpg"], UsageError, r"must end in \.png"),
        (["--width", "7"], UsageError, "outside 400 to 10000"),
        (["-o", "/proc/none/map.png"], OutsideError, "cannot be written"),
    ],
)
def test_calls_that_fail(
    theatre: Theatre, more: list[str], kind: type[Exception], message: str
) -> None:
    done = CliRunner().invoke(show, [str(theatre.folder), "--width", "400", *more])
    assert isinstance(done.exception, kind)
    with pytest.raises(kind, match=message):
        raise done.exception


def test_a_folder_that_is_no_theatre(tmp_path: Path) -> None:
    done = CliRunner().invoke(show, [str(tmp_path)])
    assert isinstance(done.exception, FileError)
