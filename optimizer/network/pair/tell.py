"""One pair of places told in full: best paths, front, alternatives, profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from optimizer.errors import RefusedError
from optimizer.network.answers.alternatives import alternatives_of
from optimizer.network.answers.fronts import front_of
from optimizer.network.answers.joined import Joined, how_joined
from optimizer.network.answers.pieces import pieces_of
from optimizer.network.answers.profile import profile_of
from optimizer.network.answers.told import End, Told
from optimizer.network.search.graph import ROAD, Graph
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    from optimizer.network.from_theatre import TheatreGround
    from optimizer.network.ground import Course, Ground, Unreachable
    from optimizer.network.mesh.layers import Layers
    from optimizer.scenario.convoys import Profile

__all__ = ["reason", "tell", "tell_best"]

#: Why there is no way, by the code of the reason and what it names.
_WORDS = {
    "in_water": "{site} lies in water",
    "in_no_go": "{site} lies in an area that nobody may enter",
    "outside_theatre": "{site} lies outside the theatre",
    "cannot_enter": "the ground around {site} is closed to the class",
    "load_class": "{road} has the load class {limit:g}, and {needed:g} is needed",
    "weight": "{road} is posted for {limit:g} t, and {needed:g} t are needed",
    "height": "{road} has {limit:g} m of height, and {needed:g} m are needed",
    "width": "{road} has {limit:g} m of width, and {needed:g} m are needed",
    "ford": "{road} is a ford {needed:g} m deep, and the class passes {limit:g} m",
    "no_landing": "there is no navigable water within {limit:g} m of {site}",
    "no_waterway": "no navigable water leads to {site}",
    "in_no_fly": "{site} lies in the area {area}, which is closed to flying, or beside it",
    "ceiling": "a level of {needed:g} m would be needed, and the ceiling is {limit:g} m",
    "visibility": "the visibility is {limit:g} m, and {needed:g} m are needed to fly",
    "closed": "the areas and changes of the scenario close it",
    "closed change": "{road} is closed by the change {change}",
    "closed area": "the area {area} is closed on the way",
}


def tell(
    ground: TheatreGround,
    profile: Profile,
    origin: str,
    destination: str,
    *,
    criteria: Sequence[Criterion] = tuple(Criterion),
    front: bool = False,
    alternatives: int = 0,
    share: float = 0.6,
    along: bool = False,
) -> Told:
    """Tell of one pair what is asked.

    Parameters
    ----------
    ground : TheatreGround
        Ground of a scenario.
    profile : Profile
        What moves.
    origin, destination : str
        Two different sites.
    criteria : sequence of Criterion
        For which to find the best path; alternatives and the profile are for the first.
    front : bool
        Whether to find the front of time against exposure.
    alternatives : int
        How many paths to find beside the best, at most.
    share : float
        Most of a path's length that may be shared with any one better path.
    along : bool
        Whether to tell the profile of the best path.

    Returns
    -------
    Told
        Quantities are those of the ground's matrices.

    Raises
    ------
    RefusedError
        If there is no way, with the reason; or if the front is too large to be found.
    ValueError
        If a site is not there, or both are the same.
    """
    layers = ground.layers
    ids = layers.sites.id
    if origin == destination:
        raise ValueError(f"a way from {origin!r} to itself has no course")
    start, end = ids.index(origin), ids.index(destination)
    best = _best(ground, profile, (origin, destination), criteria)
    mesh = ground.mesh(profile, criteria[0])
    compromises = others = points = None
    if front:
        meshes = [ground.mesh(profile, c) for c in (Criterion.TIME, Criterion.EXPOSURE)]
        compromises = tuple(front_of(meshes, layers, (start, end)))
    if alternatives:
        others = tuple(alternatives_of(mesh, layers, (start, end), alternatives, share))
    tree = mesh.graph.tree(int(mesh.sources[start]))
    arcs = mesh.graph.path(tree, int(mesh.sinks[end]))
    if along:
        pieces = pieces_of(mesh, arcs)
        points = tuple(profile_of(pieces, layers, mesh.overlay.ground, layers.sites.xy[start]))
    joined = how_joined(layers, profile)
    ends = (
        _end(joined[start], layers, mesh.graph, arcs),
        _end(joined[end], layers, mesh.graph, arcs[::-1]),
    )
    return Told(origin, destination, profile, criteria[0], best, compromises, others, points, ends)


def _end(joined: Joined, layers: Layers, graph: Graph, arcs: Sequence[int]) -> End:
    """Return how a path begins, or how it ends if its arcs are given the other way round."""
    ground_m = 0.0
    for arc in arcs:
        if graph.kind[arc] == ROAD:
            return End(joined, ground_m, layers.roads.id[graph.ref[arc]])
        ground_m += float(graph.sums[arc, 1])
    return End(joined, ground_m, None)


def tell_best(
    ground: Ground,
    profile: Profile,
    origin: str,
    destination: str,
    criteria: Sequence[Criterion] = tuple(Criterion),
) -> Told:
    """Tell of one pair the best paths alone, whatever they lead through.

    Parameters
    ----------
    ground : Ground
        Ground of a scenario.
    profile : Profile
        What moves.
    origin, destination : str
        Two different sites.
    criteria : sequence of Criterion
        For which to find the best path.

    Returns
    -------
    Told
        Quantities are those of the ground's matrices.

    Raises
    ------
    RefusedError
        If there is no way, with the reason.
    """
    best = _best(ground, profile, (origin, destination), criteria)
    return Told(origin, destination, profile, criteria[0], best)


def _best(
    ground: Ground, profile: Profile, pair: tuple[str, str], criteria: Sequence[Criterion]
) -> dict[Criterion, Course]:
    for criterion in criteria:
        matrix = ground.matrix(profile, criterion)
        start, end = (matrix.sites.index(site) for site in pair)
        why = matrix.unreachable.get((start, end))
        if why is not None:
            raise RefusedError(f"no way from {pair[0]} to {pair[1]}: {reason(why)}")
    return {criterion: ground.course(profile, criterion, *pair) for criterion in criteria}


def reason(why: Unreachable) -> str:
    """Return why there is no way, as an English sentence without its full stop.

    Parameters
    ----------
    why : Unreachable
        Reason.

    Returns
    -------
    str
        Sentence.
    """
    known = next((f"{why.code} {name}" for name in ("change", "area") if name in why.params), "")
    words = _WORDS.get(known) or _WORDS.get(
        why.code, "no road and no open ground leads to or from {site}"
    )
    return words.format(site=why.site, **why.params)
