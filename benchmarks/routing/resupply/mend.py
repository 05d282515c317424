"""Routes of any search as a plan: what breaks a rule is left out, the least important first."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from optimizer.network.ground import Ground
from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import Plan, Provenance
from optimizer.routing.again.standing import Standing
from optimizer.routing.assemble import routes_of
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.shape import Shape, tidy
from optimizer.routing.evaluate.solution import missing_of, stock_left
from optimizer.routing.explain.reasons import unexplained
from optimizer.routing.model.problem import Problem
from optimizer.routing.names import brought_by

__all__ = ["mended", "plan_of"]

#: Trip, visit and drop of a shape.
_Place = tuple[int, int, int]


def mended(problem: Problem, routes: Sequence[tuple[int, Shape]]) -> tuple[list[Candidate], int]:
    """Lay routes out, and leave out what breaks a rule.

    Parameters
    ----------
    problem : Problem
        Problem.
    routes : sequence of (int, Shape)
        Visits by group; every convoy has one route at most, and no more is dropped than demanded.

    Returns
    -------
    tuple of list of Candidate and int
        Routes that keep every rule together, and how many drops were left out or made less.
    """
    found, cuts = [], 0
    for group, shape in routes:
        kept = shape
        while kept and not isinstance(route := evaluate(problem, group, kept), Candidate):
            kept = _eased(problem, group, kept)
            cuts += 1
        if kept and isinstance(route, Candidate):
            found.append(route)
    return _within_stock(problem, found, cuts)


def _eased(problem: Problem, group: int, shape: Shape) -> Shape:
    """Leave one drop out: the least important of those that mend the route, else of all."""
    ranked = sorted(_places(shape), key=lambda place: _rank(problem, shape, place))
    tried = [_with(shape, place, 0) for place in ranked]
    good = (one for one in tried if isinstance(evaluate(problem, group, one), Candidate))
    return next(good, tried[0])


def _within_stock(
    problem: Problem, routes: list[Candidate], cuts: int
) -> tuple[list[Candidate], int]:
    """Bring less of what a base has not got; less fuel is burnt where a stop is left out."""
    while short := {key: -left for key, left in stock_left(problem, routes).items() if left < 0}:
        (base, good), lacking = min(short.items())
        mine = [
            (number, place)
            for number, route in enumerate(routes)
            if problem.groups[route.group].base == base
            for place in _places(route.shape)
        ]
        same = [(n, p) for n, p in mine if _good(problem, routes[n].shape, p) == good]
        number, place = min(
            same or mine, key=lambda one: _rank(problem, routes[one[0]].shape, one[1])
        )
        route = routes[number]
        _, units = _drop(route.shape, place)
        shape = _with(route.shape, place, max(0, units - lacking) if same else 0)
        lighter = evaluate(problem, route.group, shape) if shape else None
        routes = [
            *routes[:number],
            *([lighter] if isinstance(lighter, Candidate) else []),
            *routes[number + 1 :],
        ]
        cuts += 1
    return routes, cuts


def _places(shape: Shape) -> Iterator[_Place]:
    for trip, visits in enumerate(shape):
        for visit, (_, drops) in enumerate(visits):
            for drop in range(len(drops)):
                yield trip, visit, drop


def _drop(shape: Shape, place: _Place) -> tuple[int, int]:
    trip, visit, drop = place
    return shape[trip][visit][1][drop]


def _good(problem: Problem, shape: Shape, place: _Place) -> int:
    return problem.needs[_drop(shape, place)[0]].good


def _rank(problem: Problem, shape: Shape, place: _Place) -> tuple[int, int]:
    need, units = _drop(shape, place)
    return -problem.needs[need].priority, problem.mass(need, units)


def _with(shape: Shape, place: _Place, units: int) -> Shape:
    """Return a shape with another quantity of one drop."""
    at, visit, drop = place
    trips = [[(site, list(drops)) for site, drops in visits] for visits in shape]
    drops = trips[at][visit][1]
    drops[drop] = (drops[drop][0], units)
    return tidy([[(site, tuple(drops)) for site, drops in visits] for visits in trips])


def plan_of(
    problem: Problem, ground: Ground, routes: Sequence[Candidate], *, program: str, seed: int
) -> Plan:
    """Write a plan.

    Parameters
    ----------
    problem : Problem
        Problem.
    ground : Ground
        Its ground.
    routes : sequence of Candidate
        Routes that keep every rule together.
    program : str
        Who found them.
    seed : int
        Seed.

    Returns
    -------
    Plan
        Of what is undelivered it says only that the time ran out.
    """
    scenario = problem.scenario
    written = routes_of(Standing(problem, problem), ground, routes, brought_by(()))
    undelivered = unexplained(problem, missing_of(problem, routes))
    return Plan(
        id=plan_id(scenario, ground.theatre, written, undelivered),
        scenario_digest=scenario_digest(scenario),
        theatre=ground.theatre,
        routes=tuple(written),
        undelivered=tuple(undelivered),
        metrics=metrics_of(scenario, written),
        provenance=Provenance(
            program=program,
            created=datetime.now(UTC),
            seed=seed,
            workers=1,
            iterations=None,
            time_limit_s=None,
            reproducible=False,
            stopped_by="time_limit",
            elapsed_s=0,
            solvers={"ortools": importlib.metadata.version("ortools")},
            assumptions=tuple(ground.assumptions),
        ),
        scenario=scenario,
    )
