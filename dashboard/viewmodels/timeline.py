"""The timeline: when each convoy loads, drives, waits and hands over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from briefing.facts.medium import medium
from briefing.facts.model import Quantity, Time
from briefing.wording.values import Writer
from dashboard.i18n import Words
from optimizer.plan.model import Plan, Route
from optimizer.scenario.model import Site
from optimizer.terrain.media import Medium

__all__ = ["Bar", "Doing", "Lane", "Tick", "Timeline", "Window", "timeline_of"]

Doing = Literal["loading", "driving", "flying", "sailing", "waiting", "handling"]

#: What a convoy does on its legs, by what it moves in.
_MOVES: dict[Medium, Doing] = {
    Medium.GROUND: "driving",
    Medium.AIR: "flying",
    Medium.WATER: "sailing",
}

_TICKS = 12  # at most so many, or their labels touch at 1280 pixels
_STEPS_H = (1, 2, 3, 4, 6, 12, 24, 48)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a convoy does for a while; places are percent of the width."""

    doing: Doing
    left: float
    width: float
    told: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a site that the convoy comes to is open."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One convoy; it is told by its id, as in documents, and by its name if it has one."""

    convoy: str
    name: str
    bars: tuple[Bar, ...]
    windows: tuple[Window, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour; a new day is told by its date."""

    left: float
    label: str
    day: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All convoys over the hours in which something happens."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def at(self, time: datetime) -> float:
        share = (time - self.start) / (self.end - self.start)
        return round(100 * min(1.0, max(0.0, share)), 3)

    def span(self, start: datetime, end: datetime) -> tuple[float, float]:
        return self.at(start), round(self.at(end) - self.at(start), 3)


def timeline_of(plan: Plan, writer: Writer, words: Words) -> Timeline:
    """Return the timeline of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    writer : Writer
        Writes times and durations.
    words : Words
        Words for what is done.

    Returns
    -------
    Timeline
        A lane for each convoy that moves, the one that loads first at the top.
    """
    moving = [route for route in plan.routes if route.trips]
    if not moving:
        return Timeline((), ())
    zone = ZoneInfo(plan.scenario.display_zone)
    scale = _scale(moving, zone)
    sites = {site.id: site for site in plan.scenario.sites}
    ordered = sorted(moving, key=lambda route: (route.trips[0].loading_start, route.convoy))
    names = {entry.id: entry.label for entry in plan.scenario.convoys}
    lanes = tuple(
        Lane(
            route.convoy,
            names.get(route.convoy) or "",
            tuple(_bars(route, scale, sites, writer, words)),
            tuple(_windows(route, scale, sites)),
            words(
                "timeline.lane",
                convoy=route.convoy,
                trips=len(route.trips),
                start=writer.write(Time(route.trips[0].loading_start)),
                end=writer.write(Time(route.trips[-1].end)),
            ),
        )
        for route in ordered
    )
    return Timeline(lanes, tuple(_ticks(scale)))


def _scale(routes: list[Route], zone: ZoneInfo) -> _Scale:
    first = min(r.trips[0].loading_start for r in routes).astimezone(zone)
    last = max(r.trips[-1].end for r in routes).astimezone(zone)
    start = first.replace(minute=0, second=0, microsecond=0)
    end = last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _Scale(start, end)


def _bars(
    route: Route, scale: _Scale, sites: dict[str, Site], writer: Writer, words: Words
) -> Iterator[Bar]:
    def bar(doing: Doing, start: datetime, end: datetime, place: str, site: str | None) -> Bar:
        told = words(
            f"timeline.{doing}",
            place=place,
            start=writer.write(Time(start)),
            end=writer.write(Time(end)),
            duration=writer.write(Quantity((end - start).total_seconds(), "s")),
        )
        return Bar(doing, *scale.span(start, end), told, site)

    def name(site: str) -> str:
        return sites[site].label or site if site in sites else site

    moves = _MOVES[medium(route.profile)]
    for trip in route.trips:
        yield bar("loading", trip.loading_start, trip.depart, name(trip.base), trip.base)
        for leg in trip.legs:
            yield bar(moves, leg.depart, leg.arrive, name(leg.destination), leg.destination)
        for stop, leg in zip(trip.stops, trip.legs[1:], strict=True):
            if leg.depart > stop.depart:
                yield bar("waiting", stop.depart, leg.depart, name(stop.site), stop.site)
            if stop.wait_s:
                begun = stop.start - timedelta(seconds=stop.wait_s)
                yield bar("waiting", begun, stop.start, name(stop.site), stop.site)
            done = stop.start + timedelta(seconds=stop.handling_s)
            yield bar("handling", stop.start, done, name(stop.site), stop.site)


def _windows(route: Route, scale: _Scale, sites: dict[str, Site]) -> Iterator[Window]:
    for trip in route.trips:
        for stop in trip.stops:
            site = sites.get(stop.site)
            for window in site.windows if site is not None else ():
                if window.start <= stop.start <= window.end:
                    yield Window(*scale.span(window.start, window.end))


def _ticks(scale: _Scale) -> Iterator[Tick]:
    hours = (scale.end - scale.start).total_seconds() / 3600
    step = next((s for s in _STEPS_H if hours / s <= _TICKS), _STEPS_H[-1])
    time = scale.start + timedelta(hours=-scale.start.hour % step)
    before: datetime | None = None
    while time < scale.end:
        day = before is not None and time.date() != before.date()
        yield Tick(scale.at(time), f"{time:%d/%m}" if day else f"{time:%H}:00", day)
        before = time
        time += timedelta(hours=step)
