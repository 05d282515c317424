"""The march of each convoy: who, when, where, with what."""

from __future__ import annotations

from dataclasses import replace

from briefing.documents.ask import Asker, columns, said
from briefing.documents.bottom_line import tightest
from briefing.documents.on_the_way import on_the_way
from briefing.documents.tree import (
    Block,
    Bullets,
    Cell,
    FieldLine,
    Fields,
    Heading,
    Paragraph,
    Table,
)
from briefing.facts.model import Name, Subject

__all__ = ["execution", "is_alone", "led_by", "taken_aboard"]

#: Where time is shortest, told in a sentence elsewhere and on a line of the order.
_SLACK_LINES = {"convoy.slack": "march.slack", "convoy.no_slack": "march.no_slack"}


def execution(ask: Asker) -> tuple[Block, ...]:
    """Return the section that convoys act on: an overview, then each convoy.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        The section.
    """
    heading = Heading(2, said("heading.execution"))
    convoys = tuple(c for c in ask.parts(None, "convoy") if ask.parts(c, "trip"))
    if not convoys:
        return heading, Paragraph((said("execution.none"),))
    labels = (
        "id",
        "vehicles",
        "load_class",
        "trips",
        "carried",
        "distance",
        "first_departure",
        "back",
    )
    names = (
        "convoy",
        "vehicles",
        "load_class",
        "trips",
        "load",
        "distance",
        "first_departure",
        "back",
    )
    overview = Table(
        columns(*names),
        tuple(tuple(ask.cell(convoy, label) for label in labels) for convoy in convoys),
        frozenset({1, 2, 3, 4, 5}),
    )
    fuel = (
        said("execution.fuel", fuel=drawn)
        for part in ask.parts(ask.plan, "fuel")
        if (drawn := ask.fact(part, "drawn"))
    )
    unused = (
        *ask.say("execution.unused_convoys", ask.plan, convoys="unused_convoys"),
        *ask.say("execution.unused_vehicles", ask.plan, vehicles="unused_vehicles"),
    )
    march = Paragraph(ask.say("execution.march", ask.plan, speed="march_speed"))
    return (
        heading,
        march,
        overview,
        Paragraph((*fuel, *unused)),
        Paragraph((said("execution.slack"),)),
        *(block for convoy in convoys for block in _convoy(ask, convoy)),
    )


def is_alone(ask: Asker, convoy: Subject) -> bool:
    """Return whether a convoy is a single vehicle, of which neither head nor tail is told.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    convoy : Subject
        The convoy.

    Returns
    -------
    bool
        Whether it is.
    """
    return len(ask.parts(convoy, "vehicle")) == 1


def led_by(ask: Asker, convoy: Subject) -> tuple[FieldLine, ...]:
    """Return who leads a convoy, or ruled blanks; a vehicle alone needs no deputy.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    convoy : Subject
        The convoy.

    Returns
    -------
    tuple of FieldLine
        Lines of a form.
    """
    alone = is_alone(ask, convoy)
    leader = ask.field(convoy, "commander", "crew_commander" if alone else "commander")
    no_deputy = alone and ask.fact(convoy, "deputy") is None
    return (leader,) if no_deputy else (leader, ask.field(convoy, "deputy", "convoy_deputy"))


def _slack(ask: Asker, convoy: Subject) -> tuple[FieldLine, ...]:
    """Return where a convoy has least time in hand; of a vehicle alone no head is told."""
    end = "_alone" if is_alone(ask, convoy) else ""
    return tuple(
        FieldLine(said("field.slack"), replace(told, claim=_SLACK_LINES[told.claim] + end))
        for told in tightest(ask, convoy)
    )


def _convoy(ask: Asker, convoy: Subject) -> tuple[Block, ...]:
    (title,) = ask.say("heading.convoy_labelled", convoy, convoy="id") or ask.say(
        "heading.convoy", convoy, convoy="id"
    )
    vehicles = ask.parts(convoy, "vehicle")
    lines = list(led_by(ask, convoy))
    if len(vehicles) == 1:
        (described,) = ask.say("convoy.vehicle", vehicles[0])
        lines.append(FieldLine(said("field.vehicle"), described))
    # Bridges concern those who drive.
    if ask.text(convoy, "medium") == "medium.ground":
        lines.append(ask.field(convoy, "load_class"))
    if column := ask.say("convoy.column", convoy):
        lines.append(FieldLine(said("field.column"), column[0]))
    lines += _slack(ask, convoy)
    order = _order_of_march(ask, vehicles) if len(vehicles) > 1 else ()
    return (
        Heading(3, title),
        Fields(tuple(lines)),
        *order,
        Paragraph((said("heading.critical"),), strong=True),
        Bullets(on_the_way(ask, convoy)),
        *(block for trip in ask.parts(convoy, "trip") for block in _trip(ask, trip)),
    )


def _order_of_march(ask: Asker, vehicles: tuple[Subject, ...]) -> tuple[Block, ...]:
    labels = ("position", "id", "type", "load_class")
    return (
        Table(
            columns("position", "vehicle", "type", "load_class"),
            tuple(tuple(ask.cell(vehicle, label) for label in labels) for vehicle in vehicles),
            frozenset({0, 3}),
        ),
    )


def _trip(ask: Asker, trip: Subject) -> tuple[Block, ...]:
    (title,) = ask.say("heading.trip", trip)
    end = "_alone" if trip.parent and is_alone(ask, trip.parent) else ""
    fuel = tuple(
        said("trip.fuel", fuel=drawn)
        for part in ask.parts(trip, "fuel")
        if (drawn := ask.fact(part, "drawn"))
    )
    return (
        Heading(4, title),
        Paragraph(
            (
                *(
                    ask.say("trip.loading", trip, start="loading_start")
                    or ask.say("trip.loads_nothing", trip, start="loading_start")
                ),
                *fuel,
                *ask.say(f"trip.start{end}", trip),
            )
        ),
        _manifest(ask, trip),
        _march_table(ask, trip),
        Paragraph(ask.say(f"trip.back{end}", trip)),
    )


def _march_table(ask: Asker, trip: Subject) -> Table:
    """Return the legs of a trip: a vehicle alone has one time of arrival, not head and tail."""
    alone = trip.parent is not None and is_alone(ask, trip.parent)
    drive = ("step", "origin", "destination", "distance")
    times = ("depart", "head_due") if alone else ("depart", "head_due", "tail_clear")
    rows = []
    for leg in ask.parts(trip, "leg"):
        stop = next(iter(ask.parts(leg, "stop")), None)
        rows.append(
            (
                *(ask.cell(leg, label) for label in drive),
                *(ask.moment(leg, label) for label in times),
                *(ask.moment(stop, label) if stop else () for label in ("begin", "leave")),
                _remarks(ask, stop, alone=alone) if stop else (),
            )
        )
    arrival = ("arrival",) if alone else ("head_due", "tail_clear")
    stops = (stop for leg in ask.parts(trip, "leg") for stop in ask.parts(leg, "stop"))
    takes = any(ask.parts(stop, "pickup") for stop in stops)
    handling = ("handling_begins", "handling_ends") if takes else ("begin", "leave")
    names = ["step", "from", "to", "distance", "depart", *arrival, *handling, "remarks"]
    if not any(row[-1] for row in rows):
        names, rows = names[:-1], [row[:-1] for row in rows]
    return Table(columns(*names), tuple(rows), frozenset({0, 3}))


def _remarks(ask: Asker, stop: Subject, *, alone: bool) -> Cell:
    late = (said for drop in ask.parts(stop, "drop") for said in ask.say("remark.late", drop))
    taken = taken_aboard(ask, stop, alone=alone)
    return (*taken, *ask.say("remark.wait", stop), *ask.say("remark.held", stop), *late)


def taken_aboard(ask: Asker, stop: Subject, *, alone: bool) -> Cell:
    """Return what is taken aboard at a stop, vehicle by vehicle where there are several.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    stop : Subject
        The stop.
    alone : bool
        Whether the convoy is a single vehicle.

    Returns
    -------
    tuple of Statement
        None where nothing stands ready.
    """
    claim = "card.taken_aboard" if alone else "card.taken_by"
    parts = ask.in_march_order(stop, "takeover")
    return tuple(said for part in parts for said in ask.say(claim, part))


def _manifest(ask: Asker, trip: Subject) -> Table:
    """Return what lies where and for whom: by vehicle in order of march, then in order of stops.

    The one vehicle of a convoy is named above, with its type. Where something is taken aboard on
    the way, it is told of everything where it is loaded.
    """
    drops = [
        (stop, drop)
        for leg in ask.parts(trip, "leg")
        for stop in ask.parts(leg, "stop")
        for drop in ask.parts(stop, "drop")
    ]
    takes = any(ask.fact(drop, "pickup") for _, drop in drops)
    rows = [
        (
            *(ask.cell(drop, x) for x in ("vehicle", "compartment", "supply", "mass")),
            *((ask.cell(drop, "pickup") or ask.cell(trip, "base"),) if takes else ()),
            ask.cell(stop, "site"),
            ask.cell(drop, "demand"),
        )
        for stop, drop in drops
    ]
    vehicles = ask.parts(trip.parent, "vehicle")
    order = [ask.cell(vehicle, "id") for vehicle in vehicles]
    places = {_name(one): number for number, one in enumerate(order)}
    rows.sort(key=lambda row: (places.get(_name(row[0]), len(places)), _name(row[1])))
    first = 1 if len(vehicles) == 1 else 0
    taken = ("taken_aboard",) if takes else ()
    names = ("vehicle", "compartment", "load", "mass", *taken, "handed_over", "demand")
    return Table(
        columns(*names[first:]), tuple(row[first:] for row in rows), frozenset({3 - first})
    )


def _name(shown: Cell) -> str:
    value = shown[0].facts["value"].value if shown else None
    return value.text if isinstance(value, Name) else ""
