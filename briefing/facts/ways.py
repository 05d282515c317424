"""Facts about what lies on a convoy's way: areas, and changes to roads and bridges.

An area lies on the way of a leg whose course touches it. Where the ground is at hand, so does a
change whose road the course uses. Without it a plan only knows where a change is: it then lies near
the way where the course comes as close as a change may lie from what it means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import shapely

from briefing.facts.medium import concerns, medium
from briefing.facts.model import FactTable, Name, Names, Periods, Quantity, Subject, Term, Value
from optimizer.plan.model import Leg, RoadPart, Route
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Area, AreaKind, Change, ChangeKind, Scenario
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import default, mobility_class, mobility_classes
from optimizer.units import to_mgrs

__all__ = ["Course", "add_ways", "courses_of", "grid_reference"]

_METRES_PER_DEGREE = 111_320.0

#: What closes a way: worth watching also while it is open.
_CLOSING = frozenset({AreaKind.NO_GO, AreaKind.NO_FLY, ChangeKind.BRIDGE_OUT, ChangeKind.ROAD_CUT})

#: How sure it is that a change lies on the way.
Near = Literal["on_way", "near", "unplaced"]


@dataclass(frozen=True)
class Course:
    """The course of one leg.

    Parameters
    ----------
    step : str
        Which leg it is: number of the trip and of the leg.
    line : LineString
        In degrees of WGS 84.
    edges : tuple of str
        Ids of the edges of roads that it uses, in order.
    leg : Leg
        The leg.
    """

    step: str
    line: shapely.LineString
    edges: tuple[str, ...]
    leg: Leg


def courses_of(route: Route) -> Iterator[Course]:
    """Yield the courses of a route; a leg without a path has none.

    Parameters
    ----------
    route : Route
        Route.

    Yields
    ------
    Course
        In order.
    """
    for trip in route.trips:
        for number, leg in enumerate(trip.legs, start=1):
            if leg.path is None or len(leg.path.polyline) < 2:  # noqa: PLR2004 - a line has two ends
                continue
            edges = tuple(part.edge for part in leg.path.parts if isinstance(part, RoadPart))
            line = shapely.LineString(leg.path.polyline)
            yield Course(f"{trip.number}.{number}", line, edges, leg)


def add_ways(
    table: FactTable,
    scenario: Scenario,
    route: Route,
    meant: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Add what a convoy meets on its way.

    Parameters
    ----------
    table : FactTable
        Table that is added to; the convoy is in it.
    scenario : Scenario
        Scenario of the plan.
    route : Route
        The convoy's route.
    meant : mapping of str to collection of str, optional
        Ids of the edges that each change means, where the ground is at hand.
    """
    convoy = Subject("convoy", route.convoy)
    courses = tuple(courses_of(route))
    moves = sum(leg.distance_m > 0 for trip in route.trips for leg in trip.legs)
    known = "known" if len(courses) >= moves else "unknown"
    table.add(convoy, "course", Term(f"course.{known}") if moves else None)
    moves_in = medium(route.profile)
    hours = hours_of(scenario)
    windows = {course.leg.window for course in courses}
    areas = {window: {area.id for area in hours.areas_in(window)} for window in windows}
    changes = {window: {change.id for change in hours.changes_in(window)} for window in windows}
    for area in scenario.areas:
        if not concerns(area.kind, moves_in):
            continue
        polygon = shapely.make_valid(shapely.Polygon(area.polygon))
        met = [c for c in courses if polygon.intersects(c.line)]
        steps = tuple(
            c.step for c in met if area.kind in _CLOSING or area.id in areas[c.leg.window]
        )
        if steps:
            _add(table, convoy, area, {"steps": Names(steps)})
    # Roads concern those who drive on them.
    for change in scenario.changes if moves_in is Medium.GROUND else ():
        closing = change.kind in _CLOSING or _falls_short(change, route)
        meeting = [c for c in courses if closing or change.id in changes[c.leg.window]]
        steps, near = _met(change, meeting, meant)
        told: dict[str, Value] = {"near": Term(f"near.{near}"), **_limits(change, route)}
        if change.near is not None:
            told["grid"] = Name(grid_reference(*change.near.lonlat))
        if steps:
            told["steps"] = Names(steps)
        if meeting and (steps or near == "unplaced"):
            _add(table, convoy, change, told)


def _limits(change: Change, route: Route) -> dict[str, Value]:
    """Return what a change limits, and whether the convoy keeps to it."""
    told: dict[str, Value] = {}
    if change.speed_kmh is not None:
        told["speed"] = Quantity(change.speed_kmh, "km/h")
    if change.spacing_m is not None:
        told["spacing"] = Quantity(change.spacing_m, "m")
    stated = {True: change.load_class_tracked, False: change.load_class_wheeled}
    binding = {mobility_class(name).tracked for name in route.profile.mobility if _known(name)}
    classes = [limit for tracked in binding if (limit := stated[tracked]) is not None]
    if classes:
        told["load_class"] = Quantity(min(classes), "MLC")
        if route.profile.load_class is not None:
            bears = min(classes) >= route.profile.load_class
            told["verdict"] = Term("verdict.open" if bears else "verdict.closed")
    return told


def _falls_short(change: Change, route: Route) -> bool:
    """Tell whether a change closes a bridge to the convoy while it holds."""
    return _limits(change, route).get("verdict") == Term("verdict.closed")


def _known(mobility: str) -> bool:
    # With tables of ways of their own, scenarios may name classes that nobody else knows.
    return mobility in mobility_classes()


def _add(
    table: FactTable, convoy: Subject, stated: Area | Change, told: Mapping[str, Value]
) -> None:
    kind = "area" if isinstance(stated, Area) else "change"
    # It stands on the map where the area or the change is, not where the convoy is.
    part = Subject("hazard", f"{convoy.id}/{kind}/{stated.id}", convoy, at=(kind, stated.id))
    table.add(part, "label", Name(stated.label or stated.id))
    table.add(part, "kind", Term(f"{kind}.{stated.kind.value}"))
    table.add(part, "hours", Periods.of(stated.windows) if stated.windows else None)
    for label, value in told.items():
        table.add(part, label, value)


def _met(
    change: Change, courses: Sequence[Course], meant: Mapping[str, Collection[str]] | None
) -> tuple[tuple[str, ...], Near]:
    if meant is not None:
        edges = frozenset(meant.get(change.id, ()))
        on_way = tuple(c.step for c in courses if not edges.isdisjoint(c.edges))
        if on_way:
            return on_way, "on_way"
    if change.near is not None:
        here, within_m = change.near.lonlat, default("change_m")
        return tuple(c.step for c in courses if _distance_m(c.line, here) <= within_m), "near"
    if meant is not None:
        return (), "on_way"
    named = {change.road}
    on_way = tuple(
        c.step for c in courses if any({e, e.rpartition(".")[0]} & named for e in c.edges)
    )
    # A name that is on no edge may still be that of a road, which only the ground knows.
    return (on_way, "on_way") if on_way else ((), "unplaced")


def _distance_m(line: shapely.LineString, here: tuple[float, float]) -> float:
    scale = (_METRES_PER_DEGREE * math.cos(math.radians(here[1])), _METRES_PER_DEGREE)
    flat = shapely.transform(line, lambda at: (at - here) * scale)
    return float(shapely.Point(0, 0).distance(flat))


def grid_reference(lon: float, lat: float) -> str:
    """Return where something lies, to ten metres, spaced as it is read aloud.

    Parameters
    ----------
    lon, lat : float
        Degrees of WGS 84.

    Returns
    -------
    str
        For instance ``"31T DK 4987 6130"``; degrees near the poles, where MGRS has another form.
    """
    found = re.fullmatch(r"(\d{1,2}[A-Z])([A-Z]{2})(\d{4})(\d{4})", to_mgrs(lon, lat, precision=4))
    return " ".join(found.groups()) if found else f"{lat:.4f} {lon:.4f}"
