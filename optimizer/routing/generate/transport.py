"""Which base is to serve which part of a demand, where stock is short.

The generator knows no stock. Where some base has less of a good than is demanded of it, this small
model shares the stock out first: the most important demands in full, then the nearest base. It
knows no vehicles; the master decides in the end.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from optimizer.routing.demands.alone import Alone, most_of
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.model.problem import Problem

__all__ = ["fuel_drawn", "share_out"]

#: Limit of each level, in CP-SAT's deterministic time; the model is a transport problem.
_DETERMINISTIC_S = 0.5
#: What a level may come to; CP-SAT refuses sums beyond 64 bits.
_SUM_MAX = 2**60

#: A demand and a base that can serve it.
Key = tuple[int, int]


def fuel_drawn(problem: Problem, routes: Sequence[Candidate]) -> Counter[tuple[int, int]]:
    """Return the fuel that routes burn, by base and good.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of Candidate
        Routes.

    Returns
    -------
    Counter
        Litres.
    """
    drawn: Counter[tuple[int, int]] = Counter()
    for route in routes:
        base = problem.groups[route.group].base
        for good, units in route.leaves.items():
            drawn[base, good] += units
        for need, units in route.drops.items():
            drawn[base, problem.needs[need].good] -= units
    return drawn


def share_out(
    problem: Problem, alone: Alone, reserve: Mapping[tuple[int, int], int], seed: int
) -> dict[tuple[int, int], int]:
    """Share the stock out between demands.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    reserve : mapping of (int, int) to int
        What is kept back for the vehicles' own fuel, by base and good.
    seed : int
        Seed.

    Returns
    -------
    dict of (int, int) to int
        Units by demand and base.
    """
    model = cp_model.CpModel()
    ways = _ways(problem, alone)
    most = {(n, base): _most(problem, alone, n, base) for n, base in sorted(ways)}
    units = {key: model.new_int_var(0, high, "y{}_{}".format(*key)) for key, high in most.items()}
    for n, need in enumerate(problem.needs):
        model.add(sum(v for (m, _), v in units.items() if m == n) <= need.quantity)
    for base in sorted({base for _, base in units}):
        for good in range(len(problem.goods)):
            mine = [v for (n, b), v in units.items() if b == base and problem.needs[n].good == good]
            stock = problem.stock.get((base, good), 0) - reserve.get((base, good), 0)
            model.add(sum(mine) <= max(0, stock))
    levels = [
        {key: -problem.mass(key[0], 1) for key in units if problem.needs[key[0]].priority == p}
        for p in problem.priorities
    ]
    # Among equals the nearest base: seconds of the way for each unit of mass.
    levels.append({key: ways[key] * problem.mass(key[0], 1) for key in units})
    values = dict.fromkeys(units, 0)
    for weights in (_bounded(level, most) for level in levels if level):
        level = sum(weight * units[key] for key, weight in weights.items())
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_deterministic_time = _DETERMINISTIC_S
        model.clear_hints()  # type: ignore[no-untyped-call]  # untyped in ortools 9.15
        for key, variable in units.items():
            model.add_hint(variable, values[key])
        model.minimize(level)
        if solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            values = {key: solver.value(variable) for key, variable in units.items()}
            # Not what the solver calls its objective: that is a float.
            model.add(level <= sum(weight * values[key] for key, weight in weights.items()))
    return values


def _bounded(weights: Mapping[Key, int], most: Mapping[Key, int]) -> dict[Key, int]:
    """Return weights whose sum cannot overflow, coarser where the quantities are absurd."""
    divisor = math.gcd(*weights.values()) or 1
    worst = sum(abs(weight) // divisor * most[key] for key, weight in weights.items())
    divisor *= -(-worst // _SUM_MAX) or 1
    return {key: round(weight / divisor) for key, weight in weights.items()}


def _most(problem: Problem, alone: Alone, need: int, base: int) -> int:
    groups = [index for index, group in enumerate(problem.groups) if group.base == base]
    return most_of(problem, alone, need, groups)


def _ways(problem: Problem, alone: Alone) -> dict[tuple[int, int], int]:
    """Return the seconds there and back, by demand and each base that can serve it."""
    ways: dict[tuple[int, int], int] = {}
    for n, need in enumerate(problem.needs):
        for g, group in enumerate(problem.groups):
            if alone[n][g]:
                travel = group.ways.travel_s
                way = travel[group.base][need.site] + travel[need.site][group.base]
                ways[n, group.base] = min(way, ways.get((n, group.base), way))
    return ways
