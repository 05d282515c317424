"""A worker beside those that plan, for questions that somebody waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimizer.errors import FaultsError, OutsideError
from optimizer.jobs.limits import Limits
from optimizer.jobs.messages import Answer, Failed, Question
from optimizer.jobs.process import LostError, WorkerProcess
from optimizer.jobs.records import unpack

__all__ = ["Helper"]

_LOOK_S = 0.2


class Helper:
    """Answers one question at a time in a process of its own, which is started when needed.

    Parameters
    ----------
    log : Path
        File for what the process says when it fails.
    limits : Limits
        What it may take.
    """

    def __init__(self, log: Path, limits: Limits) -> None:
        self._log = log
        self._limits = limits
        self._asking = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._idle: threading.Timer | None = None
        self._closing = False

    def ask(self, name: str, content: bytes, options: Mapping[str, Any]) -> bytes:
        """Ask, and wait for the answer.

        Parameters
        ----------
        name : str
            A question of `optimizer.jobs.questions`.
        content : bytes
            Packed JSON.
        options : mapping
            Options of the question.

        Returns
        -------
        bytes
            JSON.

        Raises
        ------
        FaultsError
            If what was asked cannot be answered: every fault.
        OutsideError
            If it took too long or too much memory, or the process was killed.
        """
        with self._asking:
            if self._idle is not None:
                self._idle.cancel()
            try:
                return self._answer(Question(name, content, options))
            except LostError as error:
                self._end()
                raise OutsideError("the process that worked on it was killed; try again") from error
            finally:
                if self._worker is not None:
                    self._idle = threading.Timer(self._limits.idle_s, self._end_idle)
                    self._idle.daemon = True
                    self._idle.start()

    def close(self) -> None:
        """End the process, also while it works."""
        self._closing = True
        with self._asking:
            if self._idle is not None:
                self._idle.cancel()
            self._end()

    def _answer(self, question: Question) -> bytes:
        if self._worker is None:
            self._worker = WorkerProcess(self._log, self._limits.memory_mb)
        worker = self._worker
        worker.send(question)
        end = time.monotonic() + self._limits.seconds
        while True:
            for message in worker.messages(_LOOK_S):
                match message:
                    case Answer(content):
                        return unpack(content)
                    case Failed(faults):
                        raise FaultsError(faults)
            trouble = self._trouble(worker, end)
            if trouble:
                self._end()
                raise OutsideError(trouble)

    def _trouble(self, worker: WorkerProcess, end: float) -> str:
        if self._closing:
            return "the server ends"
        if time.monotonic() > end:
            return f"it took longer than {self._limits.seconds:g} s"
        if worker.memory_mb > self._limits.memory_mb:
            return f"it took more than {self._limits.memory_mb} MB of memory"
        return ""

    def _end_idle(self) -> None:
        if self._asking.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._asking.release()

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
