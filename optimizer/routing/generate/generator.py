"""PyVRP as the generator of routes.

PyVRP knows vehicles, loads, windows, shifts and reloading, but not stock, ranges of single trips,
what may not travel together, or exact orders of objectives. So it is asked for good routes under
weights that point the right way; every route is then evaluated exactly, and the master chooses
among all of them. This module, `data` and `collector` alone import PyVRP.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    IteratedLocalSearch,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    PenaltyManager,
    PenaltyParams,
    ProblemData,
    RandomNumberGenerator,
    Route,
    Solution,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager, compute_neighbours

from optimizer.routing.evaluate.shape import Shape
from optimizer.routing.generate.collector import Collector
from optimizer.routing.generate.data import Data, data_of
from optimizer.routing.generate.orders import Order
from optimizer.routing.generate.weights import Weights
from optimizer.routing.model.problem import Problem
from optimizer.routing.parameters import SearchParameters

__all__ = ["Yield", "generate"]

#: Routes as (group, visits by trip), not evaluated: all seen, and those of the best solution.
Yield = tuple[list[tuple[int, Shape]], list[tuple[int, Shape]]]

#: Penalty of a unit of load or a second, at most. Far above any prize, far below an overflow.
_MAX_PENALTY = 1e10


def generate(
    problem: Problem,
    orders: Sequence[Order],
    weights: Weights,
    parameters: SearchParameters,
    *,
    workers: int,
    expired: Callable[[], bool],
) -> list[Yield]:
    """Run the generator, as many runs at a time as there are workers.

    Parameters
    ----------
    problem : Problem
        Problem.
    orders : sequence of Order
        Runs.
    weights : Weights
        Costs and prizes.
    parameters : SearchParameters
        Parameters.
    workers : int
        Threads; PyVRP works without the interpreter's lock.
    expired : callable
        Whether to end now; asked every iteration.

    Returns
    -------
    list of Yield
        By run.
    """

    def run(order: Order) -> Yield:
        return _run(problem, order, weights, parameters, expired)

    with warnings.catch_warnings():
        # That a penalty is at its bound only says that a run finds little that is feasible.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        if workers == 1 or len(orders) == 1:
            return [run(order) for order in orders]
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(run, orders))


def _run(
    problem: Problem,
    order: Order,
    weights: Weights,
    parameters: SearchParameters,
    expired: Callable[[], bool],
) -> Yield:
    if not order.tasks or not order.carriers:
        return [], []
    data = data_of(problem, order, weights, parameters)
    if not data.tasks and not data.pairs:
        return [], []
    collector = Collector(problem, data, parameters.sample_every)
    rng = RandomNumberGenerator(seed=order.seed)
    search = LocalSearch(
        data.problem_data, rng, compute_neighbours(data.problem_data), PerturbationManager()
    )
    for operator in OPERATORS:
        if operator.supports(data.problem_data):
            search.add_operator(operator(data.problem_data))
    penalties = PenaltyManager(
        _penalties(data.problem_data), PenaltyParams(max_penalty=_MAX_PENALTY)
    )
    begun = _beginning(data, order) or Solution.make_random(data.problem_data, rng)
    # The iterations look around what they change alone: what they begin with must be good all over.
    initial = search(begun, penalties.max_cost_evaluator(), exhaustive=True)
    watching = collector if order.watched else IteratedLocalSearchCallbacks()
    params = IteratedLocalSearchParams(callbacks=watching)
    algorithm = IteratedLocalSearch(data.problem_data, penalties, search, initial, params)
    result = algorithm.run(_Stop(order.iterations, expired), collect_stats=False)
    return collector.seen() if order.watched else [], collector.best(result.best)


def _beginning(data: Data, order: Order) -> Solution | None:
    """Return the solution that a run begins with; None if the order names none."""
    if not order.start:
        return None
    free = Counter({kind: order.carriers[kind].count for kind in range(len(order.carriers))})
    routes = []
    for group, trips in order.start:
        steps = [_activities(data, trip) for trip in trips]
        tasks = {task for trip in trips for task, _ in trip}
        kinds = [
            kind
            for kind in sorted(free)
            if free[kind]
            and order.carriers[kind].group == group
            and all(kind in data.able[task] for task in tasks)
        ]
        if not kinds or any(step is None for trip in steps for step in trip):
            continue
        free[kinds[0]] -= 1
        depot = Activity(ActivityType.DEPOT, data.problem_data.vehicle_type(kinds[0]).start_depot)
        activities: list[Activity] = []
        for trip in steps:
            if activities:
                activities.append(depot)
            activities += [step for step in trip if step is not None]
        routes.append(Route(data.problem_data, activities, kinds[0]))
    return Solution(data.problem_data, routes) if routes else None


def _activities(data: Data, trip: Sequence[tuple[int, int]]) -> list[Activity | None]:
    """Return what a trip does; None for what no client and no shipment stands for."""
    steps: list[Activity | None] = []
    aboard: set[int] = set()
    for task, begin in trip:
        shipment, client = data.shipments.get(task), data.client(task, begin)
        if shipment is not None:
            kind = ActivityType.DELIVERY if task in aboard else ActivityType.PICKUP
            aboard.add(task)
            steps.append(Activity(kind, shipment))
        else:
            steps.append(None if client is None else Activity(ActivityType.CLIENT, client))
    return steps


def _penalties(data: ProblemData) -> tuple[list[float], float, float]:
    """Return first penalties: breaking a limit by a tenth of a task costs the task's prize."""
    clients, shipments = data.clients(), data.shipments()
    prizes = [*(one.prize for one in clients), *(one.prize for one in shipments)]
    prize = float(np.mean(prizes))
    amounts = [*(one.delivery for one in clients), *(one.amount for one in shipments)]
    loads = np.array(amounts, dtype=float)
    means = loads.mean(axis=0)
    load = [min(_MAX_PENALTY, 10 * prize / max(1.0, mean)) for mean in means]
    return load, min(_MAX_PENALTY, prize / 600), 1.0


class _Stop:
    """Stops after so many iterations, or when asked to."""

    def __init__(self, iterations: int | None, expired: Callable[[], bool]) -> None:
        self._left = iterations
        self._expired = expired

    def __call__(self, best_cost: float) -> bool:  # noqa: ARG002 - PyVRP's protocol
        if self._left is not None:
            if self._left <= 0:
                return True
            self._left -= 1
        return self._expired()
