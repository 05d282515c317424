"""A solution: candidate routes that keep the rules which couple them, and how it is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from optimizer.routing.evaluate.held import docks_suffice
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["Score", "cost_of", "fits_together", "missing_of", "score_of", "stock_left"]

#: Objectives one after the other, `undelivered` as one entry a priority; smaller is better.
Score = tuple[int, ...]


def missing_of(problem: Problem, routes: Iterable[Candidate]) -> list[int]:
    """Return the units of each demand that routes leave undelivered.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : iterable of Candidate
        Routes.

    Returns
    -------
    list of int
        By demand; negative where more than demanded is dropped.
    """
    missing = [need.quantity for need in problem.needs]
    for route in routes:
        for need, quantity in route.drops.items():
            missing[need] -= quantity
    return missing


def stock_left(problem: Problem, routes: Iterable[Candidate]) -> dict[tuple[int, int], int]:
    """Return what routes leave at the bases.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : iterable of Candidate
        Routes.

    Returns
    -------
    dict of (int, int) to int
        Units by base and good; negative where more leaves than there is.
    """
    left = dict(problem.stock)
    for route in routes:
        base = problem.groups[route.group].base
        for good, quantity in route.leaves.items():
            if quantity:
                left[base, good] = left.get((base, good), 0) - quantity
    return left


def fits_together(problem: Problem, routes: Sequence[Candidate]) -> bool:
    """Tell whether routes keep the rules that couple them: stock, demands, docks, convoys.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes.

    Returns
    -------
    bool
        Whether they do.
    """
    used = Counter(route.group for route in routes)
    return (
        all(count <= len(problem.groups[group].convoys) for group, count in used.items())
        and min(missing_of(problem, routes), default=0) >= 0
        and min(stock_left(problem, routes).values(), default=0) >= 0
        and docks_suffice(problem.docks, chain(problem.held, *(route.holds for route in routes)))
    )


def cost_of(problem: Problem, route: Candidate) -> Score:
    """Return what a route adds to each objective but `undelivered`, in their order.

    Parameters
    ----------
    problem : Problem
        Problem.
    route : Candidate
        Route.

    Returns
    -------
    tuple of int
        Driving time comes last as well, to break ties.
    """
    listed = [o for o in problem.objectives if o is not Objective.UNDELIVERED]
    return (*(route.costs[o] for o in listed), route.costs[Objective.TIME])


def score_of(problem: Problem, routes: Sequence[Candidate]) -> Score:
    """Return how a solution is judged.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes.

    Returns
    -------
    tuple of int
        Objectives in their order, smaller is better.
    """
    missing = missing_of(problem, routes)
    score: list[int] = []
    for objective in problem.objectives:
        if objective is Objective.UNDELIVERED:
            mass = dict.fromkeys(problem.priorities, 0)
            for index, need in enumerate(problem.needs):
                mass[need.priority] += problem.mass(index, missing[index])
            score += mass.values()
        else:
            score.append(sum(route.costs[objective] for route in routes))
    return tuple(score)
