"""What a flight takes: time, distance, fuel and exposure along straight stretches at one level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.terrain.media import Flight
from optimizer.units import kmh_to_ms

if TYPE_CHECKING:
    from optimizer.network.state.areas import Place
    from optimizer.terrain.tables import MobilityClass

__all__ = ["Aircraft", "exposure_of"]

#: A unit an hour is so many seconds for a thousandth of it.
_MILLI_PER_S = 3.6


@dataclass(frozen=True)
class Aircraft:
    """One or more aircraft that fly together.

    Parameters
    ----------
    flight : Flight
        The slowest speeds, the greatest height and need of sight, the lowest ceiling.
    fastest_kmh : float
        Cruising speed of the fastest, which burns the most metres of its own in the same time.
    """

    flight: Flight
    fastest_kmh: float

    @classmethod
    def of(cls, classes: Sequence[MobilityClass]) -> Aircraft:
        """Return what classes do together.

        Parameters
        ----------
        classes : sequence of MobilityClass
            Classes that fly.

        Returns
        -------
        Aircraft
            As slow, as high, as low as the one that limits the others.
        """
        flights = [mobility.flight for mobility in classes if mobility.flight is not None]
        return cls(
            Flight(
                cruise_kmh=min(f.cruise_kmh for f in flights),
                above_ground_m=max(f.above_ground_m for f in flights),
                ceiling_m=min(f.ceiling_m for f in flights),
                climb_ms=min(f.climb_ms for f in flights),
                descent_ms=min(f.descent_ms for f in flights),
                min_visibility_m=max(f.min_visibility_m for f in flights),
            ),
            max(f.cruise_kmh for f in flights),
        )

    def level_m(self, highest_m: float) -> float:
        """Return the level of a leg.

        Parameters
        ----------
        highest_m : float
            The highest ground that it passes over.

        Returns
        -------
        float
            Metres above the sea.
        """
        return round(highest_m + self.flight.above_ground_m, 1)

    def cruise_s(self, length_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the time of level flight.

        Parameters
        ----------
        length_m : ndarray of float64
            Metres.

        Returns
        -------
        ndarray of float64
            Seconds, of the same shape.
        """
        return length_m / kmh_to_ms(self.flight.cruise_kmh)

    def exposure_milli(self, exposure: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exposure at cruising speed.

        Parameters
        ----------
        exposure : ndarray of float64, shape (2, stretches)
            From `exposure_of`.

        Returns
        -------
        ndarray of float64, shape (stretches,)
            Thousandths of the planner's unit.
        """
        return np.asarray(exposure[0] + exposure[1] / kmh_to_ms(self.flight.cruise_kmh), np.float64)

    def sums(
        self, length_m: float, exposure: float, level_m: float, ends_m: tuple[float, float]
    ) -> NDArray[np.float64]:
        """Return the quantities of a leg.

        Parameters
        ----------
        length_m : float
            Of its stretches.
        exposure : float
            Thousandths of the planner's unit along them.
        level_m : float
            Level of the leg.
        ends_m : tuple of float
            Elevation of the ground where it begins and where it ends.

        Returns
        -------
        ndarray of float64, shape (4,)
            Time, distance, fuel and exposure.
        """
        climb_s = (level_m - ends_m[0]) / self.flight.climb_ms
        descent_s = (level_m - ends_m[1]) / self.flight.descent_ms
        time_s = length_m / kmh_to_ms(self.flight.cruise_kmh) + climb_s + descent_s
        return np.array([time_s, length_m, time_s * kmh_to_ms(self.fastest_kmh), exposure])


def exposure_of(lines: NDArray[np.object_], places: Sequence[Place]) -> NDArray[np.float64]:
    """Return the exposure along straight stretches.

    Parameters
    ----------
    lines : ndarray of LineString, shape (stretches,)
        Stretches in the theatre's CRS.
    places : sequence of Place
        Exposure areas.

    Returns
    -------
    ndarray of float64, shape (2, stretches)
        Thousandths of the planner's unit for the metres inside; and what is to be divided by the
        speed in m/s, for the time inside.
    """
    exposure = np.zeros((2, len(lines)))
    tree = shapely.STRtree(lines) if places else None
    for place in places:
        if tree is not None:
            met = tree.query(place.polygon, predicate="intersects")
            inside_m = shapely.length(shapely.intersection(lines[met], place.polygon))
            exposure[0, met] += place.amount * inside_m
            exposure[1, met] += place.per_h / _MILLI_PER_S * inside_m
    return exposure
