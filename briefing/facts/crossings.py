"""Facts about what a convoy crosses on its way, read from the ground that the plan was made on."""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from briefing.facts.bearing import Bearing
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Names,
    OutOf,
    Periods,
    Quantity,
    Subject,
    Term,
    Times,
)
from briefing.facts.off_road import add_off_road
from briefing.facts.passing import Passing
from briefing.facts.ways import Course, courses_of, grid_reference
from optimizer.network.state.changes import Changes, edges_of
from optimizer.network.state.fords import Fords
from optimizer.network.state.roads import Roads
from optimizer.plan.model import RoadPart
from optimizer.scenario.model import ChangeKind
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

if TYPE_CHECKING:
    from optimizer.plan.model import Route
    from optimizer.scenario.model import Change, Scenario

__all__ = ["Ground"]

#: How far a line of water may lie from the line of a road that crosses it.
_OVER_WATER_M = 30.0
#: A bridge that bears so many times the load class of a convoy is nothing to be careful of.
_AMPLE = 1.5


@dataclass(frozen=True)
class _Crossing:
    """A bridge or ford: edges that follow each other."""

    kind: str
    edges: tuple[int, ...]


@dataclass(frozen=True)
class _Limit:
    load_class: float
    basis: str


class Ground:
    """The roads of a theatre under what a scenario states of them.

    Parameters
    ----------
    theatre : Theatre
        The theatre that the plan was made on.
    scenario : Scenario
        Scenario of the plan.
    """

    def __init__(self, theatre: Theatre, scenario: Scenario) -> None:
        self._theatre = theatre
        self._scenario = scenario
        self._roads = _roads(theatre.folder.as_posix(), theatre.manifest.digest)
        self._at = {name: edge for edge, name in enumerate(self._roads.id)}
        self._bearing = Bearing(theatre, self._roads, scenario)
        # At whatever hours: a spacing that is told though it does not hold costs a look, no bridge.
        self._changes = Changes.of(scenario.changes, self._roads, theatre)
        self._passing = Passing(theatre, self._roads, scenario)
        self._ford_m = Fords.of(self._roads, scenario.weather.at_fords).depth_m
        self._met: dict[_Crossing, bool] = {}
        self._forded: set[_Crossing] = set()
        self.meant: Mapping[str, Collection[str]] = {
            change.id: frozenset(
                self._roads.id[edge] for edge in edges_of(change, self._roads, theatre)
            )
            for change in scenario.changes
        }

    def add(self, table: FactTable, route: Route) -> None:
        """Add where a convoy leaves the roads, how many bridges it crosses, and what is critical.

        Critical are fords, the weakest bridge of all, bridges whose load class the planner stated
        or that have little over what the convoy needs, and those that he lets vehicles cross at a
        spacing. Of bridges as weak as the weakest the first
        is told, with how many more there are.

        Parameters
        ----------
        table : FactTable
            Table that is added to; the convoy is in it.
        route : Route
            The convoy's route.
        """
        convoy = Subject("convoy", route.convoy)
        add_off_road(table, route, self._theatre.grid.resolution_m)
        passed: dict[_Crossing, dict[str, tuple[Course, int]]] = {}
        for course in courses_of(route):
            for crossing, number in self._crossings(course):
                passed.setdefault(crossing, {}).setdefault(course.step, (course, number))
        bridges = [one for one in passed if one.kind == "bridge"]
        windows = {
            one: {course.leg.window for course, _ in met.values()} for one, met in passed.items()
        }
        limits = {one: limit for one in bridges if (limit := self._limit(one, route, windows[one]))}
        assumed = {one for one, limit in limits.items() if limit.basis == "assumed"}
        table.add(convoy, "bridges", Count(len(bridges)))
        table.add(convoy, "bridges_assumed", Count(len(assumed)) if assumed else None)
        some = OutOf(Count(len(assumed)), Count(len(bridges))) if assumed else None
        table.add(convoy, "assumed", some)
        self._forded.update(one for one in passed if one.kind == "ford")
        for one in bridges:
            self._met[one] = self._met.get(one, False) or one in assumed
        weakest = min(limits, key=lambda one: limits[one].load_class, default=None)
        needed = route.profile.load_class or 0
        critical = tuple(
            one
            for one in passed
            if self._spacing_m(one) or _is_critical(one, limits.get(one), weakest, needed)
        )
        for number, crossing in enumerate(critical, start=1):
            change = self._stated(crossing, windows[crossing])
            at = ("change", change.id) if change else None
            part = Subject("crossing", f"{convoy.id}/{number}", convoy, at=at)
            table.add(part, "change", Name(change.label or change.id) if change else None)
            hours = Periods.of(change.windows) if change and change.windows else None
            table.add(part, "hours", hours)
            self._add(table, part, crossing, limits.get(crossing))
            table.add(part, "grid", Name(self._grid(crossing, change)))
            table.add(part, "edges", Names(tuple(self._roads.id[e] for e in crossing.edges)))
            if crossing == weakest and route.profile.load_class is not None:
                table.add(part, "weakest_for", Quantity(route.profile.load_class, "MLC"))
                if alike := _alike(weakest, limits, critical):
                    table.add(part, "alike", Count(alike))
            table.add(part, "steps", Names(tuple(passed[crossing])))
            due = [
                self._passing.head_at(course.leg, route.profile, number)
                for course, number in passed[crossing].values()
            ]
            known = tuple(moment for moment in due if moment is not None)
            table.add(part, "due", Times(known) if len(known) == len(due) else None)

    def add_plan(self, table: FactTable, plan: Subject) -> None:
        """Add how many bridges and fords all convoys together cross, each counted once.

        Parameters
        ----------
        table : FactTable
            Table that is added to; every convoy has been.
        plan : Subject
            The plan.
        """
        assumed = sum(self._met.values())
        table.add(plan, "fords", Count(len(self._forded)))
        table.add(plan, "bridges", Count(len(self._met)))
        table.add(plan, "bridges_assumed", Count(assumed) if assumed else None)
        some = OutOf(Count(assumed), Count(len(self._met))) if assumed else None
        table.add(plan, "assumed", some)

    def _crossings(self, course: Course) -> Iterator[tuple[_Crossing, int]]:
        """Yield what is crossed, and the number of the part of the path that it begins with."""
        parts = course.leg.path.parts if course.leg.path else ()
        run: list[int] = []
        kind, first = "", 0
        for number, part in enumerate((*parts, None)):
            edge = self._at.get(part.edge, -1) if isinstance(part, RoadPart) else -1
            found = "" if edge < 0 else self._kind(edge)
            if found != kind:
                if kind:
                    yield _Crossing(kind, tuple(sorted(run))), first
                run, kind, first = [], found, number
            if found and edge not in run:
                run.append(edge)

    def _stated(self, crossing: _Crossing, windows: Iterable[int]) -> Change | None:
        """Return the assessment that a crossing's load class rests on, else its stated spacing.

        Of assessments those count that hold as it is crossed.
        """
        edges = {self._roads.id[edge] for edge in crossing.edges}
        held = {change.id for w in windows for change in self._bearing.hours.changes_in(w)}
        last = {
            change.kind: change
            for change in self._scenario.changes
            if not edges.isdisjoint(self.meant[change.id])
            and (change.kind is ChangeKind.SPACING or change.id in held)
        }
        return last.get(ChangeKind.CLASS_ASSESSED) or last.get(ChangeKind.SPACING)

    def _spacing_m(self, crossing: _Crossing) -> float:
        """Return how far apart vehicles are to cross at least, 0 where nothing is said."""
        return float(self._changes.spacing_m[list(crossing.edges)].max())

    def _kind(self, edge: int) -> str:
        return "bridge" if self._roads.bridge[edge] else "ford" if self._roads.ford[edge] else ""

    def _limit(self, crossing: _Crossing, route: Route, windows: Iterable[int]) -> _Limit | None:
        """Return the least load class that binds the convoy on a bridge, and what it rests on."""
        if crossing.kind != "bridge" or route.profile.load_class is None:
            return None
        limits = []
        for window in windows:
            changes, bear = self._bearing.during(window)
            for tracked in {mobility_class(name).tracked for name in route.profile.mobility}:
                classes = bear.tracked if tracked else bear.wheeled
                assumed = bear.tracked_assumed if tracked else bear.wheeled_assumed
                stated = changes.mlc_tracked if tracked else changes.mlc_wheeled
                for edge in crossing.edges:
                    known = not math.isnan(stated[edge])
                    basis = "assumed" if assumed[edge] else "stated" if known else "assessed"
                    if not math.isnan(classes[edge]):
                        limits.append(_Limit(float(classes[edge]), basis))
        return min(limits, key=lambda limit: limit.load_class, default=None)

    def _add(
        self, table: FactTable, part: Subject, crossing: _Crossing, limit: _Limit | None
    ) -> None:
        table.add(part, "kind", Term(f"crossing.{crossing.kind}"))
        frame = self._theatre.frame("roads").iloc[list(crossing.edges)]
        roads = [str(name) for key in ("ref", "name") for name in frame[key] if name]
        shape = shapely.union_all(self._roads.line[list(crossing.edges)])
        place = ", ".join(filter(None, (*roads[:1], self._water(shape))))
        table.add(part, "place", Name(place) if place else None)
        if crossing.kind == "ford":
            depth_m = float(self._ford_m[list(crossing.edges)].max())
            table.add(part, "depth", Quantity(depth_m, "m"))
        if spacing_m := self._spacing_m(crossing):
            table.add(part, "spacing", Quantity(spacing_m, "m"))
            kmh = float(self._changes.spaced_kmh[list(crossing.edges)].min())
            table.add(part, "speed", Quantity(kmh, "km/h") if math.isfinite(kmh) else None)
        if limit is not None:
            table.add(part, "load_class", Quantity(limit.load_class, "MLC"))
            table.add(part, "basis", Term(f"basis.{limit.basis}"))

    def _grid(self, crossing: _Crossing, change: Change | None) -> str:
        """Return where a crossing lies: where the planner who assessed it says, else its middle."""
        if change and change.near:
            return grid_reference(*change.near.lonlat)
        shape = shapely.union_all(self._roads.line[list(crossing.edges)])
        middle = shape.interpolate(0.5, normalized=True) if shape.length else shape.centroid
        return grid_reference(*self._theatre.to_earth.transform(middle.x, middle.y))

    def _water(self, shape: shapely.Geometry) -> str:
        waters = self._theatre.frame("waters")
        near = waters.iloc[waters.sindex.query(shape, predicate="dwithin", distance=_OVER_WATER_M)]
        names = [
            (float(geometry.distance(shape)), str(name))
            for geometry, name in zip(near.geometry, near["name"], strict=True)
            if name
        ]
        return min(names)[1] if names else ""


def _is_critical(
    crossing: _Crossing, limit: _Limit | None, weakest: _Crossing | None, needed: float
) -> bool:
    close = limit is not None and (limit.basis == "stated" or limit.load_class < _AMPLE * needed)
    return crossing.kind == "ford" or crossing == weakest or close


def _alike(
    weakest: _Crossing, limits: Mapping[_Crossing, _Limit], told: Collection[_Crossing]
) -> int:
    """Count the bridges that bear as little as the weakest and are not told themselves."""
    least = limits[weakest].load_class
    return sum(limit.load_class == least for one, limit in limits.items() if one not in told)


@functools.lru_cache(maxsize=2)
def _roads(folder: str, digest: str) -> Roads:
    del digest  # another version in the same folder is other ground
    return Roads.of(Theatre.open(folder))
