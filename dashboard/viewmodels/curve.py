"""How a plan improved: what is undelivered first, then the time on the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimizer.jobs import Best

__all__ = ["Curve", "curve_of"]


@dataclass(frozen=True, slots=True)
class Curve:
    """Two stepped lines over one time; every value is a share of the box it is drawn in.

    Parameters
    ----------
    undelivered, time : tuple of (float, float)
        Points from left to right; 0 is the bottom.
    seconds : float
        Where the right end lies.
    """

    undelivered: tuple[tuple[float, float], ...]
    time: tuple[tuple[float, float], ...]
    seconds: float


def curve_of(incumbents: Sequence[Best], seconds: float) -> Curve:
    """Return the curve of a solve.

    Parameters
    ----------
    incumbents : sequence of Best
        Each better than the one before.
    seconds : float
        How long the search has run; the lines go on to there.

    Returns
    -------
    Curve
        Empty before the first solution.
    """
    if not incumbents:
        return Curve((), (), seconds)
    end = max(seconds, incumbents[-1].seconds, 0.001)
    times = [best.seconds / end for best in incumbents]
    missing = [best.undelivered_kg for best in incumbents]
    driven = [best.objectives.get("time", 0.0) for best in incumbents]
    # Undelivered mass is shown from zero, where it ought to end; driving time never gets near zero,
    # and is shown from a little below its least.
    least, most = min(driven), max(driven)
    floor = least - 0.2 * (most - least) if most > least else least - max(least, 1.0)
    return Curve(_steps(times, missing, 0.0), _steps(times, driven, floor), end)


def _steps(
    times: Sequence[float], values: Sequence[float], floor: float
) -> tuple[tuple[float, float], ...]:
    height = (max(values) - floor) or 1.0
    points: list[tuple[float, float]] = []
    for time, value in zip(times, values, strict=True):
        if points:
            points.append((round(time, 4), points[-1][1]))
        points.append((round(time, 4), round((value - floor) / height, 4)))
    points.append((1.0, points[-1][1]))
    return tuple(points)
