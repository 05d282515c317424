"""What a plan changes over the one that it is compared with, in a table and in sentences."""

from __future__ import annotations

from briefing.documents.ask import Asker, columns, said
from briefing.documents.tree import Block, Heading, Paragraph, Table
from briefing.facts.comparison import FOREMOST
from briefing.facts.model import Difference, Subject
from briefing.wording.statement import Statement

__all__ = ["comparison", "in_brief", "turned_demands"]

#: What was asked differently, then what the answer makes of it; each with the label of its fact.
_ASKED = ("added", "removed", "modified")
_ANSWERED = ("convoys_added", "convoys_gone")


#: Figures that are told even where they did not change.
_ALWAYS = frozenset({"delivered_kg", "undelivered_kg", "last_back"})
#: Less than this is written as no difference at all, by unit.
_TOLD = {"kg": 0.5, "l": 0.005, "m": 50, "s": 60, "exposure": 0.05}


def in_brief(ask: Asker) -> tuple[Statement, ...]:
    """Say in one sentence what changed.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Statement
        One statement; none where the plan is compared with none.
    """
    differences = {
        figure.id: fact
        for part in ask.parts(ask.plan, "comparison")
        for figure in ask.parts(part, "figure")
        if (fact := ask.fact(figure, "difference"))
    }
    match differences:
        case {"delivered_kg": delivered, "last_back": back}:
            return (said("comparison.in_brief", delivered=delivered, back=back),)
        case {"delivered_kg": delivered}:
            return (said("comparison.delivered", delivered=delivered),)
        case _:
            return ()


def comparison(ask: Asker) -> tuple[Block, ...]:
    """Return the section on what changed.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, what was asked differently, figures before and now, who is served and who goes, of
        many demands the most urgent; nothing where the plan is compared with none.
    """
    blocks: list[Block] = []
    for part in ask.parts(ask.plan, "comparison"):
        labels = ("name", "before", "now", "difference")
        figures = tuple(
            tuple(ask.cell(figure, label) for label in labels)
            for figure in ask.parts(part, "figure")
            if figure.id in _ALWAYS or _changed(ask, figure)
        )
        blocks += [
            Heading(2, said("heading.comparison")),
            Paragraph((*ask.say("comparison.with", part), *_asked(ask, part))),
            Table(columns("figure", "before", "now", "difference"), figures, frozenset({1, 2, 3})),
            Paragraph(_answered(ask, part)),
        ]
    return tuple(blocks)


def _changed(ask: Asker, figure: Subject) -> bool:
    fact = ask.fact(figure, "difference")
    # What has no difference was there in one of the plans only.
    if fact is None or not isinstance(fact.value, Difference):
        return True
    return abs(fact.value.amount) >= _TOLD.get(fact.value.unit or "", 1)


def _asked(ask: Asker, part: Subject) -> tuple[Statement, ...]:
    if ask.fact(part, "same_question"):
        return (said("comparison.same_question"),)
    named = (
        one for what in _ASKED for one in ask.say(f"comparison.{what}", part, names=f"asked_{what}")
    )
    others = (
        one for asked in ask.parts(part, "asked") for one in ask.say("comparison.asked", asked)
    )
    return (*named, *others)


def _answered(ask: Asker, part: Subject) -> tuple[Statement, ...]:
    turns = (one for turn in ask.parts(part, "turn") for one in _turn(ask, turn))
    convoys = (
        one for label in _ANSWERED for one in ask.say(f"comparison.{label}", part, convoys=label)
    )
    return (*turns, *convoys)


def _turn(ask: Asker, turn: Subject) -> tuple[Statement, ...]:
    places = ask.parts(turn, "foremost")
    lead = ask.say(f"comparison.{turn.id}.{'some' if _is_long(ask, turn) else 'all'}", turn)
    told = (
        one
        for place in places
        for one in ask.say(
            "comparison.last_site" if place == places[-1] else "comparison.site", place
        )
    )
    return (*lead, *told)


def _is_long(ask: Asker, turn: Subject) -> bool:
    return len(ask.parts(turn, "turned")) > FOREMOST


def turned_demands(ask: Asker) -> tuple[Block, ...]:
    """Return the annex that lists demands newly met or newly short, where a sentence cannot.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading and a table for each turn whose demands the sentences do not all name.
    """
    labels = ("id", "site", "good", "priority", "wanted", "before", "now")
    titles = columns("demand", "site", "goods", "priority", "wanted", "before", "now")
    return tuple(
        block
        for part in ask.parts(ask.plan, "comparison")
        for turn in ask.parts(part, "turn")
        if _is_long(ask, turn)
        for block in (
            Heading(2, said(f"heading.{turn.id}")),
            Table(
                titles,
                tuple(
                    tuple(ask.cell(demand, label) for label in labels)
                    for demand in ask.parts(turn, "turned")
                ),
                frozenset({3, 4, 5, 6}),
            ),
        )
    )
