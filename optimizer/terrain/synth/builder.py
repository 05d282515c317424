"""Builds roads one by one, each the cheapest for what it is to join."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from optimizer.progress import Advance
from optimizer.terrain.synth.arrays import Booleans, Floats
from optimizer.terrain.synth.courses import RIVER_M2, STREAM_M2
from optimizer.terrain.synth.network import Cell, Network
from optimizer.terrain.synth.noise import fractal
from optimizer.terrain.synth.paths import Land, search
from optimizer.terrain.synth.waters import Waters

__all__ = ["RIM", "Builder"]

RIVER, LAKE = 2, 3
#: Cells at the edge of the map where no road is built.
RIM = 2
#: Cost of a metre on an existing road, by the class that is being built.
REUSE = {
    "primary": 0.45,
    "secondary": 0.38,
    "tertiary": 0.33,
    "unclassified": 0.3,
    "residential": 0.5,
    "track": 0.3,
}
#: Side slope that doubles the cost of a road.
SIDE_SLOPE = 0.4
#: Spread and limits of what makes a road bend on flat ground: fields, soils, owners.
WHIM, WHIM_LIMITS, WHIM_M = 0.22, (-0.5, 0.6), 900.0
#: Factor on the cost beside water, and within how many cells.
BESIDE_WATER, BESIDE_CELLS = 2.5, 2.2
#: Cost of a metre over water: of the least stream, for ten times its size, for a river besides.
BRIDGE, BRIDGE_TENFOLD, BRIDGE_RIVER = 7.0, 6.0, 6.0
#: A search stays within so much of the distance, and these metres, around its ends.
DETOUR, AROUND_M = 0.35, 1500.0
#: How far a place looks for the nearest road before it looks everywhere.
NEAR_M = 4000.0
#: A road out of the map that would wind more than this is not built: length over distance.
MOST_WINDING = 1.5
#: A track is given up where more than this share of it would be steeper than this.
STEEP_TRACK, STEEP_SHARE = 0.13, 0.15
#: How far from its gate a road may leave the map.
GATE_M = 1200.0


class Builder:
    """Knows the cost of the ground and adds roads to a network.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    waters : Waters
        Ground and water.
    wet : ndarray of uint8, shape (rows, columns)
        Water as in ``water.tif``.
    river_m : ndarray, shape (rows, columns)
        Distance to the nearest water.
    resolution_m : float
        Side of a cell.
    advance : callable
        Told that one more road was sought.

    Attributes
    ----------
    network : Network
        What was built so far.
    rng : Generator
        Source of randomness.
    land : Land
        What the ground costs.
    side : ndarray, shape (rows, columns)
        Slope of the ground.
    wet : ndarray of uint8, shape (rows, columns)
        Water as in ``water.tif``.
    resolution_m : float
        Side of a cell.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        waters: Waters,
        wet: NDArray[np.uint8],
        river_m: Floats,
        resolution_m: float,
        advance: Advance,
    ) -> None:
        ground: Floats = ndimage.gaussian_filter(waters.elevation, 0.8)
        shape = (ground.shape[0], ground.shape[1])
        side = np.hypot(*np.gradient(ground, resolution_m))
        whim = WHIM * fractal(rng, shape, WHIM_M / resolution_m, octaves=4, gain=0.7)
        cost = np.exp(np.clip(whim, *WHIM_LIMITS)) * (1.0 + (side / SIDE_SLOPE) ** 2)
        cost[(river_m < BESIDE_CELLS * resolution_m) & (wet == 0)] *= BESIDE_WATER
        cost[ndimage.binary_dilation(wet == LAKE, iterations=2)] = np.inf
        cost[:RIM] = cost[-RIM:] = cost[:, :RIM] = cost[:, -RIM:] = np.inf
        size = np.log10(np.maximum(waters.area_m2, STREAM_M2) / STREAM_M2)
        size = ndimage.maximum_filter(size, 5)
        crossing = np.where(wet > 0, BRIDGE + BRIDGE_TENFOLD * size, 0.0)
        crossing[(wet == RIVER) & (size < np.log10(RIVER_M2 / STREAM_M2))] += BRIDGE_RIVER
        self._leaving = np.zeros(shape, np.bool_)
        self._leaving[[RIM, -RIM - 1], RIM:-RIM] = True
        self._leaving[RIM:-RIM, [RIM, -RIM - 1]] = True
        self._leaving &= wet == 0
        self._advance = advance
        self.rng = rng
        self.land = Land(ground, cost, crossing, resolution_m)
        self.side = side
        self.wet = wet
        self.resolution_m = resolution_m
        self.network = Network.empty(shape)

    def join(self, a: Cell, b: Cell, kind: str) -> None:
        """Build the cheapest road between two cells.

        Parameters
        ----------
        a, b : tuple of int
            Rows and columns.
        kind : str
            Class of the road.
        """
        target = np.zeros(self.wet.shape, np.bool_)
        target[b] = True
        path = self._search(a, target, self._window(a, b, DETOUR), kind)
        if not len(path):
            path = self._search(a, target, (0, 0, *self._shape), kind)
        self.network.add(path, kind)
        self._advance(1.0)

    def attach(self, cell: Cell, kind: str) -> bool:
        """Build the cheapest road from a cell to the network.

        Parameters
        ----------
        cell : tuple of int
            Row and column.
        kind : str
            Class of the road. A track is given up where no road is near, or the way too steep.

        Returns
        -------
        bool
            Whether there was a way.
        """
        near = round(NEAR_M / self.resolution_m)
        corners = (cell[0] - near, cell[1] - near), (cell[0] + near, cell[1] + near)
        target = self.network.roads.node
        path = self._search(cell, target, self._window(*corners, 0.0), kind)
        if kind == "track":
            path = path[: 0 if self._steep_share(path) > STEEP_SHARE else None]
        elif not len(path):
            path = self._search(cell, target, (0, 0, *self._shape), kind)
        self.network.add(path, kind)
        self._advance(1.0)
        return len(path) > 0

    def leave(self, gate: Cell, kind: str, homes: Sequence[Cell]) -> None:
        """Build a road from the nearest home out of the map near a gate, if one is worth it.

        Parameters
        ----------
        gate : tuple of int
            Row and column at the edge.
        kind : str
            Class of the road.
        homes : sequence of tuple of int
            Where it may begin.
        """
        reach = max(4, round(GATE_M / self.resolution_m))
        start = min(homes, key=lambda h: (np.hypot(h[0] - gate[0], h[1] - gate[1]), h))
        part = (
            slice(max(gate[0] - reach, 0), gate[0] + reach + 1),
            slice(max(gate[1] - reach, 0), gate[1] + reach + 1),
        )
        target = np.zeros(self.wet.shape, np.bool_)
        target[part] = self._leaving[part]
        path = self._search(start, target, self._window(start, gate, DETOUR), kind)
        if len(path) and self._winding(path) <= MOST_WINDING:
            self.network.add(path, kind)
        self._advance(1.0)

    @property
    def _shape(self) -> Cell:
        return self.wet.shape[0], self.wet.shape[1]

    def _search(
        self, start: Cell, target: Booleans, window: tuple[int, int, int, int], kind: str
    ) -> NDArray[np.int64]:
        return search(self.land, self.network.roads, target, start, window, REUSE[kind])

    def _window(self, a: Cell, b: Cell, pad: float) -> tuple[int, int, int, int]:
        """Return the part of the grid around two cells."""
        extra = int(pad * max(abs(a[0] - b[0]), abs(a[1] - b[1])))
        extra += round(AROUND_M / self.resolution_m)
        return (
            max(min(a[0], b[0]) - extra, 0),
            max(min(a[1], b[1]) - extra, 0),
            min(max(a[0], b[0]) + extra + 1, self._shape[0]),
            min(max(a[1], b[1]) + extra + 1, self._shape[1]),
        )

    def _steep_share(self, path: NDArray[np.int64]) -> float:
        """Return the share of a path that is too steep for a track."""
        run_m = np.hypot(*np.diff(path, axis=0).T) * self.resolution_m
        rise_m = np.abs(np.diff(self.land.ground[path[:, 0], path[:, 1]]))
        return float(run_m[rise_m > STEEP_TRACK * run_m].sum() / max(run_m.sum(), 1.0))

    def _winding(self, path: NDArray[np.int64]) -> float:
        """Return the length of the new part of a path over the distance of its ends."""
        on = np.flatnonzero(self.network.roads.node[path[:, 0], path[:, 1]])
        new = path[int(on[-1]) :] if len(on) else path
        length = float(np.hypot(*np.diff(new, axis=0).T).sum())
        return length / max(float(np.hypot(*(new[-1] - new[0]))), 1.0)
