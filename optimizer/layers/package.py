"""Opens a GeoPackage: its layers as frames in degrees, or why the file is none."""

from __future__ import annotations

import contextlib
import sqlite3
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError

from optimizer.errors import FileError
from optimizer.files import check_source
from optimizer.layers.forms import CRS, check_name

__all__ = ["Package", "Table", "read_package"]

#: First bytes of a file of SQLite, and the bytes from 68 on that say that it is a GeoPackage.
_SQLITE, _APPLICATIONS = b"SQLite format 3\x00", (b"GPKG", b"GP10", b"GP11")


@dataclass(frozen=True, slots=True)
class Table:
    """A layer as it is.

    Parameters
    ----------
    types : mapping of str to str
        What OGR calls the type of each column, such as ``"OFTString"``.
    rows : DataFrame
        Its rows by number; None where a cell is empty.
    geometry : GeoSeries or None
        What is drawn in them, in degrees; None if the layer states no system that leads there.
    """

    types: Mapping[str, str]
    rows: pd.DataFrame
    geometry: gpd.GeoSeries | None


@dataclass(frozen=True, slots=True)
class Package:
    """A GeoPackage.

    Parameters
    ----------
    kinds : mapping of str to str or None
        Kind of the geometries of every layer, such as ``"MultiPolygon"``; None if it has none.
    tables : mapping of str to Table
        The layers that were asked for, as far as they are there.
    """

    kinds: Mapping[str, str | None]
    tables: Mapping[str, Table]


def read_package(path: Path, names: Collection[str]) -> Package:
    """Read layers of a GeoPackage.

    Parameters
    ----------
    path : Path
        File.
    names : collection of str
        Layers to read.

    Returns
    -------
    Package
        What stands in it.

    Raises
    ------
    FileError
        If it is missing, unreadable, damaged or no GeoPackage.
    UsageError
        If it has not the name of one.
    """
    check_name(path)
    check_source(path)
    _check_content(path)
    try:
        with warnings.catch_warnings():
            # What OGR cannot make use of in other tables is nothing to a planner.
            warnings.simplefilter("ignore", RuntimeWarning)
            kinds = {str(name): kind for name, kind in pyogrio.list_layers(path)}
            return Package(kinds, {name: _table(path, name) for name in names if name in kinds})
    except (DataLayerError, DataSourceError) as error:
        raise FileError(f"{path} cannot be read as a GeoPackage: {error}") from error


def _check_content(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(_SQLITE) or head[68:72] not in _APPLICATIONS:
        raise FileError(f"{path} is no GeoPackage, whatever its name says; export it as one")
    # OGR reads a file that was cut short as far as it goes, and says nothing.
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as opened:
            verdict = str(opened.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:  # locked by another program, say
        raise FileError(f"{path} cannot be read: {error}") from error
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise FileError(f"{path} is damaged or cut short: {' '.join(verdict.split())}")


def _table(path: Path, name: str) -> Table:
    info = pyogrio.read_info(path, layer=name)
    rows = pyogrio.read_dataframe(path, layer=name, fid_as_index=True)
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    geometry: gpd.GeoSeries | None = gpd.GeoSeries([None] * len(rows), index=rows.index, crs=CRS)
    if isinstance(rows, gpd.GeoDataFrame):
        geometry = _in_degrees(rows.geometry)
    cells = pd.DataFrame(rows[list(types)]).astype(object)
    return Table(types, cells.where(cells.notna(), None), geometry)


def _in_degrees(drawn: gpd.GeoSeries) -> gpd.GeoSeries | None:
    try:
        return drawn.to_crs(CRS)
    except (ValueError, ProjError):
        return None
