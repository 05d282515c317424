"""The profile of roads: the ground, smoothed, with cuts and banks where it is too steep."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.chains import Mesh

__all__ = ["profile", "runs_m"]

#: Rounds in which each point goes half the way to the mean of its neighbours.
ROUNDS = 16
#: Cuts and banks that ease what is still steeper: gradient, rounds, and how deep they may be in
#: metres. They are as shallow as will do to keep nineteen links of twenty within the limit.
EASED_GRADE, EASE_ROUNDS, EARTHWORKS_M, LIMIT = 0.11, 80, (6.0, 12.0, 24.0, 48.0), 0.118


def runs_m(mesh: Mesh, points: Floats, resolution_m: float) -> Floats:
    """Return the length of each link.

    Parameters
    ----------
    mesh : Mesh
        The network.
    points : ndarray, shape (points, 2)
        Where its points lie now: row and column.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    ndarray, shape (links,)
        Metres.
    """
    ends = np.array(mesh.links)
    return np.asarray(np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T) * resolution_m)


def profile(
    mesh: Mesh, points: Floats, every: sparse.csr_array, ground: Floats, resolution_m: float
) -> Floats:
    """Return the elevation of the roads.

    Parameters
    ----------
    mesh : Mesh
        The network.
    points : ndarray, shape (points, 2)
        Where its points lie: row and column.
    every : sparse array, shape (points, points)
        Takes the mean over the neighbours of a point.
    ground : ndarray, shape (points,)
        Elevation of the ground, in metres.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    ndarray, shape (points,)
        Metres.
    """
    z = ground
    for _ in range(ROUNDS):
        z = 0.5 * z + 0.5 * (every @ z)
    ends = np.array(mesh.links)
    run_m = runs_m(mesh, points, resolution_m)
    degree = np.bincount(ends.ravel(), minlength=len(points))
    eased = z.copy()
    for deepest_m in EARTHWORKS_M:
        for _ in range(EASE_ROUNDS):
            rise = eased[ends[:, 1]] - eased[ends[:, 0]]
            excess = np.sign(rise) * np.maximum(np.abs(rise) - EASED_GRADE * run_m, 0.0)
            shift = np.bincount(ends[:, 0], excess, len(z)) - np.bincount(
                ends[:, 1], excess, len(z)
            )
            eased = np.clip(eased + 0.9 * shift / degree, z - deepest_m, z + deepest_m)
        grade = np.abs(eased[ends[:, 1]] - eased[ends[:, 0]]) / run_m
        if np.quantile(grade, 0.95) <= LIMIT:
            break
    return eased
