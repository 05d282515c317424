"""What a part of a path comes to."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Cost"]


class Cost(NamedTuple):
    """Time without contingency, distance, fuel and exposure, not rounded.

    Parameters
    ----------
    time_s : float
        Seconds.
    distance_m : float
        Metres.
    fuel_m : float
        Flat paved metres.
    exposure_milli : float
        Thousandths of the planner's unit.
    """

    time_s: float = 0.0
    distance_m: float = 0.0
    fuel_m: float = 0.0
    exposure_milli: float = 0.0

    def plus(self, other: Cost) -> Cost:
        """Return the sum with another.

        Parameters
        ----------
        other : Cost
            What comes to it.

        Returns
        -------
        Cost
            The sum.
        """
        return Cost(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))
