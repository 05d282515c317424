"""What a job and a worker may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Self

__all__ = ["Limits"]

#: Share of the machine's memory that all workers together may take.
_MEMORY_SHARE = 0.75
#: Taken where the system does not tell how much memory there is.
_MEMORY_UNKNOWN_MB = 4096


def _memory_mb() -> int:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return _MEMORY_UNKNOWN_MB
    return int(_MEMORY_SHARE * whole / 2**20)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job and a worker may take.

    Parameters
    ----------
    memory_mb : int
        Resident memory of one worker; 0 for its part of three quarters of the machine's. A worker
        that takes more is killed and its job fails: on another try it would take the same.
    seconds : float
        Wall time of one try of a job, the ways between its sites included.
    tries : int
        So often a job is begun before it fails, where its worker or the server was killed.
    jobs_a_worker : int
        A worker retires after so many jobs, and another takes its place.
    idle_s : float
        A worker that helps out with short questions ends after so long without one.
    """

    memory_mb: int = 0
    seconds: float = 4 * 3600.0
    tries: int = 3
    jobs_a_worker: int = 100
    idle_s: float = 300.0

    def shared_by(self, workers: int) -> Self:
        """Return the limits of each of so many workers.

        Parameters
        ----------
        workers : int
            How many plan at a time.

        Returns
        -------
        Limits
            The same, with the memory of one worker stated.
        """
        return replace(self, memory_mb=self.memory_mb or _memory_mb() // workers)
