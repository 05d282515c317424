"""What stands around a map: kilometre grid, scale bar and north."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from pyproj import Proj

from optimizer.terrain.show.style import INK, WORDS
from optimizer.terrain.theatre import Theatre

__all__ = ["Sheet", "draw_grid", "draw_north", "draw_scale", "nice_length_m", "north_text"]

_STEPS = (1, 2, 5)
_CORNER_IN = 0.22


@dataclass(frozen=True, slots=True)
class Sheet:
    """Measures of the sheet, in inches, and the ground that it shows, in metres.

    Parameters
    ----------
    width, height : float
        Of the whole sheet.
    left, bottom, map_width, map_height : float
        The map on it.
    extent : tuple of float
        West, south, east, north.
    """

    width: float
    height: float
    left: float
    bottom: float
    map_width: float
    map_height: float
    extent: tuple[float, float, float, float]

    @property
    def metres_a_point(self) -> float:
        """Ground that a point (a 72nd of an inch) shows, in metres."""
        return (self.extent[2] - self.extent[0]) / (self.map_width * 72)

    def box(
        self, x: float, y: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """Return a rectangle in shares of the sheet.

        Parameters
        ----------
        x, y, width, height : float
            Inches.

        Returns
        -------
        tuple of float
            Left, bottom, width, height.
        """
        return x / self.width, y / self.height, width / self.width, height / self.height


def _number(text: str, lang: str) -> str:
    return text.replace(".", ",") if lang == "fr" else text


def nice_length_m(longest_m: float) -> float:
    """Return the longest of 1, 2, 5 times a power of ten that does not exceed a length.

    Parameters
    ----------
    longest_m : float
        Metres.

    Returns
    -------
    float
        Metres.
    """
    power = 10.0 ** np.floor(np.log10(longest_m))
    return float(max(step * power for step in _STEPS if step * power <= longest_m * (1 + 1e-9)))


def draw_grid(axes: Axes, sheet: Sheet) -> None:
    """Draw kilometres at the frame and small crosses where their lines meet.

    Parameters
    ----------
    axes : Axes
        The map.
    sheet : Sheet
        Its measures.
    """
    west, south, east, north = sheet.extent
    step = nice_length_m(max((east - west) / sheet.map_width * 1.35, 100.0))
    # A number at a corner would run into that of the other side.
    margin = _CORNER_IN * sheet.metres_a_point * 72
    xs = np.arange(np.ceil((west + margin) / step), np.floor((east - margin) / step) + 1) * step
    ys = np.arange(np.ceil((south + margin) / step), np.floor((north - margin) / step) + 1) * step
    cross_x, cross_y = np.meshgrid(xs, ys)
    axes.plot(
        cross_x.ravel(), cross_y.ravel(), "+", color=INK, ms=4, mew=0.35, alpha=0.55, zorder=7
    )
    digits = 0 if step >= 1000 else 1  # noqa: PLR2004 - whole kilometres
    axes.set_xticks(xs, [f"{x / 1000:.{digits}f}" for x in xs])
    axes.set_yticks(ys, [f"{y / 1000:.{digits}f}" for y in ys], rotation=90, va="center")
    axes.tick_params(
        labelsize=5.5, length=3, width=0.5, color=INK, labelcolor=INK, pad=1.5,
        top=True, right=True, labeltop=True, labelright=True,
    )  # fmt: skip
    for spine in axes.spines.values():
        spine.set_linewidth(0.9)
        spine.set_edgecolor(INK)


def draw_scale(figure: Figure, sheet: Sheet, x: float, y: float, lang: str) -> None:
    """Draw a scale bar of four fields.

    Parameters
    ----------
    figure : Figure
        The sheet.
    sheet : Sheet
        Its measures.
    x, y : float
        Lower left corner in inches.
    lang : {"en", "fr"}
        Language.
    """
    metres_an_inch = sheet.metres_a_point * 72
    length = nice_length_m(metres_an_inch * min(2.4, sheet.map_width / 3))
    inches = length / metres_an_inch
    axes = figure.add_axes(sheet.box(x, y, inches, 0.3))
    axes.set_xlim(0, length)
    axes.set_ylim(0, 0.3)
    axes.axis("off")
    for i in range(4):
        field = Rectangle((i * length / 4, 0.05), length / 4, 0.055, clip_on=False)
        field.set(linewidth=0.5, edgecolor=INK, facecolor=INK if i % 2 == 0 else "#ffffff")
        axes.add_patch(field)
    unit, size = ("km", 1000.0) if length >= 1000 else ("m", 1.0)  # noqa: PLR2004 - kilometres
    for share in (0, 0.5, 1):
        text = _number(f"{length * share / size:g}", lang) + (f" {unit}" if share == 1 else "")
        axes.text(length * share, 0.135, text, fontsize=6, ha="center", va="bottom", color=INK)


def draw_north(figure: Figure, sheet: Sheet, x: float, y: float) -> None:
    """Draw an arrow to grid north.

    Parameters
    ----------
    figure : Figure
        The sheet.
    sheet : Sheet
        Its measures.
    x, y : float
        Lower left corner in inches.
    """
    axes = figure.add_axes(sheet.box(x, y, 0.3, 0.5))
    axes.set_xlim(-0.5, 0.5)
    axes.set_ylim(0, 1.6)
    axes.axis("off")
    left = [(0, 1.15), (-0.32, 0.1), (0, 0.35)]
    axes.add_patch(Polygon(left, facecolor=INK, edgecolor=INK, linewidth=0.5))
    right = [(0, 1.15), (0.32, 0.1), (0, 0.35)]
    axes.add_patch(Polygon(right, facecolor="#ffffff", edgecolor=INK, linewidth=0.5))
    axes.text(0, 1.2, "N", fontsize=7, fontweight="bold", ha="center", va="bottom", color=INK)


def north_text(theatre: Theatre, sheet: Sheet, lang: str) -> str:
    """Say how far true north lies from grid north in the middle of the map.

    Parameters
    ----------
    theatre : Theatre
        The theatre.
    sheet : Sheet
        Measures of the map.
    lang : {"en", "fr"}
        Language.

    Returns
    -------
    str
        One line.
    """
    west, south, east, north = sheet.extent
    lon, lat = theatre.to_earth.transform((west + east) / 2, (south + north) / 2)
    # Positive where grid north lies east of true north, so that true north lies west of it.
    convergence = Proj(theatre.manifest.crs).get_factors(lon, lat).meridian_convergence
    words = WORDS[lang]
    side = words["west"] if convergence > 0 else words["east"]
    return words["grid_north"].format(degrees=_number(f"{abs(convergence):.1f}", lang), side=side)
