"""Smooths the elevation along roads, so that their grades are those of roads that exist.

An elevation model of 30 to 90 m knows nothing of cuttings, embankments and ledges: read off point
by point, a road along a slope climbs and falls like the slope. The profile is therefore the curve
that stays near the model and bends little, over the whole network at once::

    minimise   sum_i  h_i (z_i - d_i)^2                    stay near the model
             + sum_b  L^4 / h_b (g_bc - g_ab)^2            bend little
             + sum_e  l_e M^2 (|g_e| - limit_e)^2          no steeper than roads are built,
                                                           over links beyond the limit

with points `i` every 60 m and at each node, `h` the length that a point stands for, `g` the grade
of a link of length `l`, `d` the model. It is the discrete smoothing spline (Reinsch 1967) on a
graph, with a penalty on grades beyond the design limits of the road's class (``osm_highway.csv``).
On bridges and in tunnels there is no model to stay near: they run straight from portal to portal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import splu

__all__ = ["Profile", "smooth_profile"]

#: Distance between points along an edge, at most.
STEP_M = 60.0
#: Bends shorter than about six times this length are taken for noise.
BEND_M = 80.0
#: Metres of departure from the model that weigh as much as a grade of 1 beyond the limit.
LIMIT_M = 3000.0
#: Rounds in which grades beyond the limits are found and pressed down.
ROUNDS = 8
#: Weight of the model on bridges and in tunnels: enough for a solution, too little to bend them.
_FAINT = 1e-6
#: Two edges at a junction continue one another if they turn by less than this.
_COS_STRAIGHT = np.cos(np.radians(50.0))
_SHORTEST_M = 1.0

Sampler = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Profile:
    """Elevation of the nodes.

    Parameters
    ----------
    raw_z_m : ndarray of float64, shape (nodes,)
        As the elevation model has it.
    z_m : ndarray of float64, shape (nodes,)
        Smoothed.
    """

    raw_z_m: NDArray[np.float64]
    z_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Points along all edges and the links between them."""

    points: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length: NDArray[np.float64]
    edge: NDArray[np.int64]
    triples: NDArray[np.int64]  # two links each that continue one another: link, sign, link, sign


def smooth_profile(
    nodes: NDArray[np.float64],
    ends: NDArray[np.int64],
    lines: Sequence[NDArray[np.float64]],
    *,
    lifted: NDArray[np.bool_],
    max_grade: NDArray[np.float64],
    sampler: Sampler,
) -> Profile:
    """Return the smoothed elevation of the nodes of a road network.

    Parameters
    ----------
    nodes : ndarray of float64, shape (nodes, 2)
        Positions in metres.
    ends : ndarray of int64, shape (edges, 2)
        Nodes of each edge.
    lines : sequence of ndarray of float64, shape (points, 2)
        Geometry of each edge.
    lifted : ndarray of bool, shape (edges,)
        Whether the edge is a bridge or tunnel, that does not follow the ground.
    max_grade : ndarray of float64, shape (edges,)
        The steepest grade such a road is built with.
    sampler : callable
        Elevation model: points of shape (n, 2) to metres of shape (n,).

    Returns
    -------
    Profile
        Raw and smoothed elevation.
    """
    if not len(nodes):
        return Profile(np.zeros(0), np.zeros(0))
    chain = _chain(nodes, ends, lines, lifted)
    model = sampler(chain.points)
    z = _solve(chain, model, lifted[chain.edge], max_grade[chain.edge])
    return Profile(model[: len(nodes)], z[: len(nodes)])


def _chain(
    nodes: NDArray[np.float64],
    ends: NDArray[np.int64],
    lines: Sequence[NDArray[np.float64]],
    lifted: NDArray[np.bool_],
) -> _Chain:
    inner: list[NDArray[np.float64]] = []
    start: list[int] = []
    end: list[int] = []
    length: list[float] = []
    owner: list[int] = []
    within: list[tuple[int, int, int, int]] = []
    count = len(nodes)
    for edge, line in enumerate(lines):
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        pieces = 1 if lifted[edge] else max(1, int(np.ceil(along[-1] / STEP_M)))
        marks = np.linspace(0.0, along[-1], pieces + 1)[1:-1]
        if len(marks):
            xs = np.interp(marks, along, line[:, 0])
            ys = np.interp(marks, along, line[:, 1])
            inner.append(np.column_stack((xs, ys)))
        stations = [int(ends[edge, 0]), *range(count, count + len(marks)), int(ends[edge, 1])]
        count += len(marks)
        first = len(start)
        for a, b in itertools.pairwise(stations):
            start.append(a)
            end.append(b)
            length.append(max(float(along[-1]) / pieces, _SHORTEST_M))
            owner.append(edge)
        within.extend((link, 1, link + 1, 1) for link in range(first, first + pieces - 1))
    owners = np.array(owner, np.int64)
    across = _continuations(ends, lines, owners)
    return _Chain(
        np.vstack((nodes, *inner)),
        np.array(start, np.int64),
        np.array(end, np.int64),
        np.array(length),
        owners,
        np.array(within + across, np.int64).reshape(-1, 4),
    )


def _continuations(
    ends: NDArray[np.int64], lines: Sequence[NDArray[np.float64]], owners: NDArray[np.int64]
) -> list[tuple[int, int, int, int]]:
    """Pair the links that continue one another across a node.

    A sign of +1 stands for a link that is passed from its start to its end.
    """
    first = np.searchsorted(owners, np.arange(len(lines)), side="left")
    last = np.searchsorted(owners, np.arange(len(lines)), side="right") - 1
    # At each node: the link, whether it leaves the node, and its direction away from the node.
    around: dict[int, list[tuple[int, int, NDArray[np.float64]]]] = {}
    for edge, line in enumerate(lines):
        for node, link, leaves, step in (
            (int(ends[edge, 0]), int(first[edge]), 1, line[1] - line[0]),
            (int(ends[edge, 1]), int(last[edge]), -1, line[-2] - line[-1]),
        ):
            direction = step / max(float(np.hypot(*step)), 1e-9)
            around.setdefault(node, []).append((link, leaves, direction))
    pairs = []
    for node in sorted(around):
        arms = around[node]
        for i, (link, leaves, direction) in enumerate(arms):
            for other, other_leaves, other_direction in arms[i + 1 :]:
                if len(arms) == 2 or direction @ other_direction < -_COS_STRAIGHT:  # noqa: PLR2004
                    pairs.append((link, -leaves, other, other_leaves))
    return pairs


def _solve(
    chain: _Chain,
    model: NDArray[np.float64],
    lifted: NDArray[np.bool_],
    limit: NDArray[np.float64],
) -> NDArray[np.float64]:
    count, links = len(chain.points), len(chain.length)
    ground = np.where(lifted, 0.0, chain.length) / 2
    weight = np.bincount(chain.start, ground, count) + np.bincount(chain.end, ground, count)
    weight = np.maximum(weight, _FAINT)

    # grade = gradient @ z, one row a link
    rows = np.repeat(np.arange(links), 2)
    gradient = csr_array(
        (
            np.column_stack((-1 / chain.length, 1 / chain.length)).ravel(),
            (rows, np.column_stack((chain.start, chain.end)).ravel()),
        ),
        shape=(links, count),
    )
    one, sign, other, other_sign = chain.triples.T
    bends = len(one)
    rows = np.repeat(np.arange(bends), 2)
    difference = csr_array(
        (
            np.column_stack((-sign, other_sign)).astype(np.float64).ravel(),
            (rows, np.column_stack((one, other)).ravel()),
        ),
        shape=(bends, links),
    )
    bending = difference @ gradient
    # A bridge between short approaches bends as little as its neighbours, not less.
    spacing = np.minimum((chain.length[one] + chain.length[other]) / 2, STEP_M)
    stiffness = BEND_M**4 / np.maximum(spacing, _SHORTEST_M)
    base = _diagonal(weight) + bending.T @ _diagonal(stiffness) @ bending
    right = weight * model
    z = _solved(base, right)
    for _ in range(ROUNDS):
        grade = _times(gradient, z)
        steep = np.abs(grade) > limit
        if not steep.any():
            break
        press = np.where(steep, chain.length * LIMIT_M**2, 0.0)
        matrix = base + gradient.T @ _diagonal(press) @ gradient
        target = right + _times(gradient.T.tocsr(), press * np.sign(grade) * limit)
        z = _solved(matrix, target)
    result: NDArray[np.float64] = z
    return result


def _solved(matrix: csr_array, right: NDArray[np.float64]) -> NDArray[np.float64]:
    # Symmetric and positive definite: no pivoting, and an order that keeps the factor sparse.
    factor = splu(
        matrix.tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    result: NDArray[np.float64] = factor.solve(right)
    return result


def _times(matrix: csr_array, vector: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.asarray(matrix @ vector)
    return result


def _diagonal(values: NDArray[np.float64]) -> csr_array:
    own = np.arange(len(values))
    return csr_array((values, (own, own)), shape=(len(values), len(values)))
