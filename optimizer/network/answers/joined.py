"""How each site is joined to the ground: to which road, past which nearer one, or to none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from optimizer.network.state.parts import largest_part, parts_of
from optimizer.network.state.restrictions import Cause, against, forward
from optimizer.network.state.sites import Join, joins, near_roads
from optimizer.terrain.tables import mobility_class

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.scenario.convoys import Profile

__all__ = ["Joined", "how_joined"]

#: What keeps a site from a road that it is near to.
Between = Literal["water", "no_go"]


@dataclass(frozen=True, slots=True)
class Joined:
    """How a profile gets from a site onto the ground.

    Parameters
    ----------
    site : str
        Site.
    road : str or None
        Edge that it lies on; None where it is reached over the ground, if at all.
    road_m : float or None
        How far it lies from it.
    nearer : str or None
        An open edge that is nearer, and that it is not joined to; None if there is none.
    nearer_m : float or None
        How far it lies from that.
    between : {"water", "no_go"} or None
        What lies between it and that edge.
    leaves, comes : bool
        Whether roads lead from the road that it lies on to the largest part of the open roads,
        and from there to it; False where it lies on none.
    shared : bool
        Whether the piece of the road network that it lies on holds another site.
    """

    site: str
    road: str | None = None
    road_m: float | None = None
    nearer: str | None = None
    nearer_m: float | None = None
    between: Between | None = None
    leaves: bool = False
    comes: bool = False
    shared: bool = False


def how_joined(
    layers: Layers, profile: Profile, *, lifted: Cause = Cause.NONE
) -> tuple[Joined, ...]:
    """Tell how each site is joined, as ``docs/reference/mobility.md`` says.

    Parameters
    ----------
    layers : Layers
        Roads and open ground under the conditions of the scenario.
    profile : Profile
        What moves.
    lifted : Cause
        Causes that close no edge this time.

    Returns
    -------
    tuple of Joined
        One a site, in their order.
    """
    roads, sites = layers.roads, layers.sites
    classes = [mobility_class(name) for name in profile.mobility]
    is_open = (layers.closures(profile) & ~np.uint8(lifted)) == 0
    ahead, behind = is_open & forward(roads, classes), is_open & against(roads, classes)
    found = joins(
        sites,
        roads,
        layers.waters,
        layers.conditions.areas,
        is_open=is_open,
        in_body=largest_part(roads, ahead, behind),
    )
    parts = parts_of(roads, ahead, behind)
    mine = [[join for join in found if join.site == site] for site in range(len(sites))]
    pieces = [{int(parts.piece[roads.tail[join.edge]]) for join in some} for some in mine]
    told = []
    for site, some in enumerate(mine):
        nearest = next(near_roads(site, sites, roads, is_open), None)
        nearer = nearest if nearest and (not some or some[0].edge != nearest.edge) else None
        edges = np.array([join.edge for join in some], np.int64)
        ends = ((ahead, roads.head, roads.tail), (behind, roads.tail, roads.head))
        others = [piece for other, piece in enumerate(pieces) if other != site]
        told.append(
            Joined(
                site=sites.id[site],
                road=roads.id[some[0].edge] if some else None,
                road_m=some[0].length_m if some else None,
                nearer=roads.id[nearer.edge] if nearer else None,
                nearer_m=nearer.length_m if nearer else None,
                between=_between(layers, site, nearer) if nearer else None,
                leaves=any((on[edges] & parts.to_largest[to[edges]]).any() for on, to, _ in ends),
                comes=any((on[edges] & parts.from_largest[of[edges]]).any() for on, _, of in ends),
                shared=any(pieces[site] & other for other in others),
            )
        )
    return tuple(told)


def _between(layers: Layers, site: int, join: Join) -> Between:
    link = shapely.LineString([layers.sites.xy[site], join.xy])
    return "water" if layers.waters.touch(link) else "no_go"
