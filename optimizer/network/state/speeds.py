"""Time, fuel and exposure of whole layers at once: of every edge, and of every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import FileError
from optimizer.network.search.cells import Cells
from optimizer.terrain.speed_raster import speed_raster_kmh
from optimizer.terrain.tables import OFF_ROAD, default, light_factor

if TYPE_CHECKING:
    from optimizer.network.state.conditions import Conditions
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.tables import MobilityClass
    from optimizer.terrain.theatre import Theatre

__all__ = ["EdgeSums", "edge_sums", "open_ground"]

#: Points of a slope table from -1 to 1; the tables' grades are multiples of a hundredth.
_SLOPE_POINTS = 201


@dataclass(frozen=True)
class EdgeSums:
    """What every edge costs in either direction.

    Parameters
    ----------
    forward, against : ndarray of float64, shape (edges, 4)
        Time in s, distance in m, fuel in flat paved metres, exposure in thousandths, from tail to
        head and from head to tail. Infinite or NaN times are of edges closed to the classes.
    """

    forward: NDArray[np.float64]
    against: NDArray[np.float64]


def edge_sums(
    roads: Roads, classes: Sequence[MobilityClass], conditions: Conditions, vehicles: int = 1
) -> EdgeSums:
    """Return what every edge costs.

    Parameters
    ----------
    roads : Roads
        Roads.
    classes : sequence of MobilityClass
        Classes that go together: the slowest and the thirstiest count.
    conditions : Conditions
        State of the ground, areas, changes, visibility.
    vehicles : int
        How many march together: behind a bridge that they cross at a spacing they close up again.

    Returns
    -------
    EdgeSums
        For all edges, open or not.
    """
    slow = conditions.areas.edge_factor(roads)
    per_m = conditions.areas.edge_exposure(roads)
    if conditions.exposure is not None:
        per_m = per_m + conditions.exposure.edges
    per_s = conditions.areas.edge_exposure_per_s(roads)
    held = default("grade_limit_road")
    grade = np.clip(roads.grade, -held, held)
    changes = conditions.changes
    caps_kmh = np.fmin(roads.max_speed_kmh, np.fmin(changes.speed_kmh, changes.spaced_kmh))
    caps_kmh = np.fmin(caps_kmh, np.inf if conditions.cap_kmh is None else conditions.cap_kmh)
    opened_m = np.maximum(changes.spacing_m - conditions.gap_m, 0) * (vehicles - 1)
    timed_m = roads.length_m + opened_m
    state, light = conditions.state.value, conditions.light.value
    highway_values, highway = _coded(roads.highway)
    surface_values, surface_of = _coded(roads.surface)
    sides = []
    for rise in (grade, -grade):
        time_s, fuel_m = np.zeros(len(roads)), np.zeros(len(roads))
        for mobility in classes:
            surfaces = [mobility.surface_of(value) for value in surface_values]
            level_kmh = np.array(
                [
                    mobility.road_speed_kmh(value) * light_factor(light, mobility.id, value)
                    for value in highway_values
                ]
            )
            surface_factor = np.array([surface.of(state) for surface in surfaces])
            grades, factors = np.array(mobility.slope).T
            speed_kmh = level_kmh[highway] * surface_factor[surface_of]
            speed_kmh = np.fmin(speed_kmh * np.interp(rise, grades, factors), caps_kmh) * slow
            with np.errstate(divide="ignore"):
                time_s = np.maximum(time_s, timed_m / (speed_kmh / 3.6))
            fuel = np.array([surface.fuel for surface in surfaces])[surface_of]
            fuel = fuel * (1 + mobility.fuel_per_grade * np.maximum(rise, 0))
            fuel_m = np.maximum(fuel_m, roads.length_m * fuel)
        # Without a rate, an endless time on a closed edge exposes to nothing.
        exposure = per_m + np.multiply(per_s, time_s, out=np.zeros(len(roads)), where=per_s > 0)
        sides.append(np.column_stack((time_s, roads.length_m, fuel_m, exposure)))
    return EdgeSums(*sides)


def open_ground(
    theatre: Theatre, classes: Sequence[MobilityClass], conditions: Conditions
) -> Cells:
    """Return the open ground for classes that go together, weighed by time.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    classes : sequence of MobilityClass
        Classes.
    conditions : Conditions
        State of the ground, areas that block, slow and expose, exposure by the ground itself.

    Returns
    -------
    Cells
        What the search goes over; ``weights`` and ``least`` are those of `weighed`.
    """
    grid, areas, state = theatre.grid, conditions.areas, conditions.state
    exposure = areas.cell_exposure(grid)
    if conditions.exposure is not None:
        exposure = exposure + conditions.exposure.cells
    blocked = areas.blocked_cells(grid)
    factor = areas.cell_factor(grid)
    pace, fuel = [], []
    for mobility in classes:
        speed_kmh = speed_raster_kmh(theatre, mobility, state.value) * factor
        speed_kmh *= light_factor(conditions.light.value, mobility.id, OFF_ROAD)
        blocked |= speed_kmh <= 0
        with np.errstate(divide="ignore"):
            pace.append((3.6 / speed_kmh).astype(np.float32).ravel())
        table = np.array([mobility.cover_of(code).fuel for code in range(256)], np.float32)
        fuel.append(table[theatre.raster("landcover")].ravel())
    grades = np.linspace(-1, 1, _SLOPE_POINTS)
    return Cells(
        width=grid.width,
        height=grid.height,
        resolution_m=float(grid.resolution_m),
        z_m=np.ascontiguousarray(theatre.raster("elevation"), np.float32).ravel(),
        blocked=blocked.astype(np.uint8).ravel(),
        pace=np.array(pace),
        fuel=np.array(fuel),
        exposure=exposure.astype(np.float32).ravel(),
        exposure_s=areas.cell_exposure_per_s(grid).astype(np.float32).ravel(),
        slope=np.array([_slope(mobility, grades) for mobility in classes]),
        fuel_per_grade=np.array([mobility.fuel_per_grade for mobility in classes]),
        max_up=min(mobility.max_slope_up for mobility in classes),
        max_down=min(mobility.max_slope_down for mobility in classes),
        max_side=min(mobility.max_side_slope for mobility in classes),
        weights=np.array([1.0, 0.0, 0.0, 0.0]),
        least=0.0,
    )


def _slope(mobility: MobilityClass, grades: NDArray[np.float64]) -> NDArray[np.float64]:
    stated, factors = np.array(mobility.slope).T
    if not np.allclose(stated * 100, np.round(stated * 100), atol=1e-9):
        raise FileError(f"slope.csv: a grade of {mobility.id} is not a multiple of 0.01")
    return np.asarray(np.interp(grades, stated, factors), np.float64)


def _coded(values: NDArray[np.str_]) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct values, and for each entry which of them it is."""
    distinct, code = np.unique(values, return_inverse=True)
    return [str(value) for value in distinct], code
