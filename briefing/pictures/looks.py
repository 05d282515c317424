"""How convoys are told apart: by letter, by dashes, and by colours that colour-blind people see."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FULL", "INK", "NONE", "PART", "Look", "look_of"]

INK = "#1f1f1f"
#: Served in full, in part, not at all: colours of Okabe and Ito, each with a shape of its own.
FULL, PART, NONE = "#007a5a", "#e69f00", "#c8440a"

#: Okabe and Ito (2008), the yellow and the light blue darkened so that they stand on pale ground.
_COLOURS = ("#0072b2", "#c8440a", "#6a3d9a", "#007a5a", "#b0307a", "#8a5a00", "#222222")
#: Multiples of the line's width.
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 1.6),
    (7, 1.5, 1.4, 1.5),
    (2.4, 1.3),
    (8, 1.3, 1.4, 1.3, 1.4, 1.3),
)
#: Without I and O, which read as figures.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Look:
    """How a convoy looks on the map.

    Parameters
    ----------
    letter : str
        ``A`` to ``Z``, then ``AA`` and on.
    colour : str
        Of its line.
    dashes : tuple of float
        In multiples of the line's width; empty for a whole line.
    """

    letter: str
    colour: str
    dashes: tuple[float, ...]


def look_of(place: int) -> Look:
    """Return how a convoy looks.

    Parameters
    ----------
    place : int
        Its place among the convoys of the plan that move, from 0.

    Returns
    -------
    Look
        No two of the first 35 have both colour and dashes in common.
    """
    colours = len(_COLOURS)
    # Each round of the colours begins with another dash.
    dashes = _DASHES[(place + place // colours) % len(_DASHES)]
    # A second round would repeat where both counts meet, after 35.
    return Look(_letter(place), _COLOURS[place % colours], dashes)


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
