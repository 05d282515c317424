"""What is drawn, as a scenario states it: one ring or one position an entry, or why it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from optimizer.faults import Fault
from optimizer.layers.forms import Layer

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["DECIMALS", "is_on_earth", "parts", "stated", "why_not"]

#: Of a degree: about a centimetre, much finer than anything is drawn.
DECIMALS = 7
#: Share of the parts of an area that may lie over each other: figures are rounded.
_OVERLAP = 1e-9


def is_on_earth(drawn: gpd.GeoSeries) -> bool:
    """Tell whether positions are degrees, as far as that can be told.

    Parameters
    ----------
    drawn : GeoSeries
        What is drawn in a layer.

    Returns
    -------
    bool
        False if a longitude is above 180 degrees, say: it was stated in the wrong system.
    """
    corners = np.abs(shapely.get_coordinates(drawn.to_numpy()))
    # What is no number is not below the limit either.
    return bool(np.all(corners <= (180, 90)))


def parts(geometry: BaseGeometry | None) -> list[BaseGeometry]:
    """Take a geometry apart.

    Parameters
    ----------
    geometry : geometry or None
        What is drawn in a row.

    Returns
    -------
    list of geometry
        Its parts; none if nothing is drawn.
    """
    if geometry is None or geometry.is_empty:
        return []
    return list(shapely.get_parts(shapely.force_2d(geometry)))


def why_not(layer: Layer, drawn: list[BaseGeometry]) -> Fault | None:
    """Tell why parts cannot be stated.

    Parameters
    ----------
    layer : Layer
        Layer that they stand in.
    drawn : list of geometry
        Parts of one row.

    Returns
    -------
    Fault or None
        What is wrong, without its place.
    """
    for part in drawn:
        if part.geom_type != layer.shape:
            params = {"found": part.geom_type, "wanted": layer.shape}
            return Fault("layers.wrong_shape", params=params)
    if layer.shape == "Point":
        return Fault("layers.several_points") if len(drawn) > 1 else None
    if any(shapely.get_num_interior_rings(drawn)):
        return Fault("layers.hole")
    # Where a ring crosses itself is told by the scenario's own check.
    if len(drawn) > 1 and all(shapely.is_valid(drawn)):
        total = float(shapely.area(drawn).sum())
        if shapely.union_all(drawn).area < total * (1 - _OVERLAP):
            return Fault("layers.parts_overlap")
    return None


def stated(part: BaseGeometry) -> Any:  # noqa: ANN401 - a ring or a position, as JSON has it
    """Write a part as a scenario does.

    Parameters
    ----------
    part : Polygon or Point
        In degrees.

    Returns
    -------
    list or dict
        The corners of an area, its ring left open; ``lon`` and ``lat`` of a position.
    """
    coordinates: list[list[float]] = shapely.get_coordinates(part).tolist()
    corners = [[round(value, DECIMALS) for value in corner] for corner in coordinates]
    if isinstance(part, shapely.Point):
        return dict(zip(("lon", "lat"), corners[0], strict=True))
    return corners[:-1]
