"""Times: windows, due times, availability and the horizon."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import available_timezones

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error, warning
from optimizer.scenario.model import Horizon, Window
from optimizer.scenario.names import nearest
from optimizer.scenario.places import pointer

__all__ = ["display_zone", "horizon", "windows"]

_LONG = timedelta(days=31)


def horizon(stated: Stated) -> Iterator[Fault]:
    """Check the horizon.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        If it is empty, or so long that a year was probably mistyped.
    """
    span = stated.scenario.horizon
    if span.end <= span.start:
        yield error(
            "scenario.horizon_empty",
            pointer("horizon", "end"),
            start=span.start.isoformat(),
            end=span.end.isoformat(),
        )
    elif span.end - span.start > _LONG:
        days = round((span.end - span.start) / timedelta(days=1))
        yield warning("scenario.horizon_long", pointer("horizon"), days=days)


def windows(stated: Stated) -> Iterator[Fault]:
    """Check every window, due time and availability against itself and against the horizon.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For windows that end before they start, overlap, or lie wholly outside the horizon.
    """
    scenario = stated.scenario
    span = scenario.horizon
    for i, site in enumerate(scenario.sites):
        yield from _windows(site.windows, pointer("sites", i, "windows"), span)
    for i, demand in enumerate(scenario.demands):
        yield from _windows(demand.windows, pointer("demands", i, "windows"), span)
        yield from _windows(demand.pickup_windows, pointer("demands", i, "pickup_windows"), span)
        if demand.due is not None and not span.start <= demand.due <= span.end:
            yield warning(
                "scenario.due_outside", pointer("demands", i, "due"), due=demand.due.isoformat()
            )
    for name in ("areas", "changes"):
        for i, entry in enumerate(getattr(scenario, name)):
            yield from _hours(entry.windows, pointer(name, i, "windows"), span)
    for i, entry in enumerate(scenario.fleet):
        if entry.available is not None:
            yield from _window(entry.available, pointer("fleet", i, "available"), span)


def _windows(spans: Sequence[Window], place: str, whole: Horizon) -> Iterator[Fault]:
    for i, window in enumerate(spans):
        yield from _window(window, f"{place}/{i}", whole)
    ordered = sorted(enumerate(spans), key=lambda item: item[1].start)
    for (_, before), (i, after) in itertools.pairwise(ordered):
        if after.start < before.end:
            yield warning("scenario.windows_overlap", f"{place}/{i}", start=after.start.isoformat())


def _hours(spans: Sequence[Window], place: str, whole: Horizon) -> Iterator[Fault]:
    """Check when an area or a change holds: one that never does is told of as such."""
    for fault in _windows(spans, place, whole):
        if fault.code != "scenario.window_outside":
            yield fault
    for i, window in enumerate(spans):
        outside = window.end <= whole.start or window.start >= whole.end
        if outside or window.end == window.start:
            yield warning(
                "scenario.hours_never",
                f"{place}/{i}",
                start=window.start.isoformat(),
                end=window.end.isoformat(),
            )


def _window(window: Window, place: str, whole: Horizon) -> Iterator[Fault]:
    if window.end < window.start:
        yield error(
            "scenario.window_order",
            place,
            start=window.start.isoformat(),
            end=window.end.isoformat(),
        )
    elif window.end < whole.start or window.start > whole.end:
        yield warning(
            "scenario.window_outside",
            place,
            start=window.start.isoformat(),
            end=window.end.isoformat(),
        )


def display_zone(stated: Stated) -> Iterator[Fault]:
    """Check that the zone in which times are shown exists.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        If it is no IANA name.
    """
    zone, known = stated.scenario.display_zone, available_timezones()
    if zone not in known:
        yield error(
            "scenario.unknown_zone", pointer("display_zone"), name=zone, near=nearest(zone, known)
        )
