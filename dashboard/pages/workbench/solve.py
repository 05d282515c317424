"""Plans from the page: ask, follow, stop, accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from briefing.wording import voice
from dashboard import ids
from dashboard.components.solving import failed_band, solving_band, stopped_band
from dashboard.components.states import failure
from dashboard.desk import Desk
from dashboard.edits import Objectives
from dashboard.i18n import Words
from dashboard.pages.workbench.dialogs import objective_rows
from dashboard.pages.workbench.show import shown_of, words_of
from dashboard.sheet import Shown
from dashboard.viewmodels.curve import curve_of
from optimizer.errors import ConvoiError, FaultsError
from optimizer.scenario.model import Objective

if TYPE_CHECKING:
    from optimizer.jobs import Job

__all__ = ["moved", "register", "step"]


def moved(order: Sequence[str], at: int, way: str) -> list[str]:
    """Move one of several objectives up or down; the first is what every plan is for, and stays.

    Parameters
    ----------
    order : sequence of str
        Things in order.
    at : int
        Place of the one that is moved, from 0.
    way : {"up", "down"}
        Where to.

    Returns
    -------
    list of str
        The new order; the same where there is no further place.
    """
    to = at + (-1 if way == "up" else 1)
    new = list(order)
    if at >= 1 and 1 <= to < len(new):
        new[at], new[to] = new[to], new[at]
    return new


def start(
    desk: Desk, work: str, budget: str, amount: float, seed: int, order: Sequence[str]
) -> Shown:
    """Ask for a plan.

    Parameters
    ----------
    desk : Desk
        Works and jobs.
    work : str
        Id of the work.
    budget : {"seconds", "iterations"}
        What the amount counts.
    amount : float
        Budget.
    seed : int
        Seed.
    order : sequence of str
        Objectives, the most important first.

    Returns
    -------
    Shown
        What the page shows from now on.
    """
    from optimizer.routing.options import SolveOptions  # noqa: PLC0415 - brings the solver along

    wanted = tuple(Objective(name) for name in order)
    if (
        wanted
        and wanted != desk.scenario(work).objectives
        and (faults := desk.edit(work, Objectives(order=wanted)))
    ):
        raise FaultsError(faults)
    limit = (
        {"iterations": int(amount)} if budget == "iterations" else {"time_limit_s": float(amount)}
    )
    return desk.submit(work, SolveOptions(seed=int(seed), **limit))


def step(desk: Desk, shown: Shown, words: Words) -> tuple[Any, Any, bool, str, Any, Any]:
    """Look how the plan that is being made stands.

    Parameters
    ----------
    desk : Desk
        Works and jobs.
    shown : Shown
        What the page shows.
    words : Words
        Language.

    Returns
    -------
    tuple
        The band, what is shown, whether to stop looking, the class of the band, the curve, and a
        notice of how it ended.
    """
    job = desk.follow(shown.work)
    if job is None or job.over:
        latest = desk.newest(shown.work, shown.stamp)
        fresh = replace(latest, before=shown.before, stamp=shown.stamp) != shown
        notice = None if job is None else _notice(job, latest, words)
        return None, asdict(latest) if fresh else no_update, True, "solve is-hidden", None, notice
    writer = voice(words.language, desk.scenario(shown.work).display_zone).writer
    latest = desk.newest(shown.work, shown.stamp)
    fresh = replace(latest, before=shown.before, stamp=shown.stamp) != shown
    curve = asdict(curve_of(job.incumbents, _seconds(job)))
    band = solving_band(job, writer, words)
    return band, asdict(latest) if fresh else no_update, False, "solve", curve, None


def _seconds(job: Job) -> float:
    limit = job.options.time_limit_s
    if limit is not None and job.progress is not None and job.stage == "search":
        return limit * job.progress
    return job.incumbents[-1].seconds if job.incumbents else 0.0


def _notice(job: Job, latest: Shown, words: Words) -> Any:  # noqa: ANN401 - components have no common stubs
    if job.state == "failed":
        return failed_band(job, words)
    if job.state == "cancelled":
        there = latest.plan is not None
        return stopped_band(found=job.plan_number > 0, before=there, words=words)
    return None


def register(app: Dash, desk: Desk) -> None:
    """Add the callbacks that plan.

    Parameters
    ----------
    app : Dash
        Application.
    desk : Desk
        Works and jobs.
    """
    route_in, shown_in = State(ids.ROUTE, "data"), State(ids.SHOWN, "data")

    @app.callback(
        Output(ids.PLAN_MODAL, "opened"),
        Output(ids.OBJECTIVES, "data"),
        Output(ids.PLAN_FAULTS, "children"),
        Input(ids.PLAN_OPEN, "n_clicks"),
        Input(ids.EDIT_AGAIN, "n_clicks"),
        shown_in,
        prevent_initial_call=True,
    )
    def ask(one: int | None, other: int | None, data: dict[str, Any]) -> tuple[bool, Any, None]:
        if not (one or other):
            raise PreventUpdate
        return True, [o.value for o in desk.scenario(data["work"]).objectives], None

    @app.callback(Output(ids.OBJECTIVES_LIST, "children"), Input(ids.OBJECTIVES, "data"), route_in)
    def list_objectives(order: list[str] | None, route: dict[str, Any]) -> Any:  # noqa: ANN401
        return objective_rows([Objective(name) for name in order or ()], words_of(route))

    @app.callback(
        Output(ids.OBJECTIVES, "data", allow_duplicate=True),
        Input(ids.OBJECTIVE_MOVE, "data"),
        State(ids.OBJECTIVES, "data"),
        prevent_initial_call=True,
    )
    def move(asked: dict[str, Any] | None, order: list[str]) -> list[str]:
        if not asked:
            raise PreventUpdate
        way, _, at = str(asked["value"]).partition(":")
        return moved(order, int(at), way)

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.PLAN_MODAL, "opened", allow_duplicate=True),
        Output(ids.SOLVE_TICK, "disabled", allow_duplicate=True),
        Output(ids.PLAN_FAULTS, "children", allow_duplicate=True),
        Input(ids.PLAN_START, "n_clicks"),
        State(ids.PLAN_BUDGET, "value"),
        State(ids.PLAN_AMOUNT, "value"),
        State(ids.PLAN_SEED, "value"),
        State(ids.OBJECTIVES, "data"),
        shown_in,
        route_in,
        prevent_initial_call=True,
    )
    def begin(
        clicks: int | None,
        budget: str,
        amount: float,
        seed: int,
        order: list[str],
        data: dict[str, Any],
        route: dict[str, Any],
    ) -> tuple[Any, Any, Any, Any]:
        if not clicks:
            raise PreventUpdate
        words = words_of(route)
        try:
            shown = start(desk, data["work"], budget, amount or 1, seed or 0, order)
        except ConvoiError as error:
            return no_update, True, no_update, failure(error, words("plan.refused"), words)
        return asdict(shown), False, False, None

    @app.callback(
        Output(ids.SOLVE, "children"),
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.SOLVE_TICK, "disabled", allow_duplicate=True),
        Output("solve-band", "className"),
        Output(ids.SOLVE_CURVE, "data"),
        Output("notice", "children"),
        Input(ids.SOLVE_TICK, "n_intervals"),
        Input(ids.SOLVE_TICK, "disabled"),
        shown_in,
        route_in,
        prevent_initial_call=True,
    )
    def follow(
        _: int, disabled: bool, data: dict[str, Any], route: dict[str, Any]
    ) -> tuple[Any, ...]:
        if disabled:
            raise PreventUpdate
        return step(desk, shown_of(data), words_of(route))

    @app.callback(
        Output(ids.SOLVE_STOP, "loading"),
        Input(ids.SOLVE_STOP, "n_clicks"),
        shown_in,
        prevent_initial_call=True,
    )
    def stop(clicks: int | None, data: dict[str, Any]) -> bool:
        if clicks and (job := desk.follow(data["work"])) is not None:
            desk.jobs.cancel(job.id)
        return False

    @app.callback(
        Output(ids.SOLVE_ACCEPT, "loading"),
        Input(ids.SOLVE_ACCEPT, "n_clicks"),
        shown_in,
        prevent_initial_call=True,
    )
    def accept(clicks: int | None, data: dict[str, Any]) -> bool:
        if clicks and (job := desk.follow(data["work"])) is not None:
            desk.jobs.accept(job.id)
        return False
