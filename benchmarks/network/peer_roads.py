"""A peer's side of the case ``roads``, by SciPy or pandana, in a process of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, load_npz
from scipy.sparse.csgraph import dijkstra

Matrix = csr_array[np.float64, tuple[int, int]]


def by_scipy(matrix: Matrix, sites: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
    """Return the lengths and the seconds of preparation, of which there is none."""
    return dijkstra(matrix, indices=sites)[:, sites], 0.0


def by_pandana(
    matrix: Matrix, sites: NDArray[np.int64], points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the lengths, by contraction hierarchies, and the seconds of preparation."""
    import pandas as pd  # noqa: PLC0415 - only this peer has them
    from pandana import Network  # noqa: PLC0415

    begun = time.process_time()
    arcs = matrix.tocoo()
    network = Network(
        pd.Series(points[:, 0]),
        pd.Series(points[:, 1]),
        pd.Series(arcs.row),
        pd.Series(arcs.col),
        pd.DataFrame({"length_m": arcs.data}),
        twoway=False,
    )
    prepared_s = time.process_time() - begun
    found = network.shortest_path_lengths(np.repeat(sites, len(sites)), np.tile(sites, len(sites)))
    lengths_m = np.array(found).reshape(len(sites), len(sites))
    # What it says where there is no path: the largest whole number of 32 bits, in thousandths.
    lengths_m[lengths_m > np.iinfo(np.uint32).max / 1000 - 1] = np.inf
    return lengths_m, prepared_s


def main(peer: str, name: str, folder: Path) -> None:
    """Write the peer's matrix and print its seconds."""
    matrix, sites = load_npz(folder / f"{name}.npz"), np.load(folder / f"{name}-sites.npy")
    points = np.load(folder / f"{name}-points.npy")
    if peer == "pandana":
        import pandana  # noqa: F401, PLC0415 - loaded before, as what is compiled of ours
    begun = time.process_time()
    if peer == "pandana":
        lengths_m, prepared_s = by_pandana(matrix, sites, points)
    else:
        lengths_m, prepared_s = by_scipy(matrix, sites)
    seconds = time.process_time() - begun
    np.save(folder / "peer.npy", lengths_m)
    print(json.dumps({"cpu_s": seconds, "prepared_s": prepared_s}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
