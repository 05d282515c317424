"""The explicit graph of open ground: every open step an arc, built from the rules alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.network.search.cells import MOVE_COLUMNS, MOVE_ROWS, Cells

__all__ = ["steps"]


def steps(ground: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return every open step: cell from, cell to, cost."""
    shape = ground.height, ground.width
    z, free = ground.z_m.reshape(shape).astype(float), ground.blocked.reshape(shape) == 0
    south, east = (np.gradient(z, ground.resolution_m, axis=axis) for axis in (0, 1))
    number = np.arange(z.size).reshape(shape)
    grades = np.linspace(-1, 1, ground.slope.shape[1])

    def moved(values: NDArray[np.generic], row: int, column: int) -> NDArray[np.generic]:
        return np.roll(values, (-row, -column), axis=(0, 1))

    found = []
    for row, column in zip(MOVE_ROWS.tolist(), MOVE_COLUMNS.tolist(), strict=True):
        d = ground.resolution_m * np.hypot(row, column)
        grade = (moved(z, row, column) - z) / d
        is_open = free & moved(free, row, column)
        is_open &= (grade <= ground.max_up) & (grade >= -ground.max_down)
        side = np.abs(east * row - south * column) / np.hypot(row, column)
        is_open &= (side <= ground.max_side) & (moved(side, row, column) <= ground.max_side)
        if row and column:
            half_row, half_column = int(row / 2), int(column / 2)
            passed = {
                (1, 1): [(row, 0), (0, column)],
                (1, 2): [(0, half_column), (row, half_column)],
                (2, 1): [(half_row, 0), (half_row, column)],
            }[abs(row), abs(column)]
            for beside in passed:
                is_open &= moved(free, *beside)
        rows, columns = np.indices(shape, sparse=True)
        is_open &= (rows + row >= 0) & (rows + row < shape[0])
        is_open &= (columns + column >= 0) & (columns + column < shape[1])
        tail, head = number[is_open], moved(number, row, column)[is_open]
        grade = grade[is_open]
        time_s, fuel_m = np.zeros(tail.size), np.zeros(tail.size)
        for k, factors in enumerate(ground.slope):
            pace = (ground.pace[k, tail].astype(float) + ground.pace[k, head]) / 2
            fuel = (ground.fuel[k, tail].astype(float) + ground.fuel[k, head]) / 2
            fuel *= 1 + ground.fuel_per_grade[k] * np.maximum(grade, 0)
            time_s = np.maximum(time_s, d * pace / np.interp(grade, grades, factors))
            fuel_m = np.maximum(fuel_m, d * fuel)
        parts = np.array([time_s, np.full(tail.size, d), fuel_m, d * ground.exposure[head]])
        found.append((tail, head, ground.weights @ parts))
    tails, heads, costs = (np.concatenate(values) for values in zip(*found, strict=True))
    return tails, heads, costs
