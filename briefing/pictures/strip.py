"""The strip map of a convoy: a sheet of two columns that its drivers follow from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from briefing.facts.model import Name, Subject
from briefing.pictures.column import draw_column
from briefing.pictures.fonts import wrap
from briefing.pictures.locator import Station, draw_locator
from briefing.pictures.looks import INK, Look
from briefing.pictures.marks import GroundOf, Rank
from briefing.pictures.routes import plate
from briefing.pictures.rows import Row, Rows
from briefing.pictures.sheet import projection_of
from briefing.pictures.speech import Speech
from briefing.pictures.svg import element, group, said, svg_of
from briefing.wording.statement import Sentence
from optimizer.plan.model import Plan, Route
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_strip"]

#: The strip fills the width of a page's text; each of its columns half of it (82 mm).
WIDTH, _GUTTER = 482.0, 14.0
_COLUMN = (WIDTH - _GUTTER) / 2
#: Highest sheet that still leaves a page room for a heading and a caption.
_HIGHEST = 620.0
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
        An SVG document, 482 points (170 mm) wide in two columns.
    """
    known = [site.position.lonlat for site in plan.scenario.sites if site.position is not None]
    projection = projection_of(theatre, known) if known else None
    maker = Rows(plan, route, speech, projection=projection, ground=ground, wide=_COLUMN)
    rows = [row for trip in route.trips for row in maker.trip(trip)]
    courses = [
        line for trip in route.trips for leg in trip.legs if len(line := maker.line(leg)) > 1
    ]
    head = _NAME_HIGH + (_LOCATOR_HIGH if courses else 0.0)
    most = next(
        (rank for rank in reversed(Rank) if _height(_upto(rows, rank), head) <= _HIGHEST),
        Rank.NEEDED,
    )
    kept = [*_upto(rows, most), *_notes(speech, {row.rank for row in rows}, most, ground)]
    parts = [_title(route, look, speech)]
    if courses:
        box = (0.5, _NAME_HIGH - 2, _COLUMN - 0.5, _NAME_HIGH + _LOCATOR_HIGH - 6)
        stations = list(_stations(route, maker, speech))
        parts.append(draw_locator(box, courses, stations, theatre, speech.voice.language))
    columns = _columns(kept, head)
    for number, column in enumerate(columns):
        left = number * (_COLUMN + _GUTTER)
        parts.append(draw_column(column, left, head if number == 0 else 2.0, _COLUMN))
    high = _height(kept, head)
    if len(columns) > 1:
        middle = _COLUMN + _GUTTER / 2
        divider = f"M{middle:.1f} 2V{high:.1f}"
        parts.append(element("path", d=divider, stroke="#8a8a8a", stroke_width=0.4))
    return svg_of(WIDTH, high + 6, parts)


def _upto(rows: Sequence[Row], most: Rank) -> list[Row]:
    return [row for row in rows if row.rank <= most]


def _height(rows: Sequence[Row], head: float) -> float:
    return max(
        sum(row.high for row in column) + (head if number == 0 else 2.0)
        for number, column in enumerate(_columns(rows, head))
    )


def _notes(speech: Speech, ranks: set[Rank], most: Rank, ground: GroundOf | None) -> Iterator[Row]:
    """Say what is not shown."""
    for rank, words in _LEFT_OUT.items():
        if rank > most and rank in ranks:
            yield _note(speech.words(words))
    if ground is None:
        yield _note(speech.words("strip_without_ground"))


def _note(sentence: Sentence) -> Row:
    lines = wrap(sentence.text, _COLUMN - 4, 5.2)
    return Row("note", 6.2 * len(lines) + 3, says=((sentence, lines, False),))


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


def _columns(rows: Sequence[Row], head: float) -> list[list[Row]]:
    """Share rows between the columns, so that the sheet is as low as it can be.

    A trip's title stays with its base, and a leg's line with the station that it leads from.
    """
    best, lowest = len(rows), sum(row.high for row in rows) + head
    for cut in range(1, len(rows)):
        if rows[cut - 1].kind in {"trip", "leg"} or rows[cut].kind in {"leg", "note"}:
            continue
        high = max(head + sum(r.high for r in rows[:cut]), sum(r.high for r in rows[cut:]))
        # Between two trips is the best place, then before a mark on the way.
        high += {"trip": 0.0, "station": 0.25 * head + 24.0}.get(rows[cut].kind, 24.0)
        if high < lowest:
            best, lowest = cut, high
    return [list(rows[:best]), list(rows[best:])] if best < len(rows) else [list(rows)]
