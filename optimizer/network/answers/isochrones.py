"""How soon each cell and each road is reached from a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.search.cells import search_after
from optimizer.network.state.restrictions import against, forward
from optimizer.terrain.tables import mobility_class

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.scenario.convoys import Profile

__all__ = ["Reach", "reach_of"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How soon everything is reached from a site.

    Parameters
    ----------
    cell_s : ndarray of float64, shape (rows, columns)
        Time to the centre of each cell over open ground, roads before it taken; infinite where
        nobody of the profile gets, or may be.
    edge_s : ndarray of float64, shape (edges,)
        Time to the middle of each road; infinite where it is closed or not reached.
    """

    cell_s: NDArray[np.float64]
    edge_s: NDArray[np.float64]


def reach_of(layers: Layers, profile: Profile, mesh: Mesh, site: int) -> Reach:
    """Tell how soon everything is reached from a site, by time.

    Parameters
    ----------
    layers : Layers
        Roads and open ground under the conditions of the scenario.
    profile : Profile
        What moves.
    mesh : Mesh
        Its graph, by time.
    site : int
        Where it sets out.

    Returns
    -------
    Reach
        The time to a road is that of the mesh, whose ways over open ground between roads may be a
        little too long; from there on the time to a cell is exact.
    """
    roads, grid = layers.roads, layers.theatre.grid
    count = mesh.first_terminal + len(mesh.overlay.terminal)
    source = mesh.sources[site : site + 1]
    node_s = mesh.graph.totals(source, np.arange(count, dtype=np.int32))[0, :, 0]
    starts = node_s[mesh.first_terminal :]
    known = np.isfinite(starts)
    overlay = mesh.overlay
    cell_s = search_after(overlay.ground, overlay.moves, overlay.terminal[known], starts[known])
    classes = [mobility_class(name) for name in profile.mobility]
    is_open = layers.closures(profile) == 0
    edges = layers.edges(profile)
    edge_s = np.full(len(roads), np.inf)
    for driven, end, sums in (
        (is_open & forward(roads, classes), roads.tail, edges.forward),
        (is_open & against(roads, classes), roads.head, edges.against),
    ):
        half_s = node_s[end[driven]] + sums[driven, 0] / 2
        edge_s[driven] = np.minimum(edge_s[driven], half_s)
    # The road that the site lies on is reached before its ends are.
    own = mesh.graph.matrix.indices[_out(mesh, int(source[0]))]
    for join in own[own >= count].tolist():
        for arc in _out(mesh, join):
            edge = mesh.graph.ref[arc]
            edge_s[edge] = min(edge_s[edge], mesh.graph.sums[arc, 0])
    return Reach(cell_s.reshape(grid.shape), edge_s)


def _out(mesh: Mesh, node: int) -> NDArray[np.int64]:
    """Return the arcs that leave a node."""
    first, last = mesh.graph.matrix.indptr[node : node + 2]
    return np.arange(first, last)
