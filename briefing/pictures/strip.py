"""The strip map of a convoy: a sheet of columns that its drivers follow from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from briefing.facts.model import Name, Subject
from briefing.pictures.column import draw_column
from briefing.pictures.fonts import wrap
from briefing.pictures.locator import draw_locator
from briefing.pictures.looks import INK, Look
from briefing.pictures.mark import Rank
from briefing.pictures.on_roads import GroundOf
from briefing.pictures.routes import plate
from briefing.pictures.rows import SIZE, STEP, Row, Rows
from briefing.pictures.sharing import TOP, height, shared
from briefing.pictures.sheet import projection_of
from briefing.pictures.speech import Speech
from briefing.pictures.stations import Station
from briefing.pictures.svg import Style, element, group, said, said_lines, svg_of
from briefing.wording import LANGUAGES
from briefing.wording.statement import Sentence
from optimizer.plan.model import Plan, Route
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_strip"]

_GUTTER = 10.0
_NAME_HIGH, _LOCATOR_HIGH = 15.0, 78.0
#: Between the columns, at whose foot an arrow may stand, and what is said below them, points.
_FOOT = 5.0


@dataclass(frozen=True, slots=True)
class _Format:
    """How a sheet is shared into columns; whatever its width, it fills that of a card's text.

    Parameters
    ----------
    columns : int
        How many.
    letters : float
        How high letters are on paper, points.
    """

    columns: int
    letters: float

    @property
    def width(self) -> float:
        """Width of the sheet, points: it is drawn in letters of one size, and then enlarged."""
        return _PAPER * SIZE / self.letters

    @property
    def wide(self) -> float:
        """Width of a column, points."""
        return (self.width - _GUTTER * (self.columns - 1)) / self.columns


#: The text of a card is 182 mm wide.
_PAPER = 516.0
#: Highest sheet, points on paper, that leaves room for the front of a card in letters of its full
#: size, and in small ones: for a vehicle alone, which has no table of vehicles, and for others.
_ROOMY, _TIGHT = {True: 400.0, False: 385.0}, {True: 480.0, False: 430.0}
#: What fills the back of a card, and a page.
_BACK, _PAGE = 690.0, 730.0


def _tries(*, alone: bool) -> Iterator[tuple[_Format, Rank, float]]:
    """Yield how a sheet is tried: its format, rows down to which rank, and how high it may be.

    Crews read by a torch: letters are as large as they can be. Turns onto named roads are left
    out by no sheet that a page can hold.
    """
    roomy, tight = _ROOMY[alone], _TIGHT[alone]
    yield _Format(2, 9.0), Rank.CLASS, roomy
    yield _Format(2, 8.0), Rank.CLASS, roomy
    yield _Format(3, 8.0), Rank.CLASS, roomy
    yield _Format(3, 7.5), Rank.CLASS, roomy
    yield _Format(3, 7.0), Rank.CLASS, tight
    yield _Format(3, 7.0), Rank.BRIDGE, tight
    yield _Format(3, 7.0), Rank.UNNAMED_TURN, tight
    yield _Format(2, 9.0), Rank.CLASS, _BACK
    yield _Format(3, 8.0), Rank.CLASS, _BACK
    yield _Format(3, 7.5), Rank.CLASS, _BACK
    yield _Format(3, 7.0), Rank.CLASS, _BACK
    yield _Format(3, 7.0), Rank.BRIDGE, _BACK
    yield _Format(3, 7.0), Rank.UNNAMED_TURN, _BACK
    yield _Format(3, 7.0), Rank.TURN, _PAGE


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
    form, sheet = _fitted(maker, speech, head)
    parts = [_title(route, look, speech)]
    if courses:
        box = (0.5, _NAME_HIGH - 2, form.wide - 0.5, _NAME_HIGH + _LOCATOR_HIGH - 6)
        stations = list(_stations(route, maker))
        parts.append(draw_locator(box, courses, stations, theatre, speech.voice.language))
    high = height(sheet.columns, head)
    for number, column in enumerate(sheet.columns):
        left = number * (form.wide + _GUTTER)
        parts.append(draw_column(column, left, TOP if number else head, form.wide))
        if number:
            divider = f"M{left - _GUTTER / 2:.1f} {TOP}V{high:.1f}"
            parts.append(element("path", d=divider, stroke="#8a8a8a", stroke_width=0.4))
    y = high + _FOOT
    style: Style = {"font_size": SIZE, "font_style": "italic", "fill": INK}
    for sentence, broken in sheet.notes:
        parts.append(said_lines([2.0] * len(broken), y + STEP, sentence, broken, STEP, **style))
        y += STEP * len(broken)
    # That a page is a draft shows through.
    return svg_of(form.width, sheet.high(head) + 4, parts, paper=False)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What stands on a sheet: its columns, and below them what is left out of them."""

    columns: list[list[Row]]
    notes: list[tuple[Sentence, tuple[str, ...]]]

    def high(self, head: float) -> float:
        """Return how high it is, points."""
        lines = sum(len(lines) for _, lines in self.notes)
        return height(self.columns, head) + (_FOOT + STEP * lines if lines else 0.0)


def _fitted(maker: Rows, speech: Speech, head: float) -> tuple[_Format, _Sheet]:
    """Return the columns with as much in them as there is room for in every language.

    A sheet that is lower in one language tells no more in it than in the others.
    """
    others = (speech.in_language(one) for one in LANGUAGES if one != speech.voice.language)
    makers = [maker, *(maker.spoken(one) for one in others)]
    made: dict[_Format, list[list[Row]]] = {}
    for form, most, highest in _tries(alone=maker.alone):
        if form not in made:
            made[form] = [one.rows(form.wide) for one in makers]
        sheets = [
            _sheet(one, rows, form, most, head)
            for one, rows in zip(makers, made[form], strict=True)
        ]
        if max(sheet.high(head) for sheet in sheets) * form.letters / SIZE <= highest:
            return form, sheets[0]
    return form, _sheet(maker, made[form][0], form, Rank.NEEDED, head)


def _sheet(maker: Rows, rows: Sequence[Row], form: _Format, most: Rank, head: float) -> _Sheet:
    """Share what a driver needs down to a rank between columns, and say what is left out."""
    found = {row.rank for row in rows}
    sentences = maker.left_out(found - set(range(most + 1)))
    if not maker.grounded:
        sentences.append(maker.speech.words("strip_without_ground"))
    notes = [(one, wrap(one.text, form.width - 4, SIZE)) for one in sentences]
    return _Sheet(shared([row for row in rows if row.rank <= most], head, form.columns), notes)


def _title(route: Route, look: Look, speech: Speech) -> str:
    name = speech.value(speech.must(Subject("convoy", route.convoy), "id", Name(route.convoy)))
    text = said(16, 9.5, name, font_size=8.2, font_weight="bold", fill=INK)
    return group([plate(7, 6.8, look, 7.4), text])


def _stations(route: Route, maker: Rows) -> Iterator[Station]:
    """Yield each site once: a base by its sign alone, another by the legs that lead to it."""
    legs = [
        (leg, trip, number) for trip in route.trips for number, leg in enumerate(trip.legs, start=1)
    ]
    bases = {trip.base for trip in route.trips}
    for site in dict.fromkeys(site for leg, *_ in legs for site in (leg.origin, leg.destination)):
        at = maker.position(site)
        if at is None:
            continue
        says = tuple(
            maker.speech.value(maker.step(trip, number))
            for leg, trip, number in legs
            if leg.destination == site and site not in bases
        )
        yield Station(np.asarray(at), says)
