"""The raw graph of the case ``roads``: every vertex of every way a node, every segment an arc."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import csr_array

from optimizer.terrain.build import roads
from optimizer.terrain.build.crs import projected_crs
from optimizer.terrain.build.lines import Line
from optimizer.terrain.build.osm import OsmData, read_osm
from optimizer.terrain.build.road_tags import road_attributes
from optimizer.terrain.theatre import Grid, Theatre

__all__ = ["Ground", "Raw", "ground_of", "raw"]

#: Around the outermost vertex, lest an edge leave the grid.
_MARGIN_M = 100.0
_CELL_M = 30.0
_LEAST_M = 1e-9


@dataclass(frozen=True)
class Ground:
    """Ways before they are cut, and what cutting them needs.

    Parameters
    ----------
    ways : Ways
        Ways in metres.
    data : OsmData
        Where fords are.
    grid : Grid
        Holds them all.
    """

    ways: roads.Ways
    data: OsmData
    grid: Grid


@dataclass(frozen=True)
class Raw:
    """The raw graph.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Lengths in metres; of parallel arcs the shortest.
    refs : ndarray of int64, shape (nodes,)
        Reference of each node.
    points : ndarray of float64, shape (nodes, 2)
        Metres.
    arcs : int
        Arcs, parallel ones counted.
    """

    matrix: csr_array[np.float64, tuple[int, int]]
    refs: NDArray[np.int64]
    points: NDArray[np.float64]
    arcs: int


def ground_of(source: str) -> Ground:
    """Read the ways of a source: an extract of OpenStreetMap, or the folder of a theatre."""
    path = Path(source)
    return _from_theatre(Theatre.open(path)) if path.is_dir() else _from_osm(path)


def _from_osm(path: Path) -> Ground:
    data = read_osm([path])
    west, south, east, north = data.boxes[0]
    crs = projected_crs((west + east) / 2, (south + north) / 2)
    ways = roads.located_ways(data, Transformer.from_crs("EPSG:4326", crs, always_xy=True))
    return Ground(ways, data, _grid(ways, crs))


def _from_theatre(theatre: Theatre) -> Ground:
    """Take the courses of a theatre's edges for ways."""
    frame, fresh = theatre.frame("roads"), len(theatre.frame("nodes"))
    lines, attributes = [], []
    shapes, ends = frame.geometry.array, frame[["from_node", "to_node"]].to_numpy(np.int64)
    for way, (shape, (start, end)) in enumerate(zip(shapes, ends, strict=True)):
        points = shapely.get_coordinates(shape)
        inner = len(points) - 2
        nodes = np.concatenate(([start], np.arange(fresh, fresh + inner), [end]))
        fresh += inner
        lines.append(Line(way, nodes, np.round(points, 2), uncut=False))
        attributes.append(road_attributes({"highway": frame["class"].iat[way]}))
    ways = roads.Ways(tuple(range(len(lines))), tuple(attributes), tuple(lines))
    return Ground(ways, OsmData(), _grid(ways, theatre.grid.crs))


def _grid(ways: roads.Ways, crs: str) -> Grid:
    low, high = ways.points.min(axis=0) - _MARGIN_M, ways.points.max(axis=0) + _MARGIN_M
    width, height = np.ceil((high - low) / _CELL_M).astype(int).tolist()
    return Grid(crs, float(low[0]), float(high[1]), _CELL_M, width, height)


def raw(ways: roads.Ways) -> Raw:
    """Return the raw graph of ways, each direction that may be driven an arc."""
    lines = ways.lines
    every = np.concatenate([line.nodes for line in lines])
    refs, first = np.unique(every, return_index=True)
    way = np.concatenate([np.full(len(line.nodes) - 1, line.way) for line in lines])
    tail = np.searchsorted(refs, np.concatenate([line.nodes[:-1] for line in lines]))
    head = np.searchsorted(refs, np.concatenate([line.nodes[1:] for line in lines]))
    steps = np.concatenate([np.diff(line.points, axis=0) for line in lines])
    length_m = np.maximum(np.hypot(*steps.T), _LEAST_M)
    oneway = np.array([attribute.oneway for attribute in ways.attributes])[way]
    ahead, behind = oneway >= 0, oneway <= 0
    tails = np.concatenate((tail[ahead], head[behind]))
    heads = np.concatenate((head[ahead], tail[behind]))
    costs = np.concatenate((length_m[ahead], length_m[behind]))
    order = np.lexsort((costs, heads, tails))
    tails, heads, costs = tails[order], heads[order], costs[order]
    apart = np.append(True, (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1]))
    matrix = csr_array(
        (costs[apart], (tails[apart], heads[apart])), shape=(refs.size, refs.size), dtype=float
    )
    return Raw(matrix, refs, ways.points[first], int(tails.size))
