"""Problems as RFC 9457 has them: one shape for everything that goes wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from optimizer.errors import (
    ConflictError,
    ConvoiError,
    FaultsError,
    FileError,
    NotFoundError,
    OutsideError,
)
from optimizer.faults import Fault

__all__ = ["KINDS", "MEDIA_TYPE", "ProblemError", "fault_view", "install", "problem"]

MEDIA_TYPE = "application/problem+json"
_PATH = "/api/v1/problems"


class Kind(NamedTuple):
    """A kind of problem: its status, and what is the matter."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "unreadable": Kind(400, "The body cannot be read"),
    "not-local": Kind(403, "The request does not come from this machine"),
    "not-found": Kind(404, "There is no such thing"),
    "no-plan": Kind(404, "The job has no plan"),
    "conflict": Kind(409, "This contradicts what was asked for before"),
    "too-large": Kind(413, "The body is too large"),
    "media-type": Kind(415, "The body is of a kind that is not read here"),
    "faults": Kind(422, "The document has faults"),
    "parameters": Kind(422, "A parameter is wrong"),
    "refused": Kind(422, "This cannot be done"),
    "defect": Kind(500, "Convoi failed"),
    "failed": Kind(500, "The job failed"),
    "unavailable": Kind(503, "Something that is needed is missing or failed"),
}


class ProblemError(Exception):
    """A problem to be answered with.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    detail : str
        What is the matter here.
    more : mapping, optional
        Further members.
    """

    def __init__(self, kind: str, detail: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.more = more or {}


def problem(
    kind: str,
    detail: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the answer that tells a problem.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    detail : str
        What is the matter here, for people.
    more : mapping, optional
        Further members.
    headers : mapping, optional
        Headers of the answer.

    Returns
    -------
    JSONResponse
        Of the type ``application/problem+json``.
    """
    status, title = KINDS[kind]
    content = {
        "type": f"{_PATH}#{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    return JSONResponse(content, status, dict(headers or {}), MEDIA_TYPE)


def fault_view(fault: Fault) -> dict[str, Any]:
    """Return a fault as it is told.

    Parameters
    ----------
    fault : Fault
        Fault.

    Returns
    -------
    dict
        Code, JSON pointer into the document, line where it is known, and words in both languages.
    """
    return {
        "code": fault.code,
        "severity": fault.severity.value,
        "pointer": fault.pointer,
        "line": fault.line,
        "params": dict(fault.params),
        "text": {"en": fault.text("en"), "fr": fault.text("fr")},
    }


def faults(found: Sequence[Fault]) -> Mapping[str, Any]:
    """Return the members that tell faults.

    Parameters
    ----------
    found : sequence of Fault
        Faults.

    Returns
    -------
    mapping
        ``faults``.
    """
    return {"faults": [fault_view(fault) for fault in found]}


def install(api: FastAPI) -> None:
    """Let an application answer whatever goes wrong with a problem.

    Parameters
    ----------
    api : FastAPI
        Application.
    """
    api.add_exception_handler(ProblemError, _of_problem)
    api.add_exception_handler(ConvoiError, _of_error)
    api.add_exception_handler(RequestValidationError, _of_parameters)
    api.add_exception_handler(HTTPException, _of_status)
    api.add_exception_handler(Exception, _of_defect)


async def _of_problem(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for nothing else
    return problem(error.kind, error.detail, error.more)


async def _of_error(request: Request, error: Exception) -> Response:
    del request
    match error:
        case FaultsError():
            return problem("faults", _counted(error.faults), faults(error.faults))
        case ConflictError():
            kind = "conflict"
        case NotFoundError():
            kind = "not-found"
        case FileError():
            kind = "unreadable"
        case OutsideError():
            kind = "unavailable"
        case _:
            kind = "refused"
    return problem(kind, str(error))


def _counted(found: Sequence[Fault]) -> str:
    if len(found) == 1:
        return f"{found[0].pointer or '/'}: {found[0].text('en')}"
    return f"{len(found)} faults; each stands in `faults` with its place in the document"


async def _of_parameters(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    wrong = [
        {
            "in": str(found["loc"][0]),
            "pointer": "".join(f"/{part}" for part in found["loc"][1:]),
            "detail": str(found["msg"]),
        }
        for found in error.errors()
    ]
    said = "; ".join(f"{one['pointer'][1:] or one['in']}: {one['detail']}" for one in wrong)
    return problem("parameters", said, {"parameters": wrong})


async def _of_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem("not-found", f"there is nothing at {path}")
    status = HTTPStatus(error.status_code)
    detail = error.detail
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_allowed(request))
        headers = {"allow": allowed}
        detail = f"{path} takes {allowed}, not {request.method}"
    content = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
    }
    return JSONResponse(content, status.value, headers, MEDIA_TYPE)


def _allowed(request: Request) -> list[str]:
    """Return the methods of a path; the framework names only those of one of its routes."""
    path = request.scope["path"].removeprefix(request.scope["root_path"])
    return sorted(
        method.upper()
        for template, methods in request.app.openapi()["paths"].items()
        if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), path)
        for method in methods
    )


async def _of_defect(request: Request, error: Exception) -> Response:
    del request
    return problem("defect", f"unexpected {type(error).__name__}; this is a defect of Convoi")
