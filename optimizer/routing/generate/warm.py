"""A solution as the beginning of a run: its drops as tasks, and its routes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from optimizer.routing.demands.alone import Alone
from optimizer.routing.demands.split import Split, Task, tasks_of
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.evaluate.solution import missing_of
from optimizer.routing.evaluate.times import TripTimes
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.stock import is_short

__all__ = ["Start", "as_they_are"]

#: A route to begin with: group, and by trip the indices of its tasks with their times. A task that
#: stands ready at a site is named twice: where it is taken aboard and where it is handed over.
Start = tuple[int, tuple[tuple[tuple[int, int], ...], ...]]

#: A drop takes up much of a convoy from this part of its capacity on: a quarter.
_MUCH = 4


def as_they_are(
    problem: Problem, alone: Alone, best: Sequence[Candidate], split: Split
) -> tuple[list[Task], list[Start]]:
    """State a solution in tasks.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    best : sequence of Candidate
        The solution.
    split : Split
        How large the parts are of what it misses; with `Split.HALF` large drops are halved too.

    Returns
    -------
    tuple of list of Task and list of Start
        Its drops as tasks, each from the base that it comes from where stock is short, then what
        it misses; and its routes of these tasks.
    """
    short = is_short(problem)
    tasks: list[Task] = []
    starts: list[Start] = []
    for route in best:
        trips = []
        for visits, times in zip(route.shape, route.times, strict=True):
            steps: list[tuple[int, int]] = []
            # What was taken aboard and not handed over yet, by demand.
            ready: dict[int, list[int]] = {}
            for need, units, begin in _done(problem, visits, times):
                if need in ready:
                    steps += [(task, begin) for task in ready.pop(need)]
                    continue
                parts = _parts(problem, route, need, units, split)
                numbers = list(range(len(tasks), len(tasks) + len(parts)))
                steps += [(number, begin) for number in numbers]
                if problem.needs[need].pickup is not None:
                    ready[need] = numbers
                for part in parts:
                    able = _able(problem, alone, route, need, part, same_base=short)
                    tasks.append(Task(need, part, able))
            trips.append(tuple(steps))
        starts.append((route.group, tuple(trips)))
    return tasks + _of_missing(problem, alone, best, split), starts


def _of_missing(
    problem: Problem, alone: Alone, best: Sequence[Candidate], split: Split
) -> list[Task]:
    """State what a solution misses in tasks, each from a base that has it left."""
    missing = {n: units for n, units in enumerate(missing_of(problem, best)) if units > 0}
    asked: Counter[tuple[int, int]] = Counter()
    left = dict(problem.stock)
    for route in best:
        base = problem.groups[route.group].base
        for good, units in route.leaves.items():
            left[base, good] = left.get((base, good), 0) - units
    for need in sorted(missing, key=lambda n: (problem.needs[n].priority, n)):
        if problem.needs[need].pickup is not None:
            continue  # comes from no base
        good = problem.needs[need].good
        bases = sorted(
            {g.base for g, units in zip(problem.groups, alone[need], strict=True) if units}
        )
        for base in bases:
            units = min(missing[need], max(0, left.get((base, good), 0)))
            asked[need, base] += units
            missing[need] -= units
            left[base, good] = left.get((base, good), 0) - units
    kept = []
    for task in tasks_of(problem, alone, split, asked, whole=False):
        quantity = task.quantity
        # What stands ready at a site was split as if nothing of it were served.
        if problem.needs[task.need].pickup is not None:
            quantity = min(quantity, missing.get(task.need, 0))
            missing[task.need] = missing.get(task.need, 0) - quantity
        if quantity:
            kept.append(replace(task, quantity=quantity))
    return kept


def _done(
    problem: Problem, visits: Sequence[Visit], times: TripTimes
) -> Iterator[tuple[int, int, int]]:
    """Yield what a trip does: demand, units and begin; a pair's two ends once each, all at once."""
    units_of: Counter[int] = Counter()
    for _, done in visits:
        units_of.update({need: units for need, units in done if units > 0})
    told: set[tuple[int, bool]] = set()
    for (_, done), begin in zip(visits, times.starts, strict=True):
        for need, units in done:
            if problem.needs[need].pickup is None:
                yield need, units, begin
            elif (need, units > 0) not in told:
                told.add((need, units > 0))
                yield need, units_of[need], begin


def _parts(
    problem: Problem, route: Candidate, need: int, units: int, split: Split
) -> tuple[int, ...]:
    """Halve what takes up much of its convoy, if small parts are asked for."""
    if split is not Split.HALF or units == 1:
        return (units,)
    supply = problem.goods[problem.needs[need].good]
    holds = problem.groups[route.group].holds
    room = sum(h.capacity[0] for h in holds if h.kind == supply.good.compartment)
    if supply.unit[0] * units * _MUCH < room:
        return (units,)
    return (units - units // 2, units // 2)


def _able(
    problem: Problem, alone: Alone, route: Candidate, need: int, units: int, *, same_base: bool
) -> frozenset[int]:
    """Return the groups that can bring so much, of the route's base alone or of any."""
    base = problem.groups[route.group].base
    return frozenset(
        index
        for index, group in enumerate(problem.groups)
        if (group.base == base or not same_base) and alone[need][index] >= units
    ) | {route.group}
