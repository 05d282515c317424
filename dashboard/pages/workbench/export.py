"""Exports: every document in both languages and all forms, and the data behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.components.exports import export_list
from dashboard.components.icons import icon
from dashboard.desk import Desk
from dashboard.exports import Exports, data_file
from dashboard.i18n import Words, language_of
from dashboard.pages.workbench.show import shown_of, words_of
from dashboard.sheet import Shown, theatre_of
from optimizer.faults import Language

if TYPE_CHECKING:
    from briefing.write import Written

__all__ = ["maker", "note_of", "register"]


def maker(
    desk: Desk, shown: Shown, kind: str, form: str, language: Language
) -> Callable[[], Written] | None:
    """Return what makes a file.

    Parameters
    ----------
    desk : Desk
        Works and plans.
    shown : Shown
        The plan that is shown.
    kind : str
        Kind of document, or ``"data"``.
    form : str
        Form of the document, or ``"geojson"``, ``"plan"``, ``"scenario"``.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    callable or None
        None if there is no complete plan to make it of.
    """
    if (kind, form) == ("data", "scenario"):
        scenario = desk.scenario(shown.work)
        return lambda: _scenario(scenario, shown.work)
    sheet = None if _refused(shown) else desk.sheet(shown)
    if sheet is None:
        return None
    if kind == "data":
        return lambda: _data(sheet, form, shown)
    before = None if shown.before is None else desk.sheets.plan(shown.work, shown.before)

    def make() -> Written:
        from briefing.write import write  # noqa: PLC0415 - loads the typesetter

        return write(
            sheet.plan,
            document=kind,
            language=language,
            form=form,
            before=None if before is None else before.plan,
            theatre=theatre_of(sheet.plan),
        )

    return make


def _refused(shown: Shown) -> bool:
    """Whether there is no complete plan: a best-so-far is no plan to hand on."""
    return shown.plan is None or shown.version != 0


def note_of(shown: Shown, words: Words) -> Component | None:
    """Return what is to be known of files that are made now.

    Parameters
    ----------
    shown : Shown
        What the page shows.
    words : Words
        Language.

    Returns
    -------
    Component or None
        Why there are none, or of which plan; None where they are those of the plan on screen.
    """
    if shown.plan is None:
        key = "export.no_plan"
    elif shown.searching:
        key = "export.searching"
    elif shown.version:
        key = "export.improving"
    else:
        return None
    return html.Div([icon("clock", 14), html.Span(words(key))], className="banner is-within")


def _scenario(scenario: Any, stem: str) -> Written:  # noqa: ANN401
    from optimizer.scenario.write import dumps  # noqa: PLC0415 - when it is needed

    return data_file("scenario", dumps(scenario), stem)


def _data(sheet: Any, form: str, shown: Shown) -> Written:  # noqa: ANN401
    from briefing.render.geojson import geojson_text  # noqa: PLC0415 - when it is needed
    from optimizer.plan.read import plan_text  # noqa: PLC0415 - when it is needed

    text = plan_text(sheet.plan) if form == "plan" else geojson_text(sheet.plan, sheet.facts)
    return data_file(form, text, f"{shown.work}-{shown.plan}")


def _named(kind: str, form: str, language: Language, words: Words) -> str:
    if kind == "data":
        return words(f"export.{form}")
    return f"{words(f'document.{kind}')} · {language.upper()} · {form.upper()}"


def register(app: Dash, desk: Desk, exports: Exports) -> None:
    """Add the callbacks that export.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works and plans.
    exports : Exports
        Files that were asked for.
    """

    @app.callback(
        Output(ids.EXPORT_MODAL, "opened"),
        Input(ids.EXPORT_OPEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_dialog(clicks: int | None) -> bool:
        return bool(clicks)

    asking = {"type": "export", "kind": ALL, "form": ALL}

    @app.callback(
        Output(asking, "disabled"),
        Output(ids.EXPORT_NOTE, "children"),
        Input(ids.SHOWN, "data"),
        State(ids.ROUTE, "data"),
    )
    def offer(data: dict[str, Any], route: dict[str, Any]) -> tuple[list[bool], Any]:
        shown = shown_of(data)
        buttons = [one["id"]["form"] for one in ctx.outputs_list[0]]
        off = [form != "scenario" and _refused(shown) for form in buttons]
        return off, note_of(shown, words_of(route))

    @app.callback(
        Output(ids.EXPORT_TICK, "disabled"),
        Output(ids.EXPORT_ASKED, "data"),
        Input(asking, "n_clicks"),
        State(ids.EXPORT_LANGUAGE, "value"),
        State(ids.COMPARE_WITH, "value"),
        State(ids.SHOWN, "data"),
        State(ids.ROUTE, "data"),
        prevent_initial_call=True,
    )
    def ask(
        clicks: list[int | None],
        language: str,
        before: str | None,
        data: dict[str, Any],
        route: dict[str, Any],
    ) -> tuple[bool, Any]:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            raise PreventUpdate
        kind, form = ctx.triggered_id["kind"], ctx.triggered_id["form"]
        make = maker(desk, shown_of(data, before), kind, form, language_of(language))
        if make is None:
            return True, no_update
        name = _named(kind, form, language_of(language), words_of(route))
        return False, exports.ask(data["work"], name, make)

    @app.callback(
        Output(ids.EXPORT_LIST, "children"),
        Output(ids.EXPORT_TICK, "disabled", allow_duplicate=True),
        Input(ids.EXPORT_TICK, "n_intervals"),
        Input(ids.EXPORT_TICK, "disabled"),
        State(ids.SHOWN, "data"),
        State(ids.ROUTE, "data"),
        prevent_initial_call=True,
    )
    def look(
        _: int,
        disabled: bool,
        data: dict[str, Any],
        route: dict[str, Any],
    ) -> tuple[Any, bool]:
        if disabled:
            raise PreventUpdate
        asked = exports.of(data["work"])
        making = any(export.state == "making" for export in asked)
        return export_list(asked, words_of(route)), not making
