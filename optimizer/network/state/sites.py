"""Sites on the ground: where each lies, and how it is joined to the roads or to its cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.state.roads import NOT_TO_LEAVE
from optimizer.terrain.tables import default

if TYPE_CHECKING:
    from optimizer.network.state.areas import Areas
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["Join", "Sites", "Waters", "joins", "near_roads"]

_STREAM = "stream"


@dataclass(frozen=True)
class Sites:
    """The sites of a scenario on a theatre.

    Parameters
    ----------
    id : tuple of str
        In the order of the scenario.
    xy : ndarray of float64, shape (sites, 2)
        Positions in the theatre's CRS; infinite for a site without a position.
    cell : ndarray of int32, shape (sites,)
        Cell that each lies in; -1 outside the grid.
    """

    id: tuple[str, ...]
    xy: NDArray[np.float64]
    cell: NDArray[np.int32]

    @classmethod
    def of(cls, scenario: Scenario, theatre: Theatre) -> Sites:
        """Lay the sites of a scenario on a theatre.

        Parameters
        ----------
        scenario : Scenario
            Scenario.
        theatre : Theatre
            Theatre.

        Returns
        -------
        Sites
            Sites.
        """
        lonlat = np.array(
            [s.position.lonlat if s.position else (np.inf, np.inf) for s in scenario.sites]
        )
        x, y = theatre.to_ground.transform(lonlat[:, 0], lonlat[:, 1])
        xy = np.column_stack((x, y))
        xy[~np.isfinite(xy).all(axis=1)] = np.inf
        grid = theatre.grid
        cell = np.full(len(xy), -1, np.int32)
        for site, (east, north) in enumerate(xy):
            if np.isfinite(east):
                row, column = grid.cell(east, north)
                if grid.contains(row, column):
                    cell[site] = row * grid.width + column
        return cls(tuple(site.id for site in scenario.sites), xy, cell)

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Join:
    """A straight link between a site and the nearest point of a road.

    Parameters
    ----------
    site, edge : int
        What it joins.
    at_m : float
        Where on the edge, from its tail.
    xy : tuple of float
        The point on the road.
    length_m : float
        Of the link.
    """

    site: int
    edge: int
    at_m: float
    xy: tuple[float, float]
    length_m: float


def joins(
    sites: Sites,
    roads: Roads,
    waters: Waters,
    areas: Areas,
    *,
    is_open: NDArray[np.bool_],
    in_body: NDArray[np.bool_],
) -> list[Join]:
    """Join each site that lies on a road to it.

    Parameters
    ----------
    sites : Sites
        Sites.
    roads : Roads
        Roads.
    waters : Waters
        What a link may not cross.
    areas : Areas
        Areas; a link may not touch one that is no-go.
    is_open : ndarray of bool, shape (edges,)
        Edges open to the profile.
    in_body : ndarray of bool, shape (edges,)
        Edges of the largest strongly connected part of the open roads.

    Returns
    -------
    list of Join
        At most two a site: the nearest edge, and the nearest of the large part if that is another.
    """
    found = []
    for site in range(len(sites)):
        taken = False
        for join in near_roads(site, sites, roads, is_open):
            edge = join.edge
            if taken and not in_body[edge]:
                continue
            link = shapely.LineString([sites.xy[site], join.xy])
            if waters.touch(link) or any(link.intersects(p.polygon) for p in areas.no_go):
                continue
            found.append(join)
            taken = True
            if in_body[edge]:
                break
    return found


def near_roads(site: int, sites: Sites, roads: Roads, is_open: NDArray[np.bool_]) -> Iterator[Join]:
    """Yield the links to the roads that a site is near enough to, whatever lies between.

    Parameters
    ----------
    site : int
        Site.
    sites : Sites
        All sites.
    roads : Roads
        Roads.
    is_open : ndarray of bool, shape (edges,)
        Edges open to the profile.

    Yields
    ------
    Join
        One for each open edge that can be joined between its ends, the nearest first.
    """
    if not np.isfinite(sites.xy[site, 0]):
        return
    point = shapely.Point(sites.xy[site])
    near = np.sort(roads.tree.query(point, predicate="dwithin", distance=default("join_m")))
    shut = roads.bridge[near] | roads.tunnel[near]
    shut |= np.isin(roads.highway[near], sorted(NOT_TO_LEAVE))
    near = near[is_open[near] & ~shut]
    order = np.argsort(shapely.distance(roads.line[near], point), kind="stable")
    for edge in near[order].tolist():
        yield _join(site, edge, point, roads)


def _join(site: int, edge: int, point: shapely.Point, roads: Roads) -> Join:
    line = roads.line[edge]
    along_m = float(shapely.line_locate_point(line, point))
    foot = shapely.line_interpolate_point(line, along_m)
    at_m = float(np.clip(along_m, 0.0, roads.length_m[edge]))
    return Join(site, edge, at_m, (foot.x, foot.y), float(shapely.distance(foot, point)))


class Waters:
    """The waters that nobody crosses on a link: all but streams.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    """

    def __init__(self, theatre: Theatre) -> None:
        frame = theatre.frame("waters")
        shapes = np.asarray(frame.geometry.array, dtype=np.object_)
        self._tree = shapely.STRtree(shapes[(frame["kind"] != _STREAM).to_numpy(np.bool_)])

    def touch(self, line: shapely.LineString) -> bool:
        """Tell whether a line touches one of them.

        Parameters
        ----------
        line : LineString
            In the theatre's CRS.

        Returns
        -------
        bool
            True if it does.
        """
        return bool(self._tree.query(line, predicate="intersects").size)
