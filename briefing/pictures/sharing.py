"""Shares the rows of a strip map between columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from briefing.pictures.rows import Row

__all__ = ["TOP", "height", "shared"]

#: Where columns but the first begin, points.
TOP = 2.0
#: A sheet may be so much higher, points, for columns that do not break inside a trip.
_INSIDE_TRIP = 30.0


def height(columns: Sequence[Sequence[Row]], head: float) -> float:
    """Return how high columns are.

    Parameters
    ----------
    columns : sequence of sequence of Row
        Columns.
    head : float
        Points that the first of them leaves free at its top.

    Returns
    -------
    float
        Points.
    """
    return max(
        sum(row.high for row in column) + (TOP if number else head)
        for number, column in enumerate(columns)
    )


def shared(rows: Sequence[Row], head: float, count: int) -> list[list[Row]]:
    """Share rows between at most so many columns, so that the sheet is as low as it can be.

    A trip's title stays with its base, and a leg's line with the station that it leads from.

    Parameters
    ----------
    rows : sequence of Row
        Rows, at least one.
    head : float
        Points that the first column leaves free at its top.
    count : int
        Columns at most.

    Returns
    -------
    list of list of Row
        Columns.
    """
    reached = [0.0, *itertools.accumulate(row.high for row in rows)]
    cuts = [n for n in range(1, len(rows)) if _may_cut(rows[n - 1], rows[n])]
    # Lowest sheet of the first rows in so many columns, and where the last of them begins.
    best = [{end: (reached[end] + head, 0) for end in (*cuts, len(rows))}]
    for _ in range(1, count):
        before = best[-1]
        here = dict(before)
        for end in before:
            for start in cuts:
                if start >= end:
                    break
                high = max(before[start][0], reached[end] - reached[start] + TOP)
                high += 0.0 if rows[start].kind == "trip" else _INSIDE_TRIP
                if high < here[end][0]:
                    here[end] = (high, start)
        best.append(here)
    columns: list[list[Row]] = []
    end = len(rows)
    for level in reversed(best):
        start = level[end][1]
        columns.append(list(rows[start:end]))
        end = start
        if not start:
            break
    return columns[::-1]


def _may_cut(before: Row, after: Row) -> bool:
    return before.kind not in {"trip", "leg"} and after.kind != "leg"
