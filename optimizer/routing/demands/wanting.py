"""What is missing that somebody could still bring."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.routing.demands.alone import Alone
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.solution import missing_of, stock_left
from optimizer.routing.model.problem import Problem

__all__ = ["wanting"]


def wanting(problem: Problem, alone: Alone, routes: Sequence[Candidate]) -> list[int]:
    """Return what routes leave undelivered and another plan might bring.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    routes : sequence of Candidate
        Routes that fit together.

    Returns
    -------
    list of int
        Units by demand: none where no group can serve the demand, and none where the bases of those
        that can have nothing left of the good, burn none, and give none to what is less important.
    """
    left = stock_left(problem, routes)
    burnt = {problem.good_index[fuel] for group in problem.groups for fuel in group.fuel_l(1)}
    #: The least important priority that a base serves with a good.
    least: dict[tuple[int, int], int] = {}
    for route in routes:
        base = problem.groups[route.group].base
        for need in route.drops:
            item = problem.needs[need]
            if item.pickup is not None:
                continue  # drawn from no base
            place = base, item.good
            least[place] = max(least.get(place, 0), item.priority)

    def may_come(need: int) -> bool:
        item = problem.needs[need]
        places = {
            (group.base, item.good)
            for group, most in zip(problem.groups, alone[need], strict=True)
            if most
        }
        if item.pickup is not None:
            return bool(places)
        # What burns less of a good leaves more of it to be brought.
        return any(
            left.get(place, 0) > 0 or least.get(place, 0) > item.priority or item.good in burnt
            for place in places
        )

    missing = missing_of(problem, routes)
    return [units if units > 0 and may_come(need) else 0 for need, units in enumerate(missing)]
