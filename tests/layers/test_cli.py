"""``convoi scenario export`` and ``import``: what they print, exit codes, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from convoi import main
from optimizer.datasets import data_path
from optimizer.scenario.read import load_scenario

FLOOD = data_path("scenarios", "flood.yaml")


def convoi(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    path = tmp_path / "layers.gpkg"
    assert convoi("scenario", "export", FLOOD, "-o", path) == 0
    return path


def test_export_tells_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "layers.gpkg"
    assert convoi("scenario", "export", FLOOD, "-o", path) == 0
    assert capsys.readouterr().out == f"{path}: 4 areas, 2 changes\n"
    assert list(tmp_path.iterdir()) == [path]


def test_import_tells_what_changed(layers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    areas = gpd.read_file(layers, layer="areas").drop(index=0)
    areas.loc[2, "speed_factor"] = 0.25
    edited, new = layers.with_name("edited.gpkg"), layers.with_name("new.yaml")
    areas.to_file(edited, layer="areas")
    capsys.readouterr()
    assert convoi("scenario", "import", FLOOD, edited, "-o", new) == 0
    assert capsys.readouterr().out == (
        f"{new}: areas: 2 as before, 1 changed, 0 new, 1 removed\n{new}: changes: as in {FLOOD}\n"
    )
    assert load_scenario(new).areas[1].speed_factor == 0.25


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "areas, fid 2, column id: the key id is missing"),
        ("fr", "areas, fid 2, colonne id : la clé id manque"),
    ],
)
def test_a_mistake_ends_with_1_and_nothing_is_written(
    language: str, says: str, layers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    areas = gpd.read_file(layers, layer="areas")
    areas.loc[1, "id"] = None
    areas.to_file(layers, layer="areas")
    new = layers.with_name("new.yaml")
    capsys.readouterr()
    assert convoi("scenario", "import", FLOOD, layers, "-o", new, "--lang", language) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert list(layers.parent.iterdir()) == [layers]


def test_the_call_is_checked_first(layers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert convoi("scenario", "import", FLOOD, layers, "-o", FLOOD) == 2
    assert "is the file to be read; name another file to write" in capsys.readouterr().err
    assert convoi("scenario", "import", FLOOD, FLOOD, "-o", layers.with_name("new.yaml")) == 2
    assert "the name of a GeoPackage ends in .gpkg" in capsys.readouterr().err
    assert convoi("scenario", "export", FLOOD, "-o", layers.with_name("layers.geojson")) == 2
    assert "the name of a GeoPackage ends in .gpkg" in capsys.readouterr().err
    assert list(layers.parent.iterdir()) == [layers]
