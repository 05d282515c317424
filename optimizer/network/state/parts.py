"""Parts of the road network: where roads alone lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads

__all__ = ["Parts", "largest_part", "parts_of"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """Where the open roads lead.

    Parameters
    ----------
    to_largest, from_largest : ndarray of bool, shape (nodes,)
        Nodes from which roads lead to the largest part, and to which they lead from there.
    piece : ndarray of int32, shape (nodes,)
        Number of the piece that each node belongs to, whatever the direction.
    """

    to_largest: Flags
    from_largest: Flags
    piece: NDArray[np.int32]


def largest_part(roads: Roads, ahead: Flags, behind: Flags) -> Flags:
    """Return the edges of the largest strongly connected part of the open roads.

    Parameters
    ----------
    roads : Roads
        Roads.
    ahead, behind : ndarray of bool, shape (edges,)
        Edges open from tail to head, and from head to tail.

    Returns
    -------
    ndarray of bool, shape (edges,)
        True for edges with both ends in it.
    """
    largest = _largest(_graph(roads, ahead, behind))
    return np.asarray(largest[roads.tail] & largest[roads.head], np.bool_)


def parts_of(roads: Roads, ahead: Flags, behind: Flags) -> Parts:
    """Return where the open roads lead.

    Parameters
    ----------
    roads : Roads
        Roads.
    ahead, behind : ndarray of bool, shape (edges,)
        Edges open from tail to head, and from head to tail.

    Returns
    -------
    Parts
        By node.
    """
    graph = _graph(roads, ahead, behind)
    to_largest, from_largest = (np.zeros(graph.shape[0], np.bool_) for _ in range(2))
    inside = np.flatnonzero(_largest(graph))
    if inside.size:
        for found, way in ((to_largest, graph.T.tocsr()), (from_largest, graph)):
            found[breadth_first_order(way, inside[0], return_predecessors=False)] = True
    return Parts(to_largest, from_largest, connected_components(graph, directed=False)[1])


def _graph(roads: Roads, ahead: Flags, behind: Flags) -> Any:  # noqa: ANN401 - SciPy's are not typed
    tail = np.concatenate((roads.tail[ahead], roads.head[behind]))
    head = np.concatenate((roads.head[ahead], roads.tail[behind]))
    nodes = len(roads.node_xy)
    return coo_array((np.ones(tail.size, np.int8), (tail, head)), shape=(nodes, nodes)).tocsr()


def _largest(graph: Any) -> Flags:  # noqa: ANN401 - as above
    part = connected_components(graph, connection="strong")[1]
    return np.asarray(part == np.bincount(part, minlength=1).argmax(), np.bool_)
