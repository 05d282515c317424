"""The options between which a commander decides, each with what it brings and what it takes."""

from __future__ import annotations

from briefing.documents.ask import Asker, columns, said
from briefing.documents.tree import Block, Cell, Heading, Paragraph, Table
from briefing.facts.model import Names, Subject
from briefing.wording.statement import Statement

__all__ = ["options", "proposal"]


def options(ask: Asker) -> tuple[Block, ...]:
    """Return the section on options: the plan as it stands, and what would or might serve more.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, option A, a table of the others, and what is known of their price.
    """
    others = ask.parts(ask.plan, "option")
    as_planned = (Heading(2, said("heading.options")), Paragraph(_as_planned(ask)))
    if not others:
        return as_planned
    prices = tuple(one for option in others for one in _price(ask, option))
    return (
        *as_planned,
        Paragraph(ask.say("option.lead", ask.plan)),
        Table(
            columns("option", "condition", "serves", "more", "certainty"),
            tuple(_row(ask, option) for option in others),
            frozenset({3}),
        ),
        Paragraph((*ask.say("option.unpriced", ask.plan), *prices)),
    )


def _row(ask: Asker, option: Subject) -> tuple[Cell, ...]:
    return (
        ask.cell(option, "letter"),
        _conditions(ask, option),
        ask.say("option.above_all", option, serves="serves_most") or ask.cell(option, "serves"),
        ask.cell(option, "mass"),
        ask.say("phrase", option, value="certainty"),
    )


def _conditions(ask: Asker, option: Subject) -> Cell:
    """Say what an option takes: one thing, or any of several that were each seen to be enough."""
    seen = ask.text(option, "kind") == "reason_kind.observed"
    several = ask.say("option.any_of" if seen else "option.some_of", option)
    return several or ask.say("phrase", option, value="condition")


def _as_planned(ask: Asker) -> tuple[Statement, ...]:
    plan = ask.plan
    fuel = (
        said("option.price_fuel", fuel=drawn)
        for part in ask.parts(plan, "fuel")
        if (drawn := ask.fact(part, "drawn"))
    )
    short = ask.count(plan, "demands_short")
    return (
        *(ask.say("option.as_planned", plan, back="last_back") or (said("option.nothing_moves"),)),
        *fuel,
        *(
            ask.say("option.leaves", plan, missing="undelivered_kg")
            if short
            else (said("option.serves_all"),)
        ),
    )


def _price(ask: Asker, option: Subject) -> tuple[Statement, ...]:
    """Say what is known of the limit that an option lifts."""
    letter = ask.fact(option, "letter")
    if letter is None:
        return ()
    shift, fleet = ask.fact(ask.plan, "shift"), ask.fact(ask.plan, "fleet")
    fact = ask.fact(option, "codes")
    codes = fact.value.texts if fact and isinstance(fact.value, Names) else ()
    told: list[Statement] = []
    if _differs(ask, option):
        told += ask.say("option.short_of", option)
    if "shift" in codes and shift:
        seen = ask.text(option, "kind") == "reason_kind.observed"
        claim = "option.shift_lifted" if seen else "option.shift"
        told.append(said(claim, letter=letter, shift=shift))
    if "capacity" in codes and fleet:
        told.append(said("option.fleet", letter=letter, fleet=fleet))
    return tuple(told)


def _differs(ask: Asker, option: Subject) -> bool:
    """Tell whether the bases lack anything else in all than what the table says is served."""
    serves, short = ask.fact(option, "serves"), ask.fact(option, "short_of")
    return serves is None or short is None or serves.value != short.value


def proposal(ask: Asker) -> tuple[Statement, ...]:
    """Return what is proposed, from nothing but what is known of the options.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Statement
        One statement; two where something is left short for no reason that is known.
    """
    plan = ask.plan
    if not ask.count(plan, "demands"):
        return (said("proposal.nothing"),)
    best = {label: f"best_{label}" for label in ("letter", "condition", "mass")}
    first, missing = "first_loading", "undelivered_kg"
    if not ask.count(plan, "demands_short"):
        return ask.say("proposal.approve", plan, first=first) or (said("proposal.nothing"),)
    return (
        ask.say("proposal.approve_and_study", plan, first=first, **best)
        or ask.say("proposal.approve_short", plan, first=first, missing=missing)
        or ask.say("proposal.study", plan, **best)
        or ask.say("proposal.look", plan, missing=missing)
        # Nobody said why: there is no option.
        or (
            *ask.say("proposal.approve", plan, first=first),
            *ask.say("proposal.again", plan, missing=missing),
        )
    )
