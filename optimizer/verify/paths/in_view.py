"""Exposure that the ground itself gives, one cell and one stretch of road at a time."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
import shapely

from optimizer.scenario.model import ExposureRule
from optimizer.terrain.tables import default, exposure_shares
from optimizer.terrain.theatre import Theatre
from optimizer.verify.paths.edges import Edge

__all__ = ["InView"]

#: Elevations are rounded to a decimetre: what stands exactly at the limit is no crest.
_TIE_M = 1e-6


class InView:
    """A scenario's rule of exposure on a theatre.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    rule : ExposureRule or None
        Rule; without one the ground exposes to nothing.
    """

    def __init__(self, theatre: Theatre, rule: ExposureRule | None) -> None:
        self._theatre = theatre
        self._rule = rule

    @functools.cache  # noqa: B019 - lives as long as one verification
    def rate_at(self, cell: tuple[int, int]) -> float:
        """Return the exposure a kilometre in a cell.

        Parameters
        ----------
        cell : tuple of int
            Row and column; beside the grid it is 0.

        Returns
        -------
        float
            By its land cover, more on a crest, and by the planner's raster.
        """
        if self._rule is None or not self._theatre.grid.contains(*cell):
            return 0.0
        planned = self._theatre.planned
        stated = 0.0 if self._rule.raster is None or planned is None else planned.per_km[cell]
        return float(stated) + self._by_cover(self._rule, cell)

    def _by_cover(self, rule: ExposureRule, cell: tuple[int, int]) -> float:
        if rule.cover is None:
            return 0.0
        code = int(self._theatre.raster("landcover")[cell])
        share = exposure_shares(rule.cover)[code]
        return rule.per_km * share * (default("crest_factor") if self._crest(cell) else 1.0)

    def _crest(self, cell: tuple[int, int]) -> bool:
        reach = round(default("crest_radius_m") / self._theatre.grid.resolution_m)
        z_m = self._theatre.raster("elevation")
        row, column = cell
        rows = slice(max(row - reach, 0), row + reach + 1)
        around = z_m[rows, max(column - reach, 0) : column + reach + 1]
        above_m = float(z_m[cell]) - float(np.mean(around, dtype=np.float64))
        return above_m > default("crest_above_m") + _TIE_M

    @functools.cache  # noqa: B019 - as above
    def on_edge(self, edge: Edge) -> float:
        """Return the exposure on a whole edge.

        Parameters
        ----------
        edge : Edge
            Edge.

        Returns
        -------
        float
            Rates of the cells that it crosses times the metres in each; 0 in a tunnel.
        """
        if self._rule is None or edge.tunnel:
            return 0.0
        corners = shapely.get_coordinates(edge.line).tolist()
        return sum(self._on_stretch(a, b) for a, b in itertools.pairwise(corners))

    def _on_stretch(self, start: list[float], end: list[float]) -> float:
        """Walk a straight stretch from one border of the grid's cells to the next."""
        grid = self._theatre.grid
        side_m, length_m = grid.resolution_m, math.dist(start, end)
        marks = {0.0, 1.0}
        for origin, a, b in zip((grid.west_m, grid.north_m), start, end, strict=True):
            if a != b:
                low, high = sorted(((a - origin) / side_m, (b - origin) / side_m))
                lines = range(math.ceil(low), math.floor(high) + 1)
                marks.update((origin + line * side_m - a) / (b - a) for line in lines)
        total = 0.0
        for before, after in itertools.pairwise(sorted(m for m in marks if 0 <= m <= 1)):
            share = (before + after) / 2
            x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
            total += self.rate_at(grid.cell(x, y)) * (after - before) * length_m
        return total
