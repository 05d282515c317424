"""Web Mercator (EPSG:3857) in whole metres: how positions of the base layers reach the browser."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from optimizer.terrain.theatre import Theatre

__all__ = ["Mercator", "packed"]


@dataclass(frozen=True, slots=True)
class Mercator:
    """From a theatre's CRS to whole metres of EPSG:3857, counted from the theatre's corner.

    Parameters
    ----------
    transformer : Transformer
        From the theatre's CRS to EPSG:3857.
    west, south, east, north : int
        What the theatre covers, in metres of EPSG:3857.
    """

    transformer: Transformer
    west: int
    south: int
    east: int
    north: int

    @classmethod
    def of(cls, theatre: Theatre) -> Mercator:
        """Return the projection of a theatre.

        Parameters
        ----------
        theatre : Theatre
            The theatre.

        Returns
        -------
        Mercator
            Its projection.
        """
        transformer = Transformer.from_crs(theatre.manifest.crs, "EPSG:3857", always_xy=True)
        grid = theatre.grid
        east_m = grid.west_m + grid.width * grid.resolution_m
        south_m = grid.north_m - grid.height * grid.resolution_m
        west, south, east, north = transformer.transform_bounds(
            grid.west_m, south_m, east_m, grid.north_m
        )
        return cls(
            transformer,
            int(np.floor(west)),
            int(np.floor(south)),
            int(np.ceil(east)),
            int(np.ceil(north)),
        )

    @property
    def origin(self) -> tuple[int, int]:
        """South-western corner, from which packed positions count."""
        return self.west, self.south

    def line(self, coordinates: NDArray[np.float64]) -> list[int]:
        """Project positions and pack them.

        Parameters
        ----------
        coordinates : ndarray, shape (positions, 2)
            Eastings and northings in the theatre's CRS.

        Returns
        -------
        list of int
            See `packed`.
        """
        x, y = self.transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return packed(np.column_stack((x, y)) - self.origin)

    def lines(self, shapes: NDArray[np.object_]) -> list[list[int]]:
        """Project many lines at once, which is much faster than one by one.

        Parameters
        ----------
        shapes : ndarray of LineString
            In the theatre's CRS.

        Returns
        -------
        list of list of int
            One packed line each.
        """
        if not len(shapes):
            return []
        flat, index = shapely.get_coordinates(shapes, return_index=True)
        x, y = self.transformer.transform(flat[:, 0], flat[:, 1])
        moved = np.column_stack((x, y)) - self.origin
        cuts = np.flatnonzero(np.diff(index)) + 1
        return [packed(part) for part in np.split(moved, cuts)]


def packed(metres: NDArray[np.float64]) -> list[int]:
    """Pack positions into whole metres: the first as it is, each other as the step to it.

    Parameters
    ----------
    metres : ndarray, shape (positions, 2)
        Eastings and northings.

    Returns
    -------
    list of int
        x, y, dx, dy, dx, dy, ...; positions that fall together are one.
    """
    whole = np.rint(metres).astype(np.int64)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    return [*whole[0].tolist(), *steps.ravel().tolist()]
