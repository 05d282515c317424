"""A document on the page: every sentence can be chosen, and knows what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from briefing.render.tokens import NARROW, WIDE, whole_words
from dashboard.attributes import named
from dashboard.viewmodels.tale import Piece, Said

__all__ = ["tale"]

_HEADINGS = {1: html.H2, 2: html.H3}


def tale(pieces: Sequence[Piece]) -> list[Component]:
    """Return the components of a document.

    Parameters
    ----------
    pieces : sequence of Piece
        Its blocks.

    Returns
    -------
    list of Component
        A block each.
    """
    return [_piece(piece) for piece in pieces]


def _piece(piece: Piece) -> Component:  # noqa: PLR0911 - one for each kind
    match piece.kind:
        case "heading":
            said = piece.rows[0][0][0]
            number = [html.Span(piece.number, className="number")] if piece.number else []
            return _HEADINGS.get(piece.level, html.H4)([*number, *_text(said)])
        case "paragraph":
            return html.P(_sentences(piece.rows[0][0]), className="strong" if piece.strong else "")
        case "bullets":
            return html.Ul([html.Li(_sentences(row[0])) for row in piece.rows])
        case "quoted":
            return html.Blockquote([html.P(_sentences(row[0])) for row in piece.rows])
        case "fields":
            return html.Dl([part for row in piece.rows for part in _field(row)])
        case "table":
            return _table(piece)
        case "rule":
            return html.Hr()


def _field(row: Sequence[Sequence[Said]]) -> Iterable[Component]:
    label, value = row
    yield html.Dt(_text(label[0]))
    yield html.Dd(_sentences(value) or html.Span(className="blank"))


def _table(piece: Piece) -> Component:
    def side(column: int) -> str:
        return "right" if column in piece.figures else ""

    head = html.Tr([html.Th(text, className=side(i)) for i, text in enumerate(piece.head)])
    rows = [html.Tr([_cell(cell, side(i)) for i, cell in enumerate(row)]) for row in piece.rows]
    table = html.Table([html.Thead(head), html.Tbody(rows)])
    # A wide table scrolls by itself; who has no mouse reaches it by the tabulator.
    return html.Div(
        table,
        className="table-scroll",
        tabIndex=0,
        role="group",
        **named({"aria-label": ", ".join(piece.head)}),
    )


def _cell(cell: Sequence[Said], side: str) -> Component:
    if len(cell) == 1:
        # One value: the cell itself is what is chosen, which halves the components of a long table.
        return html.Td(_text(cell[0], NARROW), className=f"say {side}".strip(), **_marks(cell[0]))
    return html.Td(_sentences(cell, NARROW), className=side)


def _sentences(told: Sequence[Said], most: int = WIDE) -> list[Any]:
    children: list[Any] = []
    for said in told:
        if children:
            children.append(" ")
        if said.facts:
            marks = _marks(said)
            children.append(
                html.Span(_spans(said, most), className="say", tabIndex=0, role="button", **marks)
            )
        else:
            children.extend(_text(said, most))
    return children


def _spans(said: Said, most: int) -> list[Any]:
    return [
        html.Span(_words(span.text, most), className="fact", **named({"data-fact": span.fact}))
        if span.fact
        else _words(span.text, most)
        for span in said.spans
        if span.text
    ]


def _text(said: Said, most: int = WIDE) -> list[Any]:
    return _words("".join(span.text for span in said.spans), most)


def _words(text: str, most: int) -> list[Any]:
    parts = whole_words(text, most)
    return [html.Span(p, className="whole") if i % 2 else p for i, p in enumerate(parts) if p]


def _marks(said: Said) -> dict[str, Any]:
    # Neither ids of facts nor those of places have a space in them.
    return {
        **({"data-facts": " ".join(said.facts)} if said.facts else {}),
        **({"data-places": " ".join(said.places)} if said.places else {}),
    }
