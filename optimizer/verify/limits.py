"""Rules 7 and 8 of ``docs/reference/plan.md``: what a route as a whole must lie within."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from optimizer.verify.case import Case, March, Violation, violation

__all__ = ["base_windows", "shift_s", "violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every broken limit of a route.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    for march in case.marches:
        yield from _route(case, march)
        yield from _order(case, march)
        yield from _base_windows(case, march)


def base_windows(case: Case, base: str) -> tuple[tuple[int, int], ...]:
    """Return when a base is open.

    Parameters
    ----------
    case : Case
        Case.
    base : str
        Its site.

    Returns
    -------
    tuple of (int, int)
        First and last second of each window; the horizon where none is stated.
    """
    windows = case.sites[base].windows if base in case.sites else ()
    if not windows:
        return ((0, case.horizon_s),)
    return tuple(case.span(window) for window in windows)


def shift_s(case: Case) -> int:
    """Return how long a route may take.

    Parameters
    ----------
    case : Case
        Case.

    Returns
    -------
    int
        Seconds, rounded to the nearest.
    """
    return round(case.scenario.rules.shift_h * 3600)


def _route(case: Case, march: March) -> Iterator[Violation]:
    begin = case.seconds(march.route.trips[0].loading_start)
    end = case.seconds(march.route.trips[-1].end)
    span = {"begin": case.clock(begin), "end": case.clock(end)}
    first, last = march.convoy.available_s
    if begin < 0 or end > case.horizon_s:
        yield violation("time.horizon", march.pointer, **span)
    elif begin < first or end > last:
        yield violation(
            "time.availability",
            march.pointer,
            convoy=march.convoy.id,
            first=case.clock(first),
            last=case.clock(last),
            **span,
        )
    limit = case.scenario.rules.shift_h
    if end - begin > shift_s(case):
        hours = round((end - begin) / 3600, 2)
        yield violation("time.shift", march.pointer, hours=hours, limit=limit)


def _order(case: Case, march: March) -> Iterator[Violation]:
    for (_, before), (pointer, after) in itertools.pairwise(march.trips()):
        if case.seconds(after.loading_start) < case.seconds(before.end):
            yield violation(
                "time.trip_order",
                f"{pointer}/loading_start",
                stated=after.loading_start.isoformat(),
                expected=before.end.isoformat(),
            )


def _base_windows(case: Case, march: March) -> Iterator[Violation]:
    for pointer, trip in march.trips():
        if trip.base not in case.sites or not case.sites[trip.base].windows:
            continue
        for place, time in (("loading_start", trip.loading_start), ("end", trip.end)):
            seconds = case.seconds(time)
            if not any(first <= seconds <= last for first, last in base_windows(case, trip.base)):
                yield violation(
                    "time.base_window",
                    f"{pointer}/{place}",
                    base=trip.base,
                    stated=time.isoformat(),
                )
