"""Why a boat cannot go from one site to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.ground import Unreachable
from optimizer.network.search.cells import moves_of, path_between
from optimizer.network.water.landings import Landing, bodies_of, landings_of
from optimizer.terrain.speed_raster import speed_raster_kmh

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.search.cells import Cells
    from optimizer.terrain.tables import MobilityClass

__all__ = ["Waters", "reasons"]

Pair = tuple[int, int]


@dataclass(frozen=True)
class Waters:
    """The waters of a theatre for a set of classes, and as they would be without no-go areas.

    Parameters
    ----------
    layers : Layers
        Theatre, sites and conditions.
    classes : sequence of MobilityClass
        Classes that go together.
    cells : Cells
        Water under the conditions of the scenario.
    limit_m : float
        The longest way between a site and its landing.
    """

    layers: Layers
    classes: Sequence[MobilityClass]
    cells: Cells
    limit_m: float

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Cells that boats may be in without no-go areas, shape (rows, columns)."""
        theatre, state = self.layers.theatre, self.layers.conditions.state.value
        speeds = [speed_raster_kmh(theatre, mobility, state) for mobility in self.classes]
        return np.asarray(np.min(speeds, axis=0) > 0, np.bool_)

    @cached_property
    def landings(self) -> list[dict[int, Landing]]:
        """Landings of each site without no-go areas."""
        grid = self.layers.theatre.grid
        return landings_of(self.layers.sites, bodies_of(self.free), grid, self.limit_m, ())

    def barrier(self, origin: Landing, destination: Landing) -> str | None:
        """Return the first no-go area on the way that there would be without any.

        Parameters
        ----------
        origin, destination : Landing
            Landings on one body of water without no-go areas.

        Returns
        -------
        str or None
            Its id.
        """
        open_water = self.cells._replace(blocked=(~self.free).astype(np.uint8).ravel())
        moves = moves_of(open_water)
        way = path_between(open_water, moves, origin.cell, destination.cell, False)  # noqa: FBT003
        shut = way[self.cells.blocked[way] != 0]
        return self._area_at(int(shut[0])) if shut.size else None

    def _area_at(self, cell: int) -> str | None:
        grid = self.layers.theatre.grid
        x, y = grid.centre(*divmod(cell, grid.width))
        half = grid.resolution_m / 2
        box = shapely.box(x - half, y - half, x + half, y + half)
        no_go = self.layers.conditions.areas.no_go
        return next((p.id for p in no_go if shapely.intersects(p.polygon, box)), None)


def reasons(
    waters: Waters, landings: Sequence[dict[int, Landing]], reached: NDArray[np.bool_]
) -> dict[Pair, Unreachable]:
    """Return why each pair without a way has none.

    Parameters
    ----------
    waters : Waters
        Waters.
    landings : sequence of dict of int to Landing
        Landings of each site, by body of water.
    reached : ndarray of bool, shape (sites, sites)
        Pairs with a way, origins by row.

    Returns
    -------
    dict
        For each pair without a way, why.
    """
    names, found = waters.layers.sites.id, {}
    facts = {
        site: fact
        for site in range(len(names))
        if (fact := _fact(waters, landings, site)) is not None
    }
    known: dict[Pair, Unreachable] = {}
    for origin, destination in zip(*(axis.tolist() for axis in np.nonzero(~reached)), strict=True):
        fact = facts.get(destination, facts.get(origin))
        # What parts two waters is the same for all sites on them.
        key = min(landings[origin], default=0), min(landings[destination], default=0)
        if fact is None and key not in known:
            known[key] = _parted(waters, (origin, destination))
        why = fact or known[key]
        found[origin, destination] = (
            why if fact else Unreachable(why.code, names[destination], why.params)
        )
    return found


def _fact(waters: Waters, landings: Sequence[dict[int, Landing]], site: int) -> Unreachable | None:
    """Return what keeps boats from a site, wherever they come from."""
    name = waters.layers.sites.id[site]
    if waters.layers.sites.cell[site] < 0:
        return Unreachable("outside_theatre", name)
    if landings[site]:
        return None
    if not waters.landings[site]:
        return Unreachable("no_landing", name, {"limit": waters.limit_m})
    nearest = min(waters.landings[site].values(), key=lambda landing: landing.length_m)
    link = shapely.LineString([waters.layers.sites.xy[site], nearest.xy])
    half = waters.layers.theatre.grid.resolution_m
    no_go = waters.layers.conditions.areas.no_go
    shut = [p.id for p in no_go if shapely.dwithin(p.polygon, link, half)]
    return Unreachable("closed", name, {"area": shut[0]} if shut else {})


def _parted(waters: Waters, pair: Pair) -> Unreachable:
    """Return what parts the waters of two sites."""
    origin, destination = (waters.landings[site] for site in pair)
    name = waters.layers.sites.id[pair[1]]
    for body in origin.keys() & destination.keys():
        area = waters.barrier(origin[body], destination[body])
        if area is not None:
            return Unreachable("closed", name, {"area": area})
    return Unreachable("no_waterway", name)
