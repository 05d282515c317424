"""The parts of made ground: noise, flow, cells of a line, paths, neighbours, crossings, names."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import STRtree
from shapely.geometry import LineString

from optimizer.terrain.synth.attributes import references, span_of
from optimizer.terrain.synth.carve import cells_along, settle
from optimizer.terrain.synth.chains import Chain
from optimizer.terrain.synth.crossings import Crossing, find_crossings
from optimizer.terrain.synth.flow import accumulate, route, unrest
from optimizer.terrain.synth.hydrography import WaterLine
from optimizer.terrain.synth.names import Names
from optimizer.terrain.synth.network import Network
from optimizer.terrain.synth.noise import fractal, smoothstep, value_noise
from optimizer.terrain.synth.paths import MOVES, PASSED, PASSED_COUNT, Land, search
from optimizer.terrain.synth.roads import neighbours


@pytest.mark.parametrize("period", [2.0, 7.0, 30.0, 200.0])
def test_noise_has_unit_spread_and_its_wavelength(period: float) -> None:
    field = value_noise(np.random.default_rng(1), (120, 90), period)
    assert field.shape == (120, 90)
    assert field.std() == pytest.approx(1.0)
    # Neighbouring cells are the more alike the longer the wave is.
    step = np.abs(np.diff(field, axis=0)).mean()
    assert step < 3.0 / period


def test_noise_is_the_same_for_the_same_seed_alone() -> None:
    first, again, other = (
        fractal(np.random.default_rng(s), (40, 40), 16, octaves=3) for s in (7, 7, 8)
    )
    assert (first == again).all()
    assert not (first == other).all()


def test_smoothstep_rises_from_0_to_1() -> None:
    assert smoothstep(np.array([0.0, 1.0, 1.5, 2.0, 9.0]), 1.0, 2.0).tolist() == [0, 0, 0.5, 1, 1]


def rough(seed: int, size: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    outlet = np.zeros((size, size), np.bool_)
    outlet[0, size // 2] = True
    return rng.uniform(0.0, 100.0, (size, size)), outlet, rng


@given(seed=st.integers(0, 10_000), size=st.integers(3, 24))
@example(seed=3872, size=3)  # so small that the soft noise is nearly flat
@settings(max_examples=40, deadline=None)
def test_all_water_reaches_the_outlet_downhill(seed: int, size: int) -> None:
    ground, outlet, rng = rough(seed, size)
    receiver, order, filled = route(ground, outlet, unrest(rng, ground.shape))
    assert sorted(order.tolist()) == list(range(size * size))
    rank = np.empty(size * size, np.int64)
    rank[order] = np.arange(size * size)
    others = np.flatnonzero(receiver != np.arange(size * size))
    # One cell is the outlet; from each other one the water falls to a cell that comes earlier.
    assert len(others) == size * size - 1
    assert (filled.ravel()[receiver[others]] < filled.ravel()[others]).all()
    assert (rank[receiver[others]] < rank[others]).all()
    assert (filled >= ground).all()
    area = accumulate(receiver, order, np.ones(size * size))
    assert area[size // 2] == size * size  # everything passes the outlet


@given(
    points=st.lists(
        st.tuples(st.floats(-3, 30), st.floats(-3, 30)), min_size=2, max_size=8, unique=True
    )
)
@settings(max_examples=80, deadline=None)
def test_cells_along_a_line_are_those_that_it_runs_through(
    points: list[tuple[float, float]],
) -> None:
    line = np.array(points)
    rows, columns, at = cells_along(line)
    assert (np.diff(at) > 0).all()
    # Steps go to a neighbour; both ends are there; each cell holds a point of the line.
    assert (np.abs(np.diff(rows)) <= 1).all()
    assert (np.abs(np.diff(columns)) <= 1).all()
    index = np.arange(len(line))
    assert (np.abs(np.interp(at, index, line[:, 0]) - rows) <= 0.5 + 1e-9).all()
    assert (np.abs(np.interp(at, index, line[:, 1]) - columns) <= 0.5 + 1e-9).all()
    # A dense walk along the line finds no cell that is missing, but for those that it only grazes.
    dense = np.linspace(0, len(line) - 1, 400)
    near = np.stack([np.interp(dense, index, line[:, k]) for k in (0, 1)], axis=1)
    clear = np.abs(near - np.floor(near) - 0.5).min(axis=1) > 1e-6
    found = set(zip(rows.tolist(), columns.tolist(), strict=True))
    assert {(int(r), int(c)) for r, c in np.rint(near[clear])} <= found


def test_settled_ground_never_rises_along_a_course_even_where_courses_meet() -> None:
    ground = np.array([[9.0, 8.0, 7.0, 7.5], [9.0, 9.0, 9.0, 6.0], [9.0, 9.0, 9.0, 6.2]])
    first = np.array([[0.0, 0.0], [0.0, 3.0], [2.0, 3.0]])
    second = np.array([[1.0, 0.0], [1.0, 3.0]])
    settled = settle(ground, [first, second])
    assert settled[0].tolist() == [9.0, 8.0, 7.0, 7.0]  # the bump of 7.5 is cut down to 7
    assert settled[:, 3].tolist() == [7.0, 6.0, 6.0]
    assert settled[1].tolist() == [9.0, 9.0, 9.0, 6.0]


def test_moves_are_32_and_pass_the_cells_between() -> None:
    assert len(MOVES) == 32
    passed = {
        (int(r), int(c)): {(int(a), int(b)) for a, b in PASSED[k, : PASSED_COUNT[k]]}
        for k, (r, c) in enumerate(MOVES)
    }
    assert passed[0, 1] == set()
    assert passed[1, 1] == {(0, 1), (1, 0)}  # a diagonal grazes the two cells beside it
    assert passed[1, 2] == {(0, 1), (1, 1)}


def flat_land(size: int) -> Land:
    return Land(np.zeros((size, size)), np.ones((size, size)), np.zeros((size, size)), 30.0)


def find(land: Land, network: Network, start: tuple[int, int], end: tuple[int, int]) -> np.ndarray:
    size = len(land.ground)
    target = np.zeros((size, size), np.bool_)
    target[end] = True
    return search(land, network.roads, target, start, (0, 0, size, size), 0.3)


def test_path_on_flat_ground_is_straight() -> None:
    path = find(flat_land(30), Network.empty((30, 30)), (5, 4), (9, 24))
    length = np.hypot(*np.diff(path, axis=0).T).sum()
    assert length == pytest.approx(np.hypot(4, 20), rel=0.02)  # 32 directions: 1.3 % at most


def test_path_up_a_wall_winds_instead_of_climbing() -> None:
    land = flat_land(60)
    land.ground[:] = 30.0 * 0.25 * np.arange(60)[:, None]  # a slope of 25 %
    path = find(land, Network.empty((60, 60)), (10, 30), (50, 30))
    rise = np.diff(land.ground[path[:, 0], path[:, 1]])
    run = 30.0 * np.hypot(*np.diff(path, axis=0).T)
    assert (np.abs(rise) / run).max() < 0.13


def test_path_goes_around_what_cannot_be_built_on_and_there_is_none_where_all_is_closed() -> None:
    land = flat_land(30)
    land.cost[:25, 15] = np.inf
    path = find(land, Network.empty((30, 30)), (5, 5), (5, 25))
    assert path[:, 0].max() >= 25
    land.cost[:, 15] = np.inf
    assert len(find(land, Network.empty((30, 30)), (5, 5), (5, 25))) == 0


def test_path_follows_an_existing_road_and_crosses_it_at_nodes_only() -> None:
    network = Network.empty((40, 40))
    network.add(find(flat_land(40), network, (20, 2), (20, 37)), "primary")
    along = find(flat_land(40), network, (17, 4), (17, 35))
    assert (along[:, 0] == 20).sum() > 8  # most of the way lies on the road
    across = find(flat_land(40), network, (10, 20), (30, 21))
    on_road = network.roads.taken[across[:, 0], across[:, 1]]
    assert on_road.any()
    assert network.roads.node[across[on_road, 0], across[on_road, 1]].all()


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=14, unique=True
    )
)
@settings(max_examples=60, deadline=None)
def test_neighbours_join_all_points_and_the_relative_ones_are_gabriel_too(
    points: list[tuple[int, int]],
) -> None:
    relative, gabriel = neighbours(points), neighbours(points, gabriel=True)
    assert {frozenset(pair) for pair in relative} <= {frozenset(pair) for pair in gabriel}
    reached, fresh = {points[0]}, [points[0]]
    while fresh:
        at = fresh.pop()
        nexts = {q for pair in relative if at in pair for q in pair} - reached
        reached |= nexts
        fresh += nexts
    assert reached == set(points)


def test_crossings_near_each_other_are_one_bridge() -> None:
    road = LineString([(0, 0), (400, 0)])
    waters = [
        WaterLine(LineString([(x, 50), (x, -50)]), kind, width, name)
        for x, kind, width, name in (
            (100, "stream", 4.0, ""),
            (120, "river", 10.0, "La Dorne"),
            (300, "stream", 4.0, ""),
        )
    ]
    found = find_crossings(road, waters, STRtree([w.line for w in waters]))
    # Half the width and 6 m of abutment on either side: 92 to 131, and 292 to 308.
    assert [(c.start_m, c.end_m, c.kind, c.name) for c in found] == [
        (92.0, 131.0, "river", "La Dorne"),
        (292.0, 308.0, "stream", ""),
    ]


def test_a_slanting_crossing_needs_a_longer_bridge() -> None:
    water = WaterLine(LineString([(0, 100), (200, -100)]), "river", 20.0, "")
    (found,) = find_crossings(LineString([(0, 0), (200, 0)]), [water], STRtree([water.line]))
    # 45 degrees: the road is 20 / sin 45 = 28.3 m over the water, and 12 m of abutments.
    assert found.end_m - found.start_m == pytest.approx(28.28 + 12.0, abs=0.01)


def test_bridges_have_a_class_by_their_road_and_weak_ones_are_signed() -> None:
    rng = np.random.default_rng(1)
    crossing = Crossing(0.0, 20.0, "river", "")
    for kind, least, most in (("primary", 60, 100), ("secondary", 8, 80), ("tertiary", 8, 52)):
        spans = [span_of(rng, kind, crossing) for _ in range(300)]
        classes = [span.mlc_wheeled for span in spans]
        assert min(classes) >= least
        assert max(classes) <= most
        assert all((s.max_weight_t is not None) == (s.mlc_wheeled <= 16) for s in spans)
    assert not span_of(rng, "primary", None).bridge


def test_longest_road_has_the_first_number() -> None:
    chains = [
        Chain(np.zeros((points, 2)), np.zeros(points), kind, way)
        for points, kind, way in (
            (5, "primary", 7),
            (9, "primary", 8),
            (6, "primary", 7),
            (3, "track", 9),
        )
    ]
    assert references(chains) == {7: "N 1", 8: "N 2"}


def test_names_never_repeat_and_elide() -> None:
    names = Names(np.random.default_rng(0))
    given_names = [names.settlement("hamlet") for _ in range(300)]
    assert len(set(given_names)) == 300
    assert names.lake("Aubigny") == "Lac d'Aubigny"
    assert names.lake("Roucourt") == "Lac de Roucourt"
    rivers = [names.water() for _ in range(40)]  # more than there are in the table
    assert len(set(rivers)) == 40
    for name in itertools.chain(given_names, rivers):
        assert " de A" not in name
