"""Where open ground differs from other ground, as far as searches over it can tell.

Not what was stated is compared (areas, weather, a raster) but the layers that a search reads; so
whatever leaves them as they are, or changes them in one corner only, counts for no more than that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.network.search.cells import Cells, Moves, squares_of

__all__ = ["Differences", "differing_cells", "sharing"]

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_LAYERS = ("z_m", "blocked", "pace", "fuel", "exposure", "exposure_s")
#: What is not of single cells. `least` is left out: it only tells which steps need not be computed,
#: and the width of buckets, which comes from it, decides about the speed alone.
_THROUGHOUT = tuple(name for name in Cells._fields if name not in {*_LAYERS, "least"})


@dataclass(frozen=True)
class Differences:
    """Where two grounds differ.

    Parameters
    ----------
    squares : ndarray of uint8, shape (bytes,)
        Squares with cells of which anything differs that a search reads, as
        `optimizer.network.search.cells.squares_of` numbers them.
    """

    squares: Bytes

    @classmethod
    def of(cls, cells: Flags, ground: Cells) -> Differences:
        """Note down in which squares cells lie.

        Parameters
        ----------
        cells : ndarray of bool, shape (cells,)
            Cells that differ.
        ground : Cells
            Ground that they are of.

        Returns
        -------
        Differences
            Their squares.
        """
        differing = np.flatnonzero(cells).astype(np.int32)
        return cls(squares_of(differing, ground.width, ground.height))

    def touched(self, looked: Bytes) -> Flags:
        """Tell which searches looked at a square with a cell that differs.

        Parameters
        ----------
        looked : ndarray of uint8, shape (..., bytes)
            Squares that each of them looked at.

        Returns
        -------
        ndarray of bool, shape (...)
            False where what was found on the one ground is what would be found on the other.
        """
        return np.asarray((looked & self.squares).any(axis=-1), np.bool_)


def differing_cells(ground: Cells, moves: Moves, other: Cells, others: Moves) -> Flags | None:
    """Return the cells in which two grounds differ.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        Its open moves.
    other : Cells
        Other ground.
    others : Moves
        The open moves of that.

    Returns
    -------
    ndarray of bool, shape (cells,), or None
        None where more differs than single cells: the grid, the classes, what is best.
    """
    if not all(np.array_equal(getattr(ground, name), getattr(other, name)) for name in _THROUGHOUT):
        return None
    differs: Flags = (moves.ahead != others.ahead) | (moves.behind != others.behind)
    for name in _LAYERS:
        one, another = getattr(ground, name), getattr(other, name)
        if one is not another:
            differs |= (one != another).reshape(-1, differs.size).any(axis=0)
    return differs


def sharing(ground: Cells, other: Cells) -> Cells:
    """Return ground that has the layers of another where they are equal, lest both be held.

    Parameters
    ----------
    ground : Cells
        Open ground.
    other : Cells
        Other ground.

    Returns
    -------
    Cells
        Ground of the same values.
    """
    return ground._replace(
        **{
            name: getattr(other, name)
            for name in _LAYERS
            if np.array_equal(getattr(ground, name), getattr(other, name))
        }
    )
