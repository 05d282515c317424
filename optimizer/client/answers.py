"""Answers of the interface as the types of this program: jobs, events, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx2

from optimizer.errors import (
    ConflictError,
    ConvoiError,
    FaultsError,
    NotFoundError,
    OutsideError,
    UsageError,
)
from optimizer.faults import Fault, Severity, catalogue
from optimizer.jobs.model import Best, Event, Job, Problem
from optimizer.routing.options import SolveOptions

__all__ = ["checked", "event_of", "faults_of", "job_of"]

_ERRORS: Mapping[str, type[ConvoiError]] = {
    "conflict": ConflictError,
    "not-found": NotFoundError,
    "no-plan": NotFoundError,
    "defect": OutsideError,
    "failed": OutsideError,
    "unavailable": OutsideError,
}


def checked(answer: httpx2.Response) -> httpx2.Response:
    """Raise what a problem tells.

    Parameters
    ----------
    answer : Response
        Answer, read.

    Returns
    -------
    Response
        The same, if it is a success.

    Raises
    ------
    FaultsError
        If the document has faults; carries all of them.
    ConflictError, NotFoundError, UsageError
        If the call is wrong.
    OutsideError
        If the server failed, or is no server of Convoi.
    """
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
        kind = str(problem["type"]).rpartition("#")[2]
        detail = str(problem["detail"])
        faults = faults_of(problem.get("faults", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutsideError(
            f"{answer.url} answered {answer.status_code} as no server of Convoi does"
        ) from error
    if kind == "faults" and faults:
        raise FaultsError(faults)
    raise _ERRORS.get(kind, UsageError)(detail)


def faults_of(told: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults that are told.

    Parameters
    ----------
    told : sequence of mapping
        Faults of a problem, a job or a verification.

    Returns
    -------
    tuple of Fault
        Faults; of those that this version has no words for, the server's own.
    """
    return tuple(_fault(one) for one in told)


def _fault(told: Mapping[str, Any]) -> Fault:
    code = str(told.get("code", ""))
    params: Mapping[str, Any] = told.get("params", {})
    if code not in catalogue():
        words = told.get("text", {})
        said = words.get("en") if isinstance(words, Mapping) else None
        code, params = "job.refused", {"message": said or told.get("detail", code)}
    return Fault(
        code,
        str(told.get("pointer", "")),
        params,
        Severity(told.get("severity", "error")),
        told.get("line"),
    )


def job_of(told: Mapping[str, Any]) -> Job:
    """Return a job that is told.

    Parameters
    ----------
    told : mapping
        Job as JSON types.

    Returns
    -------
    Job
        The job.
    """
    problem = told["problem"]
    return Job(
        id=told["id"],
        state=told["state"],
        stage=told["stage"],
        progress=told["progress"],
        created=datetime.fromisoformat(told["created"]),
        started=_time(told["started"]),
        ended=_time(told["ended"]),
        incumbents=tuple(Best(**best) for best in told["incumbents"]),
        problem=None if problem is None else Problem(faults_of(problem["faults"])),
        title=told["title"],
        options=SolveOptions(**told["options"]),
        plan_number=told["plan_number"],
        attempt=told["attempt"],
    )


def event_of(told: Mapping[str, Any]) -> Event:
    """Return an event that is told.

    Parameters
    ----------
    told : mapping
        Event as JSON types.

    Returns
    -------
    Event
        The event.
    """
    at = datetime.fromisoformat(told["at"])
    return Event(told["number"], at, told["kind"], told["data"])


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
