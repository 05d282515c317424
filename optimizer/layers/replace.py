"""Puts drawn layers into a scenario; what says the same stays as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Severity
from optimizer.layers.forms import LAYERS, Layer
from optimizer.layers.read import Drawn
from optimizer.layers.shapes import DECIMALS
from optimizer.layers.told import Complaint, Place
from optimizer.scenario.model import Area, Change, Scenario
from optimizer.scenario.read import parse

__all__ = ["Entries", "with_layers"]

Entries = Sequence[Area | Change]
_SAME_DEG = 10.0**-DECIMALS


def with_layers(scenario: Scenario, drawn: Drawn) -> tuple[Scenario | None, tuple[Complaint, ...]]:
    """Put the layers of a GeoPackage in place of a scenario's areas and changes.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    drawn : Drawn
        What stands in the GeoPackage; a list whose layer is missing stays as it is.

    Returns
    -------
    scenario : Scenario or None
        The scenario with the layers, or None if something is wrong with them.
    complaints : tuple of Complaint
        Everything that is wrong, one complaint a place.
    """
    made, faults = parse(scenario.document() | drawn.entries)
    complaints = {complaint.place: complaint for complaint in drawn.complaints}
    # A row without a geometry that can be stated lacks one: that is no second complaint.
    spoilt = {replace(place, is_drawn=False) for place in complaints if place.is_drawn}
    for fault in faults:
        place = _place(fault.pointer, fault, drawn)
        if fault.severity is Severity.ERROR and replace(place, is_drawn=False) not in spoilt:
            complaints.setdefault(place, Complaint(place, _in_rows(fault, drawn)))
    if complaints or made is None:
        return None, tuple(sorted(complaints.values(), key=lambda told: told.place.order))
    changed: dict[str, Entries] = {}
    for layer in LAYERS:
        before: Entries = getattr(scenario, layer.name)
        after = _as_before(before, getattr(made, layer.name), layer)
        if after != before:
            changed[layer.name] = after
    return scenario.model_copy(update=changed), ()


def _as_before(before: Entries, after: Entries, layer: Layer) -> Entries:
    """Give back each entry that says what it said before, in the words of before."""
    known = {entry.id: entry for entry in before}
    return tuple(
        known[entry.id] if entry.id in known and _is_same(known[entry.id], entry, layer) else entry
        for entry in after
    )


def _is_same(one: Area | Change, other: Area | Change, layer: Layer) -> bool:
    bare = {layer.geometry: None}
    first, second = _corners(one), _corners(other)
    return (
        one.model_copy(update=bare) == other.model_copy(update=bare)
        and first.shape == second.shape
        and bool(np.all(np.abs(first - second) <= _SAME_DEG))
    )


def _corners(entry: Area | Change) -> NDArray[np.float64]:
    if isinstance(entry, Change):
        return np.array([] if entry.near is None else [entry.near.lonlat], float)
    corners = list(entry.polygon)
    while len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return np.array(corners, float)


def _place(pointer: str, fault: Fault, drawn: Drawn) -> Place:
    """Find the row and column of a place in the document."""
    _, name, *rest = [*pointer.split("/"), ""]
    layer = next((layer for layer in LAYERS if layer.name == name), None)
    if layer is None or name not in drawn.fids or not rest[0]:
        return Place(pointer)
    fid, key = drawn.fids[name][int(rest[0])], rest[1]
    if fault.code == "scenario.missing_key" and not key:
        key = str(fault.params["key"])
    if key == layer.geometry:
        return Place(name, fid, is_drawn=True)
    return Place(name, fid, key or None)


def _in_rows(fault: Fault, drawn: Drawn) -> Fault:
    """Name the row where another place of the document is named."""
    first = fault.params.get("first")
    if not isinstance(first, str):
        return fault
    row = replace(_place(first, fault, drawn), column=None)
    return replace(fault, params={**fault.params, "first": row.text("en")})
