"""What on the map a subject of facts stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from briefing.facts.model import Subject

__all__ = ["Place", "PlaceKind", "place_of"]

PlaceKind = Literal["site", "convoy", "leg", "area", "change"]


@dataclass(frozen=True, slots=True)
class Place:
    """A thing on the map.

    Parameters
    ----------
    kind : {"site", "convoy", "leg", "area", "change"}
        What it is.
    id : str
        Its id; that of a leg is ``convoy/trip/leg``, counted from 1, as in the exported layers.
    """

    kind: PlaceKind
    id: str


def place_of(subject: Subject) -> Place | None:
    """Return what on the map a subject stands for.

    Parts of a thing that have no place of their own stand where the thing stands: a vehicle or
    a trip with its convoy, a stop or a drop with the leg that leads to it, a demand at its site.

    Parameters
    ----------
    subject : Subject
        What a fact is about.

    Returns
    -------
    Place or None
        None for what is not on the map, such as the plan as a whole.
    """
    about: Subject | None = subject
    while about is not None:
        match about.at or (about.kind, about.id):
            case ("site" | "convoy" | "leg" | "area" | "change") as kind, name:
                return Place(kind, name)
        about = about.parent
    return None
