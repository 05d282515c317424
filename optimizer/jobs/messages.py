"""What the server and a worker process say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.faults import Fault
from optimizer.jobs.model import Stage
from optimizer.jobs.store import Found

__all__ = [
    "Answer",
    "Better",
    "Done",
    "Failed",
    "Planned",
    "Question",
    "Reached",
    "Ready",
    "Stop",
    "Stopped",
]


@dataclass(frozen=True, slots=True)
class Planned:
    """To the worker: plan this."""

    scenario: bytes
    options: str
    parent: bytes | None


@dataclass(frozen=True, slots=True)
class Question:
    """To the worker: answer this; `content` is packed JSON."""

    name: str
    content: bytes
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """To the worker: end what you do, and throw it away unless it is to be accepted."""

    accept: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """From the worker: everything is imported."""


@dataclass(frozen=True, slots=True)
class Reached:
    """From the worker: so far it is."""

    stage: Stage
    progress: float | None


@dataclass(frozen=True, slots=True)
class Better:
    """From the worker: solutions, and the packed plan of the last one."""

    found: tuple[Found, ...]
    plan: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """From the worker: the answer, packed, and solutions that were not told yet."""

    found: tuple[Found, ...]
    plan: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """From the worker: the answer to a question, packed JSON."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """From the worker: what was asked cannot be done."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """From the worker: it was stopped, and is free again."""
