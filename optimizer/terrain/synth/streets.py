"""Streets inside settlements, and tracks into the empty parts of the map."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from optimizer.terrain.synth.builder import Builder
from optimizer.terrain.synth.network import Cell
from optimizer.terrain.synth.places import Place

__all__ = ["add_streets", "add_tracks"]

#: Population from which a place has streets besides its road.
LEAST_PEOPLE = 250
#: Radius of a place in metres: at no people, and for the root of the population.
RADIUS_M, RADIUS_M_ROOT = 140.0, 9.0
#: Streets tried: at least, people for one, at most.
STREETS = (3, 220.0, 60)
#: Steepest ground that streets, and tracks, set out for.
STEEPEST_STREET, STEEPEST_TRACK = 0.2, 0.35
#: Share of streets that get a second end within a reach in metres, so that blocks close.
SECOND_END, SECOND_M = 0.6, 260.0
#: Cells at the edge of the map where nothing begins.
EDGE = 3
#: A track for so many km2; how far from a road it may begin, in metres; the share that leads on.
KM2_A_TRACK, TRACK_M, LEADS_ON = 5.0, (525.0, 3900.0), 0.45
#: How far a track leads on to another road, in metres.
ON_M = (900.0, 3200.0)


def add_streets(builder: Builder, places: list[Place]) -> None:
    """Add streets inside the larger places.

    Parameters
    ----------
    builder : Builder
        Builds them.
    places : list of Place
        Settlements.
    """
    rows, columns = builder.wet.shape
    for place in places:
        if place.population < LEAST_PEOPLE:
            continue
        radius = (RADIUS_M + RADIUS_M_ROOT * place.population**0.5) / builder.resolution_m
        for _ in range(round(min(STREETS[0] + place.population / STREETS[1], STREETS[2]))):
            angle = builder.rng.uniform(0, 2 * np.pi)
            part = builder.rng.uniform(0.15, 1.0) ** 0.6
            row = round(place.row + radius * part * math.sin(angle))
            column = round(place.column + radius * part * math.cos(angle))
            if not (EDGE <= row < rows - EDGE and EDGE <= column < columns - EDGE):
                continue
            if builder.network.roads.near[row, column] or builder.wet[row, column]:
                continue
            if builder.side[row, column] <= STEEPEST_STREET:
                builder.attach((row, column), "residential")
                _second_end(builder, row, column)


def _second_end(builder: Builder, row: int, column: int) -> None:
    """Lead a street on to another one nearby."""
    if builder.rng.random() < SECOND_END:
        reach = max(4, round(SECOND_M / builder.resolution_m))
        top, left = max(row - reach, 0), max(column - reach, 0)
        part = builder.network.roads.node[top : row + reach + 1, left : column + reach + 1]
        _lead_on(
            builder,
            (row, column),
            np.argwhere(part) + np.array([top, left]),
            (0.55 * reach, reach),
            "residential",
        )


def add_tracks(builder: Builder) -> None:
    """Add tracks where no road is, some of them through to a road on the other side.

    Parameters
    ----------
    builder : Builder
        Builds them.
    """
    rows, columns = builder.wet.shape
    wanted = round(rows * columns * builder.resolution_m**2 / 1e6 / KM2_A_TRACK)
    least, most = (m / builder.resolution_m for m in TRACK_M)
    node = builder.network.roads.node
    away = ndimage.distance_transform_edt(~node)
    for _ in range(wanted):
        row = int(builder.rng.integers(EDGE + 1, rows - EDGE - 1))
        column = int(builder.rng.integers(EDGE + 1, columns - EDGE - 1))
        fits = least < away[row, column] < most and builder.side[row, column] <= STEEPEST_TRACK
        if not fits or builder.wet[row, column] or not np.isfinite(builder.land.cost[row, column]):
            continue
        if builder.attach((row, column), "track") and builder.rng.random() < LEADS_ON:
            ring = (ON_M[0] / builder.resolution_m, ON_M[1] / builder.resolution_m)
            _lead_on(builder, (row, column), np.argwhere(node), ring, "track")
        away = ndimage.distance_transform_edt(~node)


def _lead_on(
    builder: Builder,
    cell: Cell,
    nodes: NDArray[np.int64],
    ring: tuple[float, float],
    kind: str,
) -> None:
    """Join a cell with one of the nodes in a ring around it, given by its two radii in cells."""
    gap = np.hypot(nodes[:, 0] - cell[0], nodes[:, 1] - cell[1])
    within = nodes[(gap > ring[0]) & (gap <= ring[1])]
    if len(within):
        pick = within[int(builder.rng.integers(len(within)))]
        builder.join(cell, (int(pick[0]), int(pick[1])), kind)
