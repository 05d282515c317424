"""Road edges as records, and what the planner's changes make of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from optimizer.scenario.model import Change, ChangeKind, Scenario
from optimizer.terrain.tables import default
from optimizer.terrain.theatre import Theatre

__all__ = ["NOT_LEFT", "Edge", "edges_of"]

#: Roads that are left and joined nowhere between their junctions.
NOT_LEFT = frozenset({"motorway", "motorway_link"})
#: Ways that a planner who points at a road does not mean.
_ON_FOOT = frozenset({"footway", "path", "steps"})


@dataclass(frozen=True, slots=True)
class Edge:
    """A row of the layer of roads, with the scenario's changes.

    The fields are those of ``docs/reference/theatre.md``; ``highway`` is ``class`` there.
    ``closed_by`` is the change that closes it, ``assessed_wheeled`` and ``assessed_tracked`` are
    the planner's load classes, ``limit_kmh`` his speed limit, ``spacing_m`` and ``spaced_kmh`` how
    far apart and how fast at most vehicles cross a bridge.
    """

    id: str
    way: str
    from_node: int
    to_node: int
    highway: str
    surface: str
    oneway: int
    bridge: bool
    tunnel: bool
    ford: bool
    max_weight_t: float | None
    mlc_wheeled: float | None
    mlc_tracked: float | None
    max_height_m: float | None
    max_width_m: float | None
    max_speed_kmh: float | None
    length_m: float
    from_z_m: float
    to_z_m: float
    line: shapely.LineString
    ford_depth_m: float | None = None
    closed_by: str | None = None
    assessed_wheeled: float | None = None
    assessed_tracked: float | None = None
    limit_kmh: float | None = None
    spacing_m: float | None = None
    spaced_kmh: float | None = None

    def point(self, along_m: float) -> tuple[float, float]:
        """Return a position on the edge.

        Parameters
        ----------
        along_m : float
            Metres from the start.

        Returns
        -------
        tuple of float
            Position (x, y).
        """
        share = min(max(along_m / self.length_m, 0.0), 1.0) if self.length_m else 0.0
        point = shapely.line_interpolate_point(self.line, share, normalized=True)
        return point.x, point.y

    def along_m(self, xy: tuple[float, float]) -> float:
        """Return where on the edge a position is.

        Parameters
        ----------
        xy : tuple of float
            Position (x, y) on or beside it.

        Returns
        -------
        float
            Metres from the start.
        """
        share = shapely.line_locate_point(self.line, shapely.Point(xy), normalized=True)
        return float(share) * self.length_m


def edges_of(theatre: Theatre, scenario: Scenario) -> Mapping[str, Edge]:
    """Read the edges of a theatre and lay a scenario's changes on them.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    scenario : Scenario
        Scenario.

    Returns
    -------
    mapping of str to Edge
        Edges by id, in the order of the layer.
    """
    frame = theatre.frame("roads")
    columns: dict[str, Sequence[Any]] = {
        field.name: frame["class" if field.name == "highway" else field.name].tolist()
        for field in dataclasses.fields(Edge)
        if field.name in frame.columns or field.name == "highway"
    }
    columns["line"] = list(frame.geometry.array)
    rows = zip(*columns.values(), strict=True)
    edges = [
        Edge(**{name: _known(value) for name, value in zip(columns, row, strict=True)})
        for row in rows
    ]
    changes = {edge.id: edge for edge in edges}
    for change in scenario.changes:
        for name in _concerned(change, edges, theatre):
            changes[name] = _changed(changes[name], change)
    return changes


def _known(value: Any) -> Any:  # noqa: ANN401 - a column may hold anything a GeoPackage can
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN


def _concerned(change: Change, edges: Sequence[Edge], theatre: Theatre) -> list[str]:
    bridges_only = change.kind in {ChangeKind.BRIDGE_OUT, ChangeKind.SPACING}
    if change.road is not None:
        return [
            edge.id
            for edge in edges
            if change.road in {edge.id, edge.way} and (edge.bridge or not bridges_only)
        ]
    if change.near is None:
        return []
    point = shapely.Point(theatre.to_ground.transform(*change.near.lonlat))
    if point.is_empty or not math.isfinite(point.x + point.y):
        return []
    far = [(float(shapely.distance(edge.line, point)), edge) for edge in edges]
    near = [(metres, edge) for metres, edge in far if metres <= default("change_m")]
    driven = [(d, e) for d, e in near if e.highway not in _ON_FOOT]
    bridges = [(d, e) for d, e in near if e.bridge]
    driven_bridges = [(d, e) for d, e in driven if e.bridge]
    groups = {
        ChangeKind.BRIDGE_OUT: (driven_bridges, bridges),
        ChangeKind.SPACING: (driven_bridges, bridges),
        ChangeKind.CLASS_ASSESSED: (driven_bridges, driven, near),
    }.get(change.kind, (driven, near))
    return _nearest(groups)


def _nearest(groups: Iterable[list[tuple[float, Edge]]]) -> list[str]:
    for group in groups:
        if group:
            # min() keeps the first of those equally near: the one with the smaller number.
            return [min(group, key=lambda pair: pair[0])[1].id]
    return []


def _changed(edge: Edge, change: Change) -> Edge:
    if change.kind is ChangeKind.CLASS_ASSESSED:
        return dataclasses.replace(
            edge,
            assessed_wheeled=_or(change.load_class_wheeled, edge.assessed_wheeled),
            assessed_tracked=_or(change.load_class_tracked, edge.assessed_tracked),
        )
    if change.kind is ChangeKind.SPEED_LIMITED:
        return dataclasses.replace(edge, limit_kmh=_or(change.speed_kmh, edge.limit_kmh))
    if change.kind is ChangeKind.SPACING:
        return dataclasses.replace(edge, spacing_m=change.spacing_m, spaced_kmh=change.speed_kmh)
    return dataclasses.replace(edge, closed_by=change.id)


def _or(new: float | None, old: float | None) -> float | None:
    return old if new is None else new
