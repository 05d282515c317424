"""The domain around a map: what is lifted, how hard it is, where water comes in and leaves.

Coordinates are in parts of the domain's side, 0 in its middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from optimizer.terrain.synth.arrays import Booleans, Floats
from optimizer.terrain.synth.noise import fractal, smoothstep

__all__ = ["Domain", "make_domain"]

#: Part of the domain's rim through which all water leaves: its lowest end.
OUTLET_SHARE = 0.16
#: From here on up the valley the large river may enter.
UPPER_END = 0.2
#: Area that drains into the domain from beyond, in areas of the domain.
INFLOW = 1.5
#: Spread of the logarithm of the hardness of rock.
HARDNESS_SPREAD = 0.35


@dataclass(frozen=True)
class Domain:
    """Fields on a padded grid; all have shape (rows, columns).

    Parameters
    ----------
    along : ndarray
        Position along the main valley, -0.5 about where it leaves.
    trunk : ndarray
        Distance to the line where the large river is meant to run.
    lift : ndarray
        Uplift, 0.04 in the plain to about 1 in the mountains.
    hardness : ndarray
        How hard the rock is, about 1.
    inflow_m2 : ndarray
        Area drained from beyond the domain that enters at a cell.
    outlet : ndarray of bool
        Where water leaves.
    """

    along: Floats
    trunk: Floats
    lift: Floats
    hardness: Floats
    inflow_m2: Floats
    outlet: Booleans


def make_domain(seeds: list[np.random.Generator], cells: int, side_m: float) -> Domain:
    """Return the fields of the domain at one resolution.

    The same seeds give the same fields at every resolution, only sampled finer.

    Parameters
    ----------
    seeds : list of Generator
        Three sources of randomness; they are not used up.
    cells : int
        Cells along a side.
    side_m : float
        Side of the domain.

    Returns
    -------
    Domain
        Its fields.
    """
    shape = (cells, cells)
    along, trunk = _valley(_again(seeds[0]), shape)
    lift = _lift(_again(seeds[1]), shape, along, trunk)
    hardness = np.exp(HARDNESS_SPREAD * fractal(_again(seeds[2]), shape, cells / 5, octaves=4))
    inflow, outlet = _rim(along, trunk, side_m)
    return Domain(along, trunk, lift, np.asarray(hardness), inflow, outlet)


def _again(rng: np.random.Generator) -> np.random.Generator:
    """Return a generator in the same state."""
    copy = np.random.default_rng()
    copy.bit_generator.state = rng.bit_generator.state
    return copy


def _valley(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return the coordinate along the main valley and the distance to the winding line in it."""
    angle = rng.uniform(0.0, 2.0 * math.pi)
    rows = (np.arange(shape[0]) + 0.5)[:, None] / shape[0] - 0.5
    columns = (np.arange(shape[1]) + 0.5)[None, :] / shape[1] - 0.5
    along = math.cos(angle) * rows + math.sin(angle) * columns
    across = -math.sin(angle) * rows + math.cos(angle) * columns
    phase = rng.uniform(0.0, 2.0 * math.pi, 3)
    course = (
        rng.uniform(-0.12, 0.12)
        + 0.09 * np.sin(2.0 * math.pi * 0.9 * along + phase[0])
        + 0.04 * np.sin(2.0 * math.pi * 2.3 * along + phase[1])
        + 0.015 * np.sin(2.0 * math.pi * 5.1 * along + phase[2])
    )
    return along, np.abs(across - course)


def _lift(rng: np.random.Generator, shape: tuple[int, int], along: Floats, trunk: Floats) -> Floats:
    """Return the uplift: mountains away from the trunk, hills nearer to it, some in the plain."""
    massif = 0.55 * fractal(rng, shape, shape[0] / 2.6, octaves=4, gain=0.45)
    away = trunk / 0.33 + 0.5 * (along + 0.5)
    rise = smoothstep(away + massif, 0.35, 1.75)
    hills = smoothstep(away + 0.5 * massif, 0.1, 0.8)
    low_hills = smoothstep(fractal(rng, shape, shape[0] / 9.0, octaves=3), -0.2, 1.8)
    return 0.035 + (0.05 + 0.1 * hills) * low_hills + 0.1 * hills + 0.8 * rise


def _rim(along: Floats, trunk: Floats, side_m: float) -> tuple[Floats, Booleans]:
    """Return the water that enters from beyond, and the cells where it leaves."""
    edge = np.zeros(along.shape, np.bool_)
    edge[[0, -1], :] = True
    edge[:, [0, -1]] = True
    outlet = edge & (along < np.quantile(along[edge], OUTLET_SHARE))
    inflow = np.zeros(along.shape)
    upper = np.where(edge & (along > UPPER_END), trunk, np.inf)
    inflow[np.unravel_index(int(np.argmin(upper)), upper.shape)] = INFLOW * side_m**2
    return inflow, outlet
