"""Jobs over HTTP: submit, list, follow, accept, cancel, and fetch the plan."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from optimizer.api.body import document_body, scenario_body
from optimizer.api.following import Following
from optimizer.api.problems import ProblemError, fault_view
from optimizer.api.views import JobList, JobView, job_view
from optimizer.errors import UsageError
from optimizer.jobs import Job
from optimizer.routing.options import SolveOptions
from optimizer.routing.parent import Parent
from optimizer.scenario.hours import time_of
from optimizer.scenario.model import Scenario

__all__ = ["router"]

#: Seconds of search if neither a time nor iterations are stated; the same as of ``convoi plan``.
_TIME_LIMIT_S = 20.0
_WAIT_MAX_S = 3600.0

_ID = r"^[A-Za-z0-9._-]{1,64}$"
JobId = Annotated[str, Path(pattern=_ID, description="Id of a job.")]
Wait = Annotated[
    float | None,
    Query(ge=0, le=_WAIT_MAX_S, description="Seconds to wait until the job is over."),
]
_SCENARIO = document_body(
    {"$ref": "#/components/schemas/Scenario"}, "application/json", "application/yaml"
)
_PLAN = {
    "description": "The plan: `convoi/plan/1`",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plan"}}},
}


router = APIRouter(prefix="/plans", tags=["plans"])


def _following(request: Request) -> Following:
    found: Following = request.app.state.following
    return found


Follow = Annotated[Following, Depends(_following)]


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=JobView,
    responses={200: _PLAN},
    openapi_extra=_SCENARIO,
    summary="Plan a scenario",
)
async def submit(
    request: Request,
    following: Follow,
    *,
    wait: Wait = None,
    iterations: Annotated[
        int | None,
        Query(ge=1, lt=2**31, description="Budget in iterations: the plan is reproducible."),
    ] = None,
    time_limit_s: Annotated[
        float | None,
        Query(
            gt=0,
            le=86_400,
            description=f"Budget in seconds. [default: {_TIME_LIMIT_S:g}, without iterations]",
        ),
    ] = None,
    seed: Annotated[int, Query(ge=0, lt=2**31)] = 1,
    workers: Annotated[int, Query(ge=1, le=64, description="Threads of the search.")] = 1,
    parent: Annotated[
        str | None,
        Query(
            pattern=_ID,
            description="Id of a job: its plan is gone on from, as far as it still holds.",
        ),
    ] = None,
    decided_until: Annotated[
        str | None,
        Query(description="Time with offset: trips of `parent` that began before it stay."),
    ] = None,
    keep: Annotated[
        tuple[str, ...], Query(description="Convoys whose routes stay as they are in `parent`.")
    ] = (),
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Chosen by the caller: the same key with the same scenario and options"
            " is the same job.",
        ),
    ] = None,
) -> Response:
    """Take a scenario on as a job.

    The body is the scenario itself. Answers 202 and the job; with `wait`, 200 and the plan if
    it is done in time.
    """
    if iterations is None and time_limit_s is None:
        time_limit_s = _TIME_LIMIT_S
    options = SolveOptions(seed, iterations, time_limit_s, workers)
    scenario = await scenario_body(request)

    def take_on() -> Job:
        before = _parent(following, scenario, parent, decided_until, keep)
        return following.jobs.submit(scenario, options, parent=before, key=idempotency_key)

    job = await run_in_threadpool(take_on)
    if wait:
        job = await following.until_over(job.id, wait)
    return await _answer(request, following, job, waited=wait is not None)


def _parent(
    following: Following,
    scenario: Scenario,
    job: str | None,
    decided_until: str | None,
    keep: Sequence[str],
) -> Parent | None:
    """Return the plan of a job to go on from, and what of it is decided."""
    if job is None:
        if decided_until is not None or keep:
            raise UsageError(
                "`decided_until` and `keep` speak of an earlier plan: name its `parent`"
            )
        return None
    plan = following.jobs.plan(job)
    if plan is None:
        raise ProblemError("no-plan", f"job {job} has found no solution to go on from")
    until = None if decided_until is None else time_of(decided_until, scenario)
    return Parent(plan, until, frozenset(keep))


async def _answer(request: Request, following: Following, job: Job, *, waited: bool) -> Response:
    view = job_view(job, request.scope["root_path"])
    headers = {"location": view.links["self"]}
    if waited and job.state == "failed":
        raise _failed(job)
    if waited and job.state == "done":
        headers["content-location"] = view.links["plan"]
        plan = await run_in_threadpool(following.jobs.plan_text, job.id)
        return Response(plan, headers=headers, media_type="application/json")
    return JSONResponse(view.model_dump(mode="json"), HTTPStatus.ACCEPTED, headers)


@router.get("", summary="List the latest jobs")
async def latest(
    request: Request, following: Follow, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> JobList:
    """Return the latest jobs, the newest first."""
    root = request.scope["root_path"]
    found = await run_in_threadpool(following.jobs.jobs, limit)
    return JobList(jobs=tuple(job_view(job, root) for job in found))


@router.get("/{id}", summary="Look at a job")
async def job(request: Request, following: Follow, id: JobId) -> JobView:  # noqa: A002 - the name in the path
    """Return a job as it is now."""
    return job_view(await run_in_threadpool(following.jobs.job, id), request.scope["root_path"])


@router.get(
    "/{id}/events",
    summary="Follow a job",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"},
        204: {"description": "The job is over, and all of its events are known"},
    },
)
async def events(
    following: Follow,
    id: JobId,  # noqa: A002
    last_event_id: Annotated[
        int | None, Header(ge=0, lt=2**63, description="Number of the last event that is known.")
    ] = None,
) -> Response:
    """Stream what happens to a job, from its beginning or from after the last known event."""
    after = last_event_id or 0
    found = await run_in_threadpool(following.jobs.job, id)
    if found.over and not await run_in_threadpool(following.jobs.events, id, after):
        # A browser connects again after a stream has ended; this tells it not to.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return StreamingResponse(
        following.stream(id, after),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


@router.get("/{id}/plan", summary="Fetch the plan", responses={200: _PLAN})
async def plan(following: Follow, id: JobId) -> Response:  # noqa: A002
    """Return the plan of a job: the final one, or the best so far."""
    found = await run_in_threadpool(following.jobs.job, id)
    text = await run_in_threadpool(following.jobs.plan_text, id)
    if text is None and found.state == "failed":
        raise _failed(found)
    if text is None:
        raise ProblemError("no-plan", f"job {id} has found no solution; it is {found.state}")
    headers = {"convoi-job-state": found.state, "convoi-plan-number": str(found.plan_number)}
    return Response(text, media_type="application/json", headers=headers)


@router.get("/{id}/scenario", summary="Fetch the scenario")
async def scenario(following: Follow, id: JobId) -> Response:  # noqa: A002
    """Return the scenario of a job, as it was given."""
    text = await run_in_threadpool(following.jobs.scenario_text, id)
    return Response(text, media_type="application/json")


@router.post("/{id}/accept", summary="End with the best so far")
async def accept(request: Request, following: Follow, id: JobId, wait: Wait = None) -> JobView:  # noqa: A002
    """End a job now with its best solution as a complete plan; it is done a moment later."""
    found = await run_in_threadpool(following.jobs.accept, id)
    if wait:
        found = await following.until_over(id, wait)
    return job_view(found, request.scope["root_path"])


@router.delete("/{id}", summary="Cancel a job")
async def cancel(request: Request, following: Follow, id: JobId) -> JobView:  # noqa: A002
    """Cancel a job within a second; its best solution stays."""
    found = await run_in_threadpool(following.jobs.cancel, id)
    return job_view(found, request.scope["root_path"])


def _failed(job: Job) -> ProblemError:
    assert job.problem is not None  # noqa: S101 - a job that failed says why
    found = job.problem.faults
    own = all(fault.code.startswith("job.") for fault in found)
    return ProblemError(
        "failed" if own else "faults",
        job.problem.text("en"),
        {"job": job.id, "faults": [fault_view(fault) for fault in found]},
    )
