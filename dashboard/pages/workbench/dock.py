"""Under the map: the timeline of the convoys, and their table."""

from __future__ import annotations

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words
from dashboard.viewmodels.routes import columns_of

__all__ = ["dock"]

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


def dock(words: Words, tab: str) -> Component:
    """Return the tabs, before anything is put into them.

    Parameters
    ----------
    words : Words
        Language.
    tab : {"timeline", "routes"}
        Which is shown.

    Returns
    -------
    Component
        The tabs.
    """
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
        value=tab,
        className="dock",
    )
