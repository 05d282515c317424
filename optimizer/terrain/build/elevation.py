"""Mosaics elevation files onto the grid of a theatre and fills what they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rasterio.warp
import shapely
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.fill import fillnodata
from rasterio.transform import Affine, from_origin
from scipy.ndimage import distance_transform_edt
from scipy.sparse import csr_array
from scipy.sparse.linalg import splu
from shapely.geometry.base import BaseGeometry

from optimizer.errors import FileError
from optimizer.terrain.build.dem import Dem
from optimizer.terrain.theatre import Grid

__all__ = ["Relief", "affine", "cell_size_m", "footprint", "relief", "sample", "trimmed"]

#: Voids up to so many cells are filled with the membrane; more would take too long to solve.
_MEMBRANE_CELLS = 400_000
#: Cells added around a file, as many as a cubic kernel reaches and one.
_PAD = 3


@dataclass(frozen=True, slots=True)
class Relief:
    """Elevation on the grid.

    Parameters
    ----------
    z_m : ndarray of float32, shape (rows, columns)
        Metres, without voids.
    voids : int
        Cells that the files cover but leave open, now filled.
    uncovered : int
        Cells that no file covers, now extrapolated.
    """

    z_m: NDArray[np.float32]
    voids: int
    uncovered: int


def affine(grid: Grid) -> Affine:
    """Return the transform of a grid.

    Parameters
    ----------
    grid : Grid
        The grid.

    Returns
    -------
    Affine
        From (column, row) to (x, y).
    """
    return from_origin(grid.west_m, grid.north_m, grid.resolution_m, grid.resolution_m)


def footprint(dems: Sequence[Dem], crs: str) -> BaseGeometry:
    """Return the ground that elevation files cover.

    Parameters
    ----------
    dems : sequence of Dem
        The files.
    crs : str
        CRS of the answer.

    Returns
    -------
    Geometry
        Polygon or multipolygon.
    """
    return shapely.union_all([dem.footprint(crs) for dem in dems])


def cell_size_m(dem: Dem, crs: str) -> float:
    """Return the side of a file's cells in metres, as the root of their mean area.

    Parameters
    ----------
    dem : Dem
        The file.
    crs : str
        A projected CRS.

    Returns
    -------
    float
        Metres.
    """
    return float(np.sqrt(dem.footprint(crs).area / (dem.width * dem.height)))


def relief(dems: Sequence[Dem], grid: Grid) -> Relief:
    """Mosaic elevation files; where they overlap, the first that is named wins.

    Parameters
    ----------
    dems : sequence of Dem
        The files, in any CRS.
    grid : Grid
        Grid of the theatre.

    Returns
    -------
    Relief
        Elevation without voids.

    Raises
    ------
    FileError
        If no cell of the grid has an elevation.
    """
    z = np.full(grid.shape, np.nan, np.float32)
    covered = np.zeros(grid.shape, np.bool_)
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    for dem in dems:
        window = dem.window((grid.west_m, south, east, grid.north_m), grid.crs)
        if window is None:
            continue
        layer = _warped(dem, window, grid)
        z = np.where(np.isnan(z), layer, z)
        covered |= _inside(dem.footprint(grid.crs), grid)
    void = np.isnan(z)
    if void.all():
        files = ", ".join(str(dem.path) for dem in dems)
        raise FileError(
            f"{files}: no cell of the ground has an elevation between -600 and 9000 m; is it an"
            " elevation model in metres, and of this place?"
        )
    return Relief(_filled(z), int((void & covered).sum()), int((void & ~covered).sum()))


def _inside(shape: BaseGeometry, grid: Grid) -> NDArray[np.bool_]:
    mask: NDArray[np.uint8] = rasterize([shape], out_shape=grid.shape, transform=affine(grid))
    return mask > 0


def _warped(dem: Dem, window: rasterio.windows.Window, grid: Grid) -> NDArray[np.float32]:
    finer = cell_size_m(dem, grid.crs) < 0.75 * grid.resolution_m
    cells = dem.read(window)
    known = np.isfinite(cells)
    if not known.any():
        return np.full(grid.shape, np.nan, np.float32)
    origin = rasterio.windows.transform(window, dem.transform)
    # A cubic kernel that misses cells bends: beyond the edges the ground is carried on straight,
    # and voids are filled for the kernel's sake and cut out again.
    around = np.pad(_filled(cells), _PAD, mode="reflect", reflect_type="odd")
    resampling = Resampling.average if finer else Resampling.cubic
    target = _reprojected(around, origin @ Affine.translation(-_PAD, -_PAD), dem, grid, resampling)
    inside = _reprojected(known.astype(np.float32), origin, dem, grid, Resampling.nearest)
    target[inside != 1] = np.nan
    return target


def _reprojected(
    cells: NDArray[np.float32], origin: Affine, dem: Dem, grid: Grid, resampling: Resampling
) -> NDArray[np.float32]:
    target = np.full(grid.shape, np.nan, np.float32)
    rasterio.warp.reproject(
        cells,
        target,
        src_transform=origin,
        src_crs=dem.crs,
        dst_transform=affine(grid),
        dst_crs=grid.crs,
        dst_nodata=np.nan,
        resampling=resampling,
        num_threads=1,
    )
    return target


def _filled(z: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fill voids with a membrane: each cell the mean of its four neighbours, free at the edges."""
    void = np.isnan(z)
    count = int(void.sum())
    if count == 0:
        return z
    if count > _MEMBRANE_CELLS:
        return _filled_roughly(z, void)
    number = np.full(z.shape, -1, np.int64)
    number[void] = np.arange(count)
    diagonal = np.zeros(count)
    right = np.zeros(count)
    rows, columns, values = [], [], []
    for axis in (0, 1):
        for one, other in (_neighbours(axis), _neighbours(axis)[::-1]):
            here = void[one]
            me, you, you_z = number[one][here], number[other][here], z[other][here]
            np.add.at(diagonal, me, 1.0)
            unknown = you >= 0
            rows.append(me[unknown])
            columns.append(you[unknown])
            values.append(np.full(int(unknown.sum()), -1.0))
            np.add.at(right, me[~unknown], you_z[~unknown].astype(np.float64))
    own = np.arange(count)
    matrix = csr_array(
        (
            np.concatenate((*values, diagonal)),
            (np.concatenate((*rows, own)), np.concatenate((*columns, own))),
        ),
        shape=(count, count),
    )
    filled = z.copy()
    factor = splu(
        matrix.tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    filled[void] = factor.solve(right)
    return filled


def _neighbours(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    low = [slice(None), slice(None)]
    high = [slice(None), slice(None)]
    low[axis], high[axis] = slice(None, -1), slice(1, None)
    return tuple(low), tuple(high)


def _filled_roughly(z: NDArray[np.float32], void: NDArray[np.bool_]) -> NDArray[np.float32]:
    filled = fillnodata(np.where(void, 0, z), mask=~void, max_search_distance=100)
    # What lies further from any value takes the nearest one.
    far = distance_transform_edt(void, return_distances=True) > 100  # noqa: PLR2004 - as above
    nearest = distance_transform_edt(void, return_distances=False, return_indices=True)
    result: NDArray[np.float32] = np.where(far, z[tuple(nearest)], filled).astype(np.float32)
    return result


def sample(
    z_m: NDArray[np.floating], grid: Grid, points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the elevation at points, bilinear between the centres of cells.

    Parameters
    ----------
    z_m : ndarray, shape (rows, columns)
        Metres.
    grid : Grid
        Their grid.
    points : ndarray of float64, shape (points, 2)
        Metres; beyond the outermost centres the value of the edge is held.

    Returns
    -------
    ndarray of float64, shape (points,)
        Metres.
    """
    column = (points[:, 0] - grid.west_m) / grid.resolution_m - 0.5
    row = (grid.north_m - points[:, 1]) / grid.resolution_m - 0.5
    column = np.clip(column, 0, grid.width - 1)
    row = np.clip(row, 0, grid.height - 1)
    left = np.minimum(column.astype(np.int64), max(grid.width - 2, 0))
    top = np.minimum(row.astype(np.int64), max(grid.height - 2, 0))
    right, bottom = np.minimum(left + 1, grid.width - 1), np.minimum(top + 1, grid.height - 1)
    u, v = column - left, row - top
    upper = z_m[top, left] * (1 - u) + z_m[top, right] * u
    lower = z_m[bottom, left] * (1 - u) + z_m[bottom, right] * u
    result: NDArray[np.float64] = upper * (1 - v) + lower * v
    return result


def trimmed(dems: Sequence[Dem], grid: Grid) -> Grid:
    """Cut off the sides of a grid that no elevation covers, as a turned tile leaves at its corners.

    Parameters
    ----------
    dems : sequence of Dem
        The files.
    grid : Grid
        Grid around them.

    Returns
    -------
    Grid
        A part of it whose outermost rows and columns are covered to 99 % each; the same grid if
        that would cut off more than a quarter.
    """
    inside = _inside(footprint(dems, grid.crs), grid)
    top, bottom, left, right = 0, grid.height, 0, grid.width
    while bottom - top > 1 and right - left > 1:
        sides = {
            "top": inside[top, left:right].mean(),
            "bottom": inside[bottom - 1, left:right].mean(),
            "left": inside[top:bottom, left].mean(),
            "right": inside[top:bottom, right - 1].mean(),
        }
        worst = min(sides, key=lambda side: float(sides[side]))
        if sides[worst] >= 0.99:  # noqa: PLR2004 - stated in the docstring
            break
        top += worst == "top"
        bottom -= worst == "bottom"
        left += worst == "left"
        right -= worst == "right"
    if (bottom - top) * (right - left) < 0.75 * grid.width * grid.height:
        return grid
    return Grid(
        grid.crs,
        grid.west_m + left * grid.resolution_m,
        grid.north_m - top * grid.resolution_m,
        grid.resolution_m,
        right - left,
        bottom - top,
    )
