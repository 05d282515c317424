"""Our side of the case ``roads``: ways in, a matrix out, in a process of its own.

It also writes the graphs that the peers search: ``raw.npz`` and ``contracted.npz``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from pyproj import Transformer
from scipy.sparse import save_npz

from benchmarks.network.road_graph import ground_of, raw
from optimizer.network.search.graph import ROAD, Arcs, Graph
from optimizer.terrain.build import roads
from optimizer.terrain.build.roads import Network

#: By length alone, as of the peers.
_METRES = np.array([0.0, 1.0, 0.0, 0.0])


def graph_of(net: Network) -> Graph:
    """Return the graph of edges, each direction that may be driven an arc."""
    oneway = np.array([attribute.oneway for attribute in net.attributes()])
    ahead, behind = np.flatnonzero(oneway >= 0), np.flatnonzero(oneway <= 0)
    edge = np.concatenate((ahead, behind))
    ends = np.concatenate((net.ends[ahead], net.ends[behind, ::-1])).astype(np.int32)
    none = np.zeros((edge.size, 4))
    sums = none.copy()
    sums[:, 1] = net.length_m[edge]
    arcs = Arcs(ROAD, ends[:, 0], ends[:, 1], sums, edge, none)
    return Graph.of(len(net.nodes), [arcs], _METRES)


def main(source: str, folder: Path, count: int, fewer: int, seed: int) -> None:
    """Contract the ways of a source, and write the matrix of as many of their junctions."""
    ground = ground_of(source)
    begun = time.process_time()
    _warm()
    loaded = time.process_time()
    net = roads.network(ground.ways, ground.data, ground.grid)
    graph = graph_of(net)
    contracted = time.process_time()
    number: dict[object, int] = {}
    for edge, (start, end) in zip(net.edges, net.ends.tolist(), strict=True):
        number[edge.start], number[edge.end] = start, end
    junctions = sorted(key for key in number if isinstance(key, int))
    refs = np.random.default_rng(seed).choice(np.array(junctions), count, replace=False)
    sites = np.array([number[ref] for ref in refs.tolist()], np.int32)
    ready = time.process_time()
    lengths_m = graph.totals(sites, sites)[:, :, 1]
    done = time.process_time()
    graph.totals(sites[:fewer], sites[:fewer])
    fewer_done = time.process_time()

    whole = raw(ground.ways)
    for name, matrix, at, points in (
        ("raw", whole.matrix, np.searchsorted(whole.refs, refs), whole.points),
        ("contracted", graph.matrix, sites, net.nodes),
    ):
        save_npz(folder / f"{name}.npz", matrix)
        np.save(folder / f"{name}-sites.npy", at)
        np.save(folder / f"{name}-points.npy", points)
    np.save(folder / "ours.npy", lengths_m)
    to_earth = Transformer.from_crs(ground.grid.crs, "EPSG:4326", always_xy=True)
    np.save(folder / "lonlat.npy", np.column_stack(to_earth.transform(*net.nodes[sites].T)))
    told = {
        "load_s": loaded - begun,
        "contraction_s": contracted - loaded,
        "matrix_s": done - ready,
        "fewer_s": fewer_done - done,
        "raw_nodes": len(whole.refs),
        "raw_arcs": whole.arcs,
        "contracted_nodes": len(net.nodes),
        "contracted_arcs": int(graph.matrix.nnz),
    }
    print(json.dumps(told))


def _warm() -> None:
    """Load what is compiled."""
    two = np.arange(2, dtype=np.int32)
    none = np.ones((1, 4))
    Graph.of(2, [Arcs(ROAD, two[:1], two[1:], none, two[:1], none)], _METRES).totals(two, two)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
