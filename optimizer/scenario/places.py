"""Places in a document: JSON pointers and the lines that they stand on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Lines", "Recorder", "Repeated", "pointer"]


def pointer(*parts: str | int) -> str:
    """Write an RFC 6901 JSON pointer.

    Parameters
    ----------
    *parts : str or int
        Keys and indices, from the top.

    Returns
    -------
    str
        For instance ``"/demands/3/quantity"``; empty for the whole document.
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that stands twice in one mapping.

    Parameters
    ----------
    pointer : str
        Pointer to the key.
    key : str
        The key.
    line, first_line : int
        Where it stands again, and where it stood first.
    """

    pointer: str
    key: str
    line: int
    first_line: int


@dataclass
class Recorder:
    """Takes down on which line each value stands while a document is read.

    Parameters
    ----------
    lines : dict of str to int
        Line by pointer, from 1. The value of a key has the line of the key.
    repeated : list of Repeated
        Keys that stand twice.
    """

    lines: dict[str, int] = field(default_factory=dict)
    repeated: list[Repeated] = field(default_factory=list)

    def value(self, place: str, line: int) -> None:
        """Note the line of a value; the first note of a pointer holds.

        Parameters
        ----------
        place : str
            Pointer.
        line : int
            Line, from 1.
        """
        self.lines.setdefault(place, line)

    def again(self, place: str, key: str, line: int) -> None:
        """Note a key that stands a second time.

        Parameters
        ----------
        place : str
            Pointer to the key.
        key : str
            The key.
        line : int
            Where it stands again.
        """
        self.repeated.append(Repeated(place, key, line, self.lines.get(place, line)))


class Lines(Mapping[str, int]):
    """On which line of its file each value of a document stands, by JSON pointer.

    Most documents have no fault, so the lines are worked out when they are first asked for.

    Parameters
    ----------
    record : callable, optional
        Reads the text again and returns what it took down; without it no line is known.
    repeated : iterable of Repeated
        Keys that stand twice in one mapping.
    """

    def __init__(
        self,
        record: Callable[[], Recorder] | None = None,
        repeated: Iterable[Repeated] = (),
    ) -> None:
        self._record = record
        self.repeated = tuple(repeated)

    @functools.cached_property
    def _lines(self) -> Mapping[str, int]:
        return self._record().lines if self._record is not None else {}

    def __getitem__(self, key: str) -> int:
        return self._lines[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def find(self, place: str) -> int | None:
        """Return the line of a value, or of the nearest thing around it that has one.

        Parameters
        ----------
        place : str
            JSON pointer.

        Returns
        -------
        int or None
            Line, from 1; None if no line is known at all.
        """
        while place and place not in self._lines:
            place = place.rpartition("/")[0]
        return self._lines.get(place)
