"""The convoy card: one page a convoy, with what its crews drive by."""

from __future__ import annotations

from dataclasses import replace

from briefing.documents.ask import Asker, columns, said
from briefing.documents.bottom_line import tightest
from briefing.documents.imprint import assemble, colophon, state
from briefing.documents.march import is_alone, led_by, taken_aboard
from briefing.documents.on_the_way import on_the_way
from briefing.documents.stated import stated
from briefing.documents.tree import (
    Block,
    Bullets,
    Cell,
    Code,
    Document,
    FieldLine,
    Fields,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from briefing.facts.model import FactTable, Subject
from briefing.wording.bank import bank
from briefing.wording.statement import Statement

__all__ = ["convoy_card"]

_CONDUCT = (
    "signals",
    "refuel",
    "halts",
    "breakdown",
    "separation",
    "recovery",
    "medical_evacuation",
)

#: What is said of the way of a convoy that does not drive.
_EFFORT = {"medium.air": "card.effort_air", "medium.water": "card.effort_water"}

#: What is said of a head, said of a vehicle alone.
_OF_ONE_VEHICLE = {"convoy.slack": "card.slack", "convoy.no_slack": "card.no_slack"}


def convoy_card(table: FactTable) -> Document:
    """Return the cards of all convoys of a plan, each on a page of its own.

    Parameters
    ----------
    table : FactTable
        Facts of the plan.

    Returns
    -------
    Document
        The cards.
    """
    ask = Asker(table, bank())
    title = said("card.title")
    blocks: list[Block] = []
    for convoy in ask.parts(None, "convoy"):
        if ask.parts(convoy, "trip"):
            blocks += [*([PageBreak()] if blocks else []), *_card(ask, convoy)]
    if not blocks:
        blocks = [
            Heading(1, title),
            state(ask),
            Paragraph((said("card.none"),)),
            *colophon(ask),
        ]
    return assemble(ask, "convoy-card", title, tuple(blocks))


def _card(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    (title,) = ask.say("card.convoy_labelled", convoy, convoy="id") or ask.say(
        "card.convoy", convoy, convoy="id"
    )
    return (
        Heading(1, title),
        state(ask),
        Fields((ask.field(ask.plan, "number", "order"), *led_by(ask, convoy))),
        *_mission(ask, convoy),
        *_code(ask, convoy),
        *_composition(ask, convoy),
        Heading(2, said("heading.conduct")),
        *stated(ask, _CONDUCT),
        Heading(2, said("heading.hazards")),
        Bullets((_conditions(ask, convoy), *on_the_way(ask, convoy))),
        Heading(2, said("heading.timings")),
        # On paper the strip map has the rest: what is loaded where a trip begins, each arrival,
        # what is handed over there, and each departure.
        *(
            Picture("strip", convoy, caption, tells_the_rest=True)
            for caption in ask.say("picture.strip", convoy, convoy="id")
        ),
        _timings(ask, convoy),
        *_manifest(ask, convoy),
    )


def _mission(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    situation = ask.fact(ask.plan, "situation")
    return (
        Heading(2, said("heading.mission")),
        Paragraph(
            (
                *ask.say("card.mission", convoy),
                *ask.say("card.loading", convoy, loading="first_loading"),
                *ask.say("card.departure", convoy, departure="first_departure"),
                *ask.say("card.back", convoy),
                *ask.say(_EFFORT.get(ask.text(convoy, "medium"), "card.effort"), convoy),
                *_tightest(ask, convoy),
            )
        ),
        *((Paragraph((said("value", value=situation),)),) if situation else ()),
    )


def _tightest(ask: Asker, convoy: Subject) -> tuple[Statement, ...]:
    told = tightest(ask, convoy)
    if not is_alone(ask, convoy):
        return told
    return tuple(replace(one, claim=_OF_ONE_VEHICLE[one.claim]) for one in told)


def _composition(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    labels = ("position", "id", "type", "load_class")
    march = (
        *ask.say("card.march", ask.plan, speed="march_speed"),
        *ask.say("card.column", convoy),
        *ask.say("card.load_class", convoy),
    )
    vehicles = ask.parts(convoy, "vehicle")
    if is_alone(ask, convoy):
        (described,) = ask.say("convoy.vehicle", vehicles[0])
        line = FieldLine(said("field.vehicle"), described)
        # Bridges concern those who drive.
        drives = ask.text(convoy, "medium") == "medium.ground"
        # The march is that of a column.
        heading = Heading(2, said("heading.composition_alone"))
        return heading, Fields((line, *([ask.field(convoy, "load_class")] if drives else [])))
    return (
        Heading(2, said("heading.composition")),
        Table(
            columns("rank", "vehicle", "type", "class"),
            tuple(tuple(ask.cell(vehicle, label) for label in labels) for vehicle in vehicles),
            frozenset({0, 3}),
        ),
        Paragraph(march),
    )


def _timings(ask: Asker, convoy: Subject) -> Table:
    legs = [leg for trip in ask.parts(convoy, "trip") for leg in ask.parts(trip, "leg")]
    alone = is_alone(ask, convoy)
    drive = ("step", "destination", "distance")
    # A vehicle alone has neither head nor tail.
    times = ("depart", "head_due") if alone else ("depart", "head_due", "tail_clear")
    names = ("depart", "arrival") if alone else times
    rows = []
    for leg in legs:
        stop = next(iter(ask.parts(leg, "stop")), None)
        end = (ask.moment(stop, "leave"), _handover(ask, stop, alone=alone)) if stop else ((), ())
        driven = (ask.cell(leg, label) for label in drive)
        rows.append((*driven, *(ask.moment(leg, label) for label in times), *end))
    return Table(
        columns("step", "to", "distance", *names, "leave", "handover"),
        tuple(rows),
        frozenset({2}),
    )


def _handover(ask: Asker, stop: Subject, *, alone: bool) -> Cell:
    """Return what is handed over and taken aboard, vehicle by vehicle where there are several."""
    told: list[Statement] = []
    for part in ask.in_march_order(stop, "handover"):
        told += ask.say("card.handed_over" if alone else "card.carried_by", part)
    told += taken_aboard(ask, stop, alone=alone)
    late = (one for drop in ask.parts(stop, "drop") for one in ask.say("remark.late", drop))
    return (*told, *ask.say("remark.wait", stop), *ask.say("remark.held", stop), *late)


def _manifest(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    rows, fuel = [], []
    for trip in ask.parts(convoy, "trip"):
        number = ask.fact(trip, "number")
        rows += [
            (
                ask.cell(trip, "number"),
                *(ask.cell(load, label) for label in ("vehicle", "supplies", "mass")),
            )
            for load in ask.in_march_order(trip, "loading")
        ]
        fuel += [
            said("card.fuel", fuel=drawn, number=number)
            for part in ask.parts(trip, "fuel")
            if number and (drawn := ask.fact(part, "drawn"))
        ]
    return (
        Heading(2, said("heading.manifest")),
        Table(columns("trip", "vehicle", "load", "mass"), tuple(rows), frozenset({0, 3})),
        Paragraph(tuple(fuel)),
    )


def _conditions(ask: Asker, convoy: Subject) -> tuple[Statement, ...]:
    plan = ask.plan
    drives = ask.text(convoy, "medium") == "medium.ground"
    margin = "card.contingency" if drives else "card.contingency_travel"
    illustrative = (said("card.illustrative"),) if ask.fact(plan, "illustrative") else ()
    return (
        *ask.say("card.weather", plan),
        *ask.say("card.light", plan),
        *ask.say("card.visibility", plan),
        *ask.say(margin, plan, contingency="time_contingency"),
        *illustrative,
    )


def _code(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    stamp = ask.fact(convoy, "stamp")
    name, plan = ask.fact(convoy, "id"), ask.fact(ask.plan, "id")
    if stamp is None or name is None or plan is None:
        return ()
    return (Code(stamp, said("card.code", convoy=name, plan=plan)),)
