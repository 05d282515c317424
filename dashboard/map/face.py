"""The map's Python face: its element, its stores, its words, and what the page must load for it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal

from dash import ClientsideFunction, Dash, Input, dcc, html
from dash.development.base_component import Component

from dashboard.map import ids
from dashboard.map.routes import SCRIPTS, STYLES, web_url

__all__ = ["connect", "map_view", "map_words", "scripts", "styles"]

Language = Literal["en", "fr"]


def scripts() -> list[str]:
    """Return the addresses of the scripts that the page must load, in order.

    Returns
    -------
    list of str
        For ``Dash(external_scripts=...)``; `dashboard.map.routes.map_router` serves them.
    """
    return [web_url(name) for name in SCRIPTS]


def styles() -> list[str]:
    """Return the addresses of the style sheets and fonts of the page, in order.

    Returns
    -------
    list of str
        For ``Dash(external_stylesheets=...)``.
    """
    return [web_url(name) for name in STYLES]


@functools.cache
def map_words(language: Language) -> Mapping[str, str]:
    """Return what is written on the map.

    Parameters
    ----------
    language : {"en", "fr"}
        Language.

    Returns
    -------
    mapping
        Words by key, for the store ``map-words``.
    """
    text = files("dashboard.map").joinpath("words.toml").read_text(encoding="utf-8")
    words = {key: entry[language] for key, entry in tomllib.loads(text).items()}
    return {"language": language, **words}


def map_view(
    language: Language = "fr",
    ground: Mapping[str, Any] | Literal["awaited"] | None = ids.AWAITED,
    selection: Mapping[str, str] | None = None,
) -> Component:
    """Return the map and its stores.

    Parameters
    ----------
    language : {"en", "fr"}
        Language until the store ``map-words`` says another.
    ground : mapping, {"awaited"} or None
        First content of the store ``map-ground``: layers, `ids.AWAITED` where they are yet to be
        told (the map says that it is being drawn), or None where there is no theatre.
    selection : mapping, optional
        First content of the store ``map-selection``.

    Returns
    -------
    Component
        It fills its container, which must have a height.
    """
    contents: dict[str, Any] = {
        ids.GROUND: ground,
        ids.PLAN: None,
        ids.SELECTION: selection,
        ids.MODE: "look",
        ids.WORDS: dict(map_words(language)),
        ids.EVENT: None,
    }
    stores = [dcc.Store(id=name, data=data) for name, data in contents.items()]
    attributes: dict[str, Any] = {"data-testid": "map"}
    element = html.Div(id=ids.MAP, className="convoi-map", **attributes)
    return html.Div([element, *stores], className="convoi-map-frame")


def connect(app: Dash) -> None:
    """Let the script draw whenever a store changes.

    Parameters
    ----------
    app : Dash
        The application, before it answers.
    """
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash has no types here
        ClientsideFunction("convoi_map", "draw"),
        Input(ids.GROUND, "data"),
        Input(ids.PLAN, "data"),
        Input(ids.SELECTION, "data"),
        Input(ids.MODE, "data"),
        Input(ids.WORDS, "data"),
    )
