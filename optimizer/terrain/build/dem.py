"""Opens elevation files: SRTM tiles (``.hgt``, ``.hgt.zip``) and GeoTIFF, checked at the door."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.exceptions import ProjError
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine, from_origin
from rasterio.windows import Window, from_bounds

from optimizer.errors import FileError
from optimizer.terrain.build.crs import Bounds

__all__ = ["Dem", "open_dem", "open_geotiff", "window_over"]

#: Side of an SRTM tile in samples -> seconds of arc between samples.
_HGT_SIDES = {1201: 3, 3601: 1}
_HGT_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
#: Metres; what lies outside is no elevation on land (Dead Sea -430, Everest 8849).
_LOWEST, _HIGHEST = -600.0, 9000.0


@dataclass(frozen=True, slots=True)
class Dem:
    """An elevation file, opened but not yet read.

    Parameters
    ----------
    path : Path
        Where it lies.
    crs : str
        Its CRS, as WKT or ``EPSG:<code>``.
    transform : Affine
        Of its cells.
    width, height : int
        Columns and rows.
    public_domain : bool
        Whether it is an SRTM tile.
    read : callable
        Takes a window, gives float32 metres of shape (rows, columns) with NaN for voids.
    """

    path: Path
    crs: str
    transform: Affine
    width: int
    height: int
    public_domain: bool
    read: Callable[[Window], NDArray[np.float32]]

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in its own CRS."""
        west, north = self.transform @ (0, 0)
        east, south = self.transform @ (self.width, self.height)
        return min(west, east), min(south, north), max(west, east), max(south, north)

    def footprint(self, crs: str) -> shapely.Polygon:
        """Return the outline in another CRS.

        Parameters
        ----------
        crs : str
            The CRS.

        Returns
        -------
        Polygon
            With enough points along its sides to follow their curvature.
        """
        outline = shapely.box(*self.bounds)
        outline = shapely.segmentize(outline, max(outline.length / 400, 1e-9))
        transformer = Transformer.from_crs(self.crs, crs, always_xy=True)
        return shapely.transform(
            outline, lambda p: np.column_stack(transformer.transform(p[:, 0], p[:, 1]))
        )

    def window(self, bounds: Bounds, crs: str, margin: int = 8) -> Window | None:
        """Return the cells that a rectangle in another CRS needs.

        Parameters
        ----------
        bounds : tuple of float
            West, south, east, north.
        crs : str
            Their CRS.
        margin : int
            Cells more on each side.

        Returns
        -------
        Window or None
            None if the rectangle lies outside.
        """
        return window_over(
            bounds, crs, self.crs, self.transform, (self.height, self.width), margin=margin
        )


def window_over(
    bounds: Bounds,
    crs: str,
    own: str,
    transform: Affine,
    shape: tuple[int, int],
    *,
    margin: int = 8,
) -> Window | None:
    """Return the cells of a raster that a rectangle in another CRS needs.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north.
    crs : str
        Their CRS.
    own : str
        CRS of the raster.
    transform : Affine
        Of its cells.
    shape : tuple of int
        Its rows and columns.
    margin : int
        Cells more on each side.

    Returns
    -------
    Window or None
        None if the rectangle lies outside.
    """
    transformer = Transformer.from_crs(crs, own, always_xy=True)
    try:
        west, south, east, north = transformer.transform_bounds(*bounds, densify_pts=51)
    except ProjError:  # the rectangle is nowhere near the ground of the raster's projection
        return None
    if not np.isfinite([west, south, east, north]).all():
        return None
    wanted = from_bounds(west, south, east, north, transform)
    left = max(0, int(np.floor(wanted.col_off)) - margin)
    top = max(0, int(np.floor(wanted.row_off)) - margin)
    right = min(shape[1], int(np.ceil(wanted.col_off + wanted.width)) + margin)
    bottom = min(shape[0], int(np.ceil(wanted.row_off + wanted.height)) + margin)
    if right <= left or bottom <= top:
        return None
    return Window(left, top, right - left, bottom - top)


def open_dem(path: Path) -> Dem:
    """Open an elevation file.

    Parameters
    ----------
    path : Path
        ``.hgt``, ``.hgt.zip``, ``.tif`` or ``.tiff``.

    Returns
    -------
    Dem
        Its place and a way to read it.

    Raises
    ------
    FileError
        If it is missing, cut short, without CRS, or not what its name says.
    """
    if not path.is_file():
        raise FileError(f"{path} is not there, or not a file")
    name = path.name.lower()
    if name.endswith(".hgt"):
        return _hgt(path, path.name, path.read_bytes())
    if name.endswith(".hgt.zip"):
        return _zipped_hgt(path)
    if name.endswith((".tif", ".tiff")):
        return _geotiff_dem(path)
    raise FileError(
        f"{path}: the name does not tell an elevation file; it must end in .hgt, .hgt.zip or .tif"
    )


def _zipped_hgt(path: Path) -> Dem:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith(".hgt")]
            if len(members) != 1:
                raise FileError(f"{path} holds {len(members)} .hgt files; it must hold one")
            if members[0].file_size > _hgt_bytes(max(_HGT_SIDES)):
                raise FileError(f"{path}: {members[0].filename} is too large for an SRTM tile")
            return _hgt(path, Path(members[0].filename).name, archive.read(members[0]))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path} is not a whole zip archive: {error}") from error


def _hgt_bytes(side: int) -> int:
    return 2 * side * side


def _hgt(path: Path, name: str, content: bytes) -> Dem:
    match = _HGT_NAME.match(name)
    if match is None:
        raise FileError(
            f"{path}: an SRTM tile is named after its south-west corner, such as N42E001.hgt;"
            f" {name!r} does not tell where it lies"
        )
    sides = {_hgt_bytes(side): side for side in _HGT_SIDES}
    if len(content) not in sides:
        expected = " or ".join(f"{size:,} ({side} x {side})" for size, side in sides.items())
        raise FileError(
            f"{path}: {name} has {len(content):,} bytes; an SRTM tile has {expected}: it was cut"
            " short or is not what its name says"
        )
    side = sides[len(content)]
    south = int(match[2]) * (1 if match[1].upper() == "N" else -1)
    west = int(match[4]) * (1 if match[3].upper() == "E" else -1)
    cells = np.frombuffer(content, ">i2").reshape(side, side)
    step = 1 / (side - 1)
    # Samples stand on whole degrees, so that the cells around them reach half a step beyond.
    transform = from_origin(west - step / 2, south + 1 + step / 2, step, step)

    def read(window: Window) -> NDArray[np.float32]:
        rows, columns = window.toslices()
        return _without_voids(cells[rows, columns].astype(np.float32))

    return Dem(path, "EPSG:4326", transform, side, side, public_domain=True, read=read)


def open_geotiff(path: Path, what: str) -> rasterio.DatasetReader:
    """Open a GeoTIFF with one band and a CRS.

    Parameters
    ----------
    path : Path
        The file.
    what : str
        What it should hold, for messages.

    Returns
    -------
    DatasetReader
        Open dataset, north up.

    Raises
    ------
    FileError
        If it is none, or its cells are turned.
    """
    if not path.is_file():
        raise FileError(f"{path} is not there, or not a file")
    try:
        with warnings.catch_warnings():
            # Whether it is georeferenced is said below, in words of our own.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = rasterio.open(path)
    except RasterioError as error:
        raise FileError(f"{path} is not a GeoTIFF, or is cut short: {error}") from error
    fault = _fault(source, what)
    if fault:
        source.close()
        raise FileError(f"{path} {fault}")
    return source


def _fault(source: rasterio.DatasetReader, what: str) -> str:
    if source.driver != "GTiff":
        return f"is a {source.driver} file, not a GeoTIFF as its name says"
    if source.crs is None:
        return (
            "states no coordinate reference system: where it lies is unknown; assign one, for"
            " instance with gdal_translate -a_srs"
        )
    if source.count != 1:
        return f"has {source.count} bands; {what} has one"
    if source.transform.b or source.transform.d or source.transform.e >= 0:
        return "has turned cells; warp it to north up first"
    return ""


def _geotiff_dem(path: Path) -> Dem:
    with open_geotiff(path, "an elevation model") as source:
        scale, offset, nodata = source.scales[0], source.offsets[0], source.nodata
        crs, transform = source.crs.to_wkt(), source.transform
        width, height = source.width, source.height
        if np.issubdtype(np.dtype(source.dtypes[0]), np.complexfloating):
            raise FileError(f"{path} holds complex numbers; an elevation model holds metres")

    def read(window: Window) -> NDArray[np.float32]:
        try:
            with rasterio.open(path) as source:
                cells = source.read(1, window=window)
        except RasterioError as error:
            raise FileError(f"{path} is cut short or damaged: {error}") from error
        metres = cells.astype(np.float32)
        if nodata is not None:
            metres[cells == nodata] = np.nan
        return _without_voids(metres * np.float32(scale) + np.float32(offset))

    return Dem(path, crs, transform, width, height, public_domain=False, read=read)


def _without_voids(metres: NDArray[np.float32]) -> NDArray[np.float32]:
    metres[~((metres >= _LOWEST) & (metres <= _HIGHEST))] = np.nan
    return metres
