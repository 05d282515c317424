"""Matrices and verification over HTTP: questions that somebody waits for."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from optimizer.api.body import document_body, plan_body, scenario_body
from optimizer.api.views import Verification
from optimizer.jobs import Jobs
from optimizer.scenario.model import Criterion

__all__ = ["questions_router"]


def questions_router(jobs: Jobs) -> APIRouter:
    """Return the routes ``/matrices`` and ``/verify``.

    Parameters
    ----------
    jobs : Jobs
        Whose helper answers.

    Returns
    -------
    APIRouter
        Routes.
    """
    router = APIRouter(tags=["questions"])
    # Whose turn has not come waits here and not in a thread: those are few, and others need them.
    turn = asyncio.Semaphore(1)

    @router.post(
        "/matrices",
        summary="Time, distance, fuel and exposure between all sites",
        openapi_extra=document_body(
            {"$ref": "#/components/schemas/Scenario"}, "application/json", "application/yaml"
        ),
    )
    async def matrices(
        request: Request,
        criterion: Annotated[
            Criterion | None,
            Query(description="What paths are best for. [default: that of the scenario's rules]"),
        ] = None,
    ) -> Response:
        """Return the matrix of every kind of convoy of a scenario, as `convoi/matrices/1`."""
        scenario = await scenario_body(request)
        wanted = None if criterion is None else criterion.value
        async with turn:
            text = await run_in_threadpool(jobs.matrices, scenario, wanted)
        return Response(text, media_type="application/json")

    @router.post(
        "/verify",
        summary="Recompute a plan",
        response_model=Verification,
        openapi_extra=document_body({"$ref": "#/components/schemas/Plan"}, "application/json"),
    )
    async def verify(request: Request) -> Response:
        """Name every rule that a plan breaks; its theatre is looked for by name and digest."""
        plan = await plan_body(request)
        async with turn:
            text = await run_in_threadpool(jobs.verify, plan)
        return Response(text, media_type="application/json")

    return router
