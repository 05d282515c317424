"""Writes a theatre: all layers into a temporary folder beside the target, then one rename."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from affine import Affine
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import Transformer
from rasterio.errors import RasterioError

from optimizer.errors import FileError, OutsideError, UsageError
from optimizer.terrain.theatre import (
    RASTERS,
    VECTORS,
    Grid,
    Layer,
    Manifest,
    Source,
    Theatre,
    digest_of_layers,
    raster_digest,
    read_layer,
    vector_digest,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["check_target", "name_of", "write_theatre"]

_TYPES = {"elevation": np.float32, "landcover": np.uint8, "water": np.uint8}
#: A fixed time, so that two builds of the same ground are the same bytes.
_DATE = "2020-01-01T00:00:00Z"


def name_of(folder: Path, name: str | None = None) -> str:
    """Return the name of a theatre: the one given, or one from its folder.

    Parameters
    ----------
    folder : Path
        Where the theatre is to stand.
    name : str, optional
        Name that was asked for.

    Returns
    -------
    str
        A name that the manifest takes.

    Raises
    ------
    UsageError
        If the name that was asked for cannot be one.
    """
    if name is None:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.resolve().name)[:64] or "theatre"
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name):
        raise UsageError(f"{name!r} cannot be a name: letters, digits, '.', '_', '-', at most 64")
    return name


def check_target(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that may not be written, before any work is done for it.

    Parameters
    ----------
    folder : Path
        Where a theatre is to stand.
    replace : bool
        Whether a theatre that stands there may be replaced.

    Raises
    ------
    UsageError
        If something that is no theatre stands there, or a theatre that may not be replaced.
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        if not (folder / "theatre.json").is_file():
            raise UsageError(f"{folder} exists and is not a theatre; name a new folder")
        if not replace:
            raise UsageError(
                f"{folder} holds a theatre already; name another folder or pass --replace"
            )


def write_theatre(
    folder: Path,
    *,
    name: str,
    title: str,
    grid: Grid,
    rasters: Mapping[str, NDArray[Any]],
    frames: Mapping[str, gpd.GeoDataFrame],
    sources: Sequence[Source],
    statistics: Mapping[str, float | int | str],
    replace: bool = False,
) -> Theatre:
    """Write a theatre as one whole: either all of it stands at the end, or nothing.

    Parameters
    ----------
    folder : Path
        Where it is to stand.
    name, title : str
        For the manifest.
    grid : Grid
        Grid of the rasters.
    rasters : mapping of str to ndarray, shape (rows, columns)
        ``landcover``, ``water`` and, where there is relief, ``elevation``.
    frames : mapping of str to GeoDataFrame
        ``roads``, ``nodes``, ``waters``, ``places``, in the grid's CRS.
    sources : sequence of Source
        Where the layers come from.
    statistics : mapping
        What was counted while building.
    replace : bool
        Whether a theatre that stands there may be replaced.

    Returns
    -------
    Theatre
        The theatre, opened anew from the folder.

    Raises
    ------
    UsageError
        If something that is no theatre stands there, or a theatre that may not be replaced.
    OutsideError
        If it cannot be written.
    """
    folder = Path(folder)
    check_target(folder, replace=replace)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            work = Path(scratch) / folder.name
            work.mkdir()
            layers = _write_layers(work, grid, rasters, frames)
            manifest = _manifest(
                name=name,
                title=title,
                grid=grid,
                layers=layers,
                sources=sources,
                statistics=statistics,
            )
            (work / "theatre.json").write_text(
                manifest.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8"
            )
            if folder.exists():
                shutil.rmtree(folder)
            work.rename(folder)
    except (RasterioError, DataSourceError, DataLayerError, FileError) as error:
        # GDAL tells a full disk as whatever failed next.
        raise OutsideError(
            f"{folder} cannot be written; is the disk full? ({' '.join(str(error).split())})"
        ) from error
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written: {error.strerror or error}") from error
    return Theatre.open(folder)


def _write_layers(
    work: Path,
    grid: Grid,
    rasters: Mapping[str, NDArray[Any]],
    frames: Mapping[str, gpd.GeoDataFrame],
) -> dict[str, Layer]:
    layers: dict[str, Layer] = {}
    for name in RASTERS:
        if name in rasters:
            array = np.ascontiguousarray(rasters[name], _TYPES[name])
            if name == "elevation":
                array = np.round(array.astype(np.float64), 1).astype(np.float32)
            layers[name] = Layer(digest=raster_digest(array, grid))
            _write_raster(work / f"{name}.tif", array, grid)
            # GDAL may lose what it writes when it closes a file, without a word.
            with rasterio.open(work / f"{name}.tif") as written:
                if raster_digest(written.read(1), grid) != layers[name].digest:
                    raise FileError(f"{name}.tif does not read back as it was written")
    os.environ["OGR_CURRENT_DATE"] = _DATE  # read by GDAL when it stamps a GeoPackage
    for name, layer in VECTORS.items():
        frames[name].to_file(work / "ground.gpkg", layer=layer, engine="pyogrio", driver="GPKG")
    # The digest is taken over what a reader will see, so the layers are read back.
    for name, layer in VECTORS.items():
        frame = read_layer(work / "ground.gpkg", layer)
        layers[name] = Layer(digest=vector_digest(frame), rows=len(frame))
    return layers


def _write_raster(path: Path, array: NDArray[Any], grid: Grid) -> None:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=grid.height,
        width=grid.width,
        count=1,
        dtype=array.dtype,
        crs=grid.crs,
        transform=Affine(grid.resolution_m, 0, grid.west_m, 0, -grid.resolution_m, grid.north_m),
        compress="deflate",
        predictor=3 if array.dtype == np.float32 else 2,
        zlevel=9,
        tiled=True,
    ) as target:
        target.write(array, 1)


def _manifest(
    *,
    name: str,
    title: str,
    grid: Grid,
    layers: Mapping[str, Layer],
    sources: Sequence[Source],
    statistics: Mapping[str, float | int | str],
) -> Manifest:
    to_earth = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    extent = to_earth.transform_bounds(grid.west_m, south, east, grid.north_m)
    return Manifest(
        name=name,
        title=title,
        crs=grid.crs,
        resolution_m=grid.resolution_m,
        width=grid.width,
        height=grid.height,
        west_m=grid.west_m,
        north_m=grid.north_m,
        extent=tuple(round(v, 6) for v in extent),
        layers=layers,
        sources=tuple(sources),
        statistics=statistics,
        digest=digest_of_layers(layers),
    )
