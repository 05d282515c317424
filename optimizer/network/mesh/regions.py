"""Open ground divided into the regions of terminals, and the best ways between neighbours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.network.search.cells import Cells, Moves, Search, mended, search, shortcuts
from optimizer.progress import Advance

__all__ = ["Regions", "regions", "regions_after"]

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

_NONE = np.empty(0, np.int32)


class Regions(NamedTuple):
    """Regions of terminals.

    Parameters
    ----------
    ahead : Search
        Forward search from all terminals, which divides the ground.
    behind : Search
        Backward search from them, each bounded by its region.
    tail, head : ndarray of int32, shape (ways,)
        Terminals of each two regions that meet, in rising order.
    sums : ndarray of float64, shape (ways, 4)
        Time, distance, fuel and exposure of the best way.
    starts : ndarray of int32, shape (ways,)
        Cell before the step that joins the two regions.
    steps : ndarray of uint8, shape (ways,)
        Move of that step.
    """

    ahead: Search
    behind: Search
    tail: Ints
    head: Ints
    sums: NDArray[np.float64]
    starts: Ints
    steps: NDArray[np.uint8]


def regions(ground: Cells, moves: Moves, terminal: Ints, advance: Advance) -> Regions:
    """Divide the ground.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        Its open moves.
    terminal : ndarray of int32, shape (terminals,)
        Cells of the terminals, in rising order.
    advance : callable
        Called three times with 1.

    Returns
    -------
    Regions
        Regions and the ways between them.
    """
    ahead = search(ground, moves, terminal, False, _NONE)  # noqa: FBT003 - compiled: no keywords
    advance(1)
    behind = search(ground, moves, terminal, True, ahead.source)  # noqa: FBT003
    advance(1)
    ways = shortcuts(ground, moves, ahead, behind)
    advance(1)
    return Regions(ahead, behind, *ways)


def regions_after(  # noqa: PLR0917 - as `regions`, and two more
    ground: Cells,
    moves: Moves,
    terminal: Ints,
    advance: Advance,
    before: Regions,
    differs: Flags,
) -> Regions:
    """Divide ground that differs in some cells from ground that was divided before.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        Its open moves.
    terminal : ndarray of int32, shape (terminals,)
        Cells of the terminals, in rising order.
    advance : callable
        Called three times with 1.
    before : Regions
        Regions of the other ground, in the numbers that their terminals have now; -1 for a terminal
        that is none any more.
    differs : ndarray of bool, shape (cells,)
        Cells of which anything differs: the ground, the open moves, whether they are terminals.

    Returns
    -------
    Regions
        Each value that of `regions`.
    """
    ahead = mended(ground, moves, terminal, False, _NONE, before.ahead, differs)  # noqa: FBT003
    advance(1)
    differs = differs | (before.ahead.source != ahead.source)
    region = ahead.source
    behind = mended(ground, moves, terminal, True, region, before.behind, differs)  # noqa: FBT003
    advance(1)
    for was, now in ((before.ahead, ahead), (before.behind, behind)):
        differs |= (was.cost != now.cost) | (was.via != now.via)
    # Where nothing differs in two regions, the best way between them is what it was.
    among = np.zeros(terminal.size + 1, np.bool_)
    among[before.ahead.source[differs]] = among[region[differs]] = True
    among = among[:-1]
    new = shortcuts(ground, moves, ahead, behind, among)
    holds = (before.tail >= 0) & (before.head >= 0)
    holds &= ~(among[before.tail] | among[before.head])
    advance(1)
    tail, head = np.append(before.tail[holds], new[0]), np.append(before.head[holds], new[1])
    sums = np.concatenate((before.sums[holds], new[2]))
    starts, steps = np.append(before.starts[holds], new[3]), np.append(before.steps[holds], new[4])
    order = np.lexsort((head, tail))
    found = tail[order], head[order], sums[order], starts[order], steps[order]
    return Regions(ahead, behind, *found)
