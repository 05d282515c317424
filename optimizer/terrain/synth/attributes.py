"""What roads and bridges are like: surface, load class, limits, names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.terrain.synth.chains import Chain
from optimizer.terrain.synth.crossings import Crossing

__all__ = ["ROADS", "Span", "bridge_name", "references", "span_of", "surface_of"]


@dataclass(frozen=True)
class _Road:
    """What is usual on a class of road.

    Parameters
    ----------
    surfaces : tuple
        Surfaces with their cumulative shares.
    classes : tuple of int
        Lowest and highest wheeled load class of its bridges.
    weak : float
        Share of bridges that are weaker than that.
    letter : str
        First letter of its number; empty for roads without one.
    """

    surfaces: tuple[tuple[str, float], ...]
    classes: tuple[int, int]
    weak: float
    letter: str


_PAVED = (("paved", 1.0),)
#: Illustrative: no public statistics tell load classes of bridges by class of road.
ROADS = {
    "primary": _Road(_PAVED, (60, 100), 0.0, "N"),
    "secondary": _Road(_PAVED, (40, 80), 0.04, "D"),
    "tertiary": _Road(_PAVED, (24, 50), 0.12, "D"),
    "unclassified": _Road((("paved", 0.82), ("compacted", 1.0)), (16, 40), 0.2, ""),
    "residential": _Road((("paved", 0.93), ("compacted", 1.0)), (16, 40), 0.15, ""),
    "track": _Road((("gravel", 0.45), ("compacted", 0.7), ("dirt", 1.0)), (8, 24), 0.35, ""),
}
#: Load classes of weak bridges, with the gross weight in tonnes that is posted on them.
WEAK = {8: 7.5, 12: 12.0, 16: 16.0}
#: Share of the places where a track crosses a stream that are fords.
FORDS = 0.6
#: First number of the roads of a letter.
FIRST_NUMBER = {"N": 1, "D": 11}


@dataclass(frozen=True)
class Span:
    """How a road crosses water.

    Parameters
    ----------
    bridge, ford : bool
        One of the two, or neither where there is no water.
    max_weight_t, mlc_wheeled, mlc_tracked : float or None
        As in the theatre.
    """

    bridge: bool = False
    ford: bool = False
    max_weight_t: float | None = None
    mlc_wheeled: float | None = None
    mlc_tracked: float | None = None


def surface_of(rng: np.random.Generator, kind: str) -> str:
    """Draw the surface of a road.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    kind : str
        Class.

    Returns
    -------
    str
        One of the surfaces of ``data/mobility/surface.csv``.
    """
    at = rng.random()
    return next(surface for surface, upto in ROADS[kind].surfaces if at < upto)


def span_of(rng: np.random.Generator, kind: str, crossing: Crossing | None) -> Span:
    """Draw how a road crosses water, and what the bridge carries.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    kind : str
        Class of the road.
    crossing : Crossing or None
        The water, if there is any.

    Returns
    -------
    Span
        A bridge of stated load class, a ford, or neither.
    """
    if crossing is None:
        return Span()
    if kind == "track" and crossing.kind == "stream" and rng.random() < FORDS:
        return Span(ford=True)
    least, most = ROADS[kind].classes
    wheeled = int(rng.integers(least // 4, most // 4 + 1)) * 4
    if rng.random() < ROADS[kind].weak:
        wheeled = int(rng.choice(list(WEAK)))
    tracked = max(4, round(wheeled * rng.uniform(0.8, 1.0) / 4.0) * 4)
    return Span(
        bridge=True,
        max_weight_t=WEAK.get(wheeled),
        mlc_wheeled=float(wheeled),
        mlc_tracked=float(tracked),
    )


def references(chains: Sequence[Chain]) -> dict[int, str]:
    """Give the main roads their numbers, the longest first.

    Parameters
    ----------
    chains : sequence of Chain
        All roads.

    Returns
    -------
    dict
        Number by way: N for primary roads, D for secondary and tertiary ones.
    """
    points: dict[tuple[str, int], int] = {}
    for chain in chains:
        key = (ROADS[chain.kind].letter, chain.way)
        points[key] = points.get(key, 0) + len(chain.line)
    refs = {}
    for letter, first in FIRST_NUMBER.items():
        ways = [way for of, way in points if of == letter]
        ways.sort(key=lambda way: (-points[letter, way], way))
        refs.update({way: f"{letter} {first + i}" for i, way in enumerate(ways)})
    return refs


def bridge_name(crossing: Crossing | None) -> str:
    """Return the name of a bridge over a river that has one.

    Parameters
    ----------
    crossing : Crossing or None
        What is crossed.

    Returns
    -------
    str
        Name, or nothing.
    """
    if crossing is None or not crossing.name:
        return ""
    article, _, river = crossing.name.partition(" ")
    return f"Pont sur la {river}" if article == "La" else f"Pont sur l{crossing.name[1:]}"
