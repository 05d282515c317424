"""In what the small graph of a mesh differs once a road is lost, without building it anew.

Most roads that are lost take their own arcs with them and nothing else; where two roads join the
same nodes, the second best takes their place. Only where a site may be joined to the roads in
another way, because it lay on the road or because the road held the largest part together, is the
small graph built without the road, and compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.mesh import Mesh
from optimizer.network.search.graph import LEAST_COST, LINK_SITE, ROAD, Graph
from optimizer.network.state.parts import largest_part
from optimizer.network.state.sites import near_roads
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.scenario.convoys import Profile

__all__ = ["LOST", "Arc", "Between", "Losable", "Lost"]

#: Tail and head; cost, time in seconds, and whether it leads over open ground.
Between = tuple[int, int]
Arc = tuple[float, float, int]
#: No arc.
LOST: Arc = (np.inf, np.inf, 0)


@dataclass(frozen=True, slots=True)
class Lost:
    """In what the small graph differs without a road.

    Parameters
    ----------
    edge : int
        The road.
    arcs : dict
        What there is between nodes instead of what there was.
    stands : ndarray of int32, shape (sites,)
        As of a mesh.
    more_nodes : int
        How many nodes it has beyond those of the mesh.
    """

    edge: int
    arcs: dict[Between, Arc]
    stands: NDArray[np.int32]
    more_nodes: int = 0


@dataclass(frozen=True)
class Losable:
    """The roads of a mesh by time, each of which may be lost.

    Parameters
    ----------
    layers : Layers
        Roads and open ground.
    profile : Profile
        What moves.
    mesh : Mesh
        Its graph by time, with no exact ways yet.
    """

    layers: Layers
    profile: Profile
    mesh: Mesh
    _ahead: NDArray[np.bool_] = field(init=False, repr=False)
    _behind: NDArray[np.bool_] = field(init=False, repr=False)
    #: All road arcs from node to node, by tail and head, the best first.
    _arcs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]] = field(
        init=False, repr=False
    )
    #: Edges that sites are joined to, and those that they might be.
    _joined: frozenset[int] = field(init=False, repr=False)
    _near: NDArray[np.int64] = field(init=False, repr=False)
    _in_body: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        roads, moving = self.layers.roads, self.layers.moving(self.profile.mobility)
        sums = self.layers.edges(self.profile)
        is_open = self.layers.closures(self.profile) == 0
        ahead, behind = is_open & moving.forward, is_open & moving.against
        there, back = np.flatnonzero(ahead), np.flatnonzero(behind)
        nodes = self.mesh.graph.matrix.shape[0]
        packed = np.concatenate(
            (
                roads.tail[there].astype(np.int64) * nodes + roads.head[there],
                roads.head[back].astype(np.int64) * nodes + roads.tail[back],
            )
        )
        time_s = np.concatenate((sums.forward[there, 0], sums.against[back, 0]))
        order = np.lexsort((np.maximum(time_s, LEAST_COST), packed))
        edge = np.concatenate((there, back))
        sites = self.layers.sites
        near = {
            join.edge
            for site in range(len(sites))
            for join in near_roads(site, sites, roads, is_open)
        }
        joins = [key for keys in _joins(self.mesh).values() for key, _ in keys]
        for name, value in (
            ("_ahead", ahead),
            ("_behind", behind),
            ("_arcs", (packed[order], edge[order], time_s[order])),
            ("_joined", frozenset(joins)),
            ("_near", np.array(sorted(near), np.int64)),
            ("_in_body", largest_part(roads, ahead, behind)),
        ):
            object.__setattr__(self, name, value)

    def without(self, edge: int) -> Lost:
        """Return in what the small graph differs without a road.

        Parameters
        ----------
        edge : int
            Road.

        Returns
        -------
        Lost
            The same differences that a mesh built without it has.
        """
        if edge in self._joined or not self._is_body_whole(edge):
            cut = self.layers.without(np.array([edge]))
            return _compared(edge, self.mesh, Mesh.of(cut, self.profile, Criterion.TIME))
        roads = self.layers.roads
        tail, head = int(roads.tail[edge]), int(roads.head[edge])
        arcs: dict[Between, Arc] = {}
        if self._ahead[edge]:
            arcs[tail, head] = self._next_best(tail, head, edge)
        if self._behind[edge]:
            arcs[head, tail] = self._next_best(head, tail, edge)
        return Lost(edge, arcs, self.mesh.stands)

    def _next_best(self, tail: int, head: int, edge: int) -> Arc:
        packed, edges, time_s = self._arcs
        code = tail * self.mesh.graph.matrix.shape[0] + head
        for place in range(*np.searchsorted(packed, [code, code + 1]).tolist()):
            if edges[place] != edge:
                time = float(time_s[place])
                return max(time, LEAST_COST), time, 0
        return LOST

    def _is_body_whole(self, edge: int) -> bool:
        """Tell whether the roads near sites belong to the largest part as they did with it."""
        ahead, behind = self._ahead.copy(), self._behind.copy()
        ahead[edge] = behind[edge] = False
        in_body = largest_part(self.layers.roads, ahead, behind)
        return bool((in_body == self._in_body)[self._near[self._near != edge]].all())


def _joins(mesh: Mesh) -> dict[int, list[tuple[int, int]]]:
    """Return to which edges each site is joined, and by which nodes, in their order."""
    graph, first = mesh.graph, int(mesh.sinks[-1]) + 1
    found: dict[int, list[tuple[int, int]]] = {}
    matrix = graph.matrix
    for site, source in enumerate(mesh.sources.tolist()):
        for place in range(matrix.indptr[source], matrix.indptr[source + 1]):
            node = int(matrix.indices[place])
            if graph.kind[place] == LINK_SITE and node >= first:
                found.setdefault(site, []).append((_edge_at(graph, node), node))
    return found


def _edge_at(graph: Graph, node: int) -> int:
    """Return the edge that a site is joined to at a node, -1 if nobody can drive there."""
    start, end = graph.matrix.indptr[node : node + 2]
    road = graph.kind[start:end] == ROAD
    return int(graph.ref[start:end][road][0]) if road.any() else -1


def _compared(edge: int, mesh: Mesh, other: Mesh) -> Lost:
    """Return in what another mesh differs, its sites joined otherwise at nodes of their own."""
    nodes = mesh.graph.matrix.shape[0]
    before, now = _joins(mesh), _joins(other)
    number = np.arange(other.graph.matrix.shape[0], dtype=np.int64)
    more = 0
    for site, joins in now.items():
        known = before.get(site, [])
        is_same = [e for e, _ in known] == [e for e, _ in joins] and all(e >= 0 for e, _ in joins)
        for place, (_, node) in enumerate(joins):
            # Two nodes each: where paths begin, and where they end.
            if is_same:
                number[node] = known[place][1]
            else:
                number[node], more = nodes + more, more + 2
            number[node + 1] = number[node] + 1
    held = mesh.graph.tails.astype(np.int64) * (nodes + more) + mesh.graph.matrix.indices
    packed = number[other.graph.tails] * (nodes + more) + number[other.graph.matrix.indices]
    order = np.argsort(packed)
    packed = packed[order]
    arcs: dict[Between, Arc] = {}
    at = np.minimum(np.searchsorted(held, packed), len(held) - 1)
    values, others = _values(mesh.graph), _values(other.graph)[order]
    differs = (held[at] != packed) | (values[at] != others).any(axis=1)
    for code, (cost, time_s) in zip(
        packed[differs].tolist(), others[differs].tolist(), strict=True
    ):
        arcs[divmod(code, nodes + more)] = (cost, time_s, 0)
    for code in np.setdiff1d(held, packed, assume_unique=True).tolist():
        arcs[divmod(code, nodes + more)] = LOST
    return Lost(edge, arcs, other.stands, more)


def _values(graph: Graph) -> NDArray[np.float64]:
    return np.column_stack((graph.matrix.data, graph.sums[:, 0]))
