"""Boats between landings: the best ways over water, never over land, and why there is none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from optimizer.network.by_medium import GroundByMedium
from optimizer.plan.model import GroundPart, LinkPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.tables import default, mobility_class
from optimizer.terrain.theatre import Theatre

BOAT = Profile(mobility=("boat",))
#: Both banks of the river in the middle, by the lake in the west, far from any water.
SITES = {
    "north": (650.0, 110.0),
    "south": (510.0, 1090.0),
    "lake": (270.0, 380.0),
    "far": (1110.0, 610.0),
}

Make = Callable[..., Scenario]


def test_a_boat_goes_down_the_river_and_under_its_bridges(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = GroundByMedium(make_scenario(tiny, SITES), tiny)
    course = ground.course(BOAT, Criterion.TIME, "north", "south")
    # The river is a column of cells whose middle is 610 m east: 40 m from north, 100 m from south.
    river = mobility_class("boat").sailing
    assert river is not None
    time_s = 140 / (default("link_kmh") / 3.6) + 980 / (river.river_kmh / 3.6)
    assert course.time_s == pytest.approx(time_s, abs=1.5)
    assert course.distance_m == pytest.approx(1120, abs=1.5)
    assert course.path is not None
    assert [part.kind for part in course.path.parts] == ["link", "ground", "link"]


@pytest.mark.parametrize(
    ("pair", "area", "why"),
    [
        (("north", "lake"), None, ("no_waterway", {})),
        (("north", "far"), None, ("no_landing", {"limit": 150.0})),
        (("north", "south"), (590, 600, 640, 620), ("closed", {"area": "boom"})),
        (("lake", "south"), (500, 900, 700, 1190), ("closed", {"area": "boom"})),
    ],
    ids=["another water", "no water", "a boom", "a shore"],
)
def test_why_no_boat_gets_there(
    tiny: Theatre,
    make_scenario: Make,
    pair: tuple[str, str],
    area: tuple[float, float, float, float] | None,
    why: tuple[str, dict[str, Any]],
) -> None:
    areas = []
    if area is not None:
        west, north, east, south = area
        polygon = [(west, north), (east, north), (east, south), (west, south)]
        areas = [{"id": "boom", "kind": "no_go", "polygon": polygon}]
    ground = GroundByMedium(make_scenario(tiny, SITES, areas=areas), tiny)
    matrix = ground.matrix(BOAT, Criterion.TIME)
    found = matrix.unreachable[matrix.sites.index(pair[0]), matrix.sites.index(pair[1])]
    assert (found.code, found.site, dict(found.params)) == (why[0], pair[1], why[1])


def _passed(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return every cell that the straight line between two centres leads through the inside of."""
    found = set()
    for share in np.linspace(0, 1, 401)[1:-1]:
        place = [a + (b - a) * share + 0.5 for a, b in zip(start, end, strict=True)]
        if all(abs(x - round(x)) > 0.01 for x in place):
            found.add((math.floor(place[0]), math.floor(place[1])))
    return sorted(found)


def test_no_boat_ever_leaves_the_water(
    make_theatre: Callable[..., Theatre], make_scenario: Make
) -> None:
    """Over ponds and straits at random, with bits of rivers, streams and lakes."""
    rng = np.random.default_rng(3)
    water = rng.choice(np.array([0, 1, 2, 3], np.uint8), (60, 60), p=[0.2, 0.08, 0.36, 0.36])
    theatre = make_theatre([], water=water)
    sites = {f"s{n}": tuple(rng.uniform(50, 1150, 2).tolist()) for n in range(8)}
    ground = GroundByMedium(make_scenario(theatre, sites), theatre)
    limit_m = 150.0
    walked = 0
    for criterion in (Criterion.TIME, Criterion.DISTANCE):
        matrix = ground.matrix(BOAT, criterion)
        for a, b in itertools.permutations(range(len(sites)), 2):
            if (a, b) in matrix.unreachable:
                continue
            course = ground.course(BOAT, criterion, matrix.sites[a], matrix.sites[b])
            assert course.distance_m == matrix.distance_m[a, b]
            assert course.time_s == matrix.time_s[a, b]
            assert course.path is not None
            for part in course.path.parts:
                if isinstance(part, LinkPart):
                    assert math.dist(part.start, part.end) <= limit_m + 0.01
                    continue
                assert isinstance(part, GroundPart)
                for start, end in itertools.pairwise(part.cells):
                    assert all(water[cell] >= 2 for cell in (start, end, *_passed(start, end)))
                    walked += 1
    assert walked > 500
