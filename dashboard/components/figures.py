"""The strip of figures over the map."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.viewmodels.figures import Figure

__all__ = ["figure_strip"]

_MARKS = {"good": "check", "warn": "warning", "bad": "warning"}


def figure_strip(figures: Sequence[Figure]) -> list[Component]:
    """Return the cards of figures.

    Parameters
    ----------
    figures : sequence of Figure
        Figures.

    Returns
    -------
    list of Component
        A card each.
    """
    return [_card(figure) for figure in figures]


def _card(figure: Figure) -> Component:
    mark = _MARKS.get(figure.tone)
    label: list[str | Component] = [figure.label, *([icon(mark, 12)] if mark else [])]
    bar = (
        [html.Div(html.Div(style={"width": f"{100 * figure.share:.1f}%"}), className="figure-bar")]
        if figure.share is not None
        else []
    )
    return html.Div(
        [
            html.Div(label, className="figure-label"),
            html.Div(figure.value, className="figure-value"),
            *bar,
            html.Div(figure.detail, className="figure-detail", title=figure.detail),
        ],
        className=f"figure is-{figure.tone}",
        role="group",
        **named(
            {
                "aria-label": f"{figure.label}: {figure.value}. {figure.detail}",
                "data-testid": f"figure-{figure.key}",
            }
        ),
    )
