"""Stretches of road, and the points of many in one array each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Joined", "Line"]


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
class Joined:
    """The points of all lines in one array each, without repeats; a line has two or more.

    Parameters
    ----------
    lines : list of Line
        Those that have a length.
    begin : ndarray of int64, shape (lines + 1,)
        Where the points of each line begin, and the number of all.
    nodes : ndarray of int64, shape (points,)
        References.
    points : ndarray of float64, shape (points, 2)
        Metres, rounded to the centimetre.
    along_m : ndarray of float64, shape (points,)
        Length from the begin of the line.
    is_cut, is_wet : ndarray of bool, shape (points,)
        Whether an edge ends there by the roads alone, and whether it is a ford.
    fords : dict of int to float
        How deep fords are; NaN where that is not known.
    """

    lines: list[Line]
    begin: NDArray[np.int64]
    nodes: NDArray[np.int64]
    points: NDArray[np.float64]
    along_m: NDArray[np.float64]
    is_cut: NDArray[np.bool_]
    is_wet: NDArray[np.bool_]
    fords: dict[int, float]

    @classmethod
    def of(cls, lines: Sequence[Line], fords: Mapping[int, float]) -> Joined:
        """Join lines.

        Parameters
        ----------
        lines : sequence of Line
            One or more.
        fords : mapping of int to float
            Nodes that are fords, and how deep; NaN where that is not known.

        Returns
        -------
        Joined
            Nodes that follow one another at the same place are one node.
        """
        number = np.repeat(np.arange(len(lines)), [len(line.nodes) for line in lines])
        nodes = np.concatenate([line.nodes for line in lines])
        points = np.concatenate([line.points for line in lines])
        alias = _same_place(number, nodes, points)
        if alias:
            nodes = _renamed(nodes, alias)
        keep = np.ones(nodes.size, np.bool_)
        keep[1:] = (nodes[1:] != nodes[:-1]) | (number[1:] != number[:-1])
        keep &= (np.bincount(number[keep], minlength=len(lines)) > 1)[number]
        number, nodes, points = number[keep], nodes[keep], points[keep]
        is_begin = np.append(True, number[1:] != number[:-1])[: nodes.size]
        begin = np.append(np.flatnonzero(is_begin), nodes.size)
        along_m = np.zeros(nodes.size)
        steps_m = np.hypot(*np.diff(points, axis=0).T)
        for low, high in itertools.pairwise(begin.tolist()):
            np.cumsum(steps_m[low : high - 1], out=along_m[low + 1 : high])
        _, inverse, uses = np.unique(nodes, return_inverse=True, return_counts=True)
        is_cut = uses[inverse] > 1
        is_cut[begin[:-1]] = is_cut[begin[1:] - 1] = True
        wet = {alias.get(node, node): depth_m for node, depth_m in fords.items()}
        is_wet = np.isin(nodes, list(wet))
        kept = [lines[i] for i in number[begin[:-1]].tolist()]
        return cls(kept, begin, nodes, np.round(points, 2), along_m, is_cut, is_wet, wet)


def _same_place(
    number: NDArray[np.int64], nodes: NDArray[np.int64], points: NDArray[np.float64]
) -> dict[int, int]:
    """Map nodes that follow one another at the same place to one of them."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while node in parent:
            node = parent[node]
        return node

    still = (points[1:] == points[:-1]).all(axis=1) & (number[1:] == number[:-1])
    for i in np.flatnonzero(still).tolist():
        a, b = root(int(nodes[i])), root(int(nodes[i + 1]))
        if a != b:
            parent[max(a, b)] = min(a, b)
    return {node: root(node) for node in parent}


def _renamed(nodes: NDArray[np.int64], names: dict[int, int]) -> NDArray[np.int64]:
    old = np.array(sorted(names), np.int64)
    new = np.array([names[node] for node in old.tolist()], np.int64)
    at = np.minimum(np.searchsorted(old, nodes), old.size - 1)
    return np.where(old[at] == nodes, new[at], nodes)
