"""The master's model: variables, rules and levels over given columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.shape import tidy
from optimizer.routing.model.docks import Dock
from optimizer.routing.model.problem import Problem
from optimizer.scenario.model import Objective

__all__ = ["Level", "Model", "Term"]

#: A multiple of a variable.
Term = tuple[int, cp_model.IntVar]


@dataclass(frozen=True, slots=True)
class Level:
    """A sum that is minimised.

    Parameters
    ----------
    terms : tuple of Term
        Multiples of variables.
    offset : int
        What the sum is without them.
    least : int
        What it cannot be below.
    """

    terms: tuple[Term, ...]
    offset: int = 0
    least: int = 0

    def value(self, values: Mapping[int, int]) -> int:
        """Return the sum where the variables have these values.

        Parameters
        ----------
        values : mapping of int to int
            Value of each variable, by its index.

        Returns
        -------
        int
            The sum.
        """
        return self.offset + sum(factor * values[var.index] for factor, var in self.terms)

    def expression(self) -> cp_model.LinearExpr:
        """Return the sum without its offset, which may be larger than the solver's numbers.

        Returns
        -------
        LinearExpr
            For the solver.
        """
        return cp_model.LinearExpr.weighted_sum(
            [variable for _, variable in self.terms], [factor for factor, _ in self.terms]
        )


class Model:
    """Variables and rules of the master over given columns.

    Parameters
    ----------
    problem : Problem
        Problem.
    columns : sequence of Candidate
        Routes to choose from.
    """

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
        self._share_docks()
        quantities = [v for units in self.units for _, v in units.values() if v.name[0] == "q"]
        self.variables = [*self.used, *quantities]

    def _partial(self) -> list[bool]:
        """Tell which demands may be served in other quantities than a route was made for."""
        problem = self.problem
        asked: Counter[int] = Counter()
        for need in problem.needs:
            if need.pickup is None:
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
        return [
            n in split or (need.good in short and need.pickup is None)
            for n, need in enumerate(problem.needs)
        ]

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
                self.served.setdefault(need, []).append(units[need])
                if problem.needs[need].pickup is not None:
                    continue  # stands ready at a site
                good = problem.needs[need].good
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

    def _share_docks(self) -> None:
        for dock, places in self.problem.docks.items():
            for columns, decided in self._at_once(dock):
                terms = [(1, self.used[column]) for column in columns]
                self._at_most(terms, max(0, places - decided))

    def _at_once(self, dock: Dock) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the columns that hold a place at the same moment, and how many decided trips do.

        Moments at which others hold one as well are left out.
        """
        holds = [
            (begin, end, column)
            for column, route in enumerate(self.columns)
            for where, begin, end in route.holds
            if where == dock and begin < end
        ]
        # What is decided counts as columns of its own, below those that there are.
        holds += [
            (begin, end, -1 - number)
            for number, (where, begin, end) in enumerate(self.problem.held)
            if where == dock and begin < end
        ]
        begins: dict[int, list[int]] = {}
        ends: dict[int, list[int]] = {}
        for begin, end, column in holds:
            begins.setdefault(begin, []).append(column)
            ends.setdefault(end, []).append(column)
        here: dict[int, None] = {}
        grown = False
        for moment in sorted(begins.keys() | ends.keys()):
            leaving = ends.get(moment, ())
            if leaving and grown:
                columns = tuple(column for column in here if column >= 0)
                if columns:
                    yield columns, len(here) - len(columns)
                grown = False
            for column in leaving:
                del here[column]
            for column in begins.get(moment, ()):
                here[column] = None
                grown = True

    def _at_most(self, terms: Sequence[Term], limit: int) -> None:
        self.cp.add(Level(tuple(terms)).expression() <= limit)

    def levels(self) -> list[Level]:
        """Return what is minimised, level by level.

        Returns
        -------
        list of Level
            Objectives in their order, `undelivered` as one level a priority.
        """
        problem = self.problem
        found = []
        for objective in problem.objectives:
            if objective is not Objective.UNDELIVERED:
                costs = [route.costs[objective] for route in self.columns]
                terms = tuple((c, x) for c, x in zip(costs, self.used, strict=True) if c)
                found.append(Level(terms))
                continue
            for priority in problem.priorities:
                mine = [n for n, need in enumerate(problem.needs) if need.priority == priority]
                divisor = math.gcd(*(problem.mass(n, 1) for n in mine))
                unit = {n: problem.mass(n, 1) // divisor for n in mine}
                found.append(
                    Level(
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
        """Return the value of each variable in a solution made of columns.

        Parameters
        ----------
        routes : sequence of Candidate
            The solution.

        Returns
        -------
        dict of int to int
            Values by index of the variable.
        """
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
        """Return the routes of a solution, made lighter where it says so.

        Parameters
        ----------
        values : mapping of int to int
            Value of each variable, by its index.

        Returns
        -------
        list of Candidate
            Routes, without those that would be none any more.
        """
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


def _lighter(problem: Problem, route: Candidate, units: Mapping[int, int]) -> Candidate | None:
    """Return a route that drops fewer units; what is too much is taken from its last visits.

    What stands ready at a site is left there in the same way: the last of it that was to be taken.
    """
    excess = {need: route.drops[need] - quantity for need, quantity in units.items()}
    not_taken = dict(excess)
    if not any(excess.values()):
        return route
    shape = []
    for trip in reversed(route.shape):
        visits = []
        for site, drops in reversed(trip):
            kept = []
            for need, quantity in drops:
                surplus, sign = (excess, 1) if quantity > 0 else (not_taken, -1)
                less = min(surplus[need], abs(quantity))
                surplus[need] -= less
                kept.append((need, quantity - sign * less))
            visits.append((site, tuple(kept)))
        shape.append(visits[::-1])
    lighter = evaluate(problem, route.group, tidy(shape[::-1]))
    return lighter if isinstance(lighter, Candidate) else None
