"""A planner's own raster of exposure, laid on the grid of a theatre."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import FileError

if TYPE_CHECKING:
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Grid, Theatre

__all__ = ["PlannedExposure", "raster_named", "with_raster"]


@dataclass(frozen=True, eq=False)
class PlannedExposure:
    """Exposure a kilometre, from a planner's own raster.

    Parameters
    ----------
    digest : str
        SHA-256 of the file.
    per_km : ndarray of float64, shape (rows, columns)
        On the theatre's grid: that of the pixel that the centre of the cell lies in.
    """

    digest: str
    per_km: NDArray[np.float64]


def raster_named(scenario: Scenario) -> str | None:
    """Return the name of the raster that a scenario's rule of exposure names.

    Parameters
    ----------
    scenario : Scenario
        Scenario.

    Returns
    -------
    str or None
        Name of a file, without a folder.
    """
    rule = scenario.rules.exposure
    return None if rule is None else rule.raster


def with_raster(theatre: Theatre, scenario: Scenario, folder: Path) -> Theatre:
    """Lay the raster that a scenario names on its theatre.

    Parameters
    ----------
    theatre : Theatre
        Theatre of the scenario.
    scenario : Scenario
        Scenario.
    folder : Path
        Folder of the scenario's file, the only one that is looked into.

    Returns
    -------
    Theatre
        The same where the scenario names none.

    Raises
    ------
    FileError
        If there is no such file, or it is no raster of exposure over the whole theatre.
    """
    name = raster_named(scenario)
    if name is None:
        return theatre
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(
            f"{path} cannot be read: rules.exposure.raster names a file in the folder of the"
            f" scenario file ({error.strerror or error})"
        ) from error
    per_km = _on_grid(path, theatre.grid)
    return dataclasses.replace(
        theatre, planned=PlannedExposure(hashlib.sha256(content).hexdigest(), per_km)
    )


def _on_grid(path: Path, grid: Grid) -> NDArray[np.float64]:
    """Return the value of the pixel under the centre of each cell."""
    import rasterio  # noqa: PLC0415 - half a second that others need not pay
    from pyproj import Transformer  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(path, driver="GTiff") as source:
            if source.count != 1:
                raise FileError(f"{path} has {source.count} bands; a raster of exposure has one")
            if source.crs is None:
                raise FileError(f"{path} says no coordinate reference system; give it one")
            band = source.read(1, masked=True)
            crs, to_pixel = source.crs.to_wkt(), ~source.transform
    except RasterioError as error:
        raise FileError(f"{path} cannot be read as a GeoTIFF: {error}") from error
    values = np.ma.filled(band.astype(np.float64), np.nan)
    x = grid.west_m + (np.arange(grid.width) + 0.5) * grid.resolution_m
    y = grid.north_m - (np.arange(grid.height) + 0.5) * grid.resolution_m
    east, north = np.meshgrid(x, y)
    east, north = Transformer.from_crs(grid.crs, crs, always_xy=True).transform(east, north)
    east, north = np.nan_to_num(east, posinf=np.nan), np.nan_to_num(north, posinf=np.nan)
    column, row = (np.floor(axis) for axis in to_pixel * (east, north))
    inside = (row >= 0) & (row < values.shape[0]) & (column >= 0) & (column < values.shape[1])
    found = np.full(grid.shape, np.nan)
    found[inside] = values[row[inside].astype(np.int64), column[inside].astype(np.int64)]
    _refuse(path, ~np.isfinite(found), "no value", "cover the whole theatre; 0 is no exposure")
    _refuse(path, found < 0, "a value below 0", "0 is no exposure")
    return found


def _refuse(path: Path, wrong: NDArray[np.bool_], what: str, right: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        raise FileError(
            f"{path} has {what} in {int(wrong.sum()):,} of the {wrong.size:,} cells of the theatre,"
            f" first in row {row}, column {column}; {right}"
        )
