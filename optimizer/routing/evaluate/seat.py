"""Routes together at the docks: one after the other each finds its places, and waits for no other.

What a route waits for may go away while the routes of others change. So times that were right when
a route was laid out can be later than they need be: `seated` finds times for routes whose places
overlap, `settled` takes out of a solution all waiting that is for nobody any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.routing.evaluate.held import Held
from optimizer.routing.evaluate.route import Candidate, evaluate, hastened
from optimizer.routing.evaluate.solution import cost_of
from optimizer.routing.model.problem import Problem

__all__ = ["others", "seated", "settled"]


def others(problem: Problem, routes: Sequence[Candidate], index: int | None) -> Held | None:
    """Return what all routes but one hold of the docks.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes.
    index : int or None
        Which of them is left out, if any.

    Returns
    -------
    Held or None
        None where no dock can bind.
    """
    if not problem.docks:
        return None
    held = Held(problem.docks, problem.held)
    for number, route in enumerate(routes):
        if number != index:
            held.add(route.holds)
    return held


def seated(problem: Problem, routes: Sequence[Candidate]) -> list[Candidate]:
    """Return routes with times at which each finds the places that it needs.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes; those that come first choose first.

    Returns
    -------
    list of Candidate
        The same routes, without those that find no place in time. A route that finds its places
        keeps its times.
    """
    if not problem.docks:
        return list(routes)
    held = Held(problem.docks, problem.held)
    found = []
    for route in routes:
        placed: object = route
        if not held.admits(route.holds):
            placed = evaluate(problem, route.group, route.shape, held)
        if isinstance(placed, Candidate):
            found.append(placed)
            held.add(placed.holds)
    return found


def settled(problem: Problem, routes: Sequence[Candidate]) -> list[Candidate]:
    """Take out of a solution the waiting that is for nobody any more.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes that fit together.

    Returns
    -------
    list of Candidate
        The same routes, none of them at more of any objective in their order. One that would be
        beyond its range at an earlier hour is left out.
    """
    found = list(routes)
    if not problem.docks:
        return found
    for index, route in enumerate(found):
        again = evaluate(problem, route.group, route.shape, others(problem, found, index))
        if isinstance(again, Candidate) and cost_of(problem, again) < cost_of(problem, route):
            found[index] = again
    # Nothing ever begins later here, so that it comes to an end.
    changed = True
    while changed:
        changed = False
        for index in reversed(range(len(found))):
            held = others(problem, found, index)
            route = found[index]
            sooner = route if held is None else hastened(problem, route, held)
            if sooner is route:
                continue
            changed = True
            found[index : index + 1] = [sooner] if isinstance(sooner, Candidate) else []
    return found
