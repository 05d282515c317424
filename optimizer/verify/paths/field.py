"""Open ground: cells, steps between them, and what they cost, one step at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from optimizer.scenario.convoys import Profile
from optimizer.terrain.tables import OFF_ROAD, MobilityClass, light_factor, mobility_class
from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.land import Cell, Land
from optimizer.verify.paths.road import factor_at

__all__ = ["blocked", "cell_speed_kmh", "step_closures", "step_cost"]

_STREAM, _RIVER = 1, 2
_KNIGHT = {1, 2}
#: Elevations are rounded to a decimetre; a grade at its limit passes.
_GRADE = 1e-6


def cell_speed_kmh(land: Land, mobility: MobilityClass, cell: Cell, grade: float) -> float:
    """Return the speed of a class in a cell.

    Parameters
    ----------
    land : Land
        Ground.
    mobility : MobilityClass
        Class.
    cell : tuple of int
        Cell on the grid.
    grade : float
        Grade in the direction of travel.

    Returns
    -------
    float
        km/h.
    """
    factor = land.factor_at(cell) * light_factor(land.light, mobility.id, OFF_ROAD)
    if mobility.sailing is not None:
        on_river = land.water(cell) == _RIVER
        return factor * (mobility.sailing.river_kmh if on_river else mobility.sailing.lake_kmh)
    speed = mobility.cover_of(land.cover(cell)).of(land.state)
    if land.water(cell) == _STREAM:
        speed *= mobility.stream_factor
    return speed * factor * factor_at(mobility.slope, grade)


def blocked(land: Land, profile: Profile, cell: Cell, pointer: str) -> Iterator[Violation]:
    """Yield why a profile cannot be in a cell.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    cell : tuple of int
        Cell.
    pointer : str
        Where it stands in the plan.

    Yields
    ------
    Violation
        At most one.
    """
    row, column = cell
    if not land.grid.contains(row, column):
        yield violation("path.outside", pointer, row=row, column=column)
        return
    area = land.no_go_at(cell)
    if area is not None:
        yield violation("path.no_go", pointer, place=f"{row}/{column}", area=area)
        return
    water = land.water(cell)
    for name in profile.mobility:
        mobility = mobility_class(name)
        if mobility.sailing is not None:
            if water < _RIVER:
                yield violation("path.land", pointer, row=row, column=column, mobility=name)
                return
            continue
        if water >= _RIVER or (water == _STREAM and not mobility.cross_stream):
            yield violation("path.water", pointer, row=row, column=column, mobility=mobility.id)
            return
        if mobility.cover_of(land.cover(cell)).of(land.state) <= 0:
            yield violation(
                "path.blocked",
                pointer,
                row=row,
                column=column,
                mobility=mobility.id,
                cover=land.cover(cell),
            )
            return


def step_closures(
    land: Land, profile: Profile, start: Cell, end: Cell, pointer: str
) -> Iterator[Violation]:
    """Yield why a step between two cells that are open is closed.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    start, end : tuple of int
        Cells.
    pointer : str
        Where the second stands in the plan.

    Yields
    ------
    Violation
        One for each reason.
    """
    passed = _passed(start, end)
    if passed is None:
        yield violation("path.step", pointer, start=f"{start}", end=f"{end}")
        return
    for cell in passed:
        for found in blocked(land, profile, cell, pointer):
            yield violation("path.corner", pointer, row=cell[0], column=cell[1], why=found.code)
    grade = _grade(land, start, end)
    side = max(_side_slope(land, cell, start, end) for cell in (start, end))
    for name in profile.mobility:
        mobility = mobility_class(name)
        if not -mobility.max_slope_down - _GRADE <= grade <= mobility.max_slope_up + _GRADE:
            yield violation(
                "path.slope",
                pointer,
                grade=round(grade, 3),
                up=mobility.max_slope_up,
                down=mobility.max_slope_down,
                mobility=mobility.id,
            )
        if side > mobility.max_side_slope + _GRADE:
            yield violation(
                "path.side_slope",
                pointer,
                side=round(side, 3),
                limit=mobility.max_side_slope,
                mobility=mobility.id,
            )


def _passed(start: Cell, end: Cell) -> tuple[Cell, ...] | None:
    """Return the cells that a step passes between its ends; None if it is no step."""
    (row, column), down, right = start, end[0] - start[0], end[1] - start[1]
    if {abs(down), abs(right)} == _KNIGHT:
        if abs(right) == 2:  # noqa: PLR2004 - a knight's move
            middle = column + right // 2
            return (row, middle), (row + down, middle)
        middle = row + down // 2
        return (middle, column), (middle, column + right)
    if max(abs(down), abs(right)) != 1:
        return None
    return ((row + down, column), (row, column + right)) if down and right else ()


def _grade(land: Land, start: Cell, end: Cell) -> float:
    return (land.z_m(end) - land.z_m(start)) / _length_m(land, start, end)


def _side_slope(land: Land, cell: Cell, start: Cell, end: Cell) -> float:
    """Return how steeply the ground at a cell falls away to the side of a step."""
    (row, column), grid = cell, land.grid
    west, east = max(column - 1, 0), min(column + 1, grid.width - 1)
    north, south = max(row - 1, 0), min(row + 1, grid.height - 1)
    per_column = (land.z_m((row, east)) - land.z_m((row, west))) / max(east - west, 1)
    per_row = (land.z_m((south, column)) - land.z_m((north, column))) / max(south - north, 1)
    down, right = end[0] - start[0], end[1] - start[1]
    across = abs(per_column * down - per_row * right) / math.hypot(down, right)
    return across / grid.resolution_m


def _length_m(land: Land, start: Cell, end: Cell) -> float:
    return math.hypot(end[0] - start[0], end[1] - start[1]) * land.grid.resolution_m


def step_cost(land: Land, profile: Profile, start: Cell, end: Cell) -> Cost:
    """Return what a step costs.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy; the step is open to it.
    start, end : tuple of int
        Cells.

    Returns
    -------
    Cost
        By the slowest and the thirstiest class of the profile.
    """
    length_m, grade = _length_m(land, start, end), _grade(land, start, end)
    times, fuels = [], []
    for name in profile.mobility:
        mobility = mobility_class(name)
        paces = [3.6 / cell_speed_kmh(land, mobility, cell, grade) for cell in (start, end)]
        times.append(length_m * sum(paces) / 2)
        thirst = [mobility.cover_of(land.cover(cell)).fuel for cell in (start, end)]
        climbing = 1 + mobility.fuel_per_grade * max(grade, 0.0)
        fuels.append(length_m * sum(thirst) / 2 * climbing)
    exposure = land.rate_at(end) * length_m + land.rate_h_at(end) / 3.6 * max(times)
    return Cost(max(times), length_m, max(fuels), exposure)
