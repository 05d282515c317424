"""The small graph against a dense search, parallel arcs and unreachable nodes included."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from optimizer.network.search.graph import GROUND, ROAD, Arcs, Graph

NODES = 7


def arcs(kind: int, rng: np.random.Generator, count: int) -> Arcs:
    return Arcs(
        kind=kind,
        tail=rng.integers(0, NODES, count).astype(np.int32),
        head=rng.integers(0, NODES, count).astype(np.int32),
        sums=rng.uniform(0.1, 10, (count, 4)),
        ref=np.arange(count, dtype=np.int64),
        span=np.zeros((count, 4)),
    )


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 25),
    weights=st.sampled_from([(1, 0, 0, 0), (2, 1, 0, 0), (0.001, 0, 0, 1)]),
)
def test_totals_are_those_of_the_best_paths(
    seed: int, count: int, weights: tuple[float, ...]
) -> None:
    rng = np.random.default_rng(seed)
    layers = [arcs(ROAD, rng, count), arcs(GROUND, rng, count)]
    weight = np.array(weights, float)
    dense = np.full((NODES, NODES), np.inf)
    for layer in layers:
        np.minimum.at(dense, (layer.tail, layer.head), layer.sums @ weight)
    best = floyd_warshall(np.where(np.isfinite(dense), dense, 0))
    graph = Graph.of(NODES, layers, weight)
    nodes = np.arange(NODES, dtype=np.int32)
    totals = graph.totals(nodes, nodes)
    # Paths run from where sites begin to where they end, which are never the same node.
    apart = ~np.isfinite(best)
    joined = ~apart & ~np.eye(NODES, dtype=bool)
    assert np.isinf(totals[apart]).all()
    np.testing.assert_allclose(totals[joined] @ weight, best[joined], rtol=1e-9)
    assert (graph.reaches(nodes, nodes) == ~apart).all()
    for origin in range(NODES):
        tree = graph.tree(origin)
        for end in np.flatnonzero(joined[origin]):
            path = graph.path(tree, int(end))
            np.testing.assert_allclose(
                graph.sums[path].sum(axis=0), totals[origin, end], rtol=1e-9, atol=1e-9
            )


def test_of_two_arcs_between_the_same_nodes_the_cheaper_is_kept_with_its_own_figures() -> None:
    two = Arcs(
        kind=ROAD,
        tail=np.array([0, 0], np.int32),
        head=np.array([1, 1], np.int32),
        sums=np.array([[9.0, 1, 1, 1], [5.0, 2, 3, 4]]),
        ref=np.array([10, 11]),
        span=np.zeros((2, 4)),
    )
    quick = Graph.of(2, [two], np.array([1.0, 0, 0, 0]))
    short = Graph.of(2, [two], np.array([0.0, 1, 0, 0]))
    ends = np.array([0], np.int32), np.array([1], np.int32)
    assert quick.totals(*ends)[0, 0].tolist() == [5, 2, 3, 4]
    assert short.totals(*ends)[0, 0].tolist() == [9, 1, 1, 1]
    assert quick.ref.tolist() == [11]


def test_runs_are_what_a_path_crosses_of_open_ground_at_a_time() -> None:
    # 0 -road- 1 -ground- 2 -ground- 3 -road- 4 -ground- 5 -road- 6; the way from 4 to 5 is exact.
    def line(kind: int, tails: list[int], ref: int) -> Arcs:
        tail = np.array(tails, np.int32)
        return Arcs(
            kind,
            tail,
            tail + np.int32(1),
            np.ones((tail.size, 4)),
            np.arange(ref, ref + tail.size),
            np.zeros((tail.size, 4)),
        )

    layers = [line(ROAD, [0, 3, 5], 0), line(GROUND, [1, 2], 0), line(GROUND, [4], 2)]
    graph = Graph.of(NODES, layers, np.array([1.0, 0, 0, 0]))
    ends = np.array([0], np.int32), np.array([6, 2], np.int32)
    totals, runs = graph.totals_and_runs(*ends, exact_from=2, long_m=10)
    assert totals[0, :, 0].tolist() == [6, 2]
    # To 2 a single short way leads, which is hardly worth replacing.
    assert runs.tolist() == [[1, 3], [4, 5]]
    assert graph.totals_and_runs(*ends, exact_from=3, long_m=10)[1].tolist() == [[1, 3]]
    long = graph.totals_and_runs(*ends, exact_from=3, long_m=0.5)[1]
    assert long.tolist() == [[1, 2], [1, 3], [4, 5]]
    shorter = Arcs(
        GROUND,
        np.array([1], np.int32),
        np.array([3], np.int32),
        np.full((1, 4), 1.5),
        np.array([3]),
        np.zeros((1, 4)),
    )
    better = graph.plus(shorter, np.array([1.0, 0, 0, 0]))
    assert better.totals(*ends)[0, :, 0].tolist() == [5.5, 2]
