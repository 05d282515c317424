"""What only people know: as they stated it, or a ruled blank to be filled in by hand."""

from __future__ import annotations

from collections.abc import Iterable

from briefing.documents.ask import Asker, said
from briefing.documents.tree import Block, Fields, Paragraph, Quoted

__all__ = ["stated"]


def stated(ask: Asker, labels: Iterable[str]) -> tuple[Block, ...]:
    """Return what the scenario states of the plan, each under its title.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    labels : iterable of str
        Labels of facts, which are keys of the titles too.

    Returns
    -------
    tuple of Block
        What stands on one line, and what nobody stated, as lines of a form; longer words quoted.
    """
    blocks: list[Block] = []
    for label in labels:
        fact = ask.fact(ask.plan, label)
        if fact is not None and len(ask.text(ask.plan, label).splitlines()) > 1:
            blocks += [Paragraph((said(f"field.{label}"),), strong=True), Quoted(fact)]
            continue
        line = ask.field(ask.plan, label)
        if blocks and isinstance(blocks[-1], Fields):
            blocks[-1] = Fields((*blocks[-1].lines, line))
        else:
            blocks.append(Fields((line,)))
    return tuple(blocks)
