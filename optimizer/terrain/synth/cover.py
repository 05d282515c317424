"""Land cover by height, slope and moisture, in the patches of nature and the parcels of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from optimizer.terrain.synth.arrays import Booleans, Floats
from optimizer.terrain.synth.noise import fractal
from optimizer.terrain.synth.places import Place
from optimizer.terrain.synth.waters import Waters

__all__ = ["Terrain", "make_cover"]

#: Codes of ``data/terrain_tables/landcover.csv``.
TREE, SCRUB, HEATH, GRASS, FARM, ORCHARD = 10, 20, 21, 30, 40, 41
BUILT, ROCK, SCREE, WATER, WETLAND = 50, 60, 61, 80, 90
#: Code of rivers in ``water.tif``; a stream is too narrow to cover its cell.
RIVER = 2
#: Distances of the patterns, in metres: woods, glades, parcels, how parcels turn over the country.
WOODS_M, GLADES_M, PARCEL_M, TURN_M = 2600.0, 500.0, 260.0, 4000.0
#: Height of the tree line as a part of the relief, and width of the belt of scrub below it.
TREE_LINE, SCRUB_BELT = 0.68, 0.07
#: Relief in metres from which the tree line stands so low; lower hills have none.
FULL_RELIEF_M = 900.0
#: Slope from which the ground at the tree line is scree, and bare rock.
SCREE_SLOPE, ROCK_SLOPE = 0.66, 0.78
#: What a parcel must be worth to be mown, and to be ploughed.
MOWN, PLOUGHED = 0.25, 0.55
#: Share of the parcels that are left as grass, then those that are woods, and from where orchards.
LEFT, WOODED, ORCHARDS, MORE_ORCHARDS = 0.16, 0.20, 0.95, 0.12
#: Wet ground: height above the stream, distance from it, slope.
WET_ABOVE_M, WET_AWAY_M, WET_SLOPE = 1.3, 260.0, 0.03
#: Height above the stream up to which floods come.
FLOOD_M = 2.5
#: Radius of the built-up area in metres: at no people, and for the root of the population.
BUILT_M, BUILT_M_ROOT = 28.0, 6.2
STEEPEST_BUILT = 0.25
#: Slope, over 240 m, above which the banks of streams are not wooded but as bare as the rest.
STEEPEST_BANK = 0.35


@dataclass(frozen=True)
class Terrain:
    """What land cover depends on; arrays of shape (rows, columns).

    Parameters
    ----------
    waters : Waters
        Ground and water.
    wet : ndarray of uint8
        Water as in ``water.tif``.
    river_m, street_m : ndarray
        Distance to the nearest water, and to the nearest street of a settlement.
    resolution_m : float
        Side of a cell.
    """

    waters: Waters
    wet: NDArray[np.uint8]
    river_m: Floats
    street_m: Floats
    resolution_m: float


@dataclass(frozen=True)
class _Patterns:
    """Noise at the scales of a cover; `parcel` numbers the parcels."""

    broad: Floats
    fine: Floats
    parcel: NDArray[np.int64]


def make_cover(
    rng: np.random.Generator, terrain: Terrain, places: Sequence[Place]
) -> NDArray[np.uint8]:
    """Make the land cover of a map.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    terrain : Terrain
        What it depends on.
    places : sequence of Place
        Settlements.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Codes of ``data/terrain_tables/landcover.csv``.
    """
    resolution_m, above_m = terrain.resolution_m, terrain.waters.above_m
    ground = ndimage.gaussian_filter(terrain.waters.elevation, 1.0)
    slope = np.hypot(*np.gradient(ground, resolution_m))
    wide_slope = ndimage.uniform_filter(slope, max(3, round(240.0 / resolution_m)))
    low, high = float(ground.min()), float(ground.max())
    height = (ground - low) / max(high - low, 1.0)
    patterns = _patterns(rng, (ground.shape[0], ground.shape[1]), resolution_m)
    cover = _wild(ground, slope, height, min(1.0, (high - low) / FULL_RELIEF_M), patterns)
    farmed = _farmed(rng, patterns, tilt=wide_slope, height=height, above_m=above_m)
    cover = np.where(farmed > 0, farmed, cover)
    damp = (above_m < WET_ABOVE_M) & (terrain.river_m < WET_AWAY_M) & (slope < WET_SLOPE)
    damp &= patterns.broad > 0.9  # noqa: PLR2004 - only here and there
    cover[damp] = WETLAND
    bank = (terrain.river_m < 1.6 * resolution_m) & (wide_slope < STEEPEST_BANK)
    cover[bank & (patterns.fine > -0.1) & ~damp] = TREE  # noqa: PLR2004 - with gaps
    cover = _mode(cover)
    cover[_built(terrain, places, slope, patterns.fine)] = BUILT
    cover[terrain.wet >= RIVER] = WATER
    return cover


def _patterns(rng: np.random.Generator, shape: tuple[int, int], resolution_m: float) -> _Patterns:
    broad = fractal(rng, shape, WOODS_M / resolution_m, octaves=6, gain=0.6)
    fine = fractal(rng, shape, GLADES_M / resolution_m, octaves=4, gain=0.65)
    pitch = max(3.0, PARCEL_M / resolution_m)
    axes = [np.arange(-pitch, n + pitch, pitch) for n in shape]
    seats = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    seats = seats + rng.uniform(-0.5, 0.5, seats.shape) * pitch
    # Parcels are longer one way, and that way turns over the country.
    turn = 1.2 * fractal(rng, shape, TURN_M / resolution_m, octaves=2)
    rows, columns = np.indices(shape).astype(np.float64)
    moved_rows = rows + 0.35 * pitch * np.sin(turn + columns / 31.0)
    moved_columns = columns + 0.35 * pitch * np.cos(turn + rows / 27.0)
    at = np.stack([moved_rows, moved_columns], axis=-1).reshape(-1, 2)
    parcel = np.asarray(cKDTree(seats).query(at)[1], np.int64).reshape(shape)
    return _Patterns(broad, fine, parcel)


def _wild(
    ground: Floats, slope: Floats, height: Floats, relief: float, patterns: _Patterns
) -> NDArray[np.uint8]:
    """Return what grows where nobody farms."""
    broad, fine = patterns.broad, patterns.fine
    tree_line = TREE_LINE + (1.0 - relief) * 2.0 + 0.05 * broad + 0.02 * fine
    fall_r, fall_c = np.gradient(ground)
    # Rows count from the north: ground that rises with them falls to the north and is shady.
    shady = fall_r / np.maximum(np.hypot(fall_r, fall_c), 1e-6) * np.minimum(slope / 0.2, 1.0)
    openness = broad - 0.25 * shady + 0.25 * fine
    above = height > tree_line
    # Bare ground wants to be steep, and the steeper the lower it lies.
    bare = slope + 0.06 * fine + 0.45 * (height - tree_line)
    # The first that holds counts; the numbers are spreads of the noise, in standard deviations.
    choices = (
        (bare > ROCK_SLOPE, ROCK),
        (bare > SCREE_SLOPE, SCREE),
        (above & (broad + 0.5 * fine > 0.0), GRASS),
        (above, HEATH),
        (height > tree_line - SCRUB_BELT, SCRUB),
        ((shady < -0.35) & (fine > 0.75), SCRUB),  # noqa: PLR2004
        (openness > 0.95, GRASS),  # noqa: PLR2004
        (openness > 0.75, SCRUB),  # noqa: PLR2004
    )
    cover = np.select([where for where, _ in choices], [code for _, code in choices], TREE)
    return cover.astype(np.uint8)


def _farmed(
    rng: np.random.Generator,
    patterns: _Patterns,
    *,
    tilt: Floats,
    height: Floats,
    above_m: Floats,
) -> NDArray[np.uint8]:
    """Return what is grown on the ground that is worth farming, parcel by parcel; 0 elsewhere."""
    parcel = patterns.parcel.ravel()
    count = int(parcel.max()) + 1
    size = np.maximum(np.bincount(parcel, minlength=count), 1)

    def mean(field: NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(parcel, weights=field.ravel(), minlength=count) / size)

    slope, up, wood = mean(tilt), mean(height), mean(patterns.broad)
    flooded = mean(above_m < FLOOD_M) >= 0.6  # noqa: PLR2004 - of the parcel
    luck = rng.random(count)
    worth = 1.25 - slope / 0.13 - 1.3 * np.maximum(up - 0.25, 0.0) - 0.22 * wood
    worth += 0.3 * (luck - 0.5)
    draw = rng.random(count)
    kind = np.zeros(count, np.uint8)
    kind[worth > MOWN] = GRASS
    kind[(worth > PLOUGHED) & ~flooded] = FARM
    kind[(kind == FARM) & (draw < LEFT)] = GRASS
    open_ground = wood < -0.8  # noqa: PLR2004 - orchards and vines keep away from woods
    kind[(kind == FARM) & (draw > ORCHARDS - MORE_ORCHARDS * open_ground)] = ORCHARD
    kind[(kind > 0) & (draw > LEFT) & (draw < WOODED)] = TREE
    return kind[patterns.parcel]


def _built(terrain: Terrain, places: Sequence[Place], slope: Floats, fine: Floats) -> Booleans:
    """Tell where houses stand: around the middle of a place, and along its streets."""
    built = np.zeros(slope.shape, np.bool_)
    for place in places:
        reach_m = BUILT_M + BUILT_M_ROOT * place.population**0.5
        pad = int(2.5 * reach_m / terrain.resolution_m) + 3
        top, left = max(place.row - pad, 0), max(place.column - pad, 0)
        box = (slice(top, place.row + pad + 1), slice(left, place.column + pad + 1))
        rows, columns = np.indices(built[box].shape)
        away = np.hypot(rows + top - place.row, columns + left - place.column)
        away_m = away * terrain.resolution_m
        along = terrain.street_m[box] < 0.9 * terrain.resolution_m
        house = (away_m < reach_m * (1.0 + 0.25 * fine[box])) | (along & (away_m < 2.2 * reach_m))
        built[box] |= house & (slope[box] < STEEPEST_BUILT)
    return built


def _mode(cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give each cell the most frequent cover around it, so that no single cells remain."""
    codes = np.unique(cover)
    votes = [
        ndimage.uniform_filter((cover == code).astype(np.float32), 3) + 0.06 * (cover == code)
        for code in codes
    ]
    chosen: NDArray[np.uint8] = codes[np.argmax(np.stack(votes), axis=0)]
    return chosen
