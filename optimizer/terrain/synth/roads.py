"""Who is joined with whom, by what class of road."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import Delaunay, QhullError

from optimizer.progress import Advance
from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.builder import RIM, Builder
from optimizer.terrain.synth.network import Cell, Network
from optimizer.terrain.synth.places import Place
from optimizer.terrain.synth.streets import add_streets, add_tracks
from optimizer.terrain.synth.waters import Waters

__all__ = ["SEARCHES_A_KM2", "neighbours", "plan_roads"]

#: About so many searches are made for each km2 of map: what a progress bar is told.
SEARCHES_A_KM2 = 0.45
#: Share of the neighbouring hamlets that a road of their own joins.
HAMLETS_JOINED = 0.6
#: Share of the villages that the secondary roads reach.
LARGER_VILLAGES = 3
#: Up to so many points, all pairs are candidates.
ALL_PAIRS = 3
#: Most roads of a class that leave the map, and how far apart, in sides of the map.
MOST_GATES, GATES_APART = 6, 0.3
#: Roads leave low: height over the lowest edge within 1.5 km, and over the lowest of all, in m.
OVER_M, HIGH_M, ALONG_M = 40.0, 600.0, 3000.0
#: Mean slope of the ground around a gate, over so many metres.
ROUGH, ROUGH_M = 0.06, 1800.0


def plan_roads(
    rng: np.random.Generator,
    *,
    waters: Waters,
    wet: NDArray[np.uint8],
    river_m: Floats,
    places: list[Place],
    resolution_m: float,
    advance: Advance,
) -> Network:
    """Join all places by roads that follow the ground.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    waters : Waters
        Ground and water.
    wet : ndarray of uint8, shape (rows, columns)
        Water as in ``water.tif``.
    river_m : ndarray, shape (rows, columns)
        Distance to the nearest water.
    places : list of Place
        Settlements, the largest first.
    resolution_m : float
        Side of a cell.
    advance : callable
        Told that one more road was sought.

    Returns
    -------
    Network
        Connected: every place is reached from every other.
    """
    builder = Builder(
        rng, waters=waters, wet=wet, river_m=river_m, resolution_m=resolution_m, advance=advance
    )
    towns = [_cell(p) for p in places if p.kind in {"city", "town"}]
    villages = [_cell(p) for p in places if p.kind == "village"]
    hamlets = [_cell(p) for p in places if p.kind == "hamlet"]
    gates = _gates(builder, towns)
    for a, b in neighbours(towns if len(towns) > 1 else towns + villages[:1], gabriel=True):
        builder.join(a, b, "primary")
    for gate in gates:
        builder.leave(gate, "primary", towns)
    larger = villages[: max(1, len(villages) // LARGER_VILLAGES)]
    for a, b in neighbours(towns + larger):
        builder.join(a, b, "secondary")
    for a, b in neighbours(towns + villages):
        builder.join(a, b, "tertiary")
    for gate in _gates(builder, gates):
        builder.leave(gate, "tertiary", towns + villages)
    for cell in towns + villages + hamlets:
        if not builder.network.roads.node[cell]:
            builder.attach(cell, "unclassified")
    for a, b in neighbours(hamlets):
        if rng.random() < HAMLETS_JOINED:
            builder.join(a, b, "unclassified")
    add_streets(builder, places)
    add_tracks(builder)
    return builder.network


def _cell(place: Place) -> Cell:
    return place.row, place.column


def _gates(builder: Builder, others: list[Cell]) -> list[Cell]:
    """Choose cells at the edge where roads leave the map, apart from each other and from others."""
    rows, columns = builder.wet.shape
    rim = RIM + 1
    edge = [(rim, c) for c in range(rim, columns - rim)]
    edge += [(r, columns - 1 - rim) for r in range(rim, rows - rim)]
    edge += [(rows - 1 - rim, c) for c in range(columns - 1 - rim, rim, -1)]
    edge += [(r, rim) for r in range(rows - 1 - rim, rim, -1)]
    index = tuple(np.array(edge).T)
    rough = ndimage.uniform_filter(builder.side, max(3, round(ROUGH_M / builder.resolution_m)))
    ground = builder.land.ground[index]
    reach = max(3, round(ALONG_M / builder.resolution_m))
    over = ground - ndimage.minimum_filter1d(ground, reach, mode="wrap")
    score = np.exp(-over / OVER_M - (ground - ground.min()) / HIGH_M - rough[index] / ROUGH)
    score *= 0.6 + 0.8 * builder.rng.random(len(edge))
    score[(builder.wet[index] > 0) | ~np.isfinite(builder.land.cost[index])] = 0.0
    score = ndimage.gaussian_filter1d(score, 2.0, mode="wrap") * (score > 0)
    chosen: list[Cell] = []
    for i in np.argsort(-score, kind="stable")[: len(edge) // 2]:
        row, column = edge[i]
        far = [np.hypot(row - r, column - c) for r, c in chosen]
        far += [2.0 * np.hypot(row - r, column - c) for r, c in others]
        if score[i] > 0 and min(far, default=np.inf) > GATES_APART * rows:
            chosen.append((row, column))
        if len(chosen) == MOST_GATES:
            break
    return chosen


def neighbours(points: list[Cell], *, gabriel: bool = False) -> list[tuple[Cell, Cell]]:
    """Return the pairs of a relative-neighbourhood graph, or of a Gabriel graph.

    Both hold the minimum spanning tree, so that all points are joined, and some loops; the Gabriel
    graph has more of them (Jaromczyk and Toussaint, Proceedings of the IEEE 80, 1992).

    Parameters
    ----------
    points : list of tuple of int
        Cells.
    gabriel : bool
        Which of the two.

    Returns
    -------
    list of tuple
        Pairs of cells, the nearest first.
    """
    at = np.array(points, np.float64).reshape(-1, 2)
    kept = []
    for a, b in _candidates(at):
        length = float(np.hypot(*(at[a] - at[b])))
        if gabriel:
            inside = np.hypot(*(at - 0.5 * (at[a] + at[b])).T) < 0.5 * length - 1e-9
        else:
            far = np.maximum(np.hypot(*(at - at[a]).T), np.hypot(*(at - at[b]).T))
            inside = far < length - 1e-9
        inside[[a, b]] = False
        if not inside.any():
            kept.append((length, a, b))
    return [(points[a], points[b]) for _length, a, b in sorted(kept)]


def _candidates(at: Floats) -> set[tuple[int, int]]:
    """Return the edges of the Delaunay triangulation, or all pairs of too few points."""
    try:
        corners: list[list[int]] = Delaunay(at).simplices.tolist() if len(at) > ALL_PAIRS else []
    except QhullError:  # all on one line
        corners = []
    pairs = {(min(t[i], t[i - 1]), max(t[i], t[i - 1])) for t in corners for i in range(3)}
    return pairs or {(i, j) for i in range(len(at)) for j in range(i + 1, len(at))}
