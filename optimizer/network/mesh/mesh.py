"""The small graph of a profile and criterion: roads, ways over open ground, sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.layers import WEIGHTS
from optimizer.network.search.graph import GROUND, LINK_CONNECTOR, LINK_SITE, ROAD, Arcs, Graph
from optimizer.network.state.parts import largest_part
from optimizer.network.state.restrictions import Cause
from optimizer.network.state.sites import Join, joins
from optimizer.progress import Advance, silent
from optimizer.terrain.tables import default

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers, Moving
    from optimizer.network.mesh.overlay import Overlay
    from optimizer.network.state.speeds import EdgeSums
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion

__all__ = ["Mesh"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Mesh:
    """The small graph of a profile and criterion, and what its parts stand for.

    Nodes are the nodes of the roads, the terminals of the overlay, two for each site (where paths
    begin, and where they end) and two for each point where a site is joined to a road, so that no
    path leads through a site.

    Parameters
    ----------
    graph : Graph
        Graph.
    overlay : Overlay
        The ways that its ground arcs stand for.
    sources, sinks : ndarray of int32, shape (sites,)
        Nodes where paths from and to each site begin and end.
    on_road : ndarray of bool, shape (sites,)
        Sites that are joined to a road; the others are reached over the ground, if at all.
    first_terminal : int
        Node of the first terminal.
    stands : ndarray of int32, shape (sites,)
        Terminal of each site that is reached over the ground, -1 for the others.
    """

    graph: Graph
    overlay: Overlay
    sources: Ints
    sinks: Ints
    on_road: Flags
    first_terminal: int
    stands: Ints

    @classmethod
    def of(
        cls,
        layers: Layers,
        profile: Profile,
        criterion: Criterion,
        *,
        lifted: Cause = Cause.NONE,
        advance: Advance = silent,
    ) -> Mesh:
        """Build the graph.

        Parameters
        ----------
        layers : Layers
            Roads and open ground under the conditions of the scenario.
        profile : Profile
            Profile.
        criterion : Criterion
            What paths are best for.
        lifted : Cause
            Causes that close no edge this time.
        advance : callable
            Told of progress.

        Returns
        -------
        Mesh
            Graph and what its parts stand for.
        """
        roads, sites = layers.roads, layers.sites
        moving, edges = layers.moving(profile.mobility), layers.edges(profile)
        overlay = layers.overlay(profile.mobility, criterion, advance)
        is_open = (layers.closures(profile) & ~np.uint8(lifted)) == 0
        ahead, behind = is_open & moving.forward, is_open & moving.against
        joined = joins(
            sites,
            roads,
            layers.waters,
            layers.conditions.areas,
            is_open=is_open,
            in_body=largest_part(roads, ahead, behind),
        )
        first_terminal = len(roads.node_xy)
        sources = np.arange(len(sites), dtype=np.int32) + first_terminal + len(overlay.terminal)
        sinks = sources + np.int32(len(sites))
        first_join = first_terminal + len(overlay.terminal) + 2 * len(sites)
        on_ground = _on_ground(layers, moving, joined)
        arcs = [
            _edges(roads.tail, roads.head, roads.length_m, edges.forward, ahead),
            _edges(roads.head, roads.tail, -roads.length_m, edges.against, behind),
            *_connectors(layers, moving, overlay, first_terminal),
            _ways(overlay, first_terminal),
            *_joins(layers, edges, joined, ahead=ahead, behind=behind, first_join=first_join),
            *_links(layers, joined, sources, sinks, first_join),
            *_stands(
                layers,
                overlay,
                on_ground,
                sources=sources,
                sinks=sinks,
                first_terminal=first_terminal,
            ),
        ]
        on_road = np.zeros(len(sites), np.bool_)
        on_road[[join.site for join in joined]] = True
        graph = Graph.of(first_join + 2 * len(joined), arcs, np.array(WEIGHTS[criterion]))
        terminal = np.searchsorted(overlay.terminal, sites.cell).astype(np.int32)
        stands = np.where(on_ground, terminal, np.int32(-1))
        return cls(graph, overlay, sources, sinks, on_road, first_terminal, stands)


def _on_ground(layers: Layers, moving: Moving, joined: Sequence[Join]) -> Flags:
    """Return the sites that are reached over the ground: on no road, and their cell is free."""
    cell = layers.sites.cell
    free = (cell >= 0) & (moving.cells.blocked[np.maximum(cell, 0)] == 0)
    free[[join.site for join in joined]] = False
    return np.asarray(free, np.bool_)


def _edges(tail: Ints, head: Ints, length_m: Floats, sums: Floats, driven: Flags) -> Arcs:
    """Return whole edges in one direction; a length below 0 is against their own."""
    edge = np.flatnonzero(driven)
    span = np.zeros((edge.size, 4))
    span[:, 0] = np.maximum(-length_m[edge], 0.0)
    span[:, 1] = np.maximum(length_m[edge], 0.0)
    return Arcs(ROAD, tail[edge], head[edge], sums[edge], edge, span)


def _connectors(
    layers: Layers, moving: Moving, overlay: Overlay, first_terminal: int
) -> tuple[Arcs, Arcs]:
    node, cell = moving.gate_nodes, moving.gate_cells
    terminal = (np.searchsorted(overlay.terminal, cell) + first_terminal).astype(np.int32)
    start, end = layers.roads.node_xy[node], _centres(layers, cell)
    length_m = np.hypot(*(end - start).T)
    # The factor on the level is not 1 for everybody: people on foot are fastest slightly downhill.
    level = moving.cells.slope[:, moving.cells.slope.shape[1] // 2]
    pace = moving.cells.pace[:, cell].astype(np.float64) / level[:, None]
    leave_s = np.array([mobility.leave_road_s for mobility in moving.classes])
    time_s = (length_m * pace + leave_s[:, None]).max(axis=0)
    fuel_m = length_m * moving.cells.fuel[:, cell].astype(np.float64).max(axis=0)
    sums = np.column_stack((time_s, length_m, fuel_m, np.zeros(node.size)))
    none = np.zeros(node.size, np.int64)
    return (
        Arcs(LINK_CONNECTOR, node, terminal, sums, none, np.hstack((start, end))),
        Arcs(LINK_CONNECTOR, terminal, node, sums, none, np.hstack((end, start))),
    )


def _ways(overlay: Overlay, first_terminal: int) -> Arcs:
    count = overlay.tail.size
    return Arcs(
        GROUND,
        overlay.tail + np.int32(first_terminal),
        overlay.head + np.int32(first_terminal),
        overlay.sums,
        np.arange(count, dtype=np.int64),
        np.zeros((count, 4)),
    )


def _joins(
    layers: Layers,
    sums: EdgeSums,
    joined: Sequence[Join],
    *,
    ahead: Flags,
    behind: Flags,
    first_join: int,
) -> list[Arcs]:
    """Return the parts of edges before and after the points where sites are joined to them."""
    roads = layers.roads
    stretches: list[tuple[int, int, int, float, float]] = []
    on_edge: dict[int, list[tuple[int, Join]]] = {}
    for number, join in enumerate(joined):
        out = first_join + 2 * number
        edge, at_m, length_m = join.edge, join.at_m, float(roads.length_m[join.edge])
        tail, head = int(roads.tail[edge]), int(roads.head[edge])
        if ahead[edge]:
            stretches += [(out, head, edge, at_m, length_m), (tail, out + 1, edge, 0.0, at_m)]
        if behind[edge]:
            stretches += [(out, tail, edge, at_m, 0.0), (head, out + 1, edge, length_m, at_m)]
        for other_out, other in on_edge.get(edge, []):
            pairs = ((out, at_m, other_out, other.at_m), (other_out, other.at_m, out, at_m))
            stretches += [
                (start, end + 1, edge, from_m, to_m)
                for start, from_m, end, to_m in pairs
                if (ahead[edge] if to_m >= from_m else behind[edge])
            ]
        on_edge.setdefault(edge, []).append((out, join))
    if not stretches:
        return []
    tails, heads, edges, froms, tos = (np.array(values) for values in zip(*stretches, strict=True))
    whole = np.where((tos >= froms)[:, None], sums.forward[edges], sums.against[edges])
    share = np.abs(tos - froms) / roads.length_m[edges]
    span = np.zeros((len(stretches), 4))
    span[:, 0], span[:, 1] = froms, tos
    return [
        Arcs(
            ROAD,
            tails.astype(np.int32),
            heads.astype(np.int32),
            whole * share[:, None],
            edges.astype(np.int64),
            span,
        )
    ]


def _links(
    layers: Layers, joined: Sequence[Join], sources: Ints, sinks: Ints, first_join: int
) -> tuple[Arcs, Arcs]:
    """Return the links between sites and the roads that they lie on."""
    site = np.array([join.site for join in joined], np.int64)
    point = (first_join + 2 * np.arange(len(joined))).astype(np.int32)
    road_xy = np.array([join.xy for join in joined]).reshape(-1, 2)
    return _both_ways(
        source=sources[site],
        entry=point,
        leave=point + np.int32(1),
        sink=sinks[site],
        site_xy=layers.sites.xy[site],
        other_xy=road_xy,
    )


def _stands(
    layers: Layers,
    overlay: Overlay,
    on_ground: Flags,
    *,
    sources: Ints,
    sinks: Ints,
    first_terminal: int,
) -> tuple[Arcs, Arcs]:
    """Return the links between sites on no road and their cells."""
    site = np.flatnonzero(on_ground)
    cell = layers.sites.cell[site]
    terminal = (np.searchsorted(overlay.terminal, cell) + first_terminal).astype(np.int32)
    return _both_ways(
        source=sources[site],
        entry=terminal,
        leave=terminal,
        sink=sinks[site],
        site_xy=layers.sites.xy[site],
        other_xy=_centres(layers, cell),
    )


def _both_ways(
    *, source: Ints, entry: Ints, leave: Ints, sink: Ints, site_xy: Floats, other_xy: Floats
) -> tuple[Arcs, Arcs]:
    length_m = np.hypot(*(other_xy - site_xy).T)
    sums = np.zeros((length_m.size, 4))
    sums[:, 0] = length_m / (default("link_kmh") / 3.6)
    sums[:, 1] = sums[:, 2] = length_m
    none = np.zeros(length_m.size, np.int64)
    return (
        Arcs(LINK_SITE, source, entry, sums, none, np.hstack((site_xy, other_xy))),
        Arcs(LINK_SITE, leave, sink, sums, none, np.hstack((other_xy, site_xy))),
    )


def _centres(layers: Layers, cell: Ints) -> Floats:
    grid = layers.theatre.grid
    row, column = np.divmod(cell, grid.width)
    x = grid.west_m + (column + 0.5) * grid.resolution_m
    y = grid.north_m - (row + 0.5) * grid.resolution_m
    return np.column_stack((x, y))
