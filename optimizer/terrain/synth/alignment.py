"""From moves on a grid to roads: smooth lines between junctions, and their profile.

The points of the network are relaxed together, so that roads that meet keep meeting: a point moves
towards the middle of its neighbours along the road that goes straight on, and then sideways on the
slope towards the height that a smooth profile asks for. That is how a road is laid out on a hill.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage, sparse

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.chains import Chain, Mesh, chains_of, mesh_of
from optimizer.terrain.synth.network import Network
from optimizer.terrain.synth.profile import profile, runs_m

__all__ = ["lay_out"]

#: Rounds of relaxation, and the share of the way that a point goes in one.
ROUNDS = 14
SMOOTH, SIDEWAYS, FROM_WATER = 0.55, 0.25, 0.3
#: Gradients between which smoothing fades to its least share, and rounds that spread them.
CLIMB, LEAST_SMOOTH, CLIMB_ROUNDS = (0.04, 0.075), 0.05, 8
#: Rounds that make the profile wished for in each, and share of the way.
WISH_ROUNDS, WISH = 6, 0.6
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
    share = _smoothing(mesh, every, ground, resolution_m)[:, None]
    for _ in range(ROUNDS):
        points = (1.0 - share) * points + share * (smooth @ points)
        points = points + _sideways(points, every, ground, fall, resolution_m)
        gap = _sample(water_m, points)
        close = np.clip(WATER_CELLS * resolution_m - gap, 0.0, None)
        close *= gap > CROSSING_CELLS * resolution_m
        away = np.stack([_sample(off[0], points), _sample(off[1], points)], axis=1)
        points = points + FROM_WATER * close[:, None] * away / resolution_m
        points = mesh.points + np.clip(points - mesh.points, -FARTHEST, FARTHEST)
    z = _sample(ndimage.gaussian_filter(elevation, 0.7), points)
    return chains_of(mesh, points, profile(mesh, points, every, z, resolution_m))


def _smoothing(mesh: Mesh, every: sparse.csr_array, ground: Floats, resolution_m: float) -> Floats:
    """Return how far each point goes in a round: little where a track climbs.

    To smooth a climb is to cut its bends, and what is shorter is steeper. Other roads are built to
    be driven fast: they are smoothed all the same.
    """
    ends = np.array(mesh.links)
    rise_m = np.abs(np.diff(_sample(ground, mesh.points)[ends], axis=1)).ravel()
    grade = np.repeat(rise_m / runs_m(mesh, mesh.points, resolution_m), 2)
    track = np.repeat([float(kind == "track") for kind in mesh.kinds], 2)
    degree = np.bincount(ends.ravel())
    grade = np.bincount(ends.ravel(), grade) / degree
    for _ in range(CLIMB_ROUNDS):
        grade = 0.5 * grade + 0.5 * (every @ grade)
    share = SMOOTH * np.clip((CLIMB[1] - grade) / (CLIMB[1] - CLIMB[0]), LEAST_SMOOTH, 1.0)
    return np.where(np.bincount(ends.ravel(), track) == degree, share, SMOOTH)


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
