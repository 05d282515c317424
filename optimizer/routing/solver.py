"""Scenario and ground in, plan out: the narrow door of this room."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from optimizer.network.ground import Ground
from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import Plan, Provenance
from optimizer.routing.alone import most_alone
from optimizer.routing.assemble import routes_of
from optimizer.routing.clock import Clock
from optimizer.routing.options import SolveOptions
from optimizer.routing.parameters import DEFAULT, SearchParameters
from optimizer.routing.problem import build
from optimizer.routing.reasons import Asked, explain
from optimizer.routing.route import Candidate
from optimizer.routing.search import Search
from optimizer.routing.solution import missing_of
from optimizer.scenario.model import Objective, Scenario

__all__ = ["Incumbent", "solve"]


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best solution so far.

    Parameters
    ----------
    seconds : float
        Since the search began.
    undelivered_kg : float
        Over all priorities.
    objectives : mapping of str to float
        Each objective but `undelivered`, in its unit of the plan's metrics.
    convoys : int
        Convoys that move.
    """

    seconds: float
    undelivered_kg: float
    objectives: Mapping[str, float]
    convoys: int


def solve(
    scenario: Scenario,
    ground: Ground,
    *,
    options: SolveOptions,
    on_incumbent: Callable[[Incumbent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    parameters: SearchParameters = DEFAULT,
) -> Plan:
    """Plan a scenario over its ground.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : Ground
        Its ground.
    options : SolveOptions
        Seed and budget.
    on_incumbent : callable, optional
        Told every better solution, from the first on.
    should_stop : callable, optional
        Asked often; once it says yes, the best solution so far becomes the plan.
    parameters : SearchParameters
        How the budget is spent.

    Returns
    -------
    Plan
        Routes, what is undelivered and why, and where it all comes from.
    """
    whole = Clock(None)
    problem = build(scenario, ground)
    alone = most_alone(problem)
    # The limit is one of the search: on new ground the ways alone may take longer than that.
    clock = Clock(options.time_limit_s, should_stop)

    def tell(routes: Sequence[Candidate]) -> None:
        if on_incumbent is not None:
            missing = missing_of(problem, routes)
            kg = (
                units * problem.goods[need.good].good.unit_mass_kg
                for units, need in zip(missing, problem.needs, strict=True)
            )
            listed = [o for o in problem.objectives if o is not Objective.UNDELIVERED]
            totals = {o.value: float(sum(r.costs[o] for r in routes)) for o in listed}
            on_incumbent(Incumbent(clock.seconds(), sum(kg), totals, len(routes)))

    chosen = Search(problem, alone, options, parameters, clock, tell).run()
    asked = Asked(problem, alone, options, parameters, clock)
    undelivered = explain(asked, chosen)
    routes = routes_of(problem, ground, chosen)
    return Plan(
        id=plan_id(scenario, ground.theatre, routes, undelivered),
        scenario_digest=scenario_digest(scenario),
        theatre=ground.theatre,
        routes=tuple(routes),
        undelivered=tuple(undelivered),
        metrics=metrics_of(scenario, routes),
        provenance=Provenance(
            program=f"convoi {importlib.metadata.version('convoi')}",
            created=datetime.now(UTC),
            seed=options.seed,
            workers=options.workers,
            iterations=options.iterations,
            time_limit_s=options.time_limit_s,
            reproducible=options.reproducible and not clock.stopped,
            stopped_by=_stopped_by(options, clock),
            elapsed_s=round(whole.seconds(), 3),
            solvers={name: importlib.metadata.version(name) for name in ("ortools", "pyvrp")},
            assumptions=tuple(ground.assumptions),
        ),
        scenario=scenario,
    )


def _stopped_by(options: SolveOptions, clock: Clock) -> str:
    if clock.stopped:
        return "asked"
    return "time_limit" if options.iterations is None else "iterations"
