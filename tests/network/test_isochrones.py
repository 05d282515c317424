"""How soon everything is reached: the same as the matrix says, and drawn on a map."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from optimizer.errors import RefusedError, UsageError
from optimizer.network.answers.isochrones import Reach, reach_of
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.isochrones.cli import show
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.tables import default, mobility_class
from optimizer.terrain.theatre import Theatre

LIGHT = Profile(mobility=("light_4x4",))
FOOT = Profile(mobility=("foot",))
SITES = {"nw": (150, 310), "field": (470, 560), "beyond": (850, 560), "corner": (900, 150)}


def reach(ground: TheatreGround, profile: Profile) -> Reach:
    return reach_of(ground.layers, profile, ground.mesh(profile, Criterion.TIME), 0)


@pytest.mark.parametrize("profile", [LIGHT, FOOT])
def test_a_cell_is_reached_when_a_site_in_it_is(
    tiny: Theatre, make_scenario: Callable[..., Scenario], profile: Profile
) -> None:
    ground = TheatreGround(make_scenario(tiny, SITES), tiny)
    found, times = reach(ground, profile), ground.matrix(profile, Criterion.TIME).time_s
    sites = ground.layers.sites
    for site in (1, 2, 3):
        cell = divmod(int(sites.cell[site]), tiny.grid.width)
        link_m = math.dist(sites.xy[site], tiny.grid.centre(*cell))
        link_s = link_m / (default("link_kmh") / 3.6)
        assert found.cell_s[cell] + link_s == pytest.approx(times[0, site], abs=1.001)
    # Nobody is ever in the lake.
    assert np.isinf(found.cell_s[20:27, 10:17]).all()


def test_a_road_is_reached_along_the_roads(
    tiny: Theatre, make_scenario: Callable[..., Scenario]
) -> None:
    found = reach(TheatreGround(make_scenario(tiny, {"nw": (150, 310)}), tiny), LIGHT)
    # 440 m of the site's own road, the bridge of 40 m and half of the 460 m behind it, all primary.
    speed_ms = mobility_class("light_4x4").road_speed_kmh("primary") / 3.6
    assert found.edge_s[3] == pytest.approx((440 + 40 + 230) / speed_ms, abs=0.01)
    # Down the street with one way: its end is reached, a path for walkers is not.
    assert np.isfinite(found.edge_s[12])
    assert np.isinf(found.edge_s[15])


@pytest.mark.parametrize("ground", ["tiny", "without roads and elevation"])
def test_a_map_shows_them(
    tiny: Theatre, make_theatre: Callable[..., Theatre], tmp_path: Path, ground: str
) -> None:
    theatre = tiny if ground == "tiny" else make_theatre([], relief=False, name="bare")
    lon, lat = theatre.to_earth.transform(400_150, 4_699_690)
    call = [str(theatre.folder), "--width", "500", "-o"]
    asked = ["--class", "light_4x4", "--from", f"{lon:.6f},{lat:.6f}", "--hours", "0.01,0.05"]
    for name, more in (("plain.png", []), ("isochrones.png", asked)):
        result = CliRunner().invoke(show, [*call, str(tmp_path / name), *more])
        assert result.exit_code == 0, result.exception
    plain, drawn = (
        np.asarray(Image.open(tmp_path / name).convert("RGB")).astype(int)
        for name in ("plain.png", "isochrones.png")
    )
    # The areas are pink: with less green than the ground alone has.
    assert ((plain - drawn)[:, :, 1] > 20).mean() > 0.05


def test_what_cannot_be_drawn_is_told(tiny: Theatre, tmp_path: Path) -> None:
    lake = ",".join(f"{v:.6f}" for v in tiny.to_earth.transform(400_270, 4_699_530))
    target = tmp_path / "m.png"
    for more, error, said in (
        (["--class", "foot"], UsageError, "give both --class and --from"),
        (["--hours", "1,x"], UsageError, "write up to 6 numbers above 0"),
        (["--class", "foot", "--from", lake], RefusedError, "nothing is reached from"),
    ):
        result = CliRunner().invoke(show, [str(tiny.folder), "-o", str(target), *more])
        assert isinstance(result.exception, error)
        assert said in str(result.exception)
    assert not target.exists()
