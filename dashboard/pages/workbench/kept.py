"""What a person had before them, which stays when the page is written anew in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["DOCK", "SIDE", "Kept"]

#: Tabs of the words and of the convoys, the first of which is shown at first.
SIDE = ("briefing", "shortfall", "ground", "changes")
DOCK = ("timeline", "routes")


@dataclass(frozen=True, slots=True)
class Kept:
    """Tabs and what is selected.

    Parameters
    ----------
    side, dock : str
        Tab of the words and of the convoys.
    selection : dict or None
        What is selected, as the store ``map-selection`` holds it.
    """

    side: str = SIDE[0]
    dock: str = DOCK[0]
    selection: dict[str, str] | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Kept:
        """Return what the browser tells of the page before.

        Parameters
        ----------
        told : mapping or None
            Fields of this class; what is unknown is left out.

        Returns
        -------
        Kept
            As a new page has it where nothing is told.
        """
        told = told or {}
        side, dock, selection = (told.get(name) for name in ("side", "dock", "selection"))
        whole = isinstance(selection, dict) and {"kind", "id"} <= set(selection)
        return cls(
            side if side in SIDE else SIDE[0],
            dock if dock in DOCK else DOCK[0],
            selection if whole else None,
        )
