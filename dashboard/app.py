"""Builds the application, and nothing more: whoever serves it gives the server and the folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, set_props
from fastapi import FastAPI

from briefing.documents import DOCUMENTS
from dashboard import ids
from dashboard.components.states import failure
from dashboard.desk import Desk
from dashboard.exports import Exports, export_routes
from dashboard.i18n import Words, language_of
from dashboard.map import face
from dashboard.map import ids as map_ids
from dashboard.map.routes import map_router
from dashboard.pages.start import callbacks as start
from dashboard.pages.workbench import edit, export, ground, show, solve
from dashboard.pages.workbench.kept import Kept
from dashboard.pages.workbench.layout import workbench_page
from dashboard.theme import THEME
from optimizer.errors import ConvoiError, OutsideError

if TYPE_CHECKING:
    from optimizer.jobs import Jobs

__all__ = ["create_app"]

_LOG = logging.getLogger(__name__)
_HERE = Path(__file__).resolve().parent

_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>
<link rel="icon" href="data:,">
{%css%}
</head>
<body>
<div class="boot"><span></span></div>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>
"""


def create_app(jobs: Jobs, server: FastAPI, folder: Path) -> Dash:
    """Build the dashboard on a server.

    Parameters
    ----------
    jobs : Jobs
        Runs solves.
    server : FastAPI
        The server; what is to be found under its addresses before the pages of the dashboard is
        mounted on it already.
    folder : Path
        Folder of what people work on.

    Returns
    -------
    Dash
        The application, not running.

    Raises
    ------
    OutsideError
        If the folder cannot be made.
    """
    desk = Desk(jobs, folder)
    exports = Exports(desk.exporting)
    server.include_router(export_routes(exports))
    server.include_router(map_router(folder / "ground"))
    app = _Quiet(
        "dashboard",
        server=server,  # type: ignore[arg-type] # a server of another backend is taken too
        assets_folder=str(_HERE / "assets"),
        index_string=_INDEX,
        title="Convoi",
        update_title="",
        suppress_callback_exceptions=True,
        external_stylesheets=list(face.styles()),
        external_scripts=list(face.scripts()),
        serve_locally=True,
        enable_mcp=False,
        on_error=_tell,
    )
    app.layout = _frame()
    _register(app, desk, exports)
    app.set_up()
    # The bundled scenarios are read before somebody waits for them.
    desk.exporting.submit(start.bundled)
    return app


class _Quiet(Dash):
    """Dash without what a page would do besides: look for a newer version, open a socket."""

    def set_up(self) -> None:
        """Find scripts and callbacks now.

        Dash does so when "/" is asked for; a page that is opened at a work first, as the
        demonstration does, would come without scripts.
        """
        self._setup_server()  # type: ignore[no-untyped-call] # Dash has no types here

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call] # Dash has no types here
        # Callbacks go over HTTP; the page would open a socket that nobody uses.
        config.pop("websocket", None)
        return config | {"dash_version_url": ""}


def _frame() -> dmc.MantineProvider:
    return dmc.MantineProvider(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Store(id=ids.LANGUAGE, storage_type="local"),
            dcc.Store(id=ids.ROUTE),
            html.Div(id=ids.PAGE),
            html.Div(id=ids.OOPS, className="oops", role="alert"),
        ],
        theme=THEME,
        defaultColorScheme="auto",
    )


def _tell(error: Exception) -> None:
    """Say on the page that something failed which nobody foresaw, and keep it in the log."""
    # Not every callback is told the language; a cookie of the page tells all of them.
    words = Words(language_of(ctx.cookies.get("convoi-language")))
    if not isinstance(error, ConvoiError):
        _LOG.error("a callback of the dashboard failed", exc_info=error)
        error = OutsideError(words("oops.unforeseen", what=f"{type(error).__name__}: {error}"))
    set_props(ids.OOPS, {"children": failure(error, words("oops.title"), words)})


def _page(desk: Desk, route: dict[str, Any]) -> Any:  # noqa: ANN401 - components have no common stubs
    words = Words(language_of(route.get("language")))
    kind, _, name = str(route.get("path") or "/").strip("/").partition("/")
    if kind != "work":
        return start.view(desk, words)
    try:
        shown = desk.newest(name)
        work = desk.works.get(name)
    except ConvoiError:
        return start.lost(desk, words, name)
    # Of a plan that failed or was stopped, the page asks once how it ended.
    running = work.last is not None and work.last.state != "done"
    return workbench_page(
        words, shown, work.title, list(DOCUMENTS), running=running, kept=Kept.of(route.get("kept"))
    )


def _register(app: Dash, desk: Desk, exports: Exports) -> None:
    @app.callback(Output(ids.PAGE, "children"), Input(ids.ROUTE, "data"), prevent_initial_call=True)
    def page(route: dict[str, Any]) -> Any:  # noqa: ANN401
        return _page(desk, route)

    start.register(app, desk)
    show.register(app, desk)
    solve.register(app, desk)
    edit.register(app, desk)
    export.register(app, desk, exports)
    ground.register(app, desk)
    face.connect(app)
    _register_in_browser(app)


def _register_in_browser(app: Dash) -> None:
    """Add what needs no server: languages, selection, modes, the curve."""
    for host in ids.WRITTEN:
        app.clientside_callback(  # type: ignore[no-untyped-call] # Dash has no types here
            ClientsideFunction("convoi", f"write_{host}"),
            Output(host, "title"),
            Input(ids.html_of(host), "data"),
        )
    for name, outputs, inputs in (
        (
            "route",
            Output(ids.ROUTE, "data"),
            (Input(ids.URL, "pathname"), Input(ids.LANGUAGE, "data")),
        ),
        (
            "language",
            Output(ids.LANGUAGE, "data"),
            (Input(ids.SWITCH_LANGUAGE, "value"), State(ids.ROUTE, "data")),
        ),
        ("faults", Output(ids.OPEN_FAULTS, "title"), (Input(ids.OPEN_FAULTS, "children"),)),
        ("help", Output(ids.HELP, "opened"), (Input(ids.HELP_OPEN, "n_clicks"),)),
        (
            "mark",
            Output(ids.RELATED, "modified_timestamp"),
            (
                Input(map_ids.SELECTION, "data"),
                Input(ids.RELATED, "data"),
                Input(ids.DOCK, "value"),
            ),
        ),
        (
            "row",
            Output(map_ids.SELECTION, "data", allow_duplicate=True),
            (Input(ids.ROUTES, "selectedRows"), State(map_ids.SELECTION, "data")),
        ),
        (
            "fetch",
            Output(ids.EXPORT_LIST, "title"),
            (Input(ids.EXPORT_ASKED, "data"), Input(ids.EXPORT_LIST, "children")),
        ),
        ("curve", Output("solve-curve-drawn", "title"), (Input(ids.SOLVE_CURVE, "data"),)),
        (
            "mode",
            Output(map_ids.MODE, "data"),
            (
                Input(ids.EDIT_DRAW, "n_clicks"),
                Input(ids.EDIT_BRIDGE, "n_clicks"),
                Input(map_ids.EVENT, "data"),
                Input(ids.PLAN_START, "n_clicks"),
                State(map_ids.MODE, "data"),
            ),
        ),
        (
            "hint",
            Output(ids.EDIT_HINT, "children"),
            (Input(map_ids.MODE, "data"), State(ids.ROUTE, "data")),
        ),
        ("factor", Output(ids.EDIT_FACTOR, "className"), (Input(ids.EDIT_KIND, "value"),)),
        (
            "budget",
            Output(ids.PLAN_AMOUNT, "value"),
            (Input(ids.PLAN_BUDGET, "value"), State(ids.PLAN_AMOUNT, "value")),
        ),
    ):
        app.clientside_callback(  # type: ignore[no-untyped-call] # Dash has no types here
            ClientsideFunction("convoi", name),
            outputs,
            *inputs,
            prevent_initial_call=name not in {"route", "mark", "help"},
        )
