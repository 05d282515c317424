"""Ways over open ground searched for by themselves, against an explicit graph."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from optimizer.network.mesh.overlay import Overlay
from optimizer.network.search.cells import Cells
from tests.network.test_cells import explicit, ground

SIDE = 40


def rolling(seed: int, barriers: float) -> Cells:
    """Return hills, soils and blocked cells, 40 x 40."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    waves = rng.uniform(0.1, 0.4, 4)
    z = 15 * (np.sin(waves[0] * x + rng.uniform(0, 6)) + np.sin(waves[1] * y))
    pace = np.exp(np.sin(waves[2] * x) + np.sin(waves[3] * y + rng.uniform(0, 6)))
    return ground(SIDE, SIDE, z=z, pace=pace, blocked=rng.random((SIDE, SIDE)) < barriers)


def overlay(g: Cells, seed: int, count: int) -> Overlay:
    """Return an overlay with 8 sites among the terminals."""
    free = np.flatnonzero(g.blocked == 0).astype(np.int32)
    chosen = np.random.default_rng(seed).choice(free, count, replace=False)
    return Overlay.of(g, np.sort(chosen[:-8]), np.sort(chosen[-8:]))


def pairs_of(seed: int, count: int, number: int) -> np.ndarray:
    chosen = [
        np.random.default_rng(seed + k).choice(count, 2, replace=False) for k in range(number)
    ]
    return np.array(chosen, np.int32)


@pytest.mark.parametrize("barriers", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("seed", [*range(8), 2376])
def test_ways_between_pairs_are_the_best_though_not_all_ground_is_searched(
    seed: int, barriers: float
) -> None:
    g = rolling(seed, barriers)
    whole = overlay(g, seed, 24)
    pairs = pairs_of(seed, 24, 5)
    found = whole.around(pairs)
    exact = dijkstra(explicit(g), indices=whole.terminal)[:, whole.terminal]
    first = len(whole.tail)
    tail, head = found.tail[first:], found.head[first:]
    costs = found.sums[first:] @ g.weights
    over = costs / exact[tail, head] - 1
    assert over.min() >= -1e-9
    # On ground as wild as this, ways put together may be more than 15 % too long, and a better one
    # lie where it is not looked for: with seed 2376, one of 33 is 0.6 % too long.
    assert over.max() < 0.01
    assert (over > 1e-6).sum() <= 1
    # The pair itself is among them, unless there is no way at all.
    joined = set(zip(tail.tolist(), head.tolist(), strict=True))
    for start, end in pairs.tolist():
        assert ((start, end) in joined) == np.isfinite(exact[start, end])
    for way in range(first, len(found.tail)):
        cells = found.cells_of(way)
        assert cells[0] == found.terminal[found.tail[way]]
        assert cells[-1] == found.terminal[found.head[way]]
        driven = sum(
            10 * math.dist(divmod(int(u), SIDE), divmod(int(v), SIDE))
            for u, v in itertools.pairwise(cells)
        )
        assert driven == pytest.approx(found.sums[way, 1])


def test_what_is_found_does_not_depend_on_what_was_asked_before() -> None:
    g = rolling(3, 0.05)
    alone, after = overlay(g, 3, 24), overlay(g, 3, 24)
    after.around(pairs_of(8, 24, 9))
    pairs = pairs_of(4, 24, 5)
    first, second = alone.around(pairs), after.around(pairs)
    np.testing.assert_array_equal(first.sums, second.sums)
    np.testing.assert_array_equal(first.tail, second.tail)


def test_a_later_look_asks_only_for_what_is_not_known() -> None:
    whole = overlay(rolling(5, 0.0), 5, 24)
    pairs = pairs_of(5, 24, 4)
    once = whole.around(pairs)
    assert len(once.around(pairs).tail) == len(once.tail)
