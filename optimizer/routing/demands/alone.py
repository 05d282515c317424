"""What each group could do for each demand if there were nothing else to do."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer.routing.evaluate.aboard import errand
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.trip import Broken, trip_of
from optimizer.routing.model.problem import Problem

__all__ = ["Alone", "most_alone", "most_of", "served_alone"]

#: Units of each demand (rows) that a trip of each group (columns) can bring to it, alone.
Alone = list[list[int]]


def served_alone(problem: Problem, need: int, group: int, quantity: int) -> Candidate | None:
    """Return the route that brings so many units straight to a demand.

    Parameters
    ----------
    problem : Problem
        Problem.
    need, group, quantity : int
        What is brought, and by whom.

    Returns
    -------
    Candidate or None
        None where it breaks a rule, or the base has not got what it takes.
    """
    route = evaluate(problem, group, (errand(problem, need, quantity),))
    if not isinstance(route, Candidate):
        return None
    base = problem.groups[group].base
    enough = all(
        units <= problem.stock.get((base, good), 0) for good, units in route.leaves.items()
    )
    return route if enough else None


def most_alone(problem: Problem) -> Alone:
    """Find how much of each demand one trip of each group can bring, with nothing else to do.

    Parameters
    ----------
    problem : Problem
        Problem.

    Returns
    -------
    list of list of int
        Units by demand and group; 0 where it cannot serve the demand at all.
    """
    return [
        [_most(problem, need, group) for group in range(len(problem.groups))]
        for need in range(len(problem.needs))
    ]


def _most(problem: Problem, need: int, group: int) -> int:
    """Search by halves: what serves a quantity serves every smaller one."""
    base = problem.groups[group].base
    item = problem.needs[need]
    held = item.quantity if item.pickup is not None else problem.stock.get((base, item.good), 0)
    high = min(item.quantity, held, _room(problem, need, group))
    # What is decided already may be all that is asked for.
    if high <= 0:
        return 0
    if served_alone(problem, need, group, high) is not None:
        return high
    if high == 1 or served_alone(problem, need, group, 1) is None:
        return 0
    low = 1
    while high - low > 1:
        middle = (low + high) // 2
        if served_alone(problem, need, group, middle) is None:
            high = middle
        else:
            low = middle
    return low


def _room(problem: Problem, need: int, group: int) -> int:
    """Return how many units of a demand's good fit into a group's empty compartments."""
    supply = problem.goods[problem.needs[need].good]
    return sum(
        min(c // u for c, u in zip(hold.capacity, supply.unit, strict=True) if u)
        for hold in problem.groups[group].holds
        if hold.kind == supply.good.compartment
    )


def most_of(problem: Problem, alone: Alone, need: int, groups: Iterable[int]) -> int:
    """Return how much of a demand some groups could bring in all their trips, alone.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        As `most_alone` returns.
    need : int
        Demand.
    groups : iterable of int
        Groups.

    Returns
    -------
    int
        Units, not more than demanded.
    """
    found = 0
    for index in groups:
        trip = trip_of(problem, index, errand(problem, need, 1))
        if not alone[need][index] or isinstance(trip, Broken):
            continue
        group = problem.groups[index]
        longest_s = min(problem.shift_s, group.span[1] - group.span[0])
        trips = min(group.trips_max, max(1, longest_s // max(1, trip.least_s)))
        if problem.needs[need].pickup is not None:
            return problem.needs[need].quantity  # one trip may go to and fro between the two sites
        found += alone[need][index] * trips * len(group.convoys)
    return min(found, problem.needs[need].quantity)
