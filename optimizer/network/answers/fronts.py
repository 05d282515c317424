"""The front of time against exposure: every path that no other beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import RefusedError
from optimizer.network.answers.courses import course_of
from optimizer.network.answers.pieces import Piece, pieces_of, whole
from optimizer.network.search.pareto import bounds, labels, undominated

if TYPE_CHECKING:
    from optimizer.network.ground import Course
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.mesh.mesh import Mesh

__all__ = ["front_of"]

#: Most labels of a search, some 60 bytes each: a second or two, and a quarter of a gigabyte.
LABELS_MAX = 4_000_000
_TIME, _EXPOSURE = 0, 3
#: Share of the exposure of the quickest path by which another must be lower to count as better.
_TOLERANCE = 1e-12


def front_of(
    meshes: Sequence[Mesh],
    layers: Layers,
    pair: tuple[int, int],
    *,
    labels_max: int = LABELS_MAX,
) -> list[Course]:
    """Return the paths that no other path is better than in time and exposure at once.

    The front is exact on the graph that all meshes make together: each path of it is on the front
    or beaten by one that is. Quantities are summed up exactly as in a matrix; in the end they are
    rounded up to whole units, and what no longer differs is told once.

    Parameters
    ----------
    meshes : sequence of Mesh
        Graphs of one profile for several criteria; each brings its ways over open ground.
    layers : Layers
        Roads and open ground that they were made from.
    pair : tuple of int
        Origin and destination, two sites.
    labels_max : int
        Most labels of the search.

    Returns
    -------
    list of Course
        By rising time and falling exposure; empty where there is no way.

    Raises
    ------
    RefusedError
        If the search takes more labels than allowed.
    """
    origin, destination = pair
    graphs = [mesh.graph for mesh in meshes]
    tail = np.concatenate([graph.tails for graph in graphs])
    head = np.concatenate([graph.matrix.indices for graph in graphs])
    sums = np.concatenate([graph.sums for graph in graphs])
    owner = np.repeat(np.arange(len(graphs)), [graph.kind.size for graph in graphs])
    arc = np.concatenate([np.arange(graph.kind.size) for graph in graphs])
    order = np.lexsort((owner, sums[:, _EXPOSURE], sums[:, _TIME], head, tail))
    order = order[undominated(tail[order], head[order], sums[order, _EXPOSURE])]
    paths = _paths(
        tail[order],
        head[order],
        sums[order],
        (int(meshes[0].sources[origin]), int(meshes[0].sinks[destination])),
        labels_max,
    )
    courses = []
    least = np.iinfo(np.int64).max
    ends = []
    for path in paths:
        total = np.zeros(4)
        for number in path:
            total += sums[order[number]]
        ends.append(whole(total))
    # Of those as quick in whole seconds the least exposed is the last.
    for number, (path, end) in enumerate(zip(paths, ends, strict=True)):
        again = number + 1 < len(paths) and ends[number + 1][_TIME] == end[_TIME]
        if again or end[_EXPOSURE] >= least:
            continue
        least = int(end[_EXPOSURE])
        pieces: list[Piece] = []
        for entry in order[path].tolist():
            pieces += pieces_of(meshes[owner[entry]], [int(arc[entry])])
        courses.append(course_of(pieces, layers.roads, layers.theatre, layers.sites.xy[origin]))
    return courses


def _paths(
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    sums: NDArray[np.float64],
    ends: tuple[int, int],
    labels_max: int,
) -> list[list[int]]:
    """Return the arcs of each path of the front; arcs are sorted by tail."""
    origin, goal = ends
    nodes = max(int(tail.max(initial=0)), int(head.max(initial=0)), *ends) + 1
    time_s, exposure = sums[:, _TIME].copy(), sums[:, _EXPOSURE].copy()
    backward = np.argsort(head, kind="stable")
    start_back = _starts(head, nodes)
    least_s, least_exposure = (
        bounds(start_back, tail[backward], cost[backward], goal) for cost in (time_s, exposure)
    )
    found, parent, via, complete = labels(
        _starts(tail, nodes),
        head,
        time_s,
        exposure,
        least_s,
        least_exposure,
        origin,
        goal,
        _TOLERANCE * max(1.0, float(exposure.max(initial=0.0)) * nodes),
        labels_max,
    )
    if not complete:
        raise RefusedError(
            f"the front of time against exposure takes more than {labels_max:,} labels between"
            " these places; ask for the best by time and by exposure, or draw fewer or simpler"
            " exposure areas"
        )
    paths = []
    for end in found.tolist():
        path = []
        label = end
        while parent[label] >= 0:
            path.append(int(via[label]))
            label = int(parent[label])
        paths.append(path[::-1])
    return paths


def _starts(node: NDArray[np.int32], nodes: int) -> NDArray[np.int32]:
    start = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(node, minlength=nodes), out=start[1:])
    return start
