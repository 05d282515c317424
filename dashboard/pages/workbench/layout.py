"""The workbench, before anything is put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.shell import shell
from dashboard.i18n import Words
from dashboard.map.face import map_view
from dashboard.pages.workbench.bands import bands
from dashboard.pages.workbench.dialogs import export_dialog, plan_dialog, verdict_dialog
from dashboard.pages.workbench.dock import dock
from dashboard.pages.workbench.kept import Kept
from dashboard.pages.workbench.side import side_panel
from dashboard.sheet import Shown

__all__ = ["workbench_page"]


def workbench_page(
    words: Words,
    shown: Shown,
    title: str,
    documents: Sequence[str],
    *,
    running: bool,
    kept: Kept,
) -> Component:
    """Return the workbench of a work.

    Parameters
    ----------
    words : Words
        Language.
    shown : Shown
        Which plan it shows at first.
    title : str
        Title of the work.
    documents : sequence of str
        Kinds of documents.
    running : bool
        Whether a plan is being made.
    kept : Kept
        What a person had before them in the other language.

    Returns
    -------
    Component
        The page.
    """
    stores = [
        dcc.Store(id=ids.SHOWN, data=asdict(shown)),
        html.Span(id="shown-marker", hidden=True),
        dcc.Store(id=ids.RELATED),
        *(dcc.Store(id=ids.html_of(name)) for name in ids.WRITTEN),
        dcc.Store(id=ids.SENTENCE),
        dcc.Store(id=ids.OBJECTIVES),
        dcc.Store(id=ids.OBJECTIVE_MOVE),
        dcc.Store(id=ids.EDIT_REMOVE),
        dcc.Store(id=ids.SOLVE_CURVE),
        dcc.Interval(id=ids.SOLVE_TICK, interval=600, disabled=not running),
        dcc.Interval(id=ids.VERDICT_TICK, interval=500, disabled=True),
        dcc.Store(id=ids.EXPORT_ASKED),
        dcc.Interval(id=ids.EXPORT_TICK, interval=500, disabled=True),
    ]
    bench = html.Div(
        [
            html.Div(
                _figure_skeletons(),
                id=ids.FIGURES,
                className="figures",
                **named({"aria-live": "off"}),
            ),
            bands(words),
            html.Div(map_view(words.language, selection=kept.selection), className="bench-map"),
            dock(words, kept.dock),
            side_panel(words, documents, kept.side),
        ],
        className="bench",
        **named({"data-testid": "workbench"}),
    )
    dialogs = [plan_dialog(words), export_dialog(words, documents), verdict_dialog(words)]
    return shell(
        words, [*stores, bench, *dialogs], title=_title(words, title), actions=_actions(words)
    )


def _figure_skeletons() -> list[Component]:
    return [
        html.Div(
            [dmc.Skeleton(height=8, w="50%"), dmc.Skeleton(height=18, w="70%")],
            className="figure is-empty",
        )
        for _ in range(7)
    ]


def _title(words: Words, title: str) -> list[Component]:
    return [
        html.H1(title, title=title),
        html.Button(
            id=ids.VERDICT_OPEN,
            className="verdict",
            type="button",
            children=html.Span(id=ids.VERDICT),
            title=words("verdict.tip"),
            **named({"data-testid": "verdict"}),
        ),
    ]


def _actions(words: Words) -> list[Component]:
    return [
        dmc.Button(
            words("export.open"),
            id=ids.EXPORT_OPEN,
            leftSection=icon("download"),
            variant="default",
            size="xs",
            **named({"data-testid": "export-open"}),
        ),
        dmc.Button(
            words("plan.open"),
            id=ids.PLAN_OPEN,
            leftSection=icon("play", 14),
            size="xs",
            **named({"data-testid": "plan-open"}),
        ),
    ]
