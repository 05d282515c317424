"""Rules 16 to 18 of ``docs/reference/plan.md``: who goes where, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.plan.model import Route, Trip
from optimizer.scenario.convoys import Convoy
from optimizer.verify.case import Case, March, Violation, violation

__all__ = ["violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every broken rule of who goes where.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    yield from _convoys(case)
    for number, route in enumerate(case.plan.routes):
        yield from _trips(case, f"/routes/{number}", route)
    for march in case.marches:
        for pointer, trip in march.trips():
            yield from _chain(case, march, pointer, trip)
            yield from _allowed(case, march, pointer, trip)


def _convoys(case: Case) -> Iterator[Violation]:
    moving: set[str] = set()
    marching: dict[str, str] = {}
    for number, route in enumerate(case.plan.routes):
        here = f"/routes/{number}"
        if route.convoy in moving:
            yield violation("convoy.twice", f"{here}/convoy", convoy=route.convoy)
        moving.add(route.convoy)
        for index, vehicle in enumerate(route.vehicles):
            if marching.setdefault(vehicle, route.convoy) != route.convoy:
                yield violation("vehicle.twice", f"{here}/vehicles/{index}", vehicle=vehicle)
        if route.convoy in case.convoys:
            yield from _own(here, route, case.convoys[route.convoy])


def _own(pointer: str, route: Route, convoy: Convoy) -> Iterator[Violation]:
    vehicles = tuple(vehicle.id for vehicle in convoy.vehicles)
    if route.vehicles != vehicles:
        yield violation(
            "convoy.vehicles",
            f"{pointer}/vehicles",
            convoy=convoy.id,
            stated=", ".join(route.vehicles),
            expected=", ".join(vehicles),
        )
    for name in type(route.profile).model_fields:
        stated, right = getattr(route.profile, name), getattr(convoy.profile, name)
        if stated != right:
            yield violation(
                "convoy.profile",
                f"{pointer}/profile/{name}",
                convoy=convoy.id,
                stated=str(stated),
                expected=str(right),
            )


def _trips(case: Case, pointer: str, route: Route) -> Iterator[Violation]:
    limit = case.scenario.rules.trips_max
    if len(route.trips) > limit:
        yield violation("way.trips_max", f"{pointer}/trips", trips=len(route.trips), limit=limit)
    if not route.trips:
        yield violation("way.empty", f"{pointer}/trips")
    for number, trip in enumerate(route.trips):
        here = f"{pointer}/trips/{number}"
        if trip.number != number + 1:
            yield violation(
                "way.trip_number", f"{here}/number", stated=trip.number, expected=number + 1
            )
        if not trip.stops:
            yield violation("way.empty", f"{here}/stops")
        elif len(trip.legs) != len(trip.stops) + 1:
            yield violation("way.legs", f"{here}/legs", legs=len(trip.legs), stops=len(trip.stops))
        for index, stop in enumerate(trip.stops):
            if not stop.drops and not stop.pickups:
                yield violation("way.empty", f"{here}/stops/{index}/drops")


def _chain(case: Case, march: March, pointer: str, trip: Trip) -> Iterator[Violation]:
    if trip.base != march.convoy.base:
        yield violation(
            "way.base",
            f"{pointer}/base",
            convoy=march.convoy.id,
            stated=trip.base,
            expected=march.convoy.base,
        )
    sites = [trip.base, *(stop.site for stop in trip.stops), trip.base]
    criterion = case.scenario.rules.criterion
    for number, leg in enumerate(trip.legs):
        here = f"{pointer}/legs/{number}"
        for place, stated, right in (
            ("origin", leg.origin, sites[number]),
            ("destination", leg.destination, sites[number + 1]),
        ):
            if stated != right:
                yield violation("way.gap", f"{here}/{place}", stated=stated, expected=right)
        if case.is_past(leg.depart):
            continue
        if leg.criterion is not criterion:
            yield violation(
                "way.criterion", f"{here}/criterion", stated=leg.criterion, expected=criterion
            )
        window = case.hours.window(*case.under_way(march, leg))
        if leg.window != window:
            yield violation("way.window", f"{here}/window", stated=leg.window, expected=window)


def _allowed(case: Case, march: March, pointer: str, trip: Trip) -> Iterator[Violation]:
    for number, stop in enumerate(trip.stops):
        allowed = case.sites[stop.site].reached_by if stop.site in case.sites else None
        if allowed is None or stop.site == march.convoy.base:
            continue
        for mobility in march.convoy.profile.mobility:
            if mobility not in allowed:
                yield violation(
                    "way.not_allowed",
                    f"{pointer}/stops/{number}/site",
                    site=stop.site,
                    mobility=mobility,
                    convoy=march.convoy.id,
                )
