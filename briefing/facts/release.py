"""Who released a document and when; until a named person has, it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Release"]


@dataclass(frozen=True, slots=True)
class Release:
    """A release by a named person.

    Parameters
    ----------
    name : str
        Rank and name, as they are to stand on the document.
    at : datetime
        When, with its offset.

    Raises
    ------
    ValueError
        If there is no name, or the time has no offset.
    """

    name: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a release names the person who releases")
        if self.at.tzinfo is None:
            raise ValueError("the time of a release has an offset")
