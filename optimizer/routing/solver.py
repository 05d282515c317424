"""Scenario and ground in, plan out: the narrow door of this room."""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from optimizer.network.ground import Ground
from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import Metrics, Plan, Provenance, Undelivered
from optimizer.routing.again.resume import resumed
from optimizer.routing.again.standing import Standing, standing
from optimizer.routing.assemble import routes_of
from optimizer.routing.clock import Clock
from optimizer.routing.demands.alone import most_alone
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.solution import missing_of, score_of
from optimizer.routing.explain.reasons import Asked, explain, unexplained
from optimizer.routing.follow import Follower, Told
from optimizer.routing.names import brought_by
from optimizer.routing.options import SolveOptions
from optimizer.routing.parameters import DEFAULT, SearchParameters
from optimizer.routing.parent import Parent
from optimizer.routing.search import Search
from optimizer.scenario.model import Objective, Scenario

__all__ = ["Incumbent", "solve"]

#: What each objective is among the figures of a plan.
_FIGURES: Mapping[Objective, Callable[[Metrics], int]] = {
    Objective.LATENESS: lambda figures: figures.lateness_s,
    Objective.EXPOSURE: lambda figures: figures.exposure_milli,
    Objective.TIME: lambda figures: figures.travel_s,
    Objective.DISTANCE: lambda figures: figures.distance_m,
    Objective.FUEL: lambda figures: sum(figures.fuel_l.values()),
    Objective.VEHICLES: lambda figures: figures.vehicles,
}


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
    score : tuple of int
        How the solver judges it: objectives in their order, smaller is better.
    plan : callable
        ``plan()`` gives the whole plan, as if the search had been stopped here and nothing
        explained: of what is undelivered it says only that the time ran out. To be called while the
        solve runs, from the thread that was told.
    """

    seconds: float
    undelivered_kg: float
    objectives: Mapping[str, float]
    convoys: int
    score: tuple[int, ...]
    plan: Callable[[], Plan] = field(repr=False, compare=False)


def solve(
    scenario: Scenario,
    ground: Ground,
    *,
    options: SolveOptions,
    parent: Parent | None = None,
    on_incumbent: Callable[[Incumbent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_stage: Told | None = None,
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
    parent : Parent, optional
        The plan that this one goes on from, and what of it is decided: never worse than what still
        holds of it, and found sooner.
    on_incumbent : callable, optional
        Told every better solution, from the first on.
    should_stop : callable, optional
        Asked often; once it says yes, the best solution so far becomes the plan.
    on_stage : callable, optional
        Told each stage, ``ways``, ``search``, ``reasons``, ``writing``, and of the search often
        which share of the budget is spent. It must be quick.
    parameters : SearchParameters
        How the budget is spent.

    Returns
    -------
    Plan
        Routes, what is undelivered and why, and where it all comes from.

    Raises
    ------
    UsageError
        If a convoy is to be kept that the parent does not send, or the time until which it is
        decided lies outside the horizon.
    ConflictError
        If what is decided cannot be driven any more, or contradicts the scenario.
    """
    whole = Clock(None)
    follower = Follower(on_stage)
    follower.begin("ways")
    stands = standing(scenario, ground, parent)
    problem = stands.open
    follower.begin("search", 0.0)

    def ask() -> bool:
        if options.time_limit_s is not None:
            follower.reach(clock.spent())
        return should_stop is not None and should_stop()

    # The limit is one of the search: on new ground the ways alone may take longer than that.
    clock = Clock(options.time_limit_s, ask if follower.followed else should_stop)
    alone = most_alone(problem)
    writer = _Writer(stands, ground, options, whole, parent)

    def tell(routes: Sequence[Candidate]) -> None:
        if on_incumbent is not None:
            on_incumbent(_incumbent(writer, clock, routes))

    decided = {convoy: len(trips) for convoy, trips in stands.trips.items()}
    start = resumed(problem, () if parent is None else parent.plan.routes, decided)
    search = Search(problem, alone, options, parameters, clock, tell, start, follower.reach)
    chosen = search.run()
    follower.begin("reasons")
    asked = Asked(problem, stands.whole, alone, options, parameters, clock, search.first_s)
    undelivered = explain(asked, chosen)
    follower.begin("writing")
    stopped_by = _stopped_by(options, clock)
    return writer.plan(chosen, undelivered, stopped_by)


@dataclass(frozen=True)
class _Writer:
    """What plans of one solve have in common."""

    stands: Standing
    ground: Ground
    options: SolveOptions
    whole: Clock
    parent: Parent | None

    @functools.cached_property
    def decided(self) -> Metrics:
        """Figures of what is decided alone."""
        routes = routes_of(self.stands, self.ground, (), {})
        return metrics_of(self.stands.whole.scenario, routes)

    def plan(
        self, chosen: Sequence[Candidate], undelivered: Sequence[Undelivered], stopped_by: str
    ) -> Plan:
        scenario, ground, options = self.stands.whole.scenario, self.ground, self.options
        before = None if self.parent is None else self.parent.plan
        brought = brought_by(() if before is None else before.routes)
        routes = routes_of(self.stands, ground, chosen, brought)
        return Plan(
            id=plan_id(scenario, ground.theatre, routes, undelivered),
            scenario_digest=scenario_digest(scenario),
            theatre=ground.theatre,
            parent=None if before is None else before.id,
            decided_until=None if self.parent is None else self.parent.decided_until,
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
                reproducible=options.reproducible and stopped_by != "asked",
                stopped_by=stopped_by,
                elapsed_s=round(self.whole.seconds(), 3),
                solvers={name: importlib.metadata.version(name) for name in ("ortools", "pyvrp")},
                assumptions=tuple(ground.assumptions),
            ),
            scenario=scenario,
        )


def _incumbent(writer: _Writer, clock: Clock, routes: Sequence[Candidate]) -> Incumbent:
    problem = writer.stands.open
    missing = missing_of(problem, routes)
    kg = (
        units * problem.goods[need.good].good.unit_mass_kg
        for units, need in zip(missing, problem.needs, strict=True)
    )
    listed = [o for o in problem.objectives if o is not Objective.UNDELIVERED]
    decided = writer.decided
    more = [route for route in routes if not problem.groups[route.group].moves]
    return Incumbent(
        seconds=clock.seconds(),
        undelivered_kg=sum(kg),
        objectives={
            o.value: float(_FIGURES[o](decided) + sum(r.costs[o] for r in routes)) for o in listed
        },
        convoys=decided.convoys + len(more),
        score=score_of(problem, routes),
        plan=lambda: writer.plan(routes, unexplained(problem, missing), "asked"),
    )


def _stopped_by(options: SolveOptions, clock: Clock) -> str:
    if clock.stopped:
        return "asked"
    return "time_limit" if options.iterations is None else "iterations"
