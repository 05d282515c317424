"""A leg through the air: straight stretches at one level, over the ground, around closed areas."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import shapely

from optimizer.plan.model import AirPart, Part
from optimizer.scenario.convoys import Profile
from optimizer.terrain.tables import mobility_class
from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.here import XY
from optimizer.verify.paths.land import Land
from optimizer.verify.tolerances import LEVEL_M, POSITION_M

__all__ = ["Flown"]


class Flown:
    """One leg of aircraft on its way from one site to another.

    Parameters
    ----------
    land : Land
        Ground below it.
    profile : Profile
        Profile of the convoy.
    origin, destination : tuple of float
        Positions of the sites.
    """

    def __init__(self, land: Land, profile: Profile, origin: XY, destination: XY) -> None:
        self._land = land
        self._flights = [
            (name, flight)
            for name in profile.mobility
            if (flight := mobility_class(name).flight) is not None
        ]
        self._ends = origin, destination
        self.cost = Cost()
        self.course: list[XY] = [origin]
        self.broken = False

    def run(self, parts: tuple[Part, ...], pointer: str) -> Iterator[Violation]:
        """Follow the flight.

        Parameters
        ----------
        parts : tuple of Part
            Parts of the path: one of its kind, or none where both sites are one place.
        pointer : str
            Where they stand in the plan.

        Yields
        ------
        Violation
            In the order of flight.
        """
        found = list(self._followed(parts, pointer))
        self.broken = bool(found)
        yield from found

    def _followed(self, parts: tuple[Part, ...], pointer: str) -> Iterator[Violation]:
        if not parts and math.dist(*self._ends) <= POSITION_M:
            return
        if len(parts) != 1 or not isinstance(parts[0], AirPart):
            kinds = ", ".join(part.kind for part in parts)
            yield violation("path.medium", pointer, medium="air", kinds=kinds)
            return
        part, here = parts[0], f"{pointer}/0"
        if not all(math.isfinite(x) for x in (*itertools.chain(*part.points), part.level_m)):
            yield violation("path.jump", here, metres=0.0)
            return
        start_m, end_m = (
            math.dist(*pair)
            for pair in zip(self._ends, (part.points[0], part.points[-1]), strict=True)
        )
        if start_m > POSITION_M:
            yield violation("path.jump", here, metres=round(start_m, 1))
        if end_m > POSITION_M:
            yield violation("path.end", pointer, metres=round(end_m, 1))
        yield from self._seen(here)
        # The sites too: where a flight begins elsewhere, its own site may lie beside the grid.
        cells = dict.fromkeys(self._land.grid.cell(*xy) for xy in (*part.points, *self._ends))
        outside = [cell for cell in cells if not self._land.grid.contains(*cell)]
        for row, column in outside:
            yield violation("path.outside", here, row=row, column=column)
        if outside:
            return
        yield from self._clear(part, here)
        yield from self._high_enough(part, here)
        self._add(part)

    def _seen(self, pointer: str) -> Iterator[Violation]:
        """Yield where the visibility keeps an aircraft on the ground."""
        sight_m = self._land.scenario.weather.visibility_m
        for name, flight in self._flights:
            if sight_m is not None and sight_m < flight.min_visibility_m:
                needed = flight.min_visibility_m
                yield violation(
                    "path.visibility", pointer, visibility=sight_m, needed=needed, mobility=name
                )

    def _clear(self, part: AirPart, pointer: str) -> Iterator[Violation]:
        """Yield the areas closed to flying that the flight touches."""
        for number, pair in enumerate(itertools.pairwise(part.points)):
            for zone in self._land.no_fly:
                if shapely.intersects(zone.shape, shapely.LineString(pair)):
                    here = f"{pointer}/points/{number}"
                    yield violation("path.no_fly", here, area=zone.id)

    def _high_enough(self, part: AirPart, pointer: str) -> Iterator[Violation]:
        """Yield where the level is not that of the ground below, or above a ceiling."""
        height_m = max(flight.above_ground_m for _, flight in self._flights)
        low, high = (
            max(
                self._highest_m(start, end, beside_m)
                for start, end in itertools.pairwise(part.points)
            )
            + height_m
            for beside_m in (-LEVEL_M, LEVEL_M)
        )
        # A stretch shorter than a hand's breadth surely passes over nothing.
        low = low if math.isfinite(low) else high
        if not low - LEVEL_M <= part.level_m <= high + LEVEL_M:
            yield violation(
                "path.level", f"{pointer}/level_m", stated=part.level_m, expected=round(high, 1)
            )
        for name, flight in self._flights:
            if part.level_m > flight.ceiling_m + LEVEL_M:
                yield violation(
                    "path.ceiling",
                    f"{pointer}/level_m",
                    stated=part.level_m,
                    limit=flight.ceiling_m,
                    mobility=name,
                )

    def _highest_m(self, start: XY, end: XY, beside_m: float) -> float:
        """Return the highest cell below a stretch, row by row.

        Cells touched by a hand's breadth count where `beside_m` is above 0, and do not below.
        """
        grid = self._land.grid
        side_m = grid.resolution_m
        (x0, y0), (x1, y1) = sorted((start, end), key=lambda xy: xy[1])
        highest = -math.inf
        first, last = grid.cell(x0, y0 - beside_m)[0], grid.cell(x1, y1 + beside_m)[0]
        for row in range(max(last, 0), min(first, grid.height - 1) + 1):
            north = grid.north_m - row * side_m
            # The share of the stretch that lies in the row, a hand's breadth more or less.
            bounds = (north - side_m - beside_m, north + beside_m)
            shares = (
                [min(max((y - y0) / (y1 - y0), 0.0), 1.0) for y in bounds]
                if y1 > y0
                else [0.0, 1.0]
            )
            if shares[0] > shares[1]:
                continue
            west, east = sorted(x0 + share * (x1 - x0) for share in shares)
            columns = grid.cell(west - beside_m, y0)[1], grid.cell(east + beside_m, y0)[1]
            for column in range(max(columns[0], 0), min(columns[1], grid.width - 1) + 1):
                highest = max(highest, self._land.z_m((row, column)))
        return highest

    def _add(self, part: AirPart) -> None:
        flights = [flight for _, flight in self._flights]
        pairs = list(itertools.pairwise(part.points))
        length_m = sum(math.dist(*pair) for pair in pairs)
        origin_z, destination_z = (self._land.z_m(self._land.grid.cell(*xy)) for xy in self._ends)
        time_s = (
            length_m / (min(flight.cruise_kmh for flight in flights) / 3.6)
            + (part.level_m - origin_z) / min(flight.climb_ms for flight in flights)
            + (part.level_m - destination_z) / min(flight.descent_ms for flight in flights)
        )
        fuel_m = time_s * max(flight.cruise_kmh for flight in flights) / 3.6
        pace = 3.6 / min(flight.cruise_kmh for flight in flights)
        exposure = sum(
            (zone.rate + zone.rate_h / 3.6 * pace)
            * shapely.length(shapely.intersection(zone.shape, shapely.LineString(pair)))
            for zone in self._land.exposed
            for pair in pairs
        )
        self.cost = Cost(time_s, length_m, fuel_m, exposure)
        self.course += part.points
