"""What a driver may meet along a leg, and how much it matters."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from optimizer.scenario.model import Area, Change

__all__ = ["ENDS_M", "Mark", "MarkKind", "Rank"]

#: What lies nearer to the ends of a leg belongs to the site.
ENDS_M = 60.0


class MarkKind(enum.Enum):
    """What is met."""

    BRIDGE = "bridge"
    FORD = "ford"
    LEFT = "left"
    RIGHT = "right"
    STRAIGHT = "straight"
    TAKE = "take"
    BACK = "back"
    REJOIN = "rejoin"
    OFF_ROAD = "off_road"
    ENTER = "enter"
    LEAVE = "leave"
    CHANGE = "change"


class Rank(enum.IntEnum):
    """How much a driver needs it; what finds no room is left out from the end."""

    NEEDED = 0
    TURN = 1
    UNNAMED_TURN = 2
    BRIDGE = 3
    CLASS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """Something met along a leg.

    Parameters
    ----------
    at_m : float
        Metres from the start of the leg.
    kind : MarkKind
        What it is.
    rank : Rank
        How much it is needed.
    road : str
        Reference or name of a road, empty where it has none.
    tier : str
        Tier of a road.
    load_class : float or None
        Of a bridge, the least that binds the convoy.
    assumed : bool
        Whether that is the usual one of such roads.
    stated : Area, Change or None
        What was stated of the ground there.
    beside : bool
        Whether that lies only beside the way.
    """

    at_m: float
    kind: MarkKind
    rank: Rank
    road: str = ""
    tier: str = ""
    load_class: float | None = None
    assumed: bool = False
    stated: Area | Change | None = None
    beside: bool = False
