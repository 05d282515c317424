"""What the generator is asked for, run by run.

The routes of all runs meet in one pool, so that runs differ on purpose: by how demands are split,
by whether stock is shared out first, and by whether they begin with nothing or with the best
solution.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.routing.demands.alone import Alone
from optimizer.routing.demands.split import Split, Task, tasks_of
from optimizer.routing.demands.wanting import wanting
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.solution import missing_of
from optimizer.routing.generate.carriers import Carrier, carriers_of
from optimizer.routing.generate.fewer import vehicles_first, with_one_less
from optimizer.routing.generate.transport import fuel_drawn, share_out
from optimizer.routing.generate.warm import Start, as_they_are
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.stock import is_short
from optimizer.routing.options import SolveOptions
from optimizer.scenario.model import Objective

__all__ = ["Order", "is_plain", "order_of"]


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
    needed : frozenset of int
        Indices of tasks that are not up for choice. What may be left out makes PyVRP's search
        several times slower: after each move it looks at everything that is not there.
    watched : bool
        Whether the routes of the solutions that it goes through are wanted, not its best alone.
    """

    tasks: Sequence[Task]
    carriers: Sequence[Carrier]
    seed: int
    iterations: int | None
    reloads: bool
    start: Sequence[Start] = ()
    needed: frozenset[int] = frozenset()
    watched: bool = True


class _Kind(enum.Enum):
    """How a run begins, and with what."""

    #: Every demand in full, from anywhere; the run knows nothing of stock.
    FREE = enum.auto()
    #: Every base serves what was shared out to it.
    SHARED = enum.auto()
    #: The best solution, each of its drops from the base that it comes from, and what it misses.
    WARM = enum.auto()


#: What a run begins with, and how demands are split.
_Turn = tuple[_Kind, Split]
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
#: Where stock is short and all is brought that can be: who begins with nothing never catches up.
_BROUGHT_TURNS = (
    (_Kind.SHARED, Split.LARGE),
    (_Kind.WARM, Split.LARGE),
    (_Kind.WARM, Split.HALF),
    (_Kind.WARM, Split.LARGE),
    (_Kind.WARM, Split.HALF),
    (_Kind.WARM, Split.LARGE),
)
#: Where nothing couples routes and nothing is missing: first all run alike, then on from the best.
_PLAIN_TURNS = ((_Kind.FREE, Split.LARGE), (_Kind.WARM, Split.LARGE))
#: Clients of a run, which are tasks times their windows: PyVRP's memory grows with their square.
_CLIENTS_MAX = 2000


def order_of(
    problem: Problem,
    alone: Alone,
    best: Sequence[Candidate],
    options: SolveOptions,
    *,
    run: int,
    runs: int,
    resumed: bool = False,
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
    resumed : bool
        Whether the search began with a solution that was found before: then the first runs go on
        from it.

    Returns
    -------
    Order
        The order.
    """
    short, wanted = is_short(problem), wanting(problem, alone, best)
    plain = is_plain(problem, alone, best)
    if plain:
        kind, split = _PLAIN_TURNS[1 if resumed else min(run // options.workers, 1)]
    else:
        turns: Sequence[_Turn] = _SHORT_TURNS if short else _TURNS
        if short and not any(wanted) and best:
            turns = _BROUGHT_TURNS
        if resumed:
            turns = sorted(turns, key=lambda turn: turn[0] is not _Kind.WARM)
        kind, split = turns[run % len(turns)]
    start: list[Start] = []
    if kind is _Kind.WARM and best:
        tasks, start = as_they_are(problem, alone, best, split)
    else:
        shares = None
        if kind is not _Kind.FREE:
            shares = share_out(problem, alone, fuel_drawn(problem, best))
        # Parts of what would fit whole find room that is left, but make many more choices.
        whole = split is not Split.HALF and not any(missing_of(problem, best))
        tasks = tasks_of(problem, alone, split, shares, whole=whole)
    tasks, start = _bounded(problem, tasks, start)
    iterations = None if options.iterations is None else max(1, options.iterations // runs)
    # PyVRP refuses convoys that are never available; those who can serve nothing are no help.
    carriers = [c for c in carriers_of(problem, run) if any(c.group in t.groups for t in tasks)]
    # Every second run that goes on from the best tries to do with one convoy less.
    if start and run % 2 and plain and vehicles_first(problem):
        carriers, start = with_one_less(problem, carriers, best, start) or (carriers, start)
    return Order(
        tasks=tasks,
        carriers=carriers,
        seed=options.seed + 7919 * run,
        iterations=iterations,
        reloads=any(group.trips_max > 1 for group in problem.groups),
        start=start,
        needed=_needed(problem, wanted, tasks, start, run),
        watched=not plain,
    )


def is_plain(problem: Problem, alone: Alone, best: Sequence[Candidate]) -> bool:
    """Tell whether the generator can state all of a problem, as far as it is still open.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    best : sequence of Candidate
        The best solution so far.

    Returns
    -------
    bool
        Whether nothing is missing that could be brought, and stock, hours, places and what may not
        travel together bind nobody.
    """
    return (
        bool(best)
        and not (problem.apart or problem.varies or problem.docks or is_short(problem))
        # Of the windows at the ends of a pair the generator knows the hull.
        and all(
            need.pickup is None or (len(need.windows) < 2 and len(need.pickup_windows) < 2)  # noqa: PLR2004 - several
            for need in problem.needs
        )
        and not any(wanting(problem, alone, best))
    )


def _needed(
    problem: Problem,
    wanted: Sequence[int],
    tasks: Sequence[Task],
    start: Sequence[Start],
    run: int,
) -> frozenset[int]:
    """Return the tasks that may not be left out.

    Where nothing more could be brought, that is all of them: no better solution serves less.
    Otherwise the first run tries to serve everything all the same, as what breaks a rule at first
    is often mended where what is left out is never fitted in; the others keep what they begin with
    and is more important than anything that is missing.
    """
    if problem.objectives[0] is not Objective.UNDELIVERED:
        return frozenset()
    missing = [need for need, units in enumerate(wanted) if units > 0]
    if not missing or (run == 0 and not start and not is_short(problem)):
        return frozenset(range(len(tasks)))
    first = min(problem.needs[need].priority for need in missing)
    begun = {task for _, trips in start for trip in trips for task, _ in trip}
    return frozenset(task for task in begun if problem.needs[tasks[task].need].priority < first)


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
        pair = need.pickup is not None
        left -= 2 if pair else len(need.windows) + (need.due is not None)
        if left < 0:
            break
        kept.append(index)
    # The tasks that a run begins with come first, so that they keep their places if all are kept.
    return [tasks[index] for index in sorted(kept)], start if begun <= set(kept) else []
