"""Links: the short straight lines between a site, a road and the centre of a cell."""

from __future__ import annotations

import math

import shapely

from optimizer.plan.model import LinkPart
from optimizer.scenario.convoys import Profile
from optimizer.terrain.tables import default, mobility_class
from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.edges import NOT_LEFT, Edge
from optimizer.verify.paths.field import blocked, cell_speed_kmh
from optimizer.verify.paths.here import XY, Here, touches
from optimizer.verify.paths.land import Cell, Land
from optimizer.verify.paths.road import closures
from optimizer.verify.tolerances import JUMP_M, LINK_M

__all__ = ["connector", "connector_cost", "site_link", "site_link_cost"]


def site_link_cost(part: LinkPart) -> Cost:
    """Return what a link of a site costs, which is the same for every class.

    Parameters
    ----------
    part : LinkPart
        The link.

    Returns
    -------
    Cost
        At walking pace; its length in fuel, no exposure.
    """
    length_m = math.dist(part.start, part.end)
    return Cost(length_m / (default("link_kmh") / 3.6), length_m, length_m)


def site_link(
    land: Land, profile: Profile, part: LinkPart, *, site: XY, ground: Here, pointer: str
) -> list[Violation]:
    """Check a link between a site and the road or cell that it is joined to.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    part : LinkPart
        The link.
    site : tuple of float
        The end of it that is the site.
    ground : Here
        The other end.
    pointer : str
        Where it stands in the plan.

    Returns
    -------
    list of Violation
        One for each rule that it breaks.
    """
    if mobility_class(profile.mobility[0]).sailing is not None:
        return _landing(land, profile, part, ground, pointer)
    if ground.cell is not None:
        if land.grid.cell(*site) != ground.cell:
            return [violation("path.link_cell", pointer)]
        return list(blocked(land, profile, ground.cell, pointer))
    if ground.edge is None:
        return [violation("path.link_nowhere", pointer)]
    found = []
    length_m, limit_m = math.dist(part.start, part.end), default("join_m")
    if length_m > limit_m + LINK_M:
        found.append(violation("path.link_long", pointer, metres=round(length_m, 1), limit=limit_m))
    crossed = land.crossed(shapely.LineString([part.start, part.end]))
    if crossed is not None:
        found.append(violation("path.link_crosses", pointer, what=crossed))
    # At a junction the site may be joined to any of the roads that meet there.
    roads = [ground.edge, *(edge for node in ground.nodes for edge in land.at_node[node])]
    refused = [[*closures(land, profile, e, 0, pointer), *_fenced(e, pointer)] for e in roads]
    return found + min(refused, key=len)


def _landing(
    land: Land, profile: Profile, part: LinkPart, ground: Here, pointer: str
) -> list[Violation]:
    """Check a link between a site and the water that it is served from."""
    limit_m = min(
        sailing.landing_m
        for name in profile.mobility
        if (sailing := mobility_class(name).sailing) is not None
    )
    if ground.cell is None:
        return [violation("path.link_nowhere", pointer)]
    found = list(blocked(land, profile, ground.cell, pointer))
    length_m = math.dist(part.start, part.end)
    if length_m > limit_m + LINK_M:
        found.append(violation("path.link_long", pointer, metres=round(length_m, 1), limit=limit_m))
    link = shapely.LineString([part.start, part.end])
    touched = [zone.id for zone in land.no_go if shapely.intersects(zone.shape, link)]
    found += [violation("path.link_crosses", pointer, what=name) for name in touched[:1]]
    return found


def connector(
    land: Land, profile: Profile, part: LinkPart, here: Here, pointer: str
) -> tuple[list[Violation], Here | None, Cell]:
    """Pass between a road node and the centre of the cell that it lies in.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    part : LinkPart
        The link.
    here : Here
        Where it begins.
    pointer : str
        Where it stands in the plan.

    Returns
    -------
    found : list of Violation
        One for each rule that it breaks.
    there : Here or None
        Where it ends; None if that cannot be told.
    cell : tuple of int
        The cell whose centre it joins.
    """
    found = touches(here, part.start, pointer)
    leaving = here.cell is None
    at_node, centre = (part.start, part.end) if leaving else (part.end, part.start)
    cell = land.grid.cell(*at_node)
    nodes = land.nodes_at(at_node) & (here.nodes if leaving else land.at_node.keys())
    if not nodes:
        return [*found, violation("path.connector", pointer)], None, cell
    if math.dist(centre, land.grid.centre(*cell)) > JUMP_M or here.cell not in {None, cell}:
        return [*found, violation("path.link_cell", pointer)], None, cell
    found += blocked(land, profile, cell, pointer)
    node = min(nodes)
    edges = land.at_node[node]
    found += [refused for edge in edges for refused in _fenced(edge, pointer)]
    if leaving:
        return found, Here(part.end, cell=cell), cell
    along_m = 0.0 if edges[0].from_node == node else edges[0].length_m
    return found, Here(part.end, edges[0], along_m), cell


def connector_cost(land: Land, profile: Profile, part: LinkPart, cell: Cell) -> Cost:
    """Return what a connector costs.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy; the cell is open to it.
    part : LinkPart
        The link.
    cell : tuple of int
        The cell whose centre it joins.

    Returns
    -------
    Cost
        By the slowest and the thirstiest class of the profile.
    """
    length_m = math.dist(part.start, part.end)
    times, fuels = [], []
    for name in profile.mobility:
        mobility = mobility_class(name)
        pace = 3.6 / cell_speed_kmh(land, mobility, cell, 0.0)
        times.append(length_m * pace + mobility.leave_road_s)
        fuels.append(length_m * mobility.cover_of(land.cover(cell)).fuel)
    return Cost(max(times), length_m, max(fuels))


def _fenced(edge: Edge, pointer: str) -> list[Violation]:
    """Refuse a road that is left and joined only at its junctions with other roads."""
    if edge.bridge or edge.tunnel or edge.highway in NOT_LEFT:
        return [violation("path.link_edge", pointer, edge=edge.id)]
    return []
