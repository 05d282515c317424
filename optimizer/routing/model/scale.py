"""Loads as integers: one scale per load dimension, exact wherever the figures allow it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["DIMENSIONS", "UNLIMITED", "Scale", "exact"]

#: Load dimensions of a compartment, in this order everywhere in the room.
DIMENSIONS = ("mass", "volume", "pallets")

#: Capacity of a dimension that does not bind. No figure of a scenario is larger in steps, and sums
#: over thousands of compartments stay far below an overflow of 64 bits.
UNLIMITED = 2**45

#: Finest scale: steps per kilogram, litre or pallet. Beyond it figures are rounded, safely.
_FINEST = 10**6


def exact(value: float) -> Fraction:
    """Return the number that a person wrote, not the nearest binary one.

    Parameters
    ----------
    value : float
        For instance 10.3.

    Returns
    -------
    Fraction
        For instance 103/10.
    """
    return Fraction(str(value))


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps per unit of a load dimension.

    Parameters
    ----------
    steps : int
        Steps per kilogram, litre or pallet.
    """

    steps: int

    @classmethod
    def of(cls, figures: Iterable[Fraction], largest: Fraction = Fraction(1)) -> Scale:
        """Choose the coarsest scale that holds every figure exactly, or the finest allowed.

        Parameters
        ----------
        figures : iterable of Fraction
            Loads of one unit, in kilograms, litres or pallets.
        largest : Fraction
            The largest load or capacity, which must not come to more than `UNLIMITED` steps.

        Returns
        -------
        Scale
            The scale.
        """
        finest = max(1, min(_FINEST, math.floor(UNLIMITED / max(largest, Fraction(1)))))
        steps = 1
        for figure in figures:
            steps = math.lcm(steps, figure.denominator)
            if steps > finest:
                return cls(finest)
        return cls(steps)

    def load(self, figure: Fraction) -> int:
        """Return a load in steps, rounded up.

        Parameters
        ----------
        figure : Fraction
            Load of one unit.

        Returns
        -------
        int
            Steps.
        """
        return math.ceil(figure * self.steps)

    def capacity(self, figure: Fraction | None) -> int:
        """Return a capacity in steps, rounded down.

        Parameters
        ----------
        figure : Fraction or None
            Capacity; None does not bind.

        Returns
        -------
        int
            Steps, `UNLIMITED` for None.
        """
        return UNLIMITED if figure is None else math.floor(figure * self.steps)
