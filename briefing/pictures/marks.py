"""What a driver meets along a leg: bridges, fords, turns, areas, changes, open ground."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.ground import tier_of
from briefing.pictures.sheet import Projection
from optimizer.network.changes import Changes, edges_of
from optimizer.network.restrictions import LoadClasses
from optimizer.network.roads import Roads
from optimizer.plan.model import GroundPart, Leg, LinkPart, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Area, Change, Scenario
from optimizer.terrain.tables import default, mobility_class
from optimizer.terrain.theatre import Theatre

__all__ = ["ENDS_M", "GroundOf", "Mark", "MarkKind", "Rank", "marks_of"]

Points = NDArray[np.float64]
#: A turn is read over so many metres before and after it.
_TURN_OVER_M = 35.0
_TURN_DEG, _BACK_DEG = 38.0, 168.0
#: What lies nearer to the ends of a leg belongs to the site.
ENDS_M = 60.0
#: Of two turns nearer than this, a roundabout or a slip road, the second tells where to go.
_SAME_TURN_M = 70.0
#: A bridge that bears less than so many times what the convoy needs is worth a look.
_AMPLE = 1.5


class MarkKind(enum.Enum):
    """What is met."""

    BRIDGE = "bridge"
    FORD = "ford"
    LEFT = "left"
    RIGHT = "right"
    STRAIGHT = "straight"
    TAKE = "take"
    BACK = "back"
    REJOIN = "rejoin"
    OFF_ROAD = "off_road"
    ENTER = "enter"
    LEAVE = "leave"
    CHANGE = "change"


class Rank(enum.IntEnum):
    """How much a driver needs it; what finds no room is left out from the end."""

    NEEDED = 0
    TURN = 1
    UNNAMED_TURN = 2
    BRIDGE = 3
    CLASS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """Something met along a leg.

    Parameters
    ----------
    at_m : float
        Metres from the start of the leg.
    kind : MarkKind
        What it is.
    rank : Rank
        How much it is needed.
    road : str
        Reference or name of a road, empty where it has none.
    tier : str
        Tier of a road.
    load_class : float or None
        Of a bridge, the least that binds the convoy.
    assumed : bool
        Whether that is the usual one of such roads.
    stated : Area, Change or None
        What was stated of the ground there.
    beside : bool
        Whether that lies only beside the way.
    """

    at_m: float
    kind: MarkKind
    rank: Rank
    road: str = ""
    tier: str = ""
    load_class: float | None = None
    assumed: bool = False
    stated: Area | Change | None = None
    beside: bool = False


class GroundOf:
    """The roads of a theatre under what a scenario states of them.

    Parameters
    ----------
    theatre : Theatre
        The theatre that the plan was made on.
    scenario : Scenario
        Scenario of the plan.
    """

    def __init__(self, theatre: Theatre, scenario: Scenario) -> None:
        roads = Roads.of(theatre)
        frame = theatre.frame("roads")
        self.roads = roads
        self.cell_m = theatre.grid.resolution_m
        self.number = {name: edge for edge, name in enumerate(roads.id)}
        self.classes = LoadClasses.of(roads, Changes.of(scenario.changes, roads, theatre))
        refs, names = frame["ref"].fillna("").astype(str), frame["name"].fillna("").astype(str)
        self.name = [
            ref or ("" if bridge else name)
            for ref, name, bridge in zip(refs, names, roads.bridge, strict=True)
        ]
        self.tier = [tier_of(str(value)) for value in roads.highway]
        self.degree = np.bincount(
            np.concatenate((roads.tail, roads.head)), minlength=len(roads.node_xy)
        )
        self.changed: Mapping[str, frozenset[int]] = {
            change.id: frozenset(edges_of(change, roads, theatre).tolist())
            for change in scenario.changes
        }

    def load_class(self, edges: Sequence[int], profile: Profile) -> tuple[float | None, bool]:
        """Return the least load class that binds a convoy on a bridge.

        Parameters
        ----------
        edges : sequence of int
            Edges of the bridge.
        profile : Profile
            The convoy's profile.

        Returns
        -------
        float or None, bool
            MLC, and whether it is assumed.
        """
        found = []
        for tracked in sorted({mobility_class(name).tracked for name in profile.mobility}):
            values = self.classes.tracked if tracked else self.classes.wheeled
            guessed = self.classes.tracked_assumed if tracked else self.classes.wheeled_assumed
            found += [
                (float(values[edge]), bool(guessed[edge]))
                for edge in edges
                if not math.isnan(values[edge])
            ]
        return min(found, default=(None, False), key=lambda pair: pair[0] or 0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a path: on which edge (-1 off the roads), from where to where along the leg."""

    edge: int
    start_m: float
    end_m: float
    node: int


def marks_of(
    leg: Leg,
    line: Points,
    scenario: Scenario,
    projection: Projection,
    *,
    profile: Profile,
    ground: GroundOf | None,
) -> list[Mark]:
    """Return what is met along a leg.

    Parameters
    ----------
    leg : Leg
        The leg.
    line : ndarray of float64, shape (points, 2)
        Its course, metres.
    scenario : Scenario
        Scenario of the plan.
    projection : Projection
        The reference system of `line`.
    profile : Profile
        The convoy's profile.
    ground : GroundOf or None
        The roads; without them areas and changes alone are known.

    Returns
    -------
    list of Mark
        In the order in which they are met.
    """
    if len(line) < 2:  # noqa: PLR2004 - a line has two ends
        return []
    marks = [*_areas(leg, line, scenario, projection)]
    pieces = _pieces(leg, ground) if ground is not None else []
    if ground is not None and pieces:
        marks += _crossings(pieces, ground, profile)
        marks += _turns(pieces, line, leg, ground)
    met_on = _met_on(pieces, ground) if ground is not None else {}
    marks += _changes(leg, shapely.LineString(line), scenario, projection, met_on)
    return sorted(marks, key=lambda mark: (mark.at_m, mark.rank, mark.kind.value))


def _pieces(leg: Leg, ground: GroundOf) -> list[_Piece]:
    if leg.path is None:
        return []
    measured: list[tuple[int, float, int]] = []
    for part in leg.path.parts:
        match part:
            case RoadPart():
                edge = ground.number.get(part.edge, -1)
                ahead = part.to_m >= part.from_m
                node = (
                    -1
                    if edge < 0
                    else int((ground.roads.tail if ahead else ground.roads.head)[edge])
                )
                measured.append((edge, abs(part.to_m - part.from_m), node))
            case GroundPart():
                cells = np.array(part.cells, np.float64)
                steps = np.hypot(*np.diff(cells, axis=0).T).sum() if len(cells) > 1 else 0.0
                measured.append((-1, float(steps) * ground.cell_m, -1))
            case LinkPart():
                measured.append((-1, math.dist(part.start, part.end), -1))
    whole = sum(length for _, length, _ in measured)
    factor = leg.distance_m / whole if whole else 0.0
    pieces, at = [], 0.0
    for edge, length, node in measured:
        pieces.append(_Piece(edge, at * factor, (at + length) * factor, node))
        at += length
    return pieces


def _crossings(pieces: Sequence[_Piece], ground: GroundOf, profile: Profile) -> Iterator[Mark]:
    """Yield bridges and fords, edges that follow each other as one."""
    run: list[_Piece] = []
    kind: MarkKind | None = None
    for piece in (*pieces, _Piece(-1, 0, 0, -1)):
        found = None
        if piece.edge >= 0:
            found = MarkKind.BRIDGE if ground.roads.bridge[piece.edge] else None
            found = MarkKind.FORD if ground.roads.ford[piece.edge] else found
        if found is not kind and kind is not None:
            yield _crossing(kind, run, ground, profile)
        if found is not kind:
            run = []
        kind = found
        run.append(piece)


def _crossing(kind: MarkKind, run: Sequence[_Piece], ground: GroundOf, profile: Profile) -> Mark:
    edges = [piece.edge for piece in run]
    at_m = run[0].start_m
    if kind is MarkKind.FORD:
        return Mark(at_m, kind, Rank.NEEDED)
    load_class, assumed = ground.load_class(edges, profile)
    needed = profile.load_class or 0.0
    tight = load_class is not None and load_class < _AMPLE * needed
    return Mark(
        at_m, kind, Rank.NEEDED if tight else Rank.BRIDGE, load_class=load_class, assumed=assumed
    )


_TURNS = frozenset({MarkKind.LEFT, MarkKind.RIGHT, MarkKind.STRAIGHT, MarkKind.BACK})


def _turns(pieces: Sequence[_Piece], line: Points, leg: Leg, ground: GroundOf) -> list[Mark]:
    """Return where the road changes, or where it forks and the way turns off."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    reached = np.concatenate(([0.0], np.cumsum(steps)))
    scale = reached[-1] / leg.distance_m if leg.distance_m else 1.0
    marks = _taken(pieces, ground)
    before: _Piece | None = None
    for piece in pieces:
        if not ENDS_M <= piece.start_m <= leg.distance_m - ENDS_M and piece.edge >= 0:
            before = piece
            continue
        if piece.edge < 0:
            if piece.end_m - piece.start_m > 2 * _TURN_OVER_M and (
                before is None or before.edge >= 0
            ):
                marks.append(Mark(piece.start_m, MarkKind.OFF_ROAD, Rank.NEEDED))
            before = piece if piece.end_m - piece.start_m > 2 * _TURN_OVER_M else before
            continue
        if ground.roads.bridge[piece.edge] and not ground.name[piece.edge]:
            # A bridge without a reference of its own goes on with the road.
            continue
        if before is not None and before.edge != piece.edge:
            angle = _angle(line, reached, piece.start_m * scale)
            mark = _turn(before, piece, angle, ground)
            if mark is not None:
                if marks and marks[-1].kind in _TURNS and mark.at_m - marks[-1].at_m < _SAME_TURN_M:
                    marks.pop()
                marks.append(mark)
        before = piece
    return marks


def _taken(pieces: Sequence[_Piece], ground: GroundOf) -> list[Mark]:
    """Return the road that a leg begins on, once the yard of the site is left."""
    on_road = [piece for piece in pieces if piece.edge >= 0]
    if not on_road or on_road[0].start_m > 2 * _TURN_OVER_M:
        return []
    first = next((piece for piece in on_road if piece.end_m > ENDS_M), on_road[-1])
    name, tier = ground.name[first.edge], ground.tier[first.edge]
    rank = Rank.TURN if name else Rank.UNNAMED_TURN
    return [Mark(on_road[0].start_m, MarkKind.TAKE, rank, road=name, tier=tier)]


def _turn(before: _Piece, piece: _Piece, angle: float, ground: GroundOf) -> Mark | None:
    name, tier = ground.name[piece.edge], ground.tier[piece.edge]
    kind = MarkKind.STRAIGHT
    if abs(angle) >= _BACK_DEG:
        kind = MarkKind.BACK
    elif abs(angle) >= _TURN_DEG:
        kind = MarkKind.RIGHT if angle > 0 else MarkKind.LEFT
    if before.edge < 0:
        return Mark(piece.start_m, MarkKind.REJOIN, Rank.NEEDED, road=name, tier=tier)
    renamed = name != ground.name[before.edge]
    reclassed = tier != ground.tier[before.edge]
    forks = piece.node >= 0 and ground.degree[piece.node] > 2  # noqa: PLR2004 - three roads make a fork
    # A bend of the same road at a fork is no turn: it goes on under its name.
    if kind is not MarkKind.STRAIGHT and forks and (renamed or reclassed or not name):
        rank = Rank.TURN if name else Rank.UNNAMED_TURN
        return Mark(piece.start_m, kind, rank, road=name, tier=tier)
    if renamed and name:
        return Mark(piece.start_m, kind, Rank.CLASS, road=name, tier=tier)
    if reclassed and not name:
        return Mark(piece.start_m, kind, Rank.CLASS, tier=tier)
    return None


def _angle(line: Points, reached: Points, at: float) -> float:
    """Return by how many degrees a line turns to the right at a distance along it."""

    def position(distance: float) -> Points:
        return np.array([np.interp(distance, reached, line[:, i]) for i in (0, 1)])

    here = position(at)
    come, go = here - position(at - _TURN_OVER_M), position(at + _TURN_OVER_M) - here
    turn = math.atan2(come[0] * go[1] - come[1] * go[0], float(come @ go))
    return -math.degrees(turn)


def _areas(leg: Leg, line: Points, scenario: Scenario, projection: Projection) -> Iterator[Mark]:
    course = shapely.LineString(line)
    scale = leg.distance_m / course.length if course.length else 0.0
    for area in scenario.areas:
        shape = shapely.make_valid(shapely.Polygon(projection.points(list(area.polygon))))
        inside = shapely.get_parts(shapely.intersection(course, shape))
        spans = sorted(
            (min(ends), max(ends))
            for part in inside
            if part.geom_type == "LineString" and not part.is_empty
            for ends in [[float(course.project(shapely.Point(part.coords[i]))) for i in (0, -1)]]
        )
        for start, end in _joined(spans):
            yield Mark(start * scale, MarkKind.ENTER, Rank.NEEDED, stated=area)
            yield Mark(end * scale, MarkKind.LEAVE, Rank.NEEDED, stated=area)


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join spans that touch: one edge of an area may cut a bend of the road several times."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + _SAME_TURN_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _met_on(pieces: Sequence[_Piece], ground: GroundOf) -> dict[str, float]:
    """Return the changes whose edges a path uses, and where it first does."""
    found: dict[str, float] = {}
    for change, edges in ground.changed.items():
        first = next((piece.start_m for piece in pieces if piece.edge in edges), None)
        if first is not None:
            found[change] = first
    return found


def _changes(
    leg: Leg,
    course: shapely.LineString,
    scenario: Scenario,
    projection: Projection,
    met_on: Mapping[str, float],
) -> Iterator[Mark]:
    """Yield the changes whose road the leg drives on, and those beside it."""
    scale = leg.distance_m / course.length if course.length else 0.0
    for change in scenario.changes:
        if change.id in met_on:
            yield Mark(met_on[change.id], MarkKind.CHANGE, Rank.NEEDED, stated=change)
        elif change.near is not None:
            here = shapely.Point(projection.points([change.near.lonlat])[0])
            if course.distance(here) <= default("change_m"):
                at_m = float(course.project(here)) * scale
                yield Mark(at_m, MarkKind.CHANGE, Rank.NEEDED, stated=change, beside=True)
