"""How much of a demand the whole fleet could bring if it did nothing else, in all its trips.

A trip that serves one demand need stop but once, so a convoy's route is a row of such trips. How
many there can be is found by laying out trips with a single unit each; how much they carry is
bounded by the compartments, and by the time that is left for handing over. Nothing is rounded to
the convoy's disadvantage, and what fuel the bases have is left out: no plan brings more. This is
for problems in which it does not matter when a leg begins.
"""

from __future__ import annotations

import math
from collections import Counter

from optimizer.routing.demands.alone import served_alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.trip import Broken, TripFacts, trip_of
from optimizer.routing.model.figures import capacities, unit_figures
from optimizer.routing.model.problem import Problem

__all__ = ["most_ever"]

#: Relative error of a product of two or three decimals.
_PRODUCT = 1e-9


def most_ever(problem: Problem, need: int) -> int:
    """Return how much of a demand the fleet could bring at most, with nothing else to do.

    Parameters
    ----------
    problem : Problem
        Problem.
    need : int
        Index of the demand.

    Returns
    -------
    int
        Units; from each base no more than its stock. It may be more than is demanded.
    """
    good = problem.needs[need].good
    brought: Counter[int] = Counter()
    for index, group in enumerate(problem.groups):
        if served_alone(problem, need, index, 1) is not None:
            brought[group.base] += len(group.convoys) * _most_of_convoy(problem, need, index)
    return sum(min(units, problem.stock.get((base, good), 0)) for base, units in brought.items())


def _most_of_convoy(problem: Problem, need: int, index: int) -> int:
    """Bound what one convoy of a group brings that can bring one unit."""
    item = problem.needs[need]
    trip = ((item.site, ((need, 1),)),)
    facts = trip_of(problem, index, trip)
    if isinstance(facts, Broken):
        return 0
    trips = 1
    while isinstance(evaluate(problem, index, (trip,) * (trips + 1)), Candidate):
        trips += 1
    bare_s = facts.least_s - problem.handling_s(need, 1)
    frame_s = _frame_s(problem, need, index, facts)
    room = _room(problem, need, index)
    return max(
        min(count * room, _handed_over(problem, need, frame_s - count * bare_s))
        for count in range(1, trips + 1)
    )


def _frame_s(problem: Problem, need: int, index: int, facts: TripFacts) -> int:
    """Return the time from the first loading that need not wait to the latest end."""
    group = problem.groups[index]
    [spell] = facts.run.calls[0].spells
    out_s = group.loading_s + spell.travel_s + group.pass_s
    first, last = group.span
    opening = next(o for o, close in problem.needs[need].windows if close >= first + out_s)
    return min(problem.shift_s, last - max(first, opening - out_s))


def _handed_over(problem: Problem, need: int, seconds: int) -> int:
    """Return how many units are handed over in so much time, as if nothing were rounded up."""
    item = problem.needs[need]
    per_min = problem.scenario.sites[item.site].handling_kg_per_min
    unit_kg = problem.goods[item.good].good.unit_mass_kg
    # One unit is known to be possible.
    return max(1, math.floor(seconds / 60 * per_min / unit_kg * (1 + _PRODUCT)))


def _room(problem: Problem, need: int, index: int) -> int:
    """Return how many units fit into a convoy, from the figures as they were written."""
    good = problem.goods[problem.needs[need].good].good
    unit = unit_figures(good)
    return sum(
        min(
            math.floor(limit / amount)
            for limit, amount in zip(capacities(part), unit, strict=True)
            if limit is not None and amount
        )
        for _, part in problem.groups[index].convoys[0].compartments
        if part.kind == good.compartment
    )
