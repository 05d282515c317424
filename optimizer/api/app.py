"""Puts the HTTP interface together."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi

from optimizer.api import plans
from optimizer.api.documentation import documentation_router
from optimizer.api.following import Following
from optimizer.api.guard import Guard
from optimizer.api.problems import KINDS, MEDIA_TYPE, install
from optimizer.api.questions import questions_router
from optimizer.api.views import Health
from optimizer.jobs import Jobs
from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

__all__ = ["create_api"]

_ABOUT = """
Convoi plans resupply over real terrain. A scenario is posted and becomes a job; its plan is fetched
when it is done, or on the way there. Answers that are no success are
[problems](https://www.rfc-editor.org/rfc/rfc9457) with JSON pointers into what was posted.
"""


class _Api(FastAPI):
    """Describes the documents that are read by hand as well."""

    def openapi(self) -> dict[str, Any]:
        """Return the description.

        Returns
        -------
        dict
            OpenAPI.
        """
        if self.openapi_schema is None:
            described = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
                servers=[{"url": "/api"}],
            )
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            for model in (Scenario, Plan):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas |= schema.pop("$defs", {})
                schemas[model.__name__] = schema
            schemas["Problem"] = _PROBLEM_SCHEMA
            self.openapi_schema = described
        return self.openapi_schema


def create_api(
    jobs: Jobs,
    routers: Iterable[APIRouter] = (),
    *,
    closing: Callable[[], bool] = lambda: False,
    heartbeat_s: float = 15.0,
) -> FastAPI:
    """Return the HTTP interface, to be mounted at ``/api``.

    Parameters
    ----------
    jobs : Jobs
        Jobs, entered.
    routers : iterable of APIRouter
        Routes of other rooms; they come under ``/v1`` as well.
    closing : callable
        Whether the server ends: then nobody is kept waiting.
    heartbeat_s : float
        Seconds of silence after which an event stream says that it lives.

    Returns
    -------
    FastAPI
        Application; every request to it is guarded.
    """
    version = importlib.metadata.version("convoi")
    api = _Api(
        title="Convoi",
        version=version,
        description=_ABOUT,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    install(api)
    api.add_middleware(Guard)
    api.state.following = Following(jobs, closing, heartbeat_s)
    own = (plans.router, questions_router(jobs), _health_router(jobs, version))
    for router in (*own, *routers, documentation_router()):
        api.include_router(router, prefix="/v1", responses=_PROBLEMS)
    return api


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Problem",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def _health_router(jobs: Jobs, version: str) -> APIRouter:
    router = APIRouter(tags=["server"])

    @router.get("/health", summary="Ask how the server is")
    async def health() -> Health:
        """Return how many workers there are and how many jobs in each state."""
        found = await run_in_threadpool(jobs.health)
        status = "ok" if found["ready"] else "starting"
        return Health(status=status, version=version, **found)

    @router.get("/problems", summary="List the kinds of problems")
    async def problems() -> dict[str, dict[str, Any]]:
        """Return what the fragment of a problem's `type` stands for."""
        return {name: kind._asdict() for name, kind in KINDS.items()}

    return router


_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Its fragment is a kind of `/v1/problems`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "description": "Every fault of the document, with a JSON pointer to its place.",
            "items": {"type": "object"},
        },
        "parameters": {
            "type": "array",
            "description": "Parameters that are wrong.",
            "items": {"type": "object"},
        },
    },
}
