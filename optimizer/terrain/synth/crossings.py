"""Where roads cross water."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely import STRtree, get_coordinates
from shapely.geometry import LineString, Point

from optimizer.terrain.synth.hydrography import WaterLine

__all__ = ["Crossing", "find_crossings"]

#: Length of road before and behind the water that belongs to the bridge, in metres.
ABUTMENT_M = 6.0
#: Bridges that are nearer to each other are one.
APART_M = 12.0
#: Sine of the sharpest angle at which a bridge lies over the water.
LEAST_SINE = 0.35
#: Length before and behind a point over which a direction is measured, in metres.
SIGHT_M = 15.0


@dataclass(frozen=True)
class Crossing:
    """The part of a road that lies over water.

    Parameters
    ----------
    start_m, end_m : float
        Distance along the road.
    kind : {"stream", "river"}
        The largest water crossed.
    name : str
        Its name.
    """

    start_m: float
    end_m: float
    kind: str
    name: str


def find_crossings(road: LineString, waters: Sequence[WaterLine], tree: STRtree) -> list[Crossing]:
    """Find every place where a road meets water, in order along the road.

    Crossings whose bridges would touch are one bridge.

    Parameters
    ----------
    road : LineString
        In metres.
    waters : sequence of WaterLine
        All reaches.
    tree : STRtree
        Index over their lines.

    Returns
    -------
    list of Crossing
        Apart from each other.
    """
    found: list[Crossing] = []
    for i in sorted(int(k) for k in tree.query(road, predicate="intersects")):
        water = waters[i]
        for x, y in get_coordinates(road.intersection(water.line)):
            at = road.project(Point(x, y))
            # A road that crosses at a slant needs a longer bridge.
            sine = _sine(road, water.line, at, water.line.project(Point(x, y)))
            half = 0.5 * water.width_m / max(sine, LEAST_SINE) + ABUTMENT_M
            start, end = max(at - half, 0.0), min(at + half, road.length)
            found.append(Crossing(start, end, water.kind, water.name))
    found.sort(key=lambda c: (c.start_m, c.end_m))
    merged: list[Crossing] = []
    for crossing in found:
        if merged and crossing.start_m <= merged[-1].end_m + APART_M:
            merged[-1] = _one(merged[-1], crossing)
        else:
            merged.append(crossing)
    return merged


def _one(first: Crossing, second: Crossing) -> Crossing:
    """Return the bridge over two waters."""
    main = second if second.kind == "river" and first.kind != "river" else first
    end = max(first.end_m, second.end_m)
    return Crossing(first.start_m, end, main.kind, main.name or first.name)


def _sine(road: LineString, water: LineString, at_m: float, water_m: float) -> float:
    """Return the sine of the angle between road and water."""
    u, v = _heading(road, at_m), _heading(water, water_m)
    return float(abs(u[0] * v[1] - u[1] * v[0]))


def _heading(line: LineString, at_m: float) -> tuple[float, float]:
    """Return the direction of a line at a place, of length 1."""
    before = line.interpolate(max(at_m - SIGHT_M, 0.0))
    behind = line.interpolate(min(at_m + SIGHT_M, line.length))
    x, y = behind.x - before.x, behind.y - before.y
    length = max(float(np.hypot(x, y)), 1e-9)
    return x / length, y / length
