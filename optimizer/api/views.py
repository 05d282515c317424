"""What is told of a job over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from optimizer.api.problems import fault_view
from optimizer.jobs.model import Best, Event, Job, Stage, State

__all__ = [
    "BestView",
    "EventView",
    "Health",
    "JobList",
    "JobView",
    "OptionsView",
    "Verification",
    "event_view",
    "job_view",
]


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OptionsView(_View):
    """Seed and budget of a job."""

    seed: int
    iterations: int | None
    time_limit_s: float | None
    workers: int


class BestView(_View):
    """A solution that was the best when it was found."""

    seconds: float = Field(description="Since the search began.")
    undelivered_kg: float = Field(description="Over all priorities.")
    objectives: Mapping[str, float] = Field(
        description="Each objective of the scenario but `undelivered`, in its order and unit."
    )
    convoys: int


class JobView(_View):
    """A job at one moment."""

    id: str
    state: State
    stage: Stage
    progress: float | None = Field(description="Share of the stage that is done, 0 to 1.")
    title: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    attempt: int = Field(description="Tries begun so far.")
    options: OptionsView
    plan_number: int = Field(description="Grows with every better plan; 0 while there is none.")
    incumbents: tuple[BestView, ...] = Field(description="Each better than the one before.")
    problem: Mapping[str, Any] | None = Field(description="Why it failed: `code` and `faults`.")
    links: Mapping[str, str] = Field(description="Where its plan and its events are.")


class JobList(_View):
    """The latest jobs, the newest first."""

    jobs: tuple[JobView, ...]


class EventView(_View):
    """Something that happened to a job; the number is the id of the server-sent event."""

    number: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


class Verification(_View):
    """What the verifier says of a plan."""

    proved: bool | None = Field(
        description="Whether the plan keeps every rule; null where not all could be checked."
    )
    violations: tuple[Mapping[str, Any], ...]


class Health(_View):
    """How the server is."""

    status: Literal["ok", "starting"]
    version: str
    workers: int
    ready: int = Field(description="Workers that have imported everything.")
    jobs: Mapping[str, int] = Field(description="Jobs by state.")


def best_view(best: Best) -> BestView:
    """Return a solution as it is told.

    Parameters
    ----------
    best : Best
        Solution.

    Returns
    -------
    BestView
        The same.
    """
    return BestView(
        seconds=best.seconds,
        undelivered_kg=best.undelivered_kg,
        objectives=best.objectives,
        convoys=best.convoys,
    )


def job_view(job: Job, root: str) -> JobView:
    """Return a job as it is told.

    Parameters
    ----------
    job : Job
        Job.
    root : str
        Path under which the interface is mounted.

    Returns
    -------
    JobView
        The same, with links.
    """
    here = f"{root}/v1/plans/{job.id}"
    problem = job.problem and {
        "code": job.problem.code,
        "faults": [fault_view(fault) for fault in job.problem.faults],
    }
    return JobView(
        id=job.id,
        state=job.state,
        stage=job.stage,
        progress=job.progress,
        title=job.title,
        created=job.created,
        started=job.started,
        ended=job.ended,
        attempt=job.attempt,
        options=OptionsView(
            seed=job.options.seed,
            iterations=job.options.iterations,
            time_limit_s=job.options.time_limit_s,
            workers=job.options.workers,
        ),
        plan_number=job.plan_number,
        incumbents=tuple(best_view(best) for best in job.incumbents),
        problem=problem,
        links={
            "self": here,
            "plan": f"{here}/plan",
            "events": f"{here}/events",
            "scenario": f"{here}/scenario",
        },
    )


def event_view(event: Event) -> EventView:
    """Return an event as it is told.

    Parameters
    ----------
    event : Event
        Event.

    Returns
    -------
    EventView
        The same.
    """
    return EventView(number=event.number, at=event.at, kind=event.kind, data=event.data)
