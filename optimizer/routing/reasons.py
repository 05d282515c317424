"""Why something is undelivered."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.network.ground import Ground
from optimizer.plan.model import Reason, ReasonKind, Undelivered
from optimizer.routing.alone import Alone
from optimizer.routing.clock import Clock
from optimizer.routing.options import SolveOptions
from optimizer.routing.parameters import SearchParameters
from optimizer.routing.problem import Problem
from optimizer.routing.route import Candidate
from optimizer.routing.solution import missing_of

__all__ = ["explain"]


def explain(
    problem: Problem,
    ground: Ground,
    alone: Alone,
    routes: Sequence[Candidate],
    options: SolveOptions,
    parameters: SearchParameters,
    clock: Clock,
) -> list[Undelivered]:
    return [
        Undelivered(
            demand=problem.needs[need].id,
            quantity=units,
            reasons=(Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out"),),
        )
        for need, units in enumerate(missing_of(problem, routes))
        if units
    ]
