"""Where people settle: flat, near water but above its floods, at confluences, spread out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.courses import RIVER_M2
from optimizer.terrain.synth.names import Names
from optimizer.terrain.synth.noise import fractal
from optimizer.terrain.synth.waters import Waters

__all__ = ["Place", "choose_places", "find_peaks"]


@dataclass(frozen=True)
class Place:
    """A named point of the map.

    Parameters
    ----------
    name, kind : str
        ``kind`` as in OSM: city, town, village, hamlet, peak, pass.
    row, column : int
        Cell.
    population : int
        People; 0 for peaks and passes.
    """

    name: str
    kind: str
    row: int
    column: int
    population: int = 0


@dataclass(frozen=True)
class _Rank:
    """How many settlements of a kind there are, and where they may stand."""

    kind: str
    per_km2: float
    least: int
    apart_m: float
    from_larger_m: float
    #: Exponent of the appeal: large places want the best ground, small ones hide in the hills too.
    choosy: float
    fewest: int
    most: int


_RANKS = (
    _Rank("city", 1 / 1600, 0, 12_000.0, 0.0, 1.0, 30_000, 60_000),
    _Rank("town", 1 / 165, 1, 6_500.0, 4_500.0, 1.0, 2_500, 26_000),
    _Rank("village", 1 / 26, 2, 2_700.0, 1_700.0, 0.5, 300, 2_400),
    _Rank("hamlet", 1 / 8, 3, 1_050.0, 950.0, 0.3, 20, 280),
)
#: How far the pull of a confluence reaches.
CONFLUENCE_M = 1200.0
#: Size of the window in which a peak is the highest, how far it rises in it, and the most of them.
PEAK_REACH_M, PEAK_RISE_M, PEAK_EDGE_M, MOST_PEAKS = 2600.0, 150.0, 200.0, 40
#: Population of the largest place of a map of 20 km or more, and exponent of the rank (Zipf).
LARGEST, ZIPF, FULL_KM = 42_000.0, 1.05, 20.0
#: Appeal below which nobody settles.
LEAST_APPEAL = 0.01


def choose_places(
    rng: np.random.Generator,
    names: Names,
    *,
    waters: Waters,
    river_m: Floats,
    resolution_m: float,
) -> list[Place]:
    """Choose the settlements of a map, the largest first.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    names : Names
        Gives the names.
    waters : Waters
        Ground and water.
    river_m : ndarray, shape (rows, columns)
        Distance to the nearest stream, river or lake.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    list of Place
        Cities, towns, villages, hamlets.
    """
    shape = waters.elevation.shape
    side_km = shape[0] * resolution_m / 1000.0
    appeal = _appeal(rng, waters, river_m, resolution_m)
    edge = max(8, min(round(900.0 / resolution_m), shape[0] // 10))
    inner = np.zeros(shape, np.bool_)
    inner[edge:-edge:2, edge:-edge:2] = True
    inner &= (river_m > 2.6 * resolution_m) & (appeal > LEAST_APPEAL)
    rows, columns = np.nonzero(inner)
    worth = appeal[rows, columns]
    chosen: list[Place] = []
    # On a small map the distances shrink with it.
    shrink = min(1.0, 0.25 + side_km / 16.0)
    for rank in _RANKS:
        wanted = max(rank.least, round(rank.per_km2 * side_km**2))
        scores = worth**rank.choosy * (0.75 + 0.5 * rng.random(len(worth)))
        for place in chosen:
            gap_m = np.hypot(rows - place.row, columns - place.column) * resolution_m
            scores[gap_m < rank.from_larger_m * shrink] = 0.0
        for _ in range(wanted):
            if not len(scores) or scores.max() <= 0.0:
                break
            at = int(np.argmax(scores))
            row, column = int(rows[at]), int(columns[at])
            people = _population(rng, rank, len(chosen) + 1, side_km)
            chosen.append(Place(names.settlement(rank.kind), rank.kind, row, column, people))
            gap_m = np.hypot(rows - row, columns - column) * resolution_m
            scores[gap_m < rank.apart_m * shrink] = 0.0
    return chosen


def _population(rng: np.random.Generator, rank: _Rank, order: int, side_km: float) -> int:
    """Return a population: by Zipf's law over the map, within the limits of the kind."""
    largest = LARGEST * min(1.0, side_km / FULL_KM)
    people = largest / order**ZIPF * rng.uniform(0.75, 1.25)
    return 10 * round(float(np.clip(people, rank.fewest * rng.uniform(1.0, 1.6), rank.most)) / 10)


def _appeal(
    rng: np.random.Generator, waters: Waters, river_m: Floats, resolution_m: float
) -> Floats:
    """Return how much a cell invites people, 0 to about 2."""
    ground = ndimage.gaussian_filter(waters.elevation, 1.5)
    slope = np.hypot(*np.gradient(ground, resolution_m))
    flat = ndimage.uniform_filter(slope, max(3, round(450.0 / resolution_m)))
    wide = ndimage.uniform_filter(slope, max(3, round(1500.0 / resolution_m)))
    level = np.exp(-((flat / 0.09) ** 2)) * (0.35 + 0.65 * np.exp(-wide / 0.12))
    near = np.exp(-river_m / 700.0)
    reach = max(3.0, CONFLUENCE_M / resolution_m)
    large = waters.area_m2 > RIVER_M2
    flow = np.where(large, np.log10(np.maximum(waters.area_m2, 1.0) / RIVER_M2) + 1.0, 0.0)
    rivers = ndimage.maximum_filter(flow, round(reach))
    above = waters.above_m
    dry = np.clip((above - 1.2) / 3.0, 0.05, 1.0) * np.exp(-np.maximum(above - 45.0, 0.0) / 120.0)
    height = np.exp(-np.maximum(ground - ground.min() - 350.0, 0.0) / 450.0)
    shape = (ground.shape[0], ground.shape[1])
    patch = np.exp(0.3 * fractal(rng, shape, 4000.0 / resolution_m, octaves=3))
    water = 0.3 + near * (0.5 + 0.25 * rivers) + 0.7 * _confluences(waters, reach)
    return np.asarray(level * dry * height * patch * water)


def _confluences(waters: Waters, reach: float) -> Floats:
    """Return how near the confluence of rivers is, 0 to 1."""
    rows, columns = waters.elevation.shape[0], waters.elevation.shape[1]
    joints = np.zeros((rows, columns))
    for course in waters.courses:
        row, column = round(float(course.line[-1, 0])), round(float(course.line[-1, 1]))
        inside = 0 <= row < rows and 0 <= column < columns
        if course.parent >= 0 and inside:
            joints[row, column] += np.log10(course.area_m2[-1] / 1e6)
    near: Floats = ndimage.gaussian_filter(joints, reach * 0.5)
    return np.asarray(near / max(float(near.max()), 1e-9))


def find_peaks(names: Names, elevation: Floats, resolution_m: float) -> list[Place]:
    """Name the peaks of a map.

    Parameters
    ----------
    names : Names
        Gives the names.
    elevation : ndarray, shape (rows, columns)
        Metres.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    list of Place
        Peaks, the highest first.
    """
    reach = max(5, round(PEAK_REACH_M / resolution_m))
    ground = ndimage.gaussian_filter(elevation, 1.0)
    top = ground == ndimage.maximum_filter(ground, reach)
    top &= ground - ndimage.minimum_filter(ground, reach) > PEAK_RISE_M
    edge = max(3, round(PEAK_EDGE_M / resolution_m))
    rows, columns = np.nonzero(top[edge:-edge, edge:-edge])
    rows, columns = rows + edge, columns + edge
    by_height = np.argsort(-ground[rows, columns], kind="stable")[:MOST_PEAKS]
    return [Place(names.peak(), "peak", int(rows[i]), int(columns[i])) for i in by_height]
