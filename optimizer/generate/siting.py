"""Chooses where the sites and bases of a made scenario stand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from optimizer.errors import UsageError
from optimizer.generate.spots import Spot, Spots
from optimizer.scenario.convoys import Profile
from optimizer.terrain.theatre import Theatre

__all__ = ["Siting", "choose"]

_AT_TOWNS = 0.5  # share of the sites on roads that stand in towns, where there are enough
_LEAST_APART_M = 150
_PACKING = 0.35  # of the distance that would fill the theatre evenly: leaves room for chance


@dataclass(frozen=True, slots=True)
class Siting:
    """Where everything stands.

    Parameters
    ----------
    bases, sites : tuple of Spot
        In the order in which they get their ids.
    """

    bases: tuple[Spot, ...]
    sites: tuple[Spot, ...]


def choose(
    theatre: Theatre,
    spots: Spots,
    *,
    bases: int,
    sites: int,
    off_road: int,
    rng: np.random.Generator,
    profile_bases: Profile,
    profile_sites: Profile,
) -> Siting:
    """Choose bases in the largest towns, far apart, and sites in towns, on roads and beside them.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    spots : Spots
        Its spots.
    bases, sites, off_road : int
        How many; `off_road` of the sites stand beside the roads.
    rng : numpy.random.Generator
        Source of chance.
    profile_bases, profile_sites : Profile
        Load class, weight and size of what must get to the bases, and to the sites on roads.

    Returns
    -------
    Siting
        Where everything stands.

    Raises
    ------
    UsageError
        If the theatre has not enough room.
    """
    grid = theatre.grid
    side_m = math.sqrt(grid.width * grid.height) * grid.resolution_m
    towns = spots.towns(profile_bases)
    candidates = itertools.chain(towns, spots.along_roads(profile_bases, rng))
    chosen = _apart(candidates, bases, 0.4 * side_m / math.sqrt(bases), [])
    near_m = max(_LEAST_APART_M, _PACKING * side_m / math.sqrt(sites + bases))

    on_road = sites - off_road
    small_towns = spots.towns(profile_sites)
    in_towns = [small_towns[i] for i in rng.permutation(len(small_towns))]
    taken = _apart(in_towns, round(_AT_TOWNS * on_road), near_m, chosen)
    beside = spots.beside_roads(profile_sites, rng)
    taken += _apart(beside, off_road, near_m, [*chosen, *taken])
    # Steep country may have fewer spots beside its roads than were asked for.
    roads = spots.along_roads(profile_sites, rng)
    taken += _apart(roads, sites - len(taken), near_m, [*chosen, *taken])
    if len(chosen) < bases or len(taken) < sites:
        raise UsageError(
            f"theatre {theatre.manifest.name!r} has room for {len(chosen)} bases and {len(taken)}"
            f" sites, not for {bases} and {sites}; ask for fewer"
        )
    return Siting(tuple(chosen), tuple(taken))


def _apart(
    candidates: Iterable[Spot], number: int, apart_m: float, others: list[Spot]
) -> list[Spot]:
    """Take the first candidates that keep their distance; come closer if there are too few."""
    waiting, taken = list(candidates) if number > 0 else [], list[Spot]()
    while len(taken) < number and apart_m >= _LEAST_APART_M / 2:
        rest = []
        for spot in waiting:
            if len(taken) == number:
                break
            if all(math.hypot(spot.x - o.x, spot.y - o.y) >= apart_m for o in (*others, *taken)):
                taken.append(spot)
            else:
                rest.append(spot)
        waiting, apart_m = rest, apart_m / 2
    return taken
