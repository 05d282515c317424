"""The tables that turn OpenStreetMap tags and land cover products into the codes of a theatre."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.datasets import read_table

__all__ = [
    "Highway",
    "highway_table",
    "landcover_code",
    "legend",
    "legend_names",
    "surface_of",
]

_FOLDER = "terrain_tables"


@dataclass(frozen=True, slots=True)
class Highway:
    """What is done with a value of ``highway``.

    Parameters
    ----------
    keep : bool
        Whether a theatre keeps it.
    oneway : bool
        Whether the value itself implies one direction.
    max_grade : float
        The steepest grade that such a road is built with.
    """

    keep: bool
    oneway: bool
    max_grade: float


@functools.cache
def highway_table() -> Mapping[str, Highway]:
    """Return ``osm_highway.csv``.

    Returns
    -------
    mapping
        By value of ``highway``.
    """
    return {
        row["highway"]: Highway(row["keep"] == "1", row["oneway"] == "1", float(row["max_grade"]))
        for row in read_table(_FOLDER, "osm_highway.csv")
    }


@functools.cache
def _landcover_rows() -> Mapping[str, Mapping[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for row in read_table(_FOLDER, "osm_landcover.csv"):
        table.setdefault(row["key"], {})[row["value"]] = int(row["landcover"])
    return table


def landcover_code(tags: Mapping[str, str]) -> int | None:
    """Return the land cover that the tags of an area state.

    Parameters
    ----------
    tags : mapping
        OpenStreetMap tags.

    Returns
    -------
    int or None
        Code of ``landcover.csv``, or None if they state none.
    """
    for key, values in _landcover_rows().items():
        value = tags.get(key)
        if value is not None:
            code = values.get(value, values.get("*"))
            if code is not None:
                return code
    return None


@functools.cache
def _surface_rows() -> Mapping[tuple[str, str], str]:
    return {
        (row["key"], row["value"]): row["surface"] for row in read_table(_FOLDER, "osm_surface.csv")
    }


def surface_of(tags: Mapping[str, str]) -> str:
    """Return the surface of a road from its tags.

    Parameters
    ----------
    tags : mapping
        OpenStreetMap tags.

    Returns
    -------
    str
        A surface of ``data/mobility/surface.csv``; ``unknown`` where the tags do not tell.
    """
    for key in ("surface", "tracktype", "smoothness"):
        # Of several surfaces ("asphalt;gravel") the first stands for the longest part.
        value = tags.get(key, "").split(";")[0].strip().lower()
        if (key, value) in _surface_rows():
            return _surface_rows()[key, value]
    return "unknown"


@functools.cache
def _legends() -> Mapping[str, Mapping[int, int]]:
    table: dict[str, dict[int, int]] = {}
    for row in read_table(_FOLDER, "legends.csv"):
        table.setdefault(row["legend"], {})[int(row["code"])] = int(row["landcover"])
    return table


def legend(name: str) -> Mapping[int, int]:
    """Return the translation of a land cover product's codes.

    Parameters
    ----------
    name : str
        One of `legend_names`.

    Returns
    -------
    mapping of int to int
        Product's code to code of ``landcover.csv``.
    """
    return _legends()[name]


def legend_names() -> tuple[str, ...]:
    """Return the names of the known legends.

    Returns
    -------
    tuple of str
        In the order of the table.
    """
    return tuple(_legends())
