"""A document as a tree that knows neither language nor format: what is said, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.facts.model import Fact
from briefing.wording.statement import Statement

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Document",
    "FieldLine",
    "Fields",
    "Heading",
    "Paragraph",
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


Block = Heading | Paragraph | Bullets | Quoted | Fields | Table | Rule


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Parameters
    ----------
    marking : Fact or None
        Protection marking, in the planner's words: at the top and the bottom of every page.
    blocks : tuple of Block
        Everything between.
    """

    marking: Fact | None
    blocks: tuple[Block, ...]

    def statements(self) -> Iterator[Statement]:
        """Yield everything that is said; quoted prose is not among it.

        Yields
        ------
        Statement
            In reading order.
        """
        for block in self.blocks:
            yield from block.statements()
