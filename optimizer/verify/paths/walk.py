"""Walks a path part by part: each begins where the last ended, and each is open to the profile."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import shapely
from shapely.ops import substring

from optimizer.plan.model import AirPart, GroundPart, LinkPart, Part, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.edges import Edge
from optimizer.verify.paths.field import blocked, step_closures, step_cost
from optimizer.verify.paths.here import XY, Here, begins, touches
from optimizer.verify.paths.land import Cell, Land
from optimizer.verify.paths.links import connector, connector_cost, site_link, site_link_cost
from optimizer.verify.paths.road import closures, road_cost
from optimizer.verify.tolerances import JUMP_M, POSITION_M

__all__ = ["Walk"]

#: What is wrong with a part, and where it ends; None if that cannot be told.
_Walked = tuple[list[Violation], Here | None]


@dataclass(slots=True)
class Walk:
    """One leg on its way from one site to another.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    origin, destination : tuple of float
        Positions of the sites.
    cost : Cost
        What the parts walked so far come to.
    course : list of (float, float)
        Positions passed so far.
    broken : bool
        Whether something was met whose cost has no meaning, such as a closed road.
    """

    land: Land
    profile: Profile
    origin: XY
    destination: XY
    cost: Cost = field(default_factory=Cost)
    course: list[XY] = field(default_factory=list)
    broken: bool = False

    def run(self, parts: tuple[Part, ...], pointer: str) -> Iterator[Violation]:
        """Walk all parts.

        Parameters
        ----------
        parts : tuple of RoadPart, GroundPart or LinkPart
            Parts of the path.
        pointer : str
            Where they stand in the plan.

        Yields
        ------
        Violation
            In the order of the parts.
        """
        here = Here(self.origin, start=True)
        self.course.append(self.origin)
        for number, part in enumerate(parts):
            found, there = self._part(part, here, parts[number + 1 :][:1], f"{pointer}/{number}")
            self.broken = self.broken or bool(found) or there is None
            yield from found
            if there is None:  # the place is lost: what follows cannot be told
                return
            here = there
        gap_m = math.dist(here.xy, self.destination)
        if gap_m > POSITION_M:
            self.broken = True
            yield violation("path.end", pointer, metres=round(gap_m, 1))

    def _part(self, part: Part, here: Here, following: tuple[Part, ...], pointer: str) -> _Walked:
        if isinstance(part, RoadPart):
            return self._road(part, here, pointer)
        if isinstance(part, GroundPart):
            return self._ground(part, here, pointer)
        if isinstance(part, AirPart):
            return [violation("path.medium", pointer, medium="ground", kinds=part.kind)], None
        return self._link(part, here, following, pointer)

    def _link(
        self, part: LinkPart, here: Here, following: tuple[Part, ...], pointer: str
    ) -> _Walked:
        if not all(math.isfinite(value) for value in (*part.start, *part.end)):
            return [violation("path.link_nowhere", pointer)], None
        if part.place == "connector":
            return self._connector(part, here, pointer)
        if here.start:
            return self._from_site(part, here, following, pointer)
        if following:
            return [violation("path.link_place", pointer)], None
        return self._to_site(part, here, pointer)

    def _road(self, part: RoadPart, here: Here, pointer: str) -> _Walked:
        edge = self.land.edges.get(part.edge)
        if edge is None:
            return [violation("path.edge", pointer, edge=part.edge)], None
        if not all(-JUMP_M <= m <= edge.length_m + JUMP_M for m in (part.from_m, part.to_m)):
            params = {"from_m": part.from_m, "to_m": part.to_m, "length_m": edge.length_m}
            return [violation("path.position", pointer, edge=edge.id, **params)], None
        start = Here(edge.point(part.from_m), edge, part.from_m)
        found = begins(here, start, pointer)
        direction = (part.to_m > part.from_m) - (part.to_m < part.from_m)
        closed = list(closures(self.land, self.profile, edge, direction, pointer))
        if not closed:
            self._add(road_cost(self.land, self.profile, edge, part.from_m, part.to_m))
        self._follow(edge, part.from_m, part.to_m)
        return [*found, *closed], Here(edge.point(part.to_m), edge, part.to_m)

    def _follow(self, edge: Edge, from_m: float, to_m: float) -> None:
        share = edge.line.length / edge.length_m
        stretch = substring(edge.line, from_m * share, to_m * share)
        self.course += [(x, y) for x, y in shapely.get_coordinates(stretch).tolist()]

    def _ground(self, part: GroundPart, here: Here, pointer: str) -> _Walked:
        if not part.cells:
            return [violation("path.jump", pointer, metres=0.0)], None
        centres = [self.land.grid.centre(*cell) for cell in part.cells]
        found = begins(here, Here(centres[0], cell=part.cells[0]), pointer)
        shut: set[Cell] = set()
        for number, cell in enumerate(part.cells):
            closed = list(blocked(self.land, self.profile, cell, f"{pointer}/cells/{number}"))
            if closed:
                shut.add(cell)
            found += closed
        for number, (before, after) in enumerate(itertools.pairwise(part.cells), start=1):
            if before not in shut and after not in shut:
                found += self._step(before, after, f"{pointer}/cells/{number}")
        self.course += centres
        return found, Here(centres[-1], cell=part.cells[-1])

    def _step(self, before: Cell, after: Cell, pointer: str) -> list[Violation]:
        closed = list(step_closures(self.land, self.profile, before, after, pointer))
        if not closed:
            self._add(step_cost(self.land, self.profile, before, after))
        return closed

    def _connector(self, part: LinkPart, here: Here, pointer: str) -> _Walked:
        found, there, cell = connector(self.land, self.profile, part, here, pointer)
        self.course += [part.start, part.end]
        if not found:
            self._add(connector_cost(self.land, self.profile, part, cell))
        return found, there

    def _from_site(
        self, part: LinkPart, here: Here, following: tuple[Part, ...], pointer: str
    ) -> _Walked:
        there = self._reached(part.end, following)
        found = touches(here, part.start, pointer)
        found += site_link(
            self.land, self.profile, part, site=part.start, ground=there, pointer=pointer
        )
        self.course += [part.start, part.end]
        self._add(site_link_cost(part))
        return found, there

    def _to_site(self, part: LinkPart, here: Here, pointer: str) -> _Walked:
        found = touches(here, part.start, pointer)
        found += site_link(
            self.land, self.profile, part, site=part.end, ground=here, pointer=pointer
        )
        self.course += [part.start, part.end]
        self._add(site_link_cost(part))
        return found, Here(part.end)

    def _reached(self, xy: XY, following: tuple[Part, ...]) -> Here:
        """Tell what a link from a site leads to: the road that follows, or the cell it ends in."""
        for part in following:
            edge = self.land.edges.get(part.edge) if isinstance(part, RoadPart) else None
            if edge is not None and isinstance(part, RoadPart):
                return Here(xy, edge, part.from_m)
        cell = self.land.grid.cell(*xy)
        if math.dist(xy, self.land.grid.centre(*cell)) <= JUMP_M:
            return Here(xy, cell=cell)
        for edge in self.land.edges_at(xy):
            return Here(xy, edge, edge.along_m(xy))
        return Here(xy)

    def _add(self, cost: Cost) -> None:
        self.cost = self.cost.plus(cost)
