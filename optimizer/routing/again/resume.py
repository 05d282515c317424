"""What still holds of an earlier plan, as routes to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from optimizer.plan.model import Route, Trip
from optimizer.routing.again.visits import visit_of
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.shape import Visit, tidy
from optimizer.routing.evaluate.solution import missing_of
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Id

__all__ = ["resumed"]


def resumed(
    problem: Problem, routes: Iterable[Route], decided: Mapping[Id, int]
) -> list[Candidate]:
    """Return the routes of an earlier plan, without what does not hold any more.

    Parameters
    ----------
    problem : Problem
        Problem; its sites, demands and convoys may be others than those of the plan.
    routes : iterable of Route
        Routes of the earlier plan.
    decided : mapping of str to int
        How many trips of a convoy are decided, and so not up for choice.

    Returns
    -------
    list of Candidate
        Each keeps the rules that concern it alone, and no demand gets more than it asks for.
        Routes of convoys that are not there any more, and stops that break a rule, are left out.
    """
    groups = {c.id: index for index, group in enumerate(problem.groups) for c in group.convoys}
    left = Counter(dict(enumerate(missing_of(problem, []))))
    found = []
    for route in routes:
        if route.convoy not in groups:
            continue
        open_ = route.trips[decided.get(route.convoy, 0) :]
        asked = left.copy()
        trips = [_visits(problem, trip, asked) for trip in open_]
        candidate = _most_of(problem, groups[route.convoy], trips)
        if candidate is not None:
            left.subtract(candidate.drops)
            found.append(candidate)
    return found


def _visits(problem: Problem, trip: Trip, asked: Counter[int]) -> list[Visit]:
    """Return the stops of a trip as far as they are asked for, and count them off."""
    visits: list[Visit] = []
    for site, given in filter(None, (visit_of(problem, stop) for stop in trip.stops)):
        drops = tuple((need, min(units, asked[need])) for need, units in given if asked[need] > 0)
        asked.subtract(dict(drops))
        if drops:
            visits.append((site, drops))
    return visits


def _most_of(problem: Problem, group: int, trips: Sequence[Sequence[Visit]]) -> Candidate | None:
    """Return the route with all of its visits, or with those that it can keep, tried in order."""
    whole = tidy(trips)
    if not whole:
        return None
    route = evaluate(problem, group, whole)
    if isinstance(route, Candidate):
        return route
    best: Candidate | None = None
    kept: list[list[Visit]] = []
    for trip in trips:
        kept.append([])
        for visit in trip:
            longer = evaluate(problem, group, tidy([*kept[:-1], [*kept[-1], visit]]))
            if isinstance(longer, Candidate):
                kept[-1].append(visit)
                best = longer
    return best
