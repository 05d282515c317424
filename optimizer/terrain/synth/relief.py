"""Relief: uplift and running water on a padded domain, at finer and finer resolution.

The stream-power law ``dz/dt = U - K A^m S`` is solved implicitly down the flow (Braun and Willett,
Geomorphology 180-181, 2013, with n = 1), with creep on the slopes and a limit of repose. The domain
is larger than the map, so that rivers enter and leave it anywhere; all water leaves the domain
through one side, so that the map has one large river with plains along it. Between two resolutions
the grid is warped a little, which takes the eight directions of the flow out of the valleys.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from optimizer.compiled import compiled
from optimizer.progress import Advance
from optimizer.terrain.synth.arrays import Booleans, Cells, Floats
from optimizer.terrain.synth.domain import Domain, make_domain
from optimizer.terrain.synth.flow import accumulate, route, run_of, unrest
from optimizer.terrain.synth.noise import fractal, value_noise

__all__ = ["STEPS", "Relief", "make_relief"]

#: Resolutions in cells of the map, and steps at each: valleys come early, detail comes late.
SCALES = (8, 4, 2, 1)
STEPS = (110, 40, 16, 5)
#: Steps at the end of each resolution that are left undisturbed.
QUIET_STEPS = 3
#: Part of the map's side that the domain reaches beyond the map, and the least in cells.
MARGIN, LEAST_MARGIN = 0.16, 16
#: Exponent of the drainage area; 0.4 to 0.5 in nature (Whipple and Tucker, JGR 104, 1999).
AREA_EXPONENT = 0.45
#: Slope of a channel in the highest mountains where it drains 1 m2: uplift over erodibility.
CHANNEL_SLOPE = 120.0
#: What one step lifts the highest mountains.
LIFT_M = 45.0
#: Standard deviation of the unrest in one step at cells of 240 m. It turns the flow of plains,
#: which would else run along the axes of the grid.
UNREST_M = 3.0
#: Standard deviation of the creep of soil in one step; it rounds hills and leaves mountains sharp.
CREEP_M = 70.0
#: Drainage area from which creep does not fill a channel.
CHANNEL_M2 = 0.8e6
#: Steepest slope that ground keeps, as rise over run, and the spread of its logarithm.
REPOSE, REPOSE_SPREAD = 0.58, 0.22
#: Lowest ground, and the highest by the side of the map.
LOWEST_M, LEAST_RISE_M, RISE_M_A_KM, MOST_RISE_M = 90.0, 60.0, 42.0, 1450.0


@dataclass(frozen=True)
class Relief:
    """Ground and the water that runs over it, on the padded domain.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres.
    inflow_m2 : ndarray, shape (rows, columns)
        Area drained from beyond the domain that enters at a cell.
    outlet : ndarray of bool, shape (rows, columns)
        Where water leaves.
    margin : int
        Cells between the edge of the domain and the map.
    resolution_m : float
        Side of a cell.
    """

    elevation: Floats
    inflow_m2: Floats
    outlet: Booleans
    margin: int
    resolution_m: float


def make_relief(
    rng: np.random.Generator, *, cells: int, resolution_m: float, advance: Advance
) -> Relief:
    """Make the relief of a square map.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    cells : int
        Cells along one side of the map.
    resolution_m : float
        Side of a cell.
    advance : callable
        Told what part of 1 was done.

    Returns
    -------
    Relief
        The padded domain.
    """
    margin = max(round(cells * MARGIN / 8) * 8, LEAST_MARGIN)
    side = math.ceil((cells + 2 * margin) / 8) * 8
    seeds = [np.random.default_rng(s) for s in rng.integers(0, 2**62, 8)]
    work = sum(n / scale**2 for n, scale in zip(STEPS, SCALES, strict=True))
    elevation = np.zeros((0, 0))
    for scale, steps in zip(SCALES, STEPS, strict=True):
        domain = make_domain(seeds[:3], side // scale, side * resolution_m)
        if elevation.size:
            elevation = _refine(seeds[4], elevation, side // scale)
        else:
            elevation = _first(seeds[3], domain)
        for _ in _erosion(seeds[5], elevation, domain, resolution_m * scale, steps):
            advance(1.0 / scale**2 / work)
    inner = elevation[margin : margin + cells, margin : margin + cells]
    low, high = float(inner.min()), float(np.quantile(inner, 0.9995))
    rise_m = min(MOST_RISE_M, LEAST_RISE_M + RISE_M_A_KM * cells * resolution_m / 1000.0)
    elevation = LOWEST_M + (elevation - low) * (rise_m / (high - low))
    return Relief(elevation, domain.inflow_m2, domain.outlet, margin, resolution_m)


def _first(rng: np.random.Generator, domain: Domain) -> Floats:
    """Return the ground before any erosion: a tilted, bumpy plain with a trough."""
    n = domain.along.shape[0]
    elevation = 300.0 * domain.lift + 260.0 * (domain.along + 0.5)
    elevation += 40.0 * fractal(rng, (n, n), n / 4, octaves=6)
    elevation += 60.0 * np.minimum(domain.trunk / 0.1, 1.0)
    elevation[domain.outlet] = 0.0
    return elevation


def _refine(rng: np.random.Generator, coarse: Floats, n: int) -> Floats:
    """Return a field at twice the resolution, warped by about a coarse cell."""
    rows, columns = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    warp = [
        1.0 * value_noise(rng, (n, n), 22.0) + 0.5 * value_noise(rng, (n, n), 9.0) for _ in range(2)
    ]
    at = [(rows + warp[0] - 0.5) / 2.0, (columns + warp[1] - 0.5) / 2.0]
    fine: Floats = ndimage.map_coordinates(coarse, at, order=3, mode="nearest")
    return fine


def _erosion(
    rng: np.random.Generator, elevation: Floats, domain: Domain, cell_m: float, steps: int
) -> Iterator[None]:
    """Erode in place, one step at a time."""
    lift = LIFT_M * domain.lift.ravel()
    power = (LIFT_M / CHANNEL_SLOPE / cell_m) / domain.hardness.ravel()
    rock = fractal(rng, elevation.shape, 40.0, octaves=4)
    limit = REPOSE * cell_m * np.exp(REPOSE_SPREAD * rock).ravel()
    source = np.full(elevation.size, cell_m**2) + domain.inflow_m2.ravel()
    for step in range(steps):
        if step < steps - QUIET_STEPS:
            bumps = ndimage.gaussian_filter(rng.standard_normal(elevation.shape), 2.0)
            height_m = UNREST_M * math.sqrt(cell_m / 240.0) * (4.0 - 3.0 * step / steps)
            elevation += height_m / float(bumps.std()) * bumps
        noise = unrest(rng, elevation.shape)
        receiver, order, elevation[:] = route(elevation, domain.outlet, noise)
        area = accumulate(receiver, order, source)
        _erode(elevation, receiver, order, lift, power * area**AREA_EXPONENT)
        _repose(elevation, receiver, order, limit)
        soil = ndimage.gaussian_filter(elevation, CREEP_M / cell_m, mode="nearest")
        # Streams carry off what creeps into them.
        wet = area.reshape(elevation.shape) > CHANNEL_M2
        elevation[:] = np.where(wet, np.minimum(soil, elevation), soil)
        elevation[domain.outlet] = 0.0
        yield


@compiled
def _erode(elevation: Floats, receiver: Cells, order: Cells, lift: Floats, power: Floats) -> None:
    """Advance one implicit step of the stream-power law, in place."""
    columns = elevation.shape[1]
    flat = elevation.ravel()
    for i in range(order.size):
        cell = order[i]
        down = receiver[cell]
        if down != cell:
            f = power[cell] / run_of(cell, down, columns)
            flat[cell] = (flat[cell] + lift[cell] + f * flat[down]) / (1.0 + f)


@compiled
def _repose(elevation: Floats, receiver: Cells, order: Cells, limit: Floats) -> None:
    """Let slopes that are too steep slide down to the limit, in place."""
    columns = elevation.shape[1]
    flat = elevation.ravel()
    for i in range(order.size):
        cell = order[i]
        down = receiver[cell]
        if down != cell:
            highest = flat[down] + limit[cell] * run_of(cell, down, columns)
            flat[cell] = min(flat[cell], highest)
