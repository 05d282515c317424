"""Elevation is mosaicked in any CRS, its voids are filled and counted, bad files are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pyproj import Transformer

from optimizer.errors import FileError
from optimizer.terrain.build.dem import open_dem
from optimizer.terrain.build.elevation import relief, sample, trimmed
from optimizer.terrain.theatre import Grid

WriteDem = Callable[..., Path]

CRS = "EPSG:32631"
TO_GROUND = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
TO_EARTH = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def _grid(west: float, south: float, east: float, north: float, step: float = 30.0) -> Grid:
    x0, y0, x1, y1 = TO_GROUND.transform_bounds(west, south, east, north)
    width, height = int((x1 - x0) / step), int((y1 - y0) / step)
    return Grid(CRS, round(x0), round(y1), step, width, height)


def _plane(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    # One metre a thousandth of a degree east and two north: exactly linear in degrees.
    return 1000 + (lon - 1.5) * 1000 + (lat - 42.5) * 2000


def _degrees(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    columns, rows = np.meshgrid(np.arange(grid.width) + 0.5, np.arange(grid.height) + 0.5)
    lon, lat = TO_EARTH.transform(
        grid.west_m + columns * grid.resolution_m, grid.north_m - rows * grid.resolution_m
    )
    return lon, lat


def _cells(west: float, north: float, shape: tuple[int, int], step: float) -> NDArray[np.float32]:
    lon = west + (np.arange(shape[1]) + 0.5) * step
    lat = north - (np.arange(shape[0]) + 0.5) * step
    return _plane(*np.meshgrid(lon, lat)).astype(np.float32)


def _hgt(path: Path, south: int, west: int, side: int = 1201) -> Path:
    lat = south + 1 - np.arange(side) / (side - 1)
    lon = west + np.arange(side) / (side - 1)
    cells = np.round(_plane(*np.meshgrid(lon, lat))).astype(">i2")
    path.write_bytes(cells.tobytes())
    return path


def test_a_plane_comes_back_as_the_plane_across_two_tiles(write_dem: WriteDem) -> None:
    # The seam of the two files runs through the grid: it must not show.
    step = 0.001
    left = write_dem(_cells(1.48, 42.52, (40, 20), step), name="l.tif", west=1.48, north=42.52,
                     step=step)  # fmt: skip
    right = write_dem(_cells(1.50, 42.52, (40, 20), step), name="r.tif", west=1.50, north=42.52,
                      step=step)  # fmt: skip
    grid = _grid(1.485, 42.485, 1.515, 42.515)
    made = relief([open_dem(left), open_dem(right)], grid)
    assert (made.voids, made.uncovered) == (0, 0)
    # A cell of 0.001 degrees is 2 m of the plane's slope: the seam is good to a twentieth of it.
    assert np.abs(made.z_m - _plane(*_degrees(grid))).max() < 0.1


def test_srtm_samples_stand_on_whole_degrees(tmp_path: Path) -> None:
    dem = open_dem(_hgt(tmp_path / "N42E001.hgt", 42, 1))
    # The first sample is the north-west corner; the cells around the samples reach half beyond.
    assert dem.bounds == pytest.approx((1 - 1 / 2400, 42 - 1 / 2400, 2 + 1 / 2400, 43 + 1 / 2400))
    grid = _grid(1.49, 42.49, 1.51, 42.51)
    error = relief([dem], grid).z_m - _plane(*_degrees(grid))
    # Heights of a tile are whole metres: half a metre of rounding, and no shift. A shift by half
    # a sample (0.0004 degrees) would add 1.2 m throughout.
    assert abs(float(error.mean())) < 0.1
    assert np.abs(error).max() < 0.8


def test_tiles_of_the_southern_and_western_half(tmp_path: Path) -> None:
    dem = open_dem(_hgt(tmp_path / "S01W072.hgt", -1, -72))
    assert dem.bounds == pytest.approx(
        (-72 - 1 / 2400, -1 - 1 / 2400, -71 + 1 / 2400, 1 / 2400), abs=1e-9
    )


def test_a_zipped_tile_is_the_tile(tmp_path: Path) -> None:
    plain = _hgt(tmp_path / "N42E001.hgt", 42, 1)
    with zipfile.ZipFile(tmp_path / "N42E001.hgt.zip", "w") as archive:
        archive.write(plain, "N42E001.hgt")
    grid = _grid(1.49, 42.49, 1.51, 42.51)
    zipped = relief([open_dem(tmp_path / "N42E001.hgt.zip")], grid)
    assert np.array_equal(zipped.z_m, relief([open_dem(plain)], grid).z_m)


def test_voids_are_filled_from_around_and_counted(write_dem: WriteDem) -> None:
    step = 0.0005
    cells = _cells(1.48, 42.52, (80, 80), step)
    cells[30:40, 30:40] = -32768
    path = write_dem(cells, west=1.48, north=42.52, step=step)
    grid = _grid(1.485, 42.485, 1.515, 42.515)
    made = relief([open_dem(path)], grid)
    # 10 x 10 cells of 41 m x 55.5 m in cells of 30 m: 410 x 555 / 900 = 253.
    assert made.voids == pytest.approx(253, rel=0.1)
    # The membrane over a hole in a plane is the plane.
    assert np.abs(made.z_m - _plane(*_degrees(grid))).max() < 0.2


def test_a_second_file_fills_the_voids_of_the_first(write_dem: WriteDem) -> None:
    step = 0.0005
    cells = _cells(1.48, 42.52, (80, 80), step)
    holed = cells.copy()
    holed[30:40, 30:40] = np.nan
    first = write_dem(holed, name="a.tif", west=1.48, north=42.52, step=step)
    second = write_dem(cells + 5, name="b.tif", west=1.48, north=42.52, step=step)
    grid = _grid(1.485, 42.485, 1.515, 42.515)
    made = relief([open_dem(first), open_dem(second)], grid)
    above = made.z_m - _plane(*_degrees(grid))
    assert made.voids == 0
    assert above.max() == pytest.approx(5, abs=0.2)  # from the second, where the first is void
    assert np.median(above) == pytest.approx(0, abs=0.1)  # from the first elsewhere


def test_voids_at_the_edge_and_files_in_another_projection(write_dem: WriteDem) -> None:
    x, y = TO_GROUND.transform(1.48, 42.52)
    cells = np.full((120, 120), 700, np.int16)
    cells[:, :40] = -9999
    path = write_dem(cells, west=x, north=y, step=30.0, crs=CRS, nodata=-9999)
    grid = _grid(1.485, 42.495, 1.50, 42.51)
    made = relief([open_dem(path)], grid)
    assert made.voids > 0
    assert np.allclose(made.z_m, 700)  # level ground stays level to the edge


def test_finer_elevation_is_averaged(write_dem: WriteDem) -> None:
    # A chequerboard of 0 and 10 m in cells of 5 m has a mean of 5 m in cells of 30 m.
    x, y = TO_GROUND.transform(1.48, 42.52)
    board = (np.indices((600, 600)).sum(axis=0) % 2 * 10).astype(np.float32)
    path = write_dem(board, west=round(x), north=round(y), step=5.0, crs=CRS)
    grid = Grid(CRS, round(x) + 300.0, round(y) - 300.0, 30.0, 40, 40)
    assert np.allclose(relief([open_dem(path)], grid).z_m, 5.0)


def test_a_turned_tile_is_trimmed_to_what_it_covers(write_dem: WriteDem) -> None:
    path = write_dem(np.full((200, 200), 50, np.int16), west=1.4, north=42.6, step=0.001)
    dem = open_dem(path)
    west, south, east, north = dem.footprint(CRS).bounds
    around = Grid(CRS, west, north, 30.0, int((east - west) / 30), int((north - south) / 30))
    inside = trimmed([dem], around)
    made = relief([dem], inside)
    assert inside.width * inside.height > 0.93 * around.width * around.height
    assert made.uncovered < 0.01 * inside.width * inside.height


def test_sampling_is_linear_between_centres() -> None:
    grid = Grid(CRS, 0.0, 20.0, 10.0, 3, 2)
    z = np.array([[0, 10, 20], [100, 110, 120]], np.float32)
    points = np.array([(5, 15), (10, 15), (15, 10), (-50, 15), (25, 5)], np.float64)
    # A centre; half-way east; half-way south; held beyond the edge; the last centre.
    assert sample(z, grid, points).tolist() == [0, 5, 60, 0, 120]


def _png(path: Path) -> Path:
    Image.new("L", (8, 8)).save(path, format="PNG")
    return path


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("N42E001.hgt", b"<html>not found</html>", "22 bytes; an SRTM tile has 2,884,802"),
        ("N42E001.hgt", b"\0" * 2_000_000, "cut short"),
        ("andorra.hgt", b"\0" * 2 * 1201**2, "N42E001.hgt"),
        ("N42E001.hgt.zip", b"PK\3\4 broken", "not a whole zip archive"),
        ("dem.tif", b"<html>not found</html>", "not a GeoTIFF"),
        ("dem.tif", b"", "not a GeoTIFF"),
        ("dem.xyz", b"1 2 3", "does not tell an elevation file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError, match=message):
        open_dem(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not there"):
        open_dem(tmp_path / "dem.tif")


def test_a_picture_named_tif(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a PNG file, not a GeoTIFF"):
        open_dem(_png(tmp_path / "dem.tif"))


def test_a_zip_without_a_tile(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "N42E001.hgt.zip", "w") as archive:
        archive.writestr("readme.txt", "no tile")
    with pytest.raises(FileError, match=r"holds 0 \.hgt files"):
        open_dem(tmp_path / "N42E001.hgt.zip")


def test_a_geotiff_that_does_not_say_where_it_lies(write_dem: WriteDem) -> None:
    path = write_dem(np.zeros((8, 8), np.int16), crs=None)
    with pytest.raises(FileError, match="no coordinate reference system"):
        open_dem(path)


def test_a_geotiff_cut_short(write_dem: WriteDem) -> None:
    path = write_dem(np.random.default_rng(1).normal(size=(400, 400)), west=1.4, north=42.6)
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(FileError, match="cut short"):
        relief([open_dem(path)], _grid(1.45, 42.45, 1.55, 42.55))


def test_numbers_that_are_no_elevation(write_dem: WriteDem) -> None:
    path = write_dem(np.full((40, 40), 30_000, np.int16))
    with pytest.raises(FileError, match="is it an elevation model in metres"):
        relief([open_dem(path)], _grid(1.50, 42.50, 1.51, 42.51))
