"""The relief of a sheet as an embedded picture, and its contours as lines."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import contourpy
import numpy as np
import shapely
from PIL import Image
from scipy.ndimage import gaussian_filter

from briefing.pictures.fine_lines import FINE, LENIENCE, PALE, Lines, fine_group
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import element, whole_path
from optimizer.terrain.show.ground import contour_interval_m, ground_picture, resampled
from optimizer.terrain.show.style import CONTOUR
from optimizer.terrain.theatre import Theatre

__all__ = ["draw_contours", "draw_relief", "window_of"]

#: Pixels of the relief a point of the sheet: about 160 an inch.
_PIXELS = 2.2
_JPEG_QUALITY = 80
_CONTOURS_APART = 1.9
#: More cells along a side than a contour can show.
_CONTOUR_CELLS = 620

Window = tuple[slice, slice]


def window_of(theatre: Theatre, sheet: Sheet) -> Window | None:
    """Return the cells that a sheet shows.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    sheet : Sheet
        The sheet.

    Returns
    -------
    tuple of slice, or None
        Rows and columns; None where the sheet lies off the ground.
    """
    grid = theatre.grid
    top, left = grid.cell(sheet.west, sheet.north)
    bottom, right = grid.cell(sheet.east, sheet.south)
    rows = slice(max(top, 0), min(bottom + 1, grid.height))
    columns = slice(max(left, 0), min(right + 1, grid.width))
    if rows.stop - rows.start < 2 or columns.stop - columns.start < 2:  # noqa: PLR2004
        return None
    return rows, columns


def _clipped(theatre: Theatre, sheet: Sheet, window: Window) -> tuple[Window, tuple[float, ...]]:
    """Return the cells that lie wholly on the sheet, and where they lie on it, in points."""
    grid, r = theatre.grid, theatre.grid.resolution_m
    rows, columns = window
    west, north = grid.west_m + columns.start * r, grid.north_m - rows.start * r
    first_row = rows.start + int(north > sheet.north)
    first_column = columns.start + int(west < sheet.west)
    last_row = rows.stop - int(grid.north_m - rows.stop * r < sheet.south)
    last_column = columns.stop - int(grid.west_m + columns.stop * r > sheet.east)
    box = np.array(
        [
            (grid.west_m + first_column * r, grid.north_m - first_row * r),
            (grid.west_m + last_column * r, grid.north_m - last_row * r),
        ]
    )
    (left, top), (right, bottom) = sheet.place(box)
    return (slice(first_row, last_row), slice(first_column, last_column)), (
        float(left), float(top), float(right), float(bottom),
    )  # fmt: skip


def draw_relief(theatre: Theatre, sheet: Sheet, window: Window) -> str:
    """Draw land cover and relief.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    sheet : Sheet
        The sheet.
    window : tuple of slice
        Cells that it shows.

    Returns
    -------
    str
        An image with its data inside.
    """
    cells, (left, top, right, bottom) = _clipped(theatre, sheet, window)
    shape = (max(round((bottom - top) * _PIXELS), 2), max(round((right - left) * _PIXELS), 2))
    colours = ground_picture(theatre, cells, shape).astype(np.float64)
    whiter = np.round(colours + (255 - colours) * PALE).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(whiter).save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return element(
        "image",
        x=left, y=top, width=right - left, height=bottom - top,
        preserveAspectRatio="none", href=f"data:image/jpeg;base64,{data}",
    )  # fmt: skip


def draw_contours(theatre: Theatre, sheet: Sheet, window: Window) -> tuple[float, str]:
    """Draw contours, every fifth of them stronger.

    Parameters
    ----------
    theatre : Theatre
        The ground, with relief.
    sheet : Sheet
        The sheet.
    window : tuple of slice
        Cells that it shows.

    Returns
    -------
    float, str
        Metres from contour to contour, and elements.
    """
    cells, (left, top, right, bottom) = _clipped(theatre, sheet, window)
    z = theatre.raster("elevation")[cells]
    # What stands apart at 1.6 points there stands a little wider here.
    interval = contour_interval_m(
        z, theatre.grid.resolution_m, sheet.metres_a_point * _CONTOURS_APART / 1.6
    )
    reduced = min(1.0, _CONTOUR_CELLS / max(z.shape))
    shape = (max(int(z.shape[0] * reduced), 2), max(int(z.shape[1] * reduced), 2))
    smooth = gaussian_filter(resampled(z, shape), 0.8)
    x = (left - sheet.left + (np.arange(shape[1]) + 0.5) * (right - left) / shape[1]) * FINE
    y = (top - sheet.top + (np.arange(shape[0]) + 0.5) * (bottom - top) / shape[0]) * FINE
    maker = contourpy.contour_generator(x, y, smooth, name="serial", line_type="Separate")
    first, last = np.ceil(smooth.min() / interval), np.floor(smooth.max() / interval)

    def drawn() -> Iterator[str]:
        plain: Lines = []
        index: Lines = []
        for step in range(int(first), int(last) + 1):
            kept = plain if step % 5 else index
            for line in maker.lines(step * interval):
                course = shapely.LineString(np.asarray(line)).simplify(LENIENCE * 1.2)
                if course.length > 40:  # noqa: PLR2004 - four points: shorter ones are specks
                    kept.append(shapely.get_coordinates(course))
        for lines, width, opacity in ((plain, 0.2, 0.38), (index, 0.4, 0.55)):
            data = whole_path(lines)
            if data:
                yield element(
                    "path",
                    d=data,
                    stroke=CONTOUR,
                    stroke_width=width * FINE,
                    stroke_opacity=opacity,
                )

    return interval, fine_group(drawn(), sheet)
