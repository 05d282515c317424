"""Plans at hand: each is read once and verified once, however often a page asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from dashboard.sheet import Sheet, Verdict, verified
from dashboard.works import Works
from optimizer.plan.model import Plan

if TYPE_CHECKING:
    from optimizer.jobs import Jobs

__all__ = ["Sheets"]

_KEPT = 12  # plans at hand: two that are compared, the steps of a solve, a few tabs


class _Locks:
    """A lock for each of a few things; which of them share one is left to chance."""

    def __init__(self) -> None:
        self._locks = tuple(threading.RLock() for _ in range(_KEPT))

    def of(self, key: Hashable) -> threading.RLock:
        return self._locks[hash(key) % len(self._locks)]


class Sheets:
    """The plans of works, and those that are still being improved.

    Parameters
    ----------
    works : Works
        Holds plans that are complete.
    jobs : Jobs
        Hold the best so far of the others.
    verifying : Executor
        Verifies.
    """

    def __init__(self, works: Works, jobs: Jobs, verifying: Executor) -> None:
        self._works = works
        self._jobs = jobs
        self._verifying = verifying
        self._sheets: OrderedDict[tuple[str, int, int], Sheet] = OrderedDict()
        self._lock = threading.RLock()
        self._reading = _Locks()

    def plan(self, work: str, number: int, version: int = 0) -> Sheet | None:
        """Return a plan of a work.

        Parameters
        ----------
        work : str
            Id of the work.
        number : int
            Number of the plan in it.
        version : int
            Which best-so-far, for one that is still being improved.

        Returns
        -------
        Sheet or None
            None if there is none yet.
        """
        if version < 0:  # what is found meanwhile is another version
            return None
        key = (work, number, version)
        # A page asks for all its parts at once, and one of them is to read the plan for all.
        with self._reading.of(key):
            with self._lock:
                if key in self._sheets:
                    self._sheets.move_to_end(key)
                    return self._sheets[key]
            plan = self._read(work, number, version)
            if plan is None:
                return None
            with self._lock:
                sheet = self._sheets.setdefault(key, Sheet(plan))
                while len(self._sheets) > _KEPT:
                    self._sheets.popitem(last=False)
            return sheet

    def _read(self, work: str, number: int, version: int) -> Plan | None:
        entry = self._works.get(work).entry(number)
        if entry is None:
            return None
        if entry.saved:
            return self._works.read_plan(work, number)
        # A best-so-far is no complete plan, and would be taken for it ever after.
        return self._jobs.plan(entry.job) if entry.job is not None and version else None

    def verdict(self, sheet: Sheet) -> Verdict:
        """Return what the verifier says of a plan.

        Parameters
        ----------
        sheet : Sheet
            The plan.

        Returns
        -------
        Verdict
            ``"checking"`` while it works.
        """
        with self._lock:
            if sheet.verdict is None:
                sheet.verdict = self._verifying.submit(verified, sheet.plan)
        return sheet.verdict.result() if sheet.verdict.done() else Verdict("checking")
