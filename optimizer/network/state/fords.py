"""How deep each ford is under the conditions of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.terrain.tables import default, ford_factor

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads

__all__ = ["Fords"]

#: Depths are rounded to the millimetre, so that 1.5 times 0.4 m is 0.6 m.
_DIGITS = 3


@dataclass(frozen=True)
class Fords:
    """The fords among the edges.

    Parameters
    ----------
    depth_m : ndarray of float64, shape (edges,)
        Depth under the conditions of the scenario; 0 of an edge that is no ford.
    assumed : ndarray of bool, shape (edges,)
        Fords whose ordinary depth is the default.
    """

    depth_m: NDArray[np.float64]
    assumed: NDArray[np.bool_]

    @classmethod
    def of(cls, roads: Roads, water: str) -> Fords:
        """Tell how deep the fords are.

        Parameters
        ----------
        roads : Roads
            Roads.
        water : str
            A row of ``data/mobility/ford.csv``.

        Returns
        -------
        Fords
            Depths.
        """
        assumed = roads.ford & np.isnan(roads.ford_depth_m)
        ordinary_m = np.where(assumed, default("ford_depth_m"), roads.ford_depth_m)
        depth_m = np.where(roads.ford, np.round(ordinary_m * ford_factor(water), _DIGITS), 0.0)
        return cls(depth_m, assumed)
