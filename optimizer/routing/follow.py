"""Tells whoever follows a solve which stage it is in, and how far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

__all__ = ["Follower", "Stage", "Told"]

Stage = Literal["ways", "search", "reasons", "writing"]
#: Told the stage and the share of it that is done, 0 to 1; None where that cannot be told.
Told = Callable[[Stage, float | None], None]


class Follower:
    """The stage of one solve.

    Parameters
    ----------
    told : callable, optional
        Told every stage as it begins, and often how far it is: it must be quick.
    """

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._stage: Stage = "ways"
        self._share: float | None = None

    @property
    def followed(self) -> bool:
        """Whether anybody is told."""
        return self._told is not None

    def begin(self, stage: Stage, share: float | None = None) -> None:
        """Begin a stage.

        Parameters
        ----------
        stage : str
            The stage.
        share : float, optional
            How much of it is done already; None if that will not be told.
        """
        self._stage, self._share = stage, share
        if self._told is not None:
            self._told(stage, share)

    def reach(self, share: float) -> None:
        """Tell that so much of the search is done; it never goes back.

        Parameters
        ----------
        share : float
            Share of the budget, 0 to 1.
        """
        if self._told is None or self._stage != "search":
            return
        self._share = max(self._share or 0.0, min(1.0, share))
        self._told("search", self._share)
