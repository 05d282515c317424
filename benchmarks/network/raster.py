"""Made ground for searches from one source: relief, pace and barriers as GeoTIFF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

from optimizer.network.search.cells import Cells

__all__ = ["RESOLUTION_M", "cells_of", "make", "read", "slope_of_tobler", "write"]

RESOLUTION_M = 30.0
#: Thresholds of smooth noise with mean 0 and deviation 1.
_RIVER, _FORDED, _CLIFF, _FIELD, _FOREST = 0.006, 1.2, 2.2, 0.8, 0.9
#: Grades from -1 to 1 in steps of a hundredth.
GRADES = np.linspace(-1, 1, 201)


def make(side: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Return elevation in m, pace in s a metre and barriers (1) of a square of cells."""
    rng = np.random.default_rng(seed)

    def noise(sigma: float) -> NDArray[np.float64]:
        field = gaussian_filter(rng.standard_normal((side, side)), sigma, mode="wrap")
        return np.asarray(field / field.std())

    elevation = 900 + 250 * noise(60) + 60 * noise(15) + 8 * noise(4)
    # Rivers are where a smooth field changes its sign; every so often one can be forded.
    rivers = (np.abs(noise(80)) < _RIVER) & (noise(20) < _FORDED)
    blocked = rivers | (noise(10) > _CLIFF)
    pace = np.select([noise(25) > _FIELD, noise(12) > _FOREST], [1.6, 2.4], 0.72)
    middle = side // 2
    blocked[middle - 3 : middle + 4, middle - 3 : middle + 4] = False
    return {
        "elevation": elevation.astype(np.float32),
        "pace": pace.astype(np.float32),
        "blocked": blocked.astype(np.float32),
    }


def slope_of_tobler() -> NDArray[np.float64]:
    """Return Tobler's factor of the speed at each grade, 1 on the level."""
    return np.exp(-3.5 * np.abs(GRADES + 0.05)) / np.exp(-3.5 * 0.05)


def cells_of(
    layers: dict[str, NDArray[np.float32]], slope: NDArray[np.float64], steepest: float
) -> Cells:
    """Return the layers as open ground for one class, weighed by time."""
    height, width = layers["pace"].shape
    blocked = layers["blocked"].astype(np.uint8).ravel()
    pace = layers["pace"].reshape(1, -1)
    return Cells(
        width=width,
        height=height,
        resolution_m=RESOLUTION_M,
        z_m=layers["elevation"].ravel(),
        blocked=blocked,
        pace=pace,
        fuel=pace,
        exposure=np.zeros(width * height, np.float32),
        exposure_s=np.zeros(width * height, np.float32),
        slope=slope[None],
        fuel_per_grade=np.zeros(1),
        max_up=steepest,
        max_down=steepest,
        max_side=np.inf,
        weights=np.array([1.0, 0.0, 0.0, 0.0]),
        least=float(layers["pace"].min() / slope.max()),
    )


def write(path: Path, values: NDArray[np.generic]) -> None:
    """Write a raster."""
    height, width = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=1,
        dtype=values.dtype,
        crs="EPSG:32631",
        transform=from_origin(400_000, 4_700_000, RESOLUTION_M, RESOLUTION_M),
    ) as target:
        target.write(values, 1)


def read(path: Path) -> NDArray[np.float32]:
    """Read a raster."""
    with rasterio.open(path) as source:
        return source.read(1)
