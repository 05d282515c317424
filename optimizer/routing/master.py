"""The master: chooses routes from the pool, exactly, objective by objective (CP-SAT).

What couples the routes stands here and nowhere else: the number of convoys, what is demanded, and
the stock of each base, from which loads and the convoys' own fuel are drawn. Where the quantity of
a drop may vary (demands split, stock short), the master chooses it too: less than the route was
made for is always feasible, as it only makes the route lighter and quicker.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.routing.problem import Problem
from optimizer.routing.route import Candidate, evaluate, tidy
from optimizer.routing.solution import fits_together, score_of
from optimizer.scenario.model import Objective

__all__ = ["Effort", "choose"]


@dataclass(frozen=True, slots=True)
class Effort:
    """What the master may spend on each level.

    Parameters
    ----------
    seed : int
        Seed.
    deterministic_s : float or None
        Limit in deterministic time for all levels together; then one worker.
    wall_s : float or None
        Limit in seconds for all levels together.
    workers : int
        Workers under a wall limit.
    should_stop : callable
        Asked several times a second; once it says yes, the best so far is the answer.
    """

    seed: int
    deterministic_s: float | None = None
    wall_s: float | None = None
    workers: int = 1
    should_stop: Callable[[], bool] = lambda: False


#: Seconds between two questions whether to stop.
_POLL_S = 0.05

#: A multiple of a variable.
Term = tuple[int, cp_model.IntVar]


@dataclass(frozen=True, slots=True)
class _Level:
    """A sum that is minimised."""

    terms: tuple[Term, ...]
    offset: int = 0
    least: int = 0

    def value(self, values: Mapping[int, int]) -> int:
        return self.offset + sum(factor * values[var.index] for factor, var in self.terms)

    def expression(self) -> cp_model.LinearExpr:
        """Return the sum without its offset, which may be larger than the solver's numbers."""
        return cp_model.LinearExpr.weighted_sum(
            [variable for _, variable in self.terms], [factor for factor, _ in self.terms]
        )


class _Model:
    """Variables and rules of the master over given columns."""

    def __init__(self, problem: Problem, columns: Sequence[Candidate]) -> None:
        self.problem = problem
        self.columns = columns
        self.cp = cp_model.CpModel()
        self.partial = self._partial()
        self.used: list[cp_model.IntVar] = []
        self.units: list[dict[int, Term]] = []
        self.served: dict[int, list[Term]] = {}
        for index, route in enumerate(columns):
            self._column(index, route)
        self._couple()

    def _partial(self) -> list[bool]:
        """Tell which demands may be served in other quantities than a route was made for."""
        problem = self.problem
        asked: Counter[int] = Counter()
        for need in problem.needs:
            asked[need.good] += need.quantity
        burnt = {problem.good_index[f] for group in problem.groups for f in group.fuel_l(1)}
        bases = {group.base for group in problem.groups}
        short = burnt | {
            good
            for good, quantity in asked.items()
            if any(problem.stock.get((base, good), 0) < quantity for base in bases)
        }
        split = {
            need
            for route in self.columns
            for need, units in route.drops.items()
            if units < problem.needs[need].quantity
        }
        return [n in split or need.good in short for n, need in enumerate(problem.needs)]

    def _column(self, index: int, route: Candidate) -> None:
        several = all(self.partial[need] for need in route.drops)
        most = len(self.problem.groups[route.group].convoys) if several else 1
        used = self.cp.new_int_var(0, most, f"x{index}")
        units: dict[int, Term] = {}
        for need, quantity in route.drops.items():
            units[need] = (quantity, used)
            if self.partial[need] and quantity > 1:
                ceiling = min(most * quantity, self.problem.needs[need].quantity)
                variable = self.cp.new_int_var(0, ceiling, f"q{index}_{need}")
                self.cp.add(variable <= quantity * used)
                self.cp.add(variable >= used)
                units[need] = (1, variable)
        self.used.append(used)
        self.units.append(units)

    def _couple(self) -> None:
        problem = self.problem
        by_group: dict[int, list[Term]] = {}
        drawn: dict[tuple[int, int], list[Term]] = {}
        for route, used, units in zip(self.columns, self.used, self.units, strict=True):
            by_group.setdefault(route.group, []).append((1, used))
            base = problem.groups[route.group].base
            fuel = dict(route.leaves)
            for need, quantity in route.drops.items():
                good = problem.needs[need].good
                self.served.setdefault(need, []).append(units[need])
                drawn.setdefault((base, good), []).append(units[need])
                fuel[good] -= quantity
            for good, litres in fuel.items():
                if litres:
                    drawn.setdefault((base, good), []).append((litres, used))
        for group, terms in by_group.items():
            self._at_most(terms, len(problem.groups[group].convoys))
        for need, terms in self.served.items():
            self._at_most(terms, problem.needs[need].quantity)
        for place, terms in drawn.items():
            self._at_most(terms, problem.stock.get(place, 0))

    def _at_most(self, terms: Sequence[Term], limit: int) -> None:
        self.cp.add(_Level(tuple(terms)).expression() <= limit)

    def levels(self) -> list[_Level]:
        """Return what is minimised, level by level."""
        problem = self.problem
        found = []
        for objective in problem.objectives:
            if objective is not Objective.UNDELIVERED:
                costs = [route.costs[objective] for route in self.columns]
                terms = tuple((c, x) for c, x in zip(costs, self.used, strict=True) if c)
                found.append(_Level(terms))
                continue
            for priority in problem.priorities:
                mine = [n for n, need in enumerate(problem.needs) if need.priority == priority]
                divisor = math.gcd(*(problem.mass(n, 1) for n in mine))
                unit = {n: problem.mass(n, 1) // divisor for n in mine}
                found.append(
                    _Level(
                        tuple((-unit[n] * f, v) for n in mine for f, v in self.served.get(n, ())),
                        sum(unit[n] * problem.needs[n].quantity for n in mine),
                        sum(
                            unit[n] * problem.needs[n].quantity
                            for n in mine
                            if n not in self.served
                        ),
                    )
                )
        return found

    def values(self, routes: Sequence[Candidate]) -> dict[int, int]:
        """Return the value of each variable in a solution made of columns, by its index."""
        times = Counter(route.key for route in routes)
        values: dict[int, int] = {}
        for route, used, units in zip(self.columns, self.used, self.units, strict=True):
            count = times.get(route.key, 0)
            values[used.index] = count
            for need, (_, variable) in units.items():
                if variable.index != used.index:
                    values[variable.index] = count * route.drops[need]
        return values

    def routes(self, values: Mapping[int, int]) -> list[Candidate]:
        """Return the routes of a solution, made lighter where it says so."""
        found = []
        for route, used, units in zip(self.columns, self.used, self.units, strict=True):
            count = values[used.index]
            left = {
                need: factor * values[variable.index] for need, (factor, variable) in units.items()
            }
            for copies in range(count, 0, -1):
                # Each copy drops at least one unit, or it would not go there.
                mine = {n: min(route.drops[n], left[n] - (copies - 1)) for n in left}
                for need, quantity in mine.items():
                    left[need] -= quantity
                lighter = _lighter(self.problem, route, mine)
                if lighter is not None:
                    found.append(lighter)
        return found


def choose(
    problem: Problem,
    columns: Sequence[Candidate],
    incumbent: Sequence[Candidate],
    effort: Effort,
) -> list[Candidate]:
    """Choose the best routes that fit together.

    Parameters
    ----------
    problem : Problem
        Problem.
    columns : sequence of Candidate
        Routes to choose from, the incumbent's among them.
    incumbent : sequence of Candidate
        A solution made of them.
    effort : Effort
        Limits.

    Returns
    -------
    list of Candidate
        Routes that fit together; the incumbent if nothing better was found.
    """
    if not columns:
        return list(incumbent)
    model = _Model(problem, columns)
    values = model.values(incumbent)
    counted = effort.deterministic_s is not None
    left = (effort.deterministic_s if counted else effort.wall_s) or 0.0
    for level in model.levels():
        if level.value(values) > level.least and left > 0 and not effort.should_stop():
            # Half of what is left, so that every level gets something.
            solver = _solver(effort, left / 2)
            values = _minimise(model, level, values, solver, effort.should_stop)
            left -= solver.deterministic_time if counted else solver.wall_time
        if level.terms:
            model.cp.add(level.expression() <= level.value(values) - level.offset)
    routes = model.routes(values)
    better = fits_together(problem, routes) and score_of(problem, routes) < score_of(
        problem, incumbent
    )
    return routes if better else list(incumbent)


def _solver(effort: Effort, limit: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = effort.seed
    # Whoever calls decides what Ctrl-C means.
    solver.parameters.catch_sigint_signal = False
    if effort.deterministic_s is not None:
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = limit
    else:
        solver.parameters.num_workers = effort.workers
        solver.parameters.max_time_in_seconds = limit
    return solver


def _minimise(
    model: _Model,
    level: _Level,
    values: dict[int, int],
    solver: cp_model.CpSolver,
    should_stop: Callable[[], bool],
) -> dict[int, int]:
    """Minimise one level; without an answer in time the values stay as they are."""
    variables = [*model.used]
    variables += [v for units in model.units for _, v in units.values() if v.name[0] == "q"]
    model.cp.clear_hints()  # type: ignore[no-untyped-call]  # untyped in ortools 9.15
    for variable in variables:
        model.cp.add_hint(variable, values[variable.index])
    model.cp.minimize(level.expression())
    # In a thread of its own: the main thread must stay free for signals and for the caller's wish.
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(solver.solve, model.cp)
        while not answer.done():
            wait([answer], timeout=_POLL_S)
            if should_stop():
                solver.stop_search()
    if answer.result() not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return values
    found = {variable.index: solver.value(variable) for variable in variables}
    # Among equals the known solution stays, as it is good by the levels to come as well.
    return found if level.value(found) < level.value(values) else values


def _lighter(problem: Problem, route: Candidate, units: Mapping[int, int]) -> Candidate | None:
    """Return a route that drops fewer units; what is too much is taken from its last visits."""
    excess = {need: route.drops[need] - quantity for need, quantity in units.items()}
    if not any(excess.values()):
        return route
    shape = []
    for trip in reversed(route.shape):
        visits = []
        for site, drops in reversed(trip):
            kept = []
            for need, quantity in drops:
                less = min(excess[need], quantity)
                excess[need] -= less
                kept.append((need, quantity - less))
            visits.append((site, tuple(kept)))
        shape.append(visits[::-1])
    lighter = evaluate(problem, route.group, tidy(shape[::-1]))
    return lighter if isinstance(lighter, Candidate) else None
