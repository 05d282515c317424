"""A document as a tree that knows neither language nor format: what is said, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from briefing.facts.model import Fact, Subject
from briefing.wording.statement import Statement

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Code",
    "Document",
    "FieldLine",
    "Fields",
    "Heading",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Quoted",
    "Rule",
    "Table",
]

#: What stands in a cell of a table: nothing, one statement, or several.
Cell = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title, levels from 2 on are numbered by the renderer."""

    level: int
    title: Statement

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            In reading order.
        """
        yield self.title


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences in order; a strong paragraph stands out."""

    sentences: tuple[Statement, ...]
    strong: bool = False

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            In reading order.
        """
        yield from self.sentences


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each item is one or more sentences."""

    items: tuple[tuple[Statement, ...], ...]

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            In reading order.
        """
        for item in self.items:
            yield from item


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a person wrote, in that person's words and lines."""

    fact: Fact

    def statements(self) -> Iterator[Statement]:
        """Return nothing: none of it is said by the phrase bank.

        Returns
        -------
        iterator of Statement
            An empty one.
        """
        return iter(())


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A labelled line of a form; without a value it is a ruled blank to be filled in by hand."""

    label: Statement
    value: Statement | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Lines of a form."""

    lines: tuple[FieldLine, ...]

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            In reading order.
        """
        for line in self.lines:
            yield line.label
            if line.value is not None:
                yield line.value


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``figures`` are the columns, counted from 0, that are set to the right."""

    columns: tuple[Statement, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: frozenset[int] = frozenset()

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            In reading order.
        """
        yield from self.columns
        for row in self.rows:
            for cell in row:
                yield from cell


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""

    def statements(self) -> Iterator[Statement]:
        """Return nothing: none of it is said by the phrase bank.

        Returns
        -------
        iterator of Statement
            An empty one.
        """
        return iter(())


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    def statements(self) -> Iterator[Statement]:
        """Return nothing: none of it is said by the phrase bank.

        Returns
        -------
        iterator of Statement
            An empty one.
        """
        return iter(())


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is drawn from the plan.

    Parameters
    ----------
    kind : {"map", "strip"}
        A map of the whole plan, or the strip map of one convoy.
    about : Subject
        The plan or the convoy.
    caption : Statement
        What it shows; it stands in the picture's place where a format has no pictures.
    tells_the_rest : bool
        Whether it tells what follows it on its page as well: paper, which has little room, then
        leaves that to the picture.
    """

    kind: Literal["map", "strip"]
    about: Subject
    caption: Statement
    tells_the_rest: bool = False

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            The caption.
        """
        yield self.caption


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of the text of a fact.

    Parameters
    ----------
    fact : Fact
        A fact whose value is a name or prose.
    caption : Statement
        What a reader finds in it; it stands in the code's place where a format has no pictures.
    """

    fact: Fact
    caption: Statement

    def statements(self) -> Iterator[Statement]:
        """Yield what is said in it.

        Yields
        ------
        Statement
            The caption.
        """
        yield self.caption


Block = Heading | Paragraph | Bullets | Quoted | Fields | Table | Rule | PageBreak | Picture | Code


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Parameters
    ----------
    kind : str
        Its key in `briefing.documents.DOCUMENTS`.
    title : Statement
        What it is called, for where a format keeps titles; the first heading says it too.
    marking : Fact or None
        Protection marking, in the planner's words: at the top and the bottom of every page.
    released : bool
        Whether a named person has released it; until then every page says that it is a draft.
    running : tuple of Statement
        What is said at the foot of every page: draft or released by whom, number, version, plan.
    blocks : tuple of Block
        Everything between.
    """

    kind: str
    title: Statement
    marking: Fact | None
    released: bool
    running: tuple[Statement, ...]
    blocks: tuple[Block, ...]

    def statements(self) -> Iterator[Statement]:
        """Yield everything that is said; quoted prose is not among it.

        Yields
        ------
        Statement
            What stands on the pages, in reading order, then what is said at the foot of each.
        """
        for block in self.blocks:
            yield from block.statements()
        yield from self.running
