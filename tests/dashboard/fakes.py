"""Jobs that plan nothing: they are told what has happened."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from optimizer.errors import UsageError
from optimizer.jobs import Best, Job, Problem
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions
from optimizer.scenario.model import Scenario

AT = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


class FakeJobs:
    """The door of ``optimizer.jobs`` without anything behind it."""

    def __init__(self) -> None:
        self.table: dict[str, Job] = {}
        self.plans: dict[str, Plan] = {}
        self.priorities: list[int] = []
        self.asked: list[tuple[Scenario, SolveOptions, str | None]] = []

    def submit(
        self,
        scenario: Scenario,
        options: SolveOptions,
        *,
        key: str | None = None,
        priority: int = 0,
    ) -> Job:
        self.priorities.append(priority)
        self.asked.append((scenario, options, key))
        job = Job(
            id=f"J{len(self.asked)}",
            state="queued",
            stage="queued",
            progress=None,
            created=AT,
            started=None,
            ended=None,
            incumbents=(),
            problem=None,
            title=scenario.title,
            options=options,
            plan_number=0,
        )
        self.table[job.id] = job
        return job

    def job(self, name: str) -> Job:
        if name not in self.table:
            raise UsageError(f"there is no job {name}")
        return self.table[name]

    def plan(self, name: str) -> Plan | None:
        return self.plans.get(name)

    def cancel(self, name: str) -> Job:
        return self.change(name, state="cancelled")

    def accept(self, name: str) -> Job:
        return self.change(name, state="done", stage="done")

    def change(self, name: str, **fields: object) -> Job:
        self.table[name] = dataclasses.replace(self.table[name], **fields)
        return self.table[name]

    def found(self, name: str, plan: Plan, *, seconds: float = 1.0) -> None:
        """Tell of a better plan."""
        job = self.table[name]
        best = Best(
            seconds,
            sum(plan.metrics.undelivered_kg_by_priority.values()),
            {"time": float(plan.metrics.travel_s)},
            plan.metrics.convoys,
        )
        self.plans[name] = plan
        self.change(
            name,
            state="running",
            stage="search",
            progress=0.4,
            incumbents=(*job.incumbents, best),
            plan_number=job.plan_number + 1,
        )


__all__ = ["AT", "FakeJobs", "Problem"]
