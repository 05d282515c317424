"""The arrays that the making of ground works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Booleans", "Cells", "Floats"]

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
#: Flattened grids: a cell is ``row * columns + column``.
Cells = NDArray[np.int32]
