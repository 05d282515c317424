"""What stands around a map: the MGRS grid at its frame, scale bar, north."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj, Transformer

from briefing.pictures.looks import INK
from briefing.pictures.sheet import Projection, Sheet, utm_of
from briefing.pictures.svg import Style, element, furniture, group, path_of
from optimizer.faults import Language
from optimizer.terrain.show.furniture import nice_length_m
from optimizer.units import to_mgrs

__all__ = ["draw_frame", "draw_grid", "draw_north", "draw_scale", "grid_note", "north_note"]

#: Least points between two lines of the grid.
_LINES_APART = 46.0
_SQUARE_M = 100_000
_SIZE = 6.0
#: A scale bar that is shorter, points, has numbers at its ends alone.
_SHORT_BAR = 60.0
_GRID_INK = "#2a4d69"


def _step_m(sheet: Sheet) -> int:
    least = _LINES_APART * sheet.metres_a_point
    steps = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
    return next((step for step in steps if step >= least), steps[-1])


#: Wider sheets, in metres, span zones whose grids do not meet: they have none.
_GRID_TO_M = 700_000.0


def _grid_of(sheet: Sheet, projection: Projection) -> str | None:
    """Return the UTM system whose lines a sheet bears, or None where it bears no grid."""
    if max(sheet.east - sheet.west, sheet.north - sheet.south) > _GRID_TO_M:
        return None
    return utm_of(*_middle(sheet, projection))


def _middle(sheet: Sheet, projection: Projection) -> tuple[float, float]:
    lon, lat = projection.to_earth.transform(
        (sheet.west + sheet.east) / 2, (sheet.south + sheet.north) / 2
    )
    return float(lon), float(lat)


def draw_grid(sheet: Sheet, projection: Projection) -> str:
    """Draw the lines of the MGRS grid with the figures of their kilometres at the frame.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    projection : Projection
        Its reference system; where that is another than the zone's UTM, the lines lie askew.

    Returns
    -------
    str
        Elements; nothing near the poles, where MGRS has another grid.
    """
    utm = _grid_of(sheet, projection)
    if utm is None:
        return ""
    there = Transformer.from_crs(projection.crs, utm, always_xy=True)
    frame = shapely.box(sheet.west, sheet.south, sheet.east, sheet.north)
    edge = shapely.segmentize(frame, frame.length / 32)
    x, y = there.transform(*shapely.get_coordinates(edge).T)
    step = _step_m(sheet)
    lines: list[NDArray[np.float64]] = []
    figures: list[str] = []
    for axis, low, high in ((0, x.min(), x.max()), (1, y.min(), y.max())):
        ends = np.linspace(*((y.min(), y.max()) if axis == 0 else (x.min(), x.max())), 9)
        for n in range(math.ceil(low / step), math.floor(high / step) + 1):
            value = np.full_like(ends, n * step)
            pair = (value, ends) if axis == 0 else (ends, value)
            metres = np.column_stack(there.transform(*pair, direction="INVERSE"))
            for part in _inside(metres, sheet):
                lines.append(part)
                figures += _figures(part, n * step, axis, sheet)
    style: Style = {
        "fill": "none",
        "stroke": _GRID_INK,
        "stroke_width": 0.3,
        "stroke_opacity": 0.42,
    }
    return element("path", d=path_of(lines), **style) + group(figures)


def _inside(metres: NDArray[np.float64], sheet: Sheet) -> Iterator[NDArray[np.float64]]:
    line = shapely.LineString(sheet.place(metres))
    for part in shapely.get_parts(shapely.clip_by_rect(line, *sheet.frame)):
        if part.geom_type == "LineString" and not part.is_empty:
            yield shapely.get_coordinates(part)


def _figures(line: NDArray[np.float64], value_m: int, axis: int, sheet: Sheet) -> Iterator[str]:
    left, top, right, bottom = sheet.frame
    text = f"{value_m % _SQUARE_M // 1000:02d}"
    style: Style = {
        "font_size": _SIZE,
        "fill": INK,
        "text_anchor": "middle",
    }
    for x, y in (line[0].tolist(), line[-1].tolist()):
        if axis == 0 and abs(y - top) < 0.5:  # noqa: PLR2004 - at the frame
            yield furniture(x, top - 2.4, text, **style)
        elif axis == 0 and abs(y - bottom) < 0.5:  # noqa: PLR2004
            yield furniture(x, bottom + 7.0, text, **style)
        elif axis == 1 and abs(x - left) < 0.5:  # noqa: PLR2004
            yield furniture(left - 5.4, y + 2.1, text, **style)
        elif axis == 1 and abs(x - right) < 0.5:  # noqa: PLR2004
            yield furniture(right + 5.4, y + 2.1, text, **style)


def draw_frame(sheet: Sheet) -> str:
    """Draw the frame of a map.

    Parameters
    ----------
    sheet : Sheet
        The sheet.

    Returns
    -------
    str
        Elements.
    """
    left, top, _, _ = sheet.frame
    size: Style = {"width": sheet.width, "height": sheet.height}
    line: Style = {"fill": "none", "stroke": INK, "stroke_width": 0.9}
    return element("rect", class_="frame", x=left, y=top, **size, **line)


def grid_note(sheet: Sheet, projection: Projection, language: Language) -> str:
    """Name the grid and the squares of 100 km that the sheet lies in.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    projection : Projection
        Its reference system.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        For instance ``"MGRS 31T DK, EK, grid 5 km"``; empty where there is no grid.
    """
    if _grid_of(sheet, projection) is None:
        return ""
    xs, ys = np.linspace(sheet.west, sheet.east, 5), np.linspace(sheet.south, sheet.north, 5)
    places = [projection.to_earth.transform(x, y) for x in xs for y in ys]
    squares: dict[str, set[str]] = {}
    for lon, lat in places:
        reference = to_mgrs(lon, lat, 0)
        squares.setdefault(reference[:-2], set()).add(reference[-2:])
    named = ", ".join(
        f"{zone} {', '.join(sorted(names))}" for zone, names in sorted(squares.items())
    )
    grid = "quadrillage" if language == "fr" else "grid"
    return f"MGRS {named}, {grid} {_step_m(sheet) // 1000}\u00a0km"


def draw_scale(
    x: float,
    y: float,
    sheet: Sheet,
    language: Language,
    longest: float = 110.0,
    *,
    letters: float = _SIZE,
) -> tuple[str, float]:
    """Draw a scale bar of four fields.

    Parameters
    ----------
    x, y : float
        Upper left corner of the bar.
    sheet : Sheet
        The sheet.
    language : {"en", "fr"}
        Language of its numbers.
    longest : float
        Points that it may be long.
    letters : float
        Points that its numbers are high.

    Returns
    -------
    str, float
        Elements, and its length in points.
    """
    length_m = nice_length_m(longest * sheet.metres_a_point)
    length = length_m * sheet.scale
    parts = [
        element("rect", x=x + n * length / 4, y=y, width=length / 4, height=3.2, stroke=INK,
                stroke_width=0.45, fill=INK if n % 2 == 0 else "#ffffff")
        for n in range(4)
    ]  # fmt: skip
    unit, size = ("km", 1000.0) if length_m >= 1000 else ("m", 1.0)  # noqa: PLR2004 - kilometres
    # The numbers of a short bar would touch.
    for share in (0.0, 1.0) if length < _SHORT_BAR else (0.0, 0.5, 1.0):
        text = f"{length_m * share / size:g}".replace(".", "," if language == "fr" else ".")
        text += f"\u00a0{unit}" if share == 1 else ""
        parts.append(furniture(x + length * share, y - 2, text, font_size=letters,
                               text_anchor="middle", fill=INK))  # fmt: skip
    return group(parts, class_="scale"), length


def draw_north(x: float, y: float, height: float = 21.0) -> str:
    """Draw an arrow to grid north.

    Parameters
    ----------
    x, y : float
        Middle of its top.
    height : float
        Points.

    Returns
    -------
    str
        Elements.
    """
    tip, foot, half = y + 6.0, y + height, height * 0.2
    dark = np.array([(x, tip), (x - half, foot), (x, foot - height * 0.18)])
    light = np.array([(x, tip), (x + half, foot), (x, foot - height * 0.18)])
    style: Style = {"stroke": INK, "stroke_width": 0.45, "stroke_linejoin": "round"}
    return group(
        [
            element("path", d=path_of([dark], closed=True), fill=INK, **style),
            element("path", d=path_of([light], closed=True), fill="#ffffff", **style),
            furniture(
                x, y + 4.6, "N", font_size=7, font_weight="bold", text_anchor="middle", fill=INK
            ),
        ],
        class_="north",
    )


def north_note(sheet: Sheet, projection: Projection, language: Language) -> str:
    """Say how far true north lies from grid north in the middle of the map.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    projection : Projection
        Its reference system.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        One line.
    """
    # Positive where grid north lies east of true north, so that true north lies west of it.
    angle = Proj(projection.crs).get_factors(*_middle(sheet, projection)).meridian_convergence
    degrees = f"{abs(angle):.1f}\u00b0"
    if language == "fr":
        side = "ouest" if angle > 0 else "est"
        return f"nord géographique\u00a0: {degrees.replace('.', ',')} {side}"
    return f"true north: {degrees} {'west' if angle > 0 else 'east'}"
