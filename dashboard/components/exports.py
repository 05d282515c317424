"""The list of files that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.exports import Export
from dashboard.i18n import Words

__all__ = ["export_list"]


def export_list(exports: Sequence[Export], words: Words) -> Component:
    """Return the list.

    Parameters
    ----------
    exports : sequence of Export
        Files, the latest first.
    words : Words
        Language.

    Returns
    -------
    Component
        A line each: on its way, to be fetched, or why there is none.
    """
    return html.Ul([_line(export, words) for export in exports])


def _line(export: Export, words: Words) -> Component:
    match export.state:
        case "making":
            state: list[Component] = [dmc.Loader(size=14), html.Span(words("export.making"))]
        case "ready":
            state = [
                html.A(
                    [icon("download", 14), export.told],
                    href=f"/exports/{export.token}",
                    download=export.told,
                    className="link",
                    **named({"data-testid": "export-ready", "data-fetch": export.token}),
                )
            ]
        case "failed":
            state = [icon("warning", 14), html.Span(export.told, className="is-error")]
    return html.Li([html.Span(export.name), html.Span(state, className="state")])
