"""Areas of a scenario on the ground: which cells and how much of which edge lie in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.scenario.model import Area, AreaKind

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Grid, Theatre

__all__ = ["Areas", "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """An area on the ground.

    Parameters
    ----------
    id : str
        Of the area.
    polygon : Polygon or MultiPolygon
        In the theatre's CRS.
    amount : float
        Speed factor of a slow area, rate per kilometre of an exposure area; else 0.
    per_h : float
        Rate per hour of an exposure area.
    """

    id: str
    polygon: shapely.Geometry
    amount: float
    per_h: float = 0.0


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of a scenario by what they do."""

    no_go: tuple[Place, ...] = ()
    slow: tuple[Place, ...] = ()
    exposure: tuple[Place, ...] = ()
    no_fly: tuple[Place, ...] = ()

    @classmethod
    def of(cls, areas: Sequence[Area], theatre: Theatre) -> Areas:
        """Lay the areas of a scenario on a theatre.

        Parameters
        ----------
        areas : sequence of Area
            Areas.
        theatre : Theatre
            Theatre.

        Returns
        -------
        Areas
            Areas in the theatre's CRS.
        """

        def places(kind: AreaKind) -> tuple[Place, ...]:
            return tuple(
                Place(area.id, _polygon(area, theatre), _amount(area), area.exposure_per_h or 0.0)
                for area in areas
                if area.kind is kind
            )

        return cls(
            no_go=places(AreaKind.NO_GO),
            slow=places(AreaKind.SLOW),
            exposure=places(AreaKind.EXPOSURE),
            no_fly=places(AreaKind.NO_FLY),
        )

    def closed_edges(self, roads: Roads) -> NDArray[np.bool_]:
        """Return the edges that a no-go area touches.

        Parameters
        ----------
        roads : Roads
            Roads.

        Returns
        -------
        ndarray of bool, shape (edges,)
            True where one does.
        """
        closed = np.zeros(len(roads), np.bool_)
        for place in self.no_go:
            closed[roads.tree.query(place.polygon, predicate="intersects")] = True
        return closed

    def edge_factor(self, roads: Roads) -> NDArray[np.float64]:
        """Return the factor of the speed on each edge.

        Parameters
        ----------
        roads : Roads
            Roads.

        Returns
        -------
        ndarray of float64, shape (edges,)
            Product of the factors of the slow areas that the middle of the edge lies in.
        """
        factor = np.ones(len(roads))
        for place in self.slow:
            near = np.sort(roads.tree.query(place.polygon))
            middle = shapely.line_interpolate_point(roads.line[near], 0.5, normalized=True)
            factor[near[shapely.intersects(place.polygon, middle)]] *= place.amount
        return factor

    def edge_exposure(self, roads: Roads) -> NDArray[np.float64]:
        """Return the exposure on each edge by what is stated per kilometre.

        Parameters
        ----------
        roads : Roads
            Roads.

        Returns
        -------
        ndarray of float64, shape (edges,)
            Thousandths of the planner's unit.
        """
        exposure = np.zeros(len(roads))
        for place in self.exposure:
            near, inside_m = _inside(place, roads)
            exposure[near] += place.amount * inside_m
        return exposure

    def edge_exposure_per_s(self, roads: Roads) -> NDArray[np.float64]:
        """Return the exposure of a second on each edge by what is stated per hour.

        Parameters
        ----------
        roads : Roads
            Roads.

        Returns
        -------
        ndarray of float64, shape (edges,)
            Thousandths of the planner's unit a second, over the whole edge.
        """
        exposure = np.zeros(len(roads))
        for place in self.exposure:
            if place.per_h:
                near, inside_m = _inside(place, roads)
                exposure[near] += place.per_h / 3.6 * inside_m / shapely.length(roads.line[near])
        return exposure

    def blocked_cells(self, grid: Grid) -> NDArray[np.bool_]:
        """Return the cells that a no-go area touches with any part.

        Parameters
        ----------
        grid : Grid
            Grid.

        Returns
        -------
        ndarray of bool, shape (rows, columns)
            True where one does.
        """
        blocked = np.zeros(grid.shape, np.bool_)
        for place in self.no_go:
            rows, columns = _around(place.polygon, grid)
            west = grid.west_m + columns * grid.resolution_m
            north = grid.north_m - rows[:, None] * grid.resolution_m
            west, north = np.broadcast_arrays(west, north)
            side = grid.resolution_m
            boxes = shapely.box(west, north - side, west + side, north)
            blocked[np.ix_(rows, columns)] |= shapely.intersects(place.polygon, boxes)
        return blocked

    def cell_factor(self, grid: Grid) -> NDArray[np.float64]:
        """Return the factor of the speed in each cell.

        Parameters
        ----------
        grid : Grid
            Grid.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            Product of the factors of the slow areas that cover its centre.
        """
        factor = np.ones(grid.shape)
        for inside, place in _covered(self.slow, grid):
            factor[inside] *= place.amount
        return factor

    def cell_exposure(self, grid: Grid) -> NDArray[np.float64]:
        """Return the exposure a metre of steps that arrive in each cell.

        Parameters
        ----------
        grid : Grid
            Grid.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            Thousandths of the planner's unit a metre.
        """
        exposure = np.zeros(grid.shape)
        for inside, place in _covered(self.exposure, grid):
            exposure[inside] += place.amount
        return exposure

    def cell_exposure_per_s(self, grid: Grid) -> NDArray[np.float64]:
        """Return the exposure a second of steps that arrive in each cell.

        Parameters
        ----------
        grid : Grid
            Grid.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            Thousandths of the planner's unit a second.
        """
        exposure = np.zeros(grid.shape)
        for inside, place in _covered(self.exposure, grid):
            exposure[inside] += place.per_h / 3.6
        return exposure


def _polygon(area: Area, theatre: Theatre) -> shapely.Geometry:
    lon, lat = np.array(area.polygon).T
    x, y = theatre.to_ground.transform(lon, lat)
    polygon = shapely.make_valid(shapely.Polygon(np.column_stack((x, y))))
    shapely.prepare(polygon)
    return polygon


def _amount(area: Area) -> float:
    if area.kind is AreaKind.SLOW:
        return 1.0 if area.speed_factor is None else area.speed_factor
    return area.exposure_per_km or 0.0


def _inside(place: Place, roads: Roads) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the edges that an area meets, and how much of each lies inside."""
    near = np.sort(roads.tree.query(place.polygon, predicate="intersects"))
    inside_m = shapely.length(shapely.intersection(roads.line[near], place.polygon))
    return near, np.asarray(inside_m, np.float64)


def _around(polygon: shapely.Geometry, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns of the grid that a polygon's bounds touch."""
    west, south, east, north = shapely.bounds(polygon)
    first_row, first_column = grid.cell(west, north)
    last_row, last_column = grid.cell(east, south)[0], grid.cell(east, south)[1]
    rows = np.arange(max(first_row - 1, 0), min(last_row + 1, grid.height - 1) + 1)
    columns = np.arange(max(first_column - 1, 0), min(last_column + 1, grid.width - 1) + 1)
    return rows, columns


def _covered(
    places: Iterable[Place], grid: Grid
) -> Iterable[tuple[tuple[NDArray[np.int64], ...], Place]]:
    for place in places:
        rows, columns = _around(place.polygon, grid)
        x = grid.west_m + (columns + 0.5) * grid.resolution_m
        y = grid.north_m - (rows[:, None] + 0.5) * grid.resolution_m
        inside = shapely.intersects_xy(place.polygon, *np.broadcast_arrays(x, y))
        row, column = np.nonzero(inside)
        yield (rows[row], columns[column]), place
