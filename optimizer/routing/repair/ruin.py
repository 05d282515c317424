"""Ruin and recreate: take some demands out of a solution and bring them back at best.

Every step is evaluated exactly, so that what couples routes, which the generator does not know, is
kept all the time: where stock or fuel is short, this is what moves demands from base to base.
After Shaw (1998) and Schrimpf et al. (2000), doi:10.1006/jcph.1999.6413.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from optimizer.routing.demands.alone import Alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.seat import seated
from optimizer.routing.evaluate.solution import fits_together, missing_of, score_of
from optimizer.routing.model.problem import Problem
from optimizer.routing.repair.construct import fill_up
from optimizer.routing.repair.draft import Draft
from optimizer.routing.repair.shorten import without

__all__ = ["ruin_and_recreate"]

#: Demands taken out at once, at most. More of them make a step slow and rarely better.
_TAKEN_MAX = 6
#: How often an insertion overlooks a route. On tiny cases 0 was stuck where 0.1 was not.
_BLINK = 0.1
#: How often a whole trip is moved instead.
_WHOLE_TRIP = 0.15
#: How often all of a route is taken out.
_WHOLE_ROUTE = 0.2
#: How often the middle of what is taken out is a demand that is missing, if there is one.
_AROUND_MISSING = 0.5
#: Missing demands that are tried again after each step, besides those taken out.
_TRIED_AGAIN = 3


def ruin_and_recreate(
    problem: Problem,
    alone: Alone,
    routes: Sequence[Candidate],
    *,
    steps: int,
    seed: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[list[Candidate], list[Candidate]]:
    """Improve a solution step by step.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    routes : sequence of Candidate
        Routes that fit together.
    steps : int
        Steps at most.
    seed : int
        Seed.
    should_stop : callable
        Asked before each step.

    Returns
    -------
    tuple of list of Candidate
        The best solution, and every route that was seen on the way.
    """
    rng = random.Random(seed)  # noqa: S311 - a search, not a secret
    best = list(routes)
    best_score = score_of(problem, best)
    seen: dict[object, Candidate] = {}
    for _ in range(steps):
        if should_stop() or not best:
            break
        if rng.random() < _WHOLE_TRIP:
            draft = _move_trip(problem, alone, best, rng)
        else:
            draft = _ruin(problem, alone, best, rng)
        if draft is None:
            continue
        score = score_of(problem, draft.routes)
        seen.update((route.key, route) for route in draft.routes)
        if score <= best_score:
            best, best_score = list(draft.routes), score
    return best, list(seen.values())


def _move_trip(
    problem: Problem, alone: Alone, routes: Sequence[Candidate], rng: random.Random
) -> Draft | None:
    """Let another convoy drive a whole trip: no single demand of it may be worth moving."""
    index = rng.randrange(len(routes))
    route = routes[index]
    number = rng.randrange(len(route.shape))
    kept = [*routes[:index], *routes[index + 1 :]]
    rest = (*route.shape[:number], *route.shape[number + 1 :])
    if rest:
        shorter = evaluate(problem, route.group, rest)
        if not isinstance(shorter, Candidate):
            return None
        kept.append(shorter)
    placed = seated(problem, kept)
    if len(placed) < len(kept):
        return None
    draft = Draft(problem, alone, placed, lambda: rng.random() < _BLINK)
    move = draft.best_trip(route.shape[number])
    if move is None:
        return None
    draft.apply(move)
    return draft


def _ruin(
    problem: Problem, alone: Alone, routes: Sequence[Candidate], rng: random.Random
) -> Draft | None:
    """Take some demands out and bring them back."""
    taken = _choose(problem, routes, missing_of(problem, routes), rng)
    draft = _without(problem, alone, routes, taken, lambda: rng.random() < _BLINK)
    if draft is not None:
        _recreate(draft, taken, rng)
    return draft


def _choose(
    problem: Problem,
    routes: Sequence[Candidate],
    missing: Sequence[int],
    rng: random.Random,
) -> set[int]:
    """Choose demands that are near each other, or near one that is missing, or all of one route."""
    served = sorted({need for route in routes for need in route.drops})
    short = [need for need, units in enumerate(missing) if units > 0]
    if rng.random() < _WHOLE_ROUTE:
        return set(rng.choice(routes).drops)
    centre = rng.choice(short if short and rng.random() < _AROUND_MISSING else served)
    travel = problem.groups[0].ways.travel_s

    def distance(need: int) -> tuple[int, float]:
        way = travel[problem.needs[centre].site][problem.needs[need].site]
        return (way if way >= 0 else problem.horizon_s, rng.random())

    # Not always the very nearest, or the same demands would be taken again and again.
    near = sorted(served, key=distance)[: 2 * _TAKEN_MAX]
    count = rng.randint(1, min(_TAKEN_MAX, len(near)))
    return {centre, *rng.sample(near, count)}


def _without(
    problem: Problem,
    alone: Alone,
    routes: Sequence[Candidate],
    taken: set[int],
    blink: Callable[[], bool],
) -> Draft | None:
    kept = []
    for route in routes:
        out = taken.intersection(route.drops)
        shorter = without(problem, route, out) if out else route
        if shorter is not None:
            kept.append(shorter)
        elif len(out) < len(route.drops):
            # The shorter way breaks a rule: all of the route is taken.
            taken |= set(route.drops)
    placed = seated(problem, kept)
    if len(placed) < len(kept) or not fits_together(problem, placed):
        return None
    return Draft(problem, alone, placed, blink)


def _recreate(draft: Draft, taken: set[int], rng: random.Random) -> None:
    """Bring demands back whole, in a random order within each priority; then what is missing."""
    needs = draft.problem.needs
    for need in sorted(taken, key=lambda n: (needs[n].priority, rng.random(), n)):
        largest = max(draft.alone[need], default=0)
        while draft.missing[need] > 0:
            move = draft.best(need, min(draft.missing[need], largest))
            if move is None:
                break
            draft.apply(move)
    draft.blink = None
    short = [need for need, units in enumerate(draft.missing) if units > 0]
    others = sorted(set(short) - taken)
    again = rng.sample(others, min(_TRIED_AGAIN, len(others)))
    fill_up(draft, only=taken.intersection(short).union(again))
