"""Cuts roads into edges: at junctions, around fords, and so that none is too long."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.terrain.build.lines import Joined, Line

__all__ = ["MAX_EDGE_M", "Edge", "Key", "cut_into_edges"]

MAX_EDGE_M = 500.0
#: Length of road on either side of a ford's node that counts as ford.
FORD_HALF_M = 15.0
#: Cuts closer than this to a junction are moved onto it.
_NEAR_M = 1.0
#: A loop needs three edges, or two of them would join the same two nodes.
_LOOP_PARTS = 3

#: A node of the network: a reference in OpenStreetMap, or way and part of a point made by cutting.
Key = int | tuple[int, int]
#: Length along the line, key, and which of all points it is; None and None of a cut between points.
Mark = tuple[float, Key | None, int | None]


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
    if not lines:
        return []
    joined = Joined.of(lines, fords)
    cuts = np.flatnonzero(joined.is_cut)
    first_cut = np.searchsorted(cuts, joined.begin).tolist()
    wet = np.flatnonzero(joined.is_wet)
    first_wet = np.searchsorted(wet, joined.begin).tolist()
    places: list[Mark] = list(
        zip(joined.along_m[cuts].tolist(), joined.nodes[cuts].tolist(), cuts.tolist(), strict=True)
    )
    depths = [joined.fords[node] for node in joined.nodes[wet].tolist()]
    met = list(zip(joined.along_m[wet].tolist(), depths, strict=True))
    edges: list[Edge] = []
    parts: dict[int, int] = {}
    for number, line in enumerate(joined.lines):
        first = parts.get(line.way, 0)
        marks = places[first_cut[number] : first_cut[number + 1]]
        wet_here = [] if line.uncut else met[first_wet[number] : first_wet[number + 1]]
        marks = _with_lengths(_with_ford_ends(marks, [at_m for at_m, _ in wet_here]), line)
        made = _cut(joined, number, marks, wet_here, first)
        parts[line.way] = made[-1].part + 1 if made else first
        edges.extend(made)
    return edges


def _cut(
    joined: Joined,
    number: int,
    marks: Sequence[Mark],
    met: Sequence[tuple[float, float]],
    first_part: int,
) -> list[Edge]:
    way = joined.lines[number].way
    edges: list[Edge] = []
    keyed = [
        (at_m, (way, first_part + i) if key is None else key, point)
        for i, (at_m, key, point) in enumerate(marks)
    ]
    for i, ((begin, start, low), (end, stop, high)) in enumerate(itertools.pairwise(keyed)):
        if start == stop and end - begin < _NEAR_M:
            continue  # a loop too small to be cut in three
        deep = [depth_m for s, depth_m in met if abs((begin + end) / 2 - s) <= FORD_HALF_M]
        if low is not None and high is not None:
            points = joined.points[low : high + 1]
        else:
            line = slice(joined.begin[number], joined.begin[number + 1])
            points = _between(joined.points[line], joined.along_m[line], begin, end)
        edges.append(Edge(way, first_part + i, start, stop, points, bool(deep), _deepest(deep)))
    return edges


def _deepest(depths: Sequence[float]) -> float:
    return max((depth for depth in depths if not math.isnan(depth)), default=math.nan)


def _with_ford_ends(marks: list[Mark], wet_m: Sequence[float]) -> list[Mark]:
    if not wet_m:
        return marks
    end = marks[-1][0]
    marks = list(marks)
    for s in wet_m:
        for at_m in (s - FORD_HALF_M, s + FORD_HALF_M):
            inside = 0 < at_m < end and all(abs(at_m - other) > _NEAR_M for other, _, _ in marks)
            if inside and not any(abs(at_m - o) < FORD_HALF_M - _NEAR_M for o in wet_m):
                marks.append((at_m, None, None))
    return sorted(marks, key=lambda mark: mark[0])


def _with_lengths(marks: list[Mark], line: Line) -> list[Mark]:
    result = marks[:1]
    for (begin, begin_key, _), mark in itertools.pairwise(marks):
        end, end_key, _ = mark
        parts = 1 if line.uncut else max(1, math.ceil((end - begin) / MAX_EDGE_M))
        if begin_key is not None and begin_key == end_key and end - begin >= _NEAR_M:
            parts = max(parts, _LOOP_PARTS)
        if parts > 1:
            inner = np.linspace(begin, end, parts + 1)[1:-1]
            result.extend((at_m, None, None) for at_m in inner.tolist())
        result.append(mark)
    return result


def _between(
    points: NDArray[np.float64], along_m: NDArray[np.float64], begin: float, end: float
) -> NDArray[np.float64]:
    low = np.searchsorted(along_m, begin + 1e-6, side="right")
    high = np.searchsorted(along_m, end - 1e-6)
    marks = np.array([begin, end])
    ends = np.column_stack([np.interp(marks, along_m, points[:, axis]) for axis in (0, 1)])
    result: NDArray[np.float64] = np.round(np.vstack((ends[:1], points[low:high], ends[1:])), 2)
    return result
