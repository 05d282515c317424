"""The theatre's format: what is written is read back, and what was changed is noticed."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pytest import MonkeyPatch  # noqa: PT013 - used as a type
from shapely import LineString, Point

from optimizer.errors import FileError, FormatError, OutsideError, UsageError
from optimizer.terrain.theatre import Grid, Source, Theatre, find_theatre
from optimizer.terrain.write import write_theatre

GRID = Grid("EPSG:32631", 300_000.0, 4_900_000.0, 30.0, 8, 6)


def _write(folder: Path, *, height_m: float = 100.0, replace: bool = False) -> Theatre:
    relief = np.full(GRID.shape, height_m, np.float32)
    codes = np.full(GRID.shape, 30, np.uint8)
    roads = gpd.GeoDataFrame(
        {"edge": [0], "id": ["s0"], "max_weight_t": [np.nan], "length_m": [60.0]},
        geometry=[LineString([(300_010, 4_899_950), (300_070, 4_899_950)])],
        crs=GRID.crs,
    )
    points = gpd.GeoDataFrame(
        {"node": [0], "z_m": [height_m]}, geometry=[Point(300_010, 4_899_950)], crs=GRID.crs
    )
    return write_theatre(
        folder,
        name="tiny",
        title="Tiny",
        grid=GRID,
        rasters={"elevation": relief, "landcover": codes, "water": codes * 0},
        frames={"roads": roads, "nodes": points, "waters": roads, "places": points},
        sources=[Source(what="all", name="test", licence="CC0-1.0")],
        statistics={"bridges": 0},
        replace=replace,
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    theatre = _write(tmp_path / "tiny", height_m=123.456)
    # Elevation is kept to a tenth of a metre.
    assert np.array_equal(theatre.raster("elevation"), np.full((6, 8), 123.5, np.float32))
    assert theatre.frame("roads")["id"].tolist() == ["s0"]
    assert theatre.grid == GRID


def test_the_digest_is_over_content_not_over_bytes(tmp_path: Path) -> None:
    first = _write(tmp_path / "a").manifest.digest
    again = _write(tmp_path / "b").manifest.digest
    higher = _write(tmp_path / "c", height_m=100.1).manifest.digest
    assert first == again
    assert first != higher


def test_a_changed_layer_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    theatre = _write(tmp_path / "a")
    _write(tmp_path / "b", height_m=200)
    (tmp_path / "b" / "elevation.tif").replace(tmp_path / "a" / "elevation.tif")
    with pytest.raises(FileError, match="changed after it was built"):
        theatre.raster("elevation")


def test_cells_and_centres_agree() -> None:
    # Row 0 is in the north: its centre lies half a cell, 15 m, below the northern edge.
    assert GRID.centre(0, 0) == (300_015.0, 4_899_985.0)
    assert all(GRID.cell(*GRID.centre(r, c)) == (r, c) for r in range(6) for c in range(8))
    assert not GRID.contains(*GRID.cell(299_999.0, 4_899_990.0))


def test_another_theatre_is_replaced_only_when_told(tmp_path: Path) -> None:
    _write(tmp_path / "tiny")
    with pytest.raises(UsageError, match="--replace"):
        _write(tmp_path / "tiny", height_m=5)
    assert _write(tmp_path / "tiny", height_m=5, replace=True).raster("elevation")[0, 0] == 5


def test_a_folder_that_is_no_theatre_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(UsageError, match="not a theatre"):
        _write(tmp_path / "letters", replace=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_theatre(
            tmp_path / "half",
            name="half",
            title="",
            grid=GRID,
            rasters={"elevation": np.zeros(GRID.shape, np.float32)},
            frames={},
            sources=[],
            statistics={},
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit_bytes", [0, 300, 30_000])
def test_a_full_disk_leaves_no_theatre(tmp_path: Path, limit_bytes: int) -> None:
    # A limit on the size of files fails every write as a full disk does: of a raster when it is
    # closed, of the first layer of the GeoPackage, of a later one.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, before[1]))
        with pytest.raises(OutsideError, match="cannot be written"):
            _write(tmp_path / "theatre")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (None, FileError, "no readable theatre.json"),
        ("{", FileError, "not JSON"),
        ("[]", FormatError, "format is None"),
        ('{"format": "convoi/theatre/2"}', FormatError, "convoi/theatre/2"),
        ('{"format": "convoi/theatre/1"}', FileError, "name"),
    ],
)
def test_a_damaged_manifest_gets_one_clear_message(
    tmp_path: Path, text: str | None, error: type[Exception], words: str
) -> None:
    if text is not None:
        (tmp_path / "theatre.json").write_text(text)
    with pytest.raises(error, match=words):
        Theatre.open(tmp_path)


def test_theatres_are_found_by_name_and_digest(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    theatre = _write(tmp_path / "shelf" / "tiny")
    monkeypatch.setenv("CONVOI_THEATRES", str(tmp_path / "shelf"))
    found = find_theatre("tiny", theatre.manifest.digest)
    assert found is not None
    assert found.folder == tmp_path / "shelf" / "tiny"
    assert find_theatre("tiny", "0" * 64) is None


def test_a_manifest_names_every_layer(tmp_path: Path) -> None:
    _write(tmp_path / "tiny")
    layers = json.loads((tmp_path / "tiny" / "theatre.json").read_text())["layers"]
    assert set(layers) == {
        "elevation", "landcover", "water", "roads", "nodes", "waters", "places",
    }  # fmt: skip
