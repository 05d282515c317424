"""Land cover on the grid: from a raster and its legend, or from areas of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import rasterio.warp
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from optimizer.errors import FileError, UsageError
from optimizer.terrain.build.dem import open_geotiff
from optimizer.terrain.build.elevation import affine
from optimizer.terrain.build.osm import OsmArea
from optimizer.terrain.build.tables import landcover_code, legend, legend_names
from optimizer.terrain.theatre import Grid

__all__ = ["from_areas", "from_raster", "project"]

_DEFAULT_LEGEND = "theatre"


def from_raster(path: Path, grid: Grid, legend_name: str | None) -> NDArray[np.uint8]:
    """Return the land cover of a raster.

    Parameters
    ----------
    path : Path
        GeoTIFF with whole-number codes, in any CRS.
    grid : Grid
        Grid of the theatre.
    legend_name : str, optional
        A legend of ``legends.csv``; by default the codes are a theatre's own.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Codes of ``landcover.csv``, each that of the nearest cell of the raster; 0 outside it.

    Raises
    ------
    FileError
        If the file is none, or holds codes that the legend does not know.
    UsageError
        If there is no such legend.
    """
    name = legend_name or _DEFAULT_LEGEND
    if name not in legend_names():
        raise UsageError(f"no legend {name!r}; there are {', '.join(legend_names())}")
    with open_geotiff(path, "land cover") as source:
        if not np.issubdtype(np.dtype(source.dtypes[0]), np.integer):
            raise FileError(f"{path} holds {source.dtypes[0]}; land cover has whole-number codes")
        codes = np.full(grid.shape, -1, np.int32)
        try:
            rasterio.warp.reproject(
                source.read(1).astype(np.int32),
                codes,
                src_transform=source.transform,
                src_crs=source.crs,
                src_nodata=None if source.nodata is None else int(source.nodata),
                dst_transform=affine(grid),
                dst_crs=grid.crs,
                dst_nodata=-1,
                resampling=Resampling.nearest,
                num_threads=1,
            )
        except RasterioError as error:
            raise FileError(f"{path} is cut short or damaged: {error}") from error
    return _translated(path, codes, name)


def _translated(path: Path, codes: NDArray[np.int32], name: str) -> NDArray[np.uint8]:
    present = {int(code) for code in np.unique(codes)} - {-1}
    if not present:
        raise FileError(f"{path} does not lie on this ground: no cell of it falls inside")
    table = legend(name)
    strange = sorted(present - set(table) - {0})
    if strange:
        fitting = [other for other in legend_names() if present - {0} <= set(legend(other))]
        hint = f"; it fits --legend {' or '.join(fitting)}" if fitting else ""
        raise FileError(
            f"{path}: the codes {', '.join(map(str, strange[:8]))} are not in the legend"
            f" {name!r}{hint}"
        )
    result = np.zeros(codes.shape, np.uint8)
    for code in sorted(present):
        result[codes == code] = table.get(code, 0)
    return result


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
