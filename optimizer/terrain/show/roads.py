"""Draws roads by class with casings, tunnels dashed, bridges with parapets, fords dotted."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from optimizer.terrain.show.style import BRIDGE, TIER_OF, TIERS, WATER, Tier

__all__ = ["draw_roads", "tiers_present"]

#: A bridge shows at least so long on the sheet, in points.
_BRIDGE_POINTS = 3.2
_BRIDGED = {"trunk", "primary", "secondary", "tertiary", "local"}


def _tier_names(roads: gpd.GeoDataFrame) -> NDArray[np.object_]:
    names: NDArray[np.object_] = (
        roads["class"]
        .str.removesuffix("_link")
        .map(TIER_OF)
        .fillna("service")
        .to_numpy(dtype=object)
    )
    return names


def tiers_present(roads: gpd.GeoDataFrame, metres_a_point: float) -> list[Tier]:
    """Return the tiers that a map of this scale shows, the most important first.

    Parameters
    ----------
    roads : GeoDataFrame
        The layer ``roads``.
    metres_a_point : float
        Ground that a point of the sheet shows.

    Returns
    -------
    list of Tier
        Those with at least one edge.
    """
    present = set(_tier_names(roads))
    return [t for t in reversed(TIERS) if t.name in present and metres_a_point <= t.coarsest_m]


def draw_roads(axes: Axes, roads: gpd.GeoDataFrame, metres_a_point: float) -> None:
    """Draw the roads.

    Parameters
    ----------
    axes : Axes
        The map.
    roads : GeoDataFrame
        The layer ``roads``.
    metres_a_point : float
        Ground that a point of the sheet shows.
    """
    names = _tier_names(roads)
    lines = np.array([shapely.get_coordinates(shape) for shape in roads.geometry] + [None], object)
    lines = lines[:-1]
    tunnel = roads["tunnel"].to_numpy(np.bool_)
    bridge = roads["bridge"].to_numpy(np.bool_)
    # At a small scale lines thin out, or they would cover the valleys that they run in.
    thin = float(np.clip((30.0 / metres_a_point) ** 0.35, 0.55, 1.6))
    for level, tier in enumerate(TIERS):
        if metres_a_point > tier.coarsest_m:
            continue
        mine = names == tier.name
        _draw_tier(axes, lines[mine & ~tunnel], tier, thin, level)
        _draw_tunnels(axes, lines[mine & tunnel], tier, thin)
        if tier.name in _BRIDGED:
            _draw_bridges(axes, lines[mine & bridge], tier, thin, metres_a_point)
    _draw_fords(axes, roads, metres_a_point)


def _add(axes: Axes, lines: NDArray[np.object_], **style: Any) -> None:  # noqa: ANN401 - passed on
    if len(lines):
        axes.add_collection(LineCollection(list(lines), **style), autolim=False)


def _draw_tier(axes: Axes, lines: NDArray[np.object_], tier: Tier, thin: float, level: int) -> None:
    if tier.casing:
        _add(
            axes,
            lines,
            colors=tier.casing,
            linewidths=tier.casing_width * thin,
            capstyle="round",
            joinstyle="round",
            zorder=4 + level / 100,
        )
    dashes = (0, tier.dashes) if tier.dashes else "solid"
    _add(
        axes,
        lines,
        colors=tier.fill,
        linewidths=tier.width * thin,
        linestyles=[dashes],
        capstyle="butt" if tier.dashes else "round",
        joinstyle="round",
        alpha=0.8 if tier.dashes else None,
        zorder=(4 if tier.dashes else 5) + level / 100,
    )


def _draw_tunnels(axes: Axes, lines: NDArray[np.object_], tier: Tier, thin: float) -> None:
    if not tier.casing:
        return
    width = tier.casing_width * thin
    _add(axes, lines, colors=tier.casing, linewidths=width, linestyles=[(0, (1.6, 1.1))],
         capstyle="butt", alpha=0.75, zorder=3.5)  # fmt: skip
    _add(axes, lines, colors="#f4efe6", linewidths=tier.width * thin, capstyle="butt", alpha=0.9,
         zorder=3.6)  # fmt: skip


def _draw_bridges(
    axes: Axes, lines: NDArray[np.object_], tier: Tier, thin: float, metres_a_point: float
) -> None:
    least = _BRIDGE_POINTS * metres_a_point
    decks = np.array([_lengthened(line, least) for line in lines] + [None], object)[:-1]
    _add(axes, decks, colors=BRIDGE, linewidths=(tier.casing_width + 1.0) * thin, capstyle="butt",
         zorder=6.0)  # fmt: skip
    _add(axes, decks, colors=tier.fill, linewidths=(tier.width + 0.15) * thin, capstyle="butt",
         zorder=6.1)  # fmt: skip


def _lengthened(line: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Draw a short bridge out along its own direction, so that its parapets show."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    chord = line[-1] - line[0]
    reach = float(np.hypot(*chord))
    if length >= least or reach == 0:
        return line
    extra = (least - length) / 2 * chord / reach
    return np.vstack((line[0] - extra, line[1:-1], line[-1] + extra))


def _draw_fords(axes: Axes, roads: gpd.GeoDataFrame, metres_a_point: float) -> None:
    fords = roads[roads["ford"].to_numpy(np.bool_)]
    if len(fords) and metres_a_point <= TIERS[0].coarsest_m:
        middle = shapely.get_coordinates(fords.geometry.interpolate(0.5, normalized=True))
        axes.scatter(
            middle[:, 0], middle[:, 1], s=1.6, marker="s", linewidths=0.3,
            facecolors="#ffffff", edgecolors=WATER["text"], zorder=6.2,
        )  # fmt: skip
