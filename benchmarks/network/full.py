"""Matrices of four classes over a whole theatre, and how much longer they are than the best."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.network import scene
from benchmarks.network.explicit import steps
from benchmarks.network.measure import Line, spent_by
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.mesh.refine import refined
from optimizer.network.of_scenario import ground_of
from optimizer.network.search.graph import GROUND
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion

__all__ = ["best", "lines", "made"]

SEED = 21
#: Cells to a side, sites, origins and destinations of the pairs that are compared.
SIZES = {"full": (2000, 300, 20, 10), "small": (240, 24, 6, 6)}
ROOT = Path(__file__).parents[2]


def made(size: str, folder: Path) -> tuple[scene.Theatre, scene.Scenario]:
    """Return theatre and scenario of a size; the theatre is kept in the folder."""
    side, sites, _, _ = SIZES[size]
    theatre = scene.theatre(folder, side, SEED)
    return theatre, scene.scenario(theatre, sites, SEED + 1)


def lines(size: str, peers: Path | None, folder: Path) -> Iterator[Line]:  # noqa: ARG001
    """Measure the case; see `benchmarks.network.source.lines`. Theatres are kept in `folder`."""
    made(size, folder)
    command = [sys.executable, "-m", "benchmarks.network.full"]
    environment = {"PYTHONPATH": str(ROOT)}
    matrices = spent_by([*command, "matrices", size, folder], folder, environment)
    told = json.loads(matrices.output.splitlines()[-1])
    yield Line("full", "four matrices: wall s", told["wall_s"])
    yield Line("full", "four matrices: CPU s", round(matrices.cpu_s, 1))
    yield Line("full", "four matrices: peak MB", round(matrices.peak_mb))
    for name in scene.CLASSES:
        off = spent_by([*command, "excess", size, folder, name], folder, environment)
        told = json.loads(off.output.splitlines()[-1])
        for measure, value in told.items():
            yield Line("full", f"{name}: {measure}", value, "exact search", 0.0)


def best(mesh: Mesh, road_nodes: int, origins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the least costs in the whole graph, every cell a node and every open step an arc.

    Parameters
    ----------
    mesh : Mesh
        Small graph, whose ways over open ground are not used.
    road_nodes : int
        Nodes of the roads.
    origins : ndarray of int64, shape (origins,)
        Sites.

    Returns
    -------
    ndarray of float64, shape (origins, sites)
        Infinite where there is no way.
    """
    graph, cells = mesh.graph, mesh.overlay.ground.z_m.size
    tail, head, cost = steps(mesh.overlay.ground)
    rest, others = graph.matrix.tocoo(), graph.kind != GROUND

    def node(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        moved = numbers.astype(np.int64) + cells
        terminal = (numbers >= road_nodes) & (numbers < road_nodes + len(mesh.overlay.terminal))
        moved[terminal] = mesh.overlay.terminal[numbers[terminal] - road_nodes]
        return moved

    tails = np.concatenate((tail, node(rest.row[others]))).astype(np.int32)
    heads = np.concatenate((head, node(rest.col[others]))).astype(np.int32)
    costs = np.concatenate((cost, rest.data[others]))
    whole = csr_array((costs, (tails, heads)), shape=(cells + rest.shape[0],) * 2)
    del tail, head, cost, tails, heads, costs
    found = [
        dijkstra(whole, indices=int(mesh.sources[origin]) + cells)[mesh.sinks + cells]
        for origin in origins
    ]
    return np.array(found)


def _matrices(size: str, folder: Path) -> None:
    theatre, case = made(size, folder)
    begun = time.perf_counter()
    ground = ground_of(case, theatre)
    for name in scene.CLASSES:
        ground.matrix(Profile(mobility=(name,)), Criterion.TIME)
    wall_s = round(time.perf_counter() - begun, 1)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall_s": wall_s, "peak_mb": round(peak_mb)}))


def _excess(size: str, folder: Path, name: str) -> None:
    theatre, case = made(size, folder)
    _, sites, origins, destinations = SIZES[size]
    layers = TheatreGround(case, theatre).layers
    mesh, totals = refined(Mesh.of(layers, Profile(mobility=(name,)), Criterion.TIME))
    rng = np.random.default_rng(SEED + 2)
    # Half of the origins lie off the road, as half of all sites do.
    on_road, off_road = np.split(np.arange(sites), [sites - sites // 2])
    half = origins // 2
    start = np.concatenate(
        (
            rng.choice(off_road, half, replace=False),
            rng.choice(on_road, origins - half, replace=False),
        )
    )
    least = best(mesh, len(layers.roads.node_xy), start)
    off, apart = [], 0
    for row, origin in enumerate(start):
        for end in rng.choice(np.delete(np.arange(sites), origin), destinations, replace=False):
            ours, theirs = totals[origin, end, 0], least[row, end]
            apart += np.isfinite(ours) != np.isfinite(theirs)
            if np.isfinite(ours) and np.isfinite(theirs):
                off.append(ours / theirs - 1)
    percent = np.array(off) * 100
    print(
        json.dumps(
            {
                "pairs compared": len(off),
                "mean excess, per cent": round(float(percent.mean()), 3),
                "95th percentile, per cent": round(float(np.quantile(percent, 0.95)), 3),
                "largest excess, per cent": round(float(percent.max()), 3),
                "pairs that only one of the two joins": int(apart),
            }
        )
    )


if __name__ == "__main__":
    what, size, folder, *more = sys.argv[1:]
    {"matrices": _matrices, "excess": _excess}[what](size, Path(folder), *more)
