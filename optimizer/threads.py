"""Several calls of a compiled function at once, in as many threads as there are processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_threads", "shares"]

R = TypeVar("R")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shares(items: NDArray[np.int32], least: int = 1) -> list[NDArray[np.int32]]:
    """Divide items among the processors.

    Parameters
    ----------
    items : ndarray of int32, shape (items,)
        What there is to do, each about as long.
    least : int
        Fewest items that are worth a thread.

    Returns
    -------
    list of ndarray of int32
        One share a thread, in order; one share at least.
    """
    number = max(min(processors(), items.size // least), 1)
    return list(np.array_split(items, number))


def in_threads(
    work: Callable[[NDArray[np.int32]], R], parts: Sequence[NDArray[np.int32]]
) -> list[R]:
    """Do work on each part at once.

    Parameters
    ----------
    work : callable
        Lets the interpreter's lock go, as compiled functions do, and shares nothing it writes to.
    parts : sequence of ndarray of int32
        From `shares`.

    Returns
    -------
    list
        What it returned, in the order of the parts.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(work, parts))
