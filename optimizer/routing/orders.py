"""What the generator is asked for, run by run.

The routes of all runs meet in one pool, so that runs differ on purpose: by how demands are split,
by whether stock is shared out first, and by whether they begin with nothing or with the best
solution.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.routing.alone import Alone
from optimizer.routing.carriers import Carrier, carriers_of
from optimizer.routing.options import SolveOptions
from optimizer.routing.problem import Problem
from optimizer.routing.route import Candidate
from optimizer.routing.solution import missing_of
from optimizer.routing.split import Split, Task, tasks_of
from optimizer.routing.transport import fuel_drawn, is_short, share_out

__all__ = ["Order", "Start", "order_of"]

#: A route to begin with: group, and by trip the indices of its tasks with their times.
Start = tuple[int, tuple[tuple[tuple[int, int], ...], ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """One run of the generator.

    Parameters
    ----------
    tasks : sequence of Task
        What may be served.
    carriers : sequence of Carrier
        Who may carry what.
    seed : int
        Seed of the run.
    iterations : int or None
        Iterations; None if only time ends the run.
    reloads : bool
        Whether convoys may make several trips.
    start : sequence of Start
        Routes to begin with; none for a random beginning.
    """

    tasks: Sequence[Task]
    carriers: Sequence[Carrier]
    seed: int
    iterations: int | None
    reloads: bool
    start: Sequence[Start] = ()


class _Kind(enum.Enum):
    """How a run begins, and with what."""

    #: Every demand in full, from anywhere; the run knows nothing of stock.
    FREE = enum.auto()
    #: Every base serves what was shared out to it.
    SHARED = enum.auto()
    #: The best solution, each of its drops from the base that it comes from, and what it misses.
    WARM = enum.auto()


#: Kinds and splits by turns. Where stock is short, what is shared out goes before what is free.
_TURNS = (
    (_Kind.FREE, Split.LARGE),
    (_Kind.WARM, Split.SMALL),
    (_Kind.WARM, Split.HALF),
    (_Kind.FREE, Split.HALF),
)
_SHORT_TURNS = (
    (_Kind.SHARED, Split.LARGE),
    (_Kind.WARM, Split.SMALL),
    (_Kind.WARM, Split.HALF),
    (_Kind.SHARED, Split.HALF),
    (_Kind.FREE, Split.SMALL),
)
#: Clients of a run, which are tasks times their windows: PyVRP's memory grows with their square.
_CLIENTS_MAX = 2000
#: A drop takes up much of a convoy from this part of its capacity on: a quarter.
_MUCH = 4


def order_of(
    problem: Problem,
    alone: Alone,
    best: Sequence[Candidate],
    options: SolveOptions,
    *,
    run: int,
    runs: int,
) -> Order:
    """Say what a run of the generator is to do.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    best : sequence of Candidate
        The best solution so far.
    options : SolveOptions
        Seed and budget.
    run : int
        Number of the run, from 0.
    runs : int
        How many share the iterations.

    Returns
    -------
    Order
        The order.
    """
    turns = _SHORT_TURNS if is_short(problem) else _TURNS
    kind, split = turns[run % len(turns)]
    start: list[Start] = []
    if kind is _Kind.WARM and best:
        tasks, start = _as_they_are(problem, alone, best, split)
    else:
        shares = None
        if kind is not _Kind.FREE:
            shares = share_out(problem, alone, fuel_drawn(problem, best), options.seed)
        # Parts of what would fit whole find room that is left, but make many more choices.
        whole = split is not Split.HALF and not any(missing_of(problem, best))
        tasks = tasks_of(problem, alone, split, shares, whole=whole)
    tasks, start = _bounded(problem, tasks, start)
    iterations = None if options.iterations is None else max(1, options.iterations // runs)
    return Order(
        tasks=tasks,
        # PyVRP refuses convoys that are never available; those who can serve nothing are no help.
        carriers=[c for c in carriers_of(problem, run) if any(c.group in t.groups for t in tasks)],
        seed=options.seed + 7919 * run,
        iterations=iterations,
        reloads=problem.trips_max > 1,
        start=start,
    )


def _bounded(
    problem: Problem, tasks: Sequence[Task], start: list[Start]
) -> tuple[list[Task], list[Start]]:
    """Return no more tasks than a run can handle: those it begins with, then the most important.

    The rest is for insertion.
    """
    begun = {task for _, trips in start for trip in trips for task, _ in trip}
    left = _CLIENTS_MAX
    kept = []
    for index in sorted(
        range(len(tasks)), key=lambda t: (t not in begun, problem.needs[tasks[t].need].priority, t)
    ):
        need = problem.needs[tasks[index].need]
        left -= len(need.windows) + (need.due is not None)
        if left < 0:
            break
        kept.append(index)
    # The tasks that a run begins with come first, so that they keep their places if all are kept.
    return [tasks[index] for index in sorted(kept)], start if begun <= set(kept) else []


def _as_they_are(
    problem: Problem, alone: Alone, best: Sequence[Candidate], split: Split
) -> tuple[list[Task], list[Start]]:
    """Return the drops of a solution as tasks, then what it misses; and its routes of them."""
    tasks: list[Task] = []
    starts: list[Start] = []
    for route in best:
        trips = []
        for visits, times in zip(route.shape, route.times, strict=True):
            steps = []
            for (_, drops), begin in zip(visits, times.starts, strict=True):
                for need, units in drops:
                    for part in _parts(problem, route, need, units, split):
                        steps.append((len(tasks), begin))
                        able = _same_base(problem, alone, route, need, part)
                        tasks.append(Task(need, part, able))
            trips.append(tuple(steps))
        starts.append((route.group, tuple(trips)))
    missing = {n: units for n, units in enumerate(missing_of(problem, best)) if units > 0}
    asked: Counter[tuple[int, int]] = Counter()
    left = dict(problem.stock)
    for route in best:
        base = problem.groups[route.group].base
        for good, units in route.leaves.items():
            left[base, good] = left.get((base, good), 0) - units
    for need in sorted(missing, key=lambda n: (problem.needs[n].priority, n)):
        good = problem.needs[need].good
        bases = sorted(
            {g.base for g, units in zip(problem.groups, alone[need], strict=True) if units}
        )
        for base in bases:
            units = min(missing[need], max(0, left.get((base, good), 0)))
            asked[need, base] += units
            missing[need] -= units
            left[base, good] = left.get((base, good), 0) - units
    return tasks + tasks_of(problem, alone, split, asked, whole=False), starts


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


def _same_base(
    problem: Problem, alone: Alone, route: Candidate, need: int, units: int
) -> frozenset[int]:
    base = problem.groups[route.group].base
    return frozenset(
        index
        for index, group in enumerate(problem.groups)
        if group.base == base and alone[need][index] >= units
    ) | {route.group}
