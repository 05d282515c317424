"""Where convoys go, and what stretches of the way they share.

The courses of all legs become stretches: a stretch is a line between two points that the same
convoys drive, so that it can be drawn once for each of them, side by side.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.plan.model import Leg, Plan, Route

__all__ = ["Drive", "LegCourse", "Stretch", "Ways", "course_of", "moving", "sampled", "ways_of"]

Points = NDArray[np.float64]
#: A vertex this near to a line lies on it: where a site cuts a road's edge in two.
_ON_LINE_PT = 0.02


@dataclass(frozen=True, slots=True)
class LegCourse:
    """The course of one leg on the sheet.

    Parameters
    ----------
    convoy : int
        Place of the convoy in the plan.
    points : ndarray of float64, shape (points, 2)
        Points of the sheet, in the direction of travel.
    schematic : bool
        Whether it is only a straight line between its ends.
    """

    convoy: int
    points: Points
    schematic: bool


@dataclass(slots=True)
class Stretch:
    """A line that the same convoys drive from end to end.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
        Its course.
    convoys : tuple of int
        Who drives it, in the order of the plan.
    ways : dict of int to set of bool
        For each of them the directions: True along the course, False against it.
    """

    points: Points
    convoys: tuple[int, ...]
    ways: dict[int, set[bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drive:
    """A convoy drives a stretch, along its course or against it."""

    stretch: int
    along: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of a plan.

    Parameters
    ----------
    stretches : tuple of Stretch
        Every stretch.
    drives : mapping of int to list of list of Drive
        For each convoy and each of its legs the stretches in order.
    """

    stretches: tuple[Stretch, ...]
    drives: Mapping[int, list[list[Drive]]]


def course_of(
    leg: Leg, places: Mapping[str, tuple[float, float]]
) -> tuple[list[tuple[float, float]], bool]:
    """Return the course of a leg, and whether it is only a straight line between its ends.

    Parameters
    ----------
    leg : Leg
        A leg.
    places : mapping of str to tuple of float
        Positions of sites.

    Returns
    -------
    list of tuple of float, bool
        Longitudes and latitudes; none where the position of an end is not known.
    """
    if leg.path is not None and len(leg.path.polyline) > 1:
        return list(leg.path.polyline), False
    ends = [places.get(leg.origin), places.get(leg.destination)]
    known = [end for end in ends if end is not None]
    return (known, True) if len(known) == len(ends) else ([], True)


def sampled(points: Points, step: float) -> Points:
    """Return points along a line at even steps.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
        The line; it may go nowhere.
    step : float
        Greatest distance between two of them.

    Returns
    -------
    ndarray of float64, shape (samples, 2)
        Points in order.
    """
    if len(points) < 2 or not np.ptp(points, axis=0).any():  # noqa: PLR2004 - a line has two ends
        return points
    return shapely.get_coordinates(shapely.segmentize(shapely.LineString(points), step))


def moving(plan: Plan) -> tuple[Route, ...]:
    """Return the routes that leave their base.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    tuple of Route
        In the order of the plan.
    """
    return tuple(route for route in plan.routes if route.trips)


Node = tuple[float, float]
Segment = tuple[int, int]


class _Graph:
    """Points and the segments between them, each with those who drive it."""

    def __init__(self, courses: Sequence[LegCourse]) -> None:
        self._ids: dict[Node, int] = {}
        self.nodes: list[Node] = []
        walks = [[self._node(point) for point in course.points.tolist()] for course in courses]
        between = self._cuts(
            {_key(a, b) for walk in walks for a, b in itertools.pairwise(walk) if a != b}
        )
        self.walks = [list(self._walk(walk, between)) for walk in walks]
        self.users: dict[Segment, set[int]] = defaultdict(set)
        for course, walk in zip(courses, self.walks, strict=True):
            for a, b in itertools.pairwise(walk):
                self.users[_key(a, b)].add(course.convoy)
        # Where a leg ends, or turns back on itself, a stretch ends: beyond it others may drive.
        self.ends = {walk[end] for walk in self.walks if walk for end in (0, -1)}
        for walk in self.walks:
            self.ends |= {b for a, b, c in zip(walk, walk[1:], walk[2:], strict=False) if a == c}
        self.degree: dict[int, int] = defaultdict(int)
        for a, b in self.users:
            self.degree[a] += 1
            self.degree[b] += 1

    def _node(self, point: Sequence[float]) -> int:
        key = (round(point[0], 3), round(point[1], 3))
        if key not in self._ids:
            self._ids[key] = len(self.nodes)
            self.nodes.append(key)
        return self._ids[key]

    def _cuts(self, segments: set[Segment]) -> Mapping[Segment, list[int]]:
        """Return the points that lie on a segment, from its lower end to its higher one."""
        ordered = sorted(segments)
        if not ordered:
            return {}
        points = np.array(self.nodes)
        lines = shapely.linestrings(points[np.array(ordered)])
        tree = shapely.STRtree([shapely.Point(at) for at in self.nodes])
        on_line, found = tree.query(lines, predicate="dwithin", distance=_ON_LINE_PT)
        between: dict[Segment, list[int]] = defaultdict(list)
        for number, node in zip(on_line.tolist(), found.tolist(), strict=True):
            if node not in ordered[number]:
                between[ordered[number]].append(node)
        for (a, b), nodes in between.items():
            way = points[b] - points[a]
            nodes.sort(key=lambda n: (float((points[n] - points[a]) @ way), n))
        return between

    @staticmethod
    def _walk(walk: list[int], between: Mapping[Segment, list[int]]) -> Iterator[int]:
        last = None
        for a, b in itertools.pairwise(walk):
            if a == b:
                continue
            nodes = between.get(_key(a, b), [])
            for node in (a, *(nodes if a < b else reversed(nodes)), b):
                if node != last:
                    yield node
                    last = node


def _key(a: int, b: int) -> Segment:
    return (a, b) if a < b else (b, a)


def ways_of(courses: Sequence[LegCourse]) -> Ways:
    """Cut the courses of legs into stretches that the same convoys drive.

    Parameters
    ----------
    courses : sequence of LegCourse
        Courses, those of the first convoy first: a stretch runs the way that its first convoy
        first drives it, so that neighbours in a bundle stay neighbours along the road.

    Returns
    -------
    Ways
        Stretches and who drives them.
    """
    graph = _Graph(courses)
    where: dict[Segment, tuple[int, int, int]] = {}  # stretch, which of its segments, its start
    chains: list[list[int]] = []
    for walk in graph.walks:
        for n, (a, b) in enumerate(itertools.pairwise(walk)):
            if _key(a, b) in where:
                continue
            grows = n > 0 and _goes_on(graph, (walk[n - 1], a), (a, b)) and chains[-1][-1] == a
            if not grows:
                chains.append([a])
            where[_key(a, b)] = (len(chains) - 1, len(chains[-1]) - 1, a)
            chains[-1].append(b)
    points = np.array(graph.nodes).reshape(-1, 2)
    stretches = tuple(
        Stretch(points[chain], tuple(sorted(graph.users[_key(chain[0], chain[1])])))
        for chain in chains
    )
    drives: dict[int, list[list[Drive]]] = defaultdict(list)
    for course, walk in zip(courses, graph.walks, strict=True):
        steps: list[Drive] = []
        last = None
        for a, b in itertools.pairwise(walk):
            number, place, start = where[_key(a, b)]
            step = Drive(number, start == a)
            stretches[number].ways.setdefault(course.convoy, set()).add(step.along)
            # Who drives round a block twice drives the same stretch again.
            if not steps or steps[-1] != step or last != place - (1 if step.along else -1):
                steps.append(step)
            last = place
        drives[course.convoy].append(steps)
    return Ways(stretches, drives)


def _goes_on(graph: _Graph, before: Segment, after: Segment) -> bool:
    """Tell whether two segments that meet are one stretch."""
    node = after[0]
    if node in graph.ends:
        return False
    return graph.degree[node] == 2 and graph.users[_key(*before)] == graph.users[_key(*after)]  # noqa: PLR2004 - no fork
