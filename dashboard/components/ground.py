"""The list of what stands on the ground."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.states import empty
from dashboard.i18n import Words
from dashboard.viewmodels.ground_edits import GroundItem

__all__ = ["ground_list"]


def ground_list(items: Sequence[GroundItem], words: Words) -> Component:
    """Return the list of areas and changes.

    Parameters
    ----------
    items : sequence of GroundItem
        What stands on the ground.
    words : Words
        Words.

    Returns
    -------
    Component
        A line each, with a button that removes it.
    """
    if not items:
        return empty("layers", words("ground.none"), words("ground.none_says"))
    return html.Ul([_item(item, words) for item in items], className="ground-list")


def _item(item: GroundItem, words: Words) -> Component:
    own = [dmc.Badge(words("ground.own"), size="xs", variant="light", radius="sm")]
    remove = dmc.ActionIcon(
        icon("trash", 14),
        variant="subtle",
        color="gray",
        **named(
            {
                "aria-label": words("ground.remove", label=item.label),
                "data-store": ids.EDIT_REMOVE,
                "data-value": f"{item.kind}:{item.id}",
            }
        ),
    )
    name = html.Button(item.label, type="button", className="link")
    return html.Li(
        [
            html.Span(className=f"swatch is-{item.code}"),
            html.Div([html.Div([name, *(own if item.own else [])]), html.Small(item.told)]),
            remove,
        ],
        **named({"data-select": f"{item.kind}:{item.id}"}),
    )
