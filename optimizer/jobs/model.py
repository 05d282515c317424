"""A job as others see it: frozen pictures of what the database holds at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from optimizer.faults import Fault, Language
from optimizer.routing.options import SolveOptions

__all__ = ["ENDED", "Best", "Event", "EventKind", "Job", "Problem", "Stage", "State"]

State = Literal["queued", "running", "done", "cancelled", "failed"]
Stage = Literal["queued", "ways", "search", "reasons", "writing", "done"]
EventKind = Literal[
    "queued", "started", "stage", "incumbent", "retried", "done", "cancelled", "failed"
]

#: States that a job does not leave.
ENDED: frozenset[State] = frozenset({"done", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class Best:
    """A solution that was the best when it was found.

    Parameters
    ----------
    seconds : float
        Since the search began.
    undelivered_kg : float
        Over all priorities.
    objectives : mapping of str to float
        Each objective of the scenario but `undelivered`, in its order and in the unit of the plan's
        metrics.
    convoys : int
        Convoys that move.
    """

    seconds: float
    undelivered_kg: float
    objectives: Mapping[str, float]
    convoys: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a job failed.

    Parameters
    ----------
    faults : tuple of Fault
        At least one: every fault of the scenario with the place in its document, or one of the
        codes ``job.*`` for what happened to the job.
    """

    faults: tuple[Fault, ...]

    @property
    def code(self) -> str:
        """Code of the first fault."""
        return self.faults[0].code

    def text(self, language: Language = "en") -> str:
        """Return what went wrong, one sentence a line.

        Parameters
        ----------
        language : {"en", "fr"}
            Language of the sentences.

        Returns
        -------
        str
            Sentences of the faults.
        """
        return "\n".join(fault.text(language) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job; it is stored before anybody hears of it.

    Parameters
    ----------
    number : int
        Counts the events of one job from 1.
    at : datetime
        When it was stored.
    kind : str
        ``queued``, ``started`` (a try began), ``stage``, ``incumbent`` (a better solution),
        ``retried`` (the worker or the server was killed), or a state that ends the job.
    data : mapping
        JSON types. ``stage``: ``stage``. ``incumbent``: what `Best` has. ``started``: ``attempt``.
    """

    number: int
    at: datetime
    kind: EventKind
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A job at one moment.

    Parameters
    ----------
    id : str
        Given at submission; never used again.
    state : str
        ``queued``, ``running``, or one that it does not leave: ``done``, ``cancelled``, ``failed``.
    stage : str
        ``queued``, ``ways`` (between the sites, over the ground), ``search``, ``reasons`` (for what
        is undelivered), ``writing``, ``done``.
    progress : float or None
        Share of the stage that is done, 0 to 1: of the ways by kind of convoy, of the search by its
        budget. None where it cannot be told.
    created, started, ended : datetime or None
        When it was submitted, last begun, and ended.
    incumbents : tuple of Best
        Each better than the one before, also those of earlier tries.
    problem : Problem or None
        Why it failed.
    title : str
        Title of its scenario, or its id where it has none.
    options : SolveOptions
        Seed and budget.
    plan_number : int
        Grows whenever a better plan can be read; 0 while there is none.
    attempt : int
        Tries begun so far.
    """

    id: str
    state: State
    stage: Stage
    progress: float | None
    created: datetime
    started: datetime | None
    ended: datetime | None
    incumbents: tuple[Best, ...]
    problem: Problem | None
    title: str
    options: SolveOptions
    plan_number: int
    attempt: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED
