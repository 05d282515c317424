"""The movement order: bottom line first, then what convoys act on."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.documents.bottom_line import bottom_line, deliveries
from briefing.documents.imprint import assemble, colophon, opening
from briefing.documents.march import execution
from briefing.documents.shortfall import undelivered
from briefing.documents.tree import (
    Block,
    Bullets,
    Document,
    FieldLine,
    Fields,
    Heading,
    Paragraph,
    Quoted,
)
from briefing.facts.model import FactTable, Name, Ratio, Subject
from briefing.wording.bank import bank
from briefing.wording.statement import Statement

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
    blocks = (
        *opening(ask, title),
        *_head(ask),
        *bottom_line(ask),
        *_situation(ask),
        *deliveries(ask),
        *undelivered(ask),
        *_assumptions(ask),
        *execution(ask),
        *_annex(ask),
        *_approval(ask),
        *colophon(ask),
    )
    return assemble(ask, "movement-order", title, blocks)


#: What is said of a change to the ground, the most telling first.
_CHANGES = (
    "situation.change.classes",
    "situation.change.wheeled",
    "situation.change.tracked",
    "situation.change.speed",
    "situation.change.bare",
)


def _head(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    lines = [ask.field(plan, label) for label in ("number", "version", "issuer", "addressee")]
    if ask.fact(plan, "title"):
        lines.append(ask.field(plan, "title", "subject"))
    if ask.fact(plan, "references"):
        lines.append(ask.field(plan, "references"))
    lines += [ask.field(plan, "created"), ask.field(plan, "zone")]
    return (Fields(tuple(lines)),)


def _quoted(ask: Asker, label: str, *, titled: bool = True) -> tuple[Block, ...]:
    fact = ask.fact(ask.plan, label)
    if fact is None:
        return (Fields((ask.field(ask.plan, label),)),)
    title = (Paragraph((said(f"field.{label}"),), strong=True),) if titled else ()
    return (*title, Quoted(fact))


def _situation(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    conditions = (*ask.say("situation.ground", plan), *ask.say("situation.visibility", plan))
    items = [ask.first(_CHANGES, part) for part in ask.parts(plan, "change")]
    items += [ask.say("situation.area", part) for part in ask.parts(plan, "area")]
    return (
        Heading(2, said("heading.situation")),
        *_quoted(ask, "situation", titled=False),
        Paragraph(conditions),
        *((Bullets(tuple(items)),) if items else ()),
    )


def _assumptions(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    contingency = ask.fact(plan, "time_contingency")
    stated = isinstance(contingency.value, Ratio) and contingency.value.share if contingency else 0
    items: list[tuple[Statement, ...]] = []
    if ask.fact(plan, "illustrative"):
        items.append((said("assumption.illustrative"),))
    if stated:
        items.append(ask.say("assumption.contingency", plan, contingency="time_contingency"))
    else:
        items.append((said("assumption.no_contingency"),))
    if not ask.fact(plan, "theatre"):
        items.append((said("assumption.no_theatre"),))
    items.append(ask.say("assumption.march", plan, speed="march_speed"))
    items.append(ask.say("assumption.shift", plan))
    items.extend(_assumed(ask, part) for part in ask.parts(plan, "assumption"))
    return Heading(2, said("heading.assumptions")), Bullets(tuple(items))


def _assumed(ask: Asker, assumption: Subject) -> tuple[Statement, ...]:
    code = ask.fact(assumption, "code")
    name = code.value.text if code and isinstance(code.value, Name) else ""
    return ask.first((f"assumption.{name}", "assumption.other"), assumption)


def _annex(ask: Asker) -> tuple[Block, ...]:
    labels = ("signals", "recovery", "medical_evacuation")
    return (
        Heading(2, said("heading.annex")),
        *(block for label in labels for block in _quoted(ask, label)),
    )


def _approval(ask: Asker) -> tuple[Block, ...]:
    plan = ask.plan
    return (
        Heading(2, said("heading.approval")),
        Fields(
            (
                ask.field(plan, "commander", "approver"),
                ask.field(plan, "deputy"),
                FieldLine(said("field.signature")),
                FieldLine(said("field.signed_at")),
            )
        ),
    )
