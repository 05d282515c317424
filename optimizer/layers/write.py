"""Writes the areas and changes of a scenario as the layers of a GeoPackage."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from optimizer.errors import UsageError
from optimizer.files import check_target, write_bytes
from optimizer.layers.forms import CRS, LAYERS, Layer, check_name
from optimizer.layers.hours import as_text
from optimizer.scenario.model import Area, Change, Scenario

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["write_layers"]


def write_layers(scenario: Scenario, path: Path) -> None:
    """Write the areas and changes of a scenario, each list as a layer, each entry as a row.

    A change that names a road is a row without a point.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    path : Path
        GeoPackage to write, or to replace.

    Raises
    ------
    UsageError
        If it cannot be the name of a GeoPackage, or another program has it open.
    OutsideError
        If it cannot be written.
    """
    check_name(path)
    check_target(path)
    # SQLite would lay what another program has not yet put in its place over the new file.
    journal = path.with_name(f"{path.name}-wal")
    if path.exists() and journal.exists():
        raise UsageError(f"{path} is open in another program, such as QGIS; close it there first")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / path.name
        for layer in LAYERS:
            _frame(layer, getattr(scenario, layer.name)).to_file(
                made,
                layer=layer.name,
                engine="pyogrio",
                driver="GPKG",
                geometry_type=layer.shape,
                index=False,
            )
        write_bytes(path, made.read_bytes())


def _frame(layer: Layer, entries: Sequence[Area | Change]) -> gpd.GeoDataFrame:
    columns = {
        # What is left out is no value, and neither is an empty text.
        name: pd.Series([_text(entry, name) or None for entry in entries], dtype=object)
        if holds is str
        else pd.Series([getattr(entry, name) for entry in entries], dtype=float)
        for name, holds in layer.columns.items()
    }
    return gpd.GeoDataFrame(columns, geometry=[_drawn(entry) for entry in entries], crs=CRS)


def _text(entry: Area | Change, name: str) -> str:
    return as_text(entry.windows) if name == "windows" else getattr(entry, name)


def _drawn(entry: Area | Change) -> BaseGeometry | None:
    if isinstance(entry, Area):
        return shapely.Polygon(entry.polygon)
    return None if entry.near is None else shapely.Point(entry.near.lonlat)
