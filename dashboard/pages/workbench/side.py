"""Beside the map: the words, what is not delivered, the ground, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.states import skeleton
from dashboard.i18n import Words

__all__ = ["side_panel"]


def side_panel(words: Words, documents: Sequence[str], tab: str) -> Component:
    """Return what stands beside the map, before anything is put into it.

    Parameters
    ----------
    words : Words
        Language.
    documents : sequence of str
        Kinds of documents.
    tab : {"briefing", "shortfall", "ground", "changes"}
        Which is shown.

    Returns
    -------
    Component
        Tabs, and the place of what is selected.
    """
    count = html.Span(id=ids.SHORTFALL_COUNT, className="count")
    tabs = [
        dmc.TabsTab(words("side.briefing"), value="briefing"),
        dmc.TabsTab(words("side.shortfall"), value="shortfall", rightSection=count),
        dmc.TabsTab(words("side.ground"), value="ground"),
        dmc.TabsTab(words("side.changes"), value="changes"),
    ]
    return html.Aside(
        [
            dmc.Tabs(
                [
                    dmc.TabsList(tabs, grow=True, **named({"aria-label": words("side.label")})),
                    dmc.TabsPanel(_briefing(words, documents), value="briefing"),
                    dmc.TabsPanel(
                        html.Div(id=ids.SHORTFALL, className="tale side-body"),
                        value="shortfall",
                    ),
                    dmc.TabsPanel(_ground(words), value="ground"),
                    dmc.TabsPanel(_changes(words), value="changes"),
                ],
                id=ids.SIDE,
                value=tab,
                className="side-tabs",
            ),
            html.Div(id=ids.INSPECTOR, className="inspector"),
        ],
        className="side",
        **named({"aria-label": words("side.label")}),
    )


def _briefing(words: Words, documents: Sequence[str]) -> Component:
    kinds = [{"value": kind, "label": words(f"document.{kind}")} for kind in documents]
    return html.Div(
        [
            html.Div(
                [
                    dmc.Select(
                        id=ids.BRIEFING_KIND,
                        data=kinds,
                        value=documents[0],
                        allowDeselect=False,
                        size="xs",
                        checkIconPosition="right",
                        **named({"aria-label": words("briefing.kind")}),
                    ),
                    dmc.SegmentedControl(
                        id=ids.BRIEFING_LANGUAGE,
                        data=[{"value": "fr", "label": "FR"}, {"value": "en", "label": "EN"}],
                        value=words.language,
                        size="xs",
                        **named({"aria-label": words("briefing.language")}),
                    ),
                ],
                className="side-tools",
            ),
            html.Article(
                id=ids.BRIEFING,
                className="tale side-body",
                **named({"data-testid": "briefing"}),
            ),
        ],
        className="side-panel",
    )


def _ground(words: Words) -> Component:
    kinds = [
        {"value": kind, "label": words(f"ground.kind_{kind}")}
        for kind in ("no_go", "no_fly", "slow", "exposure")
    ]
    tools: list[Any] = [
        html.Div(
            [
                dmc.SegmentedControl(
                    id=ids.EDIT_KIND,
                    data=kinds,
                    value="no_go",
                    size="xs",
                    fullWidth=True,
                    **named({"aria-label": words("ground.kind")}),
                ),
                dmc.NumberInput(
                    id=ids.EDIT_FACTOR,
                    value=50,
                    min=5,
                    max=100,
                    step=5,
                    suffix=words("ground.percent"),
                    size="xs",
                    w=84,
                    className="is-hidden",
                    **named({"aria-label": words("ground.factor")}),
                ),
            ],
            className="row",
        ),
        html.Div(
            [
                _button(ids.EDIT_DRAW, "area", words("ground.draw"), "draw"),
                _button(ids.EDIT_BRIDGE, "bridge-out", words("ground.close_bridge"), "bridge"),
                html.Span(className="grow"),
                _icon_button(ids.EDIT_UNDO, "undo", words("ground.undo")),
                _icon_button(ids.EDIT_REDO, "redo", words("ground.redo")),
            ],
            className="row",
        ),
        html.Div(id=ids.EDIT_HINT, className="hint", role="status"),
    ]
    again = dmc.Button(
        words("ground.again"),
        id=ids.EDIT_AGAIN,
        leftSection=icon("play", 14),
        size="xs",
        fullWidth=True,
        **named({"data-testid": "plan-again"}),
    )
    return html.Div(
        [
            html.Div(tools, className="side-tools is-column"),
            html.Div(skeleton(3), id=ids.EDIT_LIST, className="side-body"),
            html.Div(again, className="side-foot"),
        ],
        className="side-panel",
    )


def _button(name: str, picture: str, label: str, test: str) -> Component:
    return dmc.Button(
        label,
        id=name,
        leftSection=icon(picture),
        variant="default",
        size="xs",
        **named({"data-testid": f"edit-{test}", "aria-pressed": "false"}),
    )


def _icon_button(name: str, picture: str, label: str) -> Component:
    button = dmc.ActionIcon(
        icon(picture),
        id=name,
        variant="default",
        size="md",
        disabled=True,
        **named({"aria-label": label, "data-testid": name}),
    )
    return html.Span(button, title=label)


def _changes(words: Words) -> Component:
    return html.Div(
        [
            html.Div(
                dmc.Select(
                    id=ids.COMPARE_WITH,
                    data=[],
                    allowDeselect=False,
                    size="xs",
                    label=words("compare.with"),
                    className="compare-with",
                ),
                className="side-tools",
            ),
            html.Div(
                id=ids.COMPARISON,
                className="side-body comparison",
                **named({"data-testid": "comparison"}),
            ),
        ],
        className="side-panel",
    )
