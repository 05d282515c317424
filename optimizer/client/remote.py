"""A job on a server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2

from optimizer.client.answers import event_of, job_of
from optimizer.errors import FaultsError, NotFoundError, OutsideError, RefusedError
from optimizer.jobs.model import Event, Job
from optimizer.plan.model import Plan

if TYPE_CHECKING:
    from optimizer.client.client import Client

__all__ = ["RemoteJob"]

#: Seconds between two tries to reach a server that does not answer.
_PAUSE_S = 0.5


class RemoteJob:
    """A job on a server.

    Parameters
    ----------
    client : Client
        Who asks.
    id : str
        Its id.
    """

    def __init__(self, client: Client, id: str) -> None:  # noqa: A002 - the noun of the field
        self._client = client
        self.id = id

    def look(self) -> Job:
        """Return the job as it is now.

        Returns
        -------
        Job
            Its state.

        Raises
        ------
        NotFoundError
            If the server does not know it.
        OutsideError
            If the server does not answer.
        """
        return job_of(self._client.ask("GET", self._path()).json())

    def plan(self) -> Plan | None:
        """Return its plan: the final one, else the best so far.

        Returns
        -------
        Plan or None
            None while there is none.

        Raises
        ------
        NotFoundError
            If the server does not know the job.
        FaultsError
            If it failed by faults of its scenario.
        """
        try:
            return Plan.model_validate_json(self._client.ask("GET", self._path("/plan")).content)
        except NotFoundError:
            self.look()
            return None

    def wait(self, seconds: float | None = None) -> Plan:
        """Wait until the job is over, and return its plan.

        A server that is started again in between is waited for.

        Parameters
        ----------
        seconds : float, optional
            At most so long; by default as long as it takes.

        Returns
        -------
        Plan
            Its plan; of a job that was cancelled the best that it had found.

        Raises
        ------
        FaultsError
            If the scenario does not fit its ground: every fault.
        OutsideError
            If it failed otherwise, does not end in time, or the server is gone.
        RefusedError
            If it was cancelled before it had found anything.
        """
        end = None if seconds is None else time.monotonic() + seconds
        for _ in self._until_over(0, end):
            pass
        job = self.look()
        if not job.over:
            raise OutsideError(f"job {self.id} is not over after {seconds:g} s; it goes on")
        if job.problem is not None:
            if all(fault.code.startswith("job.") for fault in job.problem.faults):
                raise OutsideError(job.problem.text())
            raise FaultsError(job.problem.faults)
        plan = self.plan()
        if plan is None:
            raise RefusedError(f"job {self.id} was cancelled before it had found anything")
        return plan

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield what happens to the job, as it happens, until it is over.

        Parameters
        ----------
        after : int
            Number of the last event that is known already.

        Yields
        ------
        Event
            Later ones, in order, each once, even if the server is started again in between.

        Raises
        ------
        NotFoundError
            If the server does not know the job.
        OutsideError
            If the server is gone.
        """
        for event in self._until_over(after, None):
            if event is not None:
                yield event

    def cancel(self) -> Job:
        """End the job within a second; its best plan stays.

        Returns
        -------
        Job
            The job, cancelled unless it was over before.
        """
        return job_of(self._client.ask("DELETE", self._path()).json())

    def accept(self, seconds: float = 60.0) -> Plan:
        """End the job now with the best so far as a complete plan.

        Parameters
        ----------
        seconds : float
            At most so long until the reasons of what is undelivered are found.

        Returns
        -------
        Plan
            Its plan.

        Raises
        ------
        OutsideError
            If it does not end in time.
        """
        self._client.ask("POST", self._path("/accept"))
        return self.wait(seconds)

    def _until_over(self, after: int, end: float | None) -> Iterator[Event | None]:
        """Yield events until the job is over or the time is; None while nothing happens."""
        patience = time.monotonic() + self._client.patience_s
        while True:
            try:
                for told in self._stream(after, end):
                    patience = time.monotonic() + self._client.patience_s
                    if told is not None:
                        after = told.number
                    yield told
                    if end is not None and time.monotonic() >= end:
                        return
                if self.look().over:
                    return
            except (httpx2.TransportError, OutsideError) as error:
                # Of a job that waits nothing is heard for long; that is no trouble of the server.
                over = end is not None and time.monotonic() >= end
                if not over and time.monotonic() >= patience:
                    raise OutsideError(f"{self._client.url} does not answer: {error}") from error
            if end is not None and time.monotonic() >= end:
                return
            time.sleep(_PAUSE_S)

    def _stream(self, after: int, end: float | None) -> Iterator[Event | None]:
        headers = {"last-event-id": str(after)}
        left = {} if end is None else {"silence_s": max(_PAUSE_S, end - time.monotonic())}
        with self._client.stream(self._path("/events"), headers, **left) as answer:
            kind, data = "", ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif not line and data:
                    # How far it is says only that it lives.
                    yield None if kind == "progress" else event_of(json.loads(data))
                    kind, data = "", ""
                else:
                    yield None

    def _path(self, rest: str = "") -> str:
        return f"/plans/{self.id}{rest}"
