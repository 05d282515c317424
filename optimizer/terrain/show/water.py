"""Draws water: lakes and rivers as areas, rivers, canals and streams as lines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path as DrawnPath

from optimizer.terrain.show.style import WATER

__all__ = ["WATER_CODE", "draw_water", "lines_shown"]

#: Land cover that is painted as water.
WATER_CODE = 80

_WIDTHS = {"river": 1.1, "canal": 0.8, "stream": 0.45}
#: Metres of ground a point beyond which streams are left out.
_STREAMS_TO = 120.0


def draw_water(axes: Axes, waters: gpd.GeoDataFrame, metres_a_point: float) -> None:
    """Draw the water.

    Parameters
    ----------
    axes : Axes
        The map.
    waters : GeoDataFrame
        The layer ``water``.
    metres_a_point : float
        Ground that a point of the sheet shows.
    """
    parts = waters.explode(index_parts=False)
    dimension = shapely.get_dimensions(parts.geometry.to_numpy())
    polygons = parts.geometry[dimension == 2]  # noqa: PLR2004 - areas
    if len(polygons):
        axes.add_collection(
            PathCollection(
                [_path(shape) for shape in polygons],
                facecolors=WATER["fill"],
                edgecolors=WATER["line"],
                linewidths=0.3,
                zorder=2.5,
            ),
            autolim=False,
        )
    thin = float(np.clip((30.0 / metres_a_point) ** 0.35, 0.55, 1.6))
    for kind, width in _WIDTHS.items():
        if kind == "stream" and metres_a_point > _STREAMS_TO:
            continue
        lines = parts.geometry[(dimension == 1) & (parts["kind"].to_numpy() == kind)]
        axes.add_collection(
            LineCollection(
                [shapely.get_coordinates(line) for line in lines],
                colors=WATER["line"],
                linewidths=width * thin,
                capstyle="round",
                joinstyle="round",
                zorder=2.4,
            ),
            autolim=False,
        )


def lines_shown(waters: gpd.GeoDataFrame, metres_a_point: float) -> bool:
    """Tell whether any river, canal or stream is drawn as a line.

    Parameters
    ----------
    waters : GeoDataFrame
        The layer ``water``.
    metres_a_point : float
        Ground that a point of the sheet shows.

    Returns
    -------
    bool
        True if one is.
    """
    lines = shapely.get_dimensions(waters.geometry.to_numpy()) == 1
    kinds = {"river", "canal"} | ({"stream"} if metres_a_point <= _STREAMS_TO else set())
    return bool((lines & waters["kind"].isin(kinds).to_numpy(np.bool_)).any())


def _path(polygon: shapely.Polygon) -> DrawnPath:
    rings = [polygon.exterior, *polygon.interiors]
    return DrawnPath.make_compound_path(
        *(DrawnPath(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )
