"""Invented names with a French sound, drawn from a seed."""

from __future__ import annotations

import functools

import numpy as np

from optimizer.datasets import read_table

__all__ = ["Names"]

#: Share of villages named after a saint, of those with a suffix, and of hamlets named as farms.
SAINTS, SUFFIXES, FARMS = 0.2, 0.1, 0.35
#: What joins two consonants.
_JOINTS = ("e", "a", "i", "o")
_VOWELS = "aeiouyéèêAEIOUYÉÈÊ"


@functools.cache
def _words(part: str) -> tuple[str, ...]:
    """Return the words of a part of names."""
    table = read_table("terrain_tables", "invented_names.csv")
    return tuple(row["text"] for row in table if row["part"] == part)


class Names:
    """Draws names, each one only once.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def _pick(self, part: str) -> str:
        words = _words(part)
        return words[int(self._rng.integers(len(words)))]

    def _word(self) -> str:
        head, middle, tail = self._pick("head"), self._pick("middle"), self._pick("tail")
        if middle and head[-1] in _VOWELS:
            middle = ""
        if not middle and head[-1] not in _VOWELS:
            middle = _JOINTS[int(self._rng.integers(len(_JOINTS)))]
        return head + middle + tail

    def _once(self, name: str) -> bool:
        if name in self._used:
            return False
        self._used.add(name)
        return True

    def settlement(self, kind: str) -> str:
        """Return the name of a place where people live.

        Parameters
        ----------
        kind : {"city", "town", "village", "hamlet"}
            Kind of place.

        Returns
        -------
        str
            A name not given before.
        """
        while True:
            name = self._word()
            chance = self._rng.random()
            if kind == "village" and chance < SAINTS:
                name = "Saint-" + self._pick("saint")
            elif kind == "village" and chance < SAINTS + SUFFIXES:
                name = name + "-" + self._pick("suffix")
            elif kind == "hamlet" and chance < FARMS:
                name = _joined(self._pick("farm"), name)
            if self._once(name):
                return name

    def water(self) -> str:
        """Return the name of a river.

        Returns
        -------
        str
            With its article.
        """
        free = [w for w in _words("river") if w not in self._used]
        name = (
            free[int(self._rng.integers(len(free)))] if free else self._word().rstrip("s") + "elle"
        )
        self._used.add(name)
        return f"L'{name}" if name[0] in _VOWELS else f"La {name}"

    def lake(self, near: str) -> str:
        """Return the name of a lake.

        Parameters
        ----------
        near : str
            The place nearest to it.

        Returns
        -------
        str
            Name.
        """
        return _joined("Lac de", near)

    def peak(self) -> str:
        """Return the name of a peak.

        Returns
        -------
        str
            A name not given before.
        """
        while True:
            name = _joined(self._pick("peak"), self._word())
            if self._once(name):
                return name


def _joined(lead: str, name: str) -> str:
    """Join a lead with a name, with the elision that French asks for."""
    if lead.endswith(" de") and name[0] in _VOWELS:
        return f"{lead[:-1]}'{name}"
    return f"{lead} {name}"
