"""The picture under the map: land cover and height as colours, shaded by the relief."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from optimizer.datasets import read_table
from optimizer.terrain.theatre import Theatre

__all__ = ["contour_interval_m", "ground_picture", "hillshade", "resampled"]

#: Share of the land cover's colour against the tint of height.
_COVER_SHARE = 0.74
#: Height as a share of the theatre's range -> colour, from valley to summit.
_TINTS = (
    (0.00, "#dbe3c4"),
    (0.25, "#e9e8cf"),
    (0.50, "#efe6d2"),
    (0.75, "#e6dccf"),
    (1.00, "#f6f3ee"),
)
_SHADOW = np.array([0.36, 0.40, 0.52])
_LIGHT = np.array([1.0, 0.985, 0.94])
_INTERVALS_M = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


def resampled(array: NDArray[np.floating], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Resample a raster to another number of rows and columns over the same ground.

    Parameters
    ----------
    array : ndarray, shape (rows, columns)
        Values.
    shape : tuple of int
        Rows and columns wanted.

    Returns
    -------
    ndarray of float64
        Smooth where it is enlarged, averaged where it is reduced.
    """
    step = [have / want for have, want in zip(array.shape, shape, strict=True)]
    values = np.asarray(array, np.float64)
    if max(step) > 1:
        values = gaussian_filter(values, [max(s - 1, 0) / 2 for s in step], mode="nearest")
    rows, columns = ((np.arange(want) + 0.5) * s - 0.5 for want, s in zip(shape, step, strict=True))
    grid = np.meshgrid(rows, columns, indexing="ij")
    result: NDArray[np.float64] = map_coordinates(values, grid, order=3, mode="nearest")
    return result


def hillshade(z_m: NDArray[np.float64], cell_m: float, exaggeration: float) -> NDArray[np.float64]:
    """Shade a relief with light from the north-west and a softer one from four sides.

    Four directions weighted by the aspect show ridges that run towards the light, which one light
    alone leaves flat (Mark 1992, USGS Open-File Report 92-422).

    Parameters
    ----------
    z_m : ndarray of float64, shape (rows, columns)
        Metres, row 0 in the north.
    cell_m : float
        Side of a cell.
    exaggeration : float
        Factor on the heights.

    Returns
    -------
    ndarray of float64
        0 in full shadow, 1 in full light; level ground has about 0.7.
    """
    south, east = np.gradient(z_m * exaggeration, cell_m)
    north = -south
    steep = 1 / np.sqrt(1 + north**2 + east**2)
    aspect = np.arctan2(-east, -north)  # clockwise from north, the way water runs

    def lit(azimuth: float, altitude: float) -> NDArray[np.float64]:
        a, h = np.radians(azimuth), np.radians(altitude)
        light = np.sin(h) - np.cos(h) * (np.sin(a) * east + np.cos(a) * north)
        result: NDArray[np.float64] = np.clip(light * steep, 0, 1)
        return result

    main = lit(315, 45)
    several = np.zeros_like(z_m)
    weights = np.full_like(z_m, 1e-9)
    for azimuth in (225, 270, 315, 360):
        weight = np.sin(aspect - np.radians(azimuth)) ** 2
        several += weight * lit(azimuth, 40)
        weights += weight
    result: NDArray[np.float64] = 0.65 * main + 0.35 * several / weights
    return result


def contour_interval_m(z_m: NDArray[np.floating], cell_m: float, metres_a_point: float) -> float:
    """Return the interval at which contours stay apart on steep ground.

    Parameters
    ----------
    z_m : ndarray, shape (rows, columns)
        Metres.
    cell_m : float
        Side of a cell.
    metres_a_point : float
        Ground that a point of the sheet shows.

    Returns
    -------
    float
        Metres: on the steepest tenth of the ground they stand at least 1.6 points apart.
    """
    south, east = np.gradient(np.asarray(z_m, np.float64), cell_m)
    steep = float(np.percentile(np.hypot(south, east), 90))
    wanted = steep * metres_a_point * 1.6
    return next((step for step in _INTERVALS_M if step >= wanted), _INTERVALS_M[-1])


def _tint(share: NDArray[np.float64]) -> NDArray[np.float64]:
    stops = [stop for stop, _ in _TINTS]
    colours = np.array([to_rgb(colour) for _, colour in _TINTS])
    return np.stack([np.interp(share, stops, colours[:, band]) for band in range(3)], axis=-1)


def _cover_colours(codes: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.float64]:
    table = np.tile(to_rgb("#efece2"), (256, 1))
    for row in read_table("terrain_tables", "landcover.csv"):
        table[int(row["code"])] = to_rgb(row["colour"])
    rows = np.minimum(np.arange(shape[0]) * codes.shape[0] // shape[0], codes.shape[0] - 1)
    columns = np.minimum(np.arange(shape[1]) * codes.shape[1] // shape[1], codes.shape[1] - 1)
    picture = table[codes[np.ix_(rows, columns)]]
    # Cells are no shapes of the ground: their corners are rounded off.
    soft = max(shape[1] / codes.shape[1], 1.0) * 0.6
    result: NDArray[np.float64] = gaussian_filter(picture, (soft, soft, 0), mode="nearest")
    return result


def ground_picture(
    theatre: Theatre, window: tuple[slice, slice], shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Paint the ground.

    Parameters
    ----------
    theatre : Theatre
        The theatre.
    window : tuple of slice
        Rows and columns of the grid to paint.
    shape : tuple of int
        Rows and columns of the picture.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        Red, green, blue.
    """
    codes = theatre.raster("landcover")[window]
    colours = _cover_colours(codes, shape)
    if not theatre.has_relief:
        return _bytes(colours)
    whole = theatre.raster("elevation")
    z = resampled(whole[window], shape)
    cell = theatre.grid.resolution_m * codes.shape[1] / shape[1]
    low, high = np.percentile(whole, [1, 99])
    tint = _tint(np.clip((z - low) / max(high - low, 1.0), 0, 1))
    mapped = gaussian_filter(resampled((codes > 0).astype(np.float64), shape), 1.5)[..., None]
    share = _COVER_SHARE * np.clip(mapped, 0, 1)
    colours = share * colours + (1 - share) * tint
    shade = hillshade(gaussian_filter(z, 0.8), cell, _exaggeration(z, cell))
    level = np.sin(np.radians(45)) * 0.65 + np.sin(np.radians(40)) * 0.35
    dark = np.clip((level - shade) / level, 0, 1)[..., None] ** 1.1
    bright = np.clip((shade - level) / (1 - level), 0, 1)[..., None]
    shaded = colours * (1 - 0.78 * dark * (1 - _SHADOW))
    return _bytes(shaded + 0.42 * bright * (_LIGHT - shaded))


def _bytes(colours: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.round(np.clip(colours, 0, 1) * 255).astype(np.uint8)


def _exaggeration(z: NDArray[np.float64], cell_m: float) -> float:
    """Lift flat ground so that it shows, and leave mountains as they are."""
    south, east = np.gradient(z, cell_m)
    steep = float(np.percentile(np.hypot(south, east), 90))
    return float(np.clip(0.55 / max(steep, 0.02), 0.9, 6.0))
