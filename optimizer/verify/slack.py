"""The slack of every stop, computed from the end of its route backwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from optimizer.plan.model import Leg, Trip
from optimizer.verify.case import Case, March, Violation, violation
from optimizer.verify.limits import base_windows, shift_s
from optimizer.verify.times import open_windows

__all__ = ["violations"]


def violations(case: Case, march: March) -> Iterator[Violation]:
    """Yield the stops of a route whose slack is not what its times give.

    Parameters
    ----------
    case : Case
        Case.
    march : March
        Route whose times break no rule.

    Yields
    ------
    Violation
        From the last stop to the first.
    """
    trips = list(march.trips())
    last = march.convoy.available_s[1]
    shift_end = case.seconds(trips[0][1].loading_start) + shift_s(case)
    latest_end = min(last, case.horizon_s, shift_end)
    for pointer, trip in reversed(trips):
        latest_end = min(latest_end, _closes(case, trip, trip.end))
        latest_depart = _latest_depart(case, march, trip.legs[-1], latest_end - march.convoy.pass_s)
        for number in reversed(range(len(trip.stops))):
            stop = trip.stops[number]
            ends = [max(e for _, e in windows) for _, windows in open_windows(case, stop)]
            latest_start = min([latest_depart - stop.handling_s, *ends])
            latest_arrive = latest_start - march.convoy.pass_s
            slack = latest_arrive - case.seconds(stop.arrive)
            if slack != stop.slack_s:
                yield violation(
                    "time.slack",
                    f"{pointer}/stops/{number}/slack_s",
                    stated=stop.slack_s,
                    expected=slack,
                )
            latest_depart = _latest_depart(case, march, trip.legs[number], latest_arrive)
        loading = case.seconds(trip.depart) - case.seconds(trip.loading_start)
        latest_end = min(latest_depart - loading, _closes(case, trip, trip.loading_start))


def _latest_depart(case: Case, march: March, leg: Leg, arrive: int) -> int:
    """Return by when a leg can begin, on the same way, to arrive by a given time."""
    if case.is_past(leg.depart):
        return arrive - leg.travel_s
    return min(arrive - leg.travel_s, case.hours.latest_s(*case.under_way(march, leg)))


def _closes(case: Case, trip: Trip, time: datetime) -> int:
    """Return the end of the window of the base that a time lies in."""
    seconds = case.seconds(time)
    return max(e for s, e in base_windows(case, trip.base) if s <= seconds <= e)
