"""Compiled loops, with the types of the functions kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

__all__ = ["compiled", "inlined", "is_ready"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with Numba at its first call and keep the result on disk.

    Neither fast mathematics nor threads are used inside: the same input gives the same output. The
    interpreter's lock is let go, so that several calls may run at once in threads. Divisions by
    nought are as in NumPy. Where no folder can be written (``NUMBA_CACHE_DIR``, beside the
    module, the user's cache), it is compiled anew in each process.

    Parameters
    ----------
    function : callable
        A function of numbers and arrays.

    Returns
    -------
    callable
        The compiled function, under the same types.
    """
    try:
        dispatcher = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # Numba found no folder for its cache
        dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Callable[P, R]", dispatcher)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function into each compiled function that calls it.

    A tuple of arrays is passed by value, which costs more than a short function itself.

    Parameters
    ----------
    function : callable
        A short function of numbers and arrays, called in an inner loop.

    Returns
    -------
    callable
        The compiled function, under the same types.
    """
    dispatcher = numba.njit(error_model="numpy", forceinline=True)(function)
    return cast("Callable[P, R]", dispatcher)


def is_ready(function: Callable[..., object]) -> bool:
    """Tell whether a compiled function was called before in this process.

    Parameters
    ----------
    function : callable
        A function that `compiled` returned.

    Returns
    -------
    bool
        True if its next call need not compile or load it.
    """
    return bool(cast("Any", function).signatures)
