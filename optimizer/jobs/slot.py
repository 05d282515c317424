"""One worker process and the thread that minds it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from optimizer.faults import Fault
from optimizer.jobs.limits import Limits
from optimizer.jobs.process import LostError, WorkerProcess
from optimizer.jobs.store import Asked, Claimed, Store
from optimizer.jobs.watch import Changed, KilledError, Live, Watch

__all__ = ["Slot"]

_log = logging.getLogger(__name__)

#: Seconds between two looks whether an idle worker still lives.
_IDLE_S = 5.0
#: Seconds between two looks whether a worker is ready.
_LOOK_S = 0.05
#: Seconds before another process is started where one ended before it could do anything.
_PAUSE_S = 1.0


class Slot:
    """Plans one job after the other in one worker process.

    Parameters
    ----------
    number : int
        Counts the slots.
    store : Store
        Where jobs are.
    limits : Limits
        What a job and a worker may take.
    log : Path
        File for what a worker says when it fails.
    live : dict
        Stage and progress of the jobs that run.
    changed : callable
        Told which job has changed.
    """

    def __init__(
        self, number: int, *, store: Store, limits: Limits, log: Path, live: Live, changed: Changed
    ) -> None:
        self._thread = threading.Thread(
            target=self._run, name=f"convoi-worker-{number}", daemon=True
        )
        self._store = store
        self._limits = limits
        self._log = log
        self._live = live
        self._changed = changed
        self._wake = threading.Event()
        self._closing = False
        self._asking = threading.Lock()
        self._job: str | None = None
        self._asked: Asked | None = None
        self._worker: WorkerProcess | None = None
        #: Takes the place of a worker that retires, once it has imported everything.
        self._successor: WorkerProcess | None = None

    @property
    def ready(self) -> bool:
        """Whether its worker has imported everything."""
        worker = self._worker
        return worker is not None and worker.ready

    @property
    def pid(self) -> int | None:
        """Number of its process, if there is one."""
        worker = self._worker
        return None if worker is None else worker.pid

    def start(self) -> None:
        """Start the worker, and plan."""
        self._thread.start()

    def wake(self) -> None:
        """Look for a job now."""
        self._wake.set()

    def ask(self, id: str, asked: Asked) -> None:  # noqa: A002 - the noun of the field
        """Ask the job to end, if it runs here.

        Parameters
        ----------
        id : str
            Job.
        asked : {"accept", "cancel"}
            How.
        """
        with self._asking:
            if self._job == id and self._asked != "cancel":
                self._asked = asked

    def close(self) -> None:
        """End; a job that runs waits for the next time."""
        self._closing = True
        self._wake.set()

    def join(self, seconds: float) -> None:
        """Wait until it has ended.

        Parameters
        ----------
        seconds : float
            At most so long.
        """
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._closing:
            try:
                self._next()
            except Exception:  # noqa: BLE001 - told in the log; the next job goes on
                # A full disk, say. Whatever it is, the jobs behind this one are not to be lost.
                _log.exception("a job could not be minded")
                self._end_worker()
                self._wake.wait(_PAUSE_S)
        self._end_worker()
        if self._successor is not None:
            self._successor.kill()

    def _next(self) -> None:
        """Do the next job, or wait for one."""
        worker = self._started()
        if worker is None:
            return
        # Whoever asks meanwhile waits until it is known that the job runs here.
        with self._asking:
            claimed = self._store.claim()
            if claimed is not None:
                # What was asked between a try and the next is in the database.
                self._job, self._asked = claimed.id, claimed.asked
        if claimed is None:
            self._idle(worker)
        else:
            self._plan(worker, claimed)

    def _started(self) -> WorkerProcess | None:
        """Return a worker that is ready; None if it ended, or the slot closes."""
        self._retire()
        if self._worker is None:
            self._worker = WorkerProcess(self._log, self._limits.memory_mb)
        worker = self._worker
        try:
            while not worker.ready and not self._closing:
                for _ in worker.messages(_LOOK_S):
                    pass
        except LostError:
            self._end_worker()
            self._wake.wait(_PAUSE_S)
            return None
        return None if self._closing else worker

    def _retire(self) -> None:
        """Let another take the place of a worker that has done enough; nobody waits for it."""
        if self._worker is None or self._worker.done < self._limits.jobs_a_worker:
            return
        if self._successor is None:
            self._successor = WorkerProcess(self._log, self._limits.memory_mb)
        try:
            for _ in self._successor.messages(0):
                pass
        except LostError:
            self._successor.kill()
            self._successor = None
            return
        if self._successor.ready:
            self._worker.kill()
            self._worker, self._successor = self._successor, None

    def _idle(self, worker: WorkerProcess) -> None:
        self._wake.wait(_LOOK_S if self._successor else _IDLE_S)
        self._wake.clear()
        try:
            for _ in worker.messages(0):
                pass
        except LostError:
            # Nothing was lost; the next one imports before a job comes.
            self._end_worker()

    def _plan(self, worker: WorkerProcess, claimed: Claimed) -> None:
        watch = Watch(
            worker,
            claimed,
            store=self._store,
            limits=self._limits,
            live=self._live,
            changed=self._changed,
            asked=lambda: self._asked,
            closing=lambda: self._closing,
        )
        try:
            watch.until_over()
            worker.done += 1
        except KilledError as killed:
            # First: nobody is to wait for a process to end.
            killed.store()
            self._changed(claimed.id)
            self._end_worker()
        except LostError:
            self._end_worker()
            self._lost(claimed)
        except Exception:
            # What could not be stored is found again by another try.
            self._end_worker()
            self._lost(claimed)
            raise
        finally:
            with self._asking:
                self._job = None
            self._live.pop(claimed.id, None)
        self._changed(claimed.id)

    def _lost(self, claimed: Claimed) -> None:
        """Try again where a worker was killed from outside, but not for ever."""
        if self._asked == "cancel":
            self._store.end(claimed.id, "cancelled")
        elif claimed.attempt >= self._limits.tries:
            lost = Fault("job.worker_lost", "", {"tries": claimed.attempt})
            self._store.end(claimed.id, "failed", [lost])
        else:
            self._store.requeue(claimed.id)

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
