"""Objectives, and text that no document can print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error
from optimizer.scenario.model import Objective
from optimizer.scenario.places import pointer

__all__ = ["objectives", "printable"]

# Control characters are not allowed in XML, which GPX, KML, DOCX and SVG are made of.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def objectives(stated: Stated) -> Iterator[Fault]:
    """Check the list of objectives.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        If one stands twice, or if what is undelivered does not come first.
    """
    listed = stated.scenario.objectives
    if not listed or listed[0] is not Objective.UNDELIVERED:
        yield error("scenario.objectives_first", pointer("objectives"))
    for i, objective in enumerate(listed):
        if objective in listed[:i]:
            yield error("scenario.objective_twice", pointer("objectives", i), name=objective.value)


def printable(stated: Stated) -> Iterator[Fault]:
    """Find control characters in texts and labels.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each text that has one.
    """
    yield from _texts(stated.scenario.document(), "")


def _texts(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(str(key), place)
            yield from _texts(inner, place + pointer(str(key)))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _texts(inner, f"{place}/{i}")
    elif isinstance(value, str):
        match = _UNPRINTABLE.search(value)
        if match is not None:
            yield error("scenario.unprintable", place, number=f"U+{ord(match.group()):04X}")
