"""The pool: every candidate route found, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.routing.evaluate.route import Candidate, Key
from optimizer.routing.evaluate.solution import cost_of
from optimizer.routing.model.problem import Problem

__all__ = ["Pool"]


class Pool:
    """Candidate routes in the order in which they were found.

    Parameters
    ----------
    problem : Problem
        Problem that they are routes of.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._routes: dict[Key, Candidate] = {}

    def __len__(self) -> int:
        return len(self._routes)

    def add(self, routes: Iterable[Candidate]) -> None:
        """Add routes that are not there yet.

        Parameters
        ----------
        routes : iterable of Candidate
            Routes; those that alone take more than is in stock are left out.
        """
        stock = self._problem.stock
        for route in routes:
            base = self._problem.groups[route.group].base
            if all(units <= stock.get((base, g), 0) for g, units in route.leaves.items() if units):
                self._routes.setdefault(route.key, route)

    def columns(self, most: int, keep: Sequence[Candidate]) -> list[Candidate]:
        """Return the routes that the master chooses from.

        Parameters
        ----------
        most : int
            How many at most, besides `keep`.
        keep : sequence of Candidate
            Routes that are among them in any case.

        Returns
        -------
        list of Candidate
            Without those that another does better: the same drops by the same group, with the same
            places held, at no more of any cost. Those that deliver the most for their driving time
            come first if there are too many.
        """
        kept = {route.key for route in keep}
        best: dict[object, Candidate] = {}
        for route in self._routes.values():
            drops = (route.group, tuple(sorted(route.drops.items())), route.holds)
            other = best.get(drops)
            if other is None or self._beats(route, other):
                best[drops] = route
        chosen = sorted(best.values(), key=self._worth)[:most]
        extra = [self._routes[key] for key in sorted(kept - {route.key for route in chosen})]
        return chosen + extra

    def _beats(self, route: Candidate, other: Candidate) -> bool:
        return cost_of(self._problem, route) < cost_of(self._problem, other)

    def _worth(self, route: Candidate) -> float:
        mass = sum(self._problem.mass(need, units) for need, units in route.drops.items())
        per_vehicle = len(self._problem.groups[route.group].convoys[0].vehicles)
        travel = next(iter(cost for o, cost in route.costs.items() if o.value == "time"))
        return (travel + 600) * per_vehicle / max(1, mass)
