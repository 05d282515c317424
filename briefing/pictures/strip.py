"""The strip map of a convoy: a sheet of columns that its drivers follow from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from briefing.facts.model import Name, Subject
from briefing.pictures.column import draw_column
from briefing.pictures.fonts import wrap
from briefing.pictures.locator import Station, draw_locator
from briefing.pictures.looks import INK, Look
from briefing.pictures.mark import Rank
from briefing.pictures.on_roads import GroundOf
from briefing.pictures.routes import plate
from briefing.pictures.rows import SIZE, STEP, Row, Rows
from briefing.pictures.sharing import TOP, height, shared
from briefing.pictures.sheet import projection_of
from briefing.pictures.speech import Speech
from briefing.pictures.svg import element, group, said, svg_of
from optimizer.plan.model import Plan, Route
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_strip"]

#: The strip fills the width of a page's text (170 mm); of two columns each has half of it.
WIDTH, _GUTTER = 482.0, 14.0
_COLUMNS = 2
_WIDE = (WIDTH - _GUTTER) / _COLUMNS
#: Highest sheet that still leaves a page room for a heading and a caption, and the one that is
#: drawn smaller than its natural size rather than leave out a turn onto a named road.
_HIGHEST, _HIGHEST_WITH_TURNS = 610.0, 780.0
_NAME_HIGH, _LOCATOR_HIGH = 22.0, 118.0
#: What is said where rows of a rank found no room.
_LEFT_OUT = {
    Rank.CLASS: "roads_left_out",
    Rank.BRIDGE: "bridges_left_out",
    Rank.UNNAMED_TURN: "unnamed_left_out",
    Rank.TURN: "turns_left_out",
}


def draw_strip(
    plan: Plan,
    route: Route,
    speech: Speech,
    *,
    look: Look,
    theatre: Theatre | None,
    ground: GroundOf | None,
) -> str:
    """Draw the strip map of a convoy.

    Parameters
    ----------
    plan : Plan
        The plan.
    route : Route
        The convoy's route.
    speech : Speech
        Says what is written on it.
    look : Look
        How the convoy looks on the map of the plan.
    theatre : Theatre or None
        The ground.
    ground : GroundOf or None
        Its roads.

    Returns
    -------
    str
        An SVG document, 482 points (170 mm) wide.
    """
    known = [site.position.lonlat for site in plan.scenario.sites if site.position is not None]
    projection = projection_of(theatre, known) if known else None
    maker = Rows(plan, route, speech, projection=projection, ground=ground, wide=_WIDE)
    lines = (maker.line(leg) for trip in route.trips for leg in trip.legs)
    courses = [line for line in lines if len(line) > 1]
    head = _NAME_HIGH + (_LOCATOR_HIGH if courses else 0.0)
    columns = _fitted(maker.rows(), speech, head)
    parts = [_title(route, look, speech)]
    if courses:
        box = (0.5, _NAME_HIGH - 2, _WIDE - 0.5, _NAME_HIGH + _LOCATOR_HIGH - 6)
        stations = list(_stations(route, maker, speech))
        parts.append(draw_locator(box, courses, stations, theatre, speech.voice.language))
    high = height(columns, head)
    for number, column in enumerate(columns):
        left = number * (_WIDE + _GUTTER)
        parts.append(draw_column(column, left, TOP if number else head, _WIDE))
        if number:
            divider = f"M{left - _GUTTER / 2:.1f} {TOP}V{high:.1f}"
            parts.append(element("path", d=divider, stroke="#8a8a8a", stroke_width=0.4))
    # That a page is a draft shows through.
    return svg_of(WIDTH, high + 6, parts, paper=False)


def _fitted(rows: Sequence[Row], speech: Speech, head: float) -> list[list[Row]]:
    """Return the columns with as much in them as a page holds."""
    for most in reversed(Rank):
        columns = shared(_kept(rows, speech, most), head, _COLUMNS)
        highest = _HIGHEST_WITH_TURNS if most is Rank.TURN else _HIGHEST
        if height(columns, head) <= highest:
            break
    return columns


def _kept(rows: Sequence[Row], speech: Speech, most: Rank) -> list[Row]:
    """Return what a driver needs down to a rank, and say what is left out."""
    found = {row.rank for row in rows}
    left_out = [words for rank, words in _LEFT_OUT.items() if rank > most and rank in found]
    return [
        *(row for row in rows if row.rank <= most),
        *(_note(speech, words) for words in left_out),
    ]


def _note(speech: Speech, words: str) -> Row:
    sentence = speech.words(words)
    lines = wrap(sentence.text, _WIDE - 4, SIZE)
    return Row("note", STEP * len(lines) + 2, says=((sentence, lines, False),))


def _title(route: Route, look: Look, speech: Speech) -> str:
    name = speech.value(speech.must(Subject("convoy", route.convoy), "id", Name(route.convoy)))
    text = said(19, 12, name, font_size=8.2, font_weight="bold", fill=INK)
    return group([plate(8, 9, look, 8.0), text])


def _stations(route: Route, maker: Rows, speech: Speech) -> Iterator[Station]:
    """Yield each site once: a base by its name, another by the first leg that leads to it."""
    seen: set[str] = set()
    for trip in route.trips:
        for number, leg in enumerate(trip.legs, start=1):
            for site in (leg.origin, leg.destination):
                at = maker.position(site)
                if site in seen or at is None:
                    continue
                seen.add(site)
                base = site == trip.base
                says = maker.name(site) if base else speech.value(maker.step(trip, number))
                yield Station(np.asarray(at), says, base)
