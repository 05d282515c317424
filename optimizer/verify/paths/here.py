"""Where a convoy is on its path, and whether the next part begins there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.edges import Edge
from optimizer.verify.paths.land import Cell
from optimizer.verify.tolerances import JUMP_M, POSITION_M

__all__ = ["XY", "Here", "begins", "touches"]

#: A position in the theatre's CRS.
XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Here:
    """Where a convoy is, as far as a part of its path tells.

    Parameters
    ----------
    xy : tuple of float
        Position in the theatre's CRS.
    edge : Edge or None
        The road that it is on.
    along_m : float
        Metres from the start of that road.
    cell : tuple of int or None
        The cell at whose centre it is.
    start : bool
        Whether it is the site that the leg begins at.
    """

    xy: XY
    edge: Edge | None = None
    along_m: float = 0.0
    cell: Cell | None = None
    start: bool = False

    @property
    def nodes(self) -> frozenset[int]:
        """The road nodes that it is at."""
        if self.edge is None:
            return frozenset()
        ends = ((self.edge.from_node, self.along_m), (self.edge.to_node, self._rest_m))
        return frozenset(node for node, metres in ends if metres <= JUMP_M)

    @property
    def _rest_m(self) -> float:
        return self.edge.length_m - self.along_m if self.edge is not None else 0.0


def touches(here: Here, xy: XY, pointer: str) -> list[Violation]:
    """Check that a position is where the last part ended.

    Parameters
    ----------
    here : Here
        End of the last part.
    xy : tuple of float
        Where the next begins.
    pointer : str
        Where that stands in the plan.

    Returns
    -------
    list of Violation
        At most one.
    """
    gap_m = math.dist(here.xy, xy)
    if gap_m <= (POSITION_M if here.start else JUMP_M):
        return []
    return [violation("path.jump", pointer, metres=round(gap_m, 2))]


def begins(here: Here, start: Here, pointer: str) -> list[Violation]:
    """Check that a part begins where the last ended, and not only above or below it.

    Parameters
    ----------
    here : Here
        End of the last part.
    start : Here
        Where the next begins.
    pointer : str
        Where that stands in the plan.

    Returns
    -------
    list of Violation
        At most one.
    """
    found = touches(here, start.xy, pointer)
    if found or here.start:
        return found
    same_road = (
        here.edge is not None
        and start.edge is not None
        and here.edge.id == start.edge.id
        and abs(here.along_m - start.along_m) <= JUMP_M
    )
    meets = here.edge is None or same_road or bool(here.nodes & start.nodes)
    if here.cell != start.cell or not meets:
        return [violation("path.jump", pointer, metres=0.0)]
    return []
