"""The first answer: tasks inserted one by one, the most important and urgent first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from optimizer.routing.demands.alone import Alone
from optimizer.routing.demands.split import Task
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.model.problem import Problem
from optimizer.routing.repair.draft import Draft, Move

__all__ = ["construct", "fill_up"]


def construct(
    problem: Problem,
    alone: Alone,
    tasks: Sequence[Task],
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Candidate]:
    """Build routes that fit together, greedily.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    tasks : sequence of Task
        What is to be served.
    should_stop : callable
        Asked before each task.

    Returns
    -------
    list of Candidate
        Routes.
    """
    draft = Draft(problem, alone)

    def urgency(task: Task) -> tuple[int, int, int, int]:
        need = problem.needs[task.need]
        closing = need.windows[-1][1] if need.windows else 0
        return need.priority, closing, -problem.mass(task.need, task.quantity), task.need

    for task in sorted(tasks, key=urgency):
        if should_stop():
            break
        quantity = min(task.quantity, draft.missing[task.need])
        move = draft.best(task.need, quantity, task.groups) if quantity else None
        if move is not None:
            draft.apply(move)
    fill_up(draft, should_stop)
    return draft.routes


def fill_up(
    draft: Draft,
    should_stop: Callable[[], bool] = lambda: False,
    only: Collection[int] | None = None,
) -> bool:
    """Bring what is still missing, in as large parts as fit, the most important first.

    Parameters
    ----------
    draft : Draft
        Solution; changed in place.
    should_stop : callable
        Asked before each demand.
    only : collection of int, optional
        Demands to look at; by default all.

    Returns
    -------
    bool
        Whether anything was added.
    """
    problem = draft.problem
    order = sorted(
        range(len(problem.needs)) if only is None else only,
        key=lambda n: (problem.needs[n].priority, -problem.mass(n, draft.missing[n]), n),
    )
    added = False
    for need in order:
        while draft.missing[need] > 0 and not should_stop():
            move = _largest(draft, need)
            if move is None:
                break
            draft.apply(move)
            added = True
    return added


def _largest(draft: Draft, need: int) -> Move | None:
    """Return the move that brings the most of a demand.

    By halves, as whoever finds a place for a quantity mostly finds one for less. Where not even the
    least finds one, as is usual in a plan that is full, nothing does.
    """
    quantities = sorted(_quantities(draft, need))
    if not quantities:
        return None
    found = draft.best(need, quantities[0])
    low, high = 0, len(quantities) if found is not None else 1
    while high - low > 1:
        middle = (low + high) // 2
        more = draft.best(need, quantities[middle])
        if more is None:
            high = middle
        else:
            low, found = middle, more
    return found


def _quantities(draft: Draft, need: int) -> set[int]:
    """Return the quantities worth trying: what convoys, trips and stocks could take."""
    problem = draft.problem
    item = problem.needs[need]
    missing = draft.missing[need]
    found = set()
    for group, units in enumerate(draft.alone[need]):
        most = min(missing, units)
        if item.pickup is None:
            most = min(most, draft.left.get((problem.groups[group].base, item.good), 0))
        if most <= 0:
            continue
        found |= {most, -(-most // 2), -(-most // 4)}
        for route in draft.routes:
            if route.group == group:
                for trip in range(len(route.shape)):
                    found |= {min(most, room) for room in draft.rooms(route, trip, item.good)}
    return {quantity for quantity in found if quantity > 0}
