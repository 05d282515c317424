"""Which base is to serve which part of a demand, where stock is short.

The generator knows no stock. Where some base has less of a good than is demanded of it, the stock
is shared out first, good by good, as a flow: the most important demands in full, then the nearest
base. It knows no vehicles; the master decides in the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ortools.graph.python import min_cost_flow

from optimizer.routing.demands.alone import Alone, most_of
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.model.problem import Problem

__all__ = ["fuel_drawn", "share_out"]

#: What the costs of a flow may come to; beyond 64 bits it is refused.
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
            if problem.needs[need].pickup is None:
                drawn[base, problem.needs[need].good] -= units
    return drawn


def share_out(
    problem: Problem, alone: Alone, reserve: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """Share the stock out between demands: as much of the most important as can be, then the next.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    reserve : mapping of (int, int) to int
        What is kept back for the vehicles' own fuel, by base and good.

    Returns
    -------
    dict of (int, int) to int
        Units by demand and base; among equals from the base with the shortest way there and back.
    """
    ways = _ways(problem, alone)
    shares = dict.fromkeys(ways, 0)
    for good in sorted({problem.needs[need].good for need, _ in ways}):
        mine = {key: way for key, way in ways.items() if problem.needs[key[0]].good == good}
        stock = {
            base: max(0, problem.stock.get((base, good), 0) - reserve.get((base, good), 0))
            for base in sorted({base for _, base in mine})
        }
        shares.update(_flow(problem, alone, mine, stock))
    return shares


def _flow(
    problem: Problem, alone: Alone, ways: Mapping[Key, int], stock: Mapping[int, int]
) -> dict[Key, int]:
    """Share one good out: the cheapest of the largest flows from bases to demands.

    What can be brought together is a polymatroid, so that a larger flow never gives up a more
    important unit, and the cheapest has as many of the important as can be, if a rank costs more
    than all that a unit can change on its way round the bases.
    """
    needs = sorted({need for need, _ in ways})
    ranks = {priority: rank for rank, priority in enumerate(problem.priorities)}
    step = 2 * (len(stock) + 1) * (max(ways.values()) + 1)
    asked = sum(problem.needs[need].quantity for need in needs)
    # Coarser where the quantities are absurd, as sums of costs must fit into 64 bits.
    coarse = -(-asked * step * (len(ranks) + 1) // _SUM_MAX)
    source, sink = 0, 1
    base_node = {base: 2 + place for place, base in enumerate(stock)}
    need_node = {need: 2 + len(stock) + place for place, need in enumerate(needs)}
    flow = min_cost_flow.SimpleMinCostFlow()
    for base, node in base_node.items():
        flow.add_arc_with_capacity_and_unit_cost(source, node, stock[base], 0)
    for need, node in need_node.items():
        item = problem.needs[need]
        cost = ranks[item.priority] * step // coarse
        flow.add_arc_with_capacity_and_unit_cost(node, sink, item.quantity, cost)
    arcs = {
        (need, base): flow.add_arc_with_capacity_and_unit_cost(
            base_node[base], need_node[need], _most(problem, alone, need, base), way // coarse
        )
        for (need, base), way in sorted(ways.items())
    }
    supply = min(asked, sum(stock.values()))
    flow.set_node_supply(source, supply)
    flow.set_node_supply(sink, -supply)
    if flow.solve_max_flow_with_min_cost() != flow.OPTIMAL:
        raise AssertionError("stock that is not negative can always be shared out")
    return {key: flow.flow(arc) for key, arc in arcs.items()}


def _most(problem: Problem, alone: Alone, need: int, base: int) -> int:
    groups = [index for index, group in enumerate(problem.groups) if group.base == base]
    return most_of(problem, alone, need, groups)


def _ways(problem: Problem, alone: Alone) -> dict[tuple[int, int], int]:
    """Return the seconds there and back, by demand and each base that can serve it."""
    ways: dict[tuple[int, int], int] = {}
    for n, need in enumerate(problem.needs):
        for g, group in enumerate(problem.groups):
            if alone[n][g] and need.pickup is None:
                travel = group.ways.travel_s
                way = travel[group.base][need.site] + travel[need.site][group.base]
                ways[n, group.base] = min(way, ways.get((n, group.base), way))
    return ways
