"""A solution under construction: units inserted and removed, each step evaluated exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from optimizer.routing.demands.alone import Alone
from optimizer.routing.evaluate.aboard import errand, parcels_of, stow
from optimizer.routing.evaluate.held import Held
from optimizer.routing.evaluate.loads import shares_of
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.seat import others
from optimizer.routing.evaluate.shape import Shape, Visit
from optimizer.routing.evaluate.solution import Score, cost_of, missing_of, stock_left
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.repair.insertion import places
from optimizer.routing.repair.pairs import shapes_with_pair

__all__ = ["Draft", "Move"]


@dataclass(frozen=True, slots=True)
class Move:
    """A route that takes the place of another.

    Parameters
    ----------
    old : Candidate or None
        Route that it replaces; None for a convoy that did nothing.
    new : Candidate
        Route in its place.
    delta : tuple of int
        What it adds to each objective but `undelivered`.
    """

    old: Candidate | None
    new: Candidate
    delta: Score


class Draft:
    """Routes that fit together, to which units can be added.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    routes : iterable of Candidate
        Routes to begin with, which fit together.
    blink : callable, optional
        Whether to overlook the next route when looking for the best (Christiaens and Vanden Berghe
        2020, doi:10.1287/trsc.2019.0914): what makes greedy insertion try another way.
    """

    def __init__(
        self,
        problem: Problem,
        alone: Alone,
        routes: Iterable[Candidate] = (),
        blink: Callable[[], bool] | None = None,
    ) -> None:
        self.blink = blink
        self.problem = problem
        self.alone = alone
        self.routes = list(routes)
        self.missing = missing_of(problem, self.routes)
        self.left = stock_left(problem, self.routes)
        #: What all but one route hold of the docks, by the identity of that route.
        self._held: dict[int, Held | None] = {}

    def apply(self, move: Move) -> None:
        """Put a move's new route in the place of its old one.

        Parameters
        ----------
        move : Move
            A move that `best` returned for the routes as they are.
        """
        self._held.clear()
        if move.old is not None:
            del self.routes[self._place(move.old)]
            self._account(move.old, 1)
        self.routes.append(move.new)
        self._account(move.new, -1)

    def _place(self, mine: Candidate) -> int:
        # By identity: comparing routes value by value would take as long as all the rest.
        return next(i for i, route in enumerate(self.routes) if route is mine)

    def _others(self, mine: Candidate | None) -> Held | None:
        """Return what the other routes hold of the docks; None where no dock can bind."""
        if not self.problem.docks:
            return None
        if id(mine) not in self._held:
            index = None if mine is None else self._place(mine)
            self._held[id(mine)] = others(self.problem, self.routes, index)
        return self._held[id(mine)]

    def _account(self, route: Candidate, sign: int) -> None:
        for need, units in route.drops.items():
            self.missing[need] += sign * units
        base = self.problem.groups[route.group].base
        for good, units in route.leaves.items():
            self.left[base, good] = self.left.get((base, good), 0) + sign * units

    def best(self, need: int, quantity: int, groups: Iterable[int] | None = None) -> Move | None:
        """Find the cheapest way to bring so many more units to a demand.

        Parameters
        ----------
        need, quantity : int
            Units of a demand, at most what is missing.
        groups : iterable of int, optional
            Groups that may do it; by default all that can.

        Returns
        -------
        Move or None
            None where no route can take it.
        """
        visits = errand(self.problem, need, quantity)
        if len(visits) > 1:
            return self._best_pair(need, visits, groups)
        (visit,) = visits
        tries = [
            (place, group, old)
            for group in sorted(groups if groups is not None else range(len(self.problem.groups)))
            if self._has(group, need, quantity)
            for old in self._hosts(group)
            if self.blink is None or not self.blink()
            for place in places(self.problem, group, old, visit)
        ]
        found: Move | None = None
        for place, group, old in sorted(tries, key=lambda one: one[0].least):
            if found is not None and place.least >= found.delta:
                break
            new = evaluate(self.problem, group, place.shape(old, visit), self._others(old))
            move = self._move(old, new) if isinstance(new, Candidate) else None
            if move is not None and (found is None or move.delta < found.delta):
                found = move
        return found

    def _best_pair(
        self, need: int, visits: tuple[Visit, ...], groups: Iterable[int] | None
    ) -> Move | None:
        """Find the cheapest way to take units aboard at one site and hand them over at another."""
        found: Move | None = None
        for group in sorted(groups if groups is not None else range(len(self.problem.groups))):
            if not self.alone[need][group]:
                continue
            for old in self._hosts(group):
                if self.blink is not None and self.blink():
                    continue
                for shape in shapes_with_pair(self.problem, group, old, visits):
                    new = evaluate(self.problem, group, shape, self._others(old))
                    move = self._move(old, new) if isinstance(new, Candidate) else None
                    if move is not None and (found is None or move.delta < found.delta):
                        found = move
        return found

    def _has(self, group: int, need: int, quantity: int) -> bool:
        """Tell whether a group can serve a demand and its base has so much left for it."""
        place = self.problem.groups[group].base, self.problem.needs[need].good
        return self.alone[need][group] > 0 and self.left.get(place, 0) >= quantity

    def best_trip(self, visits: Sequence[Visit]) -> Move | None:
        """Find the cheapest way to drive a whole trip.

        Parameters
        ----------
        visits : sequence of Visit
            Visits of a trip that is not driven.

        Returns
        -------
        Move or None
            None where no convoy can take it.
        """
        needs = {need for _, drops in visits for need, _ in drops}
        found: Move | None = None
        for group in range(len(self.problem.groups)):
            if not all(self.alone[need][group] for need in needs):
                continue
            for old in self._hosts(group):
                if self.blink is not None and self.blink():
                    continue
                shape: Shape = () if old is None else old.shape
                for longer in dict.fromkeys(((*shape, tuple(visits)), (tuple(visits), *shape))):
                    new = evaluate(self.problem, group, longer, self._others(old))
                    move = self._move(old, new) if isinstance(new, Candidate) else None
                    if move is not None and (found is None or move.delta < found.delta):
                        found = move
        return found

    def _move(self, old: Candidate | None, new: Candidate) -> Move | None:
        base = self.problem.groups[new.group].base
        for good, units in new.leaves.items():
            given = old.leaves.get(good, 0) if old is not None else 0
            if units - given > max(0, self.left.get((base, good), 0)):
                return None
        before = cost_of(self.problem, old) if old is not None else None
        after = cost_of(self.problem, new)
        if before is None:
            return Move(old, new, after)
        return Move(old, new, tuple(a - b for a, b in zip(after, before, strict=True)))

    def _hosts(self, group: int) -> Iterator[Candidate | None]:
        """Yield a group's routes, each of those alike once, and None where a convoy has none."""
        mine = [route for route in self.routes if route.group == group]
        yield from {route.key: route for route in mine}.values()
        if len(mine) < len(self.problem.groups[group].convoys):
            yield None

    def rooms(self, route: Candidate, trip: int, good: int) -> set[int]:
        """Return how many more units of a good fit into a trip of a route.

        Parameters
        ----------
        route : Candidate
            A route.
        trip : int
            Which of its trips, from 0.
        good : int
            Index of the good.

        Returns
        -------
        set of int
            Units on each leg, if something comes aboard on the way, else from the base on; upper
            bounds where goods may not travel together.
        """
        problem, visits = self.problem, route.shape[trip]
        group = problem.groups[route.group]
        free = [list(hold.capacity) for hold in group.holds]
        if not problem.takes_aboard:
            for share in shares_of(problem, group, visits) or ():
                _fill(problem, free[share.hold], share.good, share.quantity)
            return {self._units(group, free, good)}
        legs = [[list(hold.capacity) for hold in group.holds] for _ in range(len(visits) + 1)]
        parcels = parcels_of(problem, visits) or []
        for stowed in stow(problem, group.holds, parcels, len(visits)) or ():
            for leg in range(stowed.parcel.first, stowed.parcel.last + 1):
                loaded = problem.needs[stowed.parcel.need].good
                _fill(problem, legs[leg][stowed.hold], loaded, stowed.quantity)
        return {self._units(group, holds, good) for holds in legs}

    def _units(self, group: Group, free: Sequence[Sequence[int]], good: int) -> int:
        supply = self.problem.goods[good]
        return sum(
            min(f // u for f, u in zip(free[index], supply.unit, strict=True) if u)
            for index, hold in enumerate(group.holds)
            if hold.kind == supply.good.compartment
        )


def _fill(problem: Problem, free: list[int], good: int, quantity: int) -> None:
    for dimension, step in enumerate(problem.goods[good].unit):
        free[dimension] -= step * quantity
