"""The ground under the plan: what the map is given of a theatre."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.components.states import ground_missing
from dashboard.desk import Desk
from dashboard.map import ids as map_ids
from dashboard.map.face import map_words
from dashboard.pages.workbench.show import shown_of, words_of
from optimizer.scenario.model import Scenario

__all__ = ["ground_for", "register"]


def ground_for(scenario: Scenario) -> tuple[dict[str, Any] | None, str]:
    """Return what the map is given of a scenario's theatre.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    ground : dict or None
        None where there is no theatre, or none on this machine.
    missing : str
        Name of a theatre that the scenario names and that is not here.
    """
    from dashboard.map.ground import ground_layers  # noqa: PLC0415 - reads rasters, slow to load
    from optimizer.terrain.theatre import find_theatre  # noqa: PLC0415

    wanted = scenario.theatre
    if wanted is None:
        return None, ""
    theatre = find_theatre(wanted.name, wanted.digest)
    if theatre is None:
        return None, wanted.name
    return ground_layers(theatre), ""


def register(app: Dash, desk: Desk) -> None:
    """Add the callback that gives the map its ground.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works.
    """

    @app.callback(
        Output(map_ids.GROUND, "data"),
        Output(map_ids.WORDS, "data"),
        Output("ground-missing", "children"),
        Input(ids.SHOWN, "data"),
        State(map_ids.GROUND, "data"),
        State(ids.ROUTE, "data"),
    )
    def lay(data: dict[str, Any], there: Any, route: dict[str, Any]) -> tuple[Any, Any, Any]:  # noqa: ANN401
        if there not in (None, map_ids.AWAITED):  # a theatre is never edited
            return no_update, no_update, no_update
        words = words_of(route)
        ground, missing = ground_for(desk.scenario(shown_of(data).work))
        if not missing:
            return ground, no_update, None
        told = {"no_ground": words("empty.theatre", name=missing)}
        return ground, {**map_words(words.language), **told}, ground_missing(missing, words)
