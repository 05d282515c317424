"""The ground under a plan: relief, contours, water and roads.

Colours and widths are those of ``convoi terrain show``, paler, so that the plan stands out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import shapely

from briefing.pictures.fine_lines import FINE, fine, fine_group, lines_of, pale, within
from briefing.pictures.relief import draw_contours, draw_relief, window_of
from briefing.pictures.roads import RoadLines
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import element, whole_path
from optimizer.terrain.show.style import WATER, Tier
from optimizer.terrain.theatre import Theatre

__all__ = ["GroundDrawn", "draw_ground"]

_RIVERS = {"river": 0.9, "canal": 0.7, "stream": 0.35}
#: Metres a point beyond which streams are left out.
_STREAMS_TO = 150.0


@dataclass(frozen=True, slots=True)
class GroundDrawn:
    """What was drawn of the ground.

    Parameters
    ----------
    svg : str
        Elements.
    contour_interval_m : float or None
        None where there is no relief.
    tiers : tuple of Tier
        Roads that are on the map, the most important first.
    bridges, fords : bool
        Whether there is any.
    """

    svg: str
    contour_interval_m: float | None
    tiers: tuple[Tier, ...]
    bridges: bool
    fords: bool


def draw_ground(theatre: Theatre, sheet: Sheet) -> GroundDrawn:
    """Draw the ground of a sheet.

    Parameters
    ----------
    theatre : Theatre
        The ground; the sheet lies in its reference system and may reach beyond it.
    sheet : Sheet
        The sheet.

    Returns
    -------
    GroundDrawn
        Elements from the bottom to the top.
    """
    window = window_of(theatre, sheet)
    parts: list[str] = []
    interval = None
    if window is not None:
        parts.append(draw_relief(theatre, sheet, window))
        if theatre.has_relief:
            interval, lines = draw_contours(theatre, sheet, window)
            parts.append(lines)
    parts.append(_water(theatre, sheet))
    roads = RoadLines(theatre, sheet)
    parts.append(roads.svg())
    return GroundDrawn("".join(parts), interval, roads.tiers, roads.bridged, roads.forded)


def _water(theatre: Theatre, sheet: Sheet) -> str:
    frame = theatre.frame("waters")
    frame = frame[within(frame, sheet)]
    kinds = frame["kind"].to_numpy(dtype=object)
    shapes = fine(sheet, frame.geometry.to_numpy())
    flat = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas
    line = pale(WATER["line"], 0.1)

    def drawn() -> Iterator[str]:
        for kind, width in _RIVERS.items():
            if kind == "stream" and sheet.metres_a_point > _STREAMS_TO:
                continue
            if data := whole_path(lines_of(shapes[~flat & (kinds == kind)])):
                yield element("path", d=data, stroke=line, stroke_width=width * FINE,
                              stroke_linecap="round")  # fmt: skip
        rings = [
            shapely.get_coordinates(ring)
            for area in shapely.get_parts(shapes[flat])
            if area.geom_type == "Polygon"
            for ring in (area.exterior, *area.interiors)
        ]
        if data := whole_path(rings, closed=True):
            yield element("path", d=data, fill=pale(WATER["fill"], 0.1), fill_rule="evenodd",
                          stroke=line, stroke_width=0.25 * FINE)  # fmt: skip

    return fine_group(drawn(), sheet)
