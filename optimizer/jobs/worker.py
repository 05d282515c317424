"""A worker process: imports everything once, then does one thing at a time until it is told to end.

Started by `optimizer.jobs.process` as ``python -m optimizer.jobs.worker DESCRIPTOR MEMORY_MB``.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from optimizer.errors import ConvoiError, FaultsError
from optimizer.faults import Fault
from optimizer.jobs.kept import Kept
from optimizer.jobs.memory import resident_mb
from optimizer.jobs.messages import Answer, Failed, Planned, Question, Ready, Stop
from optimizer.jobs.questions import answer
from optimizer.jobs.records import pack
from optimizer.jobs.task import Task
from optimizer.network.mesh.store import default_store

__all__ = ["main", "sending"]

#: Whoever looks at the dashboard comes before whoever plans.
_NICE = 5
#: Share of the memory allowed above which nothing is kept for the next job.
_KEEP_SHARE = 0.5


def sending(connection: Connection) -> Callable[[object], None]:
    """Return what sends messages whole, whichever threads send them.

    A search of several threads tells from any of them how far it is and what it found, and a
    connection mixes up the bytes of messages that are sent at once.

    Parameters
    ----------
    connection : Connection
        To the server.

    Returns
    -------
    callable
        Takes a message; returns once it is on its way.
    """
    lock = threading.Lock()

    def send(message: object) -> None:
        with lock:
            connection.send(message)

    return send


class _Worker:
    def __init__(self, connection: Connection, memory_mb: int) -> None:
        self._connection = connection
        self._send = sending(connection)
        self._memory_mb = memory_mb
        self._kept = Kept(default_store())
        self._inbox: queue.SimpleQueue[Task | Question] = queue.SimpleQueue()
        #: The last that was asked for: what is told to stop.
        self._task: Task | None = None

    def listen(self) -> None:
        """Take messages, also while something is being done; end when the server has ended."""
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)
            match message:
                case Stop():
                    if self._task is not None:
                        self._task.stop(accept=message.accept)
                case Planned():
                    self._task = Task(message, self._kept, self._send)
                    self._inbox.put(self._task)
                case _:
                    self._inbox.put(message)

    def work(self) -> None:
        """Do what is asked, one thing after the other."""
        self._send(Ready())
        while True:
            self._do(self._inbox.get())
            if (resident_mb(os.getpid()) or 0) > _KEEP_SHARE * self._memory_mb:
                self._kept.drop()
                gc.collect()

    def _do(self, asked: Task | Question) -> None:
        try:
            if isinstance(asked, Task):
                asked.run()
            else:
                found = answer(asked.name, asked.content, asked.options, self._kept)
                self._send(Answer(pack(found)))
        except FaultsError as error:
            self._send(Failed(error.faults))
        except ConvoiError as error:
            self._send(Failed((Fault("job.refused", "", {"message": str(error)}),)))
        except Exception as error:  # noqa: BLE001 - told to whoever waits; the next job goes on
            traceback.print_exc()
            self._send(Failed((Fault("job.defect", "", {"error": _place(error)}),)))


def _place(error: Exception) -> str:
    """Name a failure that nobody foresaw in one line, with the place in the program."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    said = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}{at}: {said}"


def main() -> None:
    """Work until the server ends."""
    # Ctrl-C in the server's terminal is for the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    worker = _Worker(Connection(int(sys.argv[1])), int(sys.argv[2]))
    threading.Thread(target=worker.listen, daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
