"""How much memory a process holds."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["resident_mb"]


def resident_mb(pid: int) -> float | None:
    """Return the memory that a process holds.

    Parameters
    ----------
    pid : int
        Process.

    Returns
    -------
    float or None
        Megabytes; None if the system does not tell, or there is no such process.
    """
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError, ValueError):
        return None
