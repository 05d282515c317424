"""Why a profile cannot go from one site to another: one restriction is lifted at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.ground import Unreachable
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.search.graph import GROUND, ROAD
from optimizer.network.state.restrictions import Cause
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.state.areas import Place
    from optimizer.scenario.convoys import Profile

__all__ = ["reasons"]

_STREAM, _RIVER = 1, 2
#: Limits in the order in which they are told.
_CODES = {
    Cause.LOAD_CLASS: "load_class",
    Cause.WEIGHT: "weight",
    Cause.HEIGHT: "height",
    Cause.WIDTH: "width",
    Cause.FORD: "ford",
}
#: What is lifted at a time. Load class and weight say the same of a bridge in two ways, so where
#: neither alone is enough both are lifted.
_LIFTS = (*_CODES, Cause.LOAD_CLASS | Cause.WEIGHT)

Pair = tuple[int, int]
Params = dict[str, str | int | float]


def reasons(
    layers: Layers,
    unstated: Callable[[], Layers | None],
    profile: Profile,
    mesh: Mesh,
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
    mesh : Mesh
        Graph of the profile.
    reached : ndarray of bool, shape (sites, sites)
        Pairs with a way, origins by row.

    Returns
    -------
    dict
        For each pair without a way, why.
    """
    names = layers.sites.id
    blame = _Blame(reached)
    alone = ~mesh.on_road & blame.alone
    facts = {site: _fact(layers, profile, site) for site in np.flatnonzero(alone).tolist()}
    found: dict[Pair, Unreachable] = {}
    left = []
    for pair in zip(*(axis.tolist() for axis in np.nonzero(~reached)), strict=True):
        shut = [site for site in blame(pair) if facts.get(site) == "in_no_go"]
        if shut:
            found[pair] = Unreachable("in_no_go", names[shut[0]])
        else:
            left.append(pair)
    ask = _Asker(layers, profile, mesh, blame)
    for lifted in _LIFTS:
        found.update(ask.without_limit(lifted, left))
        left = [pair for pair in left if pair not in found]
    free = unstated() if left else None
    if free is not None:
        found.update(ask.without_statements(free, left))
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


class _Asker:
    """Asks which pairs would have a way if something were lifted, and what closes it."""

    def __init__(self, layers: Layers, profile: Profile, mesh: Mesh, blame: _Blame) -> None:
        self._layers = layers
        self._profile = profile
        self._mesh = mesh
        self._blame = blame
        self._closed = layers.closures(profile)
        self._reached: dict[int, NDArray[np.bool_]] = {}

    def without_limit(self, lifted: Cause, pairs: list[Pair]) -> Iterator[tuple[Pair, Unreachable]]:
        """Yield the pairs that a limit keeps apart."""
        causes = [cause for cause in _CODES if cause in lifted and self._binds(cause)]
        if not pairs or not causes or (len(causes) == 1 and lifted is not causes[0]):
            return
        limits = {cause: _limit(self._layers, self._profile, cause) for cause in causes}
        depth_m = self._layers.conditions.fords.depth_m

        def describe(edge: int) -> tuple[str, Params]:
            cause = next(cause for cause in causes if self._closed[edge] & np.uint8(cause))
            needed = depth_m[edge] if cause is Cause.FORD else _needed(self._profile, cause)
            return _CODES[cause], {
                "road": self._layers.roads.id[edge],
                "limit": float(limits[cause][edge]),
                "needed": float(needed or 0.0),
            }

        mesh = Mesh.of(self._layers, self._profile, Criterion.TIME, lifted=lifted)
        yield from self._explained(mesh, pairs, lifted, _CODES[causes[0]], describe)

    def without_statements(
        self, free: Layers, pairs: list[Pair]
    ) -> Iterator[tuple[Pair, Unreachable]]:
        """Yield the pairs that the scenario's areas and changes keep apart."""
        closed_by = self._layers.conditions.changes.closed_by

        def describe(edge: int) -> tuple[str, Params]:
            road = self._layers.roads.id[edge]
            if edge in closed_by:
                return "closed", {"road": road, "change": closed_by[edge]}
            line = self._layers.roads.line[edge]
            area = next(p.id for p in _no_go(self._layers) if shapely.intersects(p.polygon, line))
            return "closed", {"road": road, "area": area}

        mesh = Mesh.of(free, self._profile, Criterion.TIME)
        yield from self._explained(mesh, pairs, Cause.STATED, "closed", describe)

    def _binds(self, cause: Cause) -> bool:
        return bool((self._closed & np.uint8(cause)).any())

    def _explained(
        self,
        mesh: Mesh,
        pairs: list[Pair],
        lifted: Cause,
        code: str,
        describe: Callable[[int], tuple[str, Params]],
    ) -> Iterator[tuple[Pair, Unreachable]]:
        """Yield the pairs that a mesh joins, with what closes the way otherwise."""
        origins = np.unique([origin for origin, _ in pairs])
        joined = mesh.graph.reaches(mesh.sources[origins], mesh.sinks)
        row = {int(origin): number for number, origin in enumerate(origins)}
        # What cuts a site off is the same from everywhere: one way in and one out are enough.
        known: dict[tuple[int, bool], tuple[str, Params]] = {}
        for pair in pairs:
            if not joined[row[pair[0]], pair[1]]:
                continue
            site = self._blame(pair)[0]
            key = (site, site == pair[0])
            if key not in known:
                edge, area = self._gap(mesh, pair, lifted)
                if edge is not None:
                    known[key] = describe(edge)
                else:
                    known[key] = code, ({} if area is None else {"area": area})
            yield pair, Unreachable(known[key][0], self._layers.sites.id[site], known[key][1])

    def _gap(self, mesh: Mesh, pair: Pair, lifted: Cause) -> tuple[int | None, str | None]:
        """Return the edge, or the no-go area on open ground, where the way is cut in truth."""
        graph, nodes = mesh.graph, len(self._layers.roads.node_xy)
        reached = self._reach(pair[0])
        tree = graph.tree(int(mesh.sources[pair[0]]))
        for arc in graph.path(tree, int(mesh.sinks[pair[1]])):
            ref, head = int(graph.ref[arc]), int(graph.matrix.indices[arc])
            # Behind an edge that is closed but can be gone round, the way is not cut yet.
            beyond = head >= nodes or not reached[head]
            if graph.kind[arc] == ROAD and beyond and self._closed[ref] & np.uint8(lifted):
                return ref, None
            if graph.kind[arc] == GROUND and lifted is Cause.STATED:
                area = self._area_on(mesh.overlay.cells_of(ref).tolist())
                if area is not None:
                    return None, area
        return None, None

    def _reach(self, origin: int) -> NDArray[np.bool_]:
        if origin not in self._reached:
            tree = self._mesh.graph.tree(int(self._mesh.sources[origin]))
            self._reached[origin] = tree >= 0
        return self._reached[origin]

    def _area_on(self, cells: Iterable[int]) -> str | None:
        return next(
            (
                place.id
                for cell in cells
                for place in _no_go(self._layers)
                if shapely.intersects(place.polygon, _box(self._layers, cell))
            ),
            None,
        )


def _needed(profile: Profile, cause: Cause) -> float | None:
    return {
        Cause.LOAD_CLASS: profile.load_class,
        Cause.WEIGHT: profile.gross_weight_t,
        Cause.HEIGHT: profile.height_m,
        Cause.WIDTH: profile.width_m,
    }[cause]


def _limit(layers: Layers, profile: Profile, cause: Cause) -> NDArray[np.float64]:
    roads = layers.roads
    if cause is Cause.LOAD_CLASS:
        classes = layers.moving(profile.mobility).classes
        limits = [layers.load_classes.of_class(mobility) for mobility in classes]
        return np.asarray(np.fmin.reduce(limits), np.float64)
    if cause is Cause.FORD:
        classes = layers.moving(profile.mobility).classes
        return np.full(len(roads), min(mobility.ford_depth_m for mobility in classes))
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
