"""A document as Markdown (CommonMark with tables); whatever a person wrote comes out inert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
from briefing.render.numbering import Numbering
from briefing.wording.statement import Statement, Voice

__all__ = ["escape", "to_markdown"]

_BLANK = "_" * 24
_EMPTY = "\u2013"
#: Characters that mean something to CommonMark or GitHub anywhere in a line; a ``#`` after a space
#: does so at the end of a heading.
_SPECIAL = re.compile(r"[\\`*\[\]|~$^{}]|(?<!\S)#")
#: An underscore inside a word is only an underscore; an id may be full of them.
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#|[A-Za-z])")
#: What GitHub turns into a link or a mention without any brackets.
_LINK = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=/)|(?<=\b[Ww]{3})\.|@")
_LINE_START = re.compile(r"^(\s*)(#{1,6}|[-+=]|:)(?=.?)")
_NUMBER_START = re.compile(r"^(\s*\d{1,9})([.)])")


def escape(text: str) -> str:
    """Return a line of plain text as Markdown that shows exactly that text.

    Parameters
    ----------
    text : str
        One line without control characters, see `briefing.wording.names`.

    Returns
    -------
    str
        The line with everything escaped that would begin a construct inside a line. What only
        matters at the start of a line is escaped where lines are put together.
    """
    text = _ENTITY.sub("&amp;", text)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    return _LINK.sub(r"\\\g<0>", text)


def _line(text: str) -> str:
    """Keep the start of a line from being read as a heading, a list or a rule."""
    text = _LINE_START.sub(r"\1\\\2", text)
    return _NUMBER_START.sub(r"\1\\\2", text)


class _Markdown:
    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._numbering = Numbering()

    def text(self, statements: Iterable[Statement]) -> str:
        said = (escape(self._voice.say(statement).text) for statement in statements)
        return " ".join(said)

    def blocks(self, document: Document) -> Iterator[str]:
        marking = self._marking(document)
        yield from marking
        for block in document.blocks:
            yield from self._block(block)
        if document.running:
            said = [self.text((statement,)) for statement in document.running]
            yield from ("---", _line(" · ".join(said)))
        yield from marking

    def _marking(self, document: Document) -> list[str]:
        if document.marking is None:
            return []
        lines = self._voice.lines(document.marking)
        return [f"**{escape(line.text)}**" for line in lines]

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph(sentences=sentences, strong=strong):
                text = self.text(sentences)
                yield f"**{text}**" if strong and text else _line(text)
            case Bullets(items=items):
                yield "\n".join(f"- {_line(self.text(item))}" for item in items if item)
            case Quoted(fact=fact):
                lines = (_line(escape(line.text)) for line in self._voice.lines(fact))
                yield "\n>\n".join(f"> {line}" for line in lines)
            case Fields():
                yield self._fields(block)
            case Table():
                yield self._table(block)
            case Picture() | Code():
                yield self._figure(block)
            case Rule() | PageBreak():
                yield "---"

    def _figure(self, block: Picture | Code) -> str:
        """Say in words what has no picture here."""
        said = [block.caption]
        if isinstance(block, Code):
            said.append(Statement("value", {"value": block.fact}))
        return _line(self.text(said))

    def _heading(self, block: Heading) -> str:
        number = self._numbering.next(block.level)
        text = self.text((block.title,))
        return f"{'#' * block.level} {number} {text}" if number else f"{'#' * block.level} {text}"

    def _fields(self, block: Fields) -> str:
        lines = []
        for line in block.lines:
            value = _BLANK if line.value is None else self.text((line.value,))
            lines.append(f"- **{self.text((line.label,))}** {value}")
        return "\n".join(lines)

    def _table(self, block: Table) -> str:
        if not block.rows:
            return ""
        marks = ["---:" if i in block.figures else "---" for i in range(len(block.columns))]
        rows = [
            [self.text((column,)) for column in block.columns],
            marks,
            *([self.text(cell) or _EMPTY for cell in row] for row in block.rows),
        ]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def to_markdown(document: Document, voice: Voice) -> str:
    """Write a document as Markdown.

    Parameters
    ----------
    document : Document
        The document.
    voice : Voice
        Language and zone.

    Returns
    -------
    str
        Markdown, ending with a newline.
    """
    blocks = (block for block in _Markdown(voice).blocks(document) if block)
    return "\n\n".join(blocks) + "\n"
