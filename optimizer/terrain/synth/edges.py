"""Roads as edges between nodes, as they stand in a theatre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.ops import substring

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.attributes import bridge_name, references, span_of, surface_of
from optimizer.terrain.synth.chains import Chain
from optimizer.terrain.synth.crossings import Crossing, find_crossings
from optimizer.terrain.synth.hydrography import WaterLine
from optimizer.terrain.synth.position import DECIMALS, to_metres
from optimizer.terrain.theatre import Grid

__all__ = ["LONGEST_EDGE_M", "roads_frames"]

#: Longest edge that is no bridge, as the format says; a little less, for what rounding adds.
LONGEST_EDGE_M = 498.0
#: Shortest edge between a bridge and a junction; what is shorter belongs to the bridge.
SHORTEST_EDGE_M = 5.0
#: Shortest road that is kept after rounding.
LEAST_ROAD_M = 0.5
#: How far a line may leave its course when points are dropped, in metres.
TOLERANCE_M = 1.2
#: Shares of small roads that are narrow and that pass under something low, with their limits in m.
NARROW, NARROW_M = 0.06, 2.5
LOW, LOW_M = 0.02, 3.4
#: Speed posted in built-up areas, in km/h.
BUILT_UP_KMH = 50.0
_NUMBERS = (
    "max_weight_t",
    "mlc_wheeled",
    "mlc_tracked",
    "max_height_m",
    "max_width_m",
    "max_speed_kmh",
)


@dataclass(frozen=True)
class _Piece:
    """A piece of a road, from one node to the next."""

    line: LineString
    from_z_m: float
    to_z_m: float
    crossing: Crossing | None


@dataclass
class _Nodes:
    """Numbers nodes by their position."""

    index: dict[tuple[float, float], int] = field(default_factory=dict)
    z_m: list[float] = field(default_factory=list)

    def at(self, position: tuple[float, ...], z_m: float) -> int:
        """Return the node at a position, a new one if there is none yet."""
        key = (round(position[0], DECIMALS), round(position[1], DECIMALS))
        if key not in self.index:
            self.index[key] = len(self.z_m)
            self.z_m.append(round(z_m, 2))
        return self.index[key]


def roads_frames(
    rng: np.random.Generator, chains: Sequence[Chain], waters: Sequence[WaterLine], grid: Grid
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the layers ``roads`` and ``nodes``.

    Parameters
    ----------
    rng : Generator
        Source of randomness for surfaces and load classes.
    chains : sequence of Chain
        Roads between junctions.
    waters : sequence of WaterLine
        What they cross.
    grid : Grid
        Grid of the map.

    Returns
    -------
    tuple of GeoDataFrame
        Roads and nodes, as in ``docs/reference/theatre.md``.
    """
    tree = STRtree([w.line for w in waters])
    refs = references(chains)
    nodes = _Nodes()
    rows: list[dict[str, Any]] = []
    lines: list[LineString] = []
    for chain in chains:
        common = _common(rng, chain, refs)
        low = chain.kind in {"unclassified", "residential"} and rng.random() < LOW
        for piece in _pieces(chain, waters, tree, grid):
            start = nodes.at(piece.line.coords[0], piece.from_z_m)
            end = nodes.at(piece.line.coords[-1], piece.to_z_m)
            if start == end and piece.line.length < 1.0:
                continue
            lines.append(piece.line)
            rows.append(
                {
                    "edge": len(rows),
                    "id": f"s{len(rows)}",
                    "from_node": start,
                    "to_node": end,
                    **common,
                    **asdict(span_of(rng, chain.kind, piece.crossing)),
                    "max_height_m": LOW_M if low and piece.crossing is None else None,
                    "length_m": round(piece.line.length, 2),
                    "from_z_m": nodes.z_m[start],
                    "to_z_m": nodes.z_m[end],
                    "name": bridge_name(piece.crossing),
                }
            )
    roads = gpd.GeoDataFrame(rows, geometry=lines, crs=grid.crs)
    for column in _NUMBERS:
        roads[column] = roads[column].astype("float64")
    frame = gpd.GeoDataFrame(
        {"node": range(len(nodes.z_m)), "z_m": nodes.z_m, "component": 0},
        geometry=[Point(position) for position in nodes.index],
        crs=grid.crs,
    )
    return roads, frame


def _common(rng: np.random.Generator, chain: Chain, refs: dict[int, str]) -> dict[str, Any]:
    """Return the columns that all edges of a chain share."""
    surface = surface_of(rng, chain.kind)
    narrow = chain.kind in {"track", "unclassified"} and rng.random() < NARROW
    return {
        "way": f"r{chain.way}",
        "class": chain.kind,
        "surface": surface,
        "oneway": 0,
        "tunnel": False,
        "max_width_m": NARROW_M if narrow else None,
        "max_speed_kmh": BUILT_UP_KMH if chain.kind == "residential" else None,
        "ref": refs.get(chain.way, ""),
        "osm_id": 0,
    }


def _pieces(
    chain: Chain, waters: Sequence[WaterLine], tree: STRtree, grid: Grid
) -> Iterator[_Piece]:
    """Cut a chain at its crossings, and so that no piece is too long."""
    fine, z = _rounded(chain.line, chain.z_m)
    road = LineString(to_metres(fine, grid))
    if road.length < LEAST_ROAD_M:
        return
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(np.array(road.coords), axis=0).T))])
    for start, end, crossing in _cuts(road.length, find_crossings(road, waters, tree)):
        part = substring(road, start, end).simplify(TOLERANCE_M)
        line = LineString(np.round(np.array(part.coords), DECIMALS))
        if line.length > 0.0:
            ends = np.interp([start, end], at, z)
            yield _Piece(line, float(ends[0]), float(ends[1]), crossing)


def _cuts(
    length_m: float, crossings: Sequence[Crossing]
) -> Iterator[tuple[float, float, Crossing | None]]:
    """Return where a road is cut, from its start to its end."""
    here = 0.0
    for crossing in crossings:
        start = crossing.start_m if crossing.start_m - here > SHORTEST_EDGE_M else here
        end = crossing.end_m if length_m - crossing.end_m > SHORTEST_EDGE_M else length_m
        yield from _evenly(here, start)
        yield start, end, crossing
        here = end
    yield from _evenly(here, length_m)


def _evenly(start: float, end: float) -> Iterator[tuple[float, float, None]]:
    """Cut a stretch into equal parts that are short enough."""
    if end > start:
        parts = max(1, int(np.ceil((end - start) / LONGEST_EDGE_M)))
        for a, b in pairwise(np.linspace(start, end, parts + 1).tolist()):
            yield a, b, None


def _rounded(line: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Round the corners of a line twice (Chaikin, 1974), its ends kept."""
    points = np.column_stack([line, z])
    for _ in range(2):
        if len(points) > 2:  # noqa: PLR2004 - two points have no corner
            near = 0.75 * points[:-1] + 0.25 * points[1:]
            far = 0.25 * points[:-1] + 0.75 * points[1:]
            middle = np.stack([near, far], axis=1).reshape(-1, 3)[1:-1]
            points = np.vstack([points[:1], middle, points[-1:]])
    return points[:, :2], points[:, 2]
