"""Suggests the known name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]

_CLOSE = 0.6  # difflib's own default
_SHOWN = 6


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name nearest to one that is not known.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str
        The nearest name; without a near one, the first few in order of likeness; ``"-"`` if nothing
        is known.
    """

    def likeness(other: str) -> float:
        return difflib.SequenceMatcher(None, name.casefold(), other.casefold()).ratio()

    ranked = sorted(((likeness(other), other) for other in set(known)), key=lambda p: (-p[0], p[1]))
    if not ranked:
        return "-"
    if ranked[0][0] >= _CLOSE:
        return ranked[0][1]
    shown = ", ".join(other for _, other in ranked[:_SHOWN])
    return f"{shown}, ..." if len(ranked) > _SHOWN else shown
