"""Reads drawn layers: each row as an entry of a document that is still to be checked.

What is wrong with a layer as a whole is told once, and then its rows are not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.faults import Fault
from optimizer.layers.forms import LAYERS, Layer
from optimizer.layers.hours import stated_in
from optimizer.layers.package import Table, read_package
from optimizer.layers.shapes import is_on_earth, parts, stated, why_not
from optimizer.layers.told import Complaint, Place
from optimizer.scenario.names import nearest

__all__ = ["Drawn", "read_layers"]

#: What OGR calls the types of columns that hold text and figures.
_TYPES: Mapping[type, tuple[str, ...]] = {
    str: ("OFTString",),
    float: ("OFTReal", "OFTInteger", "OFTInteger64"),
}
#: What QGIS calls the type of a column to add.
_WANTED: Mapping[type, str] = {str: "Text (string)", float: "Decimal number (double)"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands in a GeoPackage.

    Parameters
    ----------
    entries : mapping of str to list of dict
        Plain data by layer; a layer that is missing, or wrong as a whole, has none.
    fids : mapping of str to list of int
        The row that each entry comes from.
    complaints : list of Complaint
        What is wrong with layers and geometries.
    """

    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fids: dict[str, list[int]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def read_layers(path: Path) -> Drawn:
    """Read the layers of a GeoPackage.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    Drawn
        Its rows as entries, positions in degrees.

    Raises
    ------
    FileError
        If it is missing, unreadable, damaged or no GeoPackage.
    UsageError
        If it has not the name of one.
    """
    known: dict[str, Layer] = {layer.name: layer for layer in LAYERS}
    package = read_package(path, known)
    drawn = Drawn(complaints=list(_of_file(package.kinds, known)))
    for name, table in package.tables.items():
        layer = known[name]
        wrong = [*_of_layer(layer, package.kinds[name], table), *_of_columns(layer, table)]
        drawn.complaints.extend(wrong)
        if not wrong:
            _take(layer, table, drawn)
    return drawn


def _of_file(kinds: Mapping[str, str | None], known: Collection[str]) -> Iterator[Complaint]:
    # Tables that draw nothing, such as the styles that QGIS keeps in the file, mean nothing here.
    other = [name for name, kind in kinds.items() if name not in known and kind is not None]
    for name in other:
        params = {"layer": name, "known": ", ".join(known)}
        yield Complaint(Place(), Fault("layers.unknown_layer", params=params))
    if not other and not set(known) & set(kinds):
        yield Complaint(Place(), Fault("layers.none", params={"known": ", ".join(known)}))


def _of_layer(layer: Layer, kind: str | None, table: Table) -> Iterator[Complaint]:
    place = Place(layer.name)
    if kind is None:
        if layer.is_drawn:
            yield Complaint(place, Fault("layers.no_geometry", params={"wanted": layer.shape}))
    elif kind != "Unknown" and layer.shape not in kind:
        params = {"found": kind, "wanted": layer.shape}
        yield Complaint(place, Fault("layers.wrong_shape", params=params))
    if table.geometry is None:
        yield Complaint(place, Fault("layers.no_crs"))
    elif not is_on_earth(table.geometry):
        yield Complaint(place, Fault("layers.wrong_crs"))


def _of_columns(layer: Layer, table: Table) -> Iterator[Complaint]:
    for name in layer.required:
        if name not in table.types and len(table.rows):
            params = {"wanted": _WANTED[layer.columns[name]]}
            place = Place(layer.name, column=name)
            yield Complaint(place, Fault("layers.missing_column", params=params))
    for name, found in table.types.items():
        # A column without a single value states nothing.
        if not any(_is_given(value) for value in table.rows[name]):
            continue
        place, wanted = Place(layer.name, column=name), layer.columns.get(name)
        if wanted is None:
            params = {"near": nearest(name, layer.columns)}
            yield Complaint(place, Fault("layers.unknown_column", params=params))
        elif found not in _TYPES[wanted]:
            params = {"found": found.removeprefix("OFT"), "wanted": _WANTED[wanted]}
            yield Complaint(place, Fault("layers.wrong_column", params=params))


def _take(layer: Layer, table: Table, drawn: Drawn) -> None:
    entries = drawn.entries.setdefault(layer.name, [])
    fids = drawn.fids.setdefault(layer.name, [])
    for fid, given, geometry in zip(
        map(int, table.rows.index),
        table.rows.to_dict("records"),
        () if table.geometry is None else table.geometry,
        strict=True,
    ):
        pieces = parts(geometry)
        fault = why_not(layer, pieces)
        if fault is not None:
            drawn.complaints.append(Complaint(Place(layer.name, fid, is_drawn=True), fault))
            pieces = []
        row = {str(key): _plain(value) for key, value in given.items() if _is_given(value)}
        if "windows" in row:
            row["windows"] = stated_in(row["windows"])
        found = list(_entries(layer, row, [stated(piece) for piece in pieces]))
        entries.extend(found)
        fids.extend([fid] * len(found))


def _entries(layer: Layer, row: dict[str, Any], drawn: list[Any]) -> Iterator[dict[str, Any]]:
    """Make an entry of each part of a row; of several, each gets its number after the id."""
    if not drawn:
        yield row
    for number, geometry in enumerate(drawn, 1):
        entry = row | {layer.geometry: geometry}
        if len(drawn) > 1 and "id" in row:
            entry["id"] = f"{row['id']}-{number}"
        yield entry


def _is_given(value: object) -> bool:
    """Tell whether a cell holds something; a drawing program may leave an empty text behind."""
    return value is not None and value != ""


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever a cell holds
    return value.item() if isinstance(value, np.generic) else value
