"""The ground as a path meets it: roads by name, cells by row and column, areas as polygons."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.scenario.model import Area, AreaKind, Scenario
from optimizer.terrain.theatre import Theatre
from optimizer.verify.paths.edges import Edge, edges_of
from optimizer.verify.paths.in_view import InView
from optimizer.verify.tolerances import JUMP_M

__all__ = ["Cell", "Land", "Zone"]

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """An area of the scenario on the ground.

    Parameters
    ----------
    id : str
        Of the area.
    shape : geometry
        Polygon in the theatre's CRS.
    factor : float
        Of the speed; 1 unless it is a slow area.
    rate : float
        Exposure a kilometre; 0 unless it is an exposure area.
    rate_h : float
        Exposure an hour; likewise.
    """

    id: str
    shape: shapely.Geometry
    factor: float = 1.0
    rate: float = 0.0
    rate_h: float = 0.0


class Land:
    """A theatre with a scenario's areas and changes on it.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    scenario : Scenario
        Scenario.
    """

    def __init__(self, theatre: Theatre, scenario: Scenario) -> None:
        self.theatre = theatre
        self.scenario = scenario
        self.grid = theatre.grid
        self.state = scenario.weather.ground.value
        self.light = scenario.weather.light.value
        zones = [(area.kind, self._zone(area)) for area in scenario.areas]
        self.no_go = tuple(zone for kind, zone in zones if kind is AreaKind.NO_GO)
        self.no_fly = tuple(zone for kind, zone in zones if kind is AreaKind.NO_FLY)
        self.slow = tuple(zone for kind, zone in zones if kind is AreaKind.SLOW)
        self.exposed = tuple(zone for kind, zone in zones if kind is AreaKind.EXPOSURE)

    def _zone(self, area: Area) -> Zone:
        corners = [self.theatre.to_ground.transform(*corner) for corner in area.polygon]
        shape = shapely.make_valid(shapely.Polygon(corners))
        shapely.prepare(shape)
        if area.kind is AreaKind.SLOW:
            return Zone(area.id, shape, factor=area.speed_factor or 1.0)
        if area.kind is AreaKind.EXPOSURE:
            per_km, per_h = area.exposure_per_km or 0.0, area.exposure_per_h or 0.0
            return Zone(area.id, shape, rate=per_km, rate_h=per_h)
        return Zone(area.id, shape)

    @functools.cached_property
    def in_view(self) -> InView:
        """Exposure that the ground itself gives."""
        return InView(self.theatre, self.scenario.rules.exposure)

    @functools.cached_property
    def edges(self) -> Mapping[str, Edge]:
        """Road edges by id, with the scenario's changes on them."""
        return edges_of(self.theatre, self.scenario)

    @functools.cached_property
    def nodes(self) -> NDArray[np.float64]:
        """Positions of the road nodes, shape (nodes, 2)."""
        return shapely.get_coordinates(self.theatre.frame("nodes").geometry.array)

    @functools.cached_property
    def at_node(self) -> Mapping[int, tuple[Edge, ...]]:
        """The edges that meet at each node."""
        meeting: dict[int, list[Edge]] = {}
        for edge in self.edges.values():
            meeting.setdefault(edge.from_node, []).append(edge)
            meeting.setdefault(edge.to_node, []).append(edge)
        return {node: tuple(edges) for node, edges in meeting.items()}

    @functools.cached_property
    def _lines(self) -> tuple[tuple[Edge, ...], shapely.STRtree]:
        edges = tuple(self.edges.values())
        return edges, shapely.STRtree([edge.line for edge in edges])

    @functools.cached_property
    def _node_tree(self) -> shapely.STRtree:
        return shapely.STRtree([shapely.Point(xy) for xy in self.nodes])

    def edges_at(self, xy: tuple[float, float]) -> tuple[Edge, ...]:
        """Return the edges that pass a position.

        Parameters
        ----------
        xy : tuple of float
            Position.

        Returns
        -------
        tuple of Edge
            Those nearer than what a stored position is rounded by.
        """
        edges, tree = self._lines
        found = tree.query(shapely.Point(xy), predicate="dwithin", distance=JUMP_M)
        return tuple(edges[number] for number in sorted(found.tolist()))

    def nodes_at(self, xy: tuple[float, float]) -> frozenset[int]:
        """Return the road nodes at a position.

        Parameters
        ----------
        xy : tuple of float
            Position.

        Returns
        -------
        frozenset of int
            Those nearer than what a stored position is rounded by.
        """
        found = self._node_tree.query(shapely.Point(xy), predicate="dwithin", distance=JUMP_M)
        return frozenset(found.tolist())

    @functools.cached_property
    def _rasters(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        raster = self.theatre.raster
        return raster("elevation"), raster("landcover"), raster("water")

    @functools.cached_property
    def _barriers(self) -> shapely.STRtree:
        """Water that a link at a site does not cross: all of the layer but streams."""
        waters = self.theatre.frame("waters")
        wide = waters[waters["kind"] != "stream"]
        return shapely.STRtree(np.asarray(wide.geometry.array))

    def z_m(self, cell: Cell) -> float:
        """Return the elevation of a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column on the grid.

        Returns
        -------
        float
            Metres.
        """
        return float(self._rasters[0][cell])

    def cover(self, cell: Cell) -> int:
        """Return the land cover of a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column on the grid.

        Returns
        -------
        int
            Code.
        """
        return int(self._rasters[1][cell])

    def water(self, cell: Cell) -> int:
        """Return the water in a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column on the grid.

        Returns
        -------
        int
            0 none, 1 stream, 2 river, 3 lake or sea.
        """
        return int(self._rasters[2][cell])

    def position(self, site: str) -> tuple[float, float] | None:
        """Return where a site lies.

        Parameters
        ----------
        site : str
            Site.

        Returns
        -------
        tuple of float, or None
            Position (x, y); None for a site without one or one that is not known.
        """
        for known in self.scenario.sites:
            if known.id == site and known.position is not None:
                x, y = self.theatre.to_ground.transform(*known.position.lonlat)
                return (x, y) if math.isfinite(x) and math.isfinite(y) else None
        return None

    @functools.cache  # noqa: B019 - a land lives as long as one verification
    def no_go_at(self, cell: Cell) -> str | None:
        """Return the no-go area that touches a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column.

        Returns
        -------
        str or None
            Its id, or None.
        """
        x, y = self.grid.centre(*cell)
        half = self.grid.resolution_m / 2
        square = shapely.box(x - half, y - half, x + half, y + half)
        return next((z.id for z in self.no_go if shapely.intersects(z.shape, square)), None)

    def factor_at(self, cell: Cell) -> float:
        """Return the factor of the slow areas that cover the centre of a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column.

        Returns
        -------
        float
            Their product.
        """
        x, y = self.grid.centre(*cell)
        return math.prod(z.factor for z in self.slow if shapely.intersects_xy(z.shape, x, y))

    def rate_at(self, cell: Cell) -> float:
        """Return the exposure a kilometre at the centre of a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column.

        Returns
        -------
        float
            Sum of the rates of the exposure areas that cover it, and of the ground's own.
        """
        x, y = self.grid.centre(*cell)
        areas = sum(z.rate for z in self.exposed if shapely.intersects_xy(z.shape, x, y))
        return areas + self.in_view.rate_at(cell)

    def rate_h_at(self, cell: Cell) -> float:
        """Return the exposure an hour at the centre of a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column.

        Returns
        -------
        float
            Sum of the rates of the exposure areas that cover it.
        """
        x, y = self.grid.centre(*cell)
        return sum(z.rate_h for z in self.exposed if shapely.intersects_xy(z.shape, x, y))

    def crossed(self, line: shapely.Geometry) -> str | None:
        """Return what a link at a site must not touch and does.

        Parameters
        ----------
        line : geometry
            The link.

        Returns
        -------
        str or None
            Id of a no-go area, ``"water"``, or None.
        """
        for zone in self.no_go:
            if shapely.intersects(zone.shape, line):
                return zone.id
        return "water" if self._barriers.query(line, predicate="intersects").size else None
