"""Waiting for jobs without holding a thread: the event loop is told when one changes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool

from optimizer.api.views import event_view
from optimizer.jobs import Event, Job, Jobs

__all__ = ["Following"]

#: Seconds between two looks whether the server ends.
_LOOK_S = 0.5


@dataclass(frozen=True)
class Following:
    """Follows jobs for those who asked over HTTP.

    Parameters
    ----------
    jobs : Jobs
        Jobs.
    closing : callable
        Whether the server ends: nobody is kept waiting then.
    heartbeat_s : float
        Seconds of silence after which a stream says that it lives.
    """

    jobs: Jobs
    closing: Callable[[], bool]
    heartbeat_s: float

    async def until_over(self, job: str, seconds: float) -> Job:
        """Wait until a job is over.

        Parameters
        ----------
        job : str
            Its id.
        seconds : float
            At most so long.

        Returns
        -------
        Job
            The job, over or not.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        with self._changes(job) as changed:
            while True:
                changed.clear()
                found = await run_in_threadpool(self.jobs.job, job)
                left = end - clock()
                if found.over or left <= 0 or self.closing():
                    return found
                await _heard(changed, min(left, _LOOK_S))

    async def stream(self, job: str, after: int) -> AsyncIterator[bytes]:
        """Yield server-sent events until the job is over.

        Parameters
        ----------
        job : str
            Its id.
        after : int
            Number of the last event that is known already.

        Yields
        ------
        bytes
            Events with their numbers as ids; how far it is, without an id, since it is not stored;
            and comments while nothing happens.
        """
        clock = asyncio.get_running_loop().time
        said_at = clock()
        told: tuple[str, float | None] | None = None
        yield b"retry: 1000\n\n"
        with self._changes(job) as changed:
            while not self.closing():
                changed.clear()
                # In this order: what ends a job is stored before it is over.
                found = await run_in_threadpool(self.jobs.job, job)
                for event in await run_in_threadpool(self.jobs.events, job, after):
                    after, said_at = event.number, clock()
                    yield _told(event)
                if found.over:
                    return
                if told != (far := (found.stage, found.progress)):
                    told, said_at = far, clock()
                    yield _progress(found)
                elif clock() - said_at >= self.heartbeat_s:
                    said_at = clock()
                    yield b": nothing new\n\n"
                await _heard(changed, min(_LOOK_S, self.heartbeat_s))

    @contextlib.contextmanager
    def _changes(self, job: str) -> Iterator[asyncio.Event]:
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def heard(which: str) -> None:
            if which == job:
                # The loop may have ended while a worker still tells something.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(changed.set)

        with self.jobs.following(heard):
            yield changed


async def _heard(changed: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), seconds)


def _told(event: Event) -> bytes:
    data = event_view(event).model_dump_json()
    return f"id: {event.number}\nevent: {event.kind}\ndata: {data}\n\n".encode()


def _progress(job: Job) -> bytes:
    data = json.dumps({"stage": job.stage, "progress": job.progress})
    return f"event: progress\ndata: {data}\n\n".encode()
