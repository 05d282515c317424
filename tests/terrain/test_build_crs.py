"""The projection is chosen from the place; the grid lies on multiples of its resolution."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import UsageError
from optimizer.terrain.build.crs import grid_over, projected_crs
from optimizer.units import to_mgrs


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (1.5, 42.5, "EPSG:32631"),
        (-113.0, 37.3, "EPSG:32612"),
        (9.5, 47.1, "EPSG:32632"),
        (55.5, -21.1, "EPSG:32740"),
        (5.3, 60.4, "EPSG:32632"),  # Bergen: zone 32V reaches west over it
        (15.6, 78.2, "EPSG:32633"),  # Longyearbyen
        (180.0, -17.0, "EPSG:32701"),  # the 180th meridian begins zone 1
        (0.0, 88.0, "EPSG:5041"),
        (0.0, -85.0, "EPSG:5042"),
    ],
)
def test_places(lon: float, lat: float, crs: str) -> None:
    assert projected_crs(lon, lat) == crs


@given(st.floats(-179.9, 179.9), st.floats(-79.9, 83.9))
def test_the_zone_is_that_of_the_military_grid(lon: float, lat: float) -> None:
    # The library of MGRS has its own code for zones, exceptions included.
    zone = int(projected_crs(lon, lat)[-2:])
    near_border = min(lon % 1, 1 - lon % 1) < 1e-6 or min(lat % 1, 1 - lat % 1) < 1e-6
    assert near_border or to_mgrs(lon, lat)[:-11] == f"{zone:02d}" + to_mgrs(lon, lat)[2:-11]


def test_a_grid_covers_its_rectangle_with_the_fewest_cells() -> None:
    grid = grid_over("EPSG:32631", (1001.0, 2001.0, 1089.0, 2061.0), 30.0)
    assert (grid.west_m, grid.north_m) == (990.0, 2070.0)
    assert (grid.width, grid.height) == (4, 3)  # 990 to 1110, 1980 to 2070


def test_too_many_cells_name_a_resolution_that_would_do() -> None:
    with pytest.raises(UsageError, match="--resolution 30") as error:
        grid_over("EPSG:32631", (0.0, 0.0, 300_000.0, 300_000.0), 1.0)
    assert "300000 x 300000 cells" in str(error.value)


def test_a_continent_is_refused() -> None:
    with pytest.raises(UsageError, match="at most 1000 km"):
        grid_over("EPSG:32631", (0.0, 0.0, 3_000_000.0, 300_000.0), 1000.0)
