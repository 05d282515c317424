"""The band that is shown while a plan is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from briefing.facts.model import Quantity
from briefing.wording.values import Writer
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.states import faults_list
from dashboard.i18n import Words

if TYPE_CHECKING:
    from optimizer.jobs import Best, Job

__all__ = ["failed_band", "solving_band", "stopped_band"]

STAGES = ("queued", "ways", "search", "reasons", "writing")


def solving_band(job: Job, writer: Writer, words: Words) -> Component:
    """Return how a job stands.

    Parameters
    ----------
    job : Job
        A job that is not over.
    writer : Writer
        Writes figures.
    words : Words
        Words.

    Returns
    -------
    Component
        Stages, progress, and the best so far.
    """
    at = STAGES.index(job.stage) if job.stage in STAGES else len(STAGES)
    steps = [
        html.Li(
            words(f"stage.{stage}"),
            className="is-done" if i < at else "is-now" if i == at else "",
            **named({"aria-current": "step"} if i == at else {}),
        )
        for i, stage in enumerate(STAGES)
    ]
    known = job.progress is not None
    # The bar begins anew at each stage: its figure says of which.
    stage, percent = words(f"stage.{job.stage}"), round(100 * (job.progress or 0))
    share = words("solve.share", stage=stage, percent=percent) if known else stage
    bar = dmc.Progress(
        value=100 * (job.progress or 0) if known else 100,
        animated=not known,
        striped=not known,
        size="sm",
        **named({"aria-label": stage}),
    )
    return html.Div(
        [
            html.Div(
                [html.Ol(steps, className="stages"), html.Span(share, className="share")],
                className="solve-head",
            ),
            bar,
            html.Div(_best(job.incumbents, writer, words), className="solve-best"),
        ],
        className="solve-told",
        **named({"data-testid": "solve-told", "data-stage": job.stage}),
    )


def _best(incumbents: tuple[Best, ...], writer: Writer, words: Words) -> str:
    if not incumbents:
        return words("solve.none_yet")
    best = incumbents[-1]
    told = {
        "undelivered": writer.write(Quantity(best.undelivered_kg, "kg")),
        "convoys": best.convoys,
        "number": len(incumbents),
    }
    time_s = best.objectives.get("time")
    if time_s is None:
        # Of what nobody asked to keep small nothing is known before the plan is complete.
        return words("solve.best_untimed", **told)
    return words("solve.best", **told, time=writer.write(Quantity(time_s, "s")))


def failed_band(job: Job, words: Words) -> Component:
    """Return why a job failed, and what can be done.

    Parameters
    ----------
    job : Job
        A job that failed.
    words : Words
        Words.

    Returns
    -------
    Component
        An alert with every fault.
    """
    faults = job.problem.faults if job.problem is not None else ()
    return dmc.Alert(
        [html.P(words("solve.failed_says")), faults_list(faults, words)],
        title=words("solve.failed"),
        color="red",
        variant="light",
        icon=icon("warning", 18),
        withCloseButton=True,
        closeButtonLabel=words("shell.close"),
        className="alert",
        **named({"data-testid": "solve-failed"}),
    )


def stopped_band(*, found: bool, before: bool, words: Words) -> Component:
    """Return what a person is told who stopped a solve.

    Parameters
    ----------
    found : bool
        Whether a plan was found by then.
    before : bool
        Whether a plan of an earlier search is shown where none was found.
    words : Words
        Words.

    Returns
    -------
    Component
        A notice.
    """
    ended = "says" if found else "before" if before else "none"
    return dmc.Alert(
        words(f"solve.stopped_{ended}"),
        title=words("solve.stopped"),
        color="yellow",
        variant="light",
        icon=icon("stop", 16),
        withCloseButton=True,
        closeButtonLabel=words("shell.close"),
        className="alert",
        **named({"data-testid": "solve-stopped"}),
    )
