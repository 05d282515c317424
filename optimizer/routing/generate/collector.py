"""Keeps the routes of the solutions that a run of the generator goes through."""

from __future__ import annotations

from collections.abc import Iterable

from pyvrp import CostEvaluator, IteratedLocalSearchCallbacks, Route, ScheduledActivity, Solution

from optimizer.routing.evaluate.aboard import errand
from optimizer.routing.evaluate.shape import Shape, Visit, tidy
from optimizer.routing.generate.data import Data
from optimizer.routing.model.problem import Problem

__all__ = ["Collector"]

#: A call at a base in between.
_BASE = -1


class Collector(IteratedLocalSearchCallbacks):
    """Keeps the routes of the solutions that a run goes through.

    Parameters
    ----------
    problem : Problem
        Problem.
    data : Data
        What the run was given.
    every : int
        Iterations between two looks at the current solution.
    """

    def __init__(self, problem: Problem, data: Data, every: int) -> None:
        self._problem = problem
        self._data = data
        self._every = every
        self._count = 0
        self._seen: dict[tuple[int, tuple[int, ...]], None] = {}

    def on_iteration(
        self,
        current: Solution,
        candidate: Solution,  # noqa: ARG002 - PyVRP's interface
        best: Solution,  # noqa: ARG002
        cost_evaluator: CostEvaluator,  # noqa: ARG002
    ) -> None:
        """Look at the current solution now and then.

        Parameters
        ----------
        current, candidate, best : Solution
            As PyVRP gives them.
        cost_evaluator : CostEvaluator
            As PyVRP gives it.
        """
        self._count += 1
        if self._count % self._every == 0:
            self._keep(current.routes())

    def on_best(self, best: Solution) -> None:
        """Keep the routes of a better solution.

        Parameters
        ----------
        best : Solution
            The solution.
        """
        self._keep(best.routes())

    def seen(self) -> list[tuple[int, Shape]]:
        """Return every route seen, each once.

        Returns
        -------
        list of tuple of int and Shape
            Groups and visits by trip, in the order in which they were seen.
        """
        return self._shapes(self._seen)

    def best(self, best: Solution) -> list[tuple[int, Shape]]:
        """Return the routes of a run's best solution.

        Parameters
        ----------
        best : Solution
            The solution.

        Returns
        -------
        list of tuple of int and Shape
            Groups and visits by trip, without routes that break a rule of PyVRP's.
        """
        return self._shapes(self._keep(best.routes()))

    def _keep(self, routes: Iterable[Route]) -> list[tuple[int, tuple[int, ...]]]:
        keys = []
        for route in routes:
            if (route.num_clients() or route.num_shipments()) and route.is_feasible():
                key = (route.vehicle_type(), tuple(_steps(route)))
                self._seen.setdefault(key)
                keys.append(key)
        return keys

    def _shapes(self, found: Iterable[tuple[int, tuple[int, ...]]]) -> list[tuple[int, Shape]]:
        return [(self._data.groups[kind], self._shape(steps)) for kind, steps in found]

    def _shape(self, steps: tuple[int, ...]) -> Shape:
        trips: list[list[Visit]] = [[]]
        for step in steps:
            if step >= 0:
                task = self._data.tasks[step]
                trips[-1].append((self._data.sites[step], ((task.need, task.quantity),)))
            elif step == _BASE:
                trips.append([])
            else:
                pair, gives = divmod(_BASE - 1 - step, 2)
                task = self._data.pairs[pair]
                trips[-1].append(errand(self._problem, task.need, task.quantity)[gives])
        return tidy(trips)


def _steps(route: Route) -> list[int]:
    """Return the clients of a route in order, and below zero bases and shipments."""
    return [_step(step) for step in route]


def _step(step: ScheduledActivity) -> int:
    """Return the number of a step: behind the base, pickups have even ones, deliveries odd ones."""
    if step.is_client():
        return step.idx
    if step.is_shipment():
        return _BASE - 1 - (2 * step.idx + step.is_delivery())
    return _BASE
