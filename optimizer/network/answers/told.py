"""What is told of one pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.network.answers.alternatives import Alternative
    from optimizer.network.answers.joined import Joined
    from optimizer.network.answers.profile import Point
    from optimizer.network.ground import Course
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion

__all__ = ["End", "Told"]


@dataclass(frozen=True, slots=True)
class End:
    """How a path comes from where it begins, or to where it ends.

    Parameters
    ----------
    joined : Joined
        How the site is joined to the ground.
    ground_m : float
        How far the best path goes over open ground between the site and a road, links counted.
    road : str or None
        Edge that it comes to, or from; None where it takes no road at all.
    """

    joined: Joined
    ground_m: float
    road: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one pair; None is what was not asked.

    Parameters
    ----------
    origin, destination : str
        Sites.
    profile : Profile
        What moves.
    criterion : Criterion
        What alternatives and the profile of the path are for: the first that was asked.
    best : mapping of Criterion to Course
        The best path for each criterion asked.
    front : tuple of Course or None
        Every path that no other beats in time and exposure at once, the quickest first.
    alternatives : tuple of Alternative or None
        The best path and others that really differ, by rising cost.
    along : tuple of Point or None
        Profile of the best path.
    ends : tuple of End, or empty
        Origin and destination, of the best path for the criterion.
    """

    origin: str
    destination: str
    profile: Profile
    criterion: Criterion
    best: Mapping[Criterion, Course]
    front: tuple[Course, ...] | None = None
    alternatives: tuple[Alternative, ...] | None = None
    along: tuple[Point, ...] | None = None
    ends: tuple[End, ...] = ()
