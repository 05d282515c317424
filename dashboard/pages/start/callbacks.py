"""What the start page does."""

from __future__ import annotations

import base64
import binascii
import functools
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.components.icons import icon
from dashboard.components.states import failure
from dashboard.desk import Desk
from dashboard.i18n import Words, language_of
from dashboard.pages.start.layout import start_page
from dashboard.viewmodels.gallery import choice_of, continued_of
from optimizer.datasets import data_path
from optimizer.errors import ConvoiError, FileError
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario

__all__ = ["bundled", "lost", "register", "text_of", "view"]

_WORKS = 12


@functools.cache
def bundled() -> dict[str, Scenario]:
    """Return the scenarios that Convoi brings along.

    Returns
    -------
    dict of str to Scenario
        By name of the file.
    """
    files = sorted(data_path("scenarios").glob("*.yaml"))
    return {path.stem: load_scenario(path) for path in files}


def view(desk: Desk, words: Words) -> Any:  # noqa: ANN401 - components have no common stubs
    """Return the start page as it is now.

    Parameters
    ----------
    desk : Desk
        Works.
    words : Words
        Language.

    Returns
    -------
    Component
        The page.
    """
    choices = [choice_of(name, scenario, words) for name, scenario in bundled().items()]
    works = desk.works.all()[:_WORKS]
    return start_page(words, choices, continued_of(works, desk.now(), words))


def lost(desk: Desk, words: Words, name: str) -> Any:  # noqa: ANN401
    """Return the start page for an address that leads nowhere.

    Parameters
    ----------
    desk : Desk
        Works.
    words : Words
        Language.
    name : str
        Name of the work that is not there.

    Returns
    -------
    Component
        The page, which says so.
    """
    page = view(desk, words)
    notice = dmc.Alert(
        words("start.lost_says", name=name),
        title=words("start.lost"),
        color="yellow",
        variant="light",
        icon=icon("warning", 18),
        className="alert start-lost",
    )
    return html.Div([notice, page])


def text_of(contents: str) -> str:
    """Return the text of a file that a browser sent.

    Parameters
    ----------
    contents : str
        ``data:...;base64,...``.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    FileError
        If it is no text in UTF-8.
    """
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise FileError("the file is no text in UTF-8; a scenario or a plan is") from error


def register(app: Dash, desk: Desk) -> None:
    """Add the callbacks of the start page.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works.
    """

    @app.callback(
        Output(ids.URL, "pathname", allow_duplicate=True),
        Input({"type": "begin", "name": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def begin(clicks: list[int | None]) -> str:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            raise PreventUpdate
        work = desk.works.create(bundled()[ctx.triggered_id["name"]])
        return f"/work/{work.id}"

    @app.callback(
        Output(ids.URL, "pathname", allow_duplicate=True),
        Output(ids.OPEN_FAULTS, "children"),
        Output(ids.UPLOAD, "contents"),
        Input(ids.UPLOAD, "contents"),
        State(ids.UPLOAD, "filename"),
        State(ids.ROUTE, "data"),
        prevent_initial_call=True,
    )
    def open_file(contents: str | None, name: str, route: dict[str, Any]) -> tuple[Any, ...]:
        if not contents:
            raise PreventUpdate
        words = Words(language_of(route.get("language")))
        try:
            work = desk.open_text(name, text_of(contents))
        except ConvoiError as error:
            # Forgotten, so that the same file is read again when it is chosen again.
            return no_update, failure(error, words("start.not_opened", name=name), words), None
        return f"/work/{work.id}", None, None
