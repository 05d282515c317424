"""What a driver meets along a leg: bridges, fords, turns, areas, changes, open ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.facts.medium import concerns, medium
from briefing.pictures.mark import Mark, MarkKind, Rank
from briefing.pictures.on_roads import GroundOf, Piece, crossings, pieces_of
from briefing.pictures.sheet import Projection
from briefing.pictures.turns import SAME_M, turns
from optimizer.plan.model import Leg
from optimizer.scenario.convoys import Profile
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Area, Change, Scenario
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import default

__all__ = ["marks_of"]

Points = NDArray[np.float64]


def marks_of(
    leg: Leg,
    line: Points,
    scenario: Scenario,
    projection: Projection,
    *,
    profile: Profile,
    ground: GroundOf | None,
) -> list[Mark]:
    """Return what is met along a leg, of what holds while it is driven.

    Parameters
    ----------
    leg : Leg
        The leg.
    line : ndarray of float64, shape (points, 2)
        Its course, metres.
    scenario : Scenario
        Scenario of the plan.
    projection : Projection
        The reference system of `line`.
    profile : Profile
        The convoy's profile.
    ground : GroundOf or None
        The roads; without them areas and changes alone are known.

    Returns
    -------
    list of Mark
        In the order in which they are met.
    """
    if len(line) < 2:  # noqa: PLR2004 - a line has two ends
        return []
    moves_in = medium(profile)
    hours = hours_of(scenario)
    areas, changes = hours.areas_in(leg.window), hours.changes_in(leg.window)
    marks = [*_areas(leg, line, areas, projection, moves_in)]
    if moves_in is not Medium.GROUND:
        # Roads and what is stated of them concern those who drive.
        return sorted(marks, key=lambda mark: (mark.at_m, mark.rank, mark.kind.value))
    pieces = pieces_of(leg, ground) if ground is not None else []
    if ground is not None and pieces:
        marks += crossings(pieces, ground, profile, leg.window)
        marks += turns(pieces, line, leg, ground)
    met_on = _met_on(pieces, ground) if ground is not None else {}
    marks += _changes(leg, shapely.LineString(line), changes, projection, met_on)
    return sorted(marks, key=lambda mark: (mark.at_m, mark.rank, mark.kind.value))


def _areas(
    leg: Leg, line: Points, areas: Sequence[Area], projection: Projection, moves_in: Medium
) -> Iterator[Mark]:
    course = shapely.LineString(line)
    scale = leg.distance_m / course.length if course.length else 0.0
    for area in areas:
        if not concerns(area.kind, moves_in):
            continue
        shape = shapely.make_valid(shapely.Polygon(projection.points(list(area.polygon))))
        inside = shapely.get_parts(shapely.intersection(course, shape))
        spans = sorted(
            (min(ends), max(ends))
            for part in inside
            if part.geom_type == "LineString" and not part.is_empty
            for ends in [[float(course.project(shapely.Point(part.coords[i]))) for i in (0, -1)]]
        )
        for start, end in _joined(spans):
            yield Mark(start * scale, MarkKind.ENTER, Rank.NEEDED, stated=area)
            yield Mark(end * scale, MarkKind.LEAVE, Rank.NEEDED, stated=area)


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join spans that touch: one edge of an area may cut a bend of the road several times."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + SAME_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _met_on(pieces: Sequence[Piece], ground: GroundOf) -> dict[str, float]:
    """Return the changes whose edges a path uses, and where it first does."""
    found: dict[str, float] = {}
    for change, edges in ground.changed.items():
        first = next((piece.start_m for piece in pieces if piece.edge in edges), None)
        if first is not None:
            found[change] = first
    return found


def _changes(
    leg: Leg,
    course: shapely.LineString,
    changes: Sequence[Change],
    projection: Projection,
    met_on: Mapping[str, float],
) -> Iterator[Mark]:
    """Yield the changes whose road the leg drives on, and those beside it."""
    scale = leg.distance_m / course.length if course.length else 0.0
    for change in changes:
        if change.id in met_on:
            yield Mark(met_on[change.id], MarkKind.CHANGE, Rank.NEEDED, stated=change)
        elif change.near is not None:
            here = shapely.Point(projection.points([change.near.lonlat])[0])
            if course.distance(here) <= default("change_m"):
                at_m = float(course.project(here)) * scale
                yield Mark(at_m, MarkKind.CHANGE, Rank.NEEDED, stated=change, beside=True)
