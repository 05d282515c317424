"""The line that tells that what is shown is not the answer to the scenario as it is now."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words

__all__ = ["edited_banner", "searching_banner"]


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


def searching_banner(words: Words) -> Component:
    """Return the line that marks the plan before while a new one is being searched.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Component
        What is so.
    """
    return html.Div(
        [icon("clock", 14), words("banner.searching")],
        className="banner",
        role="status",
        **named({"data-testid": "searching-banner"}),
    )
