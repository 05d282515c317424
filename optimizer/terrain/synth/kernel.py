"""Compiled loops, with the types of the functions kept, and the arrays that they work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["Booleans", "Cells", "Floats", "kernel"]

P = ParamSpec("P")
R = TypeVar("R")

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
#: Flattened grids: a cell is ``row * columns + column``.
Cells = NDArray[np.int32]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with Numba and keep the result on disk where that is possible.

    Neither fast mathematics nor threads are used: the same seed must give the same bytes.

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
        return cast("Callable[P, R]", numba.njit(cache=True)(function))
    except RuntimeError:  # Numba found no folder for its cache
        return cast("Callable[P, R]", numba.njit(function))
