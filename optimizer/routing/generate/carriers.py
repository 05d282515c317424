"""Who may carry what in one run of the generator, where goods may not travel together.

The generator cannot say that two goods may not share a vehicle. So in each run every convoy whose
vehicles could meet them side by side is kept for one of the two; which one changes from convoy to
convoy and from run to run. Shared convoys come back in by insertion, which evaluates every rule.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from optimizer.routing.model.problem import Problem

__all__ = ["Carrier", "carriers_of"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """So many convoys of a group, kept from some goods.

    Parameters
    ----------
    group : int
        Index of the group.
    count : int
        How many of its convoys.
    barred : frozenset of int
        Goods that they do not carry in this run.
    """

    group: int
    count: int
    barred: frozenset[int]


def carriers_of(problem: Problem, run: int) -> list[Carrier]:
    """Share the convoys out between goods that may not travel together.

    Parameters
    ----------
    problem : Problem
        Problem.
    run : int
        Number of the run.

    Returns
    -------
    list of Carrier
        Every convoy of every group, once.
    """
    asked = {need.good for need in problem.needs}
    pairs = sorted((a, b) for a, b in problem.apart if a < b and a in asked and b in asked)
    carriers = []
    place = 0
    for index, group in enumerate(problem.groups):
        kinds = Counter(hold.kind for hold in group.holds if hold.vehicle == 0)
        barred_of: Counter[frozenset[int]] = Counter()
        for _ in group.convoys:
            barred = set()
            for number, (a, b) in enumerate(pairs):
                carried = all(kinds[problem.goods[good].good.compartment] for good in (a, b))
                if carried and len(group.convoys[0].vehicles) == 1:
                    barred.add((a, b)[(place + number + run) % 2])
            barred_of[frozenset(barred)] += 1
            place += 1
        carriers += [
            Carrier(index, count, barred)
            for barred, count in sorted(barred_of.items(), key=lambda item: sorted(item[0]))
        ]
    return carriers
