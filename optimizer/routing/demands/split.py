"""Demands larger than a vehicle become tasks that a vehicle can carry, in whole units.

The same demand may be split in different ways in different runs: the pool and the master speak of
units of demands, not of tasks, so that routes of all runs fit together.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.routing.demands.alone import Alone, most_of
from optimizer.routing.model.problem import Problem

__all__ = ["Split", "Task", "tasks_of"]

#: Parts of one demand. More of them make more symmetry than choice.
_PARTS_MAX = 24


class Split(enum.StrEnum):
    """How large the parts are."""

    #: As much as the largest convoy carries: fewest parts, full loads.
    LARGE = "large"
    #: As much as the smallest usable convoy carries.
    SMALL = "small"
    #: Half of the smallest, so that the rest of a load finds room beside other goods.
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a demand that one stop serves.

    Parameters
    ----------
    need, quantity : int
        So many units of a demand.
    groups : frozenset of int
        Groups that may carry it.
    """

    need: int
    quantity: int
    groups: frozenset[int]


def tasks_of(
    problem: Problem,
    alone: Alone,
    split: Split,
    assigned: Mapping[tuple[int, int], int] | None = None,
    *,
    whole: bool = True,
) -> list[Task]:
    """Split every demand that somebody can serve.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    split : Split
        How large the parts are.
    assigned : mapping of (int, int) to int, optional
        Units by demand and base that are to come from there; otherwise every demand in full, from
        anywhere.
    whole : bool
        Whether what one convoy can bring in one go stays in one piece, even if a smaller one could
        bring a part. That keeps the master's choices few; where something stays undelivered,
        parts find room that the whole does not.

    Returns
    -------
    list of Task
        In the order of the demands.
    """
    tasks = []
    for need, item in enumerate(problem.needs):
        able = [group for group, units in enumerate(alone[need]) if units]
        # What stands ready at a site comes from no base.
        if assigned is None or item.pickup is not None:
            shares = [(item.quantity, able)]
        else:
            bases = sorted({problem.groups[group].base for group in able})
            shares = [
                (assigned.get((need, base), 0), [g for g in able if problem.groups[g].base == base])
                for base in bases
            ]
        for asked, groups in shares:
            # More than they could bring if they did nothing else is nobody's task.
            quantity = min(asked, most_of(problem, alone, need, groups))
            if quantity and groups:
                sizes = [alone[need][group] for group in groups]
                tasks += [
                    Task(need, part, frozenset(g for g in groups if alone[need][g] >= part))
                    for part in _parts(quantity, sizes, split, whole=whole)
                ]
    return tasks


def _parts(quantity: int, sizes: list[int], split: Split, *, whole: bool) -> list[int]:
    largest = max(sizes)
    if whole and quantity <= largest:
        return [quantity]
    # A group that could bring but a crumb, for want of stock or time, sets no size.
    size = largest if split is Split.LARGE else min(s for s in sizes if s * 8 >= largest)
    if split is Split.HALF:
        size = max(1, -(-size // 2))
    # A great number of parts helps nobody: they grow until there are few enough.
    size = min(max(size, -(-quantity // _PARTS_MAX)), largest, quantity)
    full, rest = divmod(quantity, size)
    return [size] * full + ([rest] if rest else [])
