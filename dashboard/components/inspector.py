"""What is known of what is selected, at the foot of the words."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words
from dashboard.viewmodels.inspector import Card, Line

__all__ = ["facts_card", "thing_card"]

_ICONS = {
    "convoy": "convoy",
    "site": "site",
    "demand": "empty",
    "area": "area",
    "change": "bridge-out",
}


def thing_card(card: Card, words: Words) -> Component:
    """Return the card of a convoy, a site, a demand, an area or a change.

    Parameters
    ----------
    card : Card
        What is known of it.
    words : Words
        Words.

    Returns
    -------
    Component
        The card.
    """
    kind = words(f"inspector.{card.kind}")
    named = card.id if card.title != card.id else ""
    return _card(_ICONS.get(card.kind, "site"), (kind, card.title, named), card.lines, words)


def facts_card(lines: Sequence[Line], words: Words) -> Component:
    """Return the card of the facts behind a sentence.

    Parameters
    ----------
    lines : sequence of Line
        Facts.
    words : Words
        Words.

    Returns
    -------
    Component
        The card.
    """
    title = words("inspector.behind", number=len(lines))
    return _card("shield", (words("inspector.sentence"), title, ""), lines, words)


def _card(
    name: str, titles: tuple[str, str, str], lines: Sequence[Line], words: Words
) -> Component:
    kind, title, detail = titles
    close = dmc.ActionIcon(
        icon("cross", 14),
        variant="subtle",
        color="gray",
        size="sm",
        className="inspector-close",
        **named({"aria-label": words("inspector.close"), "data-clear": "true"}),
    )
    head = [icon(name, 16), html.Span(kind, className="inspector-kind"), html.Strong(title)]
    return html.Section(
        [
            html.Header([*head, html.Code(detail) if detail else None, close]),
            html.Dl([part for line in lines for part in _line(line)]),
        ],
        className="inspector-card",
        **named({"aria-label": f"{kind}: {title}", "aria-live": "polite"}),
    )


def _line(line: Line) -> Sequence[Component]:
    source = named({"title": line.fact} if line.fact else {})
    place = named({"data-select": line.place} if line.place else {})
    value = (
        html.Button(line.value, className="link", type="button", **place) if place else line.value
    )
    return html.Dt(line.label, **source), html.Dd(value, **source)
