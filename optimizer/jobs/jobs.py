"""The door of this room: submit, follow, accept, cancel."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from optimizer.jobs.limits import Limits
from optimizer.jobs.model import Event, Job
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions
from optimizer.scenario.model import Scenario

__all__ = ["Jobs"]


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
        self.folder = folder
        self._workers = workers
        self._limits = limits or Limits()

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def submit(self, scenario: Scenario, options: SolveOptions, *, key: str | None = None) -> Job:
        """Take a job on; once this returns, no crash loses it.

        Parameters
        ----------
        scenario : Scenario
            Scenario without faults. Whether it fits its ground is found out by the job, which fails
            with every fault where it does not.
        options : SolveOptions
            Seed and budget.
        key : str, optional
            Chosen by the caller: the same key with the same scenario and options is the same job.

        Returns
        -------
        Job
            The new job, or that of the key.

        Raises
        ------
        ConflictError
            If the key was used with another scenario or other options.
        """
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError
