"""What aircraft keep out of: the areas closed to flying, widened by what they keep off them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.terrain.tables import default

if TYPE_CHECKING:
    from optimizer.network.state.areas import Place

__all__ = ["closed_to_flying", "corners"]


def closed_to_flying(places: Sequence[Place]) -> shapely.Geometry:
    """Return what aircraft fly around.

    Each area is widened by ``no_fly_m`` of ``defaults.csv`` with pointed corners; corners that
    matter by less than half of that are left out. So a way around what is returned keeps at least
    half of it off every area.

    Parameters
    ----------
    places : sequence of Place
        Areas closed to flying.

    Returns
    -------
    Polygon, MultiPolygon or empty
        In the theatre's CRS.
    """
    off_m = default("no_fly_m")
    wide = shapely.union_all(
        [shapely.buffer(place.polygon, off_m, join_style="mitre") for place in places]
    )
    return shapely.simplify(wide, off_m / 2)


def corners(shape: shapely.Geometry) -> NDArray[np.float64]:
    """Return the corners of polygons that a shortest way around them may turn at.

    These are the ones that point outwards, at holes into the hole.

    Parameters
    ----------
    shape : Polygon, MultiPolygon or empty
        Polygons.

    Returns
    -------
    ndarray of float64, shape (corners, 2)
        Positions.
    """
    found = [np.empty((0, 2))]
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        # The outside runs against the clock, holes with it: what is closed lies on the left.
        turned = shapely.geometry.polygon.orient(part)
        for ring in (turned.exterior, *turned.interiors):
            at = shapely.get_coordinates(ring)[:-1]
            come, go = at - np.roll(at, 1, axis=0), np.roll(at, -1, axis=0) - at
            found.append(at[come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0] > 0])
    return np.concatenate(found)
