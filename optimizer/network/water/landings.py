"""Where boats land: which bodies of navigable water there are, and the way from a site to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

if TYPE_CHECKING:
    from optimizer.network.state.areas import Place
    from optimizer.network.state.sites import Sites
    from optimizer.terrain.theatre import Grid

__all__ = ["Landing", "bodies_of", "landings_of"]


class Landing(NamedTuple):
    """A straight way between a site and a cell of navigable water.

    Parameters
    ----------
    cell : int
        Cell, to whose centre it leads.
    xy : tuple of float
        That centre.
    length_m : float
        Of the way.
    """

    cell: int
    xy: tuple[float, float]
    length_m: float


def bodies_of(navigable: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Tell apart the bodies of water, each of which a boat goes all over.

    Boats pass between two cells that share a side. Over a corner they pass only where both cells
    beside it are water, so that corners join nothing more.

    Parameters
    ----------
    navigable : ndarray of bool, shape (rows, columns)
        Cells that boats may be in.

    Returns
    -------
    ndarray of int32, shape (rows, columns)
        1, 2, ...; 0 where no boat may be.
    """
    return np.asarray(ndimage.label(navigable)[0], np.int32)


def landings_of(
    sites: Sites, bodies: NDArray[np.int32], grid: Grid, limit_m: float, no_go: Sequence[Place]
) -> list[dict[int, Landing]]:
    """Return the landing of each site on each body of water.

    Parameters
    ----------
    sites : Sites
        Sites.
    bodies : ndarray of int32, shape (rows, columns)
        From `bodies_of`.
    grid : Grid
        Grid.
    limit_m : float
        The longest way between a site and the centre of a cell.
    no_go : sequence of Place
        Areas that such a way may not touch.

    Returns
    -------
    list of dict of int to Landing
        For each site, by body: the nearest cell with a free way.
    """
    return [
        _landings(sites.xy[site], bodies, grid, limit_m, no_go) if sites.cell[site] >= 0 else {}
        for site in range(len(sites))
    ]


def _landings(
    xy: NDArray[np.float64],
    bodies: NDArray[np.int32],
    grid: Grid,
    limit_m: float,
    no_go: Sequence[Place],
) -> dict[int, Landing]:
    x, y = float(xy[0]), float(xy[1])
    (top, left), (bottom, right) = (
        grid.cell(x - limit_m, y + limit_m),
        grid.cell(x + limit_m, y - limit_m),
    )
    top, left = max(top, 0), max(left, 0)
    rows, columns = np.nonzero(bodies[top : bottom + 1, left : right + 1])
    near = []
    for row, column in zip((rows + top).tolist(), (columns + left).tolist(), strict=True):
        centre = grid.centre(row, column)
        length_m = float(np.hypot(centre[0] - x, centre[1] - y))
        if length_m <= limit_m:
            near.append((length_m, row, column, centre))
    found: dict[int, Landing] = {}
    for length_m, row, column, centre in sorted(near):
        body = int(bodies[row, column])
        link = shapely.LineString([(x, y), centre])
        if body not in found and not any(shapely.intersects(p.polygon, link) for p in no_go):
            found[body] = Landing(row * grid.width + column, centre, length_m)
    return found
