"""Numbers of headings: level 1 is the title and has none, level 2 is ``1.``, level 3 ``1.1.``."""

from __future__ import annotations

__all__ = ["Numbering"]

_NUMBERED_FROM = 2


class Numbering:
    """Counts the headings of one document."""

    def __init__(self) -> None:
        self._numbers: list[int] = []

    def next(self, level: int) -> str:
        """Return the number of the next heading.

        Parameters
        ----------
        level : int
            Its level; level 1 begins anew.

        Returns
        -------
        str
            For instance ``"6.1."``; empty for level 1.
        """
        depth = level - _NUMBERED_FROM
        if depth < 0:
            self._numbers = []
            return ""
        self._numbers = [*self._numbers[: depth + 1], *[0] * (depth + 1 - len(self._numbers))]
        self._numbers[depth] += 1
        return ".".join(str(number) for number in self._numbers) + "."
