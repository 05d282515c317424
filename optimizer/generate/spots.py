"""Where units and bases may stand: at places, along roads, and beside them over passable ground."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph
from scipy.spatial import KDTree

from optimizer.scenario.convoys import Profile
from optimizer.terrain.tables import MobilityClass, bridge_default, mobility_class
from optimizer.terrain.theatre import Theatre

__all__ = ["Spot", "Spots"]

_TOWNS = ("city", "town", "suburb", "village", "hamlet")
#: What no site is joined to (docs/reference/mobility.md).
_NO_ACCESS = ("motorway", "motorway_link")
_TOWN_M = 800  # how far from a place its road junction may lie
_OFF_ROAD_M = (120, 900)  # how far from a road a site beside it lies
_STEEP_SHARE = 0.8  # of what the class climbs, so that neither bends nor cells decide
_TRIES = 8  # for each junction


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a site may stand.

    Parameters
    ----------
    x, y : float
        Position in the theatre's CRS.
    name : str
        Name of the town, or empty.
    population : int
        Of the town, 0 elsewhere.
    off_road : bool
        Whether it is reached over open ground.
    """

    x: float
    y: float
    name: str = ""
    population: int = 0
    off_road: bool = False


class Spots:
    """The spots of a theatre.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    on_road : str
        Mobility class that reaches every spot on a road, and every spot where there are no roads.
    off_road : str
        Mobility class that reaches every spot beside a road.
    """

    def __init__(self, theatre: Theatre, on_road: str, off_road: str) -> None:
        self._theatre = theatre
        self._on_road = mobility_class(on_road)
        self._off_road = mobility_class(off_road)

    def towns(self, profile: Profile) -> list[Spot]:
        """Return the spots in towns, at the junction nearest to each, the largest town first.

        Parameters
        ----------
        profile : Profile
            Load class, weight, height and width of what must get there.

        Returns
        -------
        list of Spot
            One for each town that has a junction near.
        """
        nodes = self._nodes(profile)
        places = self._theatre.frame("places")
        if not len(nodes) or not len(places):
            return []
        towns = places[places["kind"].isin(_TOWNS)].sort_values(
            ["population", "name"], ascending=[False, True], kind="stable"
        )
        tree = KDTree(nodes)
        found: dict[int, Spot] = {}
        for name, population, point in zip(
            towns["name"], towns["population"], towns.geometry, strict=True
        ):
            away_m, node = tree.query((point.x, point.y))
            if away_m <= _TOWN_M and int(node) not in found:
                x, y = nodes[int(node)]
                found[int(node)] = Spot(float(x), float(y), str(name or ""), int(population))
        return list(found.values())

    def along_roads(self, profile: Profile, rng: np.random.Generator) -> Iterator[Spot]:
        """Yield spots along roads in random order; over passable ground where there are no roads.

        Parameters
        ----------
        profile : Profile
            Load class, weight, height and width of what must get there.
        rng : numpy.random.Generator
            Source of chance.

        Yields
        ------
        Spot
            Every junction or bend of a road once.
        """
        nodes = self._nodes(profile)
        if not len(nodes):
            yield from self._over_ground(rng, off_road=False)
            return
        for i in rng.permutation(len(nodes)):
            yield Spot(float(nodes[i][0]), float(nodes[i][1]))

    def beside_roads(self, profile: Profile, rng: np.random.Generator) -> Iterator[Spot]:
        """Yield spots that lie off the road and are reached from it in a straight line.

        Parameters
        ----------
        profile : Profile
            Load class, weight, height and width of what must get to the road.
        rng : numpy.random.Generator
            Source of chance.

        Yields
        ------
        Spot
            At most one for each junction or bend.
        """
        nodes = self._nodes(profile)
        if not len(nodes):
            yield from self._over_ground(rng, off_road=True)
            return
        roads = shapely.STRtree(self._driven())
        near_m, far_m = _OFF_ROAD_M
        passable = self._passable(self._off_road)
        for i in rng.permutation(len(nodes)):
            for _ in range(_TRIES):
                angle, away_m = rng.uniform(0, 2 * np.pi), rng.uniform(near_m, far_m)
                x = float(nodes[i][0] + away_m * np.cos(angle))
                y = float(nodes[i][1] + away_m * np.sin(angle))
                if len(roads.query(shapely.Point(x, y), "dwithin", near_m)):
                    continue
                if self._straight(nodes[i], (x, y), passable):
                    yield Spot(x, y, off_road=True)
                    break

    def _nodes(self, profile: Profile) -> NDArray[np.float64]:
        return self._junctions(profile)

    @functools.cached_property
    def _junctions(self) -> functools._lru_cache_wrapper[NDArray[np.float64]]:
        return functools.cache(self._find_junctions)

    def _find_junctions(self, profile: Profile) -> NDArray[np.float64]:
        """Return the nodes of the largest part of the roads in which each reaches each other."""
        roads, nodes = self._theatre.frame("roads"), self._theatre.frame("nodes")
        if not len(roads):
            return np.empty((0, 2))
        classes, surfaces = roads["class"].tolist(), roads["surface"].tolist()
        bridge = roads["bridge"].to_numpy(bool)
        assumed = [
            bridge_default(c)[0] if b else np.inf for c, b in zip(classes, bridge, strict=True)
        ]
        stated = roads["mlc_wheeled"].to_numpy(float)
        limit = np.where(np.isnan(stated), assumed, stated)
        open_ = (
            np.array([self._on_road.road_speed_kmh(c) > 0 for c in classes])
            & np.array([self._on_road.surface_of(s).dry > 0 for s in surfaces])
            & (limit >= (profile.load_class or 0))
            & ~roads["ford"].to_numpy(bool)
        )
        for column, needed in (
            ("max_weight_t", profile.gross_weight_t),
            ("max_height_m", profile.height_m),
            ("max_width_m", profile.width_m),
        ):
            # What is not posted is NaN, which is not below anything.
            open_ &= ~(roads[column].to_numpy(float) < (needed or 0))
        start, end = roads["from_node"].to_numpy(int), roads["to_node"].to_numpy(int)
        oneway = roads["oneway"].to_numpy(int)
        forth, back = open_ & (oneway >= 0), open_ & (oneway <= 0)
        rows = np.concatenate([start[forth], end[back]])
        columns = np.concatenate([end[forth], start[back]])
        graph = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(nodes),) * 2)
        _, part = csgraph.connected_components(graph, directed=True, connection="strong")
        touched = np.unique(np.concatenate([start[open_], end[open_]]))
        if not len(touched):
            return np.empty((0, 2))
        largest = np.bincount(part[touched]).argmax()
        # A site stands at an ordinary road, not on a bridge, in a tunnel or on a motorway.
        hard = bridge | roads["tunnel"].to_numpy(bool) | roads["class"].isin(_NO_ACCESS).to_numpy()
        barred = np.concatenate([start[hard], end[hard]])
        usable = np.setdiff1d(touched[part[touched] == largest], barred)
        points = shapely.get_coordinates(nodes.geometry.to_numpy()[usable])
        water, grid = self._theatre.raster("water"), self._theatre.grid
        cells = [grid.cell(x, y) for x, y in points]
        dry = [grid.contains(*cell) and water[cell] == 0 for cell in cells]
        return np.asarray(points[np.array(dry, bool)], float)

    def _driven(self) -> NDArray[np.object_]:
        roads = self._theatre.frame("roads")
        open_ = np.array([self._off_road.road_speed_kmh(c) > 0 for c in roads["class"]], bool)
        return np.asarray(roads.geometry.to_numpy()[open_], object)

    @functools.cached_property
    def _slope(self) -> NDArray[np.float64]:
        relief = self._theatre.raster("elevation").astype(np.float64)
        down, right = np.gradient(relief, self._theatre.grid.resolution_m)
        return np.asarray(np.hypot(down, right))

    def _passable(self, kind: MobilityClass) -> NDArray[np.bool_]:
        cover, water = self._theatre.raster("landcover"), self._theatre.raster("water")
        closed = [int(c) for c in np.unique(cover) if kind.cover_of(int(c)).dry <= 0]
        gentle = self._slope <= _STEEP_SHARE * min(kind.max_slope_up, kind.max_slope_down)
        return np.asarray(~np.isin(cover, closed) & (water == 0) & gentle)

    def _straight(
        self, start: Sequence[float], end: Sequence[float], passable: NDArray[np.bool_]
    ) -> bool:
        """Tell whether every cell between two positions, and beside the line, is passable."""
        grid = self._theatre.grid
        steps = int(np.hypot(end[0] - start[0], end[1] - start[1]) / grid.resolution_m * 2) + 2
        for share in np.linspace(0, 1, steps):
            x = start[0] + share * (end[0] - start[0])
            y = start[1] + share * (end[1] - start[1])
            row, column = grid.cell(x, y)
            if not (0 < row < grid.height - 1 and 0 < column < grid.width - 1):
                return False
            if not passable[row - 1 : row + 2, column - 1 : column + 2].all():
                return False
        return True

    def _over_ground(self, rng: np.random.Generator, *, off_road: bool) -> Iterator[Spot]:
        """Yield cells of the largest passable stretch of ground."""
        parts, number = ndimage.label(self._passable(self._on_road))
        if not number:
            return
        largest = 1 + int(np.bincount(parts.ravel())[1:].argmax())
        # One cell inside, so that no site stands on the edge of what is closed.
        inside = ndimage.binary_erosion(parts == largest)
        cells = np.argwhere(inside)
        for i in rng.permutation(len(cells)):
            x, y = self._theatre.grid.centre(int(cells[i][0]), int(cells[i][1]))
            yield Spot(x, y, off_road=off_road)
