"""OR-Tools' routing library on a resupply problem: its two best searches, each in a process.

The first solution is by parallel insertion, transits are matrices, loads and times are dimensions.
What it is not told is in docs/how-to/measure-routing.md.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass

from ortools.constraint_solver import pywrapcp

from benchmarks.routing.by_ortools import parameters_of
from benchmarks.routing.resupply.stated import Stated, stated
from optimizer.routing.demands.alone import Alone, most_alone
from optimizer.routing.evaluate.shape import Shape, tidy
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["SEARCHES", "Found", "search"]

#: Routes by group.
Routes = list[tuple[int, Shape]]
#: Search, and whether the stock is shared out between demands beforehand.
SEARCHES = (("guided", False), ("iterated", True))
#: Of a second late, beside a second of way.
_LATE = 1000


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    first_s : float or None
        Seconds until the first solution, from the problem in memory.
    first, last : list of (int, Shape)
        First and best solution.
    """

    first_s: float | None
    first: Routes
    last: Routes


def search(problem: Problem, begun: float, seconds: float, seed: int) -> list[Found]:
    """Run all searches at the same time.

    Parameters
    ----------
    problem : Problem
        Problem.
    begun : float
        When the time begins, by `time.monotonic`.
    seconds : float
        Wall time in all.
    seed : int
        The library has no seed of its own: tasks are put into another order.

    Returns
    -------
    list of Found
        One a search.
    """
    alone = most_alone(problem)
    # A problem cannot be pickled: it is there in a process that is forked.
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in SEARCHES]

    def answer(number: int) -> None:
        how, shared = SEARCHES[number]
        until = begun + seconds
        pipes[number][1].send(run(problem, alone, begun, until, seed, how=how, shared=shared))

    processes = [context.Process(target=answer, args=(n,)) for n in range(len(SEARCHES))]
    for process in processes:
        process.start()
    for _, sender in pipes:
        sender.close()
    found: list[Found] = [receiver.recv() for receiver, _ in pipes]
    for process in processes:
        process.join()
    return found


def run(
    problem: Problem,
    alone: Alone,
    begun: float,
    until: float,
    seed: int,
    *,
    how: str,
    shared: bool,
) -> Found:
    """Run one search.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    begun, until : float
        When the time begins and ends, by `time.monotonic`.
    seed : int
        Seed.
    how : str
        Of `benchmarks.routing.by_ortools.SEARCHES`.
    shared : bool
        Whether the stock is shared out beforehand.

    Returns
    -------
    Found
        Without routes where no solution was found in time.
    """
    told = stated(problem, alone, shared=shared, seed=seed)
    count = len(told.sites)
    homes = [told.bases.index(told.group(convoy).base) for convoy in range(len(told.convoys))]
    manager = pywrapcp.RoutingIndexManager(count, len(homes), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    _state_ways(told, manager, model)
    _state_loads(told, manager, model)
    _state_visits(told, manager, model)
    left = until - time.monotonic()
    first: list[tuple[float, Routes]] = []
    if left <= 0:
        return Found(None, [], [])

    def tell() -> None:
        if not first:
            first.append((time.monotonic() - begun, _routes(told, manager, model, _now(model))))

    model.AddAtSolutionCallback(tell)
    solve = model.SolveWithIteratedLocalSearch if how == "iterated" else model.SolveWithParameters
    found = solve(parameters_of(how, left))
    if found is None:
        return Found(None, [], [])
    last = _routes(told, manager, model, lambda index: found.Value(model.NextVar(index)))
    first_s, at_first = first[0] if first else (time.monotonic() - begun, last)
    return Found(first_s, at_first, last)


def _state_ways(
    told: Stated, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel
) -> None:
    """State what ways cost, and times: travel, handling, windows, shifts, horizon."""
    problem = told.problem
    costs: dict[int, int] = {}
    lasting: dict[tuple[int, int, int], int] = {}
    transits = []
    for number in range(len(told.convoys)):
        group = told.group(number)
        profile = id(group.ways)
        if profile not in costs:
            costs[profile] = model.RegisterTransitMatrix(told.cost(group).tolist())
        model.SetArcCostEvaluatorOfVehicle(costs[profile], number)
        key = (profile, group.loading_s, group.pass_s)
        if key not in lasting:
            lasting[key] = model.RegisterTransitMatrix(told.lasting(group).tolist())
        transits.append(lasting[key])
    horizon_s = problem.horizon_s
    model.AddDimensionWithVehicleTransits(transits, horizon_s, 2 * horizon_s, False, "time")  # noqa: FBT003 - SWIG
    times = model.GetDimensionOrDie("time")
    for number in range(len(told.convoys)):
        span = told.group(number).span
        for end in (model.Start(number), model.End(number)):
            times.CumulVar(end).SetRange(*span)
        # Who leaves early and waits finds the shift too short only after all stops are placed.
        model.AddVariableMaximizedByFinalizer(times.CumulVar(model.Start(number)))
        model.AddVariableMinimizedByFinalizer(times.CumulVar(model.End(number)))
        times.SetSpanUpperBoundForVehicle(problem.shift_s, number)
    for place, (task, (opens, shuts)) in enumerate(told.calls):
        need = problem.needs[told.tasks[task].need]
        index = manager.NodeToIndex(told.first_call + place)
        fixed = problem.fixed_s[need.site]
        times.CumulVar(index).SetRange(opens + fixed, shuts + fixed)
        if need.due is not None and Objective.LATENESS in problem.objectives:
            times.SetCumulVarSoftUpperBound(index, need.due + fixed, _LATE)


def _state_loads(
    told: Stated, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel
) -> None:
    """State what fits: a convoy that returns is empty again, whatever it carried before."""
    back = len(told.bases)
    for number, lane in enumerate(told.lanes()):
        name = f"load {number}"
        loads = model.RegisterUnaryTransitVector(lane.loads)
        model.AddDimensionWithVehicleCapacity(loads, max(lane.room), lane.room, True, name)  # noqa: FBT003 - SWIG
        load = model.GetDimensionOrDie(name)
        for node in range(told.first_call, len(told.sites)):
            load.SlackVar(manager.NodeToIndex(node)).SetValue(0)
        for convoy in range(len(told.convoys)):
            load.SlackVar(model.Start(convoy)).SetValue(0)
        for place, convoy in enumerate(told.returns):
            load.SlackVar(manager.NodeToIndex(back + place)).SetRange(0, lane.room[convoy])


def _state_visits(
    told: Stated, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel
) -> None:
    """State who may serve what, and what it costs to leave it out."""
    for place, convoy in enumerate(told.returns):
        index = manager.NodeToIndex(len(told.bases) + place)
        model.VehicleVar(index).SetValues([convoy])
    calls: list[list[int]] = [[] for _ in told.tasks]
    for place, (task, _) in enumerate(told.calls):
        calls[task].append(manager.NodeToIndex(told.first_call + place))
    for task, indices, penalty in zip(told.tasks, calls, told.penalties(), strict=True):
        able = [n for n, group in enumerate(told.convoys) if group in task.groups]
        for index in indices:
            # SetAllowedVehiclesForIndex takes no list in this version; -1 is who leaves it out.
            model.VehicleVar(index).SetValues([-1, *able])
        model.AddDisjunction(indices, penalty)
    if Objective.VEHICLES in told.problem.objectives:
        for convoy in range(len(told.convoys)):
            model.SetFixedCostOfVehicle(told.group(convoy).vehicles, convoy)


def _now(model: pywrapcp.RoutingModel) -> Callable[[int], int]:
    return lambda index: int(model.NextVar(index).Value())


def _routes(
    told: Stated,
    manager: pywrapcp.RoutingIndexManager,
    model: pywrapcp.RoutingModel,
    following: Callable[[int], int],
) -> Routes:
    """Return the visits of every convoy that serves something."""
    routes = []
    for convoy, group in enumerate(told.convoys):
        trips: list[list[tuple[int, tuple[tuple[int, int], ...]]]] = [[]]
        index = following(model.Start(convoy))
        while not model.IsEnd(index):
            node = manager.IndexToNode(index)
            if node < told.first_call:
                trips.append([])
            else:
                task = told.tasks[told.calls[node - told.first_call][0]]
                site = told.problem.needs[task.need].site
                trips[-1].append((site, ((task.need, task.quantity),)))
            index = following(index)
        shape = tidy(trips)
        if shape:
            routes.append((group, shape))
    return routes
