"""Windows in a cell of text: ISO 8601 intervals, ``START/END``, one after the other with ``;``."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.scenario.model import Window

__all__ = ["as_text", "stated_in"]

_ENDS = ("start", "end")


def as_text(windows: Sequence[Window]) -> str:
    """Write windows as the text of a cell.

    Parameters
    ----------
    windows : sequence of Window
        Windows.

    Returns
    -------
    str
        For instance ``"2026-06-15T20:00:00+02:00/2026-06-16T06:00:00+02:00"``; empty for none.
    """
    return "; ".join(f"{w.start.isoformat()}/{w.end.isoformat()}" for w in windows)


def stated_in(text: str) -> list[dict[str, str]]:
    """Read the text of a cell as a scenario states windows.

    Parameters
    ----------
    text : str
        Text; what is no interval is told of by the check of the scenario.

    Returns
    -------
    list of dict
        ``start`` and ``end`` of each, as far as they are given.
    """
    return [
        dict(zip(_ENDS, (end.strip() for end in piece.split("/", 1)), strict=False))
        for piece in text.split(";")
        if piece.strip()
    ]
