"""Lays convoys that share a road side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.courses import Stretch, Ways

__all__ = ["Lane", "Strand", "lanes_of", "spacing", "strands_of"]

Points = NDArray[np.float64]
#: Points between the middles of two lines, and the width that a whole bundle may take.
_APART_PT, _BUNDLE_PT = 2.0, 9.5
_LENIENCE_PT = 0.35
#: A stretch shorter than this, against the width of its bundle, only joins those beside it.
_SHORT = 0.9


def spacing(convoys: int) -> float:
    """Return how far the lines of a bundle lie apart.

    Parameters
    ----------
    convoys : int
        How many share the road.

    Returns
    -------
    float
        Points from middle to middle.
    """
    return _APART_PT if convoys < 2 else min(_APART_PT, _BUNDLE_PT / (convoys - 1))  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Lane:
    """The line of one convoy along one stretch.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
        Its course, along that of the stretch.
    ways : frozenset of bool
        Directions that it is driven in: True along the course.
    sharing : int
        How many convoys the stretch has.
    """

    points: Points
    ways: frozenset[bool]
    sharing: int


@dataclass(frozen=True, slots=True)
class Strand:
    """Lanes of one convoy that follow each other without lifting the pen."""

    lanes: tuple[Lane, ...]

    @property
    def points(self) -> Points:
        """All points in order."""
        return np.vstack([lane.points for lane in self.lanes])


def lanes_of(stretch: Stretch) -> dict[int, Points]:
    """Return the line of each convoy of a stretch.

    Parameters
    ----------
    stretch : Stretch
        The stretch.

    Returns
    -------
    dict of int to ndarray
        Points by convoy, in the direction of the stretch.
    """
    course = shapely.simplify(shapely.LineString(stretch.points), _LENIENCE_PT)
    count = len(stretch.convoys)
    apart = spacing(count)
    if course.length < _SHORT * apart * (count - 1):
        half = shapely.line_interpolate_point(course, 0.5, normalized=True)
        middle = shapely.get_coordinates(half)
        ahead = stretch.points[-1:] - stretch.points[:1]
        ahead /= max(float(np.hypot(*ahead[0])), 1e-9)
        across = np.column_stack((-ahead[:, 1], ahead[:, 0]))
        return {
            convoy: middle + (slot - (count - 1) / 2) * apart * across
            for slot, convoy in enumerate(stretch.convoys)
        }
    return {
        convoy: _beside(course, (slot - (count - 1) / 2) * apart)
        for slot, convoy in enumerate(stretch.convoys)
    }


def _beside(course: shapely.LineString, offset: float) -> Points:
    """Shift a line to its right by so much, in the sense of a sheet whose y runs down."""
    points = shapely.get_coordinates(course)
    if offset == 0 or course.length == 0:
        return points
    # Loops that a sharp bend would make are cut away; where nothing is left of a short stretch,
    # or too little, every point is moved by itself.
    side = shapely.offset_curve(course, offset, join_style="mitre", mitre_limit=1.6)
    if side.geom_type == "LineString" and side.length > 0.6 * course.length:
        shifted = shapely.get_coordinates(side)
        if np.hypot(*(shifted[0] - points[0])) <= np.hypot(*(shifted[-1] - points[0])):
            return shifted
        return shifted[::-1]
    return points + offset * _normals(points)


def _normals(points: Points) -> Points:
    steps = np.diff(points, axis=0)
    steps /= np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None]
    both = np.vstack((steps[:1], steps)) + np.vstack((steps, steps[-1:]))
    both /= np.maximum(np.hypot(both[:, 0], both[:, 1]), 1e-9)[:, None]
    return np.column_stack((-both[:, 1], both[:, 0]))


def strands_of(ways: Ways) -> dict[int, tuple[Strand, ...]]:
    """Return what is drawn of each convoy: every stretch once, joined in the order of travel.

    Parameters
    ----------
    ways : Ways
        The ways of a plan.

    Returns
    -------
    dict of int to tuple of Strand
        By convoy.
    """
    lines = [lanes_of(stretch) for stretch in ways.stretches]
    return {convoy: tuple(_strands(ways, lines, convoy)) for convoy in ways.drives}


def _strands(ways: Ways, lines: list[dict[int, Points]], convoy: int) -> Iterator[Strand]:
    drawn: set[int] = set()
    lanes: list[Lane] = []
    before: Points | None = None
    for leg in ways.drives[convoy]:
        for drive in leg:
            stretch = ways.stretches[drive.stretch]
            points, found = lines[drive.stretch][convoy], stretch.ways[convoy]
            if not drive.along:
                points, found = points[::-1], {not way for way in found}
            if drive.stretch in drawn:
                if lanes:
                    yield Strand((*lanes, _link(lanes[-1], points[:1])))
                lanes = []
            else:
                drawn.add(drive.stretch)
                lane = Lane(points, frozenset(found), len(stretch.convoys))
                if not lanes and before is not None:
                    lanes.append(_link(lane, before))
                lanes.append(lane)
            before = points[-1:]
    if lanes:
        yield Strand(tuple(lanes))


def _link(lane: Lane, point: Points) -> Lane:
    """Return a lane of one point: where a line leaves a bundle, or joins it, it touches it."""
    return Lane(point, frozenset(), lane.sharing)
