"""A resupply problem as OR-Tools' routing library is given it, in nodes and figures.

A node is a base, a return to load again, or a call: a task, which is a part of a demand that one
stop serves, in one of its windows. Every convoy has returns of its own, as many as it could make;
one that it does not need costs neither time nor way, since only a way from a base to a site takes
the loading time.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.routing.demands.alone import Alone
from optimizer.routing.demands.split import Split, Task, tasks_of
from optimizer.routing.evaluate.trip import Broken, trip_of
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.routing.model.scale import UNLIMITED
from optimizer.routing.model.spans import Span
from optimizer.scenario.model import Objective

__all__ = ["Lane", "Stated", "stated"]

#: Levels of the objectives that a way has; the first of them that is listed is the cost of a way.
_OF_WAYS = {
    Objective.EXPOSURE: "exposure_milli",
    Objective.TIME: "travel_s",
    Objective.DISTANCE: "distance_m",
    Objective.FUEL: "fuel_m",
}
#: What all penalties come to at most: searches count in doubles.
_PENALTIES_MAX = 2**52


@dataclass(frozen=True)
class Lane:
    """A load dimension of some kinds of compartments.

    Parameters
    ----------
    loads : list of int
        By node; less than 0 where a convoy returns.
    room : list of int
        By convoy.
    """

    loads: list[int]
    room: list[int]


@dataclass(frozen=True)
class Stated:
    """A problem in nodes.

    Parameters
    ----------
    problem : Problem
        The problem.
    tasks : tuple of Task
        What is to be served.
    convoys : tuple of int
        Group of each convoy.
    returns : tuple of int
        Convoy of each return.
    bases : tuple of int
        Sites of the bases.
    """

    problem: Problem
    tasks: tuple[Task, ...]
    convoys: tuple[int, ...]
    returns: tuple[int, ...]
    bases: tuple[int, ...]

    @property
    def first_call(self) -> int:
        """Node of the first call; bases come first, then returns."""
        return len(self.bases) + len(self.returns)

    @functools.cached_property
    def calls(self) -> tuple[tuple[int, Span], ...]:
        """Number of its task, and window, of each call.

        A hole in the time of a node, which the library offers, often kept it from any solution.
        """
        return tuple(
            (number, window)
            for number, task in enumerate(self.tasks)
            for window in self.problem.needs[task.need].windows
        )

    def group(self, convoy: int) -> Group:
        """Return the group of a convoy."""
        return self.problem.groups[self.convoys[convoy]]

    @functools.cached_property
    def sites(self) -> NDArray[np.int64]:
        """Site of each node."""
        back = [self.group(convoy).base for convoy in self.returns]
        asked = [self.problem.needs[self.tasks[task].need].site for task, _ in self.calls]
        return np.array([*self.bases, *back, *asked], np.int64)

    def ways(self, group: Group, name: str, closed: int) -> NDArray[np.int64]:
        """Return a quantity of the ways between nodes; `closed` where there is none."""
        whole = np.array(getattr(group.ways, name), np.int64)
        whole[np.array(group.ways.travel_s) < 0] = closed
        return whole[np.ix_(self.sites, self.sites)]

    def lasting(self, group: Group) -> NDArray[np.int64]:
        """Return the seconds from being ready at a node to being ready to hand over at the next.

        The fixed part of a stop comes before that, and once where tasks of one site follow.
        """
        problem, sites = self.problem, self.sites
        closed = 4 * problem.horizon_s
        time_s = self.ways(group, "travel_s", closed)
        elsewhere = sites[:, None] != sites[None, :]
        fixed = np.array(problem.fixed_s, np.int64)[sites]
        fixed[: self.first_call] = 0
        time_s += np.where(elsewhere, group.pass_s + fixed[None, :], 0)
        tasks = [self.tasks[number] for number, _ in self.calls]
        handed = [problem.handling_s(task.need, task.quantity) for task in tasks]
        time_s[self.first_call :] += np.array(handed, np.int64)[:, None]
        time_s[: self.first_call, self.first_call :] += group.loading_s
        return np.minimum(time_s, closed)

    def cost(self, group: Group) -> NDArray[np.int64]:
        """Return what ways cost: the first objective that is one of ways."""
        listed = [o for o in self.problem.objectives if o in _OF_WAYS]
        # A ground without exposure has nothing to tell ways apart by.
        plain = not any(map(any, group.ways.exposure_milli))
        wanted = [o for o in listed if not (plain and o is Objective.EXPOSURE)]
        name = _OF_WAYS[wanted[0] if wanted else Objective.TIME]
        return self.ways(group, name, 4 * self.problem.horizon_s)

    def lanes(self) -> list[Lane]:
        """Return the load dimensions; one for all kinds where no convoy has more than one kind."""
        groups = [self.group(convoy) for convoy in range(len(self.convoys))]
        kinds = sorted({hold.kind for group in groups for hold in group.holds})
        mixed = any(len({hold.kind for hold in group.holds}) > 1 for group in groups)
        sets = [{kind} for kind in kinds] if mixed else [set(kinds)]
        lanes = []
        for kind in sets:
            for dimension in range(3):
                room = [
                    sum(h.capacity[dimension] for h in group.holds if h.kind in kind)
                    for group in groups
                ]
                loads = [self._load(self.tasks[n], kind, dimension) for n, _ in self.calls]
                if any(loads) and any(0 < one < UNLIMITED for one in room):
                    back = [-room[convoy] for convoy in self.returns]
                    lanes.append(Lane([0] * len(self.bases) + back + loads, room))
        return lanes

    def _load(self, task: Task, kinds: set[str], dimension: int) -> int:
        supply = self.problem.goods[self.problem.needs[task.need].good]
        return supply.unit[dimension] * task.quantity if supply.good.compartment in kinds else 0

    def _dearest(self, group: Group) -> int:
        cost = self.cost(group)
        return int(cost[cost < 4 * self.problem.horizon_s].max(initial=1))

    def penalties(self) -> list[int]:
        """Return what it costs to leave each task out.

        By mass; a kilogram of the least important priority costs as much as a way around, and each
        priority as many times the next as doubles have room for.
        """
        problem = self.problem
        masses = [problem.mass(task.need, task.quantity) for task in self.tasks]
        ranks = [problem.priorities.index(problem.needs[task.need].priority) for task in self.tasks]
        last = len(problem.priorities) - 1
        dearest = max((self._dearest(group) for group in problem.groups), default=1)
        lightest = max(1, min(masses, default=1))
        base = max(1.0, 2 * dearest / lightest)

        def whole(ratio: float) -> list[int]:
            return [
                max(1, round(base * mass * ratio ** (last - rank)))
                for mass, rank in zip(masses, ranks, strict=True)
            ]

        ratio = 1e6
        while ratio > 2 and sum(whole(ratio)) > _PENALTIES_MAX:  # noqa: PLR2004 - still told apart
            ratio /= 1.1
        return whole(ratio)


def stated(problem: Problem, alone: Alone, *, shared: bool, seed: int) -> Stated:
    """State a problem in nodes.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    shared : bool
        Whether the stock is shared out between the demands beforehand, so that every base has what
        is asked of it.
    seed : int
        Seed of the order of the tasks.

    Returns
    -------
    Stated
        Nodes.
    """
    assigned = _shared(problem, alone) if shared else None
    convoys = [g for g, group in enumerate(problem.groups) for _ in group.convoys]
    trips = [_trips(problem, alone, group) for group in range(len(problem.groups))]
    returns = [c for c, group in enumerate(convoys) for _ in range(trips[group] - 1)]
    tasks = tasks_of(problem, alone, Split.LARGE, assigned)
    random.Random(seed).shuffle(tasks)  # noqa: S311 - no secret
    return Stated(
        problem=problem,
        tasks=tuple(tasks),
        convoys=tuple(convoys),
        returns=tuple(returns),
        bases=tuple(sorted({group.base for group in problem.groups})),
    )


def _trips(problem: Problem, alone: Alone, index: int) -> int:
    """Return how many trips a convoy could make."""
    group = problem.groups[index]
    longest_s = min(problem.shift_s, group.span[1] - group.span[0])
    most = 1
    for need, item in enumerate(problem.needs):
        if alone[need][index]:
            trip = trip_of(problem, index, ((item.site, ((need, 1),)),))
            if not isinstance(trip, Broken):
                most = max(most, longest_s // max(1, trip.least_s))
    return min(most, group.trips_max)


def _shared(problem: Problem, alone: Alone) -> dict[tuple[int, int], int]:
    """Share the stock out: the most important demands first, each from the nearest base."""
    left = Counter(problem.stock)
    for key, litres in _reserve(problem, alone).items():
        left[key] -= min(litres, left[key] // 2)
    assigned: dict[tuple[int, int], int] = {}
    for need in sorted(range(len(problem.needs)), key=lambda n: problem.needs[n].priority):
        item = problem.needs[need]
        near = _near(problem, alone, need)
        asked = item.quantity
        for base in sorted(near, key=lambda b: (near[b], b)):
            given = min(asked, max(0, left[base, item.good]))
            if given:
                assigned[need, base] = given
                left[base, item.good] -= given
                asked -= given
    return assigned


def _near(problem: Problem, alone: Alone, need: int) -> dict[int, int]:
    """Return the seconds from each base that can serve a demand."""
    near: dict[int, int] = {}
    for index, group in enumerate(problem.groups):
        if alone[need][index]:
            way = group.ways.travel_s[group.base][problem.needs[need].site]
            near[group.base] = min(way, near.get(group.base, way))
    return near


def _reserve(problem: Problem, alone: Alone) -> Counter[tuple[int, int]]:
    """Return the fuel that convoys burn on as many mean trips as they could make."""
    reserve: Counter[tuple[int, int]] = Counter()
    for index, group in enumerate(problem.groups):
        sites = {n.site for need, n in enumerate(problem.needs) if alone[need][index]}
        if sites:
            fuel_m = group.ways.fuel_m
            around = [fuel_m[group.base][site] + fuel_m[site][group.base] for site in sites]
            mean_m = sum(around) // len(around)
            for fuel, litres in group.fuel_l(mean_m).items():
                trips: int = _trips(problem, alone, index) * len(group.convoys)
                reserve[group.base, problem.good_index[fuel]] += litres * trips
    return reserve
