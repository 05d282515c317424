"""What stands around every page: the bar at the top, help, and the link past the bar."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words

__all__ = ["KEYS", "shell"]

#: Key, and what it does.
KEYS = (
    ("P", "plan"),
    ("E", "export"),
    ("1", "tab_briefing"),
    ("2", "tab_shortfall"),
    ("3", "tab_ground"),
    ("4", "tab_changes"),
    ("T", "timeline"),
    ("R", "routes"),
    ("D", "draw"),
    ("B", "bridge"),
    ("Ctrl Z", "undo"),
    ("Ctrl Y", "redo"),
    ("Esc", "escape"),
    ("?", "help"),
)


def shell(
    words: Words,
    page: Sequence[Component],
    *,
    title: Sequence[Component] = (),
    actions: Sequence[Component] = (),
) -> Component:
    """Return a page with what stands around it.

    Parameters
    ----------
    words : Words
        Language.
    page : sequence of Component
        The page itself.
    title, actions : sequence of Component
        What the bar holds beside the name, and before the switches.

    Returns
    -------
    Component
        The whole.
    """
    brand = html.A(
        [icon("convoy", 22), html.Span("Convoi")],
        href="/",
        className="brand",
        **named({"aria-label": words("shell.home")}),
    )
    bar = html.Div(
        [brand, html.Div(list(title), className="bar-title"), *actions, *_switches(words)],
        className="bar",
    )
    return dmc.AppShell(
        [
            html.A(words("shell.skip"), href="#main", className="skip-link"),
            dmc.AppShellHeader(bar),
            dmc.AppShellMain(html.Div(list(page), id="main", tabIndex=-1)),
            _help(words),
            # Shown by a script: of a server that does not answer, no callback can tell.
            html.Div(
                [icon("warning", 16), html.Span(words("shell.lost"))],
                id=ids.LOST,
                className="lost is-hidden",
                role="alert",
                **named({"data-testid": "lost"}),
            ),
        ],
        header={"height": 48},
        padding=0,
    )


def _switches(words: Words) -> list[Component]:
    return [
        dmc.SegmentedControl(
            id=ids.SWITCH_LANGUAGE,
            data=[{"value": "fr", "label": "FR"}, {"value": "en", "label": "EN"}],
            value=words.language,
            size="xs",
            **named({"aria-label": words("shell.language"), "data-testid": "switch-language"}),
        ),
        dmc.ColorSchemeToggle(
            lightIcon=icon("sun"),
            darkIcon=icon("moon"),
            variant="subtle",
            color="gray",
            size="md",
            **named({"aria-label": words("shell.scheme"), "data-testid": "switch-scheme"}),
        ),
        dmc.ActionIcon(
            icon("keyboard", 18),
            id=ids.HELP_OPEN,
            variant="subtle",
            color="gray",
            size="md",
            **named({"aria-label": words("shell.help")}),
        ),
    ]


def _help(words: Words) -> Component:
    rows = [
        html.Li([html.Span([dmc.Kbd(k) for k in key.split()]), words(f"keys.{does}")])
        for key, does in KEYS
    ]
    return dmc.Modal(
        html.Ul(rows, className="keys"),
        id=ids.HELP,
        title=words("shell.help"),
        size="lg",
        closeButtonProps=named({"aria-label": words("shell.close")}),
    )
