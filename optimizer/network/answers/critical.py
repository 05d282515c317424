"""Which roads are critical: what it costs each pair of sites that one of them is lost.

Each road that a best path uses is closed by itself, as if a change of the scenario cut it. A pair
whose best path does not use a road keeps that path when the road is lost: so only the roads on best
paths are closed, only the pairs on each are compared, and only the paths that led over it are
searched for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.network.answers.pieces import whole
from optimizer.network.mesh.lost import Losable
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.mesh.variants import LOOKS, Variants
from optimizer.network.search.graph import ROAD
from optimizer.progress import Advance, Shown, progress
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    from optimizer.network.ground import Matrix
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.convoys import Profile

__all__ = ["Critical", "Loss", "critical_roads", "users_of"]

#: Roads that are looked at together: each look searches from every origin once for all of them.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Loss:
    """What it costs that a stretch of road is lost.

    Parameters
    ----------
    edges : tuple of int
        Edges of the theatre, each joined to another of them; to close any one alone costs the same.
    pairs : ndarray of int32, shape (pairs, 2)
        Origin and destination of the pairs that are worse off, as numbers of sites.
    before_s, after_s : ndarray of int64, shape (pairs,)
        Time of each with all roads and without this one; -1 where no way is left.
    """

    edges: tuple[int, ...]
    pairs: NDArray[np.int32]
    before_s: NDArray[np.int64]
    after_s: NDArray[np.int64]

    @property
    def cut_off(self) -> int:
        """How many pairs have no way any more."""
        return int((self.after_s < 0).sum())

    @property
    def slower(self) -> int:
        """How many pairs have a slower way."""
        return len(self.after_s) - self.cut_off

    @property
    def lost_s(self) -> NDArray[np.int64]:
        """Time that each pair loses, shape (pairs,); 0 for those that are cut off."""
        return np.where(self.after_s < 0, 0, self.after_s - self.before_s)


@dataclass(frozen=True, slots=True)
class Critical:
    """What it costs a profile to lose each road, by time.

    Parameters
    ----------
    profile : Profile
        What moves.
    sites : tuple of str
        Sites, in the order of the scenario.
    joined : int
        Pairs of sites that have a way.
    closed : tuple of int
        Edges that were closed, each alone: those that best paths use.
    losses : tuple of Loss
        What costs anything at all, the worst first: by pairs cut off, then by time lost in all.
    """

    profile: Profile
    sites: tuple[str, ...]
    joined: int
    closed: tuple[int, ...]
    losses: tuple[Loss, ...]


def users_of(mesh: Mesh) -> dict[int, NDArray[np.int64]]:
    """Return which pairs of sites go over each road.

    Parameters
    ----------
    mesh : Mesh
        Graph of a profile.

    Returns
    -------
    dict
        For each edge on a best path, in rising order, the pairs: origin times the number of sites
        plus destination, in rising order.
    """
    graph, sites = mesh.graph, len(mesh.sources)
    found = [np.empty(0, np.int64)]
    for origin, source in enumerate(mesh.sources.tolist()):
        last = graph.arcs_to(source)
        end = np.delete(np.arange(sites), origin)
        node = mesh.sinks[end]
        while node.size:
            arc = last[node]
            end, on = end[arc >= 0], arc[arc >= 0]
            road = graph.kind[on] == ROAD
            packed = graph.ref[on[road]] * sites**2 + origin * sites + end[road]
            found.append(packed.astype(np.int64))
            node = graph.tails[on]
    # An edge that a path leaves and comes back to counts once.
    used, pair = np.divmod(np.unique(np.concatenate(found)), sites**2)
    edges, first = np.unique(used, return_index=True)
    # Before the first edge, split gives an empty part.
    return dict(zip(edges.tolist(), np.split(pair, first)[1:], strict=True))


def critical_roads(
    layers: Layers,
    profile: Profile,
    mesh: Mesh,
    matrix: Matrix,
    *,
    among: NDArray[np.bool_] | None = None,
    shown: Shown = progress,
) -> Critical:
    """Close each road that best paths use, one at a time, and tell what it costs.

    Parameters
    ----------
    layers : Layers
        Roads and open ground under the conditions of the scenario.
    profile : Profile
        What moves.
    mesh : Mesh
        Its graph, by time.
    matrix : Matrix
        Its matrix, by time.
    among : ndarray of bool, shape (edges,), optional
        Edges that are closed if a best path uses them; by default all.
    shown : callable
        Shows how far it is; by default a bar on a terminal.

    Returns
    -------
    Critical
        Times are those of the matrix of a scenario whose changes cut the road.
    """
    roads = layers.roads
    users = users_of(mesh)
    if among is not None:
        users = {edge: pairs for edge, pairs in users.items() if among[edge]}
    # Bridges first: who stops early has seen what matters most.
    order = sorted(users, key=lambda edge: (not roads.bridge[edge], edge))
    found = []
    with shown("Closing one road after another", len(order)) as advance:
        if order:
            found = list(_losses(layers, profile, order, users, matrix, advance))
    losses = sorted(_in_series(found, roads), key=_rank)
    joined = int((matrix.time_s >= 0).sum()) - len(matrix.sites)
    return Critical(profile, matrix.sites, joined, tuple(order), tuple(losses))


def _losses(  # noqa: PLR0917 - what is asked, and what is known
    layers: Layers,
    profile: Profile,
    order: Sequence[int],
    users: Mapping[int, NDArray[np.int64]],
    matrix: Matrix,
    advance: Advance,
) -> Iterator[Loss]:
    mesh = Mesh.of(layers, profile, Criterion.TIME)
    losable, variants = Losable(layers, profile, mesh), Variants(mesh)
    before = variants.time_s
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]

        def advanced(looks: float, share: float = len(some) / LOOKS) -> None:
            advance(looks * share)

        lost = [losable.without(edge) for edge in some]
        for edge, times in zip(some, variants.without(lost, advanced), strict=True):
            totals = before.copy()
            totals[times.origin, times.destination] = times.time_s
            loss = _loss(edge, users[edge], matrix.time_s, totals)
            if len(loss.pairs):
                yield loss


def _loss(
    edge: int, packed: NDArray[np.int64], before: NDArray[np.int64], totals: NDArray[np.float64]
) -> Loss:
    pairs = np.divmod(packed, len(before))
    before_s, then = before[pairs], totals[pairs]
    after_s = np.full(len(packed), -1, np.int64)
    left = np.isfinite(then)
    after_s[left] = whole(then[left])
    worse = (after_s < 0) | (after_s > before_s)
    return Loss(
        (edge,), np.column_stack(pairs)[worse].astype(np.int32), before_s[worse], after_s[worse]
    )


def _in_series(losses: Sequence[Loss], roads: Roads) -> Iterator[Loss]:
    """Put the edges together that follow each other and cost the same pairs the same."""
    alike: dict[tuple[bytes, bytes], list[Loss]] = {}
    for loss in losses:
        alike.setdefault((loss.pairs.tobytes(), loss.after_s.tobytes()), []).append(loss)
    for group in alike.values():
        edges = np.array(sorted(loss.edges[0] for loss in group))
        ends = np.concatenate((roads.tail[edges], roads.head[edges]))
        nodes, number = np.unique(ends, return_inverse=True)
        tail, head = np.split(number, 2)
        shape = (len(nodes), len(nodes))
        graph = coo_array((np.ones(len(edges), np.int8), (tail, head)), shape=shape)
        part = connected_components(graph.tocsr(), directed=False)[1][tail]
        for one in np.unique(part):
            some = tuple(edges[part == one].tolist())
            yield Loss(some, group[0].pairs, group[0].before_s, group[0].after_s)


def _rank(loss: Loss) -> tuple[int, int, int]:
    return -loss.cut_off, -int(loss.lost_s.sum()), loss.edges[0]
