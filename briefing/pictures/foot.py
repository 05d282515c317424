"""The foot of a map: north, scale, grid, sources, what the map cannot show, and the legend."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.pictures.fonts import wrap
from briefing.pictures.grid import draw_north, draw_scale, grid_note, north_note
from briefing.pictures.legend import Section, draw_legend
from briefing.pictures.looks import INK
from briefing.pictures.sheet import Projection, Sheet
from briefing.pictures.svg import Style, furniture, group, said_lines
from briefing.wording.statement import Sentence
from optimizer.faults import Language
from optimizer.terrain.credits import attributions
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_foot", "draw_margin"]

_NOTE_PT, _NOTE_STEP = 7.0, 8.4
_REMARK_PT = 7.0
#: Where notes begin, right of the scale bar, points from the left.
_NOTES_AT = 158.0
_WORDS = {
    "en": ("contour interval:\u00a0{interval}", "Sources: {sources}"),
    "fr": ("équidistance des courbes\u00a0:\u00a0{interval}", "Sources\u00a0: {sources}"),
}


def draw_margin(
    sheet: Sheet,
    projection: Projection,
    language: Language,
    theatre: Theatre | None,
    interval_m: float | None,
) -> tuple[str, float]:
    """Draw north and scale, and write what grid, contours and sources there are.

    A sheet too wide for one grid has no north either.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    projection : Projection
        Its reference system.
    language : {"en", "fr"}
        Language.
    theatre : Theatre or None
        The ground.
    interval_m : float or None
        From contour to contour; None without any.

    Returns
    -------
    str, float
        Elements, and where they end, points from the top.
    """
    left, _, right, bottom = sheet.frame
    top = bottom + 13.0
    scale, length = draw_scale(left + 24, top + 9, sheet, language)
    at = max(left + 24 + length + 22, left + _NOTES_AT)
    contours, sources = _WORDS[language]
    grid = grid_note(sheet, projection, language)
    # What lines and arrow mean stands in one sentence: the parts are told apart wherever it breaks.
    told = [grid, north_note(sheet, projection, language)] if grid else []
    if interval_m is not None:
        told.append(contours.format(interval=f"{interval_m:g}\u00a0m"))
    semicolon = "\u202f; " if language == "fr" else "; "
    notes = [semicolon.join(told)] if told else []
    if theatre is not None and (credited := attributions(theatre.manifest.sources)):
        notes.append(sources.format(sources=credited))
    lines = [line for note in notes for line in wrap(note, right - at, _NOTE_PT)]
    parts = [
        furniture(at, top + 3 + n * _NOTE_STEP, line, font_size=_NOTE_PT, fill=INK)
        for n, line in enumerate(lines)
    ]
    ends = max(top + len(lines) * _NOTE_STEP, top + 22) + 3
    north = draw_north(left + 6, top - 2) if grid else ""
    return north + scale + "".join(parts), ends


def draw_foot(
    remarks: Sequence[Sentence], sections: Sequence[Section], left: float, top: float, width: float
) -> tuple[str, float]:
    """Write what the map cannot show, and draw the legend.

    Parameters
    ----------
    remarks : sequence of Sentence
        What must be said of the map.
    sections : sequence of Section
        Its legend.
    left, top, width : float
        Upper left corner and width, points.

    Returns
    -------
    str, float
        Elements, and where they end, points from the top.
    """
    parts = []
    for remark in remarks:
        lines = wrap(remark.text, width, _REMARK_PT)
        lefts = [left] * len(lines)
        style: Style = {"font_style": "italic", "fill": INK}
        parts.append(
            said_lines(lefts, top + 5, remark, lines, _NOTE_STEP, font_size=_REMARK_PT, **style)
        )
        top += _NOTE_STEP * len(lines) + 3
    legend, bottom = draw_legend(sections, left, top, width)
    return group([*parts, legend], class_="legend"), bottom
