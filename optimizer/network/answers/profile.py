"""The profile of a path: what it goes over, point by point."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.datasets import read_table
from optimizer.network.answers.pieces import stretch
from optimizer.network.search.graph import GROUND, ROAD

if TYPE_CHECKING:
    from optimizer.network.answers.pieces import Piece
    from optimizer.network.mesh.layers import Layers
    from optimizer.network.search.cells import Cells

__all__ = ["Point", "profile_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a path, and the stretch that ends there.

    Parameters
    ----------
    distance_m, time_s, fuel_m, exposure_milli : float
        From the origin, not rounded up.
    x, y : float
        Position in the theatre's CRS.
    elevation_m : float
        Of the road, or of the ground in the cell.
    grade : float
        Rise over length of the stretch, in the direction of travel; 0 of a link.
    speed_kmh : float
        On the stretch; of a link to or from a road it includes the time to leave it.
    kind : str
        ``"road"``, ``"ground"`` or ``"link"``; ``"start"`` of the first point.
    road, highway, surface : str
        Id of the edge, its road class and surface; empty off the road.
    cover : str
        Land cover of the cell that is come to; empty on the road.
    """

    distance_m: float
    time_s: float
    fuel_m: float
    exposure_milli: float
    x: float
    y: float
    elevation_m: float
    grade: float
    speed_kmh: float
    kind: str
    road: str = ""
    highway: str = ""
    surface: str = ""
    cover: str = ""


def profile_of(
    pieces: Sequence[Piece], layers: Layers, ground: Cells, origin: Floats
) -> list[Point]:
    """Return the profile of a path.

    Parameters
    ----------
    pieces : sequence of Piece
        Its pieces.
    layers : Layers
        Roads and open ground.
    ground : Cells
        Open ground for the classes that go.
    origin : ndarray of float64, shape (2,)
        Where it begins.

    Returns
    -------
    list of Point
        The origin, then the end of each edge of a road, of each step and of each link.
    """
    at = np.zeros(4)
    x, y = origin.tolist()
    points = [_point(at, (x, y), _elevation(layers, x, y), at, "start")]
    for piece in pieces:
        made = {ROAD: _road, GROUND: _steps}.get(piece.kind, _link)
        points += made(piece, layers, ground, at)
        at = at + piece.sums
    return points


def _road(piece: Piece, layers: Layers, ground: Cells, at: Floats) -> Iterator[Point]:  # noqa: ARG001
    roads, edge = layers.roads, piece.edge
    from_m, to_m = piece.span[:2].tolist()
    if from_m == to_m:
        return
    frame = layers.theatre.frame("roads")
    first_m, last_m = (float(frame[name].iat[edge]) for name in ("from_z_m", "to_z_m"))
    share = to_m / float(roads.length_m[edge])
    x, y = stretch(roads, piece)[-1].tolist()
    yield replace(
        _point(at + piece.sums, (x, y), first_m + share * (last_m - first_m), piece.sums),
        grade=float(roads.grade[edge]) * (1 if to_m > from_m else -1),
        kind="road",
        road=roads.id[edge],
        highway=str(roads.highway[edge]),
        surface=str(roads.surface[edge]),
    )


def _steps(piece: Piece, layers: Layers, ground: Cells, at: Floats) -> Iterator[Point]:
    grid = layers.theatre.grid
    sums, grade = _of_steps(piece.cells, ground)
    total = at + np.cumsum(sums, axis=0)
    for number, cell in enumerate(piece.cells[1:].tolist()):
        # The last is the sum that the search has, to the last digit.
        end = total[number] if number + 1 < len(sums) else at + piece.sums
        place = grid.centre(*divmod(cell, grid.width))
        yield replace(
            _point(end, place, float(ground.z_m[cell]), sums[number]),
            grade=float(grade[number]),
            kind="ground",
            cover=_cover(layers, cell),
        )


def _link(piece: Piece, layers: Layers, ground: Cells, at: Floats) -> Iterator[Point]:  # noqa: ARG001
    x, y = piece.span[2:].tolist()
    # To leave a road that runs through the middle of the cell takes time, but no metre.
    if piece.sums[0]:
        yield _point(at + piece.sums, (x, y), _elevation(layers, x, y), piece.sums)


def _point(
    total: Floats, place: tuple[float, float], elevation_m: float, last: Floats, kind: str = "link"
) -> Point:
    time_s, distance_m, fuel_m, exposure_milli = total.tolist()
    return Point(
        distance_m=distance_m,
        time_s=time_s,
        fuel_m=fuel_m,
        exposure_milli=exposure_milli,
        x=place[0],
        y=place[1],
        elevation_m=elevation_m,
        grade=0.0,
        speed_kmh=float(last[1] / last[0] * 3.6) if last[0] else 0.0,
        kind=kind,
    )


def _of_steps(cells: Ints, ground: Cells) -> tuple[Floats, Floats]:
    """Return the quantities of each step, shape (steps, 4), and its grade."""
    start, end = cells[:-1], cells[1:]
    rows, columns = (np.diff(axis) for axis in np.divmod(cells, ground.width))
    length_m = np.hypot(rows, columns) * ground.resolution_m
    z_m = ground.z_m.astype(np.float64)
    grade = (z_m[end] - z_m[start]) / length_m
    grades = np.linspace(-1, 1, ground.slope.shape[1])
    time_s, fuel_m = np.zeros(len(start)), np.zeros(len(start))
    for slope, pace, fuel, added in zip(
        ground.slope, ground.pace, ground.fuel, ground.fuel_per_grade, strict=True
    ):
        mean_pace = (pace[start].astype(np.float64) + pace[end]) / 2
        mean_fuel = (fuel[start].astype(np.float64) + fuel[end]) / 2
        time_s = np.maximum(time_s, length_m * mean_pace / np.interp(grade, grades, slope))
        fuel_m = np.maximum(fuel_m, length_m * mean_fuel * (1 + added * np.maximum(grade, 0)))
    exposure = length_m * ground.exposure[end] + time_s * ground.exposure_s[end]
    return np.column_stack((time_s, length_m, fuel_m, exposure)), grade


def _elevation(layers: Layers, x: float, y: float) -> float:
    grid = layers.theatre.grid
    row, column = grid.cell(x, y)
    row, column = min(max(row, 0), grid.height - 1), min(max(column, 0), grid.width - 1)
    return float(layers.theatre.raster("elevation")[row, column])


def _cover(layers: Layers, cell: int) -> str:
    code = int(layers.theatre.raster("landcover").flat[cell])
    return _covers().get(code, str(code))


@functools.cache
def _covers() -> Mapping[int, str]:
    rows = read_table("terrain_tables", "landcover.csv")
    return {int(row["code"]): row["name_en"] for row in rows}
