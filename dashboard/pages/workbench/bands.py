"""Bands between figures and map: the search, how it ended, what the plan is no answer to."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words

__all__ = ["bands"]


def bands(words: Words) -> Component:
    """Return the bands, empty and hidden.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Component
        The bands.
    """
    buttons = [
        dmc.Button(
            words("solve.accept"),
            id=ids.SOLVE_ACCEPT,
            leftSection=icon("accept"),
            size="xs",
            **named({"data-testid": "solve-accept"}),
        ),
        dmc.Button(
            words("solve.stop"),
            id=ids.SOLVE_STOP,
            leftSection=icon("stop", 14),
            variant="default",
            size="xs",
            **named({"data-testid": "solve-stop"}),
        ),
    ]
    curve = html.Div(
        [
            html.Div(
                id="solve-curve-drawn",
                className="curve",
                role="img",
                **named({"aria-label": words("solve.curve")}),
            ),
            html.Div(
                [
                    html.Span(words("solve.curve_undelivered"), className="is-undelivered"),
                    html.Span(words("solve.curve_time"), className="is-time"),
                ],
                className="curve-legend",
            ),
        ],
        className="curve-box",
    )
    band = html.Div(
        [
            html.Div(id=ids.SOLVE, className="solve-slot", role="status"),
            curve,
            html.Div(buttons, className="solve-buttons"),
        ],
        id="solve-band",
        className="solve is-hidden",
        **named({"data-testid": "solve-band"}),
    )
    return html.Div(
        [band, html.Div(id="notice"), html.Div(id="ground-missing"), html.Div(id=ids.BANNER)],
        className="bands",
    )
