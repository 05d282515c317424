"""Stops of a plan, as the search sees them."""

from __future__ import annotations

from collections import Counter

from optimizer.plan.model import Stop
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.model.problem import Problem

__all__ = ["visit_of"]


def visit_of(problem: Problem, stop: Stop) -> Visit | None:
    """Return a stop with those of its drops that answer a demand.

    Parameters
    ----------
    problem : Problem
        Problem.
    stop : Stop
        Stop of a plan that may answer another scenario.

    Returns
    -------
    Visit or None
        None where no drop is for a demand of this site and this good.
    """
    units: Counter[int] = Counter()
    for drop in stop.drops:
        need = problem.need_index.get(drop.demand)
        if need is None:
            continue
        item = problem.needs[need]
        if item.pickup is not None:
            continue  # a pickup and its delivery are found again, not gone on from
        asked = problem.sites[item.site], problem.goods[item.good].good.id
        if asked == (stop.site, drop.good):
            units[need] += drop.quantity
    if not units:
        return None
    site = problem.needs[next(iter(units))].site
    return site, tuple(sorted(units.items()))
