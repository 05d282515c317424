"""Which convoy drives which route: convoys of a group cannot be told apart until here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from optimizer.plan.model import Route
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.model.problem import Problem
from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Id

__all__ = ["Brought", "brought_by", "named"]

#: Units by demand, by convoy.
Brought = Mapping[Id, Counter[Id]]


def brought_by(routes: Iterable[Route]) -> Brought:
    """Return what each convoy brings in a plan.

    Parameters
    ----------
    routes : iterable of Route
        Routes of the plan.

    Returns
    -------
    mapping of str to Counter
        Units by demand, by convoy.
    """
    brought: dict[Id, Counter[Id]] = {}
    for route in routes:
        mine = brought.setdefault(route.convoy, Counter())
        for trip in route.trips:
            for stop in trip.stops:
                for drop in stop.drops:
                    mine[drop.demand] += drop.quantity
    return brought


def named(
    problem: Problem, candidates: Sequence[Candidate], before: Brought
) -> list[tuple[Convoy, Candidate]]:
    """Give each route to a convoy of its group.

    Parameters
    ----------
    problem : Problem
        Problem.
    candidates : sequence of Candidate
        Routes that fit together.
    before : mapping of str to Counter
        What convoys bring in the plan that this one goes on from: a route is driven by whoever
        brought most of it there, so that as few people as possible are told something new.

    Returns
    -------
    list of tuple of Convoy and Candidate
        In the order of the convoys in the scenario. The same routes always get the same convoys.
    """
    # In the order of their begin, with the first convoy first, where nothing came before.
    begins = sorted(candidates, key=lambda r: (r.group, r.times[0].loading_start, r.shape))
    given: dict[int, Convoy] = {}
    for index, group in enumerate(problem.groups):
        mine = [number for number, route in enumerate(begins) if route.group == index]
        free = list(group.convoys)
        shared = sorted(
            (-_in_common(problem, begins[number], before.get(convoy.id)), number, place)
            for number in mine
            for place, convoy in enumerate(group.convoys)
            if convoy.id in before
        )
        for common, number, place in shared:
            convoy = group.convoys[place]
            if common < 0 and number not in given and convoy in free:
                given[number] = convoy
                free.remove(convoy)
        for number in mine:
            if number not in given:
                given[number] = free.pop(0)
    order = {
        convoy.id: place
        for place, convoy in enumerate(c for group in problem.groups for c in group.convoys)
    }
    pairs = [(given[number], route) for number, route in enumerate(begins)]
    return sorted(pairs, key=lambda pair: order[pair[0].id])


def _in_common(problem: Problem, route: Candidate, brought: Counter[Id] | None) -> int:
    """Return how many steps of mass a route and what a convoy brought before have in common."""
    if not brought:
        return 0
    return sum(
        problem.mass(need, min(units, brought[problem.needs[need].id]))
        for need, units in route.drops.items()
    )
