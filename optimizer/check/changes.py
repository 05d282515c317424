"""Changes of roads and bridges against the ground: a change that meets nothing is a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from optimizer.faults import Fault, Severity
from optimizer.scenario.model import Change, ChangeKind, Position, Scenario
from optimizer.scenario.names import nearest
from optimizer.scenario.places import pointer
from optimizer.terrain.tables import default
from optimizer.terrain.theatre import Theatre

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["changes"]

#: Roads whose distances from the position differ by less than this are about equally near: it is
#: what a position taken from a map is worth, and the distance between the two sides of a motorway.
_AMBIGUOUS_M = 25
_SHOWN = 4
#: Kinds that concern bridges alone, and the kind that does the like to a road.
_FOR_ROADS = {
    ChangeKind.BRIDGE_OUT: ChangeKind.ROAD_CUT,
    ChangeKind.SPACING: ChangeKind.SPEED_LIMITED,
}
_FOOTWAYS = ("footway", "path", "steps")


def changes(scenario: Scenario, theatre: Theatre) -> Iterator[Fault]:
    """Check what each change concerns.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Theatre
        Its theatre.

    Yields
    ------
    Fault
        An error for each change that meets nothing, a warning where it is not clear what is meant.
    """
    if not scenario.changes:
        return
    roads = theatre.frame("roads")
    for i, change in enumerate(scenario.changes):
        if change.road is not None:
            yield from _named(change, change.road, roads, pointer("changes", i, "road"))
        elif change.near is not None:
            yield from _near(change, change.near, theatre, pointer("changes", i, "near"))


def _named(change: Change, name: str, roads: gpd.GeoDataFrame, place: str) -> Iterator[Fault]:
    meant = ((roads["id"] == name) | (roads["way"] == name)).to_numpy()
    if not meant.any():
        known = set(roads["way"]) | set(roads["id"])
        params = {"road": name, "near": nearest(name, _alike(name, known))}
        yield Fault("ground.change_no_road", place, params)
    elif change.kind in _FOR_ROADS and not roads["bridge"].to_numpy(bool)[meant].any():
        params = {"road": name, "other": _FOR_ROADS[change.kind].value}
        yield Fault("ground.change_no_bridge", place, params)


def _alike(name: str, known: set[str]) -> set[str]:
    """Return the names that begin alike: likeness to 100,000 ways takes a minute to work out."""
    for length in range(len(name), 0, -1):
        found = {other for other in known if other.startswith(name[:length])}
        if found:
            return set(sorted(found)[:200])
    return set(sorted(known)[:200])


def _near(change: Change, position: Position, theatre: Theatre, place: str) -> Iterator[Fault]:
    roads = theatre.frame("roads")
    point = shapely.Point(theatre.to_ground.transform(*position.lonlat))
    distance_m: NDArray[np.float64] = roads.geometry.distance(point).to_numpy()
    limit_m = default("change_m")
    wanted = _concerned(change.kind, roads, distance_m <= limit_m)
    if not wanted.any() or distance_m[wanted].min() > limit_m:
        nearest_m = round(float(distance_m[wanted].min())) if wanted.any() else -1
        params: dict[str, Any] = {
            "kind": change.kind.value,
            "limit_m": round(limit_m),
            "nearest_m": nearest_m,
        }
        yield Fault("ground.change_nothing_near", place, params)
        return
    close = wanted & (distance_m <= distance_m[wanted].min() + _AMBIGUOUS_M)
    # Edges that follow each other along one way are one road to the planner.
    ways = list(dict.fromkeys(roads["way"][close]))
    if len(ways) > 1:
        shown = ", ".join(ways[:_SHOWN]) + (", ..." if len(ways) > _SHOWN else "")
        yield Fault(
            "ground.change_several",
            place,
            {"number": len(ways), "roads": shown},
            Severity.WARNING,
        )


def _concerned(
    kind: ChangeKind, roads: gpd.GeoDataFrame, within: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    bridge: NDArray[np.bool_] = roads["bridge"].to_numpy(bool)
    if kind in _FOR_ROADS or (kind is ChangeKind.CLASS_ASSESSED and (bridge & within).any()):
        return bridge
    driven: NDArray[np.bool_] = ~roads["class"].isin(_FOOTWAYS).to_numpy(bool)
    return driven if (driven & within).any() else np.ones(len(roads), bool)
