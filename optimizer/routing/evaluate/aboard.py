"""What is aboard on each leg of a trip that takes something aboard on its way.

A **parcel** is so many units that come aboard at the base or at a stop and leave at a later stop.
Parcels are stowed one by one, each spread evenly over the compartments that have room for it on all
of its legs. With one compartment that finds a place wherever there is one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.model.group import Hold
from optimizer.routing.model.problem import Problem

__all__ = ["Parcel", "Stowed", "errand", "parcels_of", "stow", "takes_aboard"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units that come aboard and leave together.

    Parameters
    ----------
    need, quantity : int
        So many units of a demand.
    first, last : int
        The legs of the trip, from 0, on which they are aboard: they leave at the stop of this
        index.
    """

    need: int
    quantity: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Stowed:
    """Units of a parcel in a compartment.

    Parameters
    ----------
    parcel : Parcel
        The parcel.
    hold : int
        Index of the compartment among those of the group.
    quantity : int
        Units.
    """

    parcel: Parcel
    hold: int
    quantity: int


def errand(problem: Problem, need: int, quantity: int) -> tuple[Visit, ...]:
    """Return the visits that serve a demand and nothing else.

    Parameters
    ----------
    problem : Problem
        Problem.
    need, quantity : int
        So many units of a demand.

    Returns
    -------
    tuple of Visit
        One, or two where it stands ready at another site.
    """
    item = problem.needs[need]
    there: Visit = (item.site, ((need, quantity),))
    if item.pickup is None:
        return (there,)
    return ((item.pickup, ((need, -quantity),)), there)


def takes_aboard(problem: Problem, visits: Sequence[Visit]) -> bool:
    """Tell whether a trip serves demands that stand ready on its way.

    Parameters
    ----------
    problem : Problem
        Problem.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    bool
        Whether it does.
    """
    return problem.takes_aboard and any(
        problem.needs[need].pickup is not None for _, units in visits for need, _ in units
    )


def parcels_of(problem: Problem, visits: Sequence[Visit]) -> list[Parcel] | None:
    """Return what is aboard when.

    Parameters
    ----------
    problem : Problem
        Problem.
    visits : sequence of Visit
        The trip's visits.

    Returns
    -------
    list of Parcel or None
        What was taken aboard first leaves first. None where something is handed over before it is
        taken aboard, or stays aboard.
    """
    found: list[Parcel] = []
    waiting: dict[int, deque[tuple[int, int]]] = {}
    for stop, (_, units) in enumerate(visits):
        for need, quantity in units:
            if problem.needs[need].pickup is None:
                found.append(Parcel(need, quantity, 0, stop))
                continue
            queue = waiting.setdefault(need, deque())
            if quantity < 0:
                queue.append((stop + 1, -quantity))
                continue
            left = quantity
            while left:
                if not queue:
                    return None
                first, ready = queue.popleft()
                part = min(ready, left)
                found.append(Parcel(need, part, first, stop))
                left -= part
                if ready > part:
                    queue.appendleft((first, ready - part))
    return None if any(waiting.values()) else found


def stow(
    problem: Problem, holds: Sequence[Hold], parcels: Sequence[Parcel], legs: int
) -> list[Stowed] | None:
    """Find a place for every parcel.

    Parameters
    ----------
    problem : Problem
        Problem.
    holds : sequence of Hold
        Compartments of the convoy.
    parcels : sequence of Parcel
        What is aboard when.
    legs : int
        Legs of the trip.

    Returns
    -------
    list of Stowed or None
        In the order of the legs on which they come aboard; None if it was not possible to place
        everything.
    """
    free = [[list(hold.capacity) for _ in range(legs)] for hold in holds]
    aboard: dict[int, set[int]] = {hold.vehicle: set() for hold in holds}
    goods = {problem.needs[parcel.need].good for parcel in parcels}
    foes = {g: {o for o in goods if (g, o) in problem.apart} for g in goods}
    found: list[Stowed] = []
    for parcel in sorted(parcels, key=lambda p: _order(problem, foes, p)):
        good = problem.needs[parcel.need].good
        supply = problem.goods[good]
        span = range(parcel.first, parcel.last + 1)
        rooms = {
            index: min(
                [parcel.quantity]
                + [
                    room // step
                    for leg in span
                    for room, step in zip(free[index][leg], supply.unit, strict=True)
                    if step
                ]
            )
            for index, hold in enumerate(holds)
            if hold.kind == supply.good.compartment and not aboard[hold.vehicle] & foes[good]
        }
        shares = _spread(rooms, parcel.quantity, at_once=bool(foes[good]))
        if shares is None:
            return None
        for index, quantity in shares.items():
            for leg in span:
                for dimension, step in enumerate(supply.unit):
                    free[index][leg][dimension] -= step * quantity
            aboard[holds[index].vehicle].add(good)
            found.append(Stowed(parcel, index, quantity))
    return sorted(found, key=lambda s: (s.parcel.first, s.hold, s.parcel.need, s.parcel.last))


def _order(problem: Problem, foes: dict[int, set[int]], parcel: Parcel) -> tuple[object, ...]:
    """Goods with foes first, as they need vehicles of their own; then the largest units."""
    good = problem.needs[parcel.need].good
    units = tuple(-unit for unit in problem.goods[good].unit)
    return not foes[good], *units, good, parcel.first, parcel.last, parcel.need


def _spread(rooms: dict[int, int], quantity: int, *, at_once: bool) -> dict[int, int] | None:
    """Spread units evenly, or over as few compartments as they need."""
    left = quantity
    given: dict[int, int] = {}
    roomy = sorted(rooms, key=lambda index: (-rooms[index] if at_once else rooms[index], index))
    for position, index in enumerate(roomy):
        # What does not come out even goes to those with more room, which come last.
        share = left if at_once else left // (len(roomy) - position)
        taken = min(max(0, rooms[index]), share)
        if taken:
            given[index] = taken
            left -= taken
    return None if left else given
