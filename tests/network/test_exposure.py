"""Exposure by the hour and by the ground, against sums along the path by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from optimizer.network.of_scenario import ground_of
from optimizer.network.state.exposure import along, crests
from optimizer.plan.model import GroundPart, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.tables import exposure_shares
from optimizer.terrain.theatre import Grid, Theatre

Make = Callable[..., Scenario]

FOOT = Profile(mobility=("foot",))
TRUCK = Profile(mobility=("heavy_truck",))
MIXED = Profile(mobility=("heavy_truck", "light_4x4"))
#: Shares by which the land covers below are in view.
SHARES = exposure_shares("concealment")


def test_an_hour_in_an_area_counts_its_rate(tiny: Theatre, make_scenario: Make) -> None:
    area = {
        "id": "seen",
        "kind": "exposure",
        "polygon": [(100, 250), (600, 250), (600, 370), (100, 370)],
        "exposure_per_h": 7,
        "exposure_per_km": 2,
    }
    scenario = make_scenario(tiny, {"a": (150, 310), "b": (545, 310)}, areas=[area])
    course = ground_of(scenario, tiny).course(TRUCK, Criterion.TIME, "a", "b")
    # 395 m of a primary road at 60 km/h are 23.7 s: 2 x 0.395 km + 7 x 23.7 / 3600 h.
    assert course.time_s == 24
    assert course.exposure_milli == math.ceil(2 * 395 + 7000 * 23.7 / 3600)


def test_the_least_exposed_way_goes_through_the_wood(
    make_theatre: Callable[..., Theatre], make_scenario: Make
) -> None:
    landcover = np.full((60, 60), 30, np.uint8)
    landcover[20:24, 4:56] = 10
    theatre = make_theatre([], landcover=landcover)
    sites = {"a": (90, 630), "b": (1110, 630)}
    rules = {"exposure": {"cover": "concealment", "per_km": 3}}
    ground = ground_of(make_scenario(theatre, sites, rules=rules), theatre)
    straight = ground.course(FOOT, Criterion.TIME, "a", "b")
    hidden = ground.course(FOOT, Criterion.EXPOSURE, "a", "b")
    # A straight way over grass: 51 steps of 20 m in full view, at 3 a kilometre.
    assert straight.exposure_milli == 3 * 51 * 20
    # In the wood only a fifth of it counts; the ways there and back, 8 rows away, count in full.
    assert hidden.exposure_milli < 3 * (51 * 20 * SHARES[10] + 2 * 8 * 20 * math.sqrt(2))
    assert hidden.time_s > straight.time_s


@pytest.mark.parametrize("seed", range(2))
def test_on_random_ground_exposure_is_the_sum_along_the_path(
    seed: int, make_theatre: Callable[..., Theatre], make_scenario: Make, retrace: Any
) -> None:
    rng = np.random.default_rng(seed)
    elevation = np.round(np.kron(rng.uniform(0, 60, (12, 12)), np.ones((5, 5))), 1)
    landcover = np.kron(rng.choice([0, 10, 20, 30, 50], (15, 15)), np.ones((4, 4))).astype(np.uint8)
    corners = [tuple(corner) for corner in rng.uniform(30, 1170, (6, 2)).round(2).tolist()]
    roads = [
        {"line": corners[:3], "class": "tertiary"},
        {"line": [corners[2], corners[3]], "class": "track", "tunnel": True},
        {"line": corners[3:], "class": "track"},
    ]
    theatre = make_theatre(roads, elevation=elevation.astype(np.float32), landcover=landcover)
    areas = [
        {
            "id": f"seen-{number}",
            "kind": "exposure",
            "polygon": [tuple(c) for c in rng.uniform(0, 1200, (3, 2)).tolist()],
            "exposure_per_h": float(rng.uniform(0, 900)),
            "exposure_per_km": float(rng.uniform(0, 90)),
        }
        for number in range(3)
    ]
    sites = {f"s{n}": tuple(xy) for n, xy in enumerate(rng.uniform(50, 1150, (4, 2)).tolist())}
    sites |= {"start": corners[0], "end": corners[-1]}
    rules = {"exposure": {"cover": "concealment", "per_km": 40}}
    scenario = make_scenario(theatre, sites, areas=areas, rules=rules)
    ground = ground_of(scenario, theatre)
    met = set()
    for profile in (FOOT, MIXED):
        least = ground.matrix(profile, Criterion.EXPOSURE).exposure_milli
        for criterion in (Criterion.TIME, Criterion.EXPOSURE):
            matrix = ground.matrix(profile, criterion)
            # Nothing is less exposed than what is best for that, but for a second's worth.
            assert (matrix.exposure_milli - least >= -1 - matrix.time_s / 1000).all()
            for i in range(len(matrix.sites)):
                j = (i + 1) % len(matrix.sites)
                if matrix.time_s[i, j] < 0:
                    continue
                course = ground.course(profile, criterion, matrix.sites[i], matrix.sites[j])
                by_hand = retrace(theatre, scenario, profile, course.path)
                assert course.exposure_milli - 1.01 <= by_hand[3] <= course.exposure_milli + 0.02
                assert course.time_s - 1.01 <= by_hand[0] <= course.time_s + 0.02
                met |= set(map(type, course.path.parts))
    assert {GroundPart, RoadPart} <= met


def test_a_line_is_summed_cell_by_cell_in_either_direction() -> None:
    grid = Grid("EPSG:32631", 100.0, 500.0, 10.0, 4, 3)
    values = np.arange(12, dtype=np.float64).reshape(3, 4)
    level = shapely.LineString([(105, 495), (135, 495)])  # 5 m of 0, 10 of 1, 10 of 2, 5 of 3
    falling = shapely.LineString([(100, 500), (130, 470)])  # the diagonal: 0, 5, 10
    border = shapely.LineString([(110, 495), (110, 485)])  # to the east of it: 1 and 5
    outside = shapely.LineString([(135, 495), (155, 495)])  # 5 m of 3, and 15 m of nothing
    lines = np.array([level, falling, border, outside, level.reverse(), falling.reverse()])
    diagonal = 15 * 10 * math.sqrt(2)
    expected = [10 + 20 + 15, diagonal, 5 + 25, 15, 45, diagonal]
    assert along(lines, grid, values) == pytest.approx(expected)


def test_a_crest_is_higher_than_the_ground_around_it() -> None:
    grid = Grid("EPSG:32631", 0.0, 0.0, 50.0, 30, 30)
    z_m = np.zeros(grid.shape, np.float32)
    z_m[10, 15] = 40.0
    z_m[:, 0] = 15.0
    found = crests(z_m, grid)
    # One cell in 11 x 11 raises their mean by a third of a metre; a rise of 15 m is no crest.
    assert found.sum() == 1
    assert found[10, 15]
