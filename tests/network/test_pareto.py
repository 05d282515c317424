"""The front of two quantities against every simple path, one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from optimizer.network.search.pareto import bounds, labels, undominated

NODES = 7

Arc = tuple[int, int, float, float]
Point = tuple[float, float]


Ints = NDArray[np.int32]


def csr(arcs: list[Arc], *, by_head: bool = False) -> tuple[Ints, Ints, NDArray[np.intp]]:
    """Return where the arcs of each node begin, their other ends, and their order."""
    column, other = (1, 0) if by_head else (0, 1)
    ends = np.array([arc[:2] for arc in arcs], np.int32).reshape(-1, 2)
    order = np.argsort(ends[:, column], kind="stable")
    start = np.zeros(NODES + 1, np.int32)
    np.cumsum(np.bincount(ends[:, column], minlength=NODES), out=start[1:])
    return start, np.ascontiguousarray(ends[order, other]), order


def front(arcs: list[Arc], limit: int = 100_000) -> tuple[list[Point], list[list[Arc]], bool]:
    """Return the front from node 0 to the last node, as points and as paths."""
    quantities = np.array([arc[2:] for arc in arcs]).reshape(-1, 2)
    start, heads, order = csr(arcs)
    start_back, tails, order_back = csr(arcs, by_head=True)
    least, least_second = (
        bounds(start_back, tails, quantities[order_back, q].copy(), NODES - 1) for q in (0, 1)
    )
    first, second = (quantities[order, q].copy() for q in (0, 1))
    ends, parent, via, complete = labels(
        start, heads, first, second, least, least_second, 0, NODES - 1, 1e-9, limit
    )
    paths = []
    for end in ends.tolist():
        path, label = [], end
        while parent[label] >= 0:
            path.append(arcs[order[via[label]]])
            label = int(parent[label])
        paths.append(path[::-1])
    points = [(sum(a[2] for a in path), sum(a[3] for a in path)) for path in paths]
    return points, paths, complete


def every_simple_path(arcs: list[Arc]) -> list[Point]:
    """Return both sums of every path from node 0 to the last that meets no node twice."""
    points = []

    def walk(node: int, seen: frozenset[int], one: float, two: float) -> None:
        if node == NODES - 1:
            points.append((one, two))
            return
        for tail, head, a, b in arcs:
            if tail == node and head not in seen:
                walk(head, seen | {head}, one + a, two + b)

    walk(0, frozenset({0}), 0.0, 0.0)
    return points


def undominated_points(points: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for one, two in sorted(points):
        if not kept or two < kept[-1][1] - 1e-9:
            kept.append((one, two))
    return kept


amount = st.integers(0, 6).map(float)
node = st.integers(0, NODES - 1)
some_arcs = st.lists(st.tuples(node, node, amount, amount), max_size=22)


@settings(max_examples=400, deadline=None)
@given(some_arcs)
def test_the_front_is_that_of_all_simple_paths(arcs: list[Arc]) -> None:
    # Whole amounts, many of them equal or nought: ties, parallel arcs and free cycles are common.
    points, paths, complete = front(arcs)
    assert complete
    assert points == undominated_points(every_simple_path(arcs))
    for path in paths:
        stops = [0, *(arc[1] for arc in path)]
        assert stops[-1] == NODES - 1
        assert [arc[0] for arc in path] == stops[:-1]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 30))
def test_the_front_of_uneven_amounts_is_that_of_all_simple_paths(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, NODES, (count, 2)).tolist()
    sums = rng.uniform(0, 10, (count, 2)).tolist()
    arcs = [(*end, *pair) for end, pair in zip(ends, sums, strict=True)]
    found = front(arcs)[0]
    expected = undominated_points(every_simple_path(arcs))
    np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-9)


def test_of_two_ways_as_quick_only_the_less_exposed_is_on_the_front() -> None:
    points, paths, _ = front([(0, 6, 5, 3), (0, 6, 5, 1), (0, 1, 2, 0), (1, 6, 3, 0)])
    assert points == [(5, 0)]
    assert len(paths[0]) == 2


def test_the_limit_is_told() -> None:
    # Six steps with two ways each, one second or one unit of exposure: a front of seven points.
    arcs = [(n, n + 1, *pair) for n in range(6) for pair in ((1.0, 0.0), (0.0, 1.0))]
    assert front(arcs)[0] == [(one, 6 - one) for one in range(7)]
    assert front(arcs, limit=20)[2] is False


@settings(max_examples=200, deadline=None)
@given(some_arcs)
def test_arcs_left_out_of_parallel_ones_change_no_front(arcs: list[Arc]) -> None:
    arcs = sorted(arcs)
    ends = np.array([arc[:2] for arc in arcs], np.int32).reshape(-1, 2)
    second = np.array([arc[3] for arc in arcs])
    keep = undominated(ends[:, 0].copy(), ends[:, 1].copy(), second)
    kept = [arc for arc, stays in zip(arcs, keep.tolist(), strict=True) if stays]
    assert front(kept)[0] == front(arcs)[0]
    for a in kept:
        twins = [b for b in kept if b[:2] == a[:2] and b is not a]
        assert not any(b[2] <= a[2] and b[3] <= a[3] for b in twins)


def test_bounds_are_those_of_a_dense_search() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        ends, cost = rng.integers(0, NODES, (15, 2)), rng.integers(1, 9, 15).astype(float)
        arcs = [(int(a), int(b), float(c), 0.0) for (a, b), c in zip(ends, cost, strict=True)]
        dense = np.full((NODES, NODES), np.inf)
        np.minimum.at(dense, (ends[:, 0], ends[:, 1]), cost)
        np.fill_diagonal(dense, 0)
        for via in range(NODES):
            dense = np.minimum(dense, dense[:, via : via + 1] + dense[via])
        start, tails, order = csr(arcs, by_head=True)
        assert bounds(start, tails, cost[order].copy(), 3).tolist() == dense[:, 3].tolist()
