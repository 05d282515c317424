"""Other paths of one pair that really differ from the best one and from each other.

Each candidate is the best path through one more node: the best to it, and the best on from it. They
are looked at from the best on; one is taken when it meets no node twice, lies apart from the paths
taken before for a stated share of its length, and makes no detour: no short stretch of it is much
worse than the best between its ends (Abraham et al., Alternative routes in road networks, 2013).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from optimizer.network.answers.courses import course_of
from optimizer.network.answers.pieces import coordinates, pieces_of
from optimizer.network.search.graph import GROUND, ROAD

if TYPE_CHECKING:
    from optimizer.network.ground import Course
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.network.search.graph import Graph

__all__ = ["BESIDE_M", "STRETCH", "Alternative", "alternatives_of", "shared_of"]

#: What lies so near to another path is shared with it: the other lane of a road, a track along it,
#: the next row of cells. Not another valley, ridge or bank.
BESIDE_M = 100.0
#: An alternative costs at most this many times the best.
STRETCH = 2.0
#: A stretch that costs at most the first, as a share of the best path, costs at most the second
#: times the best between its ends: short ones are nearly the best, no long one comes back at once.
_DETOURS = ((0.25, 1.1), (np.inf, 4.0))
#: And this share of the best path besides.
_SLACK = 0.01
#: Nodes before the middle of a candidate from which detours are looked for.
_LOOKS = 24

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One path of a pair.

    Parameters
    ----------
    course : Course
        Path and quantities.
    shared : float
        Largest share of its length that lies within `BESIDE_M` of one better path.
    """

    course: Course
    shared: float


@dataclass(frozen=True)
class _Trees:
    """Best paths from an origin to all nodes, and from all nodes to a goal."""

    graph: Graph
    ahead: Floats
    before: Ints
    behind: Floats
    after: Ints

    @classmethod
    def of(cls, graph: Graph, origin: int, goal: int) -> _Trees:
        turned = graph.matrix.T.tocsr()
        ahead, before = dijkstra(graph.matrix, indices=[origin], return_predecessors=True)
        behind, after = dijkstra(turned, indices=[goal], return_predecessors=True)
        return cls(graph, ahead[0], before[0], behind[0], after[0])

    def candidates(self, origin: int, best: float) -> Iterator[tuple[int, list[int]]]:
        """Yield a node and the nodes of the best path through it, the cheapest first."""
        cost = self.ahead + self.behind
        some = np.flatnonzero(cost <= STRETCH * best)
        # Where the best path to the next node comes through this one, that stands for both.
        onward = self.after[some]
        some = some[(onward < 0) | (self.before[np.maximum(onward, 0)] != some)]
        for via in some[np.lexsort((some, cost[some]))].tolist():
            nodes = [via]
            while nodes[-1] != origin:
                nodes.append(int(self.before[nodes[-1]]))
            nodes.reverse()
            while self.after[nodes[-1]] >= 0:
                nodes.append(int(self.after[nodes[-1]]))
            if len(set(nodes)) == len(nodes):
                yield via, nodes


def alternatives_of(
    mesh: Mesh, layers: Layers, pair: tuple[int, int], count: int, share: float
) -> list[Alternative]:
    """Return the best path and others that differ from it and from each other.

    Parameters
    ----------
    mesh : Mesh
        Graph of a profile and criterion.
    layers : Layers
        Roads and open ground that it was made from.
    pair : tuple of int
        Origin and destination, two sites.
    count : int
        Most paths beside the best.
    share : float
        Most of a path's length that may lie within `BESIDE_M` of any one better path.

    Returns
    -------
    list of Alternative
        The best first, whose share is 0, then by rising cost; empty where there is no way.
    """
    origin, destination = pair
    graph, start, goal = mesh.graph, int(mesh.sources[origin]), int(mesh.sinks[destination])
    roads, grid = layers.roads, layers.theatre.grid
    trees = _Trees.of(graph, start, goal)
    best = float(trees.ahead[goal])
    if not np.isfinite(best) or origin == destination:
        return []
    found: list[Alternative] = []
    around: list[shapely.Geometry] = []
    taken: list[set[int]] = []

    def take(arcs: list[int]) -> None:
        pieces = pieces_of(mesh, arcs)
        line = shapely.LineString(coordinates(pieces, roads, grid, layers.sites.xy[origin]))
        shared = max((_share_in(line, other) for other in around), default=0.0)
        if shared <= share:
            course = course_of(pieces, roads, layers.theatre, layers.sites.xy[origin])
            found.append(Alternative(course, shared))
            around.append(shapely.buffer(line, BESIDE_M))
            taken.append(set(arcs))

    take(graph.path(graph.tree(start), goal))
    for via, nodes in trees.candidates(start, best):
        if len(found) > count:
            break
        arcs = _arcs(graph, nodes)
        metres = dict(zip(arcs, graph.sums[arcs, 1].tolist(), strict=True))
        # What has too many arcs in common need not be looked at on the ground.
        most = share * sum(metres.values())
        apart = all(sum(metres[arc] for arc in other & metres.keys()) <= most for other in taken)
        once = len({_ground_of(graph, arc) for arc in arcs}) == len(arcs)
        if once and apart and _is_direct(graph, np.array(nodes), arcs, nodes.index(via), best):
            take(arcs)
    return found


def shared_of(line: shapely.LineString, other: shapely.LineString) -> float:
    """Return the share of a path that lies beside another.

    Parameters
    ----------
    line, other : LineString
        Courses in the theatre's CRS.

    Returns
    -------
    float
        Share of the length of `line` within `BESIDE_M` of `other`.
    """
    return _share_in(line, shapely.buffer(other, BESIDE_M))


def _share_in(line: shapely.LineString, around: shapely.Geometry) -> float:
    return float(shapely.length(shapely.intersection(line, around)) / shapely.length(line))


def _arcs(graph: Graph, nodes: list[int]) -> list[int]:
    tree = np.full(graph.matrix.shape[0], -1, np.int32)
    tree[nodes[1:]] = nodes[:-1]
    return graph.path(tree, nodes[-1])


def _ground_of(graph: Graph, arc: int) -> tuple[int, int]:
    """Return what an arc goes over, the same in both directions of a road."""
    kind = int(graph.kind[arc])
    return (kind, int(graph.ref[arc])) if kind in {ROAD, GROUND} else (kind, -1 - arc)


def _is_direct(
    graph: Graph, nodes: NDArray[np.int64], arcs: list[int], middle: int, best: float
) -> bool:
    """Tell whether no stretch over the middle is much worse than the best between its ends.

    On either side of the middle a candidate is the best path.
    """
    along = np.concatenate(([0.0], np.cumsum(graph.matrix.data[arcs])))
    for share, factor in _DETOURS:
        reach = share * best
        before = np.flatnonzero(along[:middle] >= along[middle] - reach)
        if not before.size:
            continue
        looks = np.unique(before[np.linspace(0, before.size - 1, _LOOKS).astype(np.int64)])
        least = dijkstra(graph.matrix, indices=nodes[looks], limit=reach)
        for look, row in zip(looks.tolist(), least, strict=True):
            ends = np.flatnonzero((along > along[middle]) & (along <= along[look] + reach))
            stretch = along[ends] - along[look]
            if (stretch > factor * row[nodes[ends]] + _SLACK * best).any():
                return False
    return True
