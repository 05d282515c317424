"""Edits: what a person changes in a scenario on the page, one small thing at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from optimizer.scenario.model import Area, Change, Id, Objective, Scenario

__all__ = [
    "DropArea",
    "DropChange",
    "Edit",
    "Objectives",
    "PutArea",
    "PutChange",
    "edited",
    "fresh_id",
]

T = TypeVar("T", Area, Change)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PutArea(_Frozen):
    """An area is added, or takes the place of the one with its id."""

    kind: Literal["put_area"] = "put_area"
    area: Area


class DropArea(_Frozen):
    """An area is removed."""

    kind: Literal["drop_area"] = "drop_area"
    id: Id


class PutChange(_Frozen):
    """A change of a road or bridge is added, or takes the place of the one with its id."""

    kind: Literal["put_change"] = "put_change"
    change: Change


class DropChange(_Frozen):
    """A change of a road or bridge is removed."""

    kind: Literal["drop_change"] = "drop_change"
    id: Id


class Objectives(_Frozen):
    """The objectives in another order."""

    kind: Literal["objectives"] = "objectives"
    order: tuple[Objective, ...] = Field(min_length=1)


Edit = Annotated[
    PutArea | DropArea | PutChange | DropChange | Objectives, Field(discriminator="kind")
]


def edited(scenario: Scenario, edits: Iterable[Edit]) -> Scenario:
    """Return a scenario with edits made to it, one after the other.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it was opened.
    edits : iterable of Edit
        Edits in the order in which they were made.

    Returns
    -------
    Scenario
        The scenario as it is now; the same one where nothing was edited.
    """
    for edit in edits:
        match edit:
            case PutArea(area=area):
                update: dict[str, object] = {"areas": _put(scenario.areas, area)}
            case DropArea(id=name):
                update = {"areas": tuple(a for a in scenario.areas if a.id != name)}
            case PutChange(change=change):
                update = {"changes": _put(scenario.changes, change)}
            case DropChange(id=name):
                update = {"changes": tuple(c for c in scenario.changes if c.id != name)}
            case Objectives(order=order):
                update = {"objectives": order}
        scenario = scenario.model_copy(update=update)
    return scenario


def _put(there: tuple[T, ...], new: T) -> tuple[T, ...]:
    kept = [new if old.id == new.id else old for old in there]
    if new not in kept:
        kept.append(new)
    return tuple(kept)


def fresh_id(stem: str, taken: Iterable[str]) -> str:
    """Return an id that nothing has yet.

    Parameters
    ----------
    stem : str
        What it begins with.
    taken : iterable of str
        Ids that are there already.

    Returns
    -------
    str
        The stem, a hyphen and the first free number from 1.
    """
    known = set(taken)
    number = 1
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"
