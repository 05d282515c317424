"""Draws a column of a strip map: the road from top to bottom, what is met beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from briefing.pictures.icons import compass, icon
from briefing.pictures.looks import INK
from briefing.pictures.rows import COMPASS, SIZE, STEP, TEXT, Row
from briefing.pictures.svg import Style, element, group, path_of, said, said_lines
from optimizer.scenario.model import Change

__all__ = ["draw_column"]

#: From the left of a column: where distances end, and where the road runs, points.
_FIGURES, _ROAD = 33.5, 43.5
_DRIVEN = frozenset({"station", "leg", "mark"})


def draw_column(rows: Sequence[Row], left: float, top: float, wide: float) -> str:
    """Draw rows one under the other.

    Parameters
    ----------
    rows : sequence of Row
        The rows.
    left, top : float
        Upper left corner, points.
    wide : float
        Width, points.

    Returns
    -------
    str
        Elements: the road first, then what lies on it.
    """
    under: list[str] = []
    over: list[str] = []
    y = top
    for n, row in enumerate(rows):
        before = rows[n - 1] if n else None
        after = rows[n + 1] if n + 1 < len(rows) else None
        if row.kind in _DRIVEN:
            first = row.kind == "station" and (before is None or before.kind == "trip")
            ends = row.kind == "station" and (after is None or after.kind not in _DRIVEN)
            upper = _middle(row, y) if first else y - 0.3
            lower = _middle(row, y) if ends else y + row.high
            under.append(_road(left + _ROAD, upper, lower))
            if row.inside:
                # An area reaches from its sign to the sign where it is left.
                goes_on = after is not None and after.kind in _DRIVEN
                end = _middle(after, y + row.high) if after and goes_on else y + row.high
                under.append(_hatched(left + _ROAD, _middle(row, y), end))
        over.append(_draw_row(row, left, y, wide))
        y += row.high
        if after is None and row.kind in {"leg", "mark"}:
            # The road goes on at the top of the next column.
            over.append(element("path", d=f"M{left + _ROAD:.2f} {y + 5:.2f}l-4 -6h8z", fill=INK))
    return group(under) + group(over)


def _middle(row: Row, y: float) -> float:
    """Return where the sign of a row stands: at a station beside the first line."""
    return y + 3.4 + SIZE * 0.6 if row.kind == "station" else y + row.high / 2


def _road(x: float, y0: float, y1: float) -> str:
    return element("path", d=f"M{x:.2f} {y0:.2f}V{y1:.2f}", stroke=INK, stroke_width=2.6)


def _hatched(x: float, y0: float, y1: float) -> str:
    """Hatch the left side of the road, where it lies in an area."""
    starts = np.arange(y0, y1 - 1.6, 2.4).tolist()
    ticks = [np.array([(x - 7, y + 1.6), (x - 3.2, y)]) for y in starts]
    return element("path", d=path_of(ticks), stroke=INK, stroke_width=0.6) if ticks else ""


def _draw_row(row: Row, left: float, y: float, wide: float) -> str:
    sentence, broken, _ = row.says[0]
    if row.kind == "trip":
        bar = element("rect", x=left, y=y + 4, width=wide, height=10, rx=1.5, fill=INK)
        style: Style = {"font_size": 7.2, "font_weight": "bold", "fill": "#ffffff"}
        return bar + said(left + 5, y + 11.6, sentence, **style)
    middle = _middle(row, y)
    parts = [*_signs(row, left + _ROAD, middle), *_figures(row, left + _FIGURES, middle)]
    text_at = left + TEXT + (COMPASS if row.bearing_deg is not None else 0.0)
    lines = sum(len(broken) for _, broken, _ in row.says)
    at = middle + SIZE * 0.36 - (0 if row.kind == "station" else (lines - 1) * STEP / 2)
    for sentence, broken, bold in row.says:
        style = {
            "font_size": SIZE + 0.6 if row.kind == "station" and bold else SIZE,
            "font_weight": "bold" if bold else None,
            "font_style": "italic" if row.kind == "leg" else None,
            "fill": INK,
        }
        parts.append(said_lines([text_at] * len(broken), at, sentence, broken, STEP, **style))
        at += STEP * len(broken)
    return group(parts, class_=row.kind)


def _figures(row: Row, right: float, middle: float) -> Iterator[str]:
    for n, (sentence, bold) in enumerate(row.left):
        yield said(
            right,
            middle + SIZE * 0.36 + n * STEP,
            sentence,
            font_size=SIZE,
            font_weight="bold" if bold else None,
            text_anchor="end",
            fill=INK,
        )


def _signs(row: Row, x: float, middle: float) -> Iterator[str]:
    if row.kind == "station" and row.base:
        box: Style = {"x": x - 4.6, "y": middle - 4.6, "width": 9.2, "height": 9.2}
        yield element("rect", fill=INK, stroke="#ffffff", stroke_width=0.8, **box)
    elif row.kind == "station":
        disc: Style = {"cx": x, "cy": middle, "r": 4.4}
        yield element("circle", fill="#ffffff", stroke=INK, stroke_width=2.0, **disc)
    elif row.kind == "leg":
        head = f"M{x:.2f} {middle + 4:.2f}l4 -7l-4 1.8l-4 -1.8z"
        rim: Style = {"stroke": "#ffffff", "stroke_width": 0.6}
        yield element("path", class_="arrow", d=head, fill=INK, **rim)
        if row.bearing_deg is not None:
            yield compass(x + TEXT - _ROAD + 3.4, middle + 0.6, row.bearing_deg, 4.0)
    elif row.mark is not None:
        change = row.mark.stated.kind if isinstance(row.mark.stated, Change) else None
        yield icon(x, middle, row.mark.kind, change)
