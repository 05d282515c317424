"""Bodies of requests: bounded, of a known kind, read off the event loop."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from optimizer.api.problems import ProblemError
from optimizer.plan.model import Plan
from optimizer.plan.read import pointer_in, read_plan
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import loads

__all__ = ["MAX_BYTES", "document_body", "json_body", "plan_body", "plan_in", "scenario_body"]

#: The same as of a file.
MAX_BYTES = 32 * 2**20

_JSON = frozenset({"application/json"})
_YAML = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})


async def scenario_body(request: Request) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    request : Request
        Request whose body is a scenario as JSON or YAML.

    Returns
    -------
    Scenario
        Scenario without faults of its own.

    Raises
    ------
    ProblemError
        If the body is too large, or of another kind.
    FileError, FormatError, FaultsError
        As `optimizer.scenario.read.loads`.
    """
    kind = _kind(request, _JSON | _YAML)
    raw = await _read(request)
    syntax: Literal["json", "yaml"] = "json" if kind in _JSON else "yaml"
    return await run_in_threadpool(lambda: loads(_text(raw), syntax))


async def plan_body(request: Request) -> Plan:
    """Read a plan.

    Parameters
    ----------
    request : Request
        Request whose body is a plan as JSON.

    Returns
    -------
    Plan
        Plan; whether it keeps the rules is another question.

    Raises
    ------
    ProblemError
        If the body is too large, of another kind, or not shaped as a plan.
    """
    _kind(request, _JSON)
    raw = await _read(request)
    return await run_in_threadpool(lambda: plan_in(_text(raw)))


async def json_body(request: Request) -> dict[str, Any]:
    """Read a JSON object.

    Parameters
    ----------
    request : Request
        Request whose body is one.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    ProblemError
        If the body is too large, of another kind, or no JSON object.
    """
    _kind(request, _JSON)
    raw = await _read(request)
    try:
        found = await run_in_threadpool(lambda: _json(_text(raw)))
    except (ValueError, RecursionError) as error:
        raise ProblemError("unreadable", f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ProblemError("unreadable", "the body is no JSON object")
    return found


def plan_in(text: str, pointer: str = "") -> Plan:
    """Read a plan in a text.

    Parameters
    ----------
    text : str
        JSON.
    pointer : str
        Where in the body it stands.

    Returns
    -------
    Plan
        Plan.

    Raises
    ------
    ProblemError
        If it is not shaped as one; names every place.
    FileError, FormatError
        If it is not JSON, or another document.
    """
    try:
        return read_plan(text, "the plan")
    except ValidationError as error:
        wrong = _wrong(json.loads(text), error, pointer)
        detail = f"the plan is not shaped as one: {wrong[0]['pointer']}: {wrong[0]['detail']}"
        if wrong[1:]:
            detail += f", and {len(wrong) - 1} more faults"
        raise ProblemError("faults", detail, {"faults": wrong}) from error


def document_body(schema: Mapping[str, Any], *kinds: str) -> dict[str, Any]:
    """Describe a body for OpenAPI, where it is read by hand.

    Parameters
    ----------
    schema : mapping
        JSON Schema, or a reference.
    *kinds : str
        Media types.

    Returns
    -------
    dict
        What ``openapi_extra`` takes.
    """
    content = {kind: {"schema": dict(schema)} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


def _kind(request: Request, known: frozenset[str]) -> str:
    said = request.headers.get("content-type", "")
    kind = said.split(";")[0].strip().lower()
    if kind not in known:
        raise ProblemError(
            "media-type",
            f"Content-Type is {said[:80]!r}; send {' or '.join(sorted(known))}",
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError("media-type", "the body is compressed; send it as it is")
    return kind


async def _read(request: Request) -> bytes:
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > MAX_BYTES:
        raise _too_large()
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BYTES:
            raise _too_large()
    return bytes(raw)


def _too_large() -> ProblemError:
    return ProblemError("too-large", f"a body has at most {MAX_BYTES // 2**20} MB")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(
            "unreadable", f"byte {error.start + 1} of the body is not UTF-8"
        ) from error


def _json(text: str) -> object:
    found: object = json.loads(text)
    if "\\ud" in text.lower():
        # Half of a letter that is written as two escapes can neither be stored nor answered.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _wrong(raw: object, error: ValidationError, pointer: str) -> Sequence[dict[str, str]]:
    return [
        {"pointer": pointer + pointer_in(raw, found["loc"]), "detail": found["msg"]}
        for found in error.errors(include_url=False)
    ]
