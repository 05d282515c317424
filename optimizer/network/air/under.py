"""The ground under a straight stretch: the cells that it passes over, and the highest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from optimizer.terrain.theatre import Grid

__all__ = ["Relief"]

#: Elevations of a theatre are rounded to the decimetre.
_DIGITS = 1


@dataclass(frozen=True)
class Relief:
    """Elevations of a theatre.

    Parameters
    ----------
    z_m : ndarray of float32, shape (rows, columns)
        Elevation of each cell.
    grid : Grid
        Grid.
    """

    z_m: NDArray[np.float32]
    grid: Grid

    @property
    def summit_m(self) -> float:
        """The highest ground of all."""
        return round(float(self.z_m.max()), _DIGITS)

    def at_m(self, xy: NDArray[np.float64]) -> float:
        """Return the elevation of the cell that a position lies in.

        Parameters
        ----------
        xy : ndarray of float64, shape (2,)
            Position on the grid.

        Returns
        -------
        float
            Metres.
        """
        return round(float(self.z_m[self.grid.cell(float(xy[0]), float(xy[1]))]), _DIGITS)

    def highest_m(self, start: NDArray[np.float64], end: NDArray[np.float64]) -> float:
        """Return the highest ground that a straight stretch passes over.

        Parameters
        ----------
        start, end : ndarray of float64, shape (2,)
            Positions on the grid.

        Returns
        -------
        float
            Metres.
        """
        rows, columns = self._passed(start, end)
        return round(float(self.z_m[rows, columns].max()), _DIGITS)

    def rises_above(
        self, limit_m: float, start: NDArray[np.float64], end: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which of many stretches pass over ground higher than a limit.

        Parameters
        ----------
        limit_m : float
            Metres.
        start, end : ndarray of float64, shape (stretches, 2)
            Positions on the grid.

        Returns
        -------
        ndarray of bool, shape (stretches,)
            True where they do.
        """
        high = np.pad(np.cumsum(np.cumsum(self.z_m > limit_m, axis=0), axis=1), ((1, 0), (1, 0)))
        found = np.zeros(len(start), np.bool_)
        rows, columns = self._place(np.stack((start, end)))
        first = np.floor(np.stack((rows, columns)).min(axis=1)).astype(np.int64)
        last = np.floor(np.stack((rows, columns)).max(axis=1)).astype(np.int64)
        shape = np.array(self.z_m.shape)[:, None] - 1
        (top, left), (bottom, right) = np.clip(first, 0, shape), np.clip(last, 0, shape) + 1
        around = high[bottom, right] - high[top, right] - high[bottom, left] + high[top, left]
        # A stretch passes over nothing that is not between the corners that it joins.
        for number in np.flatnonzero(around).tolist():
            found[number] = self.highest_m(start[number], end[number]) > limit_m
        return found

    def _place(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return positions in cells from the north-west corner, as rows and columns."""
        grid = self.grid
        return (grid.north_m - xy[..., 1]) / grid.resolution_m, (
            xy[..., 0] - grid.west_m
        ) / grid.resolution_m

    def _passed(
        self, start: NDArray[np.float64], end: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells between one line of the grid and the next along a stretch."""
        ends = [place.tolist() for place in self._place(np.stack((start, end)))]
        shares = [np.array([0.0, 1.0])]
        for first, last in ends:
            low, high = min(first, last), max(first, last)
            if first != last:
                lines = np.arange(np.ceil(low), np.floor(high) + 1)
                shares.append((lines - first) / (last - first))
        share = np.sort(np.concatenate(shares))
        middle = (share[1:] + share[:-1]) / 2
        rows, columns = (
            np.clip(np.floor(first + middle * (last - first)).astype(np.int64), 0, size - 1)
            for (first, last), size in zip(ends, self.z_m.shape, strict=True)
        )
        return rows, columns
