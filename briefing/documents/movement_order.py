"""The movement order: bottom line first, then what convoys act on."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.documents.assumptions import assumptions
from briefing.documents.bottom_line import bottom_line, deliveries
from briefing.documents.imprint import assemble, chart, colophon, head, opening
from briefing.documents.march import execution
from briefing.documents.shortfall import undelivered
from briefing.documents.situation import situation
from briefing.documents.stated import stated
from briefing.documents.tree import Block, Document, FieldLine, Fields, Heading
from briefing.facts.model import FactTable
from briefing.wording.bank import bank

__all__ = ["movement_order"]


def movement_order(table: FactTable) -> Document:
    """Return the movement order of a plan, in no language and no format yet.

    Parameters
    ----------
    table : FactTable
        Facts of the plan.

    Returns
    -------
    Document
        The order.
    """
    ask = Asker(table, bank())
    title = said("order.title")
    titled = ask.fact(ask.plan, "title")
    subject = (ask.field(ask.plan, "title", "subject"),) if titled else ()
    blocks = (
        *opening(ask, title),
        head(ask, *subject),
        *bottom_line(ask),
        *situation(ask),
        *deliveries(ask),
        *undelivered(ask),
        *assumptions(ask, march=False),
        *execution(ask),
        *_annex(ask),
        *_approval(ask),
        *chart(ask),
        *colophon(ask),
    )
    return assemble(ask, "movement-order", title, blocks)


def _annex(ask: Asker) -> tuple[Block, ...]:
    labels = ["signals", "refuel", "halts", "recovery", "medical_evacuation"]
    # What a crew does alone stands on its card; here where somebody said it for all.
    labels[3:3] = [label for label in ("breakdown", "separation") if ask.fact(ask.plan, label)]
    return Heading(2, said("heading.annex")), *stated(ask, labels)


def _approval(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    # Whoever released the order has signed for it; before that the commander is to.
    signed = "released_by" if ask.fact(plan, "released_by") else "commander"
    return (
        Heading(2, said("heading.approval")),
        Fields(
            (
                ask.field(plan, signed, "approver"),
                ask.field(plan, "deputy"),
                FieldLine(said("field.signature")),
                ask.field(plan, "released_at", "signed_at"),
            )
        ),
    )
