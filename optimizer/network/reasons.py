"""Why a profile cannot go from one site to another: one restriction is lifted at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.graph import GROUND, ROAD
from optimizer.network.ground import Unreachable
from optimizer.network.mesh import Mesh
from optimizer.network.restrictions import Cause
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    from optimizer.network.areas import Place
    from optimizer.network.layers import Layers
    from optimizer.scenario.convoys import Profile

__all__ = ["reasons"]

_STREAM, _RIVER = 1, 2
_LIMITS = (
    (Cause.LOAD_CLASS, "load_class"),
    (Cause.WEIGHT, "weight"),
    (Cause.HEIGHT, "height"),
    (Cause.WIDTH, "width"),
)

Pair = tuple[int, int]
Params = dict[str, str | int | float]


def reasons(
    layers: Layers,
    unstated: Callable[[], Layers | None],
    profile: Profile,
    on_road: NDArray[np.bool_],
    reached: NDArray[np.bool_],
) -> dict[Pair, Unreachable]:
    """Return why each pair without a way has none.

    Parameters
    ----------
    layers : Layers
        Roads and open ground under the conditions of the scenario.
    unstated : callable
        Returns the same without the scenario's areas and changes, or None where it states none;
        called only when needed.
    profile : Profile
        Profile.
    on_road : ndarray of bool, shape (sites,)
        Sites that are joined to a road.
    reached : ndarray of bool, shape (sites, sites)
        Pairs with a way, origins by row.

    Returns
    -------
    dict
        For each pair without a way, why.
    """
    names = layers.sites.id
    blame = _Blame(reached)
    alone = ~on_road & blame.alone
    facts = {site: _fact(layers, profile, site) for site in np.flatnonzero(alone).tolist()}
    found: dict[Pair, Unreachable] = {}
    left = []
    for pair in zip(*(axis.tolist() for axis in np.nonzero(~reached)), strict=True):
        shut = [site for site in blame(pair) if facts.get(site) == "in_no_go"]
        if shut:
            found[pair] = Unreachable("in_no_go", names[shut[0]])
        else:
            left.append(pair)
    for lift in (_without_limits, _without_statements):
        if left:
            found.update(lift(layers, unstated, profile, left, blame))
            left = [pair for pair in left if pair not in found]
    for pair in left:
        known = [site for site in blame(pair) if site in facts]
        site = known[0] if known else blame(pair)[0]
        found[pair] = Unreachable(facts.get(site, "no_way"), names[site])
    return found


class _Blame:
    """Which site of a pair is cut off: the one with fewer ways, else the destination."""

    def __init__(self, reached: NDArray[np.bool_]) -> None:
        self._missing = (~reached).sum(axis=0) + (~reached).sum(axis=1)

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Sites without a way to or from any other, shape (sites,)."""
        return np.asarray(self._missing == 2 * (self._missing.size - 1), np.bool_)

    def __call__(self, pair: Pair) -> tuple[int, int]:
        origin, destination = pair
        if self._missing[origin] > self._missing[destination]:
            return origin, destination
        return destination, origin


def _fact(layers: Layers, profile: Profile, site: int) -> str:
    """Return what keeps a site on no road from being reached."""
    moving = layers.moving(profile.mobility)
    cell = int(layers.sites.cell[site])
    if any(shapely.intersects_xy(p.polygon, *layers.sites.xy[site]) for p in _no_go(layers)):
        return "in_no_go"
    if cell < 0:
        return "outside_theatre"
    water = int(layers.theatre.raster("water").flat[cell])
    crosses = all(mobility.cross_stream for mobility in moving.classes)
    if water >= _RIVER or (water == _STREAM and not crosses):
        return "in_water"
    if any(shapely.intersects(p.polygon, _box(layers, cell)) for p in _no_go(layers)):
        return "in_no_go"
    return "cannot_enter"


def _without_limits(
    layers: Layers,
    unstated: Callable[[], Layers | None],  # noqa: ARG001 - one form for both ways of lifting
    profile: Profile,
    pairs: Iterable[Pair],
    blame: _Blame,
) -> Iterator[tuple[Pair, Unreachable]]:
    stated = {
        "load_class": profile.load_class,
        "weight": profile.gross_weight_t,
        "height": profile.height_m,
        "width": profile.width_m,
    }
    closed = layers.closures(profile)
    left = list(pairs)
    for cause, code in _LIMITS:
        needed = stated[code]
        if needed is None or not left or not (closed & np.uint8(cause)).any():
            continue
        limit = _limit(layers, profile, cause)

        def params(edge: int, limit: NDArray[np.float64] = limit, needed: float = needed) -> Params:
            return {
                "road": layers.roads.id[edge],
                "limit": float(limit[edge]),
                "needed": float(needed),
            }

        mesh = Mesh.of(layers, profile, Criterion.TIME, lifted=cause)
        shut = (closed & np.uint8(cause)) != 0
        found = dict(_explained(mesh, layers, code, left, blame, shut=shut, params=params))
        yield from found.items()
        left = [pair for pair in left if pair not in found]


def _without_statements(
    layers: Layers,
    unstated: Callable[[], Layers | None],
    profile: Profile,
    pairs: Iterable[Pair],
    blame: _Blame,
) -> Iterator[tuple[Pair, Unreachable]]:
    free = unstated()
    if free is None:
        return
    changes = layers.conditions.changes

    def params(edge: int) -> Params:
        if edge in changes.closed_by:
            return {"road": layers.roads.id[edge], "change": changes.closed_by[edge]}
        line = layers.roads.line[edge]
        area = next(p.id for p in _no_go(layers) if shapely.intersects(p.polygon, line))
        return {"road": layers.roads.id[edge], "area": area}

    mesh = Mesh.of(free, profile, Criterion.TIME)
    shut = (layers.closures(profile) & np.uint8(Cause.STATED)) != 0
    yield from _explained(mesh, layers, "closed", list(pairs), blame, shut=shut, params=params)


def _explained(
    mesh: Mesh,
    layers: Layers,
    code: str,
    pairs: list[Pair],
    blame: _Blame,
    *,
    shut: NDArray[np.bool_],
    params: Callable[[int], Params],
) -> Iterator[tuple[Pair, Unreachable]]:
    """Yield the pairs that a mesh joins, with the first edge on the way that is shut otherwise."""
    origins = np.unique([origin for origin, _ in pairs])
    reached = mesh.graph.reaches(mesh.sources[origins], mesh.sinks)
    row = {int(origin): number for number, origin in enumerate(origins)}
    # What cuts a site off is the same seen from everywhere, so one way in and one out are enough.
    known: dict[tuple[int, bool], Params] = {}
    for pair in pairs:
        if not reached[row[pair[0]], pair[1]]:
            continue
        site = blame(pair)[0]
        key = (site, site == pair[0])
        if key not in known:
            known[key] = _first_shut(mesh, layers, pair, shut, params)
        yield pair, Unreachable(code, layers.sites.id[site], known[key])


def _first_shut(
    mesh: Mesh,
    layers: Layers,
    pair: Pair,
    shut: NDArray[np.bool_],
    params: Callable[[int], Params],
) -> Params:
    graph = mesh.graph
    tree = graph.tree(int(mesh.sources[pair[0]]))
    for arc in graph.path(tree, int(mesh.sinks[pair[1]])):
        ref = int(graph.ref[arc])
        if graph.kind[arc] == ROAD and shut[ref]:
            return params(ref)
        if graph.kind[arc] == GROUND:
            for cell in mesh.overlay.cells_of(ref).tolist():
                for place in _no_go(layers):
                    if shapely.intersects(place.polygon, _box(layers, cell)):
                        return {"area": place.id}
    return {}


def _limit(layers: Layers, profile: Profile, cause: Cause) -> NDArray[np.float64]:
    roads = layers.roads
    if cause is Cause.LOAD_CLASS:
        classes = layers.moving(profile.mobility).classes
        limits = [layers.load_classes.of_class(mobility) for mobility in classes]
        return np.asarray(np.fmin.reduce(limits), np.float64)
    posted = {
        Cause.WEIGHT: roads.max_weight_t,
        Cause.HEIGHT: roads.max_height_m,
        Cause.WIDTH: roads.max_width_m,
    }
    return posted[cause]


def _no_go(layers: Layers) -> tuple[Place, ...]:
    return layers.conditions.areas.no_go


def _box(layers: Layers, cell: int) -> shapely.Polygon:
    grid = layers.theatre.grid
    x, y = grid.centre(*divmod(cell, grid.width))
    half = grid.resolution_m / 2
    return shapely.box(x - half, y - half, x + half, y + half)
