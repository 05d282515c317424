"""A peer's side of the case ``source``, by scikit-image or SciPy, in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.network.explicit import steps
from benchmarks.network.raster import RESOLUTION_M, cells_of, read, slope_of_tobler, write


def by_scikit_image(folder: Path) -> None:
    """Eight neighbours and the same cost in all directions: less than is asked of the others."""
    from skimage.graph import MCP_Geometric  # noqa: PLC0415 - only this peer has it

    pace, blocked = read(folder / "pace.tif"), read(folder / "blocked.tif")
    costs = np.where(blocked > 0, -1.0, pace * RESOLUTION_M)
    middle = (pace.shape[0] // 2, pace.shape[1] // 2)
    cost, _ = MCP_Geometric(costs).find_costs([middle])
    write(folder / "peer.tif", cost.astype(np.float32))


def by_scipy(folder: Path) -> None:
    """Search the same steps as ours, each an arc of an explicit graph."""
    layers = {name: read(folder / f"{name}.tif") for name in ("elevation", "pace", "blocked")}
    height, width = layers["pace"].shape
    tail, head, cost = steps(cells_of(layers, slope_of_tobler(), steepest=0.6))
    graph = csr_array((cost, (tail, head)), shape=(height * width,) * 2)
    found = dijkstra(graph, indices=height // 2 * width + width // 2, return_predecessors=True)[0]
    write(folder / "peer.tif", found.astype(np.float32).reshape(height, width))


if __name__ == "__main__":
    {"scikit-image": by_scikit_image, "scipy": by_scipy}[sys.argv[2]](Path(sys.argv[1]))
