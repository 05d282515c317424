"""A planner's own raster of exposure: read, refused, and summed along the ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from optimizer.errors import FileError
from optimizer.network.of_scenario import ground_of
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.planned import with_raster
from optimizer.terrain.theatre import Theatre

Make = Callable[..., Scenario]

FOOT = Profile(mobility=("foot",))
SITES = {"a": (150, 310), "b": (545, 310), "c": (470, 760)}
RULES = {"exposure": {"raster": "seen.tif"}}
#: Pixels of 60 m on the tiny theatre, 1200 m each way from this corner.
PIXELS = Affine(60, 0, 400_000, 0, -60, 4_700_000)


def write(
    folder: Path, values: Any, *, to: Affine = PIXELS, crs: str | None = "EPSG:32631", **more: Any
) -> None:
    bands = np.atleast_3d(np.asarray(values, np.float32)).transpose(2, 0, 1)
    kind = {"driver": "GTiff", "dtype": "float32", "count": len(bands), **more}
    height, width = bands.shape[1:]
    path = folder / "seen.tif"
    with rasterio.open(path, "w", height=height, width=width, crs=crs, transform=to, **kind) as out:
        out.write(bands)


def test_a_cell_takes_the_pixel_under_its_centre(
    tiny: Theatre, make_scenario: Make, tmp_path: Path
) -> None:
    scenario = make_scenario(tiny, SITES, rules=RULES)
    values = np.arange(400.0).reshape(20, 20)
    write(tmp_path, values)
    planned = with_raster(tiny, scenario, tmp_path).planned
    assert planned is not None
    # Three cells of 20 m a pixel of 60 m.
    assert (planned.per_km == np.kron(values, np.ones((3, 3)))).all()
    # In degrees: the theatre lies some 0.015 degrees wide around 1.79 east, 42.44 north.
    west, north = tiny.to_earth.transform(400_000, 4_700_000)
    degrees = Affine(0.0075, 0, west - 0.0005, 0, -0.02, north + 0.005)
    write(tmp_path, [[1, 5, 9]], to=degrees, crs="EPSG:4326")
    other = with_raster(tiny, scenario, tmp_path).planned
    assert other is not None
    assert other.digest != planned.digest
    lon, _ = tiny.to_earth.transform(*tiny.grid.centre(30, 40))
    assert other.per_km[30, 40] == [1, 5, 9][int((lon - degrees.c) / degrees.a)]
    assert (other.per_km[:, 0] == 1).all()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (None, "names a file in the folder of the scenario"),
        ({"values": np.ones((20, 20, 2))}, "has 2 bands"),
        ({"values": np.ones((20, 20)), "crs": None}, "no coordinate reference system"),
        ({"values": np.ones((20, 20)), "nodata": 1}, "no value in 3,600 of the 3,600 cells"),
        ({"values": np.ones((19, 20))}, "no value in 180 of the 3,600 cells"),
        ({"values": np.full((20, 20), -1)}, "a value below 0"),
    ],
)
def test_what_is_no_raster_over_the_theatre_is_refused(
    made: dict[str, Any] | None, told: str, tiny: Theatre, make_scenario: Make, tmp_path: Path
) -> None:
    if made is not None:
        write(tmp_path, **made)
    with pytest.raises(FileError, match=told):
        with_raster(tiny, make_scenario(tiny, SITES, rules=RULES), tmp_path)


def test_without_its_raster_a_scenario_has_no_ground(tiny: Theatre, make_scenario: Make) -> None:
    with pytest.raises(FileError, match=r"seen\.tif was not read"):
        ground_of(make_scenario(tiny, SITES, rules=RULES), tiny)


@pytest.mark.parametrize("name", ["../seen.tif", "/seen.tif", "a/seen.tif", "seen.png", ".tif"])
def test_a_raster_is_named_without_a_path(name: str, tiny: Theatre, make_scenario: Make) -> None:
    with pytest.raises(ValueError, match="raster"):
        make_scenario(tiny, SITES, rules={"exposure": {"raster": name}})


def test_along_roads_and_steps_its_values_add_up(
    tiny: Theatre, make_scenario: Make, retrace: Any, tmp_path: Path
) -> None:
    write(tmp_path, np.random.default_rng(5).uniform(0, 90, (20, 20)))
    both = {"exposure": {"raster": "seen.tif", "cover": "concealment", "per_km": 20}}
    for rules in (RULES, both):
        scenario = make_scenario(tiny, SITES, rules=rules)
        theatre = with_raster(tiny, scenario, tmp_path)
        ground = ground_of(scenario, theatre)
        assert ground.theatre is not None
        assert ground.theatre.exposure_raster == theatre.planned.digest
        for origin, end in (("a", "b"), ("b", "c"), ("c", "a")):
            course = ground.course(FOOT, Criterion.EXPOSURE, origin, end)
            by_hand = retrace(theatre, scenario, FOOT, course.path)
            assert course.exposure_milli - 1.01 <= by_hand[3] <= course.exposure_milli + 0.02
