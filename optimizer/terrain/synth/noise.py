"""Smooth random fields on a regular grid."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage, sparse

from optimizer.terrain.synth.arrays import Floats

__all__ = ["fractal", "smoothstep", "value_noise"]

#: Points of the coarse grid for one wavelength: enough for cubics to follow the splines.
POINTS_A_WAVE = 6.0
#: Shortest wavelength that a grid can show, in cells.
SHORTEST_WAVE = 2.0


def value_noise(rng: np.random.Generator, shape: tuple[int, int], period: float) -> Floats:
    """Return noise with one dominant wavelength.

    Random values on a lattice of ``period`` cells are joined by cubic splines. The lattice is
    turned by a random angle, so that its axes do not show in the ground.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    shape : tuple of int
        Rows and columns.
    period : float
        Distance of the lattice points, in cells.

    Returns
    -------
    ndarray, shape `shape`
        Mean about 0, standard deviation 1.
    """
    angle = rng.uniform(0.0, 2.0 * math.pi)
    half = 0.5 * math.hypot(*shape) / period
    points = math.ceil(2.0 * half) + 9
    lattice = rng.standard_normal((points, points))
    # Long waves are drawn on a coarse grid and joined by cubics: the same picture, much sooner.
    step = max(1, int(period / POINTS_A_WAVE))
    coarse = [math.ceil(n / step) + 3 for n in shape]
    rows = ((np.arange(coarse[0]) - 1.0) * step - 0.5 * shape[0])[:, None] / period
    columns = ((np.arange(coarse[1]) - 1.0) * step - 0.5 * shape[1])[None, :] / period
    u = math.cos(angle) * rows - math.sin(angle) * columns + 0.5 * points
    v = math.sin(angle) * rows + math.cos(angle) * columns + 0.5 * points
    field: Floats = ndimage.map_coordinates(lattice, [u, v], order=3, mode="mirror")
    if step > 1:
        field = _cubic(shape[0], step, coarse[0]) @ field
        field = (_cubic(shape[1], step, coarse[1]) @ field.T).T
    else:
        field = field[1 : shape[0] + 1, 1 : shape[1] + 1]
    return np.asarray(field / max(float(field.std()), 1e-9))


def _cubic(size: int, step: int, points: int) -> sparse.csr_array:
    """Return the matrix of cubic convolution from points `step` apart to `size` cells.

    Keys, IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981.
    """
    at = np.arange(size) / step + 1.0
    low = np.floor(at).astype(np.int64)
    t = at - low
    weights = np.stack(
        [
            -0.5 * t + t**2 - 0.5 * t**3,
            1.0 - 2.5 * t**2 + 1.5 * t**3,
            0.5 * t + 2.0 * t**2 - 1.5 * t**3,
            -0.5 * t**2 + 0.5 * t**3,
        ]
    )
    rows = np.tile(np.arange(size), 4)
    columns = np.concatenate([low - 1, low, low + 1, low + 2])
    return sparse.csr_array((weights.ravel(), (rows, columns)), shape=(size, points))


def fractal(
    rng: np.random.Generator,
    shape: tuple[int, int],
    period: float,
    *,
    octaves: int,
    gain: float = 0.5,
) -> Floats:
    """Return fractal noise: octaves of halved wavelength and falling amplitude.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    shape : tuple of int
        Rows and columns.
    period : float
        Longest wavelength, in cells.
    octaves : int
        Number of octaves; those shorter than two cells are left out.
    gain : float
        Amplitude of an octave relative to the one before.

    Returns
    -------
    ndarray, shape `shape`
        Mean about 0, standard deviation 1.
    """
    field = np.zeros(shape)
    amplitude = 1.0
    for octave in range(octaves):
        wave = period / 2.0**octave
        if octave and wave < SHORTEST_WAVE:
            break
        field += amplitude * value_noise(rng, shape, max(wave, SHORTEST_WAVE))
        amplitude *= gain
    return np.asarray(field / max(float(field.std()), 1e-9))


def smoothstep(values: Floats, low: float, high: float) -> Floats:
    """Rise smoothly from 0 at `low` to 1 at `high`.

    Parameters
    ----------
    values : ndarray
        Where to evaluate.
    low, high : float
        Ends of the rise.

    Returns
    -------
    ndarray
        Same shape, between 0 and 1.
    """
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
