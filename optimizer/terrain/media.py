"""What a mobility class moves in, and the figures of those that fly or go on water."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Flight", "Medium", "Sailing"]


class Medium(enum.StrEnum):
    """What a mobility class moves in."""

    GROUND = "ground"
    AIR = "air"
    WATER = "water"


@dataclass(frozen=True, slots=True)
class Flight:
    """How an aircraft flies.

    Parameters
    ----------
    cruise_kmh : float
        Speed over the ground.
    above_ground_m : float
        Least height over the highest ground below a leg.
    ceiling_m : float
        Highest flight level above the sea.
    climb_ms, descent_ms : float
        Straight up and straight down, m/s.
    min_visibility_m : float
        It stays on the ground where the visibility is less.
    """

    cruise_kmh: float
    above_ground_m: float
    ceiling_m: float
    climb_ms: float
    descent_ms: float
    min_visibility_m: float


@dataclass(frozen=True, slots=True)
class Sailing:
    """How a boat moves.

    Parameters
    ----------
    river_kmh, lake_kmh : float
        Speed on rivers and canals, and on lakes and the sea.
    landing_m : float
        How far from navigable water a site is still served from it.
    """

    river_kmh: float
    lake_kmh: float
    landing_m: float
