"""Tiles over a box, and their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import UsageError
from optimizer.terrain.box import Box, box_of
from optimizer.terrain.fetch.homes import read_homes
from optimizer.terrain.fetch.survey import check_extent, tiles_of
from optimizer.terrain.fetch.tiles import Tile, tiles_over


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    west = draw(st.floats(-180, 179))
    south = draw(st.floats(-90, 89))
    wide = draw(st.floats(0.001, 8))
    high = draw(st.floats(0.001, 8))
    return west, south, min(180.0, west + wide), min(90.0, south + high)


@given(boxes(), st.sampled_from([1, 3]), st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_the_box_lies_in_a_tile(box: Box, side: int, u: float, v: float) -> None:
    west, south, east, north = box
    lon, lat = min(east, west + u * (east - west)), min(north, south + v * (north - south))
    tiles = tiles_over(box, side)
    assert any(t.west <= lon <= t.west + side and t.south <= lat <= t.south + side for t in tiles)
    assert len(set(tiles)) == len(tiles)
    # None is fetched in vain, and all lie on the grid of their home and on the globe.
    assert all(tile.overlaps(box) for tile in tiles)
    assert all(t.west % side == 0 and t.south % side == 0 for t in tiles)
    assert all(-180 <= t.west < 180 and -90 <= t.south < 90 for t in tiles)


@given(st.integers(-60, 83), st.integers(-180, 179))
def test_a_name_tells_the_corner(south: int, west: int) -> None:
    lat, lon = Tile(south, west).corner
    assert int(lat[1:]) * (1 if lat[0] == "N" else -1) == south
    assert int(lon[1:]) * (1 if lon[0] == "E" else -1) == west
    assert (len(lat), len(lon)) == (3, 4)


#: Names as the homes' own lists and other programs have them.
KNOWN = [
    ("elevation", (1.5, 42.5, 1.6, 42.6), "Copernicus_DSM_COG_10_N42_00_E001_00_DEM"),
    ("elevation", (-71.2, -0.5, -71.1, -0.4), "Copernicus_DSM_COG_10_S01_00_W072_00_DEM"),
    ("elevation", (27.1, -29.9, 27.2, -29.8), "Copernicus_DSM_COG_10_S30_00_E027_00_DEM"),
    ("landcover", (1.5, 42.5, 1.6, 42.6), "ESA_WorldCover_10m_2021_v200_N42E000_Map"),
    ("landcover", (-122.5, 37.5, -122.4, 37.6), "ESA_WorldCover_10m_2021_v200_N36W123_Map"),
    ("landcover", (159.1, -54.9, 159.2, -54.8), "ESA_WorldCover_10m_2021_v200_S57E159_Map"),
]


@pytest.mark.parametrize(("kind", "box", "name"), KNOWN)
def test_names_of_known_tiles(kind: str, box: Box, name: str) -> None:
    (tile,) = tiles_of(read_homes()[kind], box)
    assert tile.name == f"{name}.tif"
    assert tile.url.startswith("https://")


def test_a_box_that_ends_on_a_degree_needs_no_tile_beyond() -> None:
    assert tiles_over((1.0, 42.0, 2.0, 43.0), 1) == (Tile(42, 1),)
    assert len(tiles_over((0.999, 42.0, 2.001, 43.0), 1)) == 3


def test_a_box_is_read() -> None:
    assert box_of("-1.5,42.25,1,43") == (-1.5, 42.25, 1.0, 43.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,2,3", "not four numbers"),
        ("a,b,c,d", "not four numbers"),
        ("1,2,nan,4", "no number"),
        ("1,42,2,420", "latitude beyond 90"),
        ("1,42,200,43", "longitude beyond 180"),
        ("1,43,2,42", "south 43 is not south of its north 42"),
        ("1,42,1,43", "west 1 is not west of its east 1"),
        ("179,-20,-179,-19", "180th meridian"),
    ],
)
def test_what_is_no_box_says_why(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        box_of(text)


def test_a_box_larger_than_any_theatre_is_refused() -> None:
    check_extent((0.0, 45.0, 8.0, 53.0))
    # A degree is 111.3 km: ten of them are more than 1000 km, at 60 north only from south to north.
    with pytest.raises(UsageError, match="1113 x 1113 km"):
        check_extent((0.0, -5.0, 10.0, 5.0))
    check_extent((0.0, 60.0, 17.0, 61.0))
