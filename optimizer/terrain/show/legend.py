"""The legend of a map."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import AbstractPathEffect, Normal, Stroke

from optimizer.terrain.show.furniture import Sheet
from optimizer.terrain.show.style import BRIDGE, INK, WATER, WORDS, Tier
from optimizer.terrain.show.water import lines_shown

__all__ = ["Key", "cover_keys", "draw_legend", "road_keys", "water_keys"]

_ROWS = 5

#: An entry of the legend: what is drawn, and what it means.
Key = tuple[Line2D | Patch, str]


def road_keys(tiers: Sequence[Tier], lang: str) -> list[Key]:
    """Return the legend's entries for roads.

    Parameters
    ----------
    tiers : sequence of Tier
        Roads shown.
    lang : {"en", "fr"}
        Language.

    Returns
    -------
    list of (artist, str)
        The tiers, a bridge and a ford; nothing without roads.
    """
    if not tiers:
        return []
    words = WORDS[lang]
    bridge = Line2D([], [], color=tiers[0].fill, linewidth=1.6, solid_capstyle="butt")
    bridge.set_path_effects(_cased(3.4, BRIDGE))
    ford = Line2D([], [], color=WATER["text"], marker="s", ms=2.2, mfc="#ffffff", mew=0.5, lw=0)
    return [
        *((_road_key(tier), words[tier.name]) for tier in tiers),
        (bridge, words["bridge"]),
        (ford, words["ford"]),
    ]


def water_keys(
    waters: gpd.GeoDataFrame, lang: str, metres_a_point: float, *, painted: bool
) -> list[Key]:
    """Return the legend's entries for water.

    Parameters
    ----------
    waters : GeoDataFrame
        The layer ``water`` as far as it is shown.
    lang : {"en", "fr"}
        Language.
    metres_a_point : float
        Ground that a point of the sheet shows.
    painted : bool
        Whether the land cover has water as well.

    Returns
    -------
    list of (artist, str)
        Areas and lines, each if there are any.
    """
    words = WORDS[lang]
    keys: list[Key] = []
    area = Rectangle((0, 0), 1, 1, facecolor=WATER["fill"], edgecolor=WATER["line"], linewidth=0.3)
    if painted or (shapely.get_dimensions(waters.geometry.to_numpy()) > 1).any():
        keys.append((area, words["water"]))
    if lines_shown(waters, metres_a_point):
        keys.append((Line2D([], [], color=WATER["line"], linewidth=1.1), words["stream"]))
    return keys


def cover_keys(covers: Sequence[tuple[str, str]]) -> list[Key]:
    """Return the legend's entries for land cover.

    Parameters
    ----------
    covers : sequence of tuple of str
        Name and colour of each land cover shown.

    Returns
    -------
    list of (artist, str)
        One a land cover.
    """
    return [
        (Rectangle((0, 0), 1, 1, facecolor=colour, edgecolor="#b5b0a6", linewidth=0.3), name)
        for name, colour in covers
    ]


def draw_legend(
    figure: Figure, sheet: Sheet, entries: Sequence[Key], at: tuple[float, float]
) -> None:
    """Draw the legend, in columns of five.

    Parameters
    ----------
    figure : Figure
        The sheet.
    sheet : Sheet
        Its measures.
    entries : sequence of (artist, str)
        What it explains.
    at : tuple of float
        Upper left corner in inches.
    """
    if not entries:
        return
    keys, texts = zip(*entries, strict=True)
    legend = figure.legend(
        keys,
        texts,
        loc="upper left",
        bbox_to_anchor=(at[0] / sheet.width, at[1] / sheet.height),
        ncols=int(np.ceil(len(entries) / _ROWS)),
        fontsize=5.3,
        frameon=False,
        borderpad=0,
        handlelength=2.0,
        handleheight=0.8,
        labelspacing=0.4,
        columnspacing=1.6,
        borderaxespad=0,
    )
    for text in legend.get_texts():
        text.set_color(INK)


def _cased(width: float, colour: str) -> list[AbstractPathEffect]:
    return [Stroke(linewidth=width, foreground=colour), Normal()]


def _road_key(tier: Tier) -> Line2D:
    line = Line2D([], [], color=tier.fill, linewidth=max(tier.width, 0.6) * 1.2)
    if tier.dashes:
        line.set_linestyle((0, tier.dashes))
    if tier.casing:
        line.set_path_effects(_cased(tier.casing_width * 1.2, tier.casing))
    return line
