"""What is verified, looked up once: the plan beside the scenario that it must answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from optimizer.faults import Fault
from optimizer.plan.model import Leg, Plan, Route, Trip
from optimizer.scenario.convoys import Convoy, convoys_of, goods_of
from optimizer.scenario.hours import Hours, hours_of
from optimizer.scenario.model import Base, Demand, Good, MatrixTable, Scenario, Site, Window

__all__ = ["Case", "March", "Violation", "case_of", "fits", "violation"]

#: A violation is a fault of a plan: a code, a pointer into it, parameters, words in two languages.
Violation = Fault

_SECOND = timedelta(seconds=1)


def violation(code: str, pointer: str, /, **params: str | float) -> Violation:
    """Make a violation.

    Parameters
    ----------
    code : str
        A table of ``data/messages/violations.toml``.
    pointer : str
        JSON pointer into the plan.
    **params : str or float
        Fields of its sentence.

    Returns
    -------
    Violation
        The violation.
    """
    return Fault(code, pointer, params)


@dataclass(frozen=True, slots=True)
class March:
    """A route whose convoy is known and whose legs and stops fit together.

    Parameters
    ----------
    pointer : str
        Where the route stands in the plan.
    route : Route
        The route.
    convoy : Convoy
        Its convoy, from the scenario.
    """

    pointer: str
    route: Route
    convoy: Convoy

    def trips(self) -> Iterator[tuple[str, Trip]]:
        """Yield each trip after its pointer.

        Yields
        ------
        tuple of str and Trip
            In order.
        """
        for number, trip in enumerate(self.route.trips):
            yield f"{self.pointer}/trips/{number}", trip


@dataclass(frozen=True, slots=True)
class Case:
    """A plan and its scenario, with what both name looked up.

    Parameters
    ----------
    plan : Plan
        What is verified.
    scenario : Scenario
        What it must answer.
    goods, demands, sites, bases, convoys, matrices : mapping
        By id; bases by their site, matrices by mobility class.
    marches : tuple of March
        The routes that can be followed; what is wrong with the others is told by
        ``optimizer.verify.references`` and ``ways``.
    hours : Hours
        Which areas and changes hold when.
    until_s : int
        What began before it was done before the plan was made: it is as it was driven, and the
        scenario's ground, hours and windows, which may be others now, do not judge it.
    """

    plan: Plan
    scenario: Scenario
    goods: Mapping[str, Good]
    demands: Mapping[str, Demand]
    sites: Mapping[str, Site]
    bases: Mapping[str, Base]
    convoys: Mapping[str, Convoy]
    matrices: Mapping[str, MatrixTable]
    marches: tuple[March, ...]
    hours: Hours
    until_s: int

    def is_past(self, begin: datetime) -> bool:
        """Tell whether what began then was done before the plan was made.

        Parameters
        ----------
        begin : datetime
            When it began.

        Returns
        -------
        bool
            Whether it was.
        """
        return self.seconds(begin) < self.until_s

    @property
    def horizon_s(self) -> int:
        """Length of the horizon."""
        return self.seconds(self.scenario.horizon.end)

    def seconds(self, time: datetime) -> int:
        """Return the whole seconds from the start of the horizon.

        Parameters
        ----------
        time : datetime
            Aware time.

        Returns
        -------
        int
            Seconds, rounded down.
        """
        return (time - self.scenario.horizon.start) // _SECOND

    def under_way(self, march: March, leg: Leg) -> tuple[int, int]:
        """Return from when until when a convoy is on a leg: from its head to its tail.

        Parameters
        ----------
        march : March
            The route.
        leg : Leg
            One of its legs.

        Returns
        -------
        tuple of int
            Seconds from the start of the horizon.
        """
        begin = self.seconds(leg.depart)
        return begin, begin + leg.travel_s + march.convoy.pass_s

    def clock(self, seconds: int) -> str:
        """Write a time as the plan does.

        Parameters
        ----------
        seconds : int
            Seconds from the start of the horizon.

        Returns
        -------
        str
            ISO 8601 with the offset of the horizon.
        """
        try:
            return (self.scenario.horizon.start + seconds * _SECOND).isoformat()
        except OverflowError:  # a plan may state anything
            return f"{seconds} s"

    def pickup_windows(self, demand: Demand) -> tuple[tuple[int, int], ...]:
        """Return when handling that takes a demand aboard may begin.

        Parameters
        ----------
        demand : Demand
            Demand with a pickup whose site is known.

        Returns
        -------
        tuple of (int, int)
            First and last second of each window.
        """
        return self._spans(demand.pickup_windows or self.sites[demand.pickup or ""].windows)

    def windows(self, demand: Demand) -> tuple[tuple[int, int], ...]:
        """Return when handling for a demand may begin.

        Parameters
        ----------
        demand : Demand
            Demand whose site is known.

        Returns
        -------
        tuple of (int, int)
            First and last second of each window.
        """
        return self._spans(demand.windows or self.sites[demand.site].windows)

    def _spans(self, stated: Sequence[Window]) -> tuple[tuple[int, int], ...]:
        if not stated:
            return ((0, self.horizon_s),)
        return tuple(self.span(window) for window in stated)

    def span(self, window: Window) -> tuple[int, int]:
        """Return the whole seconds that lie in a window.

        Parameters
        ----------
        window : Window
            Window of the scenario.

        Returns
        -------
        tuple of int
            First and last second: an opening is rounded up, a closing down.
        """
        start = self.scenario.horizon.start
        return -((start - window.start) // _SECOND), self.seconds(window.end)


def case_of(plan: Plan, scenario: Scenario) -> Case:
    """Look up what a plan and its scenario name.

    Parameters
    ----------
    plan : Plan
        Plan.
    scenario : Scenario
        A scenario whose ids exist, see ``optimizer.verify.references``.

    Returns
    -------
    Case
        The case.
    """
    convoys = {convoy.id: convoy for convoy in convoys_of(scenario)}
    marches = (
        March(f"/routes/{number}", route, convoys[route.convoy])
        for number, route in enumerate(plan.routes)
        if route.convoy in convoys
    )
    return Case(
        plan=plan,
        scenario=scenario,
        goods=goods_of(scenario),
        demands={demand.id: demand for demand in scenario.demands},
        sites={site.id: site for site in scenario.sites},
        bases={base.site: base for base in scenario.bases},
        convoys=convoys,
        matrices={table.mobility: table for table in scenario.matrices},
        marches=tuple(march for march in marches if fits(march.route)),
        hours=hours_of(scenario),
        until_s=0
        if plan.decided_until is None
        else (plan.decided_until - scenario.horizon.start) // _SECOND,
    )


def fits(route: Route) -> bool:
    """Tell whether the legs and stops of a route fit together, so that it can be followed.

    Parameters
    ----------
    route : Route
        Route of a plan.

    Returns
    -------
    bool
        True if it has a trip, and each trip a stop and one leg more than stops.
    """
    return bool(route.trips) and all(
        trip.stops and len(trip.legs) == len(trip.stops) + 1 for trip in route.trips
    )
