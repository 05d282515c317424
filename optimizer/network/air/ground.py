"""The ground of a scenario for aircraft: the interface `Ground` through the air."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.network.air.chart import Chart, Ways
from optimizer.network.air.closed import closed_to_flying, corners
from optimizer.network.air.flight import Aircraft, exposure_of
from optimizer.network.air.reasons import grounded, reasons
from optimizer.network.air.under import Relief
from optimizer.network.answers.pieces import whole
from optimizer.network.ground import Course, Matrix, Unreachable
from optimizer.plan.model import AirPart, Path, TheatreStamp
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion
from optimizer.terrain.tables import mobility_class

if TYPE_CHECKING:
    from optimizer.network.state.areas import Areas
    from optimizer.network.state.sites import Sites
    from optimizer.terrain.theatre import Theatre

__all__ = ["AirGround"]

Pair = tuple[int, int]

#: Around an exposure area, so that a way along its edge does not touch it.
_BESIDE_M = 1.0
#: Straight lines in degrees and in metres bulge apart with the square of the length: by 0.1 m here.
_STRAIGHT_M = 2000.0
_DEGREE_DIGITS, _METRE_DIGITS = 6, 3


@dataclass(frozen=True)
class _Sky:
    """A chart with what each of its stretches takes."""

    chart: Chart
    length_m: NDArray[np.float64]
    exposure: NDArray[np.float64]
    number: dict[Pair, int]

    @classmethod
    def of(cls, chart: Chart, areas: Areas) -> _Sky:
        pairs = zip(chart.start.tolist(), chart.end.tolist(), strict=True)
        exposure = exposure_of(chart.lines, areas.exposure)
        return cls(chart, chart.length_m, exposure, {p: n for n, p in enumerate(pairs)})

    def stretches(self, places: list[int]) -> list[int]:
        pairs = itertools.pairwise(places)
        return [self.number[min(pair), max(pair)] for pair in pairs]


@dataclass(frozen=True)
class _Found:
    """The ways of a profile for a criterion."""

    sky: _Sky
    ways: Ways
    aircraft: Aircraft
    matrix: Matrix


class AirGround:
    """Matrices and paths through the air over a theatre.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    sites : Sites
        Sites of the scenario.
    areas : Areas
        Its areas: those closed to flying are flown around, exposure counts along the way.
    visibility_m : float or None
        Of the scenario's weather.
    """

    def __init__(
        self, theatre: Theatre, sites: Sites, areas: Areas, visibility_m: float | None
    ) -> None:
        self._theatre = theatre
        self._sites = sites
        self._areas = areas
        self._visibility_m = visibility_m
        self._relief = Relief(theatre.raster("elevation"), theatre.grid)
        self._closed = closed_to_flying(areas.no_fly)
        self._skies: dict[bool, _Sky] = {}
        self._found: dict[tuple[tuple[str, ...], Criterion], _Found] = {}
        self._highest: dict[tuple[float, ...], float] = {}
        self._numbers = {name: number for number, name in enumerate(sites.id)}

    @property
    def theatre(self) -> TheatreStamp:
        """Name and digest of the theatre."""
        manifest = self._theatre.manifest
        return TheatreStamp(name=manifest.name, digest=manifest.digest)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Nothing that a plan would have to tell."""
        return ()

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:  # noqa: ARG002
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What flies; only its mobility classes matter.
        criterion : Criterion
            What paths are best for: the least exposed for ``exposure``, else the shortest.
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
            What flies.
        criterion : Criterion
            As in `matrix`.
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
        found = self._of(profile, criterion)
        try:
            pair = self._numbers[origin], self._numbers[destination]
        except KeyError as error:
            raise ValueError(f"no site {error.args[0]!r} in the scenario") from error
        matrix = found.matrix
        if pair in matrix.unreachable:
            raise ValueError(f"no way from {origin!r} to {destination!r}")
        return Course(
            time_s=int(matrix.time_s[pair]),
            distance_m=int(matrix.distance_m[pair]),
            fuel_m=int(matrix.fuel_m[pair]),
            exposure_milli=int(matrix.exposure_milli[pair]),
            path=self._path(found, pair),
        )

    def _path(self, found: _Found, pair: Pair) -> Path:
        chart = found.sky.chart
        if pair[0] == pair[1]:
            parts: tuple[AirPart, ...] = ()
            course = chart.xy[[pair[0], pair[0]]]
        else:
            places = found.ways.places(*pair)
            course = chart.xy[places]
            points = tuple(
                (round(x, _METRE_DIGITS), round(y, _METRE_DIGITS)) for x, y in course.tolist()
            )
            level_m = found.aircraft.level_m(self._highest_m(chart.xy, places))
            parts = (AirPart(points=points, level_m=level_m),)
        line = shapely.LineString(course)
        # GEOS refuses to divide a line without length, between two sites at one place.
        line = shapely.segmentize(line, _STRAIGHT_M) if line.length else line
        lon, lat = self._theatre.to_earth.transform(*shapely.get_coordinates(line).T)
        lon, lat = np.round(lon, _DEGREE_DIGITS), np.round(lat, _DEGREE_DIGITS)
        return Path(parts=parts, polyline=tuple(zip(lon.tolist(), lat.tolist(), strict=True)))

    def _sky(self, criterion: Criterion) -> _Sky:
        shy = criterion is Criterion.EXPOSURE and bool(self._areas.exposure)
        if shy not in self._skies:
            turns = [corners(self._closed)]
            if shy:
                beside = [
                    shapely.buffer(place.polygon, _BESIDE_M, join_style="mitre")
                    for place in self._areas.exposure
                ]
                turns += [corners(shape) for shape in beside]
            xy = np.concatenate(turns)
            inside = np.array([self._on_grid(place) for place in xy], np.bool_)
            sites = self._sites.xy.copy()
            sites[self._sites.cell < 0] = np.inf
            self._skies[shy] = _Sky.of(Chart.of(sites, xy[inside], self._closed), self._areas)
        return self._skies[shy]

    def _on_grid(self, xy: NDArray[np.float64]) -> bool:
        grid = self._theatre.grid
        return grid.contains(*grid.cell(float(xy[0]), float(xy[1])))

    def _of(self, profile: Profile, criterion: Criterion) -> _Found:
        key = profile.mobility, criterion
        if key not in self._found:
            self._found[key] = self._searched(*key)
        return self._found[key]

    def _searched(self, mobility: tuple[str, ...], criterion: Criterion) -> _Found:
        aircraft = Aircraft.of([mobility_class(name) for name in mobility])
        sky = self._sky(criterion)
        chart = sky.chart
        cost = sky.length_m
        if criterion is Criterion.EXPOSURE:
            cost = aircraft.exposure_milli(sky.exposure) + aircraft.cruise_s(sky.length_m) / 1000
        is_open = None
        limit_m = aircraft.flight.ceiling_m - aircraft.flight.above_ground_m
        if self._relief.summit_m > limit_m:
            ends = chart.xy[chart.start], chart.xy[chart.end]
            is_open = ~self._relief.rises_above(limit_m, *ends)
        visibility_m = self._visibility_m
        if visibility_m is not None and visibility_m < aircraft.flight.min_visibility_m:
            is_open = np.zeros(len(cost), np.bool_)
        else:
            visibility_m = None
        ways = chart.ways(cost, is_open)
        count = chart.sites
        sums = np.full((count, count, 4), -1.0)
        for origin in range(count):
            sums[origin, origin] = 0.0
            for destination in range(count):
                if origin != destination and np.isfinite(ways.cost[origin, destination]):
                    sums[origin, destination] = self._sums(
                        sky, ways, aircraft, (origin, destination)
                    )
        figures = whole(sums)
        reached = np.isfinite(ways.cost)
        unreachable: dict[Pair, Unreachable] = {}
        if visibility_m is not None:
            unreachable = grounded(self._sites, aircraft.flight, visibility_m)
        elif not reached.all():
            unreachable = reasons(
                self._sites,
                (self._areas.no_fly, self._closed),
                chart,
                reached,
                (aircraft.flight.ceiling_m, chart.ways(cost), self._level_of(aircraft, chart)),
            )
        time_s, distance_m, fuel_m, exposed = (figures[:, :, k].copy() for k in range(4))
        matrix = Matrix(self._sites.id, time_s, distance_m, fuel_m, exposed, unreachable)
        return _Found(sky, ways, aircraft, matrix)

    def _sums(self, sky: _Sky, ways: Ways, aircraft: Aircraft, pair: Pair) -> NDArray[np.float64]:
        places = ways.places(*pair)
        flown = sky.stretches(places)
        ends = [self._relief.at_m(sky.chart.xy[place]) for place in pair]
        level_m = aircraft.level_m(self._highest_m(sky.chart.xy, places))
        return aircraft.sums(
            float(sky.length_m[flown].sum()),
            float(aircraft.exposure_milli(sky.exposure[:, flown]).sum()),
            level_m,
            (ends[0], ends[1]),
        )

    def _level_of(self, aircraft: Aircraft, chart: Chart) -> Callable[[Ways, Pair], float]:
        return lambda ways, pair: aircraft.level_m(self._highest_m(chart.xy, ways.places(*pair)))

    def _highest_m(self, xy: NDArray[np.float64], places: list[int]) -> float:
        """Return the highest ground that a way passes over; each stretch is looked at once."""
        highest = []
        for pair in itertools.pairwise(places):
            start, end = xy[[min(pair), max(pair)]]
            key = (*start.tolist(), *end.tolist())
            if key not in self._highest:
                self._highest[key] = self._relief.highest_m(start, end)
            highest.append(self._highest[key])
        return max(highest)
