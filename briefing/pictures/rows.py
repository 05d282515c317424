"""The rows of a strip map: what its drivers meet, in order, from the base and back."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from briefing.facts.model import Count, Fact, Name, Names, Quantity, Subject, Term, Terms
from briefing.pictures.courses import course_of
from briefing.pictures.fonts import wrap
from briefing.pictures.mark import ENDS_M, Mark, MarkKind, Rank, merged
from briefing.pictures.marks import marks_of
from briefing.pictures.on_roads import GroundOf
from briefing.pictures.sheet import LonLat, Projection
from briefing.pictures.speech import Speech
from briefing.wording.statement import Sentence
from optimizer.plan.model import Leg, Plan, Route, Trip
from optimizer.scenario.model import Area, Change, ChangeKind

__all__ = ["COMPASS", "SIZE", "STEP", "TEXT", "Row", "Rows"]

Points = NDArray[np.float64]

#: Where words begin in a column, their size and the step from line to line, points.
TEXT, SIZE, STEP = 53.0, 7.0, 7.4
#: What the sign of a bearing takes before the words of a leg, points.
COMPASS = 9.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the strip.

    Parameters
    ----------
    kind : str
        ``trip``, ``station``, ``leg`` or ``mark``.
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
    """

    def __init__(
        self,
        plan: Plan,
        route: Route,
        speech: Speech,
        *,
        projection: Projection | None,
        ground: GroundOf | None,
    ) -> None:
        self._plan, self._route, self._speech = plan, route, speech
        self._projection, self._ground = projection, ground
        self._wide = 0.0
        self._marks: dict[tuple[int, int], list[Mark]] = {}
        scenario = plan.scenario
        self._places: Mapping[str, LonLat] = {
            site.id: site.position.lonlat for site in scenario.sites if site.position is not None
        }
        self._names = {site.id: site.label or site.id for site in scenario.sites}
        self._convoy = Subject("convoy", route.convoy)
        self._alone = len(speech.ask.parts(self._convoy, "vehicle")) <= 1

    @property
    def grounded(self) -> bool:
        """Whether the roads are at hand, so that crossings and turns are known."""
        return self._ground is not None

    @property
    def alone(self) -> bool:
        """Whether the convoy is a single vehicle."""
        return self._alone

    @property
    def speech(self) -> Speech:
        """Says what is written in them."""
        return self._speech

    def spoken(self, speech: Speech) -> Rows:
        """Return what makes the same rows in the words of another speech.

        Parameters
        ----------
        speech : Speech
            Says what is written in them.

        Returns
        -------
        Rows
            Another one; what is met along the way is looked up once for both.
        """
        other = Rows(
            self._plan, self._route, speech, projection=self._projection, ground=self._ground
        )
        other._marks = self._marks
        return other

    def left_out(self, ranks: Collection[Rank]) -> list[Sentence]:
        """Say what found no room.

        Parameters
        ----------
        ranks : collection of Rank
            Ranks of rows that are left out.

        Returns
        -------
        list of Sentence
            One sentence, or none.
        """
        if not ranks:
            return []
        kinds = tuple(f"left_out.{rank.name.lower()}" for rank in sorted(ranks, reverse=True))
        about = Subject("strip", f"{self._convoy.id}/{max(ranks)}-{min(ranks)}", self._convoy)
        claim = "left_out" if min(ranks) > Rank.UNNAMED_TURN else "turns_left_out"
        return [self._speech.words(claim, kinds=self._speech.must(about, "left_out", Terms(kinds)))]

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

    def rows(self, wide: float) -> list[Row]:
        """Return the rows of all trips.

        Parameters
        ----------
        wide : float
            Width of a column, points.

        Returns
        -------
        list of Row
            In order.
        """
        self._wide = wide - TEXT - 2.0
        return [row for trip in self._route.trips for row in self._trip(trip)]

    def _trip(self, trip: Trip) -> Iterator[Row]:
        about, _, _ = self._subjects(trip, 1)
        if number := self._speech.fact(about, "number"):
            yield Row("trip", 16.0, says=((self._speech.words("trip", number=number), (), True),))
        yield self._station(trip.base, (), self._loaded(about), base=True)
        reached_m = 0
        inside: list[str] = []
        for n, leg in enumerate(trip.legs, start=1):
            marks = self._met(trip, n, leg, inside)
            # The road that a leg sets out on stands beside its length.
            out = marks.pop(0) if marks and marks[0].kind is MarkKind.TAKE else None
            yield self._leg(trip, n, leg, tuple(inside), out)
            yield from self._rows_of(marks, self._subjects(trip, n)[1], reached_m, inside)
            reached_m += leg.distance_m
            yield self._arrival(trip, n, leg, tuple(inside))

    def _loaded(self, trip: Subject) -> list[Sentence]:
        """Say when a trip loads, what on which vehicle, and which fuel it draws."""
        speech = self._speech
        claim = "picture.loaded" if self._alone else "picture.loaded_by"
        return [
            *speech.told("picture.loading", trip, start="loading_start"),
            *(one for part in speech.ordered(trip, "loading") for one in speech.told(claim, part)),
            *(
                one
                for part in speech.ask.parts(trip, "fuel")
                for one in speech.told("picture.fuel", part)
            ),
        ]

    def _handled(self, leg: Subject, stop: Subject) -> list[Sentence]:
        """Say what is done at a stop, from when to when, and what each vehicle hands over."""
        speech = self._speech
        claim = "card.handed_over" if self._alone else "card.carried_by"
        take = "card.taken_aboard" if self._alone else "card.taken_by"
        waits = () if self._alone else speech.told("picture.tail_wait", leg, stop, wait="wait")
        return [
            *(waits or speech.told("picture.wait", stop)),
            *self._begun(leg, stop),
            *(one for part in speech.ordered(stop, "handover") for one in speech.told(claim, part)),
            *(one for part in speech.ordered(stop, "takeover") for one in speech.told(take, part)),
            *(
                one
                for part in speech.ask.parts(stop, "drop")
                for one in speech.told("remark.late", part)
            ),
            *speech.told("picture.held", stop),
        ]

    def _begun(self, leg: Subject, stop: Subject) -> tuple[Sentence, ...]:
        """Say when handling begins, unless the row says it already: where the head arrives."""
        due, begin = self._speech.fact(leg, "head_due"), self._speech.fact(stop, "begin")
        if due and begin and self._speech.moment(due).text == self._speech.moment(begin).text:
            return ()
        return self._speech.told("picture.handling", stop)

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
            max(max(lines, len(left)) * STEP + 4.0, 15.0),
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
            told = self._handled(part, stop)
            return self._station(leg.destination, left, told, base=False, inside=inside)
        # A vehicle alone is back when it arrives.
        back = [] if self._alone else self._speech.told("picture.tail_in", about)
        return self._station(leg.destination, left, back, base=True)

    def _leg(self, trip: Trip, n: int, leg: Leg, inside: tuple[str, ...], out: Mark | None) -> Row:
        _, part, _ = self._subjects(trip, n)
        self.step(trip, n)
        facts = {label: self._speech.fact(part, label) for label in ("step", "distance")}
        known = {label: fact for label, fact in facts.items() if fact is not None}
        if len(known) < len(facts):
            sentence = self._speech.name(part, f"{trip.number}.{n}")
        elif out is None:
            sentence = self._speech.words("leg", **known)
        else:
            road = self._road(Subject("mark", f"{part.id}/0", part), out)
            sentence = self._speech.words("leg_by", road=road, **known)
        depart = self._speech.fact(part, "depart")
        line = self.line(leg)
        bearing = None
        if len(line) > 1:
            dx, dy = (line[-1] - line[0]).tolist()
            bearing = math.degrees(math.atan2(dx, dy)) if dx or dy else None
        lines = wrap(sentence.text, self._wide - COMPASS, SIZE, "italic")
        return Row(
            "leg",
            max(STEP * len(lines) + 3.2, 11.0),
            says=((sentence, lines, False),),
            left=((self._speech.moment(depart), True),) if depart else (),
            bearing_deg=bearing,
            inside=inside,
        )

    def _met(self, trip: Trip, n: int, leg: Leg, inside: Sequence[str]) -> list[Mark]:
        """Return what is met along a leg, bridges that are ample for the convoy as one."""
        scenario, key = self._plan.scenario, (trip.number, n)
        if key not in self._marks and self._projection is not None:
            self._marks[key] = marks_of(
                leg,
                self.line(leg),
                scenario,
                self._projection,
                profile=self._route.profile,
                ground=self._ground,
            )
        marks = self._critical(self._marks.get(key, []))
        return merged(list(_through_stops(marks, leg, inside, scenario.areas)))

    def _critical(self, marks: Sequence[Mark]) -> list[Mark]:
        """Tell the bridges that the card names as critical from others, and each of them once."""
        ask = self._speech.ask
        named = {
            edge: part
            for part in ask.parts(self._convoy, "crossing")
            if (edges := ask.fact(part, "edges")) and isinstance(edges.value, Names)
            for edge in edges.value.texts
        }
        changes = {("change", change.id): change for change in self._plan.scenario.changes}
        told: list[Mark] = []
        for mark in marks:
            part = next((named[edge] for edge in sorted(mark.edges) if edge in named), None)
            if part is None:
                told.append(mark)
                continue
            change = changes.get(part.at) if part.at else None
            told.append(replace(mark, rank=Rank.NEEDED, crossing=part, stated=change))
        # What was stated of a bridge is told with the bridge itself.
        stated = [mark.stated for mark in told if mark.crossing]
        if any(mark.crossing and ask.fact(mark.crossing, "spacing") for mark in told):
            stated += [change for change in changes.values() if change.kind is ChangeKind.SPACING]
        return [
            mark
            for mark in told
            if mark.kind is not MarkKind.CHANGE or mark.beside or mark.stated not in stated
        ]

    def _rows_of(
        self, marks: Sequence[Mark], leg: Subject, reached_m: int, inside: list[str]
    ) -> Iterator[Row]:
        for number, mark in enumerate(marks, start=1):
            about = Subject("mark", f"{leg.id}/{number}", leg)
            if isinstance(mark.stated, Area):
                if mark.kind is MarkKind.ENTER:
                    inside.append(mark.stated.id)
                else:
                    inside.remove(mark.stated.id)
            sentence = self._mark(about, mark)
            at = self._speech.must(about, "at", Quantity(round(reached_m + mark.at_m), "m"))
            # What lies beside the way is not met: it is told in the same words, but does not shout.
            strong = mark.rank is Rank.NEEDED and not mark.beside
            weight = "bold" if strong else "normal"
            says = tuple(
                (told, wrap(told.text, self._wide, SIZE, weight), strong)
                for told in (sentence, *self._spacing(mark))
            )
            yield Row(
                "mark",
                max(sum(len(lines) for _, lines, _ in says) * STEP + 1.4, 9.0),
                mark.rank,
                says=says,
                left=((self._speech.value(at), False),),
                mark=mark,
                inside=tuple(inside),
            )

    def _mark(self, about: Subject, mark: Mark) -> Sentence:
        speech, stated = self._speech, mark.stated
        match mark.kind:
            case MarkKind.BRIDGE if mark.load_class is not None:
                return self._bridge(about, mark, Quantity(mark.load_class, "MLC"))
            case MarkKind.BRIDGE | MarkKind.FORD | MarkKind.OFF_ROAD:
                return speech.words(mark.kind.value)
            case MarkKind.ENTER | MarkKind.LEAVE | MarkKind.CHANGE if stated is not None:
                return self._stated(stated, mark)
            case _:
                return speech.words(mark.kind.value, road=self._road(about, mark))

    def _bridge(self, about: Subject, mark: Mark, bears: Quantity) -> Sentence:
        speech = self._speech
        load_class = speech.must(about, "load_class", bears)
        if mark.bridges > 1:
            claim = "bridges_assumed" if mark.assumed else "bridges_class"
            bridges = speech.must(about, "bridges", Count(mark.bridges))
            return speech.words(claim, bridges=bridges, load_class=load_class)
        claim = "bridge_assumed" if mark.assumed else "bridge_class"
        if mark.crossing is not None:
            for label in ("change", "place"):
                if place := speech.fact(mark.crossing, label):
                    return speech.words(f"{claim}_at", place=place, load_class=load_class)
        return speech.words(claim, load_class=load_class)

    def _spacing(self, mark: Mark) -> tuple[Sentence, ...]:
        """Return how far apart vehicles are to cross a bridge, and how fast at most."""
        if mark.crossing is None:
            return ()
        told = self._speech.told
        return told("picture.spacing_speed", mark.crossing) or told(
            "picture.spacing", mark.crossing
        )

    def _road(self, about: Subject, mark: Mark) -> Fact:
        value = Name(mark.road) if mark.road else Term(f"road_tier.{mark.tier}")
        return self._speech.must(about, "road", value)

    def _stated(self, stated: Area | Change, mark: Mark) -> Sentence:
        what = "area" if isinstance(stated, Area) else "change"
        about = Subject(what, stated.id, Subject("plan", self._plan.id))
        name = self._speech.must(about, "label", Name(stated.label or stated.id))
        nature = self._speech.must(about, "kind", Term(f"{what}.{stated.kind.value}"))
        if mark.kind is MarkKind.LEAVE:
            return self._speech.words("leave", area=name)
        if mark.kind is MarkKind.ENTER:
            return self._speech.words("enter", area=name, kind=nature)
        beside = "_beside" if mark.beside else ""
        met = Subject(
            "hazard", f"{self._convoy.id}/{what}/{stated.id}", self._convoy, at=(what, stated.id)
        )
        # The load class tells a driver more than that there is one.
        if load_class := self._speech.fact(met, "load_class"):
            claim = f"change_class{beside}"
            return self._speech.words(claim, change=name, load_class=load_class)
        return self._speech.words(f"change{beside}", change=name, kind=nature)


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
