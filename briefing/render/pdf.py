"""A document as PDF on A4, set by typst: for archives (PDF/A) and for everybody (PDF/UA)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

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
from briefing.render.pictured import Pictures
from briefing.render.qr import coded_text, qr_svg
from briefing.render.typesetting import typeset_pdf
from briefing.wording.names import clean_line
from briefing.wording.statement import Statement, Voice

__all__ = ["to_pdf"]

#: The margin of a page holds so many lines of a marking.
_MARGIN_LINES = 3

#: What the template is given: strings, numbers, and lists and tables of them.
Data = dict[str, object]


class _Pdf:
    def __init__(self, voice: Voice, pictures: Pictures) -> None:
        self._voice = voice
        self._pictures = pictures
        self._numbering = Numbering()

    def text(self, statements: Iterable[Statement]) -> str:
        return " ".join(self._voice.say(statement).text for statement in statements)

    def pages(self, blocks: Iterable[Block]) -> list[list[Data]]:
        pages: list[list[Data]] = [[]]
        rest = iter(tuple(blocks))
        for block in rest:
            if isinstance(block, PageBreak):
                pages.append([])
            elif isinstance(block, Picture) and block.tells_the_rest and self._pictures.svg(block):
                told = list(itertools.takewhile(lambda one: not isinstance(one, PageBreak), rest))
                pages[-1].append(self._picture(block, told))
                pages.append([])
            else:
                pages[-1].extend(self._block(block))
        return [page for page in pages if page]

    def _block(self, block: Block) -> Iterator[Data]:
        match block:
            case Heading(level=level, title=title):
                number = self._numbering.next(level)
                text = self.text((title,))
                yield {"kind": "heading", "level": level, "number": number, "text": text}
            case Paragraph(sentences=sentences):
                if sentences:
                    lines = [self.text((sentence,)) for sentence in sentences]
                    text = " ".join(lines)
                    style = _style(block)
                    yield {"kind": "paragraph", "style": style, "text": text, "lines": lines}
            case Bullets(items=items):
                yield {"kind": "bullets", "items": [self.text(item) for item in items if item]}
            case Quoted(fact=fact):
                lines = [line.text for line in self._voice.lines(fact)]
                yield {"kind": "quoted", "lines": lines}
            case _:
                yield from self._set_apart(block)

    def _set_apart(self, block: Block) -> Iterator[Data]:
        match block:
            case Fields():
                yield self._fields(block)
            case Table():
                if block.rows:
                    yield self._table(block)
            case Picture():
                yield self._picture(block)
            case Code():
                yield self._code(block)
            case Rule():
                yield {"kind": "rule"}

    def _fields(self, block: Fields) -> Data:
        lines = [
            {
                "label": self.text((line.label,)),
                "value": None if line.value is None else self.text((line.value,)),
            }
            for line in block.lines
        ]
        return {"kind": "fields", "lines": lines}

    def _table(self, block: Table) -> Data:
        return {
            "kind": "table",
            "columns": [self.text((column,)) for column in block.columns],
            "rows": [[self.text(cell) for cell in row] for row in block.rows],
            "figures": sorted(block.figures),
        }

    def _picture(self, block: Picture, told: Iterable[Block] = ()) -> Data:
        caption = self.text((block.caption,))
        return {
            "kind": "picture",
            "strip": block.kind == "strip",
            "svg": self._pictures.svg(block) or None,
            "caption": caption,
            # Who has the page read aloud hears in words what the picture tells.
            "alt": " ".join((caption, *(self._aloud(one) for one in told))),
            "continued": self.text((Statement("card.continued"),)),
            "none": self.text((Statement("picture.none"),)),
        }

    def _aloud(self, block: Block) -> str:
        if isinstance(block, Table):
            rows = ([self.text(cell) for cell in row] for row in block.rows)
            return " ".join(f"{', '.join(filter(None, row))}." for row in rows)
        return self.text(block.statements())

    def _code(self, block: Code) -> Data:
        return {
            "kind": "code",
            "svg": qr_svg(coded_text(block.fact)) or None,
            "caption": self.text((block.caption,)),
            "text": self.text((Statement("value", {"value": block.fact}),)),
        }

    def data(self, document: Document) -> Data:
        marking = () if document.marking is None else self._voice.lines(document.marking)
        draft = None if document.released else self.text((Statement("running.draft"),))
        running = [self.text((statement,)) for statement in document.running]
        return {
            "lang": self._voice.language,
            "title": " · ".join(dict.fromkeys((self.text((document.title,)), *running))),
            "kind": document.kind,
            "draft": draft,
            "marking": [clean_line(line.text) for line in marking][:_MARGIN_LINES],
            "running": " · ".join(running),
            "pages": self.pages(document.blocks),
        }


def _style(block: Paragraph) -> str:
    if block.sentences[0].claim.startswith("imprint.draft"):
        return "banner"
    if block.sentences[0].claim.startswith("colophon."):
        return "small"
    return "strong" if block.strong else "plain"


def to_pdf(
    document: Document, voice: Voice, pictures: Pictures, *, made: datetime | None = None
) -> bytes:
    """Write a document as PDF.

    The same document gives the same bytes, with the same version of typst and the same fonts.

    Parameters
    ----------
    document : Document
        The document.
    voice : Voice
        Language and zone.
    pictures : Pictures
        Draws its pictures.
    made : datetime, optional
        When what it tells was made, for the properties of the file; by default they name the first
        second of 1970, for no time of writing is ever taken.

    Returns
    -------
    bytes
        PDF/A-2a and PDF/UA-1, tagged, all fonts inside.

    Raises
    ------
    OutsideError
        If typst is not installed or cannot set it.
    """
    data = json.dumps(_Pdf(voice, pictures).data(document), ensure_ascii=False)
    return typeset_pdf(data, made or datetime(1970, 1, 1, tzinfo=UTC))
