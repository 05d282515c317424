"""What of an earlier plan is decided, and the problem that is left to be solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from optimizer.errors import ConflictError, UsageError
from optimizer.network.ground import Ground
from optimizer.plan.model import Route, Stop
from optimizer.routing.again.left import left_of
from optimizer.routing.again.redrive import DecidedTrip, redriven
from optimizer.routing.again.visits import visit_of
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.model.build import build
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.parent import Parent
from optimizer.scenario.model import Id, Scenario
from optimizer.units import seconds_since

__all__ = ["Standing", "standing"]

#: Earlier than anything that is planned: nothing has begun.
_NEVER_S = -1


@dataclass(frozen=True, slots=True)
class Standing:
    """What is decided, and what is left.

    Parameters
    ----------
    whole : Problem
        Everything that is asked for, as if nothing were decided.
    open : Problem
        What is left of it: demands and stocks without what decided trips bring and draw, and
        convoys from when they are free again. Demands and goods have the same indices in both.
    trips : mapping of str to tuple of DecidedTrip
        What is decided, by convoy.
    until_s : int
        Legs that begin before it are as they were driven.
    """

    whole: Problem
    open: Problem
    trips: Mapping[Id, tuple[DecidedTrip, ...]] = field(default_factory=dict)
    until_s: int = _NEVER_S


def standing(scenario: Scenario, ground: Ground, parent: Parent | None) -> Standing:
    """Tell what of an earlier plan is decided, and state the rest as a problem.

    Parameters
    ----------
    scenario : Scenario
        What is asked for now.
    ground : Ground
        Its ground.
    parent : Parent or None
        The earlier plan, and what of it is decided.

    Returns
    -------
    Standing
        What stands.

    Raises
    ------
    UsageError
        If a convoy is to be kept that the earlier plan does not send, or the time lies outside the
        horizon.
    ConflictError
        If what is decided cannot be driven any more, or contradicts the scenario.
    """
    whole = build(scenario, ground)
    if parent is None or (parent.decided_until is None and not parent.kept):
        return Standing(whole, whole)
    until_s = _until_s(scenario, parent)
    unknown = sorted(parent.kept - {route.convoy for route in parent.plan.routes})
    if unknown:
        raise UsageError(
            f"there is nothing of convoy {unknown[0]} to keep: plan {parent.plan.id} does not send"
            " it anywhere"
        )
    groups = {convoy.id: group for group in whole.groups for convoy in group.convoys}
    trips = {}
    for route in parent.plan.routes:
        decided = tuple(_trips(whole, groups, route, until_s, kept=route.convoy in parent.kept))
        if decided:
            trips[route.convoy] = decided
    whole = replace(whole, begun=bool(trips))
    return Standing(whole, left_of(whole, trips, parent.kept, until_s), trips, until_s)


def _until_s(scenario: Scenario, parent: Parent) -> int:
    until, horizon = parent.decided_until, scenario.horizon
    if until is None:
        return _NEVER_S
    if not horizon.start <= until <= horizon.end:
        raise UsageError(
            f"{until.isoformat()}, until when the plan is decided, lies outside the horizon, which"
            f" goes from {horizon.start.isoformat()} to {horizon.end.isoformat()}"
        )
    return seconds_since(horizon.start, until)


def _trips(
    problem: Problem, groups: Mapping[Id, Group], route: Route, until_s: int, *, kept: bool
) -> Iterator[DecidedTrip]:
    """Yield the decided trips of a route, as they are driven now."""
    begins = [seconds_since(problem.scenario.horizon.start, t.loading_start) for t in route.trips]
    free_s = begins[0]
    for trip, begin_s in zip(route.trips, begins, strict=True):
        if not kept and begin_s >= until_s:
            return
        group = _group(groups, route)
        if any(stop.pickups for stop in trip.stops):
            raise ConflictError(
                f"trip {trip.number} of convoy {route.convoy} is decided and takes something aboard"
                " on its way; going on from such a trip is not possible yet: plan again without"
                " deciding it"
            )
        found = redriven(
            problem,
            group,
            trip,
            [_visit(problem, route, stop) for stop in trip.stops],
            until_s=until_s,
            begin_s=free_s,
            latest_s=min(group.span[1], begins[0] + problem.shift_s),
        )
        here = f"trip {trip.number} of convoy {route.convoy}"
        leaves_s = seconds_since(problem.scenario.horizon.start, trip.legs[0].depart)
        if found is None and leaves_s < until_s:
            raise ConflictError(
                f"{here} has left, and there is no way home in time from where it is; state what"
                " has become of it: a longer shift, or the way that it takes"
            )
        if kept and (found is None or len(found.stops) < len(trip.stops)):
            missed = trip.stops[0 if found is None else _first_missed(found)].site
            raise ConflictError(
                f"{here} cannot stay as it is: it does not reach {missed} and get home in time any"
                " more; plan again without keeping this convoy"
            )
        if found is not None:
            yield found
            free_s = found.times.end


def _first_missed(trip: DecidedTrip) -> int:
    return next(index for index in range(len(trip.given.stops)) if index not in trip.stops)


def _group(groups: Mapping[Id, Group], route: Route) -> Group:
    """Return the group of a convoy that has begun, if it is still what it was."""
    group = groups.get(route.convoy)
    if group is None:
        raise ConflictError(
            f"convoy {route.convoy} has begun its route, but the scenario has no such convoy that"
            " is there at any time"
        )
    convoy = next(convoy for convoy in group.convoys if convoy.id == route.convoy)
    vehicles = tuple(vehicle.id for vehicle in convoy.vehicles)
    if vehicles != route.vehicles or {trip.base for trip in route.trips} != {convoy.base}:
        raise ConflictError(
            f"convoy {route.convoy} has begun its route with {', '.join(route.vehicles)} from"
            f" {route.trips[0].base}; the scenario now has {', '.join(vehicles)} from {convoy.base}"
        )
    return group


def _visit(problem: Problem, route: Route, stop: Stop) -> Visit:
    visit = visit_of(problem, stop)
    asked = {drop.demand for drop in stop.drops}
    if visit is None or {problem.needs[need].id for need, _ in visit[1]} != asked:
        raise ConflictError(
            f"convoy {route.convoy}, whose route has begun, calls at {stop.site} for"
            f" {', '.join(sorted(asked))}; the scenario asks for other demands, sites or goods now"
        )
    return visit
