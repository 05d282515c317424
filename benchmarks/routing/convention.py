"""What lengths, times and costs of each family's best known values are rounded to.

Stated here and nowhere else. Everything that is counted is so many parts of a unit of the file:

- ``INTEGER``: distances rounded to the nearest whole unit, as the X instances mean them.
- ``DIMACS``: one decimal, cut off. Distances, windows, service times and prizes are counted in
  tenths.
- ``EXACT``: three decimals, rounded to the nearest, as PyVRP's collection means them.
- ``DOUBLES``: not rounded at all. Searches, which count in whole numbers, get thousandths with
  every way rounded up, so that whatever keeps the windows there keeps them in doubles as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIMACS", "DOUBLES", "EXACT", "FAMILIES", "INTEGER", "Convention", "Family"]

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Convention:
    """How values of a file are counted.

    Parameters
    ----------
    name : str
        Name.
    parts : int
        Parts of a unit of the file that are counted.
    rounding : str
        ``"nearest"``, ``"down"`` or ``"none"``.
    """

    name: str
    parts: int
    rounding: str

    def counted(self, values: Values) -> Values:
        """Return values of a file in parts, as solutions are judged by."""
        parts = np.asarray(values, np.float64) * self.parts
        if self.rounding == "none":
            return parts
        return np.rint(parts) if self.rounding == "nearest" else np.floor(parts)

    def searched(self, values: Values) -> NDArray[np.int64]:
        """Return the same as whole numbers for a search, none below what is counted."""
        return np.ceil(self.counted(values)).astype(np.int64)


INTEGER = Convention("integer", 1, "nearest")
DIMACS = Convention("dimacs", 10, "down")
EXACT = Convention("exact", 1000, "nearest")
DOUBLES = Convention("doubles", 1000, "none")


@dataclass(frozen=True)
class Family:
    """What a family's solutions are judged by.

    Parameters
    ----------
    convention : Convention
        How they are counted.
    vehicles_first : bool
        Whether fewer vehicles come before a lower cost.
    """

    convention: Convention
    vehicles_first: bool = False


FAMILIES = {
    "cvrp": Family(INTEGER),
    "solomon": Family(DIMACS),
    "homberger": Family(DOUBLES, vehicles_first=True),
    "hfvrp": Family(EXACT),
    "mdvrptw": Family(EXACT),
    "sdvrptw": Family(EXACT),
    "mtvrptwr": Family(DIMACS),
    "pcvrptw": Family(DIMACS),
    "pdptw": Family(DOUBLES, vehicles_first=True),
}
