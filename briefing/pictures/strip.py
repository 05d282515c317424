"""The strip map of a convoy: a sheet of columns that its drivers follow from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from briefing.wording import LANGUAGES
from optimizer.plan.model import Plan, Route
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_strip"]

_GUTTER = 10.0
_NAME_HIGH, _LOCATOR_HIGH = 15.0, 84.0


@dataclass(frozen=True, slots=True)
class _Format:
    """How a sheet is shared into columns; whatever its width, it fills that of a card's text.

    Parameters
    ----------
    columns : int
        How many.
    width : float
        Points.
    highest : tuple of (Rank, float)
        Highest sheet with rows down to a rank, points; a higher one has fewer rows.
    """

    columns: int
    width: float
    highest: tuple[tuple[Rank, float], ...]

    @property
    def wide(self) -> float:
        """Width of a column, points."""
        return (self.width - _GUTTER * (self.columns - 1)) / self.columns


#: The text of a card is 516 points (182 mm) wide: a short way is written in two columns, in
#: letters that are 8 points high on paper, another in three, in letters of 7.
_SHORT = _Format(2, 451.5, ((Rank.CLASS, 260.0), (Rank.BRIDGE, 270.0)))
#: A sheet of more than 400 points hardly leaves room for the rest of a card, one of 690 fills the
#: back of it. Turns onto named roads are left out by none that a page can hold.
_LONG = _Format(
    3,
    516.0,
    ((Rank.CLASS, 330.0), (Rank.BRIDGE, 400.0), (Rank.UNNAMED_TURN, 690.0), (Rank.TURN, 730.0)),
)
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
        An SVG document that is to be drawn 516 points (182 mm) wide.
    """
    known = [site.position.lonlat for site in plan.scenario.sites if site.position is not None]
    projection = projection_of(theatre, known) if known else None
    maker = Rows(plan, route, speech, projection=projection, ground=ground)
    lines = (maker.line(leg) for trip in route.trips for leg in trip.legs)
    courses = [line for line in lines if len(line) > 1]
    head = _NAME_HIGH + (_LOCATOR_HIGH if courses else 0.0)
    form, columns = _fitted(maker, speech, head)
    parts = [_title(route, look, speech)]
    if courses:
        box = (0.5, _NAME_HIGH - 2, form.wide - 0.5, _NAME_HIGH + _LOCATOR_HIGH - 6)
        stations = list(_stations(route, maker, speech))
        parts.append(draw_locator(box, courses, stations, theatre, speech.voice.language))
    high = height(columns, head)
    for number, column in enumerate(columns):
        left = number * (form.wide + _GUTTER)
        parts.append(draw_column(column, left, TOP if number else head, form.wide))
        if number:
            divider = f"M{left - _GUTTER / 2:.1f} {TOP}V{high:.1f}"
            parts.append(element("path", d=divider, stroke="#8a8a8a", stroke_width=0.4))
    # That a page is a draft shows through.
    return svg_of(form.width, high + 4, parts, paper=False)


def _fitted(maker: Rows, speech: Speech, head: float) -> tuple[_Format, list[list[Row]]]:
    """Return the columns with as much in them as there is room for in every language.

    A sheet that is lower in one language tells no more in it than in the others.
    """
    others = [speech.in_language(one) for one in LANGUAGES if one != speech.voice.language]
    makers = [(maker, speech), *((maker.spoken(one), one) for one in others)]
    form = _LONG
    for form in (_SHORT, _LONG):
        sheets = [(one.rows(form.wide), said_by) for one, said_by in makers]
        for most, highest in form.highest:
            drawn = [
                shared(_kept(rows, said_by, most, form.wide), head, form.columns)
                for rows, said_by in sheets
            ]
            if max(height(columns, head) for columns in drawn) <= highest:
                return form, drawn[0]
    rows = maker.rows(form.wide)
    return form, shared(_kept(rows, speech, Rank.NEEDED, form.wide), head, form.columns)


def _kept(rows: Sequence[Row], speech: Speech, most: Rank, wide: float) -> list[Row]:
    """Return what a driver needs down to a rank, and say what is left out."""
    found = {row.rank for row in rows}
    left_out = [words for rank, words in _LEFT_OUT.items() if rank > most and rank in found]
    return [
        *(row for row in rows if row.rank <= most),
        *(_note(speech, words, wide) for words in left_out),
    ]


def _note(speech: Speech, words: str, wide: float) -> Row:
    sentence = speech.words(words)
    lines = wrap(sentence.text, wide - 4, SIZE)
    return Row("note", STEP * len(lines) + 2, says=((sentence, lines, False),))


def _title(route: Route, look: Look, speech: Speech) -> str:
    name = speech.value(speech.must(Subject("convoy", route.convoy), "id", Name(route.convoy)))
    text = said(16, 9.5, name, font_size=8.2, font_weight="bold", fill=INK)
    return group([plate(7, 6.8, look, 7.4), text])


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
