"""What a trip loads, and whether it can be loaded."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.routing.evaluate.aboard import parcels_of, stow, takes_aboard
from optimizer.routing.evaluate.allocate import Share, allocate
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem

__all__ = ["load_of", "loads_fit", "shares_of"]


def load_of(problem: Problem, visits: Sequence[Visit]) -> dict[int, int]:
    """Return what a trip loads at its base.

    Parameters
    ----------
    problem : Problem
        Problem.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    dict of int to int
        Units by good.
    """
    load: dict[int, int] = {}
    for _, drops in visits:
        for need, quantity in drops:
            item = problem.needs[need]
            if item.pickup is None:
                load[item.good] = load.get(item.good, 0) + quantity
    return load


def shares_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> tuple[Share, ...] | None:
    """Return which compartment carries what on a trip that takes nothing aboard on its way.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    tuple of Share or None
        None where it does not fit.
    """
    return allocate(problem, group.holds, load_of(problem, visits))


def loads_fit(problem: Problem, group: Group, visits: Sequence[Visit]) -> bool:
    """Tell whether what a trip drops can be loaded, and be aboard on every leg.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    bool
        Whether it can.
    """
    if takes_aboard(problem, visits):
        parcels = parcels_of(problem, visits)
        return parcels is not None and (
            stow(problem, group.holds, parcels, len(visits)) is not None
        )
    if len(group.holds) == 1:
        return _fits_one(problem, group, load_of(problem, visits))
    return shares_of(problem, group, visits) is not None


def _fits_one(problem: Problem, group: Group, load: dict[int, int]) -> bool:
    """Tell whether a load fits into the only compartment there is."""
    hold = group.holds[0]
    used = [0, 0, 0]
    for good, quantity in load.items():
        supply = problem.goods[good]
        if supply.good.compartment != hold.kind:
            return False
        for dimension, step in enumerate(supply.unit):
            used[dimension] += step * quantity
    if any(u > c for u, c in zip(used, hold.capacity, strict=True)):
        return False
    return not problem.apart or not any(pair in problem.apart for pair in _pairs(load))


def _pairs(load: dict[int, int]) -> list[tuple[int, int]]:
    goods = sorted(load)
    return [(a, b) for i, a in enumerate(goods) for b in goods[i + 1 :]]
