"""Flights between sites: shortest ways, what they take, and why there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from optimizer.errors import UsageError
from optimizer.network.by_medium import GroundByMedium
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.tables import default, mobility_class
from optimizer.terrain.theatre import Theatre

HELICOPTER = Profile(mobility=("helicopter",))
#: On the grass in the west, behind the ridge of 30 m in the east, in the lake.
SITES = {"west": (310.0, 610.0), "east": (1110.0, 610.0), "lake": (270.0, 470.0)}

Make = Callable[..., Scenario]


def _box(west: float, north: float, east: float, south: float) -> list[tuple[float, float]]:
    return [(west, north), (east, north), (east, south), (west, south)]


def _ground(tiny: Theatre, make: Make, sites: Any = None, **stated: Any) -> GroundByMedium:
    return GroundByMedium(make(tiny, sites or SITES, **stated), tiny)


def test_a_flight_climbs_cruises_and_comes_down(tiny: Theatre, make_scenario: Make) -> None:
    ground = _ground(tiny, make_scenario)
    flight = mobility_class("helicopter").flight
    assert flight is not None
    course = ground.course(HELICOPTER, Criterion.TIME, "west", "east")
    # The ridge is 30 m high, both ends lie at 0 m: the leg is flown at 180 m.
    assert course.path is not None
    assert [part.kind for part in course.path.parts] == ["air"]
    assert course.path.parts[0].level_m == 180.0  # type: ignore[union-attr]
    time_s = 800 / (flight.cruise_kmh / 3.6) + 180 / flight.climb_ms + 180 / flight.descent_ms
    assert course.time_s == math.ceil(time_s)
    assert course.distance_m in {800, 801}
    # As much as the same time of cruising.
    assert course.fuel_m == pytest.approx(time_s * flight.cruise_kmh / 3.6, abs=1)


def test_a_flight_keeps_off_an_area_closed_to_flying(tiny: Theatre, make_scenario: Make) -> None:
    area = {"id": "mast", "kind": "no_fly", "polygon": _box(600, 560, 700, 800)}
    ground = _ground(tiny, make_scenario, areas=[area])
    course = ground.course(HELICOPTER, Criterion.TIME, "west", "east")
    # Round its northern corners, which are pushed out by the width that is kept off it.
    off = default("no_fly_m")
    north = 610 - (560 - off)
    west, top, east = 600 - off - 310, 100 + 2 * off, 1110 - 700 - off
    expected = math.hypot(west, north) + top + math.hypot(east, north)
    assert course.distance_m == pytest.approx(expected, abs=2)


def test_the_least_exposed_flight_goes_round_what_is_seen(
    tiny: Theatre, make_scenario: Make
) -> None:
    area = {
        "id": "seen",
        "kind": "exposure",
        "polygon": _box(600, 500, 700, 800),
        "exposure_per_km": 50,
    }
    ground = _ground(tiny, make_scenario, areas=[area])
    straight = ground.course(HELICOPTER, Criterion.TIME, "west", "east")
    # 100 m of 50 a kilometre.
    assert straight.exposure_milli == pytest.approx(5000, abs=1)
    round_it = ground.course(HELICOPTER, Criterion.EXPOSURE, "west", "east")
    assert round_it.exposure_milli == 0
    assert round_it.distance_m > straight.distance_m


@pytest.mark.parametrize(
    ("stated", "code", "params"),
    [
        ({"weather": {"visibility_m": 500}}, "visibility", {"limit": 500.0, "needed": 800.0}),
        (
            {"areas": [{"id": "here", "kind": "no_fly", "polygon": _box(1050, 550, 1160, 660)}]},
            "in_no_fly",
            {"area": "here"},
        ),
        (
            {"areas": [{"id": "wall", "kind": "no_fly", "polygon": _box(690, -500, 730, 1700)}]},
            "closed",
            {"area": "wall"},
        ),
    ],
    ids=["fog", "inside", "cut off"],
)
def test_why_there_is_no_flight(
    tiny: Theatre, make_scenario: Make, stated: Any, code: str, params: dict[str, Any]
) -> None:
    matrix = _ground(tiny, make_scenario, **stated).matrix(HELICOPTER, Criterion.TIME)
    why = matrix.unreachable[0, 1]
    assert (why.code, why.site, dict(why.params)) == (code, "east", params)
    assert matrix.time_s[0, 1] == -1


def test_ground_above_the_ceiling_is_flown_around_where_a_corner_allows(
    make_theatre: Callable[..., Theatre], make_scenario: Make
) -> None:
    """A wall of 4,400 m needs a level of 4,550 m: 50 m more than the helicopter flies."""
    elevation = np.zeros((60, 60), np.float32)
    elevation[20:41, 35] = 4400.0
    theatre = make_theatre([], elevation=elevation)
    why = _ground(theatre, make_scenario).matrix(HELICOPTER, Criterion.TIME).unreachable[0, 1]
    assert (why.code, dict(why.params)) == ("ceiling", {"limit": 4500.0, "needed": 4550.0})
    # A planner who closes the summit to flying gives the way corners to turn at.
    area = {"id": "summit", "kind": "no_fly", "polygon": _box(690, 390, 730, 830)}
    ground = _ground(theatre, make_scenario, areas=[area])
    course = ground.course(HELICOPTER, Criterion.TIME, "west", "east")
    assert course.path is not None
    assert course.path.parts[0].level_m == 150.0  # type: ignore[union-attr]


def test_roads_do_not_concern_aircraft_and_what_is_no_go_on_the_ground_neither(
    tiny: Theatre, make_scenario: Make
) -> None:
    area = {"id": "mines", "kind": "no_go", "polygon": _box(600, 0, 700, 1190)}
    heavy = Profile(mobility=("helicopter",), load_class=200, width_m=20, height_m=20)
    course = _ground(tiny, make_scenario, areas=[area]).course(
        heavy, Criterion.TIME, "west", "east"
    )
    assert course.distance_m in {800, 801}


def test_what_moves_in_two_media_has_no_way_together(tiny: Theatre, make_scenario: Make) -> None:
    with pytest.raises(UsageError, match="foot and helicopter do not move together"):
        _ground(tiny, make_scenario).matrix(
            Profile(mobility=("foot", "helicopter")), Criterion.TIME
        )


def test_a_flight_between_two_sites_at_one_place_goes_up_and_down(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = _ground(tiny, make_scenario, {"one": (310.0, 610.0), "other": (310.0, 610.0)})
    flight = mobility_class("helicopter").flight
    assert flight is not None
    course = ground.course(HELICOPTER, Criterion.TIME, "one", "other")
    # Over ground at 0 m, up to its height above ground and down again.
    height_m = flight.above_ground_m
    up_and_down_s = height_m / flight.climb_ms + height_m / flight.descent_ms
    assert (course.time_s, course.distance_m) == (math.ceil(up_and_down_s), 0)
    assert ground.course(HELICOPTER, Criterion.TIME, "one", "one").time_s == 0
