"""Where the way of a leg turns, and where it takes another road."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from briefing.pictures.mark import ENDS_M, Mark, MarkKind, Rank
from briefing.pictures.on_roads import GroundOf, Piece
from optimizer.plan.model import Leg

__all__ = ["SAME_M", "turns"]

Points = NDArray[np.float64]
#: A turn is read over so many metres before and after it.
_TURN_OVER_M = 35.0
_TURN_DEG, _BACK_DEG = 38.0, 168.0
#: Of two turns nearer than this, a roundabout or a slip road, the second tells where to go.
SAME_M = 70.0
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
    ref = ""
    for piece, following in zip(pieces, _refs(pieces, ground), strict=True):
        ref, last = following, ref
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
            mark = _turn(before, piece, angle, ground, renumbered=not _same(ref, last))
            if mark is not None:
                if marks and marks[-1].kind in _TURNS and mark.at_m - marks[-1].at_m < SAME_M:
                    marks.pop()
                marks.append(mark)
        before = piece
    return list(_without_repeats(marks))


def _taken(pieces: Sequence[Piece], ground: GroundOf) -> list[Mark]:
    """Return the road that a leg begins on, once the yard of the site is left."""
    on_road = [piece for piece in pieces if piece.edge >= 0]
    if not on_road or on_road[0].start_m > 2 * _TURN_OVER_M:
        return []
    first = next((piece for piece in on_road if piece.end_m > ENDS_M), on_road[-1])
    name, tier = ground.name[first.edge], ground.tier[first.edge]
    rank = Rank.TURN if name else Rank.UNNAMED_TURN
    return [Mark(on_road[0].start_m, MarkKind.TAKE, rank, road=name, tier=tier)]


def _refs(pieces: Sequence[Piece], ground: GroundOf) -> Iterator[str]:
    """Yield the number of the road that each part lies on, or of the last that had one."""
    ref = ""
    for piece in pieces:
        ref = (ground.ref[piece.edge] if piece.edge >= 0 else "") or ref
        yield ref


def _same(one: str, other: str) -> bool:
    """Tell whether two references are of one road: it may have several, and each be spelt anew."""
    if one == other:
        return True
    refs = [{re.sub(r"[\s-]", "", ref).upper() for ref in text.split(";")} for text in (one, other)]
    return not refs[0].isdisjoint(refs[1])


def _without_repeats(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Yield the marks of a way but those that lead straight on along the road last told."""
    on: str | None = None
    for mark in marks:
        road = mark.road or f"tier {mark.tier}"
        if mark.kind is MarkKind.STRAIGHT and on is not None and _same(road, on):
            continue
        on = None if mark.kind is MarkKind.OFF_ROAD else road
        yield mark


def _turn(
    before: Piece, piece: Piece, angle: float, ground: GroundOf, *, renumbered: bool
) -> Mark | None:
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
        # Where roads fork, that of another number is another road, even straight on.
        taken = renumbered and forks and ground.ref[piece.edge]
        rank = Rank.TURN if taken else Rank.CLASS
        return Mark(piece.start_m, kind, rank, road=name, tier=tier)
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
