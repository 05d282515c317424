"""Routes that serve less than they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.shape import Shape, Visit, tidy, tidy_trip
from optimizer.routing.model.problem import Problem

__all__ = ["mended", "shortened", "without"]


def without(problem: Problem, route: Candidate, needs: Iterable[int]) -> Candidate | None:
    """Return a route that serves some demands no more.

    Parameters
    ----------
    problem : Problem
        Problem.
    route : Candidate
        Route.
    needs : iterable of int
        Demands to leave out.

    Returns
    -------
    Candidate or None
        None where nothing is left, or where the shorter way breaks a rule.
    """
    out = frozenset(needs)
    shape = tidy(
        [
            [(site, tuple(drop for drop in drops if drop[0] not in out)) for site, drops in trip]
            for trip in route.shape
        ]
    )
    if not shape:
        return None
    shorter = evaluate(problem, route.group, shape)
    return shorter if isinstance(shorter, Candidate) else None


def shortened(problem: Problem, routes: Sequence[Candidate]) -> list[Candidate]:
    """Return routes with one demand left out, which give the master more to combine.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes.

    Returns
    -------
    list of Candidate
        Shorter routes.
    """
    found = []
    for route in routes:
        if len(route.drops) > 1:
            shorter = [without(problem, route, [need]) for need in sorted(route.drops)]
            found += [candidate for candidate in shorter if candidate is not None]
    return found


def mended(problem: Problem, group: int, shape: Shape) -> list[Candidate]:
    """Return routes that come of one that breaks a rule: less one visit, or with a trip cut in two.

    Parameters
    ----------
    problem : Problem
        Problem.
    group : int
        Whose route it is.
    shape : tuple
        Visits by trip.

    Returns
    -------
    list of Candidate
        Routes that keep every rule; often none.
    """
    found = []
    for number, trip in enumerate(shape):
        before, after = shape[:number], shape[number + 1 :]
        parts: list[Shape] = [
            (*before, trip[:cut], trip[cut:], *after) for cut in range(1, len(trip))
        ]
        parts += [
            (*before, *((rest,) if (rest := _less(problem, trip, i)) else ()), *after)
            for i in range(len(trip))
        ]
        for part in parts:
            route = evaluate(problem, group, part) if part else None
            if isinstance(route, Candidate):
                found.append(route)
                break
    return found


def _less(problem: Problem, trip: tuple[Visit, ...], place: int) -> tuple[Visit, ...]:
    """Return a trip without a visit, and without what else serves the pairs that it serves."""
    pairs = {need for need, _ in trip[place][1] if problem.needs[need].pickup is not None}
    rest = trip[:place] + trip[place + 1 :]
    if not pairs:
        return rest
    return tidy_trip(
        [(site, tuple(one for one in done if one[0] not in pairs)) for site, done in rest]
    )
