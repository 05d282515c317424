"""The small map beside a strip: where on the ground the way of a convoy lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.courses import sampled
from briefing.pictures.fine_lines import tier_of
from briefing.pictures.grid import draw_north, draw_scale
from briefing.pictures.labels import Room
from briefing.pictures.looks import INK
from briefing.pictures.routes import arrow
from briefing.pictures.sheet import Sheet, sheet_of
from briefing.pictures.stations import LETTERS, Station, draw_stations
from briefing.pictures.svg import Box, Style, element, group, path_of
from optimizer.faults import Language
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_locator"]

Points = NDArray[np.float64]
_MAIN_TIERS = ("trunk", "primary", "secondary")
_ARROWS_APART = 42.0
#: Smaller lakes are specks.
_LAKE_PT2 = 6.0


def draw_locator(
    box: Box,
    courses: Sequence[Points],
    stations: Sequence[Station],
    theatre: Theatre | None,
    language: Language,
) -> str:
    """Draw the way of a convoy on a small map: in black over grey water and main roads.

    Parameters
    ----------
    box : tuple of float
        Left, top, right, bottom, points.
    courses : sequence of ndarray of float64, shape (points, 2)
        Courses of its legs, metres.
    stations : sequence of Station
        Sites that it comes to.
    theatre : Theatre or None
        The ground.
    language : {"en", "fr"}
        Language of the scale.

    Returns
    -------
    str
        Elements.
    """
    left, top, right, bottom = box
    ratio = (bottom - top) / (right - left)
    sheet = sheet_of(courses, right - left, (ratio, ratio), (left, top))
    frame = element("rect", x=left, y=top, width=right - left, height=bottom - top, fill="#ffffff")
    parts = [frame]
    if theatre is not None:
        parts.append(_ground(theatre, sheet))
    room = Room((left, top, right, bottom))
    placed = [sheet.place(course) for course in courses]
    width = (right - left) * 0.2
    # The scale stands in the corner that the way and its stations leave freest; north has one.
    corners = [
        (x, y, x + width + 24, y + 17)
        for x, y in ((left, bottom - 17), (right - width - 24, bottom - 17), (left, top))
    ]
    at = np.vstack([sheet.place(station.at.reshape(1, 2)) for station in stations])
    corner = min(corners, key=lambda one: _within(one, placed, at))
    scale, _ = draw_scale(corner[0] + 8, corner[3] - 6, sheet, language, width, letters=LETTERS)
    room.take(corner)
    room.take((right - 14, top, right, top + 20))
    under: Style = {"x": corner[0], "y": corner[1], "width": width + 24, "height": 17}
    parts.append(element("rect", fill="#ffffff", fill_opacity=0.85, **under))
    parts.append(_route(placed))
    parts.append(draw_stations(sheet, stations, courses, room))
    parts += [scale, draw_north(right - 8, top + 2, 17)]
    parts.append(element("rect", x=left, y=top, width=right - left, height=bottom - top,
                         fill="none", stroke=INK, stroke_width=0.7))  # fmt: skip
    return group(parts, class_="locator")


def _within(box: Box, courses: Sequence[Points], stations: Points) -> int:
    """Count points of courses, two points apart, in a rectangle; a station there weighs as 20."""
    along = np.vstack([sampled(course, 2.0) for course in courses])
    left, top, right, bottom = box

    def inside(at: Points, more: float) -> int:
        x, y = at.T
        found = (x >= left - more) & (x <= right + more) & (y >= top - more) & (y <= bottom + more)
        return int(found.sum())

    # A station has a sign, and a number beside it.
    return inside(along, 0.0) + 20 * inside(stations, 6.0)


def _ground(theatre: Theatre, sheet: Sheet) -> str:
    box = shapely.box(sheet.west, sheet.south, sheet.east, sheet.north)

    def lines(shapes: NDArray[np.object_]) -> str:
        cut = shapely.clip_by_rect(shapes, *box.bounds)
        thin = shapely.simplify(cut, sheet.metres_a_point * 0.4)
        found = shapely.get_parts(thin)
        return path_of(
            (sheet.place(shapely.get_coordinates(line)) for line in found
             if line.geom_type == "LineString" and not line.is_empty),
            places=1,
        )  # fmt: skip

    waters, roads = theatre.frame("waters"), theatre.frame("roads")
    shapes = waters.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas
    rivers = lines(shapes[~flat & waters["kind"].isin(["river", "canal"]).to_numpy()])
    seen = shapely.area(shapes) > _LAKE_PT2 * sheet.metres_a_point**2
    lakes = lines(shapely.boundary(shapes[flat & seen]))
    tiers = np.array([tier_of(str(value)) in _MAIN_TIERS for value in roads["class"]], bool)
    merged = shapely.line_merge(shapely.multilinestrings(roads.geometry.to_numpy()[tiers]))
    main = lines(np.atleast_1d(np.asarray(merged, object)))
    parts = [
        element(
            "path", d=data, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes
        )
        for data, colour, width, dashes in (
            (lakes, "#7fa9c4", 0.6, None),
            (rivers, "#7fa9c4", 0.7, None),
            (main, "#b3ada4", 0.9, None),
        )
        if data
    ]
    return group(parts)


def _route(courses: Sequence[Points]) -> str:
    thin = [
        shapely.get_coordinates(shapely.LineString(course).simplify(0.3))
        for course in courses
        if np.ptp(course, axis=0).any()
    ]
    data = path_of(thin, places=1)
    parts = [
        element(
            "path", d=data, fill="none", stroke="#ffffff", stroke_width=3.0, stroke_linejoin="round"
        ),
        element("path", d=data, fill="none", stroke=INK, stroke_width=1.5, stroke_linejoin="round"),
    ]
    taken: list[Points] = []
    for course in thin:
        line = shapely.LineString(course)
        for along in np.arange(_ARROWS_APART / 2, line.length, _ARROWS_APART).tolist():
            here, ahead = (np.array(line.interpolate(along + d).coords[0]) for d in (0.0, 1.2))
            # Where the way comes back by the same road, one arrow would cover the other.
            if all(float(np.hypot(*(here - other))) > 7 for other in taken):  # noqa: PLR2004 - points
                parts.append(arrow(float(here[0]), float(here[1]), ahead - here, 6.4, INK))
                taken.append(here)
    return group(parts)
