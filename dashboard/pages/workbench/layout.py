"""The workbench, before anything is put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.shell import shell
from dashboard.i18n import Words
from dashboard.map.face import map_view
from dashboard.pages.workbench.dialogs import export_dialog, plan_dialog, verdict_dialog
from dashboard.pages.workbench.side import side_panel
from dashboard.sheet import Shown
from dashboard.viewmodels.routes import columns_of

__all__ = ["workbench_page"]

#: Colours are those of the page, so that the table turns dark with it.
_GRID_THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)',"
    " headerBackgroundColor: 'var(--surface)', headerTextColor: 'var(--ink-soft)',"
    " borderColor: 'var(--line)', rowBorder: true, wrapperBorder: false, wrapperBorderRadius: 0,"
    " headerColumnBorder: false, accentColor: 'var(--accent)', fontFamily: 'inherit',"
    " selectedRowBackgroundColor: 'var(--picked)', rowHoverColor: 'var(--hover)',"
    " fontSize: 12, headerFontSize: 11, headerFontWeight: 600, rowHeight: 28, headerHeight: 30,"
    " cellHorizontalPadding: 10, browserColorScheme: 'inherit'})"
)


def workbench_page(
    words: Words, shown: Shown, title: str, documents: Sequence[str], *, running: bool
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
            _solve(words),
            html.Div(map_view(words.language), className="bench-map"),
            _dock(words),
            side_panel(words, documents),
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


def _solve(words: Words) -> Component:
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


def _dock(words: Words) -> Component:
    tabs = [
        dmc.TabsTab(words("dock.timeline"), value="timeline", leftSection=icon("timeline", 14)),
        dmc.TabsTab(words("dock.routes"), value="routes", leftSection=icon("table", 14)),
    ]
    grid = dag.AgGrid(
        id=ids.ROUTES,
        columnDefs=columns_of(words),
        rowData=[],
        getRowId="params.data.convoy",
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
        dashGridOptions={
            "theme": {"function": _GRID_THEME},
            "rowSelection": {
                "mode": "singleRow",
                "checkboxes": False,
                "enableClickSelection": True,
            },
            "animateRows": False,
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": words("routes.none")},
        },
        style={"height": "100%", "width": "100%"},
    )
    return dmc.Tabs(
        [
            dmc.TabsList(tabs, **named({"aria-label": words("dock.label")})),
            dmc.TabsPanel(html.Div(id=ids.TIMELINE, className="timeline"), value="timeline"),
            dmc.TabsPanel(html.Div(grid, className="routes"), value="routes"),
        ],
        id=ids.DOCK,
        value="timeline",
        className="dock",
    )
