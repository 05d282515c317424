"""A worker process seen from the server: started, spoken to, killed."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from optimizer.jobs.memory import resident_mb
from optimizer.jobs.messages import Ready

__all__ = ["LostError", "WorkerProcess"]

#: Seconds between asking a process to end and killing it.
_GRACE_S = 0.2


class LostError(Exception):
    """The process ended without being asked to."""


class WorkerProcess:
    """A process that plans, or answers questions.

    Parameters
    ----------
    log : Path
        File that it writes to what nobody foresaw.
    memory_mb : int
        Memory that it may hold.
    """

    def __init__(self, log: Path, memory_mb: int) -> None:
        self._connection, theirs = multiprocessing.Pipe()
        # Modules are looked for where this process found them, and nowhere else.
        places = (place or str(Path.cwd()) for place in sys.path)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
        command = [sys.executable, "-P", "-m", "optimizer.jobs.worker"]
        with log.open("wb") as file:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(theirs.fileno()), str(memory_mb)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                pass_fds=[theirs.fileno()],
                env=environment,
            )
        theirs.close()
        self.ready = False
        self.done = 0

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def memory_mb(self) -> float:
        """Memory that it holds; 0 where that is not known."""
        return resident_mb(self.pid) or 0.0

    def send(self, message: object) -> None:
        """Send a message.

        Parameters
        ----------
        message : object
            One of `optimizer.jobs.messages`.

        Raises
        ------
        LostError
            If the process has ended.
        """
        try:
            self._connection.send(message)
        except OSError as error:
            raise LostError from error

    def messages(self, seconds: float) -> Iterator[object]:
        """Yield what it has sent, after waiting for the first of it.

        Parameters
        ----------
        seconds : float
            At most so long.

        Yields
        ------
        object
            A message of `optimizer.jobs.messages`.

        Raises
        ------
        LostError
            If the process has ended, after everything that it sent before.
        """
        try:
            while self._connection.poll(seconds):
                message = self._connection.recv()
                seconds = 0.0
                if isinstance(message, Ready):
                    self.ready = True
                else:
                    yield message
        except (EOFError, OSError) as error:
            raise LostError from error

    def kill(self) -> None:
        """End the process at once."""
        self._process.terminate()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):
            self._connection.close()
