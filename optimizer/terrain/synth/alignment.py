"""From moves on a grid to roads: smooth lines between junctions, and their profile.

The points of the network are relaxed together, so that roads that meet keep meeting: a point moves
towards the middle of its neighbours along the road that goes straight on, and then sideways on the
slope towards the height that a smooth profile asks for. That is how a road is laid out on a hill.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage, sparse

from optimizer.terrain.synth.chains import Chain, chains_of, mesh_of
from optimizer.terrain.synth.kernel import Floats
from optimizer.terrain.synth.network import Network

__all__ = ["lay_out"]

#: Rounds of relaxation, and the share of the way that a point goes in one.
ROUNDS = 14
SMOOTH, SIDEWAYS, FROM_WATER = 0.55, 0.25, 0.3
#: Rounds that make the profile wished for in each, and share of the way.
WISH_ROUNDS, WISH = 6, 0.6
#: Rounds that make the profile in the end.
PROFILE_ROUNDS = 16
#: Square of the slope below which a road is not moved sideways.
FLAT = 0.01
#: A road keeps away from water within so many cells; nearer than the second it crosses it.
WATER_CELLS, CROSSING_CELLS = 1.5, 0.3
#: Farthest that a point may leave its place, in cells.
FARTHEST = 1.6


def lay_out(
    network: Network, elevation: Floats, water_m: Floats, resolution_m: float
) -> list[Chain]:
    """Turn a network of moves into smooth roads.

    Parameters
    ----------
    network : Network
        What was planned.
    elevation : ndarray, shape (rows, columns)
        Metres.
    water_m : ndarray, shape (rows, columns)
        Distance to the nearest water.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    list of Chain
        Roads, in a stable order.
    """
    mesh = mesh_of(network)
    count = len(mesh.points)
    forward = [(p, q) for p, a, b in mesh.ahead for q in (a, b)]
    smooth = _mean_of(count, forward)
    every = _mean_of(count, mesh.links + [(q, p) for p, q in mesh.links])
    ground = ndimage.gaussian_filter(elevation, 1.2)
    fall = _gradient(ground, resolution_m)
    off = _gradient(ndimage.gaussian_filter(water_m, 1.0), resolution_m)
    points = mesh.points
    for _ in range(ROUNDS):
        points = (1.0 - SMOOTH) * points + SMOOTH * (smooth @ points)
        points = points + _sideways(points, every, ground, fall, resolution_m)
        gap = _sample(water_m, points)
        close = np.clip(WATER_CELLS * resolution_m - gap, 0.0, None)
        close *= gap > CROSSING_CELLS * resolution_m
        away = np.stack([_sample(off[0], points), _sample(off[1], points)], axis=1)
        points = points + FROM_WATER * close[:, None] * away / resolution_m
        points = mesh.points + np.clip(points - mesh.points, -FARTHEST, FARTHEST)
    z = _sample(ndimage.gaussian_filter(elevation, 0.7), points)
    for _ in range(PROFILE_ROUNDS):
        z = 0.5 * z + 0.5 * (every @ z)
    return chains_of(mesh, points, z)


def _mean_of(count: int, pairs: list[tuple[int, int]]) -> sparse.csr_array:
    """Return the matrix that takes the mean over the second of all pairs with the same first.

    A point that is first in no pair keeps its value.
    """
    at = np.array(pairs, np.int64).reshape(-1, 2)
    shape = (count, count)
    matrix = sparse.csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)
    degree = np.asarray(matrix.sum(axis=1), np.float64)
    alone = sparse.diags_array((degree == 0).astype(np.float64))
    return sparse.csr_array(sparse.diags_array(1.0 / np.maximum(degree, 1.0)) @ matrix + alone)


def _gradient(field: Floats, resolution_m: float) -> tuple[Floats, Floats]:
    """Return the slope of a field along rows and along columns."""
    down, right = np.gradient(field, resolution_m)
    return np.asarray(down), np.asarray(right)


def _sample(field: Floats, points: Floats) -> Floats:
    """Return a field at fractional rows and columns."""
    value: Floats = ndimage.map_coordinates(field, points.T, order=1, mode="nearest")
    return value


def _sideways(
    points: Floats,
    every: sparse.csr_array,
    ground: Floats,
    fall: tuple[Floats, Floats],
    resolution_m: float,
) -> Floats:
    """Return the shift on the slope to where the ground has the height of a smooth profile."""
    z = _sample(ground, points)
    wish = z
    for _ in range(WISH_ROUNDS):
        wish = (1.0 - WISH) * wish + WISH * (every @ wish)
    square = _sample(fall[0] ** 2 + fall[1] ** 2, points)
    shift = np.clip((wish - z) / np.maximum(square, 1e-3), -resolution_m, resolution_m)
    shift *= square > FLAT
    push = np.stack([_sample(fall[0], points), _sample(fall[1], points)], axis=1)
    return np.asarray(SIDEWAYS * shift[:, None] * push / resolution_m)
