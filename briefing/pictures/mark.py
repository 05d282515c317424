"""What a driver may meet along a leg, and how much it matters."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from briefing.facts.model import Subject
from optimizer.scenario.model import Area, Change

__all__ = ["ENDS_M", "Mark", "MarkKind", "Rank", "merged"]

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
    bridges : int
        How many bridges are told as one, of which `load_class` is the least.
    edges : frozenset of str
        Ids of the edges of a bridge.
    crossing : Subject or None
        The critical crossing of the convoy that a bridge is.
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
    bridges: int = 1
    edges: frozenset[str] = frozenset()
    crossing: Subject | None = None


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Tell bridges that are ample for a convoy as one, where nothing else is met between them.

    Parameters
    ----------
    marks : iterable of Mark
        What is met along a leg, in order.

    Returns
    -------
    list of Mark
        The same; what only names the road anew is no reason to tell two bridges apart.
    """
    found: list[Mark] = []
    last: int | None = None
    for mark in marks:
        ample = mark.kind is MarkKind.BRIDGE and mark.rank is Rank.BRIDGE
        if ample and mark.load_class is not None and last is not None:
            before = found[last]
            least = min(mark.load_class, before.load_class or mark.load_class)
            found[last] = replace(
                before,
                load_class=least,
                assumed=before.assumed or mark.assumed,
                bridges=before.bridges + 1,
            )
            continue
        found.append(mark)
        if ample and mark.load_class is not None:
            last = len(found) - 1
        elif mark.rank is not Rank.CLASS:
            last = None
    return found
