"""The picture under the map: shaded relief with a soft tint of the land cover, in Web Mercator."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rasterio.transform import Affine, from_bounds
from rasterio.warp import Resampling, reproject

from dashboard.map.mercator import Mercator
from optimizer.terrain.show.ground import ground_picture
from optimizer.terrain.theatre import Theatre

__all__ = ["Shade", "relief"]

Shade = Literal["light", "dark"]

#: The longer side of the picture, in pixels: sharp enough at zoom 13, and a tenth of a megabyte.
_LONGEST_PX = 1600
_QUALITY = 80
#: What lies over the relief must stand out: its colours are drawn towards white, or to night.
_PAPER = np.array([0.985, 0.98, 0.965])
_PAPER_SHARE = 0.30
_NIGHT_LOW = np.array([0.055, 0.070, 0.090])
_NIGHT_HIGH = np.array([0.300, 0.330, 0.365])
_NIGHT_COLOUR = 0.16


def relief(theatre: Theatre, shade: Shade) -> bytes:
    """Paint a theatre for the map.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    shade : {"light", "dark"}
        For a page in light or dark colours.

    Returns
    -------
    bytes
        WebP over the extent of `Mercator.of`; transparent where the theatre does not reach.
    """
    mercator = Mercator.of(theatre)
    grid = theatre.grid
    # Never finer than the elevation: the warp below is smooth, and much faster.
    scale = min(_LONGEST_PX / max(grid.shape), 1)
    shape = (round(grid.height * scale), round(grid.width * scale))
    window = (slice(0, grid.height), slice(0, grid.width))
    painted = ground_picture(theatre, window, shape).astype(np.float64) / 255
    colours = _soft(painted) if shade == "light" else _night(painted)
    bands = np.concatenate([colours, np.ones((*shape, 1))], axis=-1)
    warped = _warped(np.round(bands * 255).astype(np.uint8), theatre, mercator)
    buffer = io.BytesIO()
    Image.fromarray(warped, "RGBA").save(buffer, "WEBP", quality=_QUALITY, method=4)
    return buffer.getvalue()


def _soft(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    return colours * (1 - _PAPER_SHARE) + _PAPER * _PAPER_SHARE


def _night(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn day into night: light slopes stay lighter, and a hint of the land cover is left."""
    grey = colours @ np.array([0.299, 0.587, 0.114])
    low, high = np.percentile(grey, [1, 99])
    light = np.clip((grey - low) / max(high - low, 1e-6), 0, 1)[..., None] ** 1.15
    night = _NIGHT_LOW + light * (_NIGHT_HIGH - _NIGHT_LOW)
    result: NDArray[np.float64] = np.clip(night + _NIGHT_COLOUR * (colours - grey[..., None]), 0, 1)
    return result


def _warped(picture: NDArray[np.uint8], theatre: Theatre, mercator: Mercator) -> NDArray[np.uint8]:
    grid, (rows, columns) = theatre.grid, picture.shape[:2]
    cell_x = grid.width * grid.resolution_m / columns
    cell_y = grid.height * grid.resolution_m / rows
    wide, high = mercator.east - mercator.west, mercator.north - mercator.south
    scale = _LONGEST_PX / max(wide, high)
    width, height = round(wide * scale), round(high * scale)
    warped = np.zeros((4, height, width), np.uint8)
    reproject(
        np.moveaxis(picture, -1, 0),
        warped,
        src_transform=Affine(cell_x, 0, grid.west_m, 0, -cell_y, grid.north_m),
        src_crs=theatre.manifest.crs,
        dst_transform=from_bounds(
            mercator.west, mercator.south, mercator.east, mercator.north, width, height
        ),
        dst_crs="EPSG:3857",
        resampling=Resampling.cubic,
    )
    return np.ascontiguousarray(np.moveaxis(warped, 0, -1))
