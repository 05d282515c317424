"""What is stored of a job as JSON: faults, events, solutions, options."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from optimizer.faults import Fault, Severity
from optimizer.jobs.model import Best
from optimizer.plan.digests import plan_digest
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions
from optimizer.routing.parent import Parent
from optimizer.scenario.model import Scenario
from optimizer.scenario.write import scenario_digest

__all__ = [
    "best_of",
    "content_digest",
    "fault_record",
    "faults_of",
    "options_of",
    "options_record",
    "pack",
    "parent_of",
    "parent_record",
    "scenario_text",
    "unpack",
]

#: Plans are stored while a search runs: little time counts for more than little space.
_LEVEL = 1


def pack(text: bytes) -> bytes:
    """Compress a document.

    Parameters
    ----------
    text : bytes
        The document.

    Returns
    -------
    bytes
        What `unpack` takes.
    """
    return zlib.compress(text, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """Return a document as it was before `pack`.

    Parameters
    ----------
    packed : bytes
        What `pack` returned.

    Returns
    -------
    bytes
        The document.
    """
    return zlib.decompress(packed)


def scenario_text(scenario: Scenario) -> bytes:
    """Return a scenario as JSON, as given.

    Parameters
    ----------
    scenario : Scenario
        Scenario.

    Returns
    -------
    bytes
        JSON in UTF-8.
    """
    return json.dumps(scenario.document(), ensure_ascii=False, separators=(",", ":")).encode()


def content_digest(scenario: Scenario, options: SolveOptions, parent: Parent | None = None) -> str:
    """Return the digest of what is asked for, to tell whether two calls ask for the same.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    options : SolveOptions
        Options.
    parent : Parent, optional
        The plan that it goes on from.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    content = f"{scenario_digest(scenario)} {options_record(options)}"
    if parent is not None:
        until = "-" if parent.decided_until is None else parent.decided_until.isoformat()
        content += f" {plan_digest(parent.plan)} {until} {sorted(parent.kept)}"
    return hashlib.sha256(content.encode()).hexdigest()


def options_record(options: SolveOptions) -> str:
    """Return options as JSON.

    Parameters
    ----------
    options : SolveOptions
        Options.

    Returns
    -------
    str
        JSON.
    """
    return json.dumps(dataclasses.asdict(options), sort_keys=True)


def options_of(record: str) -> SolveOptions:
    """Return the options of a record.

    Parameters
    ----------
    record : str
        From `options_record`.

    Returns
    -------
    SolveOptions
        Options.
    """
    return SolveOptions(**json.loads(record))


def parent_record(parent: Parent) -> bytes:
    """Return the plan that a job goes on from, and what of it is decided, as JSON.

    Parameters
    ----------
    parent : Parent
        The plan.

    Returns
    -------
    bytes
        JSON in UTF-8.
    """
    until = parent.decided_until
    return json.dumps(
        {
            "plan": parent.plan.model_dump(mode="json"),
            "decided_until": None if until is None else until.isoformat(),
            "kept": sorted(parent.kept),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def parent_of(record: bytes) -> Parent:
    """Return the plan of a record that a job goes on from.

    Parameters
    ----------
    record : bytes
        From `parent_record`.

    Returns
    -------
    Parent
        The plan, and what of it is decided.
    """
    told = json.loads(record)
    until = told["decided_until"]
    return Parent(
        plan=Plan.model_validate(told["plan"]),
        decided_until=None if until is None else datetime.fromisoformat(until),
        kept=frozenset(told["kept"]),
    )


def best_of(data: Mapping[str, Any]) -> Best:
    """Return the solution that an event tells of.

    Parameters
    ----------
    data : mapping
        Data of an event of the kind ``incumbent``.

    Returns
    -------
    Best
        The solution.
    """
    return Best(
        seconds=float(data["seconds"]),
        undelivered_kg=float(data["undelivered_kg"]),
        objectives={str(name): float(value) for name, value in data["objectives"].items()},
        convoys=int(data["convoys"]),
    )


def fault_record(fault: Fault) -> dict[str, Any]:
    """Return a fault as JSON types.

    Parameters
    ----------
    fault : Fault
        Fault.

    Returns
    -------
    dict
        Its fields.
    """
    return {
        "code": fault.code,
        "pointer": fault.pointer,
        "params": dict(fault.params),
        "severity": fault.severity.value,
        "line": fault.line,
    }


def faults_of(records: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults of records.

    Parameters
    ----------
    records : sequence of mapping
        Each from `fault_record`.

    Returns
    -------
    tuple of Fault
        Faults.
    """
    return tuple(
        Fault(
            record["code"],
            record["pointer"],
            record["params"],
            Severity(record["severity"]),
            record["line"],
        )
        for record in records
    )
