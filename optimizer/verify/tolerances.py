"""How far a figure of a plan may lie from the one computed here, and why: all in this place.

Everything that a plan counts is a whole number that was rounded up, so two programs that compute
the same thing differ by nothing, but for a product that falls on a whole number: ``100 x 1.1`` is
``110.00000000000001`` on a computer and rounds up to 111. There either whole number passes.

Along a path thousands of small terms are summed, in another order and from positions rounded to the
centimetre: one unit and a hundredth of a per cent.
"""

from __future__ import annotations

import math

__all__ = [
    "ALONG",
    "JUMP_M",
    "LEVEL_M",
    "LINK_M",
    "POLYLINE_M",
    "POSITION_M",
    "PRODUCT",
    "close_mass",
    "close_sum",
    "rounded_up",
    "seconds_of",
]

#: Relative error of a product of two or three decimals.
PRODUCT = 1e-9
#: Relative error of a sum along a path.
ALONG = 1e-4
#: Between the end of a part and the start of the next: both are rounded to the centimetre.
JUMP_M = 0.05
#: A path's end beside its site's position, which everybody projects the same way: the rounding.
POSITION_M = 0.1
#: Length of a link beyond what is allowed: its ends are rounded.
LINK_M = 0.05
#: A flight level beside that of the ground below: elevations are rounded to the decimetre. A cell
#: touched by less than this may count or not, since positions are rounded.
LEVEL_M = 0.1
#: The polyline beside the parts: it is simplified by half a metre, six decimals of a degree are
#: 0.11 m, and straight lines in degrees and in metres bulge apart by half a metre over 5 km.
POLYLINE_M = 2.0
#: Masses are written to the gram, volumes to the millilitre, pallets to thousandths.
_WRITTEN = 0.002


def rounded_up(value: float) -> range:
    """Return the whole numbers that rounding up may give.

    Parameters
    ----------
    value : float
        A product, not negative.

    Returns
    -------
    range
        One number, or two where `value` is a whole number but for the error of the product.
    """
    error = PRODUCT * (1 + abs(value))
    return range(math.ceil(value - error), math.ceil(value + error) + 1)


def seconds_of(minutes: float) -> range:
    """Return the whole seconds that stated minutes may be rounded up to.

    Parameters
    ----------
    minutes : float
        Minutes as stated in the scenario.

    Returns
    -------
    range
        One number where the product is a whole one: nothing was summed before it.
    """
    seconds = float(minutes * 60)
    return range(int(seconds), int(seconds) + 1) if seconds.is_integer() else rounded_up(seconds)


def close_sum(stated: int, exact: float) -> bool:
    """Tell whether a whole number may be a sum along a path, rounded up.

    Parameters
    ----------
    stated : int
        What the plan says.
    exact : float
        The sum as computed here.

    Returns
    -------
    bool
        True within one unit and a hundredth of a per cent.
    """
    return abs(stated - math.ceil(exact)) <= 1 + ALONG * exact


def close_mass(stated: float, exact: float) -> bool:
    """Tell whether a mass, volume or count of pallets is what it should be.

    Parameters
    ----------
    stated, exact : float
        What the plan says, and what was computed here.

    Returns
    -------
    bool
        True if they differ by no more than how the plan writes them.
    """
    return abs(stated - exact) <= _WRITTEN + PRODUCT * abs(exact)
