"""Cuts roads into edges: at junctions, around fords, and so that none is too long."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_EDGE_M", "Edge", "Line", "cut_into_edges"]

MAX_EDGE_M = 500.0
#: Length of road on either side of a ford's node that counts as ford.
FORD_HALF_M = 15.0
#: Cuts closer than this to a junction are moved onto it.
_NEAR_M = 1.0
#: A loop needs three edges, or two of them would join the same two nodes.
_LOOP_PARTS = 3

#: A node of the network: a reference in OpenStreetMap, or way and part of a point made by cutting.
Key = int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of one way whose nodes are all known.

    Parameters
    ----------
    way : int
        Position of the way in the caller's list.
    nodes : ndarray of int64, shape (points,)
        References.
    points : ndarray of float64, shape (points, 2)
        Metres.
    uncut : bool
        Whether it is a bridge or tunnel, which may be longer than `MAX_EDGE_M`.
    """

    way: int
    nodes: NDArray[np.int64]
    points: NDArray[np.float64]
    uncut: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A piece of road between two nodes.

    Parameters
    ----------
    way : int
        Position of the way in the caller's list.
    part : int
        0, 1, 2, ... along the way.
    start, end : int or tuple
        Keys of its nodes.
    points : ndarray of float64, shape (points, 2)
        Metres, rounded to the centimetre.
    ford : bool
        Whether a ford's node lies in it.
    ford_depth_m : float
        Depth of the deepest of them; NaN where none is known.
    """

    way: int
    part: int
    start: Key
    end: Key
    points: NDArray[np.float64]
    ford: bool
    ford_depth_m: float = math.nan


def cut_into_edges(lines: Sequence[Line], fords: Mapping[int, float]) -> list[Edge]:
    """Cut lines into edges that meet only at their ends.

    Parameters
    ----------
    lines : sequence of Line
        Lines in the order of their ways; those of one way follow one another.
    fords : mapping of int to float
        Nodes that are fords, and how deep; NaN where that is not known.

    Returns
    -------
    list of Edge
        In the order of the lines. Lines without length give none.
    """
    alias = _same_place(lines)
    cleaned = [line for line in (_without_repeats(line, alias) for line in lines) if line]
    fords = {alias.get(node, node): depth_m for node, depth_m in fords.items()}
    uses: dict[int, int] = {}
    for line in cleaned:
        for node in line.nodes.tolist():
            uses[node] = uses.get(node, 0) + 1
    edges: list[Edge] = []
    parts: dict[int, int] = {}
    for line in cleaned:
        first = parts.get(line.way, 0)
        made = _cut(line, uses, fords, first)
        parts[line.way] = made[-1].part + 1 if made else first
        edges.extend(made)
    return edges


def _same_place(lines: Sequence[Line]) -> dict[int, int]:
    """Map nodes that follow one another at the same place to one of them."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while node in parent:
            node = parent[node]
        return node

    for line in lines:
        still = np.flatnonzero((np.diff(line.points, axis=0) == 0).all(axis=1))
        for i in still.tolist():
            a, b = root(int(line.nodes[i])), root(int(line.nodes[i + 1]))
            if a != b:
                parent[max(a, b)] = min(a, b)
    return {node: root(node) for node in parent}


def _without_repeats(line: Line, alias: dict[int, int]) -> Line | None:
    nodes = np.array([alias.get(node, node) for node in line.nodes.tolist()], np.int64)
    keep = np.append(True, nodes[1:] != nodes[:-1])
    if keep.sum() < 2:  # noqa: PLR2004 - a line has two ends
        return None
    return Line(line.way, nodes[keep], line.points[keep], line.uncut)


def _cut(
    line: Line, uses: dict[int, int], fords: Mapping[int, float], first_part: int
) -> list[Edge]:
    steps = np.hypot(*np.diff(line.points, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    nodes = line.nodes.tolist()
    last = len(nodes) - 1
    cuts: list[tuple[float, Key | None]] = [
        (float(along[i]), node) for i, node in enumerate(nodes) if i in (0, last) or uses[node] > 1
    ]
    met = [] if line.uncut else [(float(along[i]), n) for i, n in enumerate(nodes) if n in fords]
    wet = [mark for mark, _ in met]
    cuts = _with_ford_ends(cuts, wet)
    cuts = _with_lengths(cuts, uncut=line.uncut)

    edges: list[Edge] = []
    keyed: list[tuple[float, Key]] = [
        (mark, (line.way, first_part + i) if key is None else key)
        for i, (mark, key) in enumerate(cuts)
    ]
    for i, ((begin, start), (end, stop)) in enumerate(itertools.pairwise(keyed)):
        if start == stop and end - begin < _NEAR_M:
            continue  # a loop too small to be cut in three
        deep = [fords[n] for s, n in met if abs((begin + end) / 2 - s) <= FORD_HALF_M]
        points = _between(line.points, along, begin, end)
        edges.append(
            Edge(line.way, first_part + i, start, stop, points, bool(deep), _deepest(deep))
        )
    return edges


def _deepest(depths: Sequence[float]) -> float:
    return max((depth for depth in depths if not math.isnan(depth)), default=math.nan)


def _with_ford_ends(
    cuts: list[tuple[float, Key | None]], wet: Sequence[float]
) -> list[tuple[float, Key | None]]:
    end = cuts[-1][0]
    for s in wet:
        for mark in (s - FORD_HALF_M, s + FORD_HALF_M):
            inside = 0 < mark < end and all(abs(mark - other) > _NEAR_M for other, _ in cuts)
            if inside and not any(abs(mark - o) < FORD_HALF_M - _NEAR_M for o in wet):
                cuts.append((mark, None))
    return sorted(cuts, key=lambda cut: cut[0])


def _with_lengths(
    cuts: list[tuple[float, Key | None]], *, uncut: bool
) -> list[tuple[float, Key | None]]:
    result = [cuts[0]]
    for (begin, begin_key), (end, end_key) in itertools.pairwise(cuts):
        parts = 1 if uncut else max(1, int(np.ceil((end - begin) / MAX_EDGE_M)))
        if begin_key is not None and begin_key == end_key and end - begin >= _NEAR_M:
            parts = max(parts, _LOOP_PARTS)
        inner = np.linspace(begin, end, parts + 1)[1:-1]
        result.extend((float(mark), None) for mark in inner)
        result.append((end, end_key))
    return result


def _between(
    points: NDArray[np.float64], along: NDArray[np.float64], begin: float, end: float
) -> NDArray[np.float64]:
    inner = points[(along > begin + 1e-6) & (along < end - 1e-6)]
    marks = np.array([begin, end])
    ends = np.column_stack([np.interp(marks, along, points[:, axis]) for axis in (0, 1)])
    result: NDArray[np.float64] = np.round(np.vstack((ends[:1], inner, ends[1:])), 2)
    return result
