"""How fast each mobility class goes over level open ground: one raster for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from optimizer.terrain.tables import MobilityClass
    from optimizer.terrain.theatre import Theatre

__all__ = ["speed_raster_kmh"]

#: Codes of ``water.tif``: stream, and what boats alone go on.
_STREAM, _RIVER, _LAKE = 1, 2, 3


def speed_raster_kmh(theatre: Theatre, mobility: MobilityClass, state: str) -> NDArray[np.float64]:
    """Return the speed of a class over level open ground or water, by land cover and water.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    mobility : MobilityClass
        Class.
    state : {"dry", "wet", "snow"}
        State of the ground.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        km/h; 0 where the class cannot be.
    """
    if mobility.sailing is not None:
        water = theatre.raster("water")
        speed_kmh = np.zeros(water.shape)
        speed_kmh[water == _RIVER] = mobility.sailing.river_kmh
        speed_kmh[water >= _LAKE] = mobility.sailing.lake_kmh
        return speed_kmh
    table = np.array([mobility.cover_of(code).of(state) for code in range(256)])
    speed_kmh = table[theatre.raster("landcover")]
    water = theatre.raster("water")
    speed_kmh[water == _STREAM] *= mobility.stream_factor if mobility.cross_stream else 0.0
    speed_kmh[water >= _RIVER] = 0.0
    return np.asarray(speed_kmh, np.float64)
