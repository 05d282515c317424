"""Costs and prizes for the generator: the declared order of objectives as bounded weights.

An objective weighs `objective_ratio` times the next one, each measured in its own mean over all
ways; a priority weighs `priority_ratio` times the next. That gives the search its direction.
Exactness is the master's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.routing.demands.split import Task
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.parameters import SearchParameters
from optimizer.scenario.model import Objective

__all__ = ["Weights", "weights_of"]

#: Cost of a mean way under the first objective. Leaves five digits for the objectives after it.
_MEAN_COST = 100_000
#: An objective that stands before `undelivered` outweighs every prize.
_ABOVE_PRIZES = 10_000
#: Levels of priority that are told apart; below, prizes would swallow the costs.
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """Costs of ways and prizes of tasks.

    Parameters
    ----------
    arc : list of ndarray of int64, shape (sites, sites)
        Cost of each way, by group; ways that do not exist have a meaningless cost.
    vehicle : int
        Fixed cost of a vehicle.
    worst : int
        Cost of the dearest way there and back.
    """

    arc: list[NDArray[np.int64]]
    vehicle: int
    worst: int

    def prize(self, problem: Problem, task: Task, mean_mass: float, ratio: int) -> int:
        """Return what serving a task is worth.

        Parameters
        ----------
        problem : Problem
            Problem.
        task : Task
            The task.
        mean_mass : float
            Mean mass of all tasks, in steps.
        ratio : int
            Weight of a priority over the next.

        Returns
        -------
        int
            More than the dearest way there and back, in proportion to mass and priority.
        """
        rank = problem.priorities.index(problem.needs[task.need].priority)
        level = max(0, min(len(problem.priorities), _LEVELS) - 1 - rank)
        share = problem.mass(task.need, task.quantity) / max(1.0, mean_mass)
        return int(2 * self.worst * (1 + share) * ratio**level)


def weights_of(problem: Problem, parameters: SearchParameters) -> Weights:
    """Weigh the declared objectives.

    Parameters
    ----------
    problem : Problem
        Problem.
    parameters : SearchParameters
        Ratios.

    Returns
    -------
    Weights
        Costs and prizes.
    """
    costs = [np.zeros((len(problem.sites),) * 2) for _ in problem.groups]
    vehicle = 0.0
    weight = float(_MEAN_COST)
    for objective in problem.objectives:
        if objective in (Objective.UNDELIVERED, Objective.LATENESS):
            continue
        ahead = objective in problem.objectives[: problem.objectives.index(Objective.UNDELIVERED)]
        factor = weight * (_ABOVE_PRIZES if ahead else 1)
        weight /= parameters.objective_ratio
        if objective is Objective.VEHICLES:
            vehicle += factor
            continue
        quantities = [_quantity(group, objective) for group in problem.groups]
        known = np.concatenate([q[q > 0] for q in quantities]) if quantities else np.empty(0)
        if known.size:
            share = factor / float(known.mean())
            costs = [c + q * share for c, q in zip(costs, quantities, strict=True)]
    arc = [np.rint(cost).astype(np.int64) for cost in costs]
    # Prizes are measured by ways of the objectives after `undelivered` only.
    scale = _ABOVE_PRIZES if problem.objectives[0] is not Objective.UNDELIVERED else 1
    worst = max((int(cost.max()) for cost in arc), default=0)
    return Weights(arc, int(vehicle), max(1, 2 * worst // scale + int(vehicle) // scale))


def _quantity(group: Group, objective: Objective) -> NDArray[np.float64]:
    """Return what each way adds to an objective; 0 where there is none."""
    ways = group.ways
    table = {
        Objective.EXPOSURE: ways.exposure_milli,
        Objective.TIME: ways.travel_s,
        Objective.DISTANCE: ways.distance_m,
        Objective.FUEL: ways.fuel_m,
    }[objective]
    litres = 1.0
    if objective is Objective.FUEL:
        types = [v.type for v in group.convoys[0].vehicles]
        litres = sum(t.fuel_l_per_100km for t in types if t.fuel is not None)
    return np.maximum(np.array(table, dtype=np.float64), 0.0) * litres
