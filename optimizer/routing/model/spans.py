"""Windows in seconds from the start of the horizon."""

from __future__ import annotations

import math
from collections.abc import Sequence

from optimizer.scenario.model import Scenario, Window

__all__ = ["Span", "meet", "spans"]

#: First and last second of a window.
Span = tuple[int, int]


def spans(windows: Sequence[Window], scenario: Scenario, horizon_s: int) -> tuple[Span, ...]:
    """Return windows in seconds, inside the horizon, in order.

    Parameters
    ----------
    windows : sequence of Window
        Windows; none at all means the whole horizon.
    scenario : Scenario
        Whose horizon counts.
    horizon_s : int
        Last second of the horizon.

    Returns
    -------
    tuple of Span
        Without those outside the horizon; parts of seconds are cut to the safe side.
    """
    if not windows:
        return ((0, horizon_s),)
    start = scenario.horizon.start
    found = []
    for window in windows:
        first = max(0, math.ceil((window.start - start).total_seconds()))
        last = min(horizon_s, math.floor((window.end - start).total_seconds()))
        if first <= last:
            found.append((first, last))
    return tuple(sorted(found))


def meet(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return when two sets of windows are both open.

    Parameters
    ----------
    first, second : tuple of Span
        Windows, each in order and without overlap.

    Returns
    -------
    tuple of Span
        The same of what they have in common.
    """
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple(sorted(span for span in both if span[0] <= span[1]))
