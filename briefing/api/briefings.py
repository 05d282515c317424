"""``POST /briefings``: a document of a plan that was posted, or of a job."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from briefing.documents import DOCUMENTS
from briefing.facts.release import Release
from briefing.write import FORMATS, Written, write
from optimizer.api.body import document_body, json_body, plan_in
from optimizer.api.problems import ProblemError
from optimizer.faults import Language
from optimizer.jobs import Jobs
from optimizer.plan.model import Plan
from optimizer.plan.read import pointer_in
from optimizer.scenario.model import Time
from optimizer.terrain.theatre import find_theatre

__all__ = ["briefings_router"]

#: Typesetting takes whole seconds of a core: so many documents at a time.
_AT_A_TIME = 2


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReleaseWish(_Frozen):
    """Who releases the document, and when; without it, it says that it is a draft."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    at: Time


class BriefingWish(_Frozen):
    """Which document is wanted, and of what."""

    plan: dict[str, Any] | str = Field(description="The plan itself, or the id of a job.")
    before: dict[str, Any] | str | None = Field(
        default=None, description="The plan that it is compared with, or the id of its job."
    )
    document: str = Field(description=f"One of {', '.join(DOCUMENTS)}.")
    language: Language = "en"
    format: str = Field(default="pdf", description=f"One of {', '.join(FORMATS)}.")
    release: ReleaseWish | None = None


def briefings_router(jobs: Jobs) -> APIRouter:
    """Return the route ``/briefings``.

    Parameters
    ----------
    jobs : Jobs
        Jobs whose plans may be named.

    Returns
    -------
    APIRouter
        Route.
    """
    router = APIRouter(tags=["briefings"])
    turns = asyncio.Semaphore(_AT_A_TIME)

    @router.post(
        "/briefings",
        summary="Write a document of a plan",
        openapi_extra=document_body(_schema(), "application/json"),
        responses={
            200: {
                "description": "The document, under the media type of its format",
                "content": {"application/pdf": {}, "text/html": {}, "text/markdown": {}},
            }
        },
    )
    async def briefing(request: Request) -> Response:
        """Write a document; the ground of the plan is looked for by name and digest."""
        body = await json_body(request)
        async with turns:
            written = await run_in_threadpool(_written, jobs, body)
        return Response(
            written.content,
            media_type=written.media_type,
            headers={"content-disposition": f'inline; filename="{written.file_name}"'},
        )

    return router


def _written(jobs: Jobs, body: dict[str, Any]) -> Written:
    try:
        wish = BriefingWish.model_validate(body)
    except ValidationError as error:
        wrong = [
            {"pointer": pointer_in(body, found["loc"]), "detail": found["msg"]}
            for found in error.errors(include_url=False)
        ]
        said = "; ".join(f"{one['pointer']}: {one['detail']}" for one in wrong)
        raise ProblemError("faults", said, {"faults": wrong}) from error
    plan = _plan(jobs, wish.plan, "/plan")
    stamp = plan.theatre
    return write(
        plan,
        document=wish.document,
        language=wish.language,
        form=wish.format,
        release=None if wish.release is None else Release(wish.release.name, wish.release.at),
        before=None if wish.before is None else _plan(jobs, wish.before, "/before"),
        theatre=None if stamp is None else find_theatre(stamp.name, stamp.digest),
    )


def _plan(jobs: Jobs, given: dict[str, Any] | str, pointer: Literal["/plan", "/before"]) -> Plan:
    if isinstance(given, str):
        found = jobs.plan(given)
        if found is None:
            raise ProblemError("no-plan", f"job {given} has found no solution yet")
        return found
    return plan_in(json.dumps(given), pointer)


def _schema() -> dict[str, Any]:
    # Bodies are described inline: this one is no document of its own.
    schema = BriefingWish.model_json_schema()
    release = schema.pop("$defs")["ReleaseWish"]
    schema["properties"]["release"] = {"anyOf": [release, {"type": "null"}]}
    return schema
