"""The problem with one limit lifted, to see what it would change."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from optimizer.routing.model.problem import Problem
from optimizer.routing.model.scale import UNLIMITED
from optimizer.routing.model.stock import is_short

__all__ = ["Limit", "applicable", "relaxed"]


class Limit(enum.StrEnum):
    """A limit that can be lifted; the values are codes of reasons."""

    STOCK = "stock"
    CAPACITY = "capacity"
    WINDOW = "window"
    SHIFT = "shift"
    RANGE = "range"
    FUEL = "fuel"
    APART = "apart"
    DOCK = "dock"


def applicable(problem: Problem) -> list[Limit]:
    """Return the limits that a problem has.

    Parameters
    ----------
    problem : Problem
        Problem.

    Returns
    -------
    list of Limit
        In the order in which people would ask.
    """
    whole = ((0, problem.horizon_s),)
    burnt = {fuel for group in problem.groups for fuel in group.fuel_l(100_000)}
    has = {
        # What is both asked for and burnt may run short even where there is enough of it.
        Limit.STOCK: is_short(problem)
        or any(problem.goods[need.good].good.id in burnt for need in problem.needs),
        Limit.WINDOW: any(
            need.windows != whole or (need.pickup is not None and need.pickup_windows != whole)
            for need in problem.needs
        ),
        Limit.RANGE: any(group.range_m is not None for group in problem.groups),
        Limit.FUEL: bool(burnt),
        Limit.APART: bool(problem.apart),
        Limit.DOCK: bool(problem.docks),
    }
    return [limit for limit in Limit if has.get(limit, True)]


def relaxed(problem: Problem, limit: Limit) -> Problem:
    """Return a problem with one limit lifted.

    Parameters
    ----------
    problem : Problem
        Problem.
    limit : Limit
        What is lifted.

    Returns
    -------
    Problem
        Problem of which every route of the original one is a route too.
    """
    return replace(problem, **_CHANGES[limit](problem))


def _stock(problem: Problem) -> dict[str, Any]:
    asked = {need.good for need in problem.needs}
    bases = {group.base for group in problem.groups}
    plenty = {(base, good): UNLIMITED for base in bases for good in asked}
    return {"stock": {**problem.stock, **plenty}}


def _capacity(problem: Problem) -> dict[str, Any]:
    return {"groups": tuple(replace(g, convoys=g.convoys * 2) for g in problem.groups)}


def _window(problem: Problem) -> dict[str, Any]:
    whole = ((0, problem.horizon_s),)
    return {
        "needs": tuple(
            replace(need, windows=whole, pickup_windows=whole if need.pickup is not None else ())
            for need in problem.needs
        )
    }


def _shift(problem: Problem) -> dict[str, Any]:
    return {"shift_s": problem.horizon_s}


def _range(problem: Problem) -> dict[str, Any]:
    return {"groups": tuple(replace(group, range_m=None) for group in problem.groups)}


def _fuel(problem: Problem) -> dict[str, Any]:
    return {"groups": tuple(replace(group, burns=False) for group in problem.groups)}


def _apart(problem: Problem) -> dict[str, Any]:
    del problem
    return {"apart": frozenset()}


def _dock(problem: Problem) -> dict[str, Any]:
    del problem
    return {"places": {}}


_CHANGES: Mapping[Limit, Callable[[Problem], dict[str, Any]]] = {
    Limit.STOCK: _stock,
    Limit.CAPACITY: _capacity,
    Limit.WINDOW: _window,
    Limit.SHIFT: _shift,
    Limit.RANGE: _range,
    Limit.FUEL: _fuel,
    Limit.APART: _apart,
    Limit.DOCK: _dock,
}
