"""What the verifier says, as a badge: a mark and words, and a colour besides."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words
from dashboard.sheet import Verdict
from optimizer.faults import Severity

__all__ = ["verdict_badge"]

_ICONS = {
    "proved": "check",
    "broken": "cross",
    "unproved": "unknown",
    "failed": "warning",
    "checking": "clock",
    "improving": "clock",
}


def verdict_badge(verdict: Verdict | None, words: Words, *, improving: bool = False) -> Component:
    """Return the badge of a plan.

    Parameters
    ----------
    verdict : Verdict or None
        What the verifier says; None without a plan.
    words : Words
        Language.
    improving : bool
        Whether the plan is a best so far, which is not verified.

    Returns
    -------
    Component
        The badge.
    """
    state = "improving" if improving else "none" if verdict is None else verdict.state
    if state == "none":
        return html.Span()
    errors = sum(f.severity is Severity.ERROR for f in verdict.faults) if verdict else 0
    return html.Span(
        [icon(_ICONS[state], 12), words(f"verdict.{state}", number=errors)],
        className=f"badge is-{state}",
        **named({"data-state": state}),
    )
