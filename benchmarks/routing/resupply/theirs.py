"""OR-Tools on a resupply scenario: the better of its searches, as a plan that keeps every rule."""

from __future__ import annotations

import time

from benchmarks.routing.resupply.answer import Answer
from benchmarks.routing.resupply.mend import mended, plan_of
from benchmarks.routing.resupply.peer import search
from optimizer.network.given import MatrixGround
from optimizer.routing.evaluate.solution import score_of
from optimizer.routing.model.build import build
from optimizer.scenario.model import Scenario

__all__ = ["answer"]

_PROGRAM = "OR-Tools"


def answer(scenario: Scenario, seconds: float, seed: int) -> Answer:
    """Solve a scenario.

    Parameters
    ----------
    scenario : Scenario
        Scenario with matrices.
    seconds : float
        Wall time, from the scenario in memory on.
    seed : int
        Seed.

    Returns
    -------
    Answer
        Laying routes out in time and mending them is not in the time: it is done for the solver.
    """
    begun = time.monotonic()
    ground = MatrixGround(scenario)
    problem = build(scenario, ground)
    found = search(problem, begun, seconds, seed)
    ended_s = time.monotonic() - begun
    firsts = [(one.first_s, one) for one in found if one.first_s is not None]
    if not firsts:
        nothing = plan_of(problem, ground, [], program=_PROGRAM, seed=seed)
        return Answer(None, None, nothing, ended_s)
    first_s, first = min(firsts, key=lambda pair: pair[0])
    early, _ = mended(problem, first.first)
    late, cuts = min(
        (mended(problem, one.last) for one in found),
        key=lambda pair: score_of(problem, pair[0]),
    )
    return Answer(
        first_s,
        plan_of(problem, ground, early, program=_PROGRAM, seed=seed),
        plan_of(problem, ground, late, program=_PROGRAM, seed=seed),
        ended_s,
        cuts,
    )
