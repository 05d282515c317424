"""Which compartment carries what: the loads of a trip, spread over its convoy.

Goods go evenly over the compartments of their kind, by whole units. Goods that may not travel
beside another good of the trip are kept together in as few vehicles as they need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.routing.model.group import Hold
from optimizer.routing.model.problem import Problem

__all__ = ["Share", "allocate"]


@dataclass(frozen=True, slots=True)
class Share:
    """So many units of a good in a compartment.

    Parameters
    ----------
    hold : int
        Index of the compartment among those of the group.
    good : int
        Index of the good.
    quantity : int
        Units.
    """

    hold: int
    good: int
    quantity: int


def allocate(
    problem: Problem, holds: Sequence[Hold], load: Mapping[int, int]
) -> tuple[Share, ...] | None:
    """Spread the load of a trip over compartments.

    Parameters
    ----------
    problem : Problem
        Problem.
    holds : sequence of Hold
        Compartments of the convoy.
    load : mapping of int to int
        Units by good.

    Returns
    -------
    tuple of Share or None
        In the order of the compartments; None if it was not possible to place everything.
    """
    goods = sorted(load)
    foes = {g: [o for o in goods if (g, o) in problem.apart] for g in goods}
    # Goods with foes first, as they need vehicles of their own; then those with the largest units,
    # as small units fill what gaps are left.
    order = sorted(goods, key=lambda g: (not foes[g], *(-u for u in problem.goods[g].unit), g))
    free = [list(hold.capacity) for hold in holds]
    aboard: dict[int, set[int]] = {hold.vehicle: set() for hold in holds}
    shares: list[Share] = []
    for good in order:
        kind = problem.goods[good].good.compartment
        fitting = [
            index
            for index, hold in enumerate(holds)
            if hold.kind == kind and not aboard[hold.vehicle].intersection(foes[good])
        ]
        unit = problem.goods[good].unit
        rooms = {index: _room(free[index], unit, load[good]) for index in fitting}
        spread = _fill if foes[good] else _even
        placed = spread(rooms, load[good], [holds[index].vehicle for index in fitting])
        if placed is None:
            return None
        for index, quantity in placed.items():
            for dimension, step in enumerate(unit):
                free[index][dimension] -= step * quantity
            aboard[holds[index].vehicle].add(good)
            shares.append(Share(index, good, quantity))
    return tuple(sorted(shares, key=lambda share: (share.hold, share.good)))


def _room(free: Sequence[int], unit: Sequence[int], wanted: int) -> int:
    """Return how many units fit into what is free, at most `wanted`."""
    return max(0, min([wanted, *(f // u for f, u in zip(free, unit, strict=True) if u)]))


def _even(
    rooms: Mapping[int, int], quantity: int, vehicles: Sequence[int]
) -> dict[int, int] | None:
    """Give every compartment the same, as far as it has room; `vehicles` plays no part."""
    del vehicles
    left = quantity
    given: dict[int, int] = {}
    # From the smallest room up: what a small compartment cannot take goes to the others.
    waiting = sorted(rooms, key=lambda index: (rooms[index], index))
    for position, index in enumerate(waiting):
        share = -(-left // (len(waiting) - position))
        given[index] = min(rooms[index], share)
        left -= given[index]
    if left:
        return None
    return {index: given[index] for index in sorted(given) if given[index]}


def _fill(
    rooms: Mapping[int, int], quantity: int, vehicles: Sequence[int]
) -> dict[int, int] | None:
    """Fill vehicle after vehicle, the roomiest first."""
    room_of: dict[int, int] = {}
    for index, vehicle in zip(rooms, vehicles, strict=True):
        room_of[vehicle] = room_of.get(vehicle, 0) + rooms[index]
    belongs = dict(zip(rooms, vehicles, strict=True))
    left = quantity
    given = {}
    for index in sorted(rooms, key=lambda i: (-room_of[belongs[i]], belongs[i], i)):
        taken = min(rooms[index], left)
        if taken:
            given[index] = taken
            left -= taken
    return None if left else given
