"""Each solver is given the same problem: on tiny instances it finds what is best, or says why not.

What a solver cannot state is never a gap.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from benchmarks.routing import by_ortools, by_pyvrp
from benchmarks.routing.evaluate import evaluate
from benchmarks.routing.stated import stated
from tests.benchmarks.routing_tiny import TINY

SECONDS = 0.2


@pytest.mark.parametrize("family", TINY)
def test_pyvrp_finds_the_best_of_every_family(family: str) -> None:
    instance, best = TINY[family]
    assert by_pyvrp.cannot(instance) is None
    cost, routes = by_pyvrp._run(stated(instance), time.monotonic() + SECONDS, 1, [])
    assert evaluate(instance, routes) == best
    told = stated(instance)
    # What PyVRP counts is what is judged, and what a vehicle more costs where fewer come first.
    more = told.per_vehicle * best.vehicles
    assert cost == pytest.approx(best.cost * instance.family.convention.parts + more)


def test_a_solution_of_ours_is_given_to_pyvrp_as_it_is() -> None:
    for instance, best in TINY.values():
        told = stated(instance)
        data = by_pyvrp.data_of(told)
        _, routes = by_pyvrp._run(told, time.monotonic() + 0.05, 1, [])
        again = by_pyvrp.solution_of(told, data, routes)
        assert again.is_feasible()
        assert evaluate(instance, by_pyvrp.routes_of(told, data, again)) == best


@pytest.mark.parametrize("search", by_ortools.SEARCHES)
@pytest.mark.parametrize("family", TINY)
def test_ortools_finds_the_best_of_every_family_that_it_can_state(family: str, search: str) -> None:
    instance, best = TINY[family]
    if family == "mtvrptwr":
        assert "the model has no trips" in (by_ortools.cannot(instance) or "")
        return
    assert by_ortools.cannot(instance) is None
    _, routes = by_ortools._run(instance, time.monotonic() + SECONDS, 1, search)
    assert evaluate(instance, routes) == best


def test_whole_numbers_for_searches_are_never_below_what_is_judged() -> None:
    instance, _ = TINY["homberger"]
    told = stated(instance)
    # 30 in thousandths; a way of 41.231... is rounded up.
    assert told.ways[0].tolist() == [0, 30_000, 30_000]
    assert (told.ways >= instance.straight() * 1000).all()
    # Ten ways to the farthest place, here 60 from one customer to the other.
    assert told.per_vehicle == 10 * 60_000
    assert told.due == [500_000] * 3
    assert told.service == [0, 5_000, 0]
    free = stated(TINY["cvrp"][0])
    assert free.due == [free.horizon] * 3
    assert np.all(np.array(free.prize) == 0)
