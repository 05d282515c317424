"""The decision note (note de synthèse): what a commander needs to decide, and no more."""

from __future__ import annotations

from briefing.documents.ask import Asker, said, turned
from briefing.documents.assumptions import assumptions
from briefing.documents.bottom_line import movement, overdue, supplies
from briefing.documents.comparison import comparison, in_brief, turned_demands
from briefing.documents.imprint import assemble, chart, colophon, head, state
from briefing.documents.options import options, proposal
from briefing.documents.shortfall import reasons
from briefing.documents.situation import conditions
from briefing.documents.tree import (
    Block,
    Document,
    FieldLine,
    Fields,
    Heading,
    Paragraph,
    Quoted,
)
from briefing.facts.model import FactTable
from briefing.wording.bank import bank

__all__ = ["decision_note"]


def decision_note(table: FactTable) -> Document:
    """Return the decision note of a plan, in no language and no format yet.

    Parameters
    ----------
    table : FactTable
        Facts of the plan.

    Returns
    -------
    Document
        The note.
    """
    ask = Asker(table, bank())
    title = said("note.title")
    annex = turned_demands(ask)
    (subject,) = ask.say("note.subject", ask.plan) or (said("note.subject_bare"),)
    blocks = (
        Heading(1, title),
        state(ask, draft="imprint.draft_note"),
        head(ask, FieldLine(said("field.subject"), subject)),
        *_bottom_line(ask),
        *_context(ask),
        *comparison(ask),
        *((Paragraph((said("comparison.listed"),)),) if annex else ()),
        *options(ask),
        *reasons(ask),
        *assumptions(ask),
        *_decision(ask),
        *annex,
        *chart(ask),
        *colophon(ask),
    )
    return assemble(ask, "decision-note", title, blocks)


def _bottom_line(ask: Asker) -> tuple[Block, ...]:
    return (
        Heading(2, said("heading.bottom_line")),
        Paragraph((*supplies(ask), *in_brief(ask))),
        Paragraph(movement(ask)),
        Paragraph((*proposal(ask), *overdue(ask)), strong=True),
    )


def _context(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    situation = ask.fact(plan, "situation")
    means = ask.say("context.means", plan)
    needs = ask.say("context.needs", plan, demanded="demanded_kg")
    return (
        Heading(2, said("heading.context")),
        *((Quoted(situation),) if situation else ()),
        Paragraph((*(needs if ask.count(plan, "demands") else ()), *means)),
        *conditions(ask),
    )


def _decision(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    return (
        Heading(2, said("heading.decision")),
        # Whoever signs reads once more what for, as what is asked and not as what is proposed.
        Paragraph(turned(1, proposal(ask)), strong=True),
        Fields(
            (
                FieldLine(said("field.decision")),
                ask.field(plan, "commander", "decided_by"),
                FieldLine(said("field.signature")),
                FieldLine(said("field.signed_at")),
            )
        ),
    )
