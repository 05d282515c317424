"""Names on the map: each in the form and at the place where it covers least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from briefing.pictures.fonts import text_width, wrap
from briefing.pictures.labels import Placed, Room, Wanted, place_all
from briefing.pictures.looks import INK
from briefing.pictures.svg import Box, Style, element, group, path_of, said_lines
from briefing.wording.statement import Sentence

__all__ = ["Label", "between", "draw_names", "forms_of", "leader"]

_SIZE, _STEP = 6.4, 7.0
#: Up to so many names all are written; of more, those that would cover a tenth of others are not.
_ALL_TO, _MAY_COVER = 70, 0.1
#: Widths that a name may take, the best first.
_WRAPS = (88.0, 134.0, 58.0)
_HALO: Style = {
    "stroke": "#ffffff",
    "stroke_width": 2.0,
    "stroke_opacity": 0.88,
    "stroke_linejoin": "round",
    "paint_order": "stroke",
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a name can take: sentences one under the other, broken into lines."""

    parts: tuple[tuple[Sentence, tuple[str, ...]], ...]
    weight: str
    colour: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, points."""
        lines = [line.rstrip() for _, broken in self.parts for line in broken]
        wide = max(text_width(line, _SIZE, self.weight) for line in lines)
        return wide + 1.2, len(lines) * _STEP + 0.6


@dataclass(frozen=True, slots=True)
class Label:
    """A thing on the map that is named.

    Parameters
    ----------
    box : tuple of float
        Its symbol; for an area a point inside it.
    forms : tuple of Form
        Forms that its name can take, the best first.
    area : BaseGeometry or None
        What an area covers, on the sheet: a line leads to its name only where that stands off it.
    needed : bool
        Whether it is written even among very many.
    """

    box: Box
    forms: tuple[Form, ...]
    area: BaseGeometry | None = None
    needed: bool = True


def forms_of(
    says: Sequence[Sentence], *, weight: str = "normal", colour: str = INK
) -> tuple[Form, ...]:
    """Return the forms that a name can take.

    Parameters
    ----------
    says : sequence of Sentence
        What is written, one under the other.
    weight : {"normal", "bold"}
        Of the font.
    colour : str
        Of the text.

    Returns
    -------
    tuple of Form
        The best first.
    """
    forms: dict[tuple[tuple[str, ...], ...], Form] = {}
    for width in _WRAPS:
        parts = tuple((sentence, wrap(sentence.text, width, _SIZE, weight)) for sentence in says)
        forms.setdefault(tuple(lines for _, lines in parts), Form(parts, weight, colour))
    return tuple(forms.values())


def draw_names(labels: Sequence[Label], room: Room, lines: NDArray[np.float64]) -> tuple[str, bool]:
    """Write the name of everything.

    Parameters
    ----------
    labels : sequence of Label
        What is named. Where there are very many, names that find no room are left out.
    room : Room
        What is taken; the names are added to it.
    lines : ndarray of float64, shape (points, 2)
        Points along routes, which names had better not cover.

    Returns
    -------
    str, bool
        Elements, and whether a name was left out.
    """
    wanted = [Wanted(label.box, tuple(form.size for form in label.forms)) for label in labels]
    leaders, texts, complete = [], [], True
    for label, place in zip(labels, place_all(wanted, room, lines), strict=True):
        left, top, right, bottom = place.box
        crowded = place.covers > _MAY_COVER * (right - left) * (bottom - top)
        if crowded and not label.needed and len(labels) > _ALL_TO:
            complete = False
            continue
        if place.leader and not (label.area and label.area.intersects(shapely.box(*place.box))):
            leaders.append(leader(*between(label.box, place.box)))
        form = label.forms[place.form]
        y = top + 0.3 + _SIZE * 0.86
        for sentence, broken in form.parts:
            lefts = [_left(line, place, form.weight) for line in broken]
            weight = "bold" if form.weight == "bold" else None
            style: Style = {"font_size": _SIZE, "font_weight": weight, "fill": form.colour}
            texts.append(said_lines(lefts, y, sentence, broken, _STEP, **style, **_HALO))
            y += _STEP * len(broken)
    return group(leaders) + group(texts, class_="labels"), not complete


def _left(line: str, place: Placed, weight: str) -> float:
    """Return where a line begins: names stand flush with the side that faces their symbol."""
    left, _, right, _ = place.box
    width = text_width(line.rstrip(), _SIZE, weight)
    if place.side > 0:
        return left + 0.6
    return right - 0.6 - width if place.side < 0 else (left + right - width) / 2


def leader(x0: float, y0: float, x1: float, y1: float) -> str:
    """Draw a thin line that leads from one thing to another.

    Parameters
    ----------
    x0, y0, x1, y1 : float
        Its ends, points.

    Returns
    -------
    str
        Elements.
    """
    data = path_of([np.array([(x0, y0), (x1, y1)])])
    under = element("path", d=data, stroke="#ffffff", stroke_width=1.5, stroke_opacity=0.8)
    return under + element("path", d=data, stroke=INK, stroke_width=0.5)


def between(symbol_box: Box, text_box: Box) -> tuple[float, float, float, float]:
    """Return the shortest line from a symbol to its name.

    Parameters
    ----------
    symbol_box, text_box : tuple of float
        Left, top, right, bottom.

    Returns
    -------
    float, float, float, float
        Its ends: that at the symbol, and that at the name.
    """
    ends: list[float] = []
    for low, high in ((0, 2), (1, 3)):
        a0, a1, b0, b1 = symbol_box[low], symbol_box[high], text_box[low], text_box[high]
        if a1 < b0:
            ends += [a1, b0]
        elif b1 < a0:
            ends += [a0, b1]
        else:
            middle = (max(a0, b0) + min(a1, b1)) / 2
            ends += [middle, middle]
    x0, x1, y0, y1 = ends
    return x0, y0, x1, y1
