"""What every document carries: its state, number and version, and the plan that it rests on."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.documents.tree import (
    Block,
    Document,
    FieldLine,
    Fields,
    Heading,
    Paragraph,
    Picture,
    Rule,
)
from briefing.wording.statement import Statement

__all__ = ["assemble", "chart", "colophon", "head", "opening", "state"]

_AGAIN = ("colophon.again.iterations", "colophon.again.time", "colophon.again.budget")


def assemble(ask: Asker, kind: str, title: Statement, blocks: tuple[Block, ...]) -> Document:
    """Return a whole document.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    kind : str
        Its key in `briefing.documents.DOCUMENTS`.
    title : Statement
        What it is called.
    blocks : tuple of Block
        Everything on its pages.

    Returns
    -------
    Document
        With its marking, and what is said at the foot of every page.
    """
    plan = ask.plan
    released = ask.say("running.released", plan) or (said("running.draft"),)
    number = ask.first(("running.number_version", "running.number", "running.version"), plan)
    return Document(
        kind=kind,
        title=title,
        marking=ask.fact(plan, "marking"),
        released=ask.fact(plan, "released_by") is not None,
        running=(*released, title, *number, *ask.say("running.plan", plan, plan="id")),
        blocks=blocks,
    )


def opening(ask: Asker, title: Statement) -> tuple[Block, ...]:
    """Return how a document begins.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    title : Statement
        What it is called.

    Returns
    -------
    tuple of Block
        Title, whether it is a draft or by whom it is released, and what it cancels.
    """
    return Heading(1, title), state(ask)


def head(ask: Asker, *subject: FieldLine) -> Fields:
    """Return the form under the title: which document, from whom, to whom, what about, of when.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    *subject : FieldLine
        What it is about, if anything is said of that.

    Returns
    -------
    Fields
        Lines of a form.
    """
    plan = ask.plan
    lines = [ask.field(plan, label) for label in ("number", "version", "issuer", "addressee")]
    lines += subject
    if ask.fact(plan, "references"):
        lines.append(ask.field(plan, "references"))
    # A document is of the day on which it was released; before that, only the plan has a date.
    if ask.fact(plan, "released_at"):
        lines.append(ask.field(plan, "released_at", "dated"))
    lines += [ask.field(plan, "created"), ask.field(plan, "zone_with_letter", "zone")]
    return Fields(tuple(lines))


def state(ask: Asker, draft: str = "imprint.draft") -> Paragraph:
    """Return whether a document is a draft or by whom it is released, and what it cancels.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    draft : str
        What is said of a draft.

    Returns
    -------
    Paragraph
        A strong paragraph.
    """
    plan = ask.plan
    told = ask.say("imprint.released", plan) or (said(draft),)
    return Paragraph((*told, *ask.say("imprint.cancels", plan)), strong=True)


def chart(ask: Asker) -> tuple[Block, ...]:
    """Return the map of the plan.

    It is an annex: it parts nothing that is read in one go, and who signs does so on the page that
    says what.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        A picture; nothing where nothing is to be drawn.
    """
    return tuple(Picture("map", ask.plan, caption) for caption in ask.say("picture.map", ask.plan))


def colophon(ask: Asker) -> tuple[Block, ...]:
    """Return how a document ends: what it was made from, and how.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        A rule and a paragraph.
    """
    plan = ask.plan
    return (
        Rule(),
        Paragraph(
            (
                *ask.say("colophon.plan", plan, plan="id"),
                *ask.say("colophon.origin", plan, digest="scenario_digest"),
                *ask.say("colophon.theatre", plan, digest="theatre_digest"),
                *ask.say("colophon.solver", plan),
                *_planned_again(ask),
                said("colophon.writer"),
            )
        ),
    )


def _planned_again(ask: Asker) -> tuple[Statement, ...]:
    """Say with which budgets plans were made again to find reasons, each budget once."""
    told: dict[tuple[object, ...], Statement] = {}
    for shortfall in ask.parts(None, "shortfall"):
        for one in ask.first(_AGAIN, shortfall):
            told.setdefault((one.claim, *(fact.value for fact in one.facts.values())), one)
    return tuple(told.values())
