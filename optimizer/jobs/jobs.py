"""The door of this room: submit, follow, accept, cancel."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from optimizer.errors import UsageError
from optimizer.faults import Fault
from optimizer.jobs.helper import Helper
from optimizer.jobs.limits import Limits
from optimizer.jobs.model import ENDED, Event, Job
from optimizer.jobs.records import (
    content_digest,
    options_record,
    pack,
    parent_record,
    scenario_text,
    unpack,
)
from optimizer.jobs.slot import Slot
from optimizer.jobs.state import StateFolder
from optimizer.jobs.store import Asked, New, Store
from optimizer.jobs.watch import Live
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions
from optimizer.routing.parent import Parent
from optimizer.scenario.model import Scenario

__all__ = ["Jobs"]

#: Plans that were read last, for whoever asks for the same one again and again.
_PLANS = 8
#: Seconds until a cancelled job has ended, whatever its worker does; see `watch`.
_CANCEL_S = 2.0
#: Seconds for the workers to end.
_CLOSE_S = 1.5


class Jobs:
    """Jobs of one state folder, and the workers that plan them.

    May be used from any thread. As a context manager it starts the workers and ends them; a job
    that runs at the end begins again when the folder is opened the next time.

    Parameters
    ----------
    folder : Path
        State folder; it is made with mode 0700 where it is missing.
    workers : int
        Processes that plan, one job at a time each.
    limits : Limits, optional
        What a job and a worker may take.

    Raises
    ------
    UsageError
        If the folder is a file, or there is no worker.
    OutsideError
        If it cannot be written, or another server uses it.
    """

    def __init__(self, folder: Path, *, workers: int = 1, limits: Limits | None = None) -> None:
        if workers < 1:
            raise UsageError(f"{workers} workers: at least 1 is needed")
        self.folder = folder
        self.limits = (limits or Limits()).shared_by(workers)
        self._state = StateFolder(folder)
        try:
            self._store = Store(folder / "jobs.sqlite3")
        except BaseException:
            self._state.close()
            raise
        self._live: Live = {}
        self._change = threading.Condition()
        self._followers: list[Callable[[str], None]] = []
        self._plans: OrderedDict[tuple[str, int], Plan] = OrderedDict()
        self._reading = threading.Lock()
        self._helper = Helper(folder / "helper.log", self.limits)
        self._slots = [
            Slot(
                number,
                store=self._store,
                limits=self.limits,
                log=folder / f"worker-{number}.log",
                live=self._live,
                changed=self._changed,
            )
            for number in range(1, workers + 1)
        ]

    def __enter__(self) -> Self:
        tries = self.limits.tries
        self._store.recover(tries, Fault("job.worker_lost", "", {"tries": tries}))
        self._store.forget()
        for slot in self._slots:
            slot.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers; what runs begins again the next time."""
        for slot in self._slots:
            slot.close()
        self._helper.close()
        end = time.monotonic() + _CLOSE_S
        for slot in self._slots:
            slot.join(max(0.0, end - time.monotonic()))
        self._store.close()
        self._state.close()

    def submit(
        self,
        scenario: Scenario,
        options: SolveOptions,
        *,
        parent: Parent | None = None,
        key: str | None = None,
        priority: int = 0,
    ) -> Job:
        """Take a job on; once this returns, no crash loses it.

        Parameters
        ----------
        scenario : Scenario
            Scenario without faults. Whether it fits its ground is found out by the job, which fails
            with every fault where it does not.
        options : SolveOptions
            Seed and budget.
        parent : Parent, optional
            The plan that it goes on from, and what of it is decided; a copy of it is kept. What of
            it cannot be kept is found out by the job, which fails with the reason.
        key : str, optional
            Chosen by the caller: the same key with the same scenario, options and parent is the
            same job.
        priority : int
            Jobs of a higher one begin first: where a person waits, before what comes by the
            thousand.

        Returns
        -------
        Job
            The new job, or that of the key.

        Raises
        ------
        ConflictError
            If the key was used with another scenario or other options.
        """
        new = New(
            id=f"J-{secrets.token_hex(6)}",
            key=key,
            content=content_digest(scenario, options, parent),
            title=scenario.title or scenario.id,
            options=options_record(options),
            scenario=pack(scenario_text(scenario)),
            parent=None if parent is None else pack(parent_record(parent)),
            priority=priority,
        )
        found = self._store.add(new)
        for slot in self._slots:
            slot.wake()
        self._changed(found)
        return self.job(found)

    def job(self, id: str) -> Job:  # noqa: A002 - the noun of the field
        """Return a job as it is now.

        Parameters
        ----------
        id : str
            Its id.

        Returns
        -------
        Job
            The job.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        return self._now(self._store.job(id))

    def jobs(self, limit: int = 50) -> tuple[Job, ...]:
        """Return the latest jobs, the newest first.

        Parameters
        ----------
        limit : int
            At most so many.

        Returns
        -------
        tuple of Job
            Jobs.
        """
        return tuple(self._now(job) for job in self._store.jobs(limit))

    def plan(self, id: str) -> Plan | None:  # noqa: A002
        """Return the plan of a job: the final one, else the best so far.

        Parameters
        ----------
        id : str
            Job.

        Returns
        -------
        Plan or None
            None while there is none. The best so far gives as reason of what is undelivered only
            that the time ran out.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        found = self._store.plan(id)
        if found is None:
            return None
        number, packed = found
        with self._reading:
            known = self._plans.get((id, number))
        if known is not None:
            return known
        plan = Plan.model_validate_json(unpack(packed))
        with self._reading:
            self._plans[id, number] = plan
            while len(self._plans) > _PLANS:
                self._plans.popitem(last=False)
        return plan

    def accept(self, id: str) -> Job:  # noqa: A002
        """End a job now with the best so far, as a complete plan: reasons, paths, and done.

        Parameters
        ----------
        id : str
            Job. One that has no solution yet ends with its first; one that is over stays as it is.

        Returns
        -------
        Job
            The job, which is done a moment later; see `wait`.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        self._ask(id, "accept")
        return self.job(id)

    def cancel(self, id: str) -> Job:  # noqa: A002
        """End a job within a second; the best so far stays readable.

        Parameters
        ----------
        id : str
            Job. One that is over stays as it is.

        Returns
        -------
        Job
            The job, cancelled.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        self._ask(id, "cancel")
        return self.wait(id, _CANCEL_S)

    def wait(self, id: str, seconds: float) -> Job:  # noqa: A002
        """Wait until a job is over.

        Parameters
        ----------
        id : str
            Job.
        seconds : float
            At most so long.

        Returns
        -------
        Job
            The job, over or not.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        end = time.monotonic() + seconds
        with self._change:
            while not (job := self.job(id)).over:
                left = end - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    return self.job(id)
        return job

    def events(self, id: str, after: int = 0) -> tuple[Event, ...]:  # noqa: A002
        """Return what happened to a job.

        Parameters
        ----------
        id : str
            Job.
        after : int
            Number of the last event that is known already.

        Returns
        -------
        tuple of Event
            Later ones, in order.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        return self._store.events(id, after)

    def plan_text(self, id: str) -> bytes | None:  # noqa: A002
        """Return the plan of a job as JSON, without reading it.

        Parameters
        ----------
        id : str
            Job.

        Returns
        -------
        bytes or None
            As `plan`, in UTF-8.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        found = self._store.plan(id)
        return None if found is None else unpack(found[1])

    def scenario_text(self, id: str) -> bytes:  # noqa: A002
        """Return the scenario of a job as JSON, as it was given.

        Parameters
        ----------
        id : str
            Job.

        Returns
        -------
        bytes
            In UTF-8.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        return unpack(self._store.scenario(id))

    def matrices(self, scenario: Scenario, criterion: str | None = None) -> bytes:
        """Return the matrices of a scenario, worked out in a process beside the workers.

        Parameters
        ----------
        scenario : Scenario
            Scenario without faults.
        criterion : str, optional
            What paths are best for; by default that of the scenario's rules.

        Returns
        -------
        bytes
            JSON of the format ``convoi/matrices/1``.

        Raises
        ------
        FaultsError
            If the scenario does not fit its ground.
        OutsideError
            If it takes too long or too much memory.
        """
        content = pack(scenario_text(scenario))
        return self._helper.ask("matrices", content, {"criterion": criterion})

    def verify(self, plan: Plan) -> bytes:
        """Recompute a plan in a process beside the workers.

        Parameters
        ----------
        plan : Plan
            Plan; its theatre is looked for by name and digest.

        Returns
        -------
        bytes
            JSON: ``proved`` (true, false, or null where not all could be checked) and
            ``violations``.

        Raises
        ------
        FaultsError
            If it cannot be verified.
        OutsideError
            If it takes too long or too much memory.
        """
        return self._helper.ask("verify", pack(plan.model_dump_json().encode()), {})

    def health(self) -> Mapping[str, Any]:
        """Return how the workers are.

        Returns
        -------
        mapping
            ``workers``, those that are ``ready``, and how many ``jobs`` there are by state.
        """
        return {
            "workers": len(self._slots),
            "ready": sum(slot.ready for slot in self._slots),
            "jobs": self._store.counts(),
        }

    @contextlib.contextmanager
    def following(self, follower: Callable[[str], None]) -> Iterator[None]:
        """Tell somebody the id of every job that changes, while the block runs.

        Parameters
        ----------
        follower : callable
            Called from any thread; it must be quick.

        Yields
        ------
        None
            Nothing.
        """
        self._followers.append(follower)
        try:
            yield
        finally:
            self._followers.remove(follower)

    def worker_pids(self) -> tuple[int, ...]:
        """Return the numbers of the processes that plan.

        Returns
        -------
        tuple of int
            By worker; those that are just being started are left out.
        """
        return tuple(slot.pid for slot in self._slots if slot.pid is not None)

    def _ask(self, id: str, asked: Asked) -> None:  # noqa: A002
        if self._store.ask(id, asked) in ENDED:
            self._changed(id)
            return
        for slot in self._slots:
            slot.ask(id, asked)

    def _now(self, job: Job) -> Job:
        live = self._live.get(job.id)
        if live is None or job.state != "running":
            return job
        return dataclasses.replace(job, stage=live[0], progress=live[1])

    def _changed(self, id: str) -> None:  # noqa: A002
        with self._change:
            self._change.notify_all()
        for follower in tuple(self._followers):
            follower(id)
