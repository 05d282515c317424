"""Whether stock couples the routes."""

from __future__ import annotations

from collections import Counter

from optimizer.routing.model.problem import Problem

__all__ = ["is_short"]


def is_short(problem: Problem) -> bool:
    """Tell whether some base that convoys start from has less of a good than is demanded in all.

    Parameters
    ----------
    problem : Problem
        Problem.

    Returns
    -------
    bool
        Whether stock couples the routes.
    """
    asked: Counter[int] = Counter()
    for need in problem.needs:
        if need.pickup is None:
            asked[need.good] += need.quantity
    bases = {group.base for group in problem.groups}
    return any(
        problem.stock.get((base, good), 0) < quantity
        for good, quantity in asked.items()
        for base in bases
    )
