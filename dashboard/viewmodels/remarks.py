"""Each change from one plan to another as a line for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from briefing.documents.ask import said
from briefing.documents.shortfall import reason_claims
from briefing.facts.index import Index
from briefing.facts.model import Count, Name, Names, Quantity, Term, Time, Value
from briefing.wording import Voice, bank
from briefing.wording.values import Writer
from dashboard.i18n import Words
from optimizer.plan.diff import Change, diff_plans
from optimizer.plan.model import Plan, Reason

__all__ = ["Remark", "remarks_of"]

#: Lists of a scenario whose entries are seen on the page.
_PLACES = {"areas": "area", "changes": "change", "sites": "site", "demands": "demand"}
#: Lists of a scenario whose entries are told by name.
_NAMED = {*_PLACES, "convoys"}
_NOTHING, _ARROW = "\u2013", "\u2192"


@dataclass(frozen=True, slots=True)
class Remark:
    """A line about one change, and what it selects on the page.

    Parameters
    ----------
    subject : str
        ``"scenario"``, ``"demand"`` or ``"convoy"``.
    text : str
        What changed, for people.
    place : str or None
        What it selects.
    detail : str
        Id of the thing, and what a file states of it; empty where the text says it.
    """

    subject: str
    text: str
    place: str | None
    detail: str = ""


def remarks_of(before: Plan, after: Plan, writer: Writer, words: Words) -> tuple[Remark, ...]:
    """Say what changed from one plan to another, but for its figures.

    Parameters
    ----------
    before, after : Plan
        Plans of one work.
    writer : Writer
        Writes values.
    words : Words
        Labels.

    Returns
    -------
    tuple of Remark
        A line for each change that can be told at the minute and the kilogram.
    """
    teller = _Teller(before, after, writer, words)
    return tuple(teller.remarks())


class _Teller:
    def __init__(self, before: Plan, after: Plan, writer: Writer, words: Words) -> None:
        self._before, self._after = before, after
        self._old, self._new = Index(before), Index(after)
        self._writer, self._words = writer, words
        self._voice = Voice(bank(), writer)

    def remarks(self) -> Iterator[Remark]:
        tellers = {"scenario": self._scenario, "demand": self._demand, "convoy": self._convoy}
        for change in diff_plans(self._before, self._after).changes:
            tell = tellers.get(change.subject)
            remark = None if tell is None else tell(change)
            if remark is not None:
                yield remark

    # What is delivered.

    def _demand(self, change: Change) -> Remark | None:
        told = self._reason(change) if change.what == "reason" else self._told(change)
        if told is None:
            return None
        name = self._supplied(self._new, change.id)
        return Remark("demand", self._line(name, told), f"demand:{change.id}", change.id)

    def _supplied(self, index: Index, name: str) -> str:
        """Say what a demand asks for where; its id tells it from another one of the same."""
        demand = index.demand(name)
        good = self._writer.write(index.label(demand.good))
        site = self._writer.write(Name(index.place(demand.site)))
        return self._words("remark.supply", good=_capital(good), site=site)

    def _reason(self, change: Change) -> str:
        """Say why something falls short, as the documents do where no figure is at hand."""
        given = (u.reasons for u in self._after.undelivered if u.demand == change.id)
        why = dict.fromkeys(self._why(reason) for reasons in given for reason in reasons)
        newly = "short" if change.before is None else "reason"
        return self._words(f"remark.demand_{newly}", why=" ".join(why))

    def _why(self, reason: Reason) -> str:
        claims = bank().claims
        for name in reason_claims(reason.kind.value, reason.code):
            if name in claims and not claims[name].slots:
                return self._voice.say(said(name)).text
        # A reason of a later version: the documents too tell it by its code.
        return f"{reason.code} ({self._writer.write(Term(f'reason_kind.{reason.kind.value}'))})."

    # How it goes.

    def _convoy(self, change: Change) -> Remark | None:
        told = self._told(change)
        if told is None:
            return None
        name = self._writer.write(Name(change.id))
        return Remark("convoy", self._line(name, told), f"convoy:{change.id}")

    # What was asked.

    def _scenario(self, change: Change) -> Remark:
        section, _, rest = change.id.partition("/")
        name, _, inner = rest.partition("/")
        if section not in _NAMED or not name:
            part = self._writer.vocabulary.word(f"asked.{section}", self._words.language)
            part = part or self._words("remark.paper")
            text = self._line(_capital(part), self._words("remark.asked_modified"))
            return Remark("scenario", text, None, _stated(change, change.id))
        index = self._old if change.what == "removed" and not inner else self._new
        supplied = section == "demands"
        called = self._supplied(index, name) if supplied else index.called(section, name)
        told = self._asked(name) if (section, inner) == ("demands", "quantity") else None
        text = self._line(called, told or self._words(f"remark.asked_{change.what}"))
        detail = name if told else _stated(change, f"{name}/{inner}" if inner else name)
        place = f"{_PLACES[section]}:{name}" if section in _PLACES else None
        return Remark("scenario", text, place, "" if detail == called else detail)

    def _asked(self, name: str) -> str:
        was, now = (
            self._writer.write(index.amount(index.demand(name).good, index.demand(name).quantity))
            for index in (self._old, self._new)
        )
        return self._words("remark.asked_quantity", before=was, after=now)

    # All of them.

    def _told(self, change: Change) -> str | None:
        """Say what is so instead of what was; None where both read the same."""
        was, now = (self._told_value(change, value) for value in (change.before, change.after))
        if was == now and change.before is not None:
            return None  # less than a minute or a kilogram apart
        number = change.after if isinstance(change.after, int) else 0
        key = f"remark.{change.subject}_{change.what}"
        return self._words(key, before=was, after=now, number=number)

    def _told_value(self, change: Change, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and change.what in {"way", "goes", "stays"}:
            return self._way(value)
        return self._writer.short(self._value(change, value))

    def _value(self, change: Change, value: object) -> Value:
        match value:
            case datetime():
                return Time(value)
            case float():
                return Quantity(value, "kg")
            case int() if change.subject == "demand":
                return self._new.amount(self._new.demand(change.id).good, value)
            case int():
                return Count(value)
            case _:
                return Names(tuple(str(value).split(", ")))

    def _way(self, way: str) -> str:
        """Say the sites of each trip; the base, where all of them begin and end, once."""
        trips = [trip.split(", ") for trip in way.split("; ")]
        base, *_ = trips[0]
        stops = (" \u2013 ".join(map(self._site, trip[1:-1])) for trip in trips)
        then = f"{self._words('remark.then')} "
        return f"{self._site(base)} \u2013 {then.join(stops)}"

    def _site(self, name: str) -> str:
        sites = {s.id: s.label for p in (self._before, self._after) for s in p.scenario.sites}
        return self._writer.write(Name(sites.get(name) or name))

    def _line(self, name: str, told: str) -> str:
        return self._words("remark.line", name=name, told=told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stated(change: Change, place: str) -> str:
    """Return what the files of both plans state at a place, for who looks for it there."""
    if change.before is None and change.after is None:
        return place
    was, now = (str(value or _NOTHING) for value in (change.before, change.after))
    return f"{place}: {was} {_ARROW} {now}"
