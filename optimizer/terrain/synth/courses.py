"""The courses of rivers: traced down the flow, smoothed, and with bends on flat ground.

Courses are arrays of (row, column) in cells, fractional, with whole numbers at the centres of
cells, from the spring to the mouth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.flow import Drainage

__all__ = ["RIVER_M2", "STREAM_M2", "Course", "trace"]

#: Drainage area from which water is drawn as a stream, and as a river.
STREAM_M2 = 1.6e6
RIVER_M2 = 45e6
#: Side streams of fewer cells are not drawn.
FEWEST_CELLS = 8
#: Drainage area, in those of a stream, of the largest rivers.
LARGEST = 1000.0
#: Slope of the valley at which rivers stop to bend.
STEEP = 0.05
#: Bends: wavelength and width in cells, the largest rivers have them in full.
BENDS = ((11.0, 3.0), (5.5, 2.0), (2.5, 0.6))
#: Points over which a side stream is bent into the river that it joins, and over which bends fade.
JOINT_POINTS, END_POINTS = 10, 8.0


@dataclass(frozen=True)
class Course:
    """One river from its spring to where it meets a larger one or leaves the map.

    Parameters
    ----------
    line : ndarray, shape (points, 2)
        Row and column, downstream.
    bed_m : ndarray, shape (points,)
        Elevation of the water, never rising.
    area_m2 : ndarray, shape (points,)
        Drainage area.
    parent : int
        Index of the course that it joins, or -1.
    """

    line: Floats
    bed_m: Floats
    area_m2: Floats
    parent: int


def trace(
    rng: np.random.Generator, drainage: Drainage, bed: Floats, resolution_m: float
) -> list[Course]:
    """Trace all streams and rivers.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    drainage : Drainage
        How the ground drains.
    bed : ndarray, shape (cells,)
        Elevation of the water where there is any.
    resolution_m : float
        Side of a cell.

    Returns
    -------
    list of Course
        Parents before those that join them.
    """
    broad = ndimage.gaussian_filter(drainage.filled, 4.0)
    slope = np.hypot(*np.gradient(broad, resolution_m))
    donors, mouths = _donors(drainage)
    area = drainage.area_m2
    courses: list[Course] = []
    ends = [(mouth, -1, -1) for mouth in mouths]
    while ends:
        cell, parent, joint = ends.pop(0)
        cells = [cell]
        branches: list[tuple[int, int]] = []
        while donors.get(cells[-1]):
            above = sorted(donors[cells[-1]], key=lambda d: (-area[d], d))
            branches += [(d, len(cells) - 1) for d in above[1:]]
            cells.append(above[0])
        if parent >= 0 and len(cells) < FEWEST_CELLS:
            continue
        course = _course(rng, np.array(cells[::-1]), area, bed, slope)
        if parent >= 0:
            course = _join(course, courses[parent], joint)
        last = len(cells) - 1
        ends += [(d, len(courses), last - at) for d, at in branches]
        courses.append(replace(course, parent=parent))
    return courses


def _donors(drainage: Drainage) -> tuple[dict[int, list[int]], list[int]]:
    """Return the wet cells that drain into each cell, and the mouths, the largest first."""
    donors: dict[int, list[int]] = {}
    mouths: list[int] = []
    for cell in np.flatnonzero(drainage.area_m2 >= STREAM_M2).tolist():
        down = int(drainage.receiver[cell])
        if down == cell:
            mouths.append(cell)
        else:
            donors.setdefault(down, []).append(cell)
    return donors, sorted(mouths, key=lambda m: -drainage.area_m2[m])


def _course(
    rng: np.random.Generator, cells: Floats, area: Floats, bed: Floats, slope: Floats
) -> Course:
    """Return the smooth course through cells that are given downstream; one point a cell."""
    count, columns = len(cells), slope.shape[1]
    line = np.stack([cells // columns, cells % columns], axis=1).astype(np.float64)
    areas = area[cells]
    size = np.clip(np.log(areas / STREAM_M2) / np.log(LARGEST), 0.0, 1.0)
    fine = ndimage.gaussian_filter1d(line, 2.2, axis=0, mode="nearest")
    broad = ndimage.gaussian_filter1d(line, 6.0, axis=0, mode="nearest")
    flat = np.clip(1.0 - slope.ravel()[cells] / STEEP, 0.0, 1.0)
    flat = ndimage.gaussian_filter1d(flat, 8.0, mode="nearest")
    weight = (flat * size)[:, None]
    line = fine * (1.0 - weight) + broad * weight
    along = np.gradient(line, axis=0) if count > 1 else np.zeros_like(line)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-6)
    swing = np.zeros(count)
    for wave, width in BENDS:
        noise = ndimage.gaussian_filter1d(rng.standard_normal(count), wave, mode="nearest")
        # The root undoes what the filter takes from the spread of white noise.
        swing += width * noise * math.sqrt(2.0 * math.sqrt(math.pi) * wave)
    swing *= flat * (0.25 + 0.75 * size)
    ends = np.minimum(np.arange(count), np.arange(count)[::-1]) / END_POINTS
    swing *= np.clip(ends, 0.0, 1.0)
    line = line + np.stack([-along[:, 1], along[:, 0]], axis=1) * swing[:, None]
    line = ndimage.gaussian_filter1d(line, 1.0, axis=0, mode="nearest")
    water = np.minimum.accumulate(ndimage.gaussian_filter1d(bed[cells], 1.5, mode="nearest"))
    return Course(line, water, areas, -1)


def _join(course: Course, parent: Course, joint: int) -> Course:
    """Bend the lower end of a course into the parent's point, and end it there."""
    target = parent.line[joint]
    gap = target - course.line[-1]
    reach = min(len(course.line), JOINT_POINTS)
    fade = np.zeros(len(course.line))
    fade[-reach:] = np.linspace(0.0, 1.0, reach + 1)[1:] ** 1.5 * 0.85
    line = np.vstack([course.line + fade[:, None] * gap, target])
    bed = np.append(np.maximum(course.bed_m, parent.bed_m[joint]), parent.bed_m[joint])
    return Course(line, bed, np.append(course.area_m2, course.area_m2[-1]), -1)
