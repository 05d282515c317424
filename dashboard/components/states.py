"""What is shown where there is nothing yet, where something is on its way, and where it failed."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words
from optimizer.errors import ConvoiError, FaultsError
from optimizer.faults import Fault, Severity

__all__ = ["empty", "failure", "faults_list", "ground_missing", "skeleton"]


def empty(name: str, title: str, says: str, action: Component | None = None) -> Component:
    """Return what stands where there is nothing yet.

    Parameters
    ----------
    name : str
        Icon.
    title : str
        What is not there.
    says : str
        What to do about it.
    action : Component, optional
        A button that does it.

    Returns
    -------
    Component
        The block.
    """
    children = [icon(name, 28), html.Div(title, className="empty-title"), html.P(says)]
    return html.Div([*children, *([action] if action is not None else [])], className="empty")


def skeleton(lines: int = 6) -> Component:
    """Return grey lines that stand for text that is on its way.

    Parameters
    ----------
    lines : int
        How many.

    Returns
    -------
    Component
        The lines.
    """
    widths = ("92%", "100%", "84%", "97%", "63%")
    bars = [dmc.Skeleton(height=10, w=widths[i % len(widths)], radius="sm") for i in range(lines)]
    return html.Div(bars, className="skeleton", **named({"aria-busy": "true"}))


def failure(error: ConvoiError, title: str, words: Words) -> Component:
    """Return what went wrong, in the words of the error, and what would be right.

    Parameters
    ----------
    error : ConvoiError
        The error.
    title : str
        What could not be done.
    words : Words
        Words.

    Returns
    -------
    Component
        An alert; every fault with its line, place and remedy.
    """
    if isinstance(error, FaultsError):
        body: Component = faults_list(error.faults, words)
    else:
        body = html.P(words("fault.told", told=error), className="failure-told")
    return dmc.Alert(
        body,
        title=title,
        color="red",
        variant="light",
        icon=icon("warning", 18),
        withCloseButton=True,
        closeButtonLabel=words("shell.close"),
        className="alert",
    )


def faults_list(faults: Sequence[Fault], words: Words) -> Component:
    """Return a list of faults.

    Parameters
    ----------
    faults : sequence of Fault
        Faults and warnings.
    words : Words
        Language.

    Returns
    -------
    Component
        A line each: where it stands, what is wrong and what would be right.
    """
    return html.Ul([_fault(fault, words) for fault in faults], className="faults")


def _fault(fault: Fault, words: Words) -> Component:
    warning = fault.severity is Severity.WARNING
    line = [html.Span(words("fault.line", line=fault.line), className="fault-line")]
    return html.Li(
        [
            html.Span(
                words("fault.warning") if warning else words("fault.error"),
                className=f"fault-kind {'is-warning' if warning else 'is-error'}",
            ),
            *(line if fault.line is not None else []),
            html.Code(fault.pointer or "/", className="fault-place"),
            html.Span(fault.text(words.language), className="fault-told"),
        ]
    )


def ground_missing(name: str, words: Words) -> Component:
    """Return what is said where the ground of a scenario is not on this machine.

    Parameters
    ----------
    name : str
        Name of the theatre.
    words : Words
        Language.

    Returns
    -------
    Component
        An alert that tells where the theatre is looked for.
    """
    return dmc.Alert(
        words("empty.theatre_says", name=name),
        title=words("empty.theatre", name=name),
        color="yellow",
        variant="light",
        icon=icon("warning", 18),
        className="alert",
        **named({"data-testid": "ground-missing"}),
    )
