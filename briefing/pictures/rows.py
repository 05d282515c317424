"""The rows of a strip map: what its drivers meet, in order, from the base and back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.facts.model import Fact, Name, Quantity, Subject, Term
from briefing.pictures.courses import course_of
from briefing.pictures.fonts import wrap
from briefing.pictures.mark import ENDS_M, Mark, MarkKind, Rank
from briefing.pictures.marks import marks_of
from briefing.pictures.on_roads import GroundOf
from briefing.pictures.sheet import LonLat, Projection
from briefing.pictures.speech import Speech
from briefing.wording.statement import Sentence
from optimizer.plan.model import Leg, Plan, Route, Trip
from optimizer.scenario.model import Area, Change

__all__ = ["SIZE", "STEP", "TEXT", "Row", "Rows"]

Points = NDArray[np.float64]

#: Where words begin in a column, their size and the step from line to line, points.
TEXT, SIZE, STEP = 74.0, 6.5, 7.4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the strip.

    Parameters
    ----------
    kind : str
        ``trip``, ``station``, ``leg``, ``mark`` or ``note``.
    high : float
        Points.
    rank : Rank
        How much it is needed.
    says : tuple of (Sentence, tuple of str, bool)
        What is written on the right, its lines, and whether it is bold.
    left : tuple of (Sentence, bool)
        What is written on the left, one under the other, and whether it is bold.
    mark : Mark or None
        What is met.
    bearing_deg : float or None
        Where a leg leads.
    inside : tuple of str
        Ids of areas that the road lies in after this row.
    base : bool
        Whether a station is a base.
    """

    kind: str
    high: float
    rank: Rank = Rank.NEEDED
    says: tuple[tuple[Sentence, tuple[str, ...], bool], ...] = ()
    left: tuple[tuple[Sentence, bool], ...] = ()
    mark: Mark | None = None
    bearing_deg: float | None = None
    inside: tuple[str, ...] = ()
    base: bool = False


class Rows:
    """Makes the rows of the strip of one convoy.

    Parameters
    ----------
    plan : Plan
        The plan.
    route : Route
        The convoy's route.
    speech : Speech
        Says what is written in them.
    projection : Projection or None
        Reference system of courses; None where the plan knows no position.
    ground : GroundOf or None
        The roads.
    wide : float
        Width of a column, points.
    """

    def __init__(
        self,
        plan: Plan,
        route: Route,
        speech: Speech,
        *,
        projection: Projection | None,
        ground: GroundOf | None,
        wide: float,
    ) -> None:
        self._plan, self._route, self._speech = plan, route, speech
        self._projection, self._ground = projection, ground
        self._wide = wide - TEXT - 4.0
        scenario = plan.scenario
        self._places: Mapping[str, LonLat] = {
            site.id: site.position.lonlat for site in scenario.sites if site.position is not None
        }
        self._names = {site.id: site.label or site.id for site in scenario.sites}
        self._convoy = Subject("convoy", route.convoy)

    def name(self, site: str) -> Sentence:
        """Say what a site is called.

        Parameters
        ----------
        site : str
            Its id.

        Returns
        -------
        Sentence
            Its name.
        """
        return self._speech.name(Subject("site", site), self._names.get(site, site))

    def position(self, site: str) -> Points | None:
        """Return where a site lies.

        Parameters
        ----------
        site : str
            Its id.

        Returns
        -------
        ndarray of float64, shape (2,), or None
            Metres; None where that is not known.
        """
        if self._projection is None or site not in self._places:
            return None
        at: Points = self._projection.points([self._places[site]])[0]
        return at

    def line(self, leg: Leg) -> Points:
        """Return the course of a leg.

        Parameters
        ----------
        leg : Leg
            A leg.

        Returns
        -------
        ndarray of float64, shape (points, 2)
            Metres; no point where it is not known.
        """
        if self._projection is None:
            return np.zeros((0, 2))
        course, _ = course_of(leg, self._places)
        return self._projection.points(course) if course else np.zeros((0, 2))

    def _subjects(self, trip: Trip, number: int) -> tuple[Subject, Subject, Subject]:
        about = Subject("trip", f"{self._convoy.id}/{trip.number}", self._convoy)
        leg = Subject("leg", f"{about.id}/{number}", about)
        return about, leg, Subject("stop", leg.id, leg)

    def step(self, trip: Trip, number: int) -> Fact:
        """Return the number of a leg, as documents tell it.

        Parameters
        ----------
        trip : Trip
            Its trip.
        number : int
            Which of its legs, from 1.

        Returns
        -------
        Fact
            For instance ``"1.2"``.
        """
        _, leg, _ = self._subjects(trip, number)
        return self._speech.must(leg, "step", Name(f"{trip.number}.{number}"))

    def rows(self) -> list[Row]:
        """Return the rows of all trips.

        Returns
        -------
        list of Row
            In order; without the ground a last one says so.
        """
        rows = [row for trip in self._route.trips for row in self._trip(trip)]
        if self._ground is None:
            sentence = self._speech.words("strip_without_ground")
            lines = wrap(sentence.text, self._wide + TEXT, 5.2)
            rows.append(Row("note", 6.2 * len(lines) + 2, says=((sentence, lines, False),)))
        return rows

    def _trip(self, trip: Trip) -> Iterator[Row]:
        about, _, _ = self._subjects(trip, 1)
        if number := self._speech.fact(about, "number"):
            yield Row("trip", 14.0, says=((self._speech.words("trip", number=number), (), True),))
        told = self._told(about, ("loading", {"start": "loading_start", "depart": "depart"}))
        yield self._station(trip.base, (), told, base=True)
        reached_m = 0
        inside: list[str] = []
        for n, leg in enumerate(trip.legs, start=1):
            yield self._leg(trip, n, leg, tuple(inside))
            yield from self._met(trip, n, leg, reached_m, inside)
            reached_m += leg.distance_m
            yield self._arrival(trip, n, leg, tuple(inside))

    def _told(self, about: Subject, *claims: tuple[str, dict[str, str]]) -> list[Sentence]:
        """Say the claims whose facts are all known."""
        told = []
        for claim, slots in claims:
            facts = {slot: self._speech.fact(about, label) for slot, label in slots.items()}
            known = {slot: fact for slot, fact in facts.items() if fact is not None}
            if len(known) == len(slots):
                told.append(self._speech.words(claim, **known))
        return told

    def _station(
        self,
        site: str,
        left: tuple[tuple[Sentence, bool], ...],
        told: Sequence[Sentence],
        *,
        base: bool,
        inside: tuple[str, ...] = (),
    ) -> Row:
        name = self.name(site)
        wide = self._wide
        says = [(name, wrap(name.text, wide, SIZE + 0.6, "bold"), True)]
        says += [(sentence, wrap(sentence.text, wide, SIZE), False) for sentence in told]
        lines = sum(len(broken) for _, broken, _ in says)
        return Row(
            "station",
            max(lines * STEP + 4.6, 18.0),
            says=tuple(says),
            left=left,
            base=base,
            inside=inside,
        )

    def _arrival(self, trip: Trip, n: int, leg: Leg, inside: tuple[str, ...]) -> Row:
        about, part, stop = self._subjects(trip, n)
        due = self._speech.fact(part, "head_due")
        reached = self._speech.fact(part, "reached")
        left = (
            *(((self._speech.moment(due), True),) if due else ()),
            *(((self._speech.value(reached), False),) if reached else ()),
        )
        if n <= len(trip.stops):
            told = self._told(
                stop, ("wait", {"wait": "wait"}), ("handling", {"begin": "begin", "leave": "leave"})
            )
            return self._station(leg.destination, left, told, base=False, inside=inside)
        return self._station(
            leg.destination, left, self._told(about, ("tail_in", {"end": "end"})), base=True
        )

    def _leg(self, trip: Trip, n: int, leg: Leg, inside: tuple[str, ...]) -> Row:
        _, part, _ = self._subjects(trip, n)
        self.step(trip, n)
        (sentence,) = self._told(
            part, ("leg", {"step": "step", "distance": "distance", "driving": "driving"})
        ) or (self._speech.name(part, f"{trip.number}.{n}"),)
        line = self.line(leg)
        bearing = None
        if len(line) > 1:
            dx, dy = (line[-1] - line[0]).tolist()
            bearing = math.degrees(math.atan2(dx, dy)) if dx or dy else None
        return Row(
            "leg",
            12.0,
            says=((sentence, (sentence.text,), False),),
            bearing_deg=bearing,
            inside=inside,
        )

    def _met(
        self, trip: Trip, n: int, leg: Leg, reached_m: int, inside: list[str]
    ) -> Iterator[Row]:
        if self._projection is None:
            return
        _, part, _ = self._subjects(trip, n)
        scenario, profile = self._plan.scenario, self._route.profile
        marks = marks_of(
            leg, self.line(leg), scenario, self._projection, profile=profile, ground=self._ground
        )
        for number, mark in enumerate(_through_stops(marks, leg, inside, scenario.areas), start=1):
            about = Subject("mark", f"{part.id}/{number}", part)
            if isinstance(mark.stated, Area):
                if mark.kind is MarkKind.ENTER:
                    inside.append(mark.stated.id)
                else:
                    inside.remove(mark.stated.id)
            sentence = self._mark(about, mark)
            at = self._speech.must(about, "at", Quantity(round(reached_m + mark.at_m), "m"))
            lines = wrap(sentence.text, self._wide, SIZE)
            strong = mark.rank is Rank.NEEDED
            yield Row(
                "mark",
                max(len(lines) * STEP + 2.4, 10.0),
                mark.rank,
                says=((sentence, lines, strong),),
                left=((self._speech.value(at), False),),
                mark=mark,
                inside=tuple(inside),
            )

    def _mark(self, about: Subject, mark: Mark) -> Sentence:
        speech, stated = self._speech, mark.stated
        match mark.kind:
            case MarkKind.BRIDGE if mark.load_class is not None:
                fact = self._speech.must(about, "load_class", Quantity(mark.load_class, "MLC"))
                return speech.words(
                    "bridge_assumed" if mark.assumed else "bridge_class", load_class=fact
                )
            case MarkKind.BRIDGE | MarkKind.FORD | MarkKind.OFF_ROAD:
                return speech.words(mark.kind.value)
            case MarkKind.ENTER | MarkKind.LEAVE | MarkKind.CHANGE if stated is not None:
                return self._stated(stated, mark)
            case _:
                value = Name(mark.road) if mark.road else Term(f"road_tier.{mark.tier}")
                return speech.words(mark.kind.value, road=self._speech.must(about, "road", value))

    def _stated(self, stated: Area | Change, mark: Mark) -> Sentence:
        what = "area" if isinstance(stated, Area) else "change"
        about = Subject(what, stated.id, Subject("plan", self._plan.id))
        name = self._speech.must(about, "label", Name(stated.label or stated.id))
        nature = self._speech.must(about, "kind", Term(f"{what}.{stated.kind.value}"))
        if mark.kind is MarkKind.LEAVE:
            return self._speech.words("leave", area=name)
        if mark.kind is MarkKind.ENTER:
            return self._speech.words("enter", area=name, kind=nature)
        claim = "change_beside" if mark.beside else "change"
        return self._speech.words(claim, change=name, kind=nature)


def _through_stops(
    marks: Sequence[Mark], leg: Leg, inside: Sequence[str], areas: Sequence[Area]
) -> Iterator[Mark]:
    """Yield the marks of a leg without leaving, at a stop, an area that the next leg is in too.

    What a leg leaves at its very end it is taken to be in still; where the next one does not begin
    in it, it is left there.
    """
    begun = {
        mark.stated.id
        for mark in marks
        if mark.kind is MarkKind.ENTER and mark.stated is not None and mark.at_m <= ENDS_M
    }
    carried = set(inside)
    for area in areas:
        if area.id in carried - begun:
            yield Mark(0.0, MarkKind.LEAVE, Rank.NEEDED, stated=area)
    for mark in marks:
        match mark.kind:
            case MarkKind.ENTER if mark.stated is not None and mark.at_m <= ENDS_M:
                if mark.stated.id not in carried:
                    yield mark
            case MarkKind.LEAVE:
                if mark.at_m < leg.distance_m - ENDS_M:
                    yield mark
            case _:
                yield mark
