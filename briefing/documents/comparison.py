"""What a plan changes over the one that it is compared with, in a table and in sentences."""

from __future__ import annotations

from briefing.documents.ask import Asker, columns, said
from briefing.documents.tree import Block, Heading, Paragraph, Table
from briefing.facts.model import Difference, Subject
from briefing.wording.statement import Statement

__all__ = ["comparison"]

#: What was asked differently, then what the answer makes of it; each with the label of its fact.
_ASKED = ("added", "removed", "modified")
_ANSWERED = {
    "served_now": "demands",
    "short_now": "demands",
    "convoys_added": "convoys",
    "convoys_gone": "convoys",
}


#: Figures that are told even where they did not change.
_ALWAYS = frozenset({"delivered_kg", "undelivered_kg", "last_back"})


def comparison(ask: Asker) -> tuple[Block, ...]:
    """Return the section on what changed.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, what was asked differently, figures before and now, who is served and who goes;
        nothing where the plan is compared with none.
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
    return fact is None or not isinstance(fact.value, Difference) or fact.value.amount != 0


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
    return tuple(
        one
        for label, slot in _ANSWERED.items()
        for one in ask.say(f"comparison.{label}", part, **{slot: label})
    )
