"""A document as the page shows it: sentences that know their facts and their places on the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from briefing.documents.tree import (
    Block,
    Bullets,
    Code,
    Document,
    Fields,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Quoted,
    Rule,
    Table,
)
from briefing.facts.model import Fact
from briefing.facts.places import place_of
from briefing.render.numbering import Numbering
from briefing.wording.statement import Span, Statement, Voice

__all__ = ["Piece", "Said", "selection_of", "tale_of"]

Kind = Literal["heading", "paragraph", "bullets", "quoted", "fields", "table", "rule"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence.

    Parameters
    ----------
    spans : tuple of Span
        Its pieces; those with a fact are that fact's value.
    facts : tuple of str
        Ids of the facts that it rests on.
    places : tuple of str
        What of the map it speaks of, as ``kind:id``.
    """

    spans: tuple[Span, ...]
    facts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a document.

    Parameters
    ----------
    kind : str
        What it is.
    rows : tuple of tuple of tuple of Said
        Lines, their cells, and the sentences of each: a paragraph has one line of one cell.
    level : int
        Of a heading.
    strong : bool
        Whether it stands out.
    number : str
        Of a heading.
    head : tuple of str
        Columns of a table.
    figures : frozenset of int
        Columns that are set to the right.
    """

    kind: Kind
    rows: tuple[tuple[tuple[Said, ...], ...], ...] = ()
    level: int = 0
    strong: bool = False
    number: str = ""
    head: tuple[str, ...] = ()
    figures: frozenset[int] = field(default_factory=frozenset)


def selection_of(fact: Fact) -> str | None:
    """Return what a fact selects on the page.

    Parameters
    ----------
    fact : Fact
        The fact.

    Returns
    -------
    str or None
        ``kind:id``; a leg selects its convoy, as routes are selected whole.
    """
    place = place_of(fact.subject)
    if place is None:
        return None
    if place.kind == "leg":
        return f"convoy:{place.id.partition('/')[0]}"
    return f"{place.kind}:{place.id}"


class _Teller:
    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._numbering = Numbering()

    def said(self, statement: Statement) -> Said:
        facts = tuple(statement.facts.values())
        places = dict.fromkeys(place for fact in facts if (place := selection_of(fact)))
        spans = self._voice.say(statement).spans
        return Said(spans, tuple(fact.id for fact in facts), tuple(places))

    def all(self, statements: Iterable[Statement]) -> tuple[Said, ...]:
        return tuple(self.said(statement) for statement in statements)

    def piece(self, block: Block) -> Piece | None:  # noqa: PLR0911 - one for each kind
        match block:
            case Heading(level=level, title=title):
                row = ((self.said(title),),)
                return Piece("heading", (row,), level=level, number=self._numbering.next(level))
            case Paragraph(sentences=sentences, strong=strong):
                told = self.all(sentences)
                return Piece("paragraph", ((told,),), strong=strong) if told else None
            case Bullets(items=items):
                return Piece("bullets", tuple((self.all(item),) for item in items if item))
            case Quoted(fact=fact):
                lines = self._voice.lines(fact)
                return Piece("quoted", tuple(((Said(line.spans, (fact.id,)),),) for line in lines))
            case Fields(lines=lines):
                return Piece("fields", tuple(self._line(line.label, line.value) for line in lines))
            case Table():
                return self._table(block)
            case Rule():
                return Piece("rule")
            # The map beside the words shows what a picture shows, and only paper needs a code.
            case Picture() | Code() | PageBreak():
                return None

    def _line(self, label: Statement, value: Statement | None) -> tuple[tuple[Said, ...], ...]:
        return (self.said(label),), () if value is None else (self.said(value),)

    def _table(self, block: Table) -> Piece | None:
        if not block.rows:
            return None
        head = tuple(self._voice.say(column).text for column in block.columns)
        rows = tuple(tuple(self.all(cell) for cell in row) for row in block.rows)
        return Piece("table", rows, head=head, figures=block.figures)


def tale_of(document: Document | Iterable[Block], voice: Voice) -> tuple[Piece, ...]:
    """Put a document into words for the page.

    Parameters
    ----------
    document : Document or iterable of Block
        A document, or some blocks of one.
    voice : Voice
        Language and zone.

    Returns
    -------
    tuple of Piece
        Its blocks; pictures, codes and page breaks are left to paper.
    """
    teller = _Teller(voice)
    blocks = document.blocks if isinstance(document, Document) else document
    return tuple(piece for block in blocks if (piece := teller.piece(block)) is not None)
