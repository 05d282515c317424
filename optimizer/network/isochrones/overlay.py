"""Isochrones drawn over a map of the theatre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from optimizer.terrain.show.draw import Overlay

if TYPE_CHECKING:
    from optimizer.network.answers.isochrones import Reach
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Grid

__all__ = ["isochrones"]

#: Under the roads and above the water, so that both can still be read.
_AREA, _ROADS = 3.0, 3.2
_ALPHA = 0.5
#: From the nearest to the farthest; no road and no land cover has these colours.
_COLOURS = colormaps["RdPu"]
_WORDS = {"en": "within {time}", "fr": "en moins de {time}"}


def isochrones(
    reach: Reach,
    hours: Sequence[float],
    roads: Roads,
    grid: Grid,
    *,
    place: tuple[float, float],
    lang: str = "en",
) -> Overlay:
    """Return isochrones to lay over a map.

    Parameters
    ----------
    reach : Reach
        From `optimizer.network.answers.isochrones.reach_of`.
    hours : sequence of float
        Times in hours, in rising order.
    roads : Roads
        Roads that it was asked of.
    grid : Grid
        Grid of the theatre.
    place : tuple of float
        Where everything sets out, in metres of the theatre's CRS.
    lang : {"en", "fr"}
        Language.

    Returns
    -------
    Overlay
        Areas for open ground, bands along roads, and a legend.
    """
    colours = [_COLOURS(share)[:3] for share in np.linspace(0.3, 0.95, len(hours))]
    limits_s = np.array(hours) * 3600

    def draw(axes: Axes) -> None:
        west, north, side = grid.west_m, grid.north_m, grid.resolution_m
        extent = (west, west + grid.width * side, north - grid.height * side, north)
        picture = np.zeros((*grid.shape, 4))
        band = np.searchsorted(limits_s, reach.cell_s)
        for number, colour in enumerate(colours):
            picture[band == number] = to_rgba(colour, _ALPHA)
        axes.imshow(picture, extent=extent, zorder=_AREA, interpolation="nearest", aspect="auto")
        on = np.searchsorted(limits_s, reach.edge_s)
        # Where the ground beside a road is reached as soon, the area says it all.
        on[_around(band, roads, grid) == on] = len(hours)
        for number, colour in enumerate(colours):
            lines = [shapely.get_coordinates(line)[:, :2] for line in roads.line[on == number]]
            axes.add_collection(
                LineCollection(lines, colors=[colour], linewidths=3.2, zorder=_ROADS, alpha=0.9),
                autolim=False,
            )
        axes.plot(*place, "*", ms=9, mfc="#ffffff", mec="#000000", mew=0.9, zorder=19)

    keys = [
        (Rectangle((0, 0), 1, 1, facecolor=to_rgba(colour, 0.75), edgecolor="#555555", lw=0.3),
         _WORDS[lang].format(time=_time(hour)))
        for colour, hour in zip(colours, hours, strict=True)
    ]  # fmt: skip
    return Overlay(draw, (), tuple(keys))


def _around(band: NDArray[np.intp], roads: Roads, grid: Grid) -> NDArray[np.intp]:
    """Return the band of the cell that the middle of each road lies in; -1 outside the grid."""
    middle = shapely.line_interpolate_point(roads.line, 0.5, normalized=True)
    x, y = shapely.get_coordinates(middle).reshape(-1, 2).T
    row = np.floor((grid.north_m - y) / grid.resolution_m).astype(np.int64)
    column = np.floor((x - grid.west_m) / grid.resolution_m).astype(np.int64)
    inside = (row >= 0) & (row < grid.height) & (column >= 0) & (column < grid.width)
    found = np.full(len(roads), -1, np.intp)
    found[inside] = band[row[inside], column[inside]]
    return found


def _time(hours: float) -> str:
    whole, minutes = divmod(round(hours * 60), 60)
    if not whole:
        return f"{minutes} min"
    return f"{whole} h {minutes:02}" if minutes else f"{whole} h"
