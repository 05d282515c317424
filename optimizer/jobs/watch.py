"""One job in a worker, from when it is handed over until it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from optimizer.faults import Fault
from optimizer.jobs.limits import Limits
from optimizer.jobs.messages import Better, Done, Failed, Planned, Reached, Stop, Stopped
from optimizer.jobs.model import Stage
from optimizer.jobs.process import WorkerProcess
from optimizer.jobs.store import Asked, Claimed, Store

__all__ = ["Changed", "KilledError", "Live", "Watch"]

#: Told that a job has changed.
Changed = Callable[[str], None]
#: Stage and progress of the jobs that run, by id: they change too often to be stored.
Live = dict[str, tuple[Stage, float | None]]

#: Seconds between two looks at what is asked of the job.
_LOOK_S = 0.05
#: Seconds that a cancelled worker gets to stop by itself, so that it keeps its ground.
_GRACE_S = 0.4
_HEARTBEAT_S = 5.0
_MEMORY_S = 0.5


class KilledError(Exception):
    """The worker must be killed.

    Parameters
    ----------
    store : callable
        Called then: stores what becomes of the job.
    """

    def __init__(self, store: Callable[[], None]) -> None:
        super().__init__()
        self.store = store


@dataclass
class Watch:
    """Stores what a worker finds, and ends it when it must be.

    Parameters
    ----------
    worker : WorkerProcess
        The worker.
    claimed : Claimed
        The job.
    store : Store
        Where it is stored.
    limits : Limits
        What it may take.
    live : dict
        Where stage and progress are told.
    changed : callable
        Told whenever the job has changed.
    asked : callable
        What is asked of it by now.
    closing : callable
        Whether the server ends.
    """

    worker: WorkerProcess
    claimed: Claimed
    store: Store
    limits: Limits
    live: Live
    changed: Changed
    asked: Callable[[], Asked | None]
    closing: Callable[[], bool]
    _sent: Asked | None = field(default=None, init=False)
    _kill_at: float = field(default=float("inf"), init=False)

    def until_over(self) -> None:
        """Hand the job over and watch it.

        Raises
        ------
        LostError
            If the worker ended by itself.
        KilledError
            If it must be killed.
        """
        begin = time.monotonic()
        self.live[self.claimed.id] = ("ways", None)
        self.changed(self.claimed.id)
        self.worker.send(Planned(self.claimed.scenario, self.claimed.options, self.claimed.parent))
        heartbeat_at, memory_at = begin + _HEARTBEAT_S, begin + _MEMORY_S
        while True:
            self._pass_on()
            for message in self.worker.messages(_LOOK_S):
                if self._take(message):
                    return
            now = time.monotonic()
            if self.closing():
                raise KilledError(lambda: self.store.requeue(self.claimed.id, counts=False))
            if now >= self._kill_at:
                raise KilledError(lambda: self.store.end(self.claimed.id, "cancelled"))
            if now - begin > self.limits.seconds:
                raise self._failed("job.time", limit_s=self.limits.seconds)
            if now >= memory_at:
                memory_at = now + _MEMORY_S
                if self.worker.memory_mb > self.limits.memory_mb:
                    raise self._failed("job.memory", limit_mb=self.limits.memory_mb)
            if now >= heartbeat_at:
                heartbeat_at = now + _HEARTBEAT_S
                self.store.heartbeat(self.claimed.id)

    def _pass_on(self) -> None:
        """Tell the worker what is asked of the job."""
        asked = self.asked()
        if asked is None or asked == self._sent:
            return
        self._sent = asked
        self.worker.send(Stop(accept=asked == "accept"))
        if asked == "cancel":
            self._kill_at = time.monotonic() + _GRACE_S

    def _take(self, message: object) -> bool:
        """Store what a message says; tell whether the job is over."""
        job = self.claimed.id
        match message:
            case Reached(stage, progress):
                self._reach(stage, progress)
            case Better(found, plan):
                self.store.better(job, found, plan)
            case Done(found, plan):
                self.store.done(job, found, plan)
            case Failed(faults) if self._sent != "cancel":
                self.store.end(job, "failed", faults)
            case Failed() | Stopped():
                # What broke because it was being stopped is nobody's fault.
                self.store.end(job, "cancelled")
        self.changed(job)
        return isinstance(message, Done | Failed | Stopped)

    def _reach(self, stage: Stage, progress: float | None) -> None:
        before, _ = self.live[self.claimed.id]
        if stage != before:
            self.store.stage(self.claimed.id, stage)
        self.live[self.claimed.id] = (stage, progress)

    def _failed(self, code: str, **params: float) -> KilledError:
        fault = Fault(code, "", params)
        return KilledError(lambda: self.store.end(self.claimed.id, "failed", [fault]))
