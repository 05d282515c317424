"""What the roads of a way tell its drivers: bridges, fords, and where to turn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.pictures.fine_lines import tier_of
from briefing.pictures.mark import ENDS_M, Mark, MarkKind, Rank
from optimizer.network.state.changes import Changes, edges_of
from optimizer.network.state.restrictions import LoadClasses
from optimizer.network.state.roads import Roads
from optimizer.plan.model import AirPart, GroundPart, Leg, LinkPart, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

__all__ = ["SAME_M", "GroundOf", "Piece", "crossings", "pieces_of", "turns"]

Points = NDArray[np.float64]
#: A turn is read over so many metres before and after it.
_TURN_OVER_M = 35.0
_TURN_DEG, _BACK_DEG = 38.0, 168.0
#: Of two turns nearer than this, a roundabout or a slip road, the second tells where to go.
SAME_M = 70.0
#: A bridge that bears less than so many times what the convoy needs is worth a look.
_AMPLE = 1.5


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
class Piece:
    """A part of a path: on which edge (-1 off the roads), from where to where along the leg."""

    edge: int
    start_m: float
    end_m: float
    node: int


def pieces_of(leg: Leg, ground: GroundOf) -> list[Piece]:
    """Return the parts of a leg's path with where along the leg they lie.

    Parameters
    ----------
    leg : Leg
        The leg.
    ground : GroundOf
        The roads.

    Returns
    -------
    list of Piece
        In order; none for a leg without a path.
    """
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
            case AirPart():
                flown = np.hypot(*np.diff(np.array(part.points), axis=0).T).sum()
                measured.append((-1, float(flown), -1))
            case LinkPart():
                measured.append((-1, math.dist(part.start, part.end), -1))
    whole = sum(length for _, length, _ in measured)
    factor = leg.distance_m / whole if whole else 0.0
    pieces, at = [], 0.0
    for edge, length, node in measured:
        pieces.append(Piece(edge, at * factor, (at + length) * factor, node))
        at += length
    return pieces


def crossings(pieces: Sequence[Piece], ground: GroundOf, profile: Profile) -> Iterator[Mark]:
    """Yield bridges and fords, edges that follow each other as one.

    Parameters
    ----------
    pieces : sequence of Piece
        A path.
    ground : GroundOf
        The roads.
    profile : Profile
        The convoy's profile.

    Yields
    ------
    Mark
        In order.
    """
    run: list[Piece] = []
    kind: MarkKind | None = None
    for piece in (*pieces, Piece(-1, 0, 0, -1)):
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


def _crossing(kind: MarkKind, run: Sequence[Piece], ground: GroundOf, profile: Profile) -> Mark:
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


def turns(pieces: Sequence[Piece], line: Points, leg: Leg, ground: GroundOf) -> list[Mark]:
    """Return where the road changes, or where it forks and the way turns off.

    Parameters
    ----------
    pieces : sequence of Piece
        A path.
    line : ndarray of float64, shape (points, 2)
        Its course, metres.
    leg : Leg
        The leg.
    ground : GroundOf
        The roads.

    Returns
    -------
    list of Mark
        In order, from the road that the leg begins on.
    """
    steps = np.hypot(*np.diff(line, axis=0).T)
    reached = np.concatenate(([0.0], np.cumsum(steps)))
    scale = reached[-1] / leg.distance_m if leg.distance_m else 1.0
    marks = _taken(pieces, ground)
    before: Piece | None = None
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
                if marks and marks[-1].kind in _TURNS and mark.at_m - marks[-1].at_m < SAME_M:
                    marks.pop()
                marks.append(mark)
        before = piece
    return marks


def _taken(pieces: Sequence[Piece], ground: GroundOf) -> list[Mark]:
    """Return the road that a leg begins on, once the yard of the site is left."""
    on_road = [piece for piece in pieces if piece.edge >= 0]
    if not on_road or on_road[0].start_m > 2 * _TURN_OVER_M:
        return []
    first = next((piece for piece in on_road if piece.end_m > ENDS_M), on_road[-1])
    name, tier = ground.name[first.edge], ground.tier[first.edge]
    rank = Rank.TURN if name else Rank.UNNAMED_TURN
    return [Mark(on_road[0].start_m, MarkKind.TAKE, rank, road=name, tier=tier)]


def _turn(before: Piece, piece: Piece, angle: float, ground: GroundOf) -> Mark | None:
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
