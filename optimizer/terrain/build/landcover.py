"""Land cover on the grid: from a raster and its legend, or from areas of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import rasterio.warp
import rasterio.windows
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from optimizer.errors import FileError, UsageError
from optimizer.terrain.build.dem import open_geotiff, window_over
from optimizer.terrain.build.elevation import affine
from optimizer.terrain.build.osm import OsmArea
from optimizer.terrain.build.tables import landcover_code, legend, legend_names
from optimizer.terrain.theatre import Grid

__all__ = ["from_areas", "from_rasters", "project"]

_DEFAULT_LEGEND = "theatre"
#: Where no raster has a cell.
_NOTHING = -1


def from_rasters(paths: Sequence[Path], grid: Grid, legend_name: str | None) -> NDArray[np.uint8]:
    """Return the land cover of rasters; where they overlap, the first that has a value wins.

    Parameters
    ----------
    paths : sequence of Path
        GeoTIFFs with whole-number codes, in any CRS.
    grid : Grid
        Grid of the theatre.
    legend_name : str, optional
        A legend of ``legends.csv``; by default the codes are a theatre's own.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Codes of ``landcover.csv``, each that of the nearest cell of a raster; 0 outside them.

    Raises
    ------
    FileError
        If a file is none, or holds codes that the legend does not know, or if none of them lies on
        this ground.
    UsageError
        If there is no such legend.
    """
    name = legend_name or _DEFAULT_LEGEND
    if name not in legend_names():
        raise UsageError(f"no legend {name!r}; there are {', '.join(legend_names())}")
    codes = np.full(grid.shape, _NOTHING, np.int32)
    for path in paths:
        with open_geotiff(path, "land cover") as source:
            layer = _codes(path, source, grid)
        _check_codes(path, layer, name)
        codes = np.where(codes == _NOTHING, layer, codes)
    if (codes == _NOTHING).all():
        files = ", ".join(map(str, paths))
        lies = "do not lie" if len(paths) > 1 else "does not lie"
        raise FileError(f"{files} {lies} on this ground: no cell falls inside")
    table = legend(name)
    result = np.zeros(codes.shape, np.uint8)
    for code in np.unique(codes):
        result[codes == code] = table.get(int(code), 0)
    return result


def _codes(path: Path, source: rasterio.DatasetReader, grid: Grid) -> NDArray[np.int32]:
    """Return the codes of one raster on the grid, `_NOTHING` outside it."""
    if not np.issubdtype(np.dtype(source.dtypes[0]), np.integer):
        raise FileError(f"{path} holds {source.dtypes[0]}; land cover has whole-number codes")
    codes = np.full(grid.shape, _NOTHING, np.int32)
    # A tile of three degrees at 10 m has 1.3 thousand million cells: only what lies here is read.
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    ground = (grid.west_m, south, east, grid.north_m)
    window = window_over(
        ground, grid.crs, source.crs.to_wkt(), source.transform, (source.height, source.width)
    )
    if window is None:
        return codes
    try:
        cells = source.read(1, window=window)
        rasterio.warp.reproject(
            cells if cells.dtype == np.uint8 else cells.astype(np.int32),
            codes,
            src_transform=rasterio.windows.transform(window, source.transform),
            src_crs=source.crs,
            src_nodata=None if source.nodata is None else int(source.nodata),
            dst_transform=affine(grid),
            dst_crs=grid.crs,
            dst_nodata=_NOTHING,
            resampling=Resampling.nearest,
            num_threads=1,
        )
    except RasterioError as error:
        raise FileError(f"{path} is cut short or damaged: {error}") from error
    return codes


def _check_codes(path: Path, codes: NDArray[np.int32], name: str) -> None:
    present = {int(code) for code in np.unique(codes)} - {_NOTHING}
    strange = sorted(present - set(legend(name)) - {0})
    if strange:
        fitting = [other for other in legend_names() if present - {0} <= set(legend(other))]
        hint = f"; it fits --legend {' or '.join(fitting)}" if fitting else ""
        raise FileError(
            f"{path}: the codes {', '.join(map(str, strange[:8]))} are not in the legend"
            f" {name!r}{hint}"
        )


def project(shape: BaseGeometry, to_ground: Transformer) -> BaseGeometry:
    """Project a shape, rounded to the centimetre.

    Parameters
    ----------
    shape : Geometry
        Longitude and latitude in degrees.
    to_ground : Transformer
        From degrees to metres.

    Returns
    -------
    Geometry
        Metres.
    """
    return shapely.transform(
        shape,
        lambda p: np.round(np.column_stack(to_ground.transform(p[:, 0], p[:, 1])), 2),
    )


def from_areas(
    areas: Iterable[OsmArea], grid: Grid, shapes: Mapping[int, BaseGeometry]
) -> NDArray[np.uint8]:
    """Paint areas onto the grid, the larger first, so that what is mapped in detail stays on top.

    Parameters
    ----------
    areas : iterable of OsmArea
        Areas with a land cover.
    grid : Grid
        Grid of the theatre.
    shapes : mapping of int to Geometry
        Their shapes in metres.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Codes of ``landcover.csv``, that of the area in which the centre of a cell lies; 0 outside.
    """
    painted = [(shapes[area.id].area, area.id, landcover_code(area.tags) or 0) for area in areas]
    painted.sort(key=lambda item: (-item[0], item[1]))
    pairs = [(shapes[number], code) for _, number, code in painted]
    if not pairs:
        return np.zeros(grid.shape, np.uint8)
    result: NDArray[np.uint8] = rasterize(
        pairs, out_shape=grid.shape, transform=affine(grid), dtype=np.uint8
    )
    return result
