"""Puts the plan that is shown into every part of the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from briefing.documents import DOCUMENTS
from briefing.documents.ask import Asker
from briefing.documents.comparison import comparison as changes
from briefing.documents.shortfall import undelivered
from briefing.documents.tree import Paragraph
from briefing.wording import Voice, bank, voice
from dashboard import ids
from dashboard.components.banner import edited_banner, searching_banner
from dashboard.components.comparison import comparison
from dashboard.components.figures import figure_strip
from dashboard.components.inspector import facts_card, thing_card
from dashboard.components.states import empty, faults_list
from dashboard.components.tale import tale
from dashboard.components.timeline import timeline
from dashboard.components.verdict import verdict_badge
from dashboard.desk import Desk
from dashboard.i18n import Words, language_of
from dashboard.ids import html_of
from dashboard.map import ids as map_ids
from dashboard.markup import markup
from dashboard.sheet import Sheet, Shown, Verdict
from dashboard.viewmodels.comparison import compared
from dashboard.viewmodels.figures import figures_of
from dashboard.viewmodels.inspector import card_of, facts_behind, related_to
from dashboard.viewmodels.layers import layers_of
from dashboard.viewmodels.routes import rows_of
from dashboard.viewmodels.tale import tale_of
from dashboard.viewmodels.timeline import timeline_of
from optimizer.faults import Language
from optimizer.scenario.write import scenario_digest

__all__ = ["banner_of", "register", "shown_of", "verdict_of", "words_of"]


def words_of(route: Mapping[str, Any] | None) -> Words:
    """Return the words of the language that the page is in.

    Parameters
    ----------
    route : mapping or None
        Where the page is, as its store holds it.

    Returns
    -------
    Words
        Words.
    """
    return Words(language_of((route or {}).get("language")))


def shown_of(data: Mapping[str, Any], before: str | None = None) -> Shown:
    """Return what is shown, as its store holds it.

    Parameters
    ----------
    data : mapping
        Fields of `Shown`.
    before : str, optional
        Number of another plan to compare with.

    Returns
    -------
    Shown
        What is shown.
    """
    shown = Shown(**data)
    return shown if before is None else replace(shown, before=int(before))


def _voice(sheet: Sheet, language: Language) -> Voice:
    scenario = sheet.plan.scenario
    horizon = (scenario.horizon.start, scenario.horizon.end)
    return voice(language, scenario.display_zone, over=horizon)


def _nothing(name: str, shown: Shown, words: Words) -> str:
    """Say what stands where no plan is to be seen: none was asked for, or none was found yet."""
    key = "empty.plan" if shown.plan is None else "empty.searching"
    return markup(empty(name, words(key), words(f"{key}_says")))


def _plan_views(sheet: Sheet | None, shown: Shown, words: Words) -> tuple[Any, Any, Any, Any]:
    """Return the figures, the timeline, the rows of the table, and what goes together."""
    if sheet is None:
        asked = shown.plan is not None
        title = words("empty.searching" if asked else "empty.plan")
        says = words("empty.searching_figures" if asked else "empty.figures_says")
        strip = empty("clock" if asked else "play", title, says)
        return [strip], _nothing("timeline", shown, words), [], {}
    writer = _voice(sheet, words.language).writer
    figures = figures_of(sheet.plan, sheet.facts, writer, words)
    lanes = timeline_of(sheet.plan, writer, words)
    drawn = timeline(lanes, words) if lanes.lanes else [_still(words)]
    rows = rows_of(sheet.plan, sheet.facts, writer)
    return figure_strip(figures), markup(drawn), rows, related_to(sheet.plan)


def _still(words: Words) -> Any:  # noqa: ANN401 - components have no common stubs
    return empty("timeline", words("empty.still"), words("empty.still_says"))


def _briefing(desk: Desk, shown: Shown, kind: str, language: Language, words: Words) -> str:
    sheet, table = desk.sheet(shown), desk.told(shown)
    if sheet is None or table is None:
        return _nothing("document", shown, words)
    if shown.version:
        return markup(empty("clock", words("empty.solving"), words("empty.solving_says")))
    document = DOCUMENTS[kind](table)
    return markup(tale(tale_of(document, _voice(sheet, language))))


def _shortfall(sheet: Sheet | None, shown: Shown, words: Words) -> tuple[str, str]:
    if sheet is None:
        return _nothing("empty", shown, words), ""
    short = sheet.facts.children(None, "demand")
    if not short:
        return markup(empty("accept", words("empty.all"), words("empty.all_says"))), ""
    blocks = undelivered(Asker(sheet.facts, bank()))
    return markup(tale(tale_of(blocks[1:], _voice(sheet, words.language)))), str(len(short))


def _compared(desk: Desk, shown: Shown, words: Words) -> str:
    after = desk.sheet(shown)
    before = None if shown.before is None else desk.sheets.plan(shown.work, shown.before)
    if before is None or after is None:
        return markup(empty("compare", words("empty.compare"), words("empty.compare_says")))
    writer = _voice(after, words.language).writer
    view = compared(before.plan, after.plan, writer, words)
    table = desk.told(shown) or after.facts
    said = [b for b in changes(Asker(table, bank())) if isinstance(b, Paragraph)]
    return markup(comparison(view, tale_of(said, _voice(after, words.language)), words))


def verdict_of(desk: Desk, shown: Shown, ticks: int | None, words: Words) -> tuple[Any, bool, Any]:
    """Return what the verifier says of what is shown.

    Parameters
    ----------
    desk : Desk
        Works and plans.
    shown : Shown
        What the page shows.
    ticks : int or None
        How often the page asked; nothing at first.
    words : Words
        Words.

    Returns
    -------
    tuple
        The badge, whether there is nothing to wait for, and the list behind it.
    """
    if shown.version > 0:
        return verdict_badge(None, words, improving=True), True, None
    if shown.searching:
        # What holds for the plan before would be taken for a verdict on the one to come.
        return verdict_badge(None, words), True, None
    # The page is drawn first: verifying takes all of a core.
    verdict = desk.verdict(shown) if ticks or shown.plan is None else Verdict("checking")
    over = verdict is None or verdict.state != "checking"
    return verdict_badge(verdict, words), over, _verdict_list(verdict, words)


def _verdict_list(verdict: Verdict | None, words: Words) -> Any:  # noqa: ANN401
    if verdict is None or verdict.state == "checking":
        return None
    if verdict.faults:
        return faults_list(verdict.faults, words)
    return html.P(verdict.told or words("verdict.proved_says"), className="verdict-told")


def banner_of(desk: Desk, sheet: Sheet | None, shown: Shown, words: Words) -> Component | None:
    """Return the line that tells that the plan shown is not the answer to what is asked now.

    Parameters
    ----------
    desk : Desk
        Works and plans.
    sheet : Sheet or None
        The plan.
    shown : Shown
        What the page shows.
    words : Words
        Words.

    Returns
    -------
    Component or None
        The line; None where the plan is the answer.
    """
    if shown.searching:
        return searching_banner(words)
    if sheet is None or shown.version:
        return None
    now = scenario_digest(desk.scenario(shown.work))
    return None if now == sheet.plan.scenario_digest else edited_banner(words)


def _inspected(desk: Desk, shown: Shown, selection: Any, sentence: Any, words: Words) -> Any:  # noqa: ANN401
    sheet = desk.sheet(shown)
    if sheet is None:
        return None
    writer = _voice(sheet, words.language).writer
    if sentence and sentence.get("facts"):
        table = desk.told(shown) or sheet.facts
        return facts_card(facts_behind(sentence["facts"], table, writer, words), words)
    if selection:
        about = (selection["kind"], selection["id"])
        card = card_of(*about, sheet.plan, table=sheet.facts, writer=writer, words=words)
        return thing_card(card, words)
    return None


def register(app: Dash, desk: Desk) -> None:
    """Add the callbacks that show a plan.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works and plans.
    """
    shown_in, route_in = Input(ids.SHOWN, "data"), State(ids.ROUTE, "data")

    @app.callback(
        Output(ids.FIGURES, "children"),
        Output(html_of(ids.TIMELINE), "data"),
        Output(ids.ROUTES, "rowData"),
        Output(ids.RELATED, "data"),
        Output(ids.BANNER, "children"),
        shown_in,
        route_in,
    )
    def show(data: dict[str, Any], route: dict[str, Any]) -> tuple[Any, ...]:
        shown, words = shown_of(data), words_of(route)
        sheet = desk.sheet(shown)
        return *_plan_views(sheet, shown, words), banner_of(desk, sheet, shown, words)

    @app.callback(Output(map_ids.PLAN, "data"), shown_in)
    def draw(data: dict[str, Any]) -> dict[str, Any]:
        shown = shown_of(data)
        sheet = desk.sheet(shown)
        scenario = desk.scenario(shown.work)
        return (
            layers_of(scenario) if sheet is None else layers_of(scenario, sheet.plan, sheet.facts)
        )

    @app.callback(
        Output(html_of(ids.BRIEFING), "data"),
        shown_in,
        Input(ids.BRIEFING_KIND, "value"),
        Input(ids.BRIEFING_LANGUAGE, "value"),
        Input(ids.COMPARE_WITH, "value"),
        route_in,
    )
    def brief(
        data: dict[str, Any], kind: str, language: str, before: str | None, route: dict[str, Any]
    ) -> str:
        shown = shown_of(data, before)
        return _briefing(desk, shown, kind, language_of(language), words_of(route))

    @app.callback(
        Output(html_of(ids.SHORTFALL), "data"),
        Output(ids.SHORTFALL_COUNT, "children"),
        shown_in,
        route_in,
    )
    def fall_short(data: dict[str, Any], route: dict[str, Any]) -> tuple[Any, str]:
        shown = shown_of(data)
        return _shortfall(desk.sheet(shown), shown, words_of(route))

    @app.callback(
        Output(ids.VERDICT, "children"),
        Output(ids.VERDICT_TICK, "disabled"),
        Output(ids.VERDICT_LIST, "children"),
        shown_in,
        Input(ids.VERDICT_TICK, "n_intervals"),
        route_in,
    )
    def judge(
        data: dict[str, Any], ticks: int | None, route: dict[str, Any]
    ) -> tuple[Any, bool, Any]:
        return verdict_of(desk, shown_of(data), ticks, words_of(route))

    # What is compared with is not part of what is shown: each would wait for the other.
    @app.callback(
        Output(html_of(ids.COMPARISON), "data"),
        shown_in,
        Input(ids.COMPARE_WITH, "value"),
        route_in,
    )
    def compare(data: dict[str, Any], number: str | None, route: dict[str, Any]) -> Any:  # noqa: ANN401
        return _compared(desk, shown_of(data, number), words_of(route))

    @app.callback(
        Output(ids.INSPECTOR, "children"),
        Input(map_ids.SELECTION, "data"),
        Input(ids.SENTENCE, "data"),
        State(ids.SHOWN, "data"),
        State(ids.COMPARE_WITH, "value"),
        route_in,
    )
    def inspect(
        selection: Any,  # noqa: ANN401
        sentence: Any,  # noqa: ANN401
        data: dict[str, Any],
        before: str | None,
        route: dict[str, Any],
    ) -> Any:  # noqa: ANN401
        return _inspected(desk, shown_of(data, before), selection, sentence, words_of(route))

    @app.callback(
        Output("verdict-modal", "opened"),
        Input(ids.VERDICT_OPEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_verdict(clicks: int | None) -> Any:  # noqa: ANN401
        return True if clicks else no_update
