"""What lies where on a trip: loaded at the base, handed over and taken aboard at each stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from optimizer.routing.evaluate.aboard import parcels_of, stow, takes_aboard
from optimizer.routing.evaluate.allocate import Share
from optimizer.routing.evaluate.loads import shares_of
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem

__all__ = ["Cargo", "Portion", "cargo_of"]


class Portion(NamedTuple):
    """Units for a demand in a compartment.

    Parameters
    ----------
    need, hold, quantity : int
        Demand, compartment among those of the group, units.
    """

    need: int
    hold: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Cargo:
    """What lies where on a trip.

    Parameters
    ----------
    load : tuple of Share
        What is loaded at the base.
    drops, pickups : tuple of tuple of Portion
        What is handed over and taken aboard, by stop.
    """

    load: tuple[Share, ...]
    drops: tuple[tuple[Portion, ...], ...]
    pickups: tuple[tuple[Portion, ...], ...]

    @property
    def holds(self) -> list[int]:
        """The compartments that carry anything, in their order."""
        taken = {portion.hold for stop in self.pickups for portion in stop}
        return sorted(taken | {share.hold for share in self.load})


def cargo_of(problem: Problem, group: Group, visits: Sequence[Visit]) -> Cargo:
    """Return what lies where on a trip.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : Group
        Who drives.
    visits : sequence of Visit
        Visits of a trip that keeps every rule.

    Returns
    -------
    Cargo
        The cargo.
    """
    if takes_aboard(problem, visits):
        return _on_the_way(problem, group, visits)
    load = shares_of(problem, group, visits) or ()
    left = {(share.hold, share.good): share.quantity for share in load}
    drops = tuple(_hand_over(problem, group, done, left) for _, done in visits)
    return Cargo(load, drops, ((),) * len(visits))


def _hand_over(
    problem: Problem,
    group: Group,
    drops: Sequence[tuple[int, int]],
    cargo: dict[tuple[int, int], int],
) -> tuple[Portion, ...]:
    """Take what is handed over out of the cargo, vehicle by vehicle in order of march."""
    handed = []
    for need, quantity in drops:
        good = problem.needs[need].good
        left = quantity
        for hold in range(len(group.holds)):
            taken = min(left, cargo.get((hold, good), 0))
            if taken:
                cargo[hold, good] -= taken
                left -= taken
                handed.append(Portion(need, hold, taken))
    return tuple(handed)


def _on_the_way(problem: Problem, group: Group, visits: Sequence[Visit]) -> Cargo:
    """Return the cargo of a trip whose parcels are each stowed by themselves."""
    load: Counter[tuple[int, int]] = Counter()
    drops: list[Counter[tuple[int, int]]] = [Counter() for _ in visits]
    pickups: list[Counter[tuple[int, int]]] = [Counter() for _ in visits]
    parcels = parcels_of(problem, visits) or []
    for parcel, hold, quantity in (
        (stowed.parcel, stowed.hold, stowed.quantity)
        for stowed in stow(problem, group.holds, parcels, len(visits)) or ()
    ):
        item = problem.needs[parcel.need]
        drops[parcel.last][parcel.need, hold] += quantity
        if item.pickup is None:
            load[hold, item.good] += quantity
        else:
            pickups[parcel.first - 1][parcel.need, hold] += quantity
    return Cargo(
        tuple(Share(hold, good, units) for (hold, good), units in sorted(load.items())),
        tuple(map(_portions, drops)),
        tuple(map(_portions, pickups)),
    )


def _portions(units: Counter[tuple[int, int]]) -> tuple[Portion, ...]:
    return tuple(Portion(need, hold, number) for (need, hold), number in sorted(units.items()))
