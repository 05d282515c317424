"""A plan on the desk, and what follows from it: facts, and what the verifier says."""

from __future__ import annotations

import contextlib
import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from briefing.facts import facts_of
from briefing.facts.model import FactTable
from optimizer.errors import ConvoiError
from optimizer.faults import Fault
from optimizer.plan.model import Plan

if TYPE_CHECKING:
    from optimizer.terrain.theatre import Theatre

__all__ = ["Sheet", "Shown", "Verdict", "theatre_of", "verified"]


_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which plan a page shows, and which one it is compared with.

    Parameters
    ----------
    work : str
        Id of the work.
    plan : int or None
        Number of the plan in the work; None before the first.
    version : int
        Which best-so-far of a plan that is still being improved; 0 for a complete one, -1 before
        the first was found.
    before : int or None
        Number of the plan that it is compared with.
    stamp : int
        Grows with every change of the work, so that the page reads it again.
    searching : bool
        Whether this is the plan before one that is being searched and has no best so far yet.
    """

    work: str
    plan: int | None = None
    version: int = 0
    before: int | None = None
    stamp: int = 0
    searching: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier says of a plan.

    Parameters
    ----------
    state : {"checking", "proved", "broken", "unproved", "failed"}
        ``"unproved"`` if nothing is known to be broken and something could not be checked.
    faults : tuple of Fault
        Violations and remarks.
    told : str
        Why the verifier itself failed.
    """

    state: Literal["checking", "proved", "broken", "unproved", "failed"]
    faults: tuple[Fault, ...] = ()
    told: str = ""


class Sheet:
    """A plan on the desk, with what follows from it; each worked out once.

    Parameters
    ----------
    plan : Plan
        The plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.verdict: Future[Verdict] | None = None
        self._told: dict[int | None, FactTable] = {}
        self._telling = threading.Lock()

    @cached_property
    def facts(self) -> FactTable:
        """Facts of the plan, without its ground: enough for all but documents."""
        return facts_of(self.plan)

    def told(self, number: int | None = None, before: Plan | None = None) -> FactTable:
        """Return the facts of documents: with what lies on the way, and what a plan changes.

        Parameters
        ----------
        number : int, optional
            Number of the plan that it is compared with.
        before : Plan, optional
            That plan.

        Returns
        -------
        FactTable
            Facts, those of which a written document is made.
        """
        with self._telling:
            if number not in self._told:
                theatre = theatre_of(self.plan)
                self._told[number] = facts_of(self.plan, before=before, theatre=theatre)
            return self._told[number]


def verified(plan: Plan) -> Verdict:
    """Ask the verifier; takes seconds.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    Verdict
        What it says.
    """
    from optimizer.verify import proved, verify  # noqa: PLC0415 - in the thread that needs it

    try:
        found = verify(plan, theatre_of(plan))
    except ConvoiError as error:
        return Verdict("failed", told=str(error))
    except Exception as error:  # noqa: BLE001 - told on the page, and kept in the log
        # A page that asks again and again is to be told once that there is no verdict.
        _LOG.exception("a plan could not be verified")
        return Verdict("failed", told=f"{type(error).__name__}: {error}")
    match proved(found):
        case True:
            return Verdict("proved", found)
        case False:
            return Verdict("broken", found)
        case None:
            return Verdict("unproved", found)


def theatre_of(plan: Plan) -> Theatre | None:
    """Return the theatre of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    Theatre or None
        None if the plan goes over no theatre, or it is not on this machine.
    """
    from optimizer.terrain.theatre import find_theatre  # noqa: PLC0415 - reads rasters, slow to load

    if plan.theatre is None:
        return None
    with contextlib.suppress(ConvoiError):
        return find_theatre(plan.theatre.name, plan.theatre.digest)
    return None
