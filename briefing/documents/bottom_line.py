"""What a commander reads first: what comes, what does not, until when, and what to decide."""

from __future__ import annotations

from briefing.documents.ask import Asker, cell, columns, said
from briefing.documents.tree import Block, Cell, Heading, Paragraph, Table
from briefing.facts.march import NO_SLACK_S
from briefing.facts.model import Quantity, Subject
from briefing.wording.statement import Statement
from briefing.wording.values import number_of

__all__ = ["bottom_line", "deliveries", "movement", "overdue", "supplies", "tightest"]


def tightest(ask: Asker, convoy: Subject) -> tuple[Statement, ...]:
    """Say where a convoy has the least time in hand.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    convoy : Subject
        The convoy.

    Returns
    -------
    tuple of Statement
        One statement; none for a convoy without stops.
    """
    labels = {"site": "tightest_site", "due": "tightest_due", "slack": "least_slack"}
    return ask.say("convoy.no_slack" if _tight(ask, convoy) else "convoy.slack", convoy, **labels)


def _tight(ask: Asker, subject: Subject) -> bool:
    """Tell whether a plan or a convoy has no time in hand at some stop."""
    fact = ask.fact(subject, "least_slack")
    return fact is not None and isinstance(fact.value, Quantity) and fact.value.amount < NO_SLACK_S


def bottom_line(ask: Asker) -> tuple[Block, ...]:
    """Return the first section of every order.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading and three paragraphs: supplies, movement, decision.
    """
    return (
        Heading(2, said("heading.bottom_line")),
        Paragraph(supplies(ask)),
        Paragraph(movement(ask)),
        Paragraph((*_decision(ask), *overdue(ask)), strong=True),
    )


def overdue(ask: Asker) -> tuple[Statement, ...]:
    """Warn of a plan that was made after the time by which a decision is asked for.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Statement
        One statement; none where there is still time.
    """
    return ask.say("bottom_line.overdue", ask.plan)


def supplies(ask: Asker) -> tuple[Statement, ...]:
    """Say what is delivered and what is not.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Statement
        Sentences of a paragraph.
    """
    plan = ask.plan
    if not ask.count(ask.plan, "demands"):
        return (said("bottom_line.nothing_asked"),)
    late = ask.say(
        "bottom_line.late", plan, late="late_demands", worst="worst_late", site="worst_late_site"
    )
    whole = {"share": "delivered_share", "delivered": "delivered_kg"}
    if not ask.count(ask.plan, "demands_short"):
        return (*ask.say("bottom_line.everything", plan, **whole), *late)
    return (
        *ask.say("bottom_line.part", plan, share="delivered_share"),
        *ask.say("bottom_line.short", plan, missing="undelivered_kg"),
        *_most_urgent(ask),
        *ask.say("bottom_line.whole_priority", plan, priority="whole_priority"),
        *late,
    )


def _most_urgent(ask: Asker) -> tuple[Statement, ...]:
    # The facts list what is left short by priority.
    first = ask.parts(None, "demand")[0]
    return ask.say("bottom_line.most_urgent", first, missing="missing_supply")


def movement(ask: Asker) -> tuple[Statement, ...]:
    """Say who moves, from when to when, and where time is shortest.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Statement
        Sentences of a paragraph.
    """
    plan = ask.plan
    if not ask.count(ask.plan, "trips"):
        return (said("bottom_line.no_movement"),)
    return (
        *ask.say("bottom_line.movement", plan),
        *ask.say("bottom_line.begins", plan, first="first_loading"),
        *ask.say("bottom_line.ends", plan, convoy="last_convoy", last="last_back"),
        *ask.first(
            tuple(
                f"bottom_line.{'no_slack' if _tight(ask, plan) else 'slack'}{many}"
                for many in ("_named", "_counted", "")
            ),
            plan,
            convoys="tightest_convoys",
            count="tightest_count",
            site="tightest_site",
            convoy="tightest_convoy",
            slack="least_slack",
        ),
        *_assumed_bridges(ask),
    )


def _assumed_bridges(ask: Asker) -> tuple[Statement, ...]:
    plan, assumed = ask.plan, ask.count(ask.plan, "bridges_assumed")
    if assumed and assumed == ask.count(plan, "bridges"):
        return ask.say("bottom_line.bridges_all_assumed", plan)
    return ask.say("bottom_line.bridges_assumed", plan)


def _decision(ask: Asker) -> tuple[Statement, ...]:
    plan = ask.plan
    labels = {"missing": "undelivered_kg", "first": "first_loading"}
    if not ask.count(ask.plan, "demands_short"):
        return ask.say("decision.approve", plan, **labels)
    if not ask.count(ask.plan, "trips"):
        return ask.say("decision.nothing_moves", plan, **labels)
    return ask.say("decision.shortfall", plan, **labels)


def deliveries(ask: Asker) -> tuple[Block, ...]:
    """Return the table of what is asked for and delivered, by good.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        A heading and a table; nothing where nothing is asked for.
    """
    goods = ask.parts(None, "good")
    if not goods:
        return ()
    labels = ("label", "wanted", "delivered", "missing", "delivered_share")
    return (
        Heading(2, said("heading.deliveries")),
        Table(
            columns("goods", "wanted", "delivered", "missing", "share"),
            tuple(tuple(_amount(ask, good, label) for label in labels) for good in goods),
            frozenset({1, 2, 3, 4}),
        ),
    )


def _amount(ask: Asker, good: Subject, label: str) -> Cell:
    """Return a cell of the table; where nothing is missing the eye finds nothing."""
    fact = ask.fact(good, label)
    nothing = label == "missing" and fact is not None and not number_of(fact.value)
    return () if nothing else cell(fact)
