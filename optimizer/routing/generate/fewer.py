"""The fleet with one convoy less than a solution uses, where vehicles count before ways.

PyVRP weighs a vehicle against ways and seldom empties a whole route by itself. A run that has one
convoy less, and must serve everything, either finds how or shows nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.generate.carriers import Carrier
from optimizer.routing.generate.warm import Start
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["vehicles_first", "with_one_less"]


def vehicles_first(problem: Problem) -> bool:
    """Tell whether vehicles count before anything that ways add to.

    Parameters
    ----------
    problem : Problem
        Problem.

    Returns
    -------
    bool
        Whether they do.
    """
    ways = (o for o in problem.objectives if o not in {Objective.UNDELIVERED, Objective.LATENESS})
    return next(ways, None) is Objective.VEHICLES


def with_one_less(
    problem: Problem, carriers: Sequence[Carrier], best: Sequence[Candidate], start: Sequence[Start]
) -> tuple[list[Carrier], list[Start]] | None:
    """Take away the convoy of a solution that brings least.

    Parameters
    ----------
    problem : Problem
        Problem.
    carriers : sequence of Carrier
        The whole fleet, each group once.
    best : sequence of Candidate
        A solution.
    start : sequence of Start
        Its routes, in the same order.

    Returns
    -------
    tuple of list of Carrier and list of Start, or None
        Only the convoys that it uses, and its routes, but for one; None if the others cannot carry
        everything.
    """
    brought = [
        sum(problem.mass(need, units) for need, units in route.drops.items()) for route in best
    ]
    least = min(range(len(best)), key=brought.__getitem__)
    used = Counter(route.group for number, route in enumerate(best) if number != least)
    room = sum(
        count * group.trips_max * sum(hold.capacity[0] for hold in group.holds)
        for group, count in ((problem.groups[g], n) for g, n in used.items())
    )
    # What stands ready at sites takes its room on some legs only.
    loaded = sum(
        problem.mass(need, units)
        for route in best
        for need, units in route.drops.items()
        if problem.needs[need].pickup is None
    )
    if room < loaded:
        return None
    left = [replace(c, count=used[c.group]) for c in carriers if used[c.group]]
    return left, [one for number, one in enumerate(start) if number != least]
