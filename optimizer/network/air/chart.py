"""The chart that ways through the air are found on: which straight stretches are free.

The shortest way around polygons turns at their corners alone (Lozano-Pérez and Wesley, "An
algorithm for planning collision-free paths among polyhedral obstacles", 1979): places are sites and
corners, stretches join all of them that see each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

__all__ = ["Chart", "Ways"]

#: A way along an edge does not cross it: so much less is closed than is flown around.
_ALONG_M = 0.01
#: Two sites at one place are this far from each other: a stretch of no length would be none.
_LEAST = 1e-6


@dataclass(frozen=True)
class Ways:
    """The best ways between all sites of a chart.

    Parameters
    ----------
    cost : ndarray of float64, shape (sites, sites)
        Infinite where there is no way.
    before : ndarray of int32, shape (sites, places + sites)
        For each origin the place before each place on its way, and before each site as an end.
    """

    cost: NDArray[np.float64]
    before: NDArray[np.int32]

    def places(self, origin: int, destination: int) -> list[int]:
        """Return the places of a way.

        Parameters
        ----------
        origin, destination : int
            Two different sites between which there is a way.

        Returns
        -------
        list of int
            In the order of flight, both ends among them.
        """
        at = self.before.shape[1] - len(self.cost) + destination
        found = [destination]
        while (at := int(self.before[origin, at])) != origin:
            found.append(at)
        return [origin, *reversed(found)]


@dataclass(frozen=True)
class Chart:
    """Sites and corners, and the straight stretches between those that see each other.

    Parameters
    ----------
    xy : ndarray of float64, shape (places, 2)
        Positions in the theatre's CRS, sites first; infinite for one that nothing leads to.
    sites : int
        How many of them are sites.
    start, end : ndarray of int64, shape (stretches,)
        Places that each joins, ``start`` below ``end``. Each is flown both ways.
    """

    xy: NDArray[np.float64]
    sites: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def of(
        cls, sites: NDArray[np.float64], turns: NDArray[np.float64], closed: shapely.Geometry
    ) -> Chart:
        """Draw a chart.

        Parameters
        ----------
        sites : ndarray of float64, shape (sites, 2)
            Positions; infinite for a site that nobody flies to.
        turns : ndarray of float64, shape (turns, 2)
            Where ways may turn, the corners of `closed` among them.
        closed : Polygon, MultiPolygon or empty
            What is flown around. Along its edge is free.

        Returns
        -------
        Chart
            Chart.
        """
        core = shapely.buffer(closed, -_ALONG_M, join_style="mitre")
        shapely.prepare(core)
        xy = np.concatenate((sites, turns))
        seen = np.isfinite(xy[:, 0])
        seen[seen] = ~shapely.intersects_xy(core, *xy[seen].T)
        joined = [np.empty((0, 2), np.int64)]
        places = np.flatnonzero(seen)
        for number, place in enumerate(places):
            others = places[number + 1 :]
            if not core.is_empty and len(others):
                ends = np.stack(np.broadcast_arrays(xy[place], xy[others]), axis=1)
                others = others[~shapely.intersects(core, shapely.linestrings(ends))]
            joined.append(np.column_stack((np.full_like(others, place), others)))
        start, end = np.concatenate(joined).T
        return cls(xy, len(sites), start, end)

    @property
    def lines(self) -> NDArray[np.object_]:
        """The stretches, shape (stretches,), LineStrings."""
        ends = np.stack((self.xy[self.start], self.xy[self.end]), axis=1)
        return np.asarray(shapely.linestrings(ends), np.object_)

    @property
    def length_m(self) -> NDArray[np.float64]:
        """Length of each stretch, shape (stretches,)."""
        return np.asarray(np.hypot(*(self.xy[self.end] - self.xy[self.start]).T), np.float64)

    def ways(self, cost: NDArray[np.float64], is_open: NDArray[np.bool_] | None = None) -> Ways:
        """Find the best ways between all sites.

        Parameters
        ----------
        cost : ndarray of float64, shape (stretches,)
            Of each stretch.
        is_open : ndarray of bool, shape (stretches,), optional
            Those that may be flown; all by default.

        Returns
        -------
        Ways
            Exact among the ways that turn at places of the chart and at no other site.
        """
        chosen = np.ones(len(self.start), np.bool_) if is_open is None else is_open
        start, end = self.start[chosen], self.end[chosen]
        tail, head = np.concatenate((start, end)), np.concatenate((end, start))
        weight = np.tile(np.maximum(cost[chosen], _LEAST), 2)
        # A site is left as itself and come to as an end of its own, so that no way passes one.
        places = len(self.xy)
        head = np.where(head < self.sites, places + head, head)
        graph = coo_array((weight, (tail, head)), shape=(places + self.sites,) * 2).tocsr()
        total, before = dijkstra(graph, indices=np.arange(self.sites), return_predecessors=True)
        total = total[:, places:].copy()
        np.fill_diagonal(total, 0.0)
        return Ways(total, np.asarray(before, np.int32))
