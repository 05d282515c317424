"""A document as one HTML file that needs nothing beside it, for the screen and for paper."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources

from briefing.documents.tree import (
    Block,
    Bullets,
    Cell,
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
from briefing.facts.places import Place, place_of
from briefing.render.numbering import Numbering
from briefing.render.pictured import Pictures
from briefing.render.qr import coded_text, qr_svg
from briefing.render.svg import inline_svg
from briefing.render.tokens import NARROW, WIDE, whole_words
from briefing.wording.statement import Sentence, Statement, Voice

__all__ = ["to_html"]

_EMPTY = "\u2013"
#: Nothing is fetched, no script runs, no form is sent.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
#: Where a long id may be broken over two lines.
_JOINT = re.compile(r"(?<=[_./-])(?=[^\W_])")
#: The margin of a page holds so many lines of a marking.
_MARGIN_LINES = 3


@functools.cache
def _style() -> str:
    return resources.files("briefing.render").joinpath("styles", "document.css").read_text("utf-8")


def _text(text: str, most: int) -> str:
    """Escape plain text; ids as long as `most` may be broken at joints, shorter ones never."""
    return "".join(
        f'<span class="whole">{escape(part)}</span>' if i % 2 else _plain(part, most)
        for i, part in enumerate(whole_words(text, most))
    )


def _plain(text: str, most: int) -> str:
    return "".join(
        "<wbr>".join(escape(part) for part in _JOINT.split(word))
        if len(word) >= most
        else escape(word)
        for word in re.split(r"(\s+)", text)
    )


def _css_string(lines: Iterable[str]) -> str:
    """Return lines as a CSS string; every character that is no letter or figure is a number."""
    told = (
        "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in line)
        for line in lines
    )
    return '"' + "\\00000a".join(told) + '"'


class _Html:
    def __init__(self, voice: Voice, pictures: Pictures) -> None:
        self._voice = voice
        self._pictures = pictures
        self._numbering = Numbering()
        self._drawn = 0

    # --- what is said -----------------------------------------------------------------------

    def say(self, statement: Statement, most: int = WIDE) -> str:
        sentence = self._voice.say(statement)
        places = (place_of(fact.subject) for fact in statement.facts.values())
        return _sentence(sentence, next((place for place in places if place), None), most)

    def text(self, statements: Iterable[Statement], most: int = WIDE) -> str:
        return " ".join(self.say(statement, most) for statement in statements)

    def lines(self, block: Quoted) -> Iterator[str]:
        for sentence in self._voice.lines(block.fact):
            yield f"<p>{_sentence(sentence, place_of(block.fact.subject))}</p>"

    # --- blocks -----------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield blocks, each page that a break begins as a section of its own.

        What a picture tells of the rest of its page stands in a division that paper leaves out.
        """
        yield '<section class="page">'
        end = ""
        for block in blocks:
            if isinstance(block, PageBreak):
                yield f'{end}</section>\n<section class="page">'
                end = ""
                continue
            yield from self._block(block)
            if isinstance(block, Picture) and block.tells_the_rest and self._pictures.svg(block):
                yield '<div class="told">'
                end = "</div>"
        yield f"{end}</section>"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level=level):
                number = self._numbering.next(level)
                counted = f'<span class="number">{number}</span> ' if number else ""
                yield f"<h{level}>{counted}{self.say(block.title)}</h{level}>"
            case Paragraph(sentences=sentences):
                if sentences:
                    yield f"<p{_class(block)}>{self.text(sentences)}</p>"
            case Bullets(items=items):
                yield "<ul>"
                yield from (f"<li>{self.text(item)}</li>" for item in items if item)
                yield "</ul>"
            case Quoted():
                yield f'<blockquote dir="auto">{"".join(self.lines(block))}</blockquote>'
            case _:
                yield from self._set_apart(block)

    def _set_apart(self, block: Block) -> Iterator[str]:
        match block:
            case Fields():
                yield from self._fields(block)
            case Table():
                yield from self._table(block)
            case Picture():
                yield self._picture(block)
            case Code():
                yield self._code(block)
            case Rule():
                yield "<hr>"

    def _fields(self, block: Fields) -> Iterator[str]:
        yield '<dl class="fields">'
        for line in block.lines:
            label = self.say(line.label)
            value = "<dd>" if line.value is None else f"<dd>{self.say(line.value)}"
            kind = ' class="blank"' if line.value is None else ""
            yield f"<div{kind}><dt>{label}</dt>{value}</dd></div>"
        yield "</dl>"

    def _table(self, block: Table) -> Iterator[str]:
        if not block.rows:
            return
        kinds = [' class="figure"' if i in block.figures else "" for i in range(len(block.columns))]
        yield f'<div class="scroll"><table class="columns-{len(kinds)}">'
        heads = zip(kinds, block.columns, strict=True)
        titles = "".join(f'<th scope="col"{kind}>{self.say(head)}</th>' for kind, head in heads)
        yield f"<thead><tr>{titles}</tr></thead>"
        yield "<tbody>"
        for row in block.rows:
            cells = zip(kinds, row, strict=True)
            shown = "".join(f"<td{kind}>{self._cell(cell)}</td>" for kind, cell in cells)
            yield f"<tr>{shown}</tr>"
        yield "</tbody></table></div>"

    def _cell(self, cell: Cell) -> str:
        return self.text(cell, NARROW) or _EMPTY

    def _picture(self, block: Picture) -> str:
        svg = self._pictures.svg(block)
        caption = self._voice.say(block.caption)
        self._drawn += 1
        if svg:
            shown = inline_svg(svg, f"p{self._drawn}-", caption.text)
        else:
            shown = f'<p class="none">{self.say(Statement("picture.none"))}</p>'
        return (
            f'<figure class="{block.kind}">{shown}'
            f"<figcaption>{self.say(block.caption)}</figcaption></figure>"
        )

    def _code(self, block: Code) -> str:
        svg = qr_svg(coded_text(block.fact))
        caption = self.say(block.caption)
        if not svg:
            caption += " " + self.say(Statement("value", {"value": block.fact}))
            return f'<p class="code">{caption}</p>'
        shown = inline_svg(svg, "", self._voice.say(block.caption).text)
        return f'<figure class="code">{shown}<figcaption>{caption}</figcaption></figure>'

    # --- the file ---------------------------------------------------------------------------

    def file(self, document: Document) -> Iterator[str]:
        marking = () if document.marking is None else self._voice.lines(document.marking)
        running = [self._voice.say(statement).text for statement in document.running]
        state = "released" if document.released else "draft"
        title = self._voice.say(document.title).text
        yield "<!DOCTYPE html>"
        yield f'<html lang="{self._voice.language}">'
        yield "<head>"
        yield '<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="referrer" content="no-referrer">'
        yield '<meta name="robots" content="noindex">'
        yield f"<title>{escape(' · '.join(dict.fromkeys((title, *running))))}</title>"
        yield f"<style>\n{_style()}{_margins([line.text for line in marking], running)}</style>"
        yield "</head>"
        yield f'<body class="{document.kind} {state}">'
        if not document.released:
            yield f'<p class="watermark" aria-hidden="true">{self._word("running.draft")}</p>'
        shown = _marking(marking)
        yield f"<header>{shown}</header>"
        yield "<main>"
        yield from self.blocks(document.blocks)
        yield "</main>"
        foot = " · ".join(self.say(statement) for statement in document.running)
        yield f'<footer><p class="running">{foot}</p>{shown}</footer>'
        yield "</body>"
        yield "</html>"

    def _word(self, claim: str) -> str:
        return escape(self._voice.say(Statement(claim)).text)


def _class(block: Paragraph) -> str:
    if block.sentences[0].claim.startswith("imprint.draft"):
        return ' class="banner"'
    if block.sentences[0].claim.startswith("colophon."):
        return ' class="small"'
    return ' class="strong"' if block.strong else ""


def _sentence(sentence: Sentence, place: Place | None, most: int = WIDE) -> str:
    facts = " ".join(dict.fromkeys(span.fact for span in sentence.spans if span.fact))
    where = "" if place is None else f' data-place="{place.kind}:{escape(place.id)}"'
    spans = "".join(
        f'<span class="fact" data-fact="{escape(span.fact)}">{_text(span.text, most)}</span>'
        if span.fact
        else _text(span.text, most)
        for span in sentence.spans
    )
    return (
        f'<span class="say" data-claim="{escape(sentence.claim)}" data-facts="{escape(facts)}"'
        f"{where}>{spans}</span>"
    )


def _marking(lines: Iterable[Sentence]) -> str:
    return "".join(f'<p class="marking">{_sentence(line, None)}</p>' for line in lines)


def _margins(marking: list[str], running: list[str]) -> str:
    """Return the margins of each printed page, which only a style sheet can fill."""
    told = marking[:_MARGIN_LINES]
    boxes = [f"@bottom-left {{ content: {_css_string([' · '.join(running)])} }}"]
    if told:
        boxes.append(f"@top-center {{ content: {_css_string(told)} }}")
        boxes.append(f"@bottom-center {{ content: {_css_string(told)} }}")
    return "\n@page {\n  " + "\n  ".join(boxes) + "\n}\n"


def to_html(document: Document, voice: Voice, pictures: Pictures) -> str:
    """Write a document as one HTML file.

    Each fact is a ``span`` of class ``fact`` with its id in ``data-fact``; each sentence one of
    class ``say`` with its claim type in ``data-claim``, its facts in ``data-facts``, separated by
    spaces, and in ``data-place`` the first place on the map that it speaks of, as ``kind:id``.

    Parameters
    ----------
    document : Document
        The document.
    voice : Voice
        Language and zone.
    pictures : Pictures
        Draws its pictures.

    Returns
    -------
    str
        The file; it asks for nothing from anywhere.
    """
    return "\n".join(_Html(voice, pictures).file(document)) + "\n"
