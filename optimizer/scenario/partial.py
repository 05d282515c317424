"""What is left to check of a document that the models refuse: all faults come at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from optimizer.scenario.model import FORMAT, Scenario
from optimizer.scenario.places import pointer
from optimizer.scenario.shape import validate

__all__ = ["Partial", "without_faulty"]

#: Stand for what every scenario must have and where nothing else depends on the value.
_STAND_INS: Mapping[str, object] = {
    "format": FORMAT,
    "id": "unnamed",
    "horizon": {"start": "1900-01-01T00:00Z", "end": "2999-01-01T00:00Z"},
}


@dataclass(frozen=True, slots=True)
class Partial:
    """A scenario without its misshapen entries.

    Parameters
    ----------
    scenario : Scenario
        What is left.
    damaged : frozenset of str
        Top-level keys from which something was left out.
    kept : mapping of str to tuple of int
        For each list from which entries were left out, where those that are left stood.
    """

    scenario: Scenario
    damaged: frozenset[str]
    kept: Mapping[str, tuple[int, ...]]

    def original(self, place: str) -> str:
        """Return a pointer into the document as given.

        Parameters
        ----------
        place : str
            Pointer into the scenario that is left.

        Returns
        -------
        str
            The same place in the document.
        """
        parts = place.split("/")
        if len(parts) > 2 and parts[1] in self.kept:  # noqa: PLR2004 - "", section, index
            parts[2] = str(self.kept[parts[1]][int(parts[2])])
        return "/".join(parts) if place else pointer()


def without_faulty(data: Mapping[str, Any], error: ValidationError) -> Partial | None:
    """Leave out every entry that the models refuse.

    Parameters
    ----------
    data : mapping
        The document.
    error : ValidationError
        Why it was refused.

    Returns
    -------
    Partial or None
        What is left, or None if that is no scenario either.
    """
    faulty: dict[str, set[int]] = {}
    dropped = set()
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        section, *rest = detail["loc"]
        if isinstance(data.get(str(section)), list) and rest and isinstance(rest[0], int):
            faulty.setdefault(str(section), set()).add(rest[0])
        else:
            dropped.add(str(section))
    kept = {
        section: tuple(i for i in range(len(data[section])) if i not in indices)
        for section, indices in faulty.items()
        if section not in dropped
    }
    left: dict[str, Any] = {k: v for k, v in data.items() if k not in dropped}
    left |= {section: [data[section][i] for i in indices] for section, indices in kept.items()}
    try:
        scenario = validate({**_STAND_INS, **left})
    except ValidationError:
        return None
    return Partial(scenario, frozenset(dropped | faulty.keys()), kept)
