"""The search over cells against an explicit graph, and what a step may not do."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.network.search.cells import (
    MOVE_COLUMNS,
    MOVE_ROWS,
    NO_PRUNING,
    Cells,
    Search,
    direct,
    empty_scratch,
    mended,
    moves_of,
    path_between,
    search,
    search_after,
    shortcuts,
    spokes,
    squares_of,
    trace,
)

MOVES = [
    (dr, dc)
    for dr in range(-2, 3)
    for dc in range(-2, 3)
    if (abs(dr), abs(dc)) in {(0, 1), (1, 0), (1, 1), (1, 2), (2, 1)}
]
#: A slope factor that differs up and down: 1 at -1, 0.5 on the level, 0.25 at +1.
NONE = np.empty(0, np.int32)
SLOPE = np.interp(np.linspace(-1, 1, 201), [-1, 0, 1], [1.0, 0.5, 0.25])


def ground(
    height: int,
    width: int,
    *,
    z: Any = 0.0,
    blocked: Any = 0,
    pace: Any = 1.0,
    exposure: Any = 0.5,
    exposure_s: Any = 0.25,
    weights: tuple[float, ...] = (1, 0, 0, 0),
    steepest: float = 0.5,
    side: float = math.inf,
) -> Cells:
    def layer(values: Any, kind: type) -> Any:
        return np.broadcast_to(np.asarray(values, kind), (height, width)).ravel().copy()

    return Cells(
        width=width,
        height=height,
        resolution_m=10.0,
        z_m=layer(z, np.float32),
        blocked=layer(blocked, np.uint8),
        pace=layer(pace, np.float32)[None],
        fuel=layer(2.0, np.float32)[None],
        exposure=layer(exposure, np.float32),
        exposure_s=layer(exposure_s, np.float32),
        slope=SLOPE[None],
        fuel_per_grade=np.array([10.0]),
        max_up=steepest,
        max_down=steepest,
        max_side=side,
        weights=np.array(weights, np.float64),
        least=0.0,
    )


def side_slope(g: Cells, z: Any, cell: tuple[int, int], step: tuple[int, int]) -> float:
    """How steeply the ground falls away to the side: the gradient across the step."""
    (r, c), (dr, dc) = cell, step
    rows, columns = (
        (max(r - 1, 0), min(r + 1, g.height - 1)),
        (max(c - 1, 0), min(c + 1, g.width - 1)),
    )
    south = (float(z[rows[1], c]) - float(z[rows[0], c])) / max(rows[1] - rows[0], 1)
    east = (float(z[r, columns[1]]) - float(z[r, columns[0]])) / max(columns[1] - columns[0], 1)
    return abs(east * dr - south * dc) / math.hypot(dr, dc) / g.resolution_m


def explicit(g: Cells) -> csr_array[Any, Any]:
    """Return the graph of all open steps, built from the rules alone."""
    z, blocked = g.z_m.reshape(g.height, g.width), g.blocked.reshape(g.height, g.width)
    pace = g.pace[0].reshape(g.height, g.width)
    entries = []
    for r in range(g.height):
        for c in range(g.width):
            for dr, dc in MOVES:
                to = (r + dr, c + dc)
                if not (0 <= to[0] < g.height and 0 <= to[1] < g.width):
                    continue
                if abs(dr) == 2:
                    passed = [(r + dr // 2, c), (r + dr // 2, c + dc)]
                elif abs(dc) == 2:
                    passed = [(r, c + dc // 2), (r + dr, c + dc // 2)]
                else:
                    passed = [(r + dr, c), (r, c + dc)] if dr and dc else []
                if any(blocked[cell] for cell in [(r, c), to, *passed]):
                    continue
                d = g.resolution_m * math.hypot(dr, dc)
                grade = (float(z[to]) - float(z[r, c])) / d
                if not -g.max_down <= grade <= g.max_up:
                    continue
                if any(side_slope(g, z, cell, (dr, dc)) > g.max_side for cell in ((r, c), to)):
                    continue
                factor = float(np.interp(grade, [-1, 0, 1], [1.0, 0.5, 0.25]))
                time_s = d * (float(pace[r, c]) + float(pace[to])) / 2 / factor
                fuel_m = d * 2.0 * (1 + 10.0 * max(grade, 0))
                end = to[0] * g.width + to[1]
                exposure = d * float(g.exposure[end]) + time_s * float(g.exposure_s[end])
                cost = np.dot(g.weights, [time_s, d, fuel_m, exposure])
                entries.append((r * g.width + c, end, cost))
    tails, heads, costs = (
        (np.array(v) for v in zip(*entries, strict=True)) if entries else ([],) * 3
    )
    return csr_array((costs, (tails, heads)), shape=(g.z_m.size,) * 2)


grounds = st.builds(
    lambda seed, share, rough, side, weights: ground(
        7,
        9,
        z=np.random.default_rng(seed).normal(0, rough, (7, 9)).round(1),
        blocked=np.random.default_rng(seed + 1).random((7, 9)) < share,
        pace=np.random.default_rng(seed + 2).uniform(0.2, 3, (7, 9)),
        # Some ground may cost a million times what other ground does.
        exposure=np.random.default_rng(seed + 3).choice([0, 0.1, 2, 1e5], (7, 9)),
        exposure_s=np.random.default_rng(seed + 4).uniform(0, 2, (7, 9)),
        weights=weights,
        side=side,
    ),
    seed=st.integers(0, 10_000),
    share=st.sampled_from([0.0, 0.1, 0.3, 0.5]),
    rough=st.sampled_from([0.0, 2.0, 6.0]),
    # Not where a slope of round elevations lies: single precision may take it for more.
    side=st.sampled_from([0.1003, 0.3007, math.inf]),
    weights=st.sampled_from([(1, 0, 0, 0), (2, 1, 0, 0), (2, 0, 1, 0), (0.001, 0, 0, 1)]),
)


@settings(max_examples=400, deadline=None)
@given(g=grounds, start=st.integers(0, 62))
def test_costs_are_those_of_dijkstra_on_the_explicit_graph(g: Cells, start: int) -> None:
    graph = explicit(g)
    forward = search(g, moves_of(g), np.array([start], np.int32), False, NONE)  # noqa: FBT003
    backward = search(g, moves_of(g), np.array([start], np.int32), True, NONE)  # noqa: FBT003
    if g.blocked[start]:
        assert not np.isfinite(forward.cost).any()
        return
    np.testing.assert_allclose(forward.cost, dijkstra(graph, indices=start), rtol=1e-9)
    np.testing.assert_allclose(backward.cost, dijkstra(graph.T.tocsr(), indices=start), rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(g=grounds, seed=st.integers(0, 1000))
def test_sources_that_begin_later_spread_from_their_own_costs(g: Cells, seed: int) -> None:
    some = np.random.default_rng(seed)
    sources = np.sort(some.choice(63, 5, replace=False)).astype(np.int32)
    starts = some.uniform(0, 2000, 5)
    found = search_after(g, moves_of(g), sources, starts)
    free = g.blocked[sources] == 0
    paths = dijkstra(explicit(g), indices=sources[free]) + starts[free, None]
    np.testing.assert_allclose(found, paths.min(axis=0, initial=np.inf), rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(g=grounds, start=st.integers(0, 62))
def test_traced_paths_cost_what_the_search_says_and_cross_no_blocked_cell(
    g: Cells, start: int
) -> None:
    graph = explicit(g)
    for backward in (False, True):
        found = search(g, moves_of(g), np.array([start], np.int32), backward, NONE)
        for cell in np.flatnonzero(np.isfinite(found.cost)):
            path = trace(g, found.via, int(cell), backward)
            assert (path[-1], path[0]) == ((start, cell) if backward else (cell, start))
            # A step that the explicit graph does not have, such as one across a barrier, costs 0.
            steps = [graph[int(u), int(v)] for u, v in itertools.pairwise(path)]
            assert all(steps)
            assert sum(steps) == pytest.approx(found.cost[cell], rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(g=grounds, seed=st.integers(0, 1000))
def test_ways_between_terminals_are_never_too_cheap_and_those_of_sites_exact(
    g: Cells, seed: int
) -> None:
    free = np.flatnonzero(g.blocked == 0)
    if free.size < 3:
        return
    terminal = np.sort(np.random.default_rng(seed).choice(free, 3, replace=False)).astype(np.int32)
    exact = dijkstra(explicit(g), indices=terminal)[:, terminal]
    moves = moves_of(g)
    ahead = search(g, moves, terminal, False, NONE)  # noqa: FBT003
    behind = search(g, moves, terminal, True, ahead.source)  # noqa: FBT003
    tail, head, sums, _, _ = shortcuts(g, moves, ahead, behind)
    assert (sums @ g.weights >= exact[tail, head] * (1 - 1e-9)).all()
    # Every pair that has a way has one by shortcuts, whatever detour the third terminal makes.
    small = np.full((3, 3), np.inf)
    small[tail, head] = sums @ g.weights
    reached = dijkstra(np.where(np.isfinite(small), small, 0))
    assert (np.isfinite(reached) == np.isfinite(exact)).all()
    number = np.full(g.z_m.size, -1, np.int32)
    number[terminal] = [0, 1, 2]
    for backward in (False, True):
        owners, ends, ways, _ = spokes(g, moves_of(g), terminal, number, 5, backward)
        costs = np.full((3, 3), np.inf)
        np.fill_diagonal(costs, 0)
        costs[owners, number[ends]] = ways @ g.weights
        np.testing.assert_allclose(costs.T if backward else costs, exact, rtol=1e-9)
        for owner, end, way in zip(owners, ends, ways, strict=True):
            pair = int(terminal[owner]), int(end)
            path = path_between(g, moves_of(g), *(pair[::-1] if backward else pair), backward)
            metres = sum(
                10 * math.dist(divmod(int(u), g.width), divmod(int(v), g.width))
                for u, v in itertools.pairwise(path)
            )
            assert metres == pytest.approx(way[1])


@settings(max_examples=100, deadline=None)
@given(g=grounds, seed=st.integers(0, 1000), backward=st.booleans())
def test_direct_ways_are_exact_and_infinite_where_there_is_none(
    *, g: Cells, seed: int, backward: bool
) -> None:
    free = np.flatnonzero(g.blocked == 0).astype(np.int32)
    if free.size < 4:
        return
    centres, ends = np.split(np.random.default_rng(seed).choice(free, 4, replace=False), 2)
    graph = explicit(g).T.tocsr() if backward else explicit(g)
    exact = dijkstra(graph, indices=centres)[:, ends]
    # The same scratch serves for both: a search leaves it as it found it.
    scratch = empty_scratch(g.z_m.size)
    for centre, costs in zip(centres.tolist(), exact, strict=True):
        sums, first, steps, _ = direct(g, moves_of(g), centre, ends, backward, NO_PRUNING, scratch)
        found = np.isfinite(sums[:, 0])
        np.testing.assert_array_equal(found, np.isfinite(costs))
        np.testing.assert_allclose(sums[found] @ g.weights, costs[found], rtol=1e-9)
        for k in np.flatnonzero(found):
            start, end = (ends[k], centre) if backward else (centre, ends[k])
            moved = MOVE_ROWS * g.width + MOVE_COLUMNS
            path = np.cumsum([start, *moved[steps[first[k] : first[k + 1]]]])
            assert path[-1] == end
            driven = sum(
                10 * math.dist(divmod(int(u), g.width), divmod(int(v), g.width))
                for u, v in itertools.pairwise(path)
            )
            assert driven == pytest.approx(sums[k, 1])


def test_costs_are_exact_where_a_step_may_cost_next_to_nothing() -> None:
    # Buckets are then wider than the cheapest step, and cells take more than one turn.
    rng = np.random.default_rng(7)
    g = ground(40, 40, pace=10.0 ** rng.uniform(-6, 3, (40, 40)))
    found = search(g, moves_of(g), np.array([820], np.int32), False, NONE)  # noqa: FBT003
    np.testing.assert_allclose(found.cost, dijkstra(explicit(g), indices=820), rtol=1e-9)


def test_two_terminals_are_joined_by_the_best_way() -> None:
    g = ground(9, 9, z=np.add.outer(np.arange(9.0), np.arange(9.0) * 2))
    terminal = np.array([0, 80], np.int32)
    exact = dijkstra(explicit(g), indices=terminal)[:, terminal]
    moves = moves_of(g)
    ahead = search(g, moves, terminal, False, NONE)  # noqa: FBT003
    behind = search(g, moves, terminal, True, ahead.source)  # noqa: FBT003
    tail, head, sums, _, _ = shortcuts(g, moves, ahead, behind)
    assert [*zip(tail.tolist(), head.tolist(), strict=True)] == [(0, 1), (1, 0)]
    np.testing.assert_allclose(sums[:, 0], [exact[0, 1], exact[1, 0]])


def test_length_on_level_ground_is_at_most_2_75_percent_too_long() -> None:
    # The largest error of 16 directions is halfway between a straight move and a knight's move.
    g = ground(61, 61, weights=(0, 1, 0, 0))
    found = search(g, moves_of(g), np.array([30 * 61 + 30], np.int32), False, NONE)  # noqa: FBT003
    row, column = np.divmod(np.arange(61 * 61), 61)
    straight = 10 * np.hypot(row - 30, column - 30)
    excess = found.cost[straight > 0] / straight[straight > 0]
    assert excess.min() == pytest.approx(1.0)
    assert 1.027 < excess.max() < 1.0276


def test_there_and_back_are_equal_on_the_level_and_not_on_a_slope() -> None:
    ends = np.array([0], np.int32), np.array([9], np.int32)
    for z, same in ((np.zeros(10), True), (np.arange(10.0), False)):
        g = ground(1, 10, z=z)
        there, back = (search(g, moves_of(g), end, False, NONE).cost for end in ends)  # noqa: FBT003
        assert math.isclose(there[9], back[0]) is same
    # Nine steps of 10 m at a grade of 10 %: the factor is 0.475 up, 0.55 down.
    assert there[9] == pytest.approx(90 / 0.475)
    assert back[0] == pytest.approx(90 / 0.55)


def test_a_wall_one_cell_thick_and_diagonal_lets_nobody_through() -> None:
    g = ground(9, 9, blocked=np.eye(9))
    found = search(g, moves_of(g), np.array([8], np.int32), False, NONE)  # noqa: FBT003
    below = np.tril(np.ones((9, 9), bool)).ravel()
    assert not np.isfinite(found.cost[below]).any()
    assert np.isfinite(found.cost[~below]).all()


def test_a_step_steeper_than_the_limit_is_closed_and_one_at_the_limit_open() -> None:
    for rise, passes in ((5.0, True), (5.5, False)):
        g = ground(1, 2, z=[[0.0, rise]], steepest=0.5)
        found = search(g, moves_of(g), np.array([0], np.int32), False, NONE)  # noqa: FBT003
        assert np.isfinite(found.cost[1]) == passes


def test_a_search_is_the_same_each_time() -> None:
    rng = np.random.default_rng(4)
    g = ground(40, 40, z=rng.normal(0, 1, (40, 40)).round(), weights=(0, 1, 0, 0))
    sources = np.array([5, 700, 1500], np.int32)
    first, second = (search(g, moves_of(g), sources, False, NONE) for _ in range(2))  # noqa: FBT003
    assert (first.via == second.via).all()
    assert (first.source == second.source).all()


@pytest.mark.parametrize("weights", [(1, 0, 0, 0), (0, 1, 0, 0)])
def test_of_equally_good_ways_the_lowest_move_counts_whoever_had_its_turn_first(
    weights: tuple[float, ...],
) -> None:
    # On level ground of one pace most cells have several best ways. With wide buckets cells have
    # their turns in quite another order, and some of them two.
    rng = np.random.default_rng(6)
    g = ground(40, 40, pace=rng.choice([1.0, 2.0], (40, 40)), weights=weights)
    moves = moves_of(g)
    sources = np.sort(rng.choice(1600, 30, replace=False)).astype(np.int32)
    usual = search(g, moves, sources, False, NONE)  # noqa: FBT003
    wide = search(g, moves._replace(grain=300 * moves.grain), sources, False, NONE)  # noqa: FBT003
    for one, other in zip(usual, wide, strict=True):
        np.testing.assert_array_equal(one, other)
    graph = explicit(g)
    tied = 0
    for cell in np.flatnonzero(usual.via != 255).tolist():
        row, column = divmod(cell, 40)
        good = []
        for m, (dr, dc) in enumerate(zip(MOVE_ROWS.tolist(), MOVE_COLUMNS.tolist(), strict=True)):
            if not (0 <= row - dr < 40 and 0 <= column - dc < 40):
                continue
            start = (row - dr) * 40 + column - dc
            if usual.cost[start] + graph[start, cell] == usual.cost[cell]:
                good.append(m)
        # The graph's steps may differ from the search's in the last digit.
        if int(usual.via[cell]) in good:
            assert usual.via[cell] == good[0]
            tied += len(good) > 1
    assert tied > 100


@settings(max_examples=300, deadline=None)
@given(
    g=grounds,
    seed=st.integers(0, 10_000),
    tied=st.booleans(),
    shape=st.tuples(st.integers(0, 6), st.integers(0, 8), st.integers(1, 4), st.integers(1, 4)),
)
def test_a_search_that_was_mended_is_the_one_from_nothing(
    g: Cells, seed: int, shape: tuple[int, int, int, int], *, tied: bool
) -> None:
    rng = np.random.default_rng(seed)
    row, column, height, width = shape
    box = np.zeros((7, 9), np.bool_)
    box[row : row + height, column : column + width] = True
    box = box.ravel()
    if tied:
        g = g._replace(z_m=np.zeros_like(g.z_m), pace=np.ceil(g.pace))
    # The ground may get faster or slower, closed or open there; sources in it may come and go.
    other = g._replace(
        pace=np.where(box, g.pace * np.float32(rng.choice([0.5, 1, 2])), g.pace),
        blocked=np.where(box, rng.choice([0, 1, 2], 63) & 1, g.blocked).astype(np.uint8),
    )
    places = np.sort(rng.choice(63, 6, replace=False)).astype(np.int32)
    some = places[~box[places] | (rng.random(6) < 0.5)]
    new = places[~box[places] | (rng.random(6) < 0.5)]
    was, now = moves_of(g), moves_of(other)
    differs = (g.pace != other.pace)[0] | (g.blocked != other.blocked)
    differs |= (was.ahead != now.ahead) | (was.behind != now.behind)
    differs[np.setxor1d(some, new)] = True
    number = np.full(63, -1, np.int32)
    number[new] = np.arange(new.size)
    number = np.append(number[some], np.int32(-1))
    none = np.empty(0, np.int32)

    def same(found: Search, exact: Search) -> None:
        for one, another in zip(found, exact, strict=True):
            np.testing.assert_array_equal(one, another)

    was_ahead = search(g, was, some, False, none)  # noqa: FBT003
    ahead = search(other, now, new, False, none)  # noqa: FBT003
    before = was_ahead._replace(source=number[was_ahead.source])
    same(mended(other, now, new, False, none, before, differs), ahead)  # noqa: FBT003
    was_behind = search(g, was, some, True, was_ahead.source)  # noqa: FBT003
    behind = search(other, now, new, True, ahead.source)  # noqa: FBT003
    differs |= before.source != ahead.source
    before = was_behind._replace(source=number[was_behind.source])
    same(mended(other, now, new, True, ahead.source, before, differs), behind)  # noqa: FBT003


def test_squares_are_numbered_row_by_row_and_only_those_looked_at_are_told() -> None:
    # 70 columns and 40 rows are 3 by 2 squares; cell (31, 32) lies in square 1, (32, 31) in 3.
    cells = np.array([31 * 70 + 32, 32 * 70 + 31], np.int32)
    assert squares_of(cells, 70, 40).tolist() == [0b1010]
    assert squares_of(np.array([39 * 70 + 69], np.int32), 70, 40).tolist() == [0b100000]
    # From a corner the nearest neighbour is found in its own square, the far corner after all.
    g = ground(40, 70)
    number = np.full(2800, -1, np.int32)
    number[[0, 1, 2799]] = [0, 1, 2]
    centres = np.array([0], np.int32)
    near, far = (
        spokes(g, moves_of(g), centres, number, limit, False)[3].tolist()  # noqa: FBT003
        for limit in (2, 3)
    )
    assert (near, far) == ([[0b1]], [[0b111111]])


def test_many_cells_may_wait_at_once() -> None:
    # Next to 12,500 sources lie nearly all of the other 50,000 cells. They all wait before the
    # first of them has its turn, which is more than there is room for at the start of a search.
    rng = np.random.default_rng(3)
    g = ground(250, 250, z=rng.normal(0, 1, (250, 250)), pace=rng.uniform(1, 4, (250, 250)))
    sources = np.sort(rng.choice(62_500, 12_500, replace=False)).astype(np.int32)
    found = search(g, moves_of(g), sources, False, NONE)  # noqa: FBT003
    exact = dijkstra(explicit(g), indices=sources, min_only=True)
    np.testing.assert_allclose(found.cost, exact, rtol=1e-9)
    beside = np.zeros(62_500, np.bool_)
    beside[found.source >= 0] = True
    beside[sources] = False
    assert beside.sum() > 12_500 + (1 << 14) + 16
