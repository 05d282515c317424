"""The ground of a scenario for boats: the interface `Ground` over navigable water."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.network.answers.courses import course_of
from optimizer.network.answers.pieces import Piece, whole
from optimizer.network.ground import Course, Matrix
from optimizer.network.mesh.layers import WEIGHTS, Layers, weighed
from optimizer.network.search.cells import (
    NO_PRUNING,
    Cells,
    Moves,
    along,
    direct,
    empty_scratch,
    moves_of,
)
from optimizer.network.search.graph import GROUND, LINK_SITE
from optimizer.network.state.speeds import open_ground
from optimizer.network.water.landings import Landing, bodies_of, landings_of
from optimizer.network.water.reasons import Waters, reasons
from optimizer.plan.model import TheatreStamp
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion
from optimizer.terrain.tables import default, mobility_class

__all__ = ["WaterGround"]

Pair = tuple[int, int]
_NO_CELLS = np.empty(0, np.int32)


@dataclass(frozen=True)
class _Found:
    """The ways of a set of classes for a criterion.

    ``landed`` has, for each pair with a way, its landings.
    """

    cells: Cells
    moves: Moves
    matrix: Matrix
    landed: dict[Pair, tuple[Landing, Landing]]
    courses: dict[Pair, Course] = field(default_factory=dict)


class WaterGround:
    """Matrices and paths over the navigable water of a theatre.

    Parameters
    ----------
    layers : Layers
        Theatre, sites and conditions of the scenario.
    """

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._found: dict[tuple[tuple[str, ...], Criterion], _Found] = {}

    @property
    def theatre(self) -> TheatreStamp:
        """Name and digest of the theatre."""
        manifest = self._layers.theatre.manifest
        return TheatreStamp(name=manifest.name, digest=manifest.digest)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """That all rivers and lakes are navigable, which nobody mapped."""
        return ("navigable_assumed",)

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:  # noqa: ARG002
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves; only its mobility classes matter.
        criterion : Criterion
            What paths are best for.
        window : int
            Only 0 is asked for.

        Returns
        -------
        Matrix
            In the order of the scenario's sites.
        """
        return self._of(profile, criterion).matrix

    def course(
        self,
        profile: Profile,
        criterion: Criterion,
        origin: str,
        destination: str,
        window: int = 0,  # noqa: ARG002
    ) -> Course:
        """Return the best path of one pair.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What the path is best for.
        origin, destination : str
            Sites.
        window : int
            As in `matrix`.

        Returns
        -------
        Course
            Path and quantities, those of the matrix.

        Raises
        ------
        ValueError
            If there is no way, or no such site.
        """
        found, sites = self._of(profile, criterion), self._layers.sites
        for name in (origin, destination):
            if name not in sites.id:
                raise ValueError(f"no site {name!r} in the scenario")
        pair = sites.id.index(origin), sites.id.index(destination)
        if pair in found.matrix.unreachable:
            raise ValueError(f"no way from {origin!r} to {destination!r}")
        if pair not in found.courses:
            pieces = [] if pair[0] == pair[1] else self._pieces(found, pair)
            found.courses[pair] = course_of(
                pieces, self._layers.roads, self._layers.theatre, sites.xy[pair[0]]
            )
        return found.courses[pair]

    def _pieces(self, found: _Found, pair: Pair) -> list[Piece]:
        start, end = found.landed[pair]
        ends = [
            np.concatenate((self._layers.sites.xy[site], landing.xy))
            for site, landing in zip(pair, (start, end), strict=True)
        ]
        sums, _, steps, _ = direct(
            found.cells,
            found.moves,
            start.cell,
            np.array([end.cell], np.int32),
            False,  # noqa: FBT003 - compiled: no keywords
            NO_PRUNING,
            empty_scratch(len(found.cells.blocked)),
        )
        cells = along(start.cell, steps, found.cells.width)
        return [
            Piece(LINK_SITE, -1, ends[0], _link(start), _NO_CELLS),
            Piece(GROUND, -1, np.zeros(4), sums[0], cells),
            Piece(LINK_SITE, -1, ends[1][[2, 3, 0, 1]], _link(end), _NO_CELLS),
        ]

    def _of(self, profile: Profile, criterion: Criterion) -> _Found:
        key = profile.mobility, criterion
        if key not in self._found:
            self._found[key] = self._searched(*key)
        return self._found[key]

    def _searched(self, mobility: tuple[str, ...], criterion: Criterion) -> _Found:
        layers, grid = self._layers, self._layers.theatre.grid
        classes = [mobility_class(name) for name in mobility]
        no_go = layers.conditions.areas.no_go
        cells = weighed(open_ground(layers.theatre, classes, layers.conditions), criterion)
        moves = moves_of(cells)
        limit_m = min(c.sailing.landing_m for c in classes if c.sailing is not None)
        bodies = bodies_of(cells.blocked.reshape(grid.shape) == 0)
        landings = landings_of(layers.sites, bodies, grid, limit_m, no_go)
        count = len(layers.sites)
        sums = np.full((count, count, 4), np.inf)
        landed: dict[Pair, tuple[Landing, Landing]] = {}
        least = np.full((count, count), np.inf)
        for body in sorted({body for mine in landings for body in mine}):
            at = {site: mine[body] for site, mine in enumerate(landings) if body in mine}
            stops = sorted({landing.cell for landing in at.values()})
            place = {cell: number for number, cell in enumerate(stops)}
            sailed = _sailed(cells, moves, stops)
            for a, start in at.items():
                for b, end in at.items():
                    total = _link(start) + sailed[place[start.cell], place[end.cell]] + _link(end)
                    cost = float(total @ np.array(WEIGHTS[criterion]))
                    if a != b and cost < least[a, b]:
                        least[a, b], sums[a, b], landed[a, b] = cost, total, (start, end)
        here = np.arange(count)
        sums[here, here] = 0.0
        reached = np.isfinite(sums[:, :, 0])
        figures = np.full(sums.shape, -1, np.int64)
        figures[reached] = whole(sums[reached])
        unreachable = {}
        if not reached.all():
            waters = Waters(layers, classes, cells, limit_m)
            unreachable = reasons(waters, landings, reached)
        time_s, distance_m, fuel_m, exposure_milli = (figures[:, :, k].copy() for k in range(4))
        matrix = Matrix(layers.sites.id, time_s, distance_m, fuel_m, exposure_milli, unreachable)
        return _Found(cells, moves, matrix, landed)


def _link(landing: Landing) -> NDArray[np.float64]:
    """Return the quantities of the way between a site and its landing."""
    time_s = landing.length_m / (default("link_kmh") / 3.6)
    return np.array([time_s, landing.length_m, landing.length_m, 0.0])


def _sailed(cells: Cells, moves: Moves, stops: list[int]) -> NDArray[np.float64]:
    """Return the quantities between different cells of one body, shape (stops, stops, 4)."""
    ends = np.array(stops, np.int32)
    scratch = empty_scratch(len(cells.blocked))
    found = [direct(cells, moves, cell, ends, False, NO_PRUNING, scratch)[0] for cell in stops]  # noqa: FBT003
    return np.array(found)
