"""A planner's changes on the roads: which edges each concerns, and what it does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.state.roads import FOR_WALKERS
from optimizer.scenario.model import Change, ChangeKind
from optimizer.terrain.tables import default

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Theatre

__all__ = ["Changes", "edges_of"]


@dataclass(frozen=True)
class Changes:
    """What a scenario's changes do.

    Parameters
    ----------
    closed_by : mapping of int to str
        The change that closes an edge, by edge.
    mlc_wheeled, mlc_tracked : ndarray of float64, shape (edges,)
        The planner's assessment; NaN where there is none.
    speed_kmh : ndarray of float64, shape (edges,)
        The planner's limit; infinite where there is none.
    spacing_m : ndarray of float64, shape (edges,)
        The least distance between vehicles on a bridge; 0 where none is stated.
    spaced_kmh : ndarray of float64, shape (edges,)
        The most that they may drive at that distance; infinite where nothing is said.
    without_effect : tuple of str
        Changes that concern no edge of the theatre.
    """

    closed_by: dict[int, str]
    mlc_wheeled: NDArray[np.float64]
    mlc_tracked: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    spacing_m: NDArray[np.float64]
    spaced_kmh: NDArray[np.float64]
    without_effect: tuple[str, ...]

    @classmethod
    def of(cls, changes: Sequence[Change], roads: Roads, theatre: Theatre) -> Changes:
        """Lay the changes of a scenario on the roads.

        Parameters
        ----------
        changes : sequence of Change
            Changes; of several of one kind on one edge the last holds.
        roads : Roads
            Roads.
        theatre : Theatre
            Theatre that they lie in.

        Returns
        -------
        Changes
            What they do.
        """
        closed_by: dict[int, str] = {}
        wheeled, tracked = np.full(len(roads), np.nan), np.full(len(roads), np.nan)
        speed_kmh = np.full(len(roads), np.inf)
        spacing_m, spaced_kmh = np.zeros(len(roads)), np.full(len(roads), np.inf)
        idle = []
        for change in changes:
            edges = edges_of(change, roads, theatre)
            if not edges.size:
                idle.append(change.id)
            elif change.kind is ChangeKind.CLASS_ASSESSED:
                if change.load_class_wheeled is not None:
                    wheeled[edges] = change.load_class_wheeled
                if change.load_class_tracked is not None:
                    tracked[edges] = change.load_class_tracked
            elif change.kind is ChangeKind.SPEED_LIMITED:
                if change.speed_kmh is not None:
                    speed_kmh[edges] = change.speed_kmh
            elif change.kind is ChangeKind.SPACING:
                spacing_m[edges] = change.spacing_m or 0.0
                spaced_kmh[edges] = np.inf if change.speed_kmh is None else change.speed_kmh
            else:
                closed_by.update(dict.fromkeys(edges.tolist(), change.id))
        return cls(closed_by, wheeled, tracked, speed_kmh, spacing_m, spaced_kmh, tuple(idle))


def edges_of(change: Change, roads: Roads, theatre: Theatre) -> NDArray[np.int64]:
    """Return the edges that a change concerns, as ``docs/reference/mobility.md`` says.

    Parameters
    ----------
    change : Change
        Change.
    roads : Roads
        Roads.
    theatre : Theatre
        Theatre that they lie in.

    Returns
    -------
    ndarray of int64, shape (edges concerned,)
        Edges, in rising order; none if the theatre has no such road.
    """
    bridges_only = change.kind in {ChangeKind.BRIDGE_OUT, ChangeKind.SPACING}
    if change.road is not None:
        named = [
            edge
            for edge, (name, way) in enumerate(zip(roads.id, roads.way, strict=True))
            if change.road in (name, way) and (roads.bridge[edge] or not bridges_only)
        ]
        return np.array(named, np.int64)
    if change.near is None:
        return np.empty(0, np.int64)
    x, y = theatre.to_ground.transform(*change.near.lonlat)
    if not np.isfinite([x, y]).all():
        return np.empty(0, np.int64)
    point = shapely.Point(x, y)
    near = np.sort(roads.tree.query(point, predicate="dwithin", distance=default("change_m")))
    bridge, driven = roads.bridge[near], ~np.isin(roads.highway[near], sorted(FOR_WALKERS))
    # The first group that is not empty is meant.
    groups = {
        ChangeKind.BRIDGE_OUT: (bridge & driven, bridge),
        ChangeKind.SPACING: (bridge & driven, bridge),
        ChangeKind.CLASS_ASSESSED: (bridge & driven, driven, np.ones_like(driven)),
    }.get(change.kind, (driven, np.ones_like(driven)))
    meant = next((near[group] for group in groups if group.any()), near[:0])
    if not meant.size:
        return np.empty(0, np.int64)
    nearest = meant[np.argmin(shapely.distance(roads.line[meant], point))]
    return np.array([nearest], np.int64)
