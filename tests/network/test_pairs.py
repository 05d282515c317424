"""One pair told in full: fronts, alternatives, profiles, frames."""

from __future__ import annotations

import math
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from optimizer.datasets import data_path
from optimizer.errors import RefusedError
from optimizer.network.answers import alternatives as module
from optimizer.network.answers.alternatives import BESIDE_M, STRETCH, alternatives_of
from optimizer.network.answers.frames import matrix_frame, profile_frame, routes_frame
from optimizer.network.answers.fronts import front_of
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.ground import Course
from optimizer.network.pair.places import scenario_between
from optimizer.network.pair.tell import tell
from optimizer.network.search.graph import ROAD, Arcs, Graph
from optimizer.plan.model import RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.scenario.read import load_scenario
from optimizer.terrain.theatre import Theatre, theatre_of

LIGHT = Profile(mobility=("light_4x4",), load_class=4)
TRUCK = Profile(mobility=("heavy_truck",), load_class=40)
FOOT = Profile(mobility=("foot",))
CORNERS = {"nw": (150, 310), "ne": (1050, 310), "sw": (150, 810), "se": (1050, 810)}
#: Over the road in the north, east of the river.
SEEN = {
    "id": "seen",
    "kind": "exposure",
    "exposure_per_km": 10,
    "polygon": [(700, 200), (1000, 200), (1000, 420), (700, 420)],
}

Make = Callable[..., Scenario]
Retrace = Callable[..., tuple[float, float, float, float]]


def quantities(course: Course) -> tuple[int, int, int, int]:
    return course.time_s, course.distance_m, course.fuel_m, course.exposure_milli


def edges(course: Course) -> set[str]:
    assert course.path is not None
    return {part.edge for part in course.path.parts if isinstance(part, RoadPart)}


@pytest.fixture(scope="module")
def brigade() -> TheatreGround:
    scenario = load_scenario(data_path("scenarios", "brigade.yaml"))
    theatre = theatre_of(scenario)
    assert theatre is not None
    return TheatreGround(scenario, theatre)


@pytest.mark.parametrize("profile", [LIGHT, FOOT])
def test_every_path_told_has_the_quantities_of_its_steps(
    tiny: Theatre, make_scenario: Make, retrace: Retrace, profile: Profile
) -> None:
    scenario = make_scenario(tiny, CORNERS, areas=[dict(SEEN)])
    ground = TheatreGround(scenario, tiny)
    told = tell(ground, profile, "nw", "se", front=True, alternatives=3)
    assert told.front is not None
    assert told.alternatives is not None
    for course in (*told.best.values(), *told.front, *(a.course for a in told.alternatives)):
        found = retrace(tiny, scenario, profile, course.path)
        # The parts are written to the millimetre.
        assert quantities(course) == pytest.approx(found, abs=1.01, rel=1e-5)


def test_the_front_runs_from_the_quickest_to_the_least_exposed(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = TheatreGround(make_scenario(tiny, CORNERS, areas=[dict(SEEN)]), tiny)
    told = tell(ground, LIGHT, "nw", "ne", front=True)
    assert told.front is not None
    # Through the area, or round it. Of an edge of 460 m 300 lie in it, at 10 a km, and the site is
    # 420 m along it: the exposure of a part is in proportion to its length, from either side.
    assert quantities(told.front[0]) == quantities(told.best[Criterion.TIME])
    assert told.front[0].exposure_milli == math.ceil(3000 * 420 / 460)
    assert told.front[-1].exposure_milli == math.ceil(3000 * 40 / 460)
    assert "s3" in edges(told.front[0])


def test_without_exposure_the_front_is_the_quickest_path(
    tiny: Theatre, make_scenario: Make
) -> None:
    ground = TheatreGround(make_scenario(tiny, CORNERS), tiny)
    told = tell(ground, LIGHT, "nw", "se", front=True)
    assert told.front is not None
    assert [quantities(c) for c in told.front] == [quantities(told.best[Criterion.TIME])]


def test_a_front_too_large_is_refused(tiny: Theatre, make_scenario: Make) -> None:
    ground = TheatreGround(make_scenario(tiny, CORNERS, areas=[dict(SEEN)]), tiny)
    meshes = [ground.mesh(LIGHT, c) for c in (Criterion.TIME, Criterion.EXPOSURE)]
    with pytest.raises(RefusedError, match="more than 5 labels"):
        front_of(meshes, ground.layers, (0, 1), labels_max=5)


@pytest.mark.parametrize(
    ("profile", "origin", "destination"), [(TRUCK, "BS-EST", "I2-C1"), (FOOT, "ESC-B1", "REL-PER")]
)
def test_on_sarvenne_the_ends_of_the_front_are_the_best_courses(
    brigade: TheatreGround, profile: Profile, origin: str, destination: str
) -> None:
    told = tell(brigade, profile, origin, destination, front=True)
    assert told.front is not None
    front = [quantities(course) for course in told.front]
    assert len(front) > 1
    assert front[0] == quantities(told.best[Criterion.TIME])
    assert front[-1] == quantities(told.best[Criterion.EXPOSURE])
    assert [p[0] for p in front] == sorted({p[0] for p in front})
    assert [p[3] for p in front] == sorted({p[3] for p in front}, reverse=True)
    # Paths by distance or fuel may be better in those, never in both time and exposure.
    for other in map(quantities, told.best.values()):
        assert any(p[0] <= other[0] and p[3] <= other[3] for p in front)


@pytest.mark.parametrize(
    ("profile", "origin", "destination", "share"),
    [
        (TRUCK, "BS-OUEST", "ESC-B2", 0.6),
        (TRUCK, "BS-EST", "I2-C1", 0.3),
        (FOOT, "PONT-GAL", "I1-C2", 0.6),
        (FOOT, "BS-EST", "I2-C1", 0.5),
    ],
)
def test_alternatives_share_no_more_than_they_may(
    brigade: TheatreGround, profile: Profile, origin: str, destination: str, share: float
) -> None:
    told = tell(
        brigade,
        profile,
        origin,
        destination,
        criteria=[Criterion.TIME],
        alternatives=4,
        share=share,
    )
    assert told.alternatives is not None
    assert len(told.alternatives) > 1
    courses = [a.course for a in told.alternatives]
    assert quantities(courses[0]) == quantities(told.best[Criterion.TIME])
    times = [course.time_s for course in courses]
    assert times == sorted(times)
    assert times[-1] <= STRETCH * times[0] + 1
    to_ground = brigade.layers.theatre.to_ground
    lines = [
        shapely.LineString(np.column_stack(to_ground.transform(*np.array(c.path.polyline).T)))
        for c in courses
        if c.path is not None
    ]
    for number, line in enumerate(lines):
        around = [shapely.buffer(better, BESIDE_M) for better in lines[:number]]
        beside = [shapely.length(shapely.intersection(line, a)) / line.length for a in around]
        assert told.alternatives[number].shared == pytest.approx(max(beside, default=0), abs=0.01)
        assert told.alternatives[number].shared <= share
        for better in range(number):
            assert _metres_on(courses[number], courses[better]) <= share * line.length + 1


def _metres_on(course: Course, other: Course) -> float:
    assert course.path is not None
    return sum(
        abs(part.to_m - part.from_m)
        for part in course.path.parts
        if isinstance(part, RoadPart) and part.edge in edges(other)
    )


def test_two_bridges_are_two_ways(tiny: Theatre, make_scenario: Make) -> None:
    ground = TheatreGround(make_scenario(tiny, CORNERS), tiny)
    ways = alternatives_of(ground.mesh(LIGHT, Criterion.TIME), ground.layers, (0, 3), 1, 0.3)
    over = [edges(way.course) & {"s2", "s5"} for way in ways]
    assert sorted(map(sorted, over)) == [["s2"], ["s5"]]


def test_alternatives_are_the_same_each_time(tiny: Theatre, make_scenario: Make) -> None:
    def asked() -> list[tuple[int, ...]]:
        ground = TheatreGround(make_scenario(tiny, CORNERS), tiny)
        mesh = ground.mesh(FOOT, Criterion.TIME)
        ways = alternatives_of(mesh, ground.layers, (0, 3), 4, 0.6)
        return [(*quantities(way.course), hash(way.course.path)) for way in ways]

    assert asked() == asked()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 100_000))
def test_no_candidate_that_is_taken_makes_a_detour(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, nodes = 40, 12
    links = rng.integers(0, nodes, (count, 2)).astype(np.int32)
    links = links[links[:, 0] != links[:, 1]]
    arcs = Arcs(
        kind=ROAD,
        tail=links[:, 0].copy(),
        head=links[:, 1].copy(),
        sums=rng.integers(1, 10, (len(links), 4)).astype(float),
        ref=np.arange(len(links)),
        span=np.zeros((len(links), 4)),
    )
    graph = Graph.of(nodes, [arcs], np.array([1.0, 0, 0, 0]))
    trees = module._Trees.of(graph, 0, nodes - 1)
    best = float(trees.ahead[nodes - 1])
    if not math.isfinite(best):
        return
    least = dijkstra(graph.matrix)
    for via, path in trees.candidates(0, best):
        entries = module._arcs(graph, path)
        along = np.concatenate(([0.0], np.cumsum(graph.matrix.data[entries])))
        assert path[0] == 0
        assert path[-1] == nodes - 1
        assert along[-1] <= STRETCH * best
        stretches = [
            (along[j] - along[i], least[path[i], path[j]])
            for i in range(len(path))
            for j in range(i + 1, len(path))
        ]
        # A quarter of the best cost: at most a tenth longer; any: four times; 1 % of the best off.
        detour = any(
            own > 4 * direct + 0.01 * best or (own <= best / 4 and own > 1.1 * direct + 0.01 * best)
            for own, direct in stretches
        )
        direct = module._is_direct(graph, np.array(path), entries, path.index(via), best)
        assert direct is not detour


@pytest.mark.parametrize("profile", [LIGHT, FOOT])
def test_a_profile_ends_with_the_quantities_of_the_path(
    tiny: Theatre, make_scenario: Make, profile: Profile
) -> None:
    # The second site lies off the roads, so that steps are among the points.
    sites = {"nw": (150, 310), "off": (830, 560)}
    ground = TheatreGround(make_scenario(tiny, sites, areas=[dict(SEEN)]), tiny)
    told = tell(ground, profile, "nw", "off", criteria=[Criterion.TIME], along=True)
    assert told.along is not None
    last, best = told.along[-1], told.best[Criterion.TIME]
    ends = (last.time_s, last.distance_m, last.fuel_m, last.exposure_milli)
    assert tuple(math.ceil(round(value, 6)) for value in ends) == quantities(best)
    assert {point.kind for point in told.along} >= {"start", "ground", "link"}
    for before, point in zip(told.along, told.along[1:], strict=False):
        length_m, time_s = point.distance_m - before.distance_m, point.time_s - before.time_s
        assert length_m > 0 or point.kind == "link"
        assert point.speed_kmh == pytest.approx(length_m / time_s * 3.6, rel=1e-4)
        if point.kind == "ground":
            assert point.cover in {"grass", "trees"}
            rise_m = point.elevation_m - before.elevation_m
            assert point.grade * length_m == pytest.approx(rise_m, abs=1e-3)


def test_frames_hold_the_paths_in_degrees(tiny: Theatre, make_scenario: Make) -> None:
    ground = TheatreGround(make_scenario(tiny, CORNERS, areas=[dict(SEEN)]), tiny)
    told = tell(ground, LIGHT, "nw", "se", front=True, alternatives=1, share=0.5, along=True)
    frame = routes_frame(told)
    assert frame.crs == "EPSG:4326"
    assert frame["answer"].value_counts()["best"] == len(Criterion)
    first = frame.iloc[0]
    assert (first["criterion"], first["time_s"]) == ("time", told.best[Criterion.TIME].time_s)
    metres = frame.to_crs(tiny.manifest.crs).geometry.length
    assert metres.to_numpy() == pytest.approx(frame["distance_m"].to_numpy(), rel=0.02)
    assert told.along is not None
    points = profile_frame(told.along, tiny)
    assert points.geometry.iloc[0].distance(first.geometry.interpolate(0)) < 1e-5
    assert len(points) == len(told.along)


def test_points_of_a_layer_are_places(tiny: Theatre) -> None:
    xy = [(400_150, 4_699_690), (401_050, 4_699_690), (400_270, 4_699_530)]
    layer = gpd.GeoDataFrame(
        {"id": ["a", "b", "lake"]}, geometry=gpd.points_from_xy(*zip(*xy, strict=True)), crs=32631
    )
    ground = TheatreGround(scenario_between(tiny, layer), tiny)
    frame = matrix_frame(ground.matrix(LIGHT, Criterion.TIME))
    # 900 m along the road in the north.
    assert frame.loc[("a", "b"), "distance_m"] in {900, 901}
    assert frame["time_s"].isna().sum() == 4
    assert frame.loc[("a", "lake"), "unreachable"] == "in_water"
    assert frame.loc[("a", "a"), "time_s"] == 0
