"""Areas, told apart by hatching as well as by colour, and changes to the ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from briefing.pictures.looks import INK
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import element, group, path_of
from optimizer.scenario.model import AreaKind, ChangeKind

__all__ = ["STYLES", "AreaStyle", "area_patch", "change_sign", "draw_area"]

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """How a kind of area is drawn.

    Parameters
    ----------
    colour : str
        Of its edge and its hatching.
    angles : tuple of float
        Directions of the hatching, degrees from east.
    apart : float
        Points between its lines.
    dashes : str or None
        Of its edge.
    hatch_dashes : str or None
        Of its hatching.
    """

    colour: str
    angles: tuple[float, ...]
    apart: float
    dashes: str | None
    hatch_dashes: str | None = None


STYLES: Mapping[AreaKind, AreaStyle] = {
    AreaKind.NO_GO: AreaStyle("#a81f2d", (45.0, 135.0), 4.2, None),
    AreaKind.NO_FLY: AreaStyle("#1f4fa8", (135.0,), 4.6, "7 2 1.5 2"),
    AreaKind.SLOW: AreaStyle("#8a5a00", (0.0,), 3.4, "5 2", "3.2 2.2"),
    AreaKind.EXPOSURE: AreaStyle("#5b2a86", (60.0,), 5.0, "1.4 1.6"),
}


def draw_area(ring: Points, kind: AreaKind, sheet: Sheet) -> tuple[str, BaseGeometry]:
    """Draw an area.

    Parameters
    ----------
    ring : ndarray of float64, shape (points, 2)
        Its edge, points of the sheet.
    kind : AreaKind
        What it does.
    sheet : Sheet
        The sheet, beyond which nothing is drawn.

    Returns
    -------
    str, BaseGeometry
        Elements, and what of it is on the sheet.
    """
    shape = shapely.make_valid(shapely.Polygon(ring))
    left, top, right, bottom = sheet.frame
    seen = shapely.clip_by_rect(shape, left, top, right, bottom)
    return _patch(seen, STYLES[kind]), seen


def area_patch(x: float, y: float, width: float, height: float, kind: AreaKind) -> str:
    """Draw a piece of an area for the legend.

    Parameters
    ----------
    x, y, width, height : float
        Upper left corner and size, points.
    kind : AreaKind
        What it does.

    Returns
    -------
    str
        Elements.
    """
    return _patch(shapely.box(x, y, x + width, y + height), STYLES[kind])


def _patch(shape: BaseGeometry, style: AreaStyle) -> str:
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    if not rings:
        return ""
    edge = path_of([ring[:-1] for ring in rings], closed=True)
    tint = element("path", d=edge, fill=style.colour, fill_opacity=0.13, fill_rule="evenodd")
    lines = path_of(_hatching(shape, style))
    hatching = (
        element("path", d=lines, fill="none", stroke=style.colour, stroke_width=0.55,
                stroke_opacity=0.85, stroke_dasharray=style.hatch_dashes)
        if lines
        else ""
    )  # fmt: skip
    border = element("path", d=edge, fill="none", stroke=style.colour, stroke_width=1.1,
                     stroke_dasharray=style.dashes, stroke_linejoin="round")  # fmt: skip
    return group([tint, hatching, border], class_="area")


def _hatching(shape: BaseGeometry, style: AreaStyle) -> Iterator[Points]:
    """Yield lines across a shape, on one raster for the whole sheet."""
    left, top, right, bottom = shape.bounds
    corners = np.array([(left, top), (right, top), (left, bottom), (right, bottom)])
    for angle in style.angles:
        along = np.array((np.cos(np.radians(angle)), -np.sin(np.radians(angle))))
        across = np.array((-along[1], along[0]))
        rows, ends = corners @ across, corners @ along
        steps = np.arange(np.ceil(rows.min() / style.apart), np.floor(rows.max() / style.apart) + 1)
        if not len(steps):
            continue
        base = steps[:, None] * style.apart * across
        lines = shapely.linestrings(
            np.stack((base + along * ends.min(), base + along * ends.max()), axis=1)
        )
        for part in shapely.get_parts(shapely.intersection(lines, shape)):
            if part.geom_type == "LineString" and not part.is_empty:
                yield shapely.get_coordinates(part)


def change_sign(x: float, y: float, kind: ChangeKind, size: float = 4.6) -> str:
    """Draw the sign of a change: what is cut is crossed out, what is limited has a ring.

    Parameters
    ----------
    x, y : float
        Its middle.
    kind : ChangeKind
        What was stated.
    size : float
        Half its width, points.

    Returns
    -------
    str
        Elements.
    """
    draw = {
        ChangeKind.BRIDGE_OUT: _bridge_out,
        ChangeKind.ROAD_CUT: _road_cut,
        ChangeKind.CLASS_ASSESSED: _class_assessed,
        ChangeKind.SPEED_LIMITED: _speed_limited,
        ChangeKind.SPACING: _spacing,
    }[kind]
    return group(draw(x, y, size), class_="change")


_RED, _YELLOW = "#a81f2d", "#f6d743"


def _stroke(points: list[tuple[float, float]], colour: str, width: float) -> str:
    return element("path", d=path_of([np.array(points)]), fill="none", stroke=colour,
                   stroke_width=width, stroke_linecap="round", stroke_linejoin="round")  # fmt: skip


def _disc(x: float, y: float, r: float, *, fill: str, edge: str, width: float = 0.9) -> str:
    return element("circle", cx=x, cy=y, r=r, fill=fill, stroke=edge, stroke_width=width)


def _rails(
    x: float, y: float, reach: tuple[float, float], wide: tuple[float, float]
) -> Iterator[str]:
    """Draw the parapets of a bridge, splayed at their ends."""
    (far, near), (open_, narrow) = reach, wide
    for side in (-1, 1):
        ends = y + side * open_, y + side * narrow
        rail = [(x - far, ends[0]), (x - near, ends[1]), (x + near, ends[1]), (x + far, ends[0])]
        yield _stroke(rail, INK, 0.8)


def _bridge_out(x: float, y: float, s: float) -> Iterator[str]:
    yield _disc(x, y, s, fill="#ffffff", edge=_RED, width=0.9)
    yield from _rails(x, y, (s * 0.62, s * 0.3), (s * 0.5, s * 0.26))
    yield _stroke([(x - s * 0.55, y - s * 0.55), (x + s * 0.55, y + s * 0.55)], _RED, 1.3)
    yield _stroke([(x - s * 0.55, y + s * 0.55), (x + s * 0.55, y - s * 0.55)], _RED, 1.3)


def _road_cut(x: float, y: float, s: float) -> Iterator[str]:
    yield _disc(x, y, s, fill="#ffffff", edge=_RED, width=0.9)
    yield element(
        "rect", x=x - s * 0.62, y=y - s * 0.24, width=s * 1.24, height=s * 0.48, fill=_RED
    )


def _class_assessed(x: float, y: float, s: float) -> Iterator[str]:
    # The round yellow sign of a bridge's class (STANAG 2021), without its figure.
    yield _disc(x, y, s * 0.9, fill=_YELLOW, edge=INK, width=0.9)
    yield from _rails(x, y, (s * 0.52, s * 0.24), (s * 0.46, s * 0.24))


def _speed_limited(x: float, y: float, s: float) -> Iterator[str]:
    yield _disc(x, y, s * 0.85, fill="#ffffff", edge=_RED, width=1.3)
    yield _stroke(
        [(x - s * 0.3, y - s * 0.35), (x + s * 0.1, y), (x - s * 0.3, y + s * 0.35)], INK, 0.9
    )
    yield _stroke(
        [(x + s * 0.1, y - s * 0.35), (x + s * 0.5, y), (x + s * 0.1, y + s * 0.35)], INK, 0.9
    )


def _spacing(x: float, y: float, s: float) -> Iterator[str]:
    # Two vehicles with an arrow to either side between them, as on the road sign (Vienna C, 10).
    yield _disc(x, y, s * 0.85, fill="#ffffff", edge=_RED, width=1.3)
    for side in (-1, 1):
        yield element("rect", x=x + side * s * 0.44 - s * 0.13, y=y - s * 0.3, width=s * 0.26,
                      height=s * 0.6, fill=INK)  # fmt: skip
        tip, wing = x + side * s * 0.24, x + side * s * 0.1
        yield _stroke([(wing, y - s * 0.16), (tip, y), (wing, y + s * 0.16)], INK, 0.6)
    yield _stroke([(x - s * 0.24, y), (x + s * 0.24, y)], INK, 0.6)
