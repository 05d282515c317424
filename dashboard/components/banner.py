"""The line that tells that the scenario is not any more the one that was planned."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words

__all__ = ["edited_banner"]


def edited_banner(words: Words) -> Component:
    """Return the line.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Component
        What is so, and a button that plans again.
    """
    again = html.Button(
        words("ground.again"), type="button", className="link", **named({"data-press": "plan-open"})
    )
    return html.Div(
        [icon("warning", 14), words("banner.edited"), again],
        className="banner",
        role="status",
        **named({"data-testid": "edited-banner"}),
    )
