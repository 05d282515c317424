"""Where roads can be left for open ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.state.roads import NOT_TO_LEAVE

if TYPE_CHECKING:
    from optimizer.network.search.cells import Cells
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Grid

__all__ = ["gates"]


def gates(
    roads: Roads, usable: NDArray[np.bool_], ground: Cells, grid: Grid
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where roads can be left.

    Parameters
    ----------
    roads : Roads
        Roads.
    usable : ndarray of bool, shape (edges,)
        Edges that the classes could drive on if nothing were closed.
    ground : Cells
        Open ground.
    grid : Grid
        Its grid.

    Returns
    -------
    nodes : ndarray of int32, shape (gates,)
        Nodes, in rising order.
    cells : ndarray of int32, shape (gates,)
        The cell of each.
    """
    count = len(roads.node_xy)
    served, held = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    shut = roads.bridge | roads.tunnel | np.isin(roads.highway, sorted(NOT_TO_LEAVE))
    for ends in (roads.tail, roads.head):
        served[ends[usable]] = True
        held[ends[shut]] = True
    row = np.floor((grid.north_m - roads.node_xy[:, 1]) / grid.resolution_m).astype(np.int64)
    column = np.floor((roads.node_xy[:, 0] - grid.west_m) / grid.resolution_m).astype(np.int64)
    inside = (row >= 0) & (row < grid.height) & (column >= 0) & (column < grid.width)
    node = np.flatnonzero(served & ~held & inside)
    cell = row[node] * grid.width + column[node]
    free = ground.blocked[cell] == 0
    return node[free].astype(np.int32), cell[free].astype(np.int32)
