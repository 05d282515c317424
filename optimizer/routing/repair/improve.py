"""Small exact steps on a solution: fill up, give up the less important for the more important."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from optimizer.routing.demands.alone import Alone
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.seat import seated
from optimizer.routing.evaluate.solution import fits_together, score_of
from optimizer.routing.model.problem import Problem
from optimizer.routing.repair.construct import fill_up
from optimizer.routing.repair.draft import Draft
from optimizer.routing.repair.shorten import without

__all__ = ["improve"]


def improve(
    problem: Problem,
    alone: Alone,
    routes: Sequence[Candidate],
    *,
    trials: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Candidate]:
    """Bring more of what is important, by exact steps that never make the solution worse.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    routes : sequence of Candidate
        Routes that fit together.
    trials : int
        Ejections to try at most.
    should_stop : callable
        Asked before each step.

    Returns
    -------
    list of Candidate
        Routes that fit together, at least as good.
    """
    draft = Draft(problem, alone, routes)
    fill_up(draft, should_stop)
    best = draft.routes
    if score_of(problem, best) > score_of(problem, routes):
        best = list(routes)
    left = trials
    improved = True
    while improved and left > 0:
        improved = False
        for kept in _ejections(problem, best):
            if left <= 0 or should_stop():
                break
            left -= 1
            draft = Draft(problem, alone, kept)
            fill_up(draft, should_stop)
            if score_of(problem, draft.routes) < score_of(problem, best):
                best = draft.routes
                improved = True
                break
    return best


def _ejections(problem: Problem, routes: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield the routes without what is less important than something undelivered.

    One demand at a time, then a whole route's less important ones, for the most important
    undelivered demand first.
    """
    missing = [need.quantity for need in problem.needs]
    for route in routes:
        for need, units in route.drops.items():
            missing[need] -= units
    ranks = sorted({problem.needs[n].priority for n, units in enumerate(missing) if units > 0})
    seen: set[tuple[int, frozenset[int]]] = set()
    for rank in ranks:
        for index, route in enumerate(routes):
            lower = [n for n in sorted(route.drops) if problem.needs[n].priority > rank]
            for out in (*(frozenset({n}) for n in lower), frozenset(lower)):
                if not out or (index, out) in seen:
                    continue
                seen.add((index, out))
                shorter = without(problem, route, out)
                if shorter is None and len(out) < len(route.drops):
                    continue
                kept = [*routes[:index], *routes[index + 1 :]]
                if shorter is not None:
                    kept.append(shorter)
                found = seated(problem, kept)
                if len(found) == len(kept) and fits_together(problem, found):
                    yield found
