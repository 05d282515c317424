"""The network as points and links, and its roads between junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.network import CLASSES, Cell, Network

__all__ = ["Chain", "Mesh", "chains_of", "mesh_of"]

#: Longest piece between two points, in cells.
PIECE = 1.6
#: What a step down in class weighs against the cosine of the turn, where a road goes on.
CLASS_WEIGHT = 0.4

Pair = tuple[int, int]


@dataclass(frozen=True)
class Mesh:
    """A network as points that are joined by short links.

    Parameters
    ----------
    points : ndarray, shape (points, 2)
        Row and column.
    links : list of tuple
        Pairs of points.
    kinds : list of str
        Class of each link.
    around : list of dict
        For each point its neighbours, and the link to each.
    ahead : list of tuple
        Point and the two neighbours between which its road goes straight on.
    """

    points: Floats
    links: list[Pair]
    kinds: list[str]
    around: list[dict[int, int]]
    ahead: list[tuple[int, int, int]]


@dataclass(frozen=True)
class Chain:
    """A piece of road between two junctions or ends, all of one class.

    Parameters
    ----------
    line : ndarray, shape (points, 2)
        Row and column, fractional.
    z_m : ndarray, shape (points,)
        Elevation of the road.
    kind : str
        Class.
    way : int
        Number of the road that it is a part of: chains of one class that go straight on at a
        junction have the same.
    """

    line: Floats
    z_m: Floats
    kind: str
    way: int


def mesh_of(network: Network) -> Mesh:
    """Return the points and links of a network, long moves cut.

    Parameters
    ----------
    network : Network
        What was planned.

    Returns
    -------
    Mesh
        In an order that depends on the cells alone.
    """
    index: dict[Cell, int] = {}
    points: list[tuple[float, float]] = []
    links: list[Pair] = []
    kinds: list[str] = []

    def of(cell: Cell) -> int:
        if cell not in index:
            index[cell] = len(points)
            points.append((float(cell[0]), float(cell[1])))
        return index[cell]

    for (a, b), kind in sorted(network.links.items()):
        before, end = of(a), of(b)
        parts = max(1, round(float(np.hypot(a[0] - b[0], a[1] - b[1])) / PIECE))
        for i in range(1, parts):
            part = i / parts
            points.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
            links.append((before, len(points) - 1))
            before = len(points) - 1
        links.append((before, end))
        kinds += [kind] * parts
    around: list[dict[int, int]] = [{} for _ in points]
    for link, (p, q) in enumerate(links):
        around[p][q] = around[q][p] = link
    at = np.array(points)
    return Mesh(at, links, kinds, around, _straight_on(at, kinds, around))


def _straight_on(
    points: Floats, kinds: list[str], around: list[dict[int, int]]
) -> list[tuple[int, int, int]]:
    """Return each point with the neighbours between which its road goes on.

    At a junction these are those of the highest classes and the straightest line. Points at the
    ends of roads are left out.
    """
    result: list[tuple[int, int, int]] = []
    for p, near in enumerate(around):
        best: tuple[float, int, int] | None = None
        arms = list(near.items())
        for i, (a, to_a) in enumerate(arms):
            for b, to_b in arms[i + 1 :]:
                u, v = points[a] - points[p], points[b] - points[p]
                turn = float(u @ v) / max(float(np.hypot(*u) * np.hypot(*v)), 1e-9)
                rank = CLASSES.index(kinds[to_a]) + CLASSES.index(kinds[to_b])
                score = turn + CLASS_WEIGHT * rank
                if best is None or score < best[0]:
                    best = (score, a, b)
        if best is not None:
            result.append((p, best[1], best[2]))
    return result


def chains_of(mesh: Mesh, points: Floats, z: Floats) -> list[Chain]:
    """Return the roads between junctions, ends, and changes of class.

    Parameters
    ----------
    mesh : Mesh
        The network.
    points : ndarray, shape (points, 2)
        Where its points lie now.
    z : ndarray, shape (points,)
        Their elevation.

    Returns
    -------
    list of Chain
        In a stable order.
    """
    ends = [p for p in range(len(points)) if _is_end(mesh, p)]
    chain_of = np.full(len(mesh.links), -1)
    trails: list[list[int]] = []
    for start in ends + list(range(len(points))):
        for first, link in mesh.around[start].items():
            if chain_of[link] < 0:
                trail, links = _follow(mesh, start, first)
                chain_of[links] = len(trails)
                trails.append(trail)
    ways = _ways(mesh, chain_of, len(trails))
    kinds = [mesh.kinds[mesh.around[trail[0]][trail[1]]] for trail in trails]
    return [
        Chain(points[trail], z[trail], kind, way)
        for trail, kind, way in zip(trails, kinds, ways, strict=True)
    ]


def _is_end(mesh: Mesh, point: int) -> bool:
    """Tell whether a chain ends at a point."""
    kinds = [mesh.kinds[link] for link in mesh.around[point].values()]
    return len(kinds) != 2 or kinds[0] != kinds[1]  # noqa: PLR2004 - a road has two directions


def _follow(mesh: Mesh, start: int, first: int) -> tuple[list[int], list[int]]:
    """Return the points and links from a start to where the chain ends."""
    trail, links, at = [start], [mesh.around[start][first]], first
    while not _is_end(mesh, at) and at != start:
        trail.append(at)
        at, link = next(item for item in mesh.around[at].items() if item[1] != links[-1])
        links.append(link)
    return [*trail, at], links


def _ways(mesh: Mesh, chain_of: np.ndarray, count: int) -> list[int]:
    """Return the number of the road that each chain is a part of."""
    joined = [
        (chain_of[mesh.around[p][a]], chain_of[mesh.around[p][b]])
        for p, a, b in mesh.ahead
        if mesh.kinds[mesh.around[p][a]] == mesh.kinds[mesh.around[p][b]]
    ]
    at = np.array(joined, np.int64).reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(count, count))
    _number, ways = csgraph.connected_components(graph, directed=False)
    return [int(way) for way in ways]
