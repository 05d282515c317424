"""Why an aircraft cannot fly from one site to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.ground import Unreachable

if TYPE_CHECKING:
    from optimizer.network.air.chart import Chart, Ways
    from optimizer.network.state.areas import Place
    from optimizer.network.state.sites import Sites
    from optimizer.terrain.media import Flight

__all__ = ["grounded", "reasons"]

Pair = tuple[int, int]


def grounded(sites: Sites, flight: Flight, visibility_m: float) -> dict[Pair, Unreachable]:
    """Return the reason for every pair where the visibility keeps the aircraft on the ground.

    Parameters
    ----------
    sites : Sites
        Sites.
    flight : Flight
        How the aircraft flies.
    visibility_m : float
        Visibility, below what it needs.

    Returns
    -------
    dict
        For each pair of two sites, why.
    """
    figures = {"limit": visibility_m, "needed": flight.min_visibility_m}
    return {
        (origin, destination): Unreachable("visibility", name, figures)
        for destination, name in enumerate(sites.id)
        for origin in range(len(sites))
        if origin != destination
    }


def reasons(
    sites: Sites,
    no_fly: tuple[Sequence[Place], shapely.Geometry],
    chart: Chart,
    reached: NDArray[np.bool_],
    ceiling: tuple[float, Ways, Callable[[Ways, Pair], float]],
) -> dict[Pair, Unreachable]:
    """Return why each pair without a way has none.

    Parameters
    ----------
    sites : Sites
        Sites.
    no_fly : tuple of (sequence of Place, geometry)
        Areas closed to flying, and what of the theatre they close.
    chart : Chart
        Chart of the free stretches.
    reached : ndarray of bool, shape (sites, sites)
        Pairs with a way, origins by row.
    ceiling : tuple of (float, Ways, callable)
        The ceiling, the ways without one, and what tells the level of such a way.

    Returns
    -------
    dict
        For each pair without a way, why.
    """
    ceiling_m, higher, level_m = ceiling
    places, closed = no_fly
    facts = {
        site: fact for site in range(len(sites)) if (fact := _fact(sites, places, closed, site))
    }
    found = {}
    for origin, destination in zip(*(axis.tolist() for axis in np.nonzero(~reached)), strict=True):
        pair, name = (origin, destination), sites.id[destination]
        known = facts.get(destination, facts.get(origin))
        if known is not None:
            found[pair] = known
        elif np.isfinite(higher.cost[pair]):
            figures = {"limit": ceiling_m, "needed": level_m(higher, pair)}
            found[pair] = Unreachable("ceiling", name, figures)
        else:
            straight = shapely.LineString(chart.xy[list(pair)])
            met = [place.id for place in places if shapely.intersects(place.polygon, straight)]
            found[pair] = Unreachable("closed", name, {"area": met[0]} if met else {})
    return found


def _fact(
    sites: Sites, places: Sequence[Place], closed: shapely.Geometry, site: int
) -> Unreachable | None:
    """Return what keeps a site from being flown to at all."""
    if sites.cell[site] < 0:
        return Unreachable("outside_theatre", sites.id[site])
    if not shapely.intersects_xy(closed, *sites.xy[site]):
        return None
    here = shapely.Point(sites.xy[site])
    nearest = min(places, key=lambda place: float(shapely.distance(place.polygon, here)))
    return Unreachable("in_no_fly", sites.id[site], {"area": nearest.id})
