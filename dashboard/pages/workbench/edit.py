"""Edits of the ground: draw an area, close a bridge, take it back, compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from briefing.wording import voice
from dashboard import ids
from dashboard.components.ground import ground_list
from dashboard.components.states import failure
from dashboard.desk import Desk
from dashboard.edits import DropArea, DropChange, Edit, PutArea, PutChange, fresh_id
from dashboard.i18n import Words
from dashboard.map import ids as map_ids
from dashboard.pages.workbench.show import shown_of, words_of
from dashboard.viewmodels.ground_edits import ground_of
from optimizer.errors import FaultsError
from optimizer.faults import Fault
from optimizer.scenario.model import Area, AreaKind, Change, ChangeKind, Position, Scenario

__all__ = ["edit_of", "plan_choices", "register"]

_EXPOSURE_PER_KM = 1.0


def edit_of(
    event: Mapping[str, Any], scenario: Scenario, kind: str, percent: float, words: Words
) -> Edit | None:
    """Return the edit that something done on the map means.

    Parameters
    ----------
    event : mapping
        What the map told.
    scenario : Scenario
        The scenario as it is now.
    kind : str
        Kind of an area that is drawn.
    percent : float
        Share of the speed that is kept in a slow area.
    words : Words
        Gives new things a name.

    Returns
    -------
    Edit or None
        None for what changes nothing, such as a selection.
    """
    match event.get("type"):
        case "area_drawn":
            names = {area.id for area in scenario.areas}
            name = fresh_id("zone", names)
            number = name.rpartition("-")[2]
            return PutArea(area=_area(event, name, kind, percent, words, number))
        case "area_edited":
            old = next((area for area in scenario.areas if area.id == event.get("id")), None)
            polygon = tuple((x, y) for x, y in event["polygon"])
            return (
                None if old is None else PutArea(area=old.model_copy(update={"polygon": polygon}))
            )
        case "area_deleted":
            return DropArea(id=event["id"])
        case "bridge_picked":
            return PutChange(change=_closed(event, scenario, words))
        case _:
            return None


def _area(
    event: Mapping[str, Any], name: str, kind: str, percent: float, words: Words, number: str
) -> Area:
    values: dict[str, Any] = {
        "id": name,
        "label": words(f"ground.new_{kind}", number=number),
        "kind": kind,
        "polygon": tuple((x, y) for x, y in event["polygon"]),
    }
    if kind == AreaKind.SLOW:
        values["speed_factor"] = percent / 100
    if kind == AreaKind.EXPOSURE:
        values["exposure_per_km"] = _EXPOSURE_PER_KM
    return Area(**values)


def _closed(event: Mapping[str, Any], scenario: Scenario, words: Words) -> Change:
    # A road that is no bridge is cut; of what the map does not know, the planner says bridge.
    kind = ChangeKind.ROAD_CUT if event.get("bridge") is False else ChangeKind.BRIDGE_OUT
    stem = "road" if kind is ChangeKind.ROAD_CUT else "bridge"
    name = fresh_id(stem, {change.id for change in scenario.changes})
    called = str(event.get("name") or "")[:150]
    label = (
        words(f"ground.new_{stem}", name=called)
        if called
        else words(f"ground.new_{stem}_number", number=name.rpartition("-")[2])
    )
    road = event.get("road")
    where: dict[str, Any] = (
        {"road": str(road)}
        if road
        else {"near": Position(lon=float(event["lon"]), lat=float(event["lat"]))}
    )
    return Change(id=name, label=label, kind=kind, **where)


def plan_choices(desk: Desk, work: str, shown: int | None, words: Words) -> list[dict[str, str]]:
    """Return the plans that the one shown can be compared with.

    Parameters
    ----------
    desk : Desk
        Works.
    work : str
        Id of the work.
    shown : int or None
        Number of the plan that is shown.
    words : Words
        Language.

    Returns
    -------
    list of dict
        Values and labels, the latest first.
    """
    entries = [e for e in desk.works.get(work).plans if e.saved and e.number != shown]
    # As all times on the page, wherever the machine is.
    zone = ZoneInfo(desk.works.opened(work).display_zone)
    return [
        {
            "value": str(entry.number),
            "label": words(
                "compare.plan", plan=entry.number, at=f"{entry.created.astimezone(zone):%H:%M}"
            ),
        }
        for entry in reversed(entries)
    ]


def _refused(faults: tuple[Fault, ...], words: Words) -> Any:  # noqa: ANN401
    return failure(FaultsError(faults), words("ground.refused"), words) if faults else None


def register(app: Dash, desk: Desk) -> None:
    """Add the callbacks that edit.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works.
    """
    route_in, shown_state = State(ids.ROUTE, "data"), State(ids.SHOWN, "data")

    @app.callback(
        Output(ids.EDIT_LIST, "children"),
        Output(ids.EDIT_UNDO, "disabled"),
        Output(ids.EDIT_REDO, "disabled"),
        Input(ids.SHOWN, "data"),
        route_in,
    )
    def list_ground(data: dict[str, Any], route: dict[str, Any]) -> tuple[Any, bool, bool]:
        work = desk.works.get(data["work"])
        words, now = words_of(route), desk.works.scenario(work)
        writer = voice(words.language, now.display_zone).writer
        items = ground_of(desk.works.opened(work.id), now, writer, words)
        return ground_list(items, words), not work.edits, not work.undone

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.EDIT_HINT, "children", allow_duplicate=True),
        Input(map_ids.EVENT, "data"),
        State(ids.EDIT_KIND, "value"),
        State(ids.EDIT_FACTOR, "value"),
        shown_state,
        route_in,
        prevent_initial_call=True,
    )
    def take_event(
        event: dict[str, Any] | None,
        kind: str,
        percent: float,
        data: dict[str, Any],
        route: dict[str, Any],
    ) -> tuple[Any, Any]:
        shown, words = shown_of(data), words_of(route)
        faults = desk.edit_as(
            shown.work, lambda now: edit_of(event or {}, now, kind, percent or 100, words)
        )
        if faults is None:
            raise PreventUpdate
        return asdict(replace(shown, stamp=shown.stamp + 1)), _refused(faults, words)

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.EDIT_HINT, "children", allow_duplicate=True),
        Input(ids.EDIT_REMOVE, "data"),
        shown_state,
        route_in,
        prevent_initial_call=True,
    )
    def remove(
        asked: dict[str, Any] | None, data: dict[str, Any], route: dict[str, Any]
    ) -> tuple[Any, Any]:
        if not asked:
            raise PreventUpdate
        shown, words = shown_of(data), words_of(route)
        kind, _, name = str(asked["value"]).partition(":")
        drop = DropArea if kind == "area" else DropChange
        faults = desk.edit(shown.work, drop(id=name))
        return asdict(replace(shown, stamp=shown.stamp + 1)), _refused(faults, words)

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Input(ids.EDIT_UNDO, "n_clicks"),
        Input(ids.EDIT_REDO, "n_clicks"),
        shown_state,
        prevent_initial_call=True,
    )
    def back_and_forth(undo: int | None, redo: int | None, data: dict[str, Any]) -> dict[str, Any]:
        if not (undo or redo):
            raise PreventUpdate
        shown = shown_of(data)
        (desk.undo if ctx.triggered_id == ids.EDIT_UNDO else desk.redo)(shown.work)
        return asdict(replace(shown, stamp=shown.stamp + 1))

    @app.callback(
        Output(ids.COMPARE_WITH, "data"),
        Output(ids.COMPARE_WITH, "value"),
        Output(ids.COMPARE_WITH, "className"),
        Input(ids.SHOWN, "data"),
        route_in,
    )
    def list_plans(data: dict[str, Any], route: dict[str, Any]) -> tuple[Any, str | None, str]:
        shown = shown_of(data)
        choices = plan_choices(desk, shown.work, shown.plan, words_of(route))
        before = None if shown.before is None else str(shown.before)
        # A list of nothing only asks what it is for.
        return choices, before, "compare-with" if choices else "compare-with is-hidden"
