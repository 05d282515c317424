"""Ground and water of a map: rivers traced, lakes filled, beds cut, cropped to the map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.terrain.synth.arrays import Booleans, Floats
from optimizer.terrain.synth.carve import base_of, carve, grade_beds
from optimizer.terrain.synth.courses import STREAM_M2, Course, trace
from optimizer.terrain.synth.flow import Drainage, accumulate, route, unrest
from optimizer.terrain.synth.lakes import find_lakes
from optimizer.terrain.synth.relief import Relief

__all__ = ["Waters", "make_waters"]

#: Depth of the least stream in metres, and exponent of the drainage area.
DEPTH_M, DEPTH_EXPONENT = 0.6, 0.28


@dataclass(frozen=True)
class Waters:
    """The map's ground with its water.

    Parameters
    ----------
    elevation : ndarray, shape (rows, columns)
        Metres; beds are cut into it.
    courses : tuple of Course
        Rivers and streams, parents before children.
    lake : ndarray of bool, shape (rows, columns)
        Cells of lakes.
    area_m2 : ndarray, shape (rows, columns)
        Drainage area of each cell.
    above_m : ndarray, shape (rows, columns)
        Height above the stream that a cell drains into.
    """

    elevation: Floats
    courses: tuple[Course, ...]
    lake: Booleans
    area_m2: Floats
    above_m: Floats


def make_waters(rng: np.random.Generator, relief: Relief, cells: int) -> Waters:
    """Trace the rivers of a relief, cut their beds, and crop to the map.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    relief : Relief
        The padded domain.
    cells : int
        Cells along one side of the map.

    Returns
    -------
    Waters
        The map.
    """
    drainage = _drain(rng, relief)
    shape, area = relief.elevation.shape, drainage.area_m2
    depth = DEPTH_M * (np.maximum(area, 1.0) / STREAM_M2) ** DEPTH_EXPONENT
    bed = drainage.filled.ravel() - np.where(area >= STREAM_M2, depth, 0.0)
    lake = np.zeros(bed.size, np.bool_)
    for mouth, body in find_lakes(rng, relief, drainage, bed):
        lake |= body
        bed[body] = bed[mouth]
    grade_beds(bed, drainage.receiver, drainage.order, area, relief.resolution_m)
    courses = trace(rng, drainage, bed, relief.resolution_m)
    elevation = carve(
        relief.elevation, courses, lake.reshape(shape), bed.reshape(shape), relief.resolution_m
    )
    low, high = relief.margin, relief.margin + cells

    def crop(field: Floats) -> Floats:
        return np.ascontiguousarray(field.reshape(shape)[low:high, low:high])

    return Waters(
        elevation=crop(elevation),
        courses=tuple(replace(course, line=course.line - low) for course in courses),
        lake=np.ascontiguousarray(lake.reshape(shape)[low:high, low:high]),
        area_m2=crop(area),
        above_m=crop(elevation - base_of(elevation, drainage)),
    )


def _drain(rng: np.random.Generator, relief: Relief) -> Drainage:
    """Return how the domain drains."""
    noise = unrest(rng, relief.elevation.shape)
    receiver, order, filled = route(relief.elevation, relief.outlet, noise)
    source = np.full(filled.size, relief.resolution_m**2) + relief.inflow_m2.ravel()
    return Drainage(receiver, order, filled, accumulate(receiver, order, source))
