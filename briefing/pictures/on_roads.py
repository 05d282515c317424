"""What the roads of a way tell its drivers: where each part of it lies, bridges and fords."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from briefing.facts.bearing import Bearing
from briefing.pictures.fine_lines import tier_of
from briefing.pictures.mark import Mark, MarkKind, Rank
from optimizer.network.state.changes import edges_of
from optimizer.network.state.roads import Roads
from optimizer.plan.model import AirPart, GroundPart, Leg, LinkPart, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

__all__ = ["GroundOf", "Piece", "crossings", "pieces_of"]


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
        self._bearing = Bearing(theatre, roads, scenario)
        refs, names = frame["ref"].fillna("").astype(str), frame["name"].fillna("").astype(str)
        self.ref = refs.tolist()
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

    def load_class(
        self, edges: Sequence[int], profile: Profile, window: int
    ) -> tuple[float | None, bool]:
        """Return the least load class that binds a convoy on a bridge.

        Parameters
        ----------
        edges : sequence of int
            Edges of the bridge.
        profile : Profile
            The convoy's profile.
        window : int
            Window of the leg.

        Returns
        -------
        float or None, bool
            MLC, and whether it is assumed.
        """
        found = []
        _, classes = self._bearing.during(window)
        for tracked in sorted({mobility_class(name).tracked for name in profile.mobility}):
            values = classes.tracked if tracked else classes.wheeled
            guessed = classes.tracked_assumed if tracked else classes.wheeled_assumed
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


def crossings(
    pieces: Sequence[Piece], ground: GroundOf, profile: Profile, window: int
) -> Iterator[Mark]:
    """Yield bridges and fords, edges that follow each other as one.

    Parameters
    ----------
    pieces : sequence of Piece
        A path.
    ground : GroundOf
        The roads.
    profile : Profile
        The convoy's profile.
    window : int
        Window of the leg.

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
            yield _crossing(kind, run, ground, profile, window)
        if found is not kind:
            run = []
        kind = found
        run.append(piece)


def _crossing(
    kind: MarkKind, run: Sequence[Piece], ground: GroundOf, profile: Profile, window: int
) -> Mark:
    edges = [piece.edge for piece in run]
    at_m = run[0].start_m
    if kind is MarkKind.FORD:
        return Mark(at_m, kind, Rank.NEEDED)
    load_class, assumed = ground.load_class(edges, profile, window)
    return Mark(
        at_m,
        kind,
        Rank.BRIDGE,
        load_class=load_class,
        assumed=assumed,
        edges=frozenset(ground.roads.id[edge] for edge in edges),
    )
