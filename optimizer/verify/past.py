"""What was driven before the plan was made: the same as in the plan that it goes on from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from optimizer.faults import Fault, Severity
from optimizer.plan.model import Plan, Trip
from optimizer.verify.case import Case, Violation, violation

__all__ = ["violations"]


def violations(case: Case, parent: Plan | None) -> Iterator[Violation]:
    """Yield what was not driven as a plan says.

    Parameters
    ----------
    case : Case
        Case.
    parent : Plan or None
        The plan that it goes on from.

    Yields
    ------
    Violation
        By convoy. Without the earlier plan only that this could not be checked.
    """
    plan = case.plan
    if plan.decided_until is None:
        return
    if parent is None:
        if any(_departed(case, plan).values()):
            params = {"until": plan.decided_until.isoformat(), "parent": plan.parent or "-"}
            yield Fault("unproved.past", "/decided_until", params, Severity.WARNING)
        return
    if plan.parent != parent.id:
        yield violation("past.parent", "/parent", stated=plan.parent or "-", expected=parent.id)
        return
    driven, stated = _departed(case, parent), _departed(case, plan)
    for convoy in sorted(driven.keys() | stated.keys()):
        pairs = zip_longest(stated.get(convoy, []), driven.get(convoy, []))
        for number, (now, before) in enumerate(pairs, start=1):
            pointer = "/routes" if now is None else now[0]
            if now is None or before is None or _done(case, now[1]) != _done(case, before[1]):
                yield violation("past.changed", pointer, convoy=convoy, trip=number)


def _departed(case: Case, plan: Plan) -> dict[str, list[tuple[str, Trip]]]:
    """Return the trips of each convoy that had left when the plan was made."""
    found: dict[str, list[tuple[str, Trip]]] = {}
    for index, route in enumerate(plan.routes):
        for number, trip in enumerate(route.trips):
            if trip.legs and case.is_past(trip.legs[0].depart):
                where = f"/routes/{index}/trips/{number}"
                found.setdefault(route.convoy, []).append((where, trip))
    return found


def _done(case: Case, trip: Trip) -> tuple[object, ...]:
    """Return what of a trip was done: its load, the legs that had begun, the stops they led to."""
    legs = [leg for leg in trip.legs if case.is_past(leg.depart)]
    stops = [
        (stop.site, stop.arrive, stop.start, stop.drops, stop.pickups)
        for stop in trip.stops[: len(legs)]
    ]
    return trip.loading_start, trip.depart, trip.load, legs, stops
