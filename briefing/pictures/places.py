"""Names of the ground: places and heights, where the plan leaves room for them."""

from __future__ import annotations

import shapely

from briefing.pictures.fonts import text_width
from briefing.pictures.labels import Room
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import Box, element, furniture, group
from briefing.wording.names import clean_line
from optimizer.terrain.show.style import PLACES, PlaceStyle
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_places"]

#: Sizes against those of a sheet ten inches wide, and the least that can be read in print.
_SMALLER, _LEAST_PT = 0.82, 5.6
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
#: Names further from sites than this compete for room with nothing.
_FINE_KINDS = frozenset({"hamlet", "suburb", "locality", "peak", "pass"})
_FINE_TO = 0.75
#: Peaks and passes are many where there are any, and tell little of a way.
_ROOM = {"^": 2.2, "d": 2.6}


def draw_places(theatre: Theatre, sheet: Sheet, room: Room) -> str:
    """Write the names of the ground.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    sheet : Sheet
        The sheet.
    room : Room
        What is taken, where no name is written; names are added to it.

    Returns
    -------
    str
        Elements of class ``furniture``.
    """
    frame = theatre.frame("places")
    ranked = []
    for shape, name, kind, population in zip(
        frame.geometry, frame["name"], frame["kind"], frame["population"], strict=True
    ):
        style = PLACES.get(kind, PLACES["locality"])
        finest = style.coarsest_m * (_FINE_TO if kind in _FINE_KINDS else 1)
        if not name or sheet.metres_a_point > finest:
            continue
        metres = shapely.get_coordinates(shape)
        if sheet.holds(metres[0]):
            x, y = sheet.place(metres)[0].tolist()
            ranked.append((style.rank - min(population, 999_999) / 1e6, str(name), x, y, style))
    parts = []
    for _, name, x, y, style in sorted(ranked, key=lambda place: place[:4]):
        parts += _place(clean_line(name), x, y, style, room)
    return group(parts, class_="places")


def _place(name: str, x: float, y: float, style: PlaceStyle, room: Room) -> list[str]:
    size = max(style.size * _SMALLER, _LEAST_PT)
    weight = "bold" if style.weight == "bold" else "italic" if style.slant == "italic" else "normal"
    width, high = text_width(name, size, weight), size * 0.95
    dot = 1.1
    own = (x - dot, y - dot, x + dot, y + dot)
    marked = bool(style.marker) and not room.hits(own)
    gap = 2.2
    for dx, dy in _SIDES:
        left = x + dx * gap - (1 - dx) / 2 * width
        middle = y + dy * (gap + high / 2)
        box: Box = (left, middle - high / 2, left + width, middle + high / 2)
        pad = style.room * _ROOM.get(style.marker, 0.6)
        wide = (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad)
        if not room.inside(box) or room.hits(wide):
            continue
        room.take(box)
        if marked:
            room.take(own)
        return [
            _marker(x, y, style, dot) if marked else "",
            furniture(
                left, middle + size * 0.34, name, font_size=size, fill=style.colour,
                font_weight="bold" if weight == "bold" else None,
                font_style="italic" if weight == "italic" else None,
                stroke="#ffffff", stroke_width=size * 0.22, stroke_opacity=0.8,
                stroke_linejoin="round", paint_order="stroke",
            ),
        ]  # fmt: skip
    return []


def _marker(x: float, y: float, style: PlaceStyle, r: float) -> str:
    if style.marker == "o":
        return element(
            "circle", cx=x, cy=y, r=r * 0.8, fill="#ffffff", stroke=style.colour, stroke_width=0.45
        )
    corners = (
        f"M{x:.2f} {y - r:.2f}L{x + r:.2f} {y + r:.2f}L{x - r:.2f} {y + r:.2f}z"
        if style.marker == "^"
        else f"M{x:.2f} {y - r:.2f}L{x + r:.2f} {y:.2f}L{x:.2f} {y + r:.2f}L{x - r:.2f} {y:.2f}z"
    )
    return element("path", d=corners, fill=style.colour)
