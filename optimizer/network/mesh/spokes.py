"""The best ways between each site and the terminals nearest to it, exactly.

A search that looked at no cell which differs on other ground found there what it found here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.differences import Differences
from optimizer.network.search.cells import Cells, Moves, spokes
from optimizer.threads import in_threads, shares

__all__ = ["Spokes"]

#: Searches that are worth a thread of their own.
_SHARE = 4


@dataclass(frozen=True)
class Spokes:
    """Ways from sites to terminals, or in backward searches from terminals to sites.

    Parameters
    ----------
    centre : ndarray of int32, shape (sites,)
        Cells of the sites, in rising order.
    limit : int
        To how many terminals the ways of each were searched for, itself included.
    owner, end : ndarray of int32, shape (ways,)
        Cells of site and terminal, by site and the nearest first.
    sums : ndarray of float64, shape (ways, 4)
        Time, distance, fuel and exposure.
    looked : ndarray of uint8, shape (sites, bytes)
        Squares that the search from each looked at; see `optimizer.network.search.cells.Looked`.
    """

    centre: NDArray[np.int32]
    limit: int
    owner: NDArray[np.int32]
    end: NDArray[np.int32]
    sums: NDArray[np.float64]
    looked: NDArray[np.uint8]

    @classmethod
    def of(
        cls,
        ground: Cells,
        moves: Moves,
        centre: NDArray[np.int32],
        number: NDArray[np.int32],
        limit: int,
        *,
        backward: bool,
        before: tuple[Spokes, Differences] | None = None,
    ) -> Spokes:
        """Search for them.

        Parameters
        ----------
        ground : Cells
            Open ground.
        moves : Moves
            Its open moves.
        centre : ndarray of int32, shape (sites,)
            Cells of sites, in rising order.
        number : ndarray of int32, shape (cells,)
            Number of the terminal in each cell; -1 where there is none.
        limit : int
            To how many terminals.
        backward : bool
            Whether ways lead from the terminals to the sites.
        before : tuple or None
            What was found on other ground, and where that differs.

        Returns
        -------
        Spokes
            The same, whatever was known before.
        """
        known = None if before is None else before[0]._holding(centre, limit, before[1])  # noqa: SLF001
        if known is None:
            return cls._found(ground, moves, centre, number, limit, backward=backward)
        new = np.setdiff1d(centre, known.centre)
        found = cls._found(ground, moves, new, number, limit, backward=backward)
        owner = np.concatenate((known.owner, found.owner))
        order = np.argsort(owner, kind="stable")
        at = np.argsort(np.concatenate((known.centre, found.centre)))
        return cls(
            centre=centre,
            limit=limit,
            owner=owner[order],
            end=np.concatenate((known.end, found.end))[order],
            sums=np.concatenate((known.sums, found.sums))[order],
            looked=np.concatenate((known.looked, found.looked))[at],
        )

    def _holding(
        self, centre: NDArray[np.int32], limit: int, differences: Differences
    ) -> Spokes | None:
        """Return those of some sites that hold on other ground; None if none do."""
        if limit != self.limit:
            return None
        holds = np.isin(self.centre, centre) & ~differences.touched(self.looked)
        ways = np.isin(self.owner, self.centre[holds])
        return Spokes(
            self.centre[holds],
            limit,
            self.owner[ways],
            self.end[ways],
            self.sums[ways],
            self.looked[holds],
        )

    @classmethod
    def _found(
        cls,
        ground: Cells,
        moves: Moves,
        centre: NDArray[np.int32],
        number: NDArray[np.int32],
        limit: int,
        *,
        backward: bool,
    ) -> Spokes:
        def some(share: NDArray[np.int32]) -> Spokes:
            owners, ends, sums, looked = spokes(ground, moves, share, number, limit, backward)
            return cls(share, limit, share[owners], ends, sums, looked)

        parts = in_threads(some, shares(centre, _SHARE))
        return cls(
            centre=centre,
            limit=limit,
            owner=np.concatenate([part.owner for part in parts]),
            end=np.concatenate([part.end for part in parts]),
            sums=np.concatenate([part.sums for part in parts]),
            looked=np.concatenate([part.looked for part in parts]),
        )
