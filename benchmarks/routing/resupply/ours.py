"""Convoi's engine on a resupply scenario, asked as ``convoi plan`` asks it."""

from __future__ import annotations

import time

from benchmarks.routing.resupply.answer import Answer
from optimizer.network.given import MatrixGround
from optimizer.routing.options import SolveOptions
from optimizer.routing.solver import Incumbent, solve
from optimizer.scenario.model import Scenario

__all__ = ["answer"]

WORKERS = 2


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
        The first incumbent, and the best one by then: what is found later does not count.
    """
    told: list[tuple[float, Incumbent]] = []
    begun = time.monotonic()

    def hear(incumbent: Incumbent) -> None:
        told.append((time.monotonic() - begun, incumbent))

    def is_over() -> bool:
        return time.monotonic() - begun >= seconds

    plan = solve(
        scenario,
        MatrixGround(scenario),
        options=SolveOptions(seed=seed, time_limit_s=seconds, workers=WORKERS),
        on_incumbent=hear,
        should_stop=is_over,
    )
    ended_s = time.monotonic() - begun
    if not told:
        return Answer(None, None, plan, ended_s)
    first_s, first = told[0]
    in_time = [incumbent for at_s, incumbent in told if at_s <= seconds]
    # Over matrices all that a plan is written from is still there when the search is over.
    last = plan if ended_s <= seconds else (in_time[-1].plan() if in_time else None)
    return Answer(first_s, first.plan(), last, ended_s)
