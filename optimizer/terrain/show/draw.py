"""Draws a theatre as a map, on which others may lay what they know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from optimizer.datasets import read_table
from optimizer.errors import UsageError
from optimizer.terrain.credits import attributions
from optimizer.terrain.show.furniture import (
    Sheet,
    draw_grid,
    draw_north,
    draw_scale,
    north_text,
)
from optimizer.terrain.show.ground import contour_interval_m, ground_picture, resampled
from optimizer.terrain.show.labels import Label, place_labels
from optimizer.terrain.show.legend import Key, cover_keys, draw_legend, road_keys, water_keys
from optimizer.terrain.show.roads import draw_roads, tiers_present
from optimizer.terrain.show.style import CONTOUR, INK, PLACES, WORDS
from optimizer.terrain.show.water import WATER_CODE, draw_water
from optimizer.terrain.theatre import Theatre

__all__ = ["Label", "Overlay", "draw_map"]

_WIDTH_IN = 10.0
_SIDE_IN, _TOP_IN, _FOOT_IN = 0.34, 0.62, 1.12
#: Width in points of every fifth contour, which bears its height.
_INDEX_WIDTH = 0.42
#: More cells along a side than a contour can show.
_CONTOUR_CELLS = 1500
_LEAST_PX, _MOST_PX = 400, 10_000
#: Ratio of height to width beyond which a sheet is no picture any more.
_TALLEST = 3.0

#: Upper left corner of the legend, in inches.
_LEGEND_AT = (_SIDE_IN + 3.4, _FOOT_IN - 0.2)

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something laid over the map: above roads and bridges, below the names.

    Parameters
    ----------
    draw : callable
        Takes the axes, in metres of the theatre's CRS; use layers (zorder) from 10 to 19, or from 3
        to 3.4 for what lies under the roads.
    labels : tuple of Label
        Names that compete for room with those of the map; ranks below 0 go before all places.
    keys : tuple of (artist, str)
        Entries of the legend.
    """

    draw: Callable[[Axes], None]
    labels: tuple[Label, ...] = ()
    keys: tuple[Key, ...] = ()


def draw_map(
    theatre: Theatre,
    *,
    extent: Extent | None = None,
    overlays: Sequence[Overlay] = (),
    title: str | None = None,
    lang: str = "en",
    width_px: int = 2000,
) -> Figure:
    """Draw a map.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    extent : tuple of float, optional
        West, south, east, north in metres of the theatre's CRS; by default all of it.
    overlays : sequence of Overlay
        What is laid over it, in order.
    title : str, optional
        By default that of the manifest.
    lang : {"en", "fr"}
        Language of the words around the map.
    width_px : int
        Width of the picture; all sizes scale with it.

    Returns
    -------
    Figure
        Ten inches wide, with the dots an inch that make it `width_px` wide.

    Raises
    ------
    UsageError
        If the width or the extent makes no sense.
    """
    if not _LEAST_PX <= width_px <= _MOST_PX:
        raise UsageError(f"a width of {width_px} px is outside {_LEAST_PX} to {_MOST_PX}")
    window, extent = _window(theatre, extent)
    sheet = _sheet(extent)
    dpi = width_px / _WIDTH_IN
    figure = Figure(figsize=(sheet.width, sheet.height), dpi=dpi, facecolor="#ffffff")
    renderer: RendererAgg = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]  # has no stub
    axes = figure.add_axes(sheet.box(sheet.left, sheet.bottom, sheet.map_width, sheet.map_height))
    west, south, east, north = extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)

    shape = (max(int(sheet.map_height * dpi), 1), max(int(sheet.map_width * dpi), 1))
    picture = ground_picture(theatre, window, shape)
    axes.imshow(
        picture, extent=(west, east, south, north), zorder=0, interpolation="nearest",
        aspect="auto",
    )  # fmt: skip
    interval = _draw_contours(axes, theatre, window, sheet) if theatre.has_relief else None
    waters = _within(theatre.frame("waters"), extent)
    draw_water(axes, waters, sheet.metres_a_point)
    roads = _within(theatre.frame("roads"), extent)
    if len(roads):
        draw_roads(axes, roads, sheet.metres_a_point)
    draw_grid(axes, sheet)
    labels = _place_names(theatre, extent, sheet)
    for overlay in overlays:
        overlay.draw(axes)
        labels.extend(overlay.labels)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    around = _Around(theatre, sheet, lang, title or theatre.manifest.title, interval)
    codes = theatre.raster("landcover")[window]
    water = water_keys(
        waters, lang, sheet.metres_a_point, painted=bool((codes == WATER_CODE).any())
    )
    covers = _covers(codes, lang)
    tiers = tiers_present(roads, sheet.metres_a_point) if len(roads) else []
    keys = [key for overlay in overlays for key in overlay.keys]
    _draw_around(figure, around)
    draw_legend(
        figure, sheet, [*keys, *road_keys(tiers, lang), *water, *cover_keys(covers)], _LEGEND_AT
    )
    place_labels(axes, renderer, labels)
    return figure


def _window(theatre: Theatre, extent: Extent | None) -> tuple[tuple[slice, slice], Extent]:
    """Return the cells that an extent touches, and the extent snapped to them."""
    grid = theatre.grid
    if extent is None:
        rows, columns = slice(0, grid.height), slice(0, grid.width)
    else:
        west, south, east, north = extent
        top, left = grid.cell(west, north)
        bottom, right = grid.cell(east, south)
        rows = slice(max(top, 0), min(bottom + 1, grid.height))
        columns = slice(max(left, 0), min(right + 1, grid.width))
    if rows.stop - rows.start < 2 or columns.stop - columns.start < 2:  # noqa: PLR2004
        raise UsageError(f"the extent {extent} lies off the theatre or is below two cells")
    r = grid.resolution_m
    return (rows, columns), (
        grid.west_m + columns.start * r,
        grid.north_m - rows.stop * r,
        grid.west_m + columns.stop * r,
        grid.north_m - rows.start * r,
    )


def _sheet(extent: Extent) -> Sheet:
    west, south, east, north = extent
    width = _WIDTH_IN - 2 * _SIDE_IN
    height = width * min((north - south) / (east - west), _TALLEST)
    return Sheet(_WIDTH_IN, height + _TOP_IN + _FOOT_IN, _SIDE_IN, _FOOT_IN, width, height, extent)


def _within(frame: gpd.GeoDataFrame, extent: Extent) -> gpd.GeoDataFrame:
    return frame[shapely.intersects(frame.geometry.to_numpy(), shapely.box(*extent))]


def _draw_contours(
    axes: Axes, theatre: Theatre, window: tuple[slice, slice], sheet: Sheet
) -> float:
    z = theatre.raster("elevation")[window]
    cell = theatre.grid.resolution_m
    interval = contour_interval_m(z, cell, sheet.metres_a_point)
    reduced = min(1.0, _CONTOUR_CELLS / max(z.shape))
    shape = (max(int(z.shape[0] * reduced), 2), max(int(z.shape[1] * reduced), 2))
    smooth = resampled(z, shape)
    west, south, east, north = sheet.extent
    x = west + (np.arange(shape[1]) + 0.5) * (east - west) / shape[1]
    y = north - (np.arange(shape[0]) + 0.5) * (north - south) / shape[0]
    levels = np.arange(np.ceil(z.min() / interval), np.floor(z.max() / interval) + 1) * interval
    index = np.isclose(levels % (5 * interval), 0)
    for chosen, width, alpha in ((levels[~index], 0.22, 0.42), (levels[index], _INDEX_WIDTH, 0.6)):
        if len(chosen):
            drawn = axes.contour(
                x, y, smooth, levels=chosen, colors=CONTOUR, linewidths=width, alpha=alpha, zorder=1
            )
            if width == _INDEX_WIDTH:
                axes.clabel(drawn, fmt="%d", fontsize=3.6, inline_spacing=1, zorder=2)
    return interval


def _place_names(theatre: Theatre, extent: Extent, sheet: Sheet) -> list[Label]:
    places = _within(theatre.frame("places"), extent)
    points = shapely.get_coordinates(places.geometry.to_numpy())
    labels = []
    for (x, y), name, kind, population in zip(
        points.tolist(), places["name"], places["kind"], places["population"], strict=True
    ):
        style = PLACES.get(kind, PLACES["locality"])
        if sheet.metres_a_point > style.coarsest_m:
            continue
        height = _height(theatre, x, y) if kind in {"peak", "pass"} else None
        high = 0.0 if height is None else height
        labels.append(
            Label(
                name if height is None else f"{name} {height:.0f}",
                x,
                y,
                # Among equals the populous go first, then the high.
                rank=style.rank - min(population, 999_999) / 1e6 - max(high, 0) / 1e5,
                size=style.size,
                colour=style.colour,
                weight=style.weight,
                slant=style.slant,
                marker=style.marker,
                marker_size=2.0 if style.marker != "o" else 1.2 + style.size / 5,
                room=style.room,
            )
        )
    return labels


def _height(theatre: Theatre, x: float, y: float) -> float | None:
    row, column = theatre.grid.cell(x, y)
    if not theatre.has_relief or not theatre.grid.contains(row, column):
        return None
    return float(theatre.raster("elevation")[row, column])


@dataclass(frozen=True, slots=True)
class _Around:
    theatre: Theatre
    sheet: Sheet
    lang: str
    title: str
    interval_m: float | None


def _draw_around(figure: Figure, around: _Around) -> None:
    """Write title, notes, north, scale and sources."""
    words, sheet = WORDS[around.lang], around.sheet
    manifest = around.theatre.manifest

    def write(x: float, y: float, text: str, size: float, ha: Literal["left", "right"]) -> Text:
        return figure.text(x / sheet.width, y / sheet.height, text, fontsize=size, color=INK, ha=ha)

    top = sheet.height - 0.3
    write(sheet.left, top, around.title or manifest.name, 13, "left").set_fontweight("bold")
    interval = around.interval_m
    relief = words["no_relief"] if interval is None else words["contours"].format(interval=interval)
    note = f"{words['grid'].format(crs=manifest.crs)}  ·  {relief}"
    write(sheet.width - sheet.left, top, note, 6, "right")
    foot = sheet.bottom - 0.26
    draw_north(figure, sheet, sheet.left, foot - 0.46)
    draw_scale(figure, sheet, sheet.left + 0.55, foot - 0.28, around.lang)
    write(sheet.left + 0.46, foot - 0.42, north_text(around.theatre, sheet, around.lang), 5, "left")
    sources = attributions(manifest.sources)
    if sources:
        write(sheet.left, 0.1, words["sources"].format(sources=sources), 5, "left")


def _covers(codes: NDArray[np.uint8], lang: str) -> list[tuple[str, str]]:
    """Return name and colour of each land cover but water that fills at least one cell in 400."""
    counts = np.bincount(codes.ravel(), minlength=256)
    return [
        (row[f"name_{lang}"], row["colour"])
        for row in read_table("terrain_tables", "landcover.csv")
        if int(row["code"]) != WATER_CODE and counts[int(row["code"])] * 400 >= codes.size
    ]
