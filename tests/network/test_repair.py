"""Trees mended for a variant of a small graph against searches of the variant from nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.network.mesh.stage import Stage
from optimizer.network.search.graph import GROUND, ROAD, Arcs, Graph
from optimizer.network.search.repair import repaired, runs_on

#: The last nodes are those that only variants have.
NODES, MORE = 12, 2
#: Cost by distance, so that of equally good paths the times tell which was taken.
WEIGHTS = np.array([0.0, 1.0, 0.0, 0.0])
BOUNDS = (1 << 30, np.inf)

#: Distance, time, and whether the arc leads over open ground.
Between = dict[tuple[int, int], tuple[float, float, int]]


def graph_of(arcs: Between, nodes: int) -> Graph:
    layers = []
    for ground in (0, 1):
        some = [(*ends, *values) for ends, values in arcs.items() if values[2] == ground]
        tail, head, cost, time_s, _ = np.array(some, float).reshape(-1, 5).T
        sums = np.column_stack((time_s, cost, np.zeros((len(some), 2))))
        layers.append(
            Arcs(
                GROUND if ground else ROAD,
                tail.astype(np.int32),
                head.astype(np.int32),
                sums,
                np.zeros(len(some), np.int64),
                np.zeros((len(some), 4)),
            )
        )
    return Graph.of(nodes, layers, WEIGHTS)


def drawn(rng: np.random.Generator, nodes: int, count: int) -> Between:
    """Return arcs whose costs are small whole numbers, so that many paths are equally good."""
    return {
        (int(tail), int(head)): (
            float(rng.integers(1, 5)),
            float(rng.integers(1, 1000)),
            int(rng.integers(0, 2)),
        )
        for tail, head in rng.integers(0, nodes, (count, 2))
        if tail != head
    }


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 60), changed=st.integers(0, 8))
def test_paths_and_runs_are_those_of_a_search_from_nothing(
    seed: int, count: int, changed: int
) -> None:
    rng = np.random.default_rng(seed)
    arcs = {(0, 2): (4.0, 1.0, 1)} | drawn(rng, NODES, count)
    variants = []
    for _ in range(5):
        variant = dict(drawn(rng, NODES + MORE, int(rng.integers(0, changed + 1))))
        for place in rng.permutation(len(arcs))[: int(rng.integers(0, 4))]:
            variant[list(arcs)[place]] = (np.inf, np.inf, 0)
        variants.append(variant)
    stage = Stage(graph_of(arcs, NODES), BOUNDS)
    origins, sinks = np.arange(4, dtype=np.int32), np.arange(2, NODES, dtype=np.int32)
    more = stage.arcs(MORE)
    pairs, time_s, runs = repaired(more, stage.changes(variants), origins, sinks, 1)
    nodes = NODES + MORE
    known, times = np.unique(runs_on(more, stage.changes([]), origins, sinks), return_counts=True)
    before = stage.graph.totals(origins, sinks)[:, :, 0]
    for number, variant in enumerate(variants):
        now = {k: v for k, v in (arcs | variant).items() if np.isfinite(v[0])}
        graph = graph_of(now, nodes)
        totals, crossed = graph.totals_and_runs(
            origins, sinks, exact_from=BOUNDS[0], long_m=BOUNDS[1]
        )
        mine = before.copy()
        some = pairs[:, 0] == number
        mine[pairs[some, 1], pairs[some, 2]] = time_s[some]
        np.testing.assert_array_equal(mine, totals[:, :, 0])
        often = dict(zip(known.tolist(), times.tolist(), strict=True))
        for _, run, more_often in runs[runs[:, 0] == number].tolist():
            often[run] = often.get(run, 0) + more_often
        assert min(often.values(), default=0) >= 0
        assert sorted(run for run, left in often.items() if left) == [
            int(first) * nodes + int(last) for first, last in crossed
        ]
