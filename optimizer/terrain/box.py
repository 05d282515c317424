"""A box in degrees, as it is typed."""

from __future__ import annotations

import math
from typing import Any

import click

from optimizer.errors import UsageError

__all__ = ["BOX", "Box", "box_of"]

#: West, south, east, north in degrees of WGS 84.
Box = tuple[float, float, float, float]


def box_of(text: str) -> Box:
    """Read a box.

    Parameters
    ----------
    text : str
        ``west,south,east,north`` in degrees.

    Returns
    -------
    tuple of float
        West, south, east, north; west of east and south of north.

    Raises
    ------
    UsageError
        If it is none, and what is wrong with it.
    """
    order = "a box is west,south,east,north in degrees, such as 1.4,42.4,1.8,42.7"
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"{text!r} is not four numbers between commas: {order}") from None
    if not all(map(math.isfinite, (west, south, east, north))):
        raise UsageError(f"{text!r} holds what is no number: {order}")
    if max(abs(south), abs(north)) > 90:  # noqa: PLR2004 - degrees
        raise UsageError(f"{text!r} has a latitude beyond 90 degrees: {order}")
    if max(abs(west), abs(east)) > 180:  # noqa: PLR2004 - degrees
        raise UsageError(f"{text!r} has a longitude beyond 180 degrees: {order}")
    if south >= north:
        raise UsageError(
            f"{text!r}: its south {south:g} is not south of its north {north:g}: {order}"
        )
    if west >= east:
        raise UsageError(
            f"{text!r}: its west {west:g} is not west of its east {east:g}: {order}; a box over the"
            " 180th meridian is not possible"
        )
    return west, south, east, north


class _BoxType(click.ParamType[Box]):
    name = "box"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - the library's signature
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> Box:
        return value if isinstance(value, tuple) else box_of(value)


#: Type of an option that takes a box.
BOX = _BoxType()
