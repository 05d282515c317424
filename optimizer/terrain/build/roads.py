"""Makes the layers ``roads`` and ``nodes`` from ways of OpenStreetMap."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.terrain.build.lines import Line
from optimizer.terrain.build.osm import OsmData, OsmWay, sorted_by_id
from optimizer.terrain.build.road_tags import RoadAttributes, is_closed_to_all, road_attributes
from optimizer.terrain.build.topology import Edge, Key, cut_into_edges
from optimizer.terrain.theatre import Grid

__all__ = ["Network", "Ways", "component_numbers", "layers", "located_ways", "network"]


@dataclass(frozen=True, slots=True)
class Ways:
    """Roads in the theatre's CRS, not yet cut.

    Parameters
    ----------
    ids : tuple of int
        Way of each position.
    attributes : tuple of RoadAttributes
        By position.
    lines : tuple of Line
        Their stretches.
    """

    ids: tuple[int, ...]
    attributes: tuple[RoadAttributes, ...]
    lines: tuple[Line, ...]

    @property
    def points(self) -> NDArray[np.float64]:
        """All points, shape (points, 2), metres."""
        if not self.lines:
            return np.zeros((0, 2))
        return np.vstack([line.points for line in self.lines])


@dataclass(frozen=True, slots=True)
class Network:
    """Edges and nodes, numbered.

    Parameters
    ----------
    ways : Ways
        The roads that were cut.
    edges : tuple of Edge
        In the order of ``roads``.
    ends : ndarray of int64, shape (edges, 2)
        Nodes at the start and the end.
    nodes : ndarray of float64, shape (nodes, 2)
        Positions in metres.
    length_m : ndarray of float64, shape (edges,)
        Length along the geometry.
    """

    ways: Ways
    edges: tuple[Edge, ...]
    ends: NDArray[np.int64]
    nodes: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def attributes(self) -> list[RoadAttributes]:
        """Return the attributes of each edge's way.

        Returns
        -------
        list of RoadAttributes
            In the order of the edges.
        """
        return [self.ways.attributes[edge.way] for edge in self.edges]


def located_ways(data: OsmData, to_ground: Transformer) -> Ways:
    """Project the roads and leave out what cannot be used.

    Parameters
    ----------
    data : OsmData
        What was read; what is left out is counted in it.
    to_ground : Transformer
        From longitude and latitude to metres.

    Returns
    -------
    Ways
        In the order of the ways' numbers.
    """
    ids: list[int] = []
    attributes: list[RoadAttributes] = []
    lines: list[Line] = []
    for way in sorted_by_id(data.roads):
        if is_closed_to_all(way.tags):
            data.drop("roads_closed_to_all")
            continue
        if way.located < len(way.nodes):
            data.drop("roads_with_missing_nodes")
        attribute = road_attributes(way.tags)
        uncut = attribute.bridge or attribute.tunnel
        position = len(ids)
        ids.append(way.id)
        attributes.append(attribute)
        lines.extend(Line(position, nodes, lonlat, uncut) for nodes, lonlat in _runs(way))
    return Ways(tuple(ids), tuple(attributes), tuple(_projected(lines, to_ground)))


def _runs(way: OsmWay) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Yield the stretches between missing nodes."""
    known = np.isfinite(way.lonlat[:, 0])
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.view(np.int8), [0]))))
    for begin, end in edges.reshape(-1, 2).tolist():
        if end - begin > 1:
            yield way.nodes[begin:end], way.lonlat[begin:end]


def _projected(lines: Sequence[Line], to_ground: Transformer) -> Iterator[Line]:
    if not lines:
        return
    lonlat = np.vstack([line.points for line in lines])
    xy = np.round(np.column_stack(to_ground.transform(lonlat[:, 0], lonlat[:, 1])), 2)
    begin = 0
    for line in lines:
        end = begin + len(line.nodes)
        yield Line(line.way, line.nodes, xy[begin:end], line.uncut)
        begin = end


def network(ways: Ways, data: OsmData, grid: Grid) -> Network:
    """Cut roads into edges and number their nodes; what leaves the grid is left out.

    Parameters
    ----------
    ways : Ways
        Roads.
    data : OsmData
        Where fords are; edges left out are counted in it.
    grid : Grid
        Grid of the theatre.

    Returns
    -------
    Network
        Nodes are numbered as they come up along the edges.
    """
    edges = cut_into_edges(ways.lines, data.fords)
    begin, points = _points(edges)
    outside = (points[:, 0] < grid.west_m) | (points[:, 1] > grid.north_m)
    outside |= points[:, 0] >= grid.west_m + grid.width * grid.resolution_m
    outside |= points[:, 1] <= grid.north_m - grid.height * grid.resolution_m
    if outside.any():
        leaves = np.logical_or.reduceat(outside, begin[:-1])
        for _ in range(int(leaves.sum())):
            data.drop("road_edges_outside_the_grid")
        edges = list(itertools.compress(edges, ~leaves))
        begin, points = _points(edges)
    numbers: dict[Key, int] = {}
    ends = [
        numbers.setdefault(key, len(numbers)) for edge in edges for key in (edge.start, edge.end)
    ]
    _, first = np.unique(np.array(ends, np.int64), return_index=True)
    at_ends = points[np.column_stack((begin[:-1], begin[1:] - 1)).ravel()]
    steps_m = np.hypot(*np.diff(points, axis=0).T)
    bounds = itertools.pairwise(begin.tolist())
    return Network(
        ways,
        tuple(edges),
        np.array(ends, np.int64).reshape(-1, 2),
        at_ends[first],
        np.array([steps_m[low : high - 1].sum() for low, high in bounds], np.float64),
    )


def _points(edges: Sequence[Edge]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return where the points of each edge begin, and the number of all; and all points."""
    begin = np.zeros(len(edges) + 1, np.int64)
    np.cumsum([len(edge.points) for edge in edges], out=begin[1:])
    if not edges:
        return begin, np.zeros((0, 2))
    return begin, np.concatenate([edge.points for edge in edges])


def component_numbers(
    count: int, ends: NDArray[np.int64], oneway: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the numbers of the strongly connected components, the largest first.

    Parameters
    ----------
    count : int
        Number of nodes.
    ends : ndarray of int64, shape (edges, 2)
        Nodes of each edge.
    oneway : ndarray of int64, shape (edges,)
        1, -1 or 0.

    Returns
    -------
    ndarray of int64, shape (count,)
        Component of each node; of two of the same size the one with the lower node comes first.
    """
    if count == 0:
        return np.zeros(0, np.int64)
    forward, backward = ends[oneway >= 0], ends[oneway <= 0][:, ::-1]
    start, end = np.vstack((forward, backward)).T
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(count, count))
    _, labels = connected_components(graph.tocsr(), directed=True, connection="strong")
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    result: NDArray[np.int64] = rank[inverse]
    return result


def layers(net: Network, z_m: NDArray[np.float64], crs: str) -> Mapping[str, gpd.GeoDataFrame]:
    """Return the layers ``roads`` and ``nodes``.

    Parameters
    ----------
    net : Network
        Edges and nodes.
    z_m : ndarray of float64, shape (nodes,)
        Elevation of the nodes.
    crs : str
        Of the theatre.

    Returns
    -------
    mapping of str to GeoDataFrame
        ``roads`` and ``nodes``.
    """
    attributes = net.attributes()
    ids = [net.ways.ids[edge.way] for edge in net.edges]
    oneway = np.array([a.oneway for a in attributes], np.int64)
    z_m = np.round(z_m, 2)

    def numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
        return np.array([np.nan if v is None else v for v in values], np.float64)

    columns = {
        "edge": np.arange(len(net.edges), dtype=np.int64),
        "id": [f"w{way}.{edge.part}" for way, edge in zip(ids, net.edges, strict=True)],
        "way": [f"w{way}" for way in ids],
        "from_node": net.ends[:, 0],
        "to_node": net.ends[:, 1],
        "class": [a.road_class for a in attributes],
        "surface": [a.surface for a in attributes],
        "oneway": oneway,
        "bridge": np.array([a.bridge for a in attributes], np.bool_),
        "tunnel": np.array([a.tunnel for a in attributes], np.bool_),
        "ford": np.array(
            [a.ford or e.ford for a, e in zip(attributes, net.edges, strict=True)], np.bool_
        ),
        "max_weight_t": numbers([a.max_weight_t for a in attributes]),
        "mlc_wheeled": numbers([a.mlc_wheeled for a in attributes]),
        "mlc_tracked": numbers([a.mlc_tracked for a in attributes]),
        "max_height_m": numbers([a.max_height_m for a in attributes]),
        "max_width_m": numbers([a.max_width_m for a in attributes]),
        "max_speed_kmh": numbers([a.max_speed_kmh for a in attributes]),
        "length_m": np.round(net.length_m, 2),
        "from_z_m": z_m[net.ends[:, 0]],
        "to_z_m": z_m[net.ends[:, 1]],
        "name": [a.name for a in attributes],
        "ref": [a.ref for a in attributes],
        "osm_id": np.array(ids, np.int64),
    }
    depths = [
        e.ford_depth_m if a.ford_depth_m is None else np.fmax(a.ford_depth_m, e.ford_depth_m)
        for a, e in zip(attributes, net.edges, strict=True)
    ]
    if not np.isnan(depths).all():
        columns["ford_depth_m"] = np.array(depths, np.float64)
    shapes = [shapely.LineString(edge.points) for edge in net.edges]
    roads = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)
    nodes = gpd.GeoDataFrame(
        {
            "node": np.arange(len(net.nodes), dtype=np.int64),
            "z_m": z_m,
            "component": component_numbers(len(net.nodes), net.ends, oneway),
        },
        geometry=gpd.GeoSeries(shapely.points(net.nodes), crs=crs),
        crs=crs,
    )
    return {"roads": roads, "nodes": nodes}
