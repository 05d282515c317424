"""A theatre small enough to know by heart, and quantities recomputed one step at a time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.plan.model import GroundPart, Path, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.terrain.tables import (
    MobilityClass,
    default,
    exposure_shares,
    light_factor,
    mobility_class,
    sight_m,
    visibility_cap_kmh,
)
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import write_theatre

#: 60 x 60 cells of 20 m. Everything below is in metres east and south of this corner.
GRID = Grid("EPSG:32631", 400_000.0, 4_700_000.0, 20.0, 60, 60)

# The tiny theatre: grass, level but for a ridge in the east; a river from north to south, 600 m
# east, with a strong bridge 310 m and a weak one 810 m south; a lake in the west; a forest in the
# south-east; a one-way street in the south-east corner, a track and a path in the south-west.
ROADS: list[dict[str, Any]] = [
    {"line": [(10, 310), (110, 310)], "class": "primary", "way": "north"},
    {"line": [(110, 310), (590, 310)], "class": "primary", "way": "north"},
    {"line": [(590, 310), (630, 310)], "class": "primary", "way": "north", "bridge": True},
    {"line": [(630, 310), (1090, 310)], "class": "primary", "way": "north"},
    {"line": [(110, 810), (590, 810)], "class": "tertiary", "way": "south"},
    {
        "line": [(590, 810), (630, 810)],
        "class": "tertiary",
        "way": "south",
        "bridge": True,
        "mlc_wheeled": 10.0,
        "mlc_tracked": 8.0,
    },
    {"line": [(630, 810), (1090, 810)], "class": "tertiary", "way": "south"},
    {"line": [(110, 310), (110, 810)], "class": "unclassified", "way": "west"},
    {"line": [(1090, 310), (1090, 810)], "class": "unclassified", "way": "east"},
    {"line": [(110, 810), (110, 1110)], "class": "track", "surface": "dirt", "way": "track"},
    {"line": [(110, 1110), (410, 1110)], "class": "track", "surface": "dirt", "way": "track"},
    {"line": [(1090, 810), (1090, 1110)], "class": "residential", "oneway": 1, "way": "street"},
    {"line": [(1090, 1110), (1180, 1110)], "class": "residential", "oneway": 1, "way": "street"},
    {"line": [(1180, 1110), (1180, 810)], "class": "residential", "oneway": 1, "way": "street"},
    {"line": [(1180, 810), (1090, 810)], "class": "residential", "way": "street"},
    {"line": [(110, 1110), (110, 1180)], "class": "path", "surface": "dirt", "way": "path"},
]


def at(east_m: float, south_m: float) -> tuple[float, float]:
    """Return a position in the CRS."""
    return GRID.west_m + east_m, GRID.north_m - south_m


@pytest.fixture(scope="session")
def make_theatre(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Theatre]:
    """Write a theatre on the grid from roads in metres east and south of its corner."""

    def make(
        roads: list[dict[str, Any]],
        *,
        elevation: np.ndarray | None = None,
        landcover: np.ndarray | None = None,
        water: np.ndarray | None = None,
        waters: Mapping[str, list[shapely.Geometry]] | None = None,
        relief: bool = True,
        name: str = "tiny",
    ) -> Theatre:
        numbers: dict[tuple[float, float], int] = {}
        rows = []
        for edge, road in enumerate(roads or ROADS[:1]):
            line = [at(*point) for point in road["line"]]
            ends = [numbers.setdefault(end, len(numbers)) for end in (line[0], line[-1])]
            shape = shapely.LineString(line)
            heights = [0.0, 0.0]
            if elevation is not None:
                heights = [float(elevation[GRID.cell(*end)]) for end in (line[0], line[-1])]
            rows.append(
                {
                    "edge": edge,
                    "id": f"s{edge}",
                    "way": road.get("way", f"r{edge}"),
                    "from_node": ends[0],
                    "to_node": ends[1],
                    "class": road["class"],
                    "surface": road.get("surface", "paved"),
                    "oneway": road.get("oneway", 0),
                    "bridge": road.get("bridge", False),
                    "tunnel": road.get("tunnel", False),
                    "ford": road.get("ford", False),
                    **{
                        column: road.get(column, math.nan)
                        for column in (
                            *("max_weight_t", "mlc_wheeled", "mlc_tracked"),
                            *("max_height_m", "max_width_m", "max_speed_kmh"),
                        )
                    },
                    "length_m": shape.length,
                    "from_z_m": heights[0],
                    "to_z_m": heights[1],
                    "name": "",
                    "ref": "",
                    "osm_id": 0,
                    "geometry": shape,
                }
            )
        points = [shapely.Point(xy) for xy in numbers]
        nodes = {
            "node": range(len(points)),
            "z_m": [0.0] * len(points),
            "component": [0] * len(points),
        }
        if any("ford_depth_m" in road for road in roads):
            for row, road in zip(rows, roads, strict=True):
                row["ford_depth_m"] = road.get("ford_depth_m", math.nan)
        bodies = [(kind, shape) for kind, shapes in (waters or {}).items() for shape in shapes]
        frames = {
            "roads": gpd.GeoDataFrame(rows, crs=GRID.crs).iloc[: len(roads)],
            "nodes": gpd.GeoDataFrame(nodes, geometry=points, crs=GRID.crs).iloc[
                : None if roads else 0
            ],
            "waters": gpd.GeoDataFrame(
                {"kind": [kind for kind, _ in bodies], "name": ["" for _ in bodies]},
                geometry=[shape for _, shape in bodies],
                crs=GRID.crs,
            ),
            "places": gpd.GeoDataFrame(
                {"name": ["Here"], "kind": ["village"], "population": [0]},
                geometry=[shapely.Point(at(110, 310))],
                crs=GRID.crs,
            ),
        }
        grass = np.full(GRID.shape, 30, np.uint8)
        rasters = {
            "elevation": np.zeros(GRID.shape, np.float32) if elevation is None else elevation,
            "landcover": grass if landcover is None else landcover,
            "water": np.zeros(GRID.shape, np.uint8) if water is None else water,
        }
        if not relief:
            del rasters["elevation"]
        return write_theatre(
            FilePath(tmp_path_factory.mktemp("theatres")) / name,
            name=name,
            title=name,
            grid=GRID,
            rasters=rasters,
            frames=frames,
            sources=[Source(what="all", name="drawn by hand", licence="CC0-1.0")],
            statistics={},
        )

    return make


@pytest.fixture(scope="session")
def tiny(make_theatre: Callable[..., Theatre]) -> Theatre:
    """The tiny theatre."""
    elevation = np.zeros(GRID.shape, np.float32)
    elevation[20:36, 45] = elevation[20:36, 47] = 15.0
    elevation[20:36, 46] = 30.0
    landcover = np.full(GRID.shape, 30, np.uint8)
    landcover[45:, 33:48] = 10
    water = np.zeros(GRID.shape, np.uint8)
    water[:, 30] = 2
    water[20:27, 10:17] = 3
    landcover[water == 3] = 80
    river = shapely.LineString([at(610, 0), at(610, 1200)])
    lake = shapely.box(*at(200, 540), *at(340, 400))
    return make_theatre(
        ROADS,
        elevation=elevation,
        landcover=landcover,
        water=water,
        waters={"river": [river], "lake": [lake]},
    )


@pytest.fixture(scope="session")
def make_scenario() -> Callable[..., Scenario]:
    """Return a scenario with sites in metres east and south of the corner."""

    def make(theatre: Theatre, sites: Mapping[str, tuple[float, float]], **stated: Any) -> Scenario:
        def lonlat(place: tuple[float, float]) -> list[float]:
            return [round(v, 8) for v in theatre.to_earth.transform(*at(*place))]

        for area in stated.get("areas", []):
            area["polygon"] = [lonlat(corner) for corner in area["polygon"]]
        for change in stated.get("changes", []):
            if "near" in change:
                lon, lat = lonlat(change["near"])
                change["near"] = {"lon": lon, "lat": lat}
        placed = []
        for name, place in sites.items():
            lon, lat = lonlat(place)
            placed.append({"id": name, "position": {"lon": lon, "lat": lat}})
        first = next(iter(sites))
        document = {
            "format": "convoi/scenario/1",
            "id": "small",
            "theatre": {"name": theatre.manifest.name},
            "horizon": {"start": "2026-03-01T06:00:00+00:00", "end": "2026-03-02T06:00:00+00:00"},
            "sites": placed,
            "bases": [{"site": first}],
            "vehicle_types": [
                {
                    "id": "lorry",
                    "mobility": "heavy_truck",
                    "load_class": 30,
                    "compartments": [{"id": "bed", "capacity_kg": 8000}],
                }
            ],
            "fleet": [{"type": "lorry", "base": first}],
            **stated,
        }
        return Scenario.model_validate(document)

    return make


Retrace = Callable[[Theatre, Scenario, Profile, Path], tuple[float, float, float, float]]


@pytest.fixture(scope="session")
def retrace() -> Retrace:
    """Recompute time, distance, fuel and exposure of a path as ``mobility.md`` says."""
    return _retrace


def _retrace(
    theatre: Theatre, scenario: Scenario, profile: Profile, path: Path
) -> tuple[float, float, float, float]:
    classes = [mobility_class(name) for name in profile.mobility]
    ground = _Ground(theatre, scenario)
    total = np.zeros(4)
    where: tuple[float, float] | None = None
    for part in path.parts:
        if isinstance(part, RoadPart):
            start, end, amount = ground.road(classes, part)
        elif isinstance(part, GroundPart):
            start, end, amount = ground.steps(classes, part)
        else:
            start, end = part.start, part.end
            amount = ground.link(classes, part.place, start, end)
        assert where is None or math.dist(where, start) < 0.02, "a jump"
        where = end
        total += amount
    return tuple(total.tolist())


class _Ground:
    def __init__(self, theatre: Theatre, scenario: Scenario) -> None:
        self.grid = theatre.grid
        self.z = theatre.raster("elevation")
        self.cover = theatre.raster("landcover")
        self.water = theatre.raster("water")
        self.roads = {row["id"]: row for row in theatre.frame("roads").to_dict("records")}
        self.state = scenario.weather.ground.value
        self.light = scenario.weather.light.value
        self.cap = visibility_cap_kmh(sight_m(self.light, scenario.weather.visibility_m))
        self.rule, self.planned = scenario.rules.exposure, theatre.planned
        self.areas = []
        for area in scenario.areas:
            x, y = theatre.to_ground.transform(*np.array(area.polygon).T)
            polygon = shapely.make_valid(shapely.Polygon(np.column_stack((x, y))))
            self.areas.append((area, polygon))

    def _areas(self, kind: str) -> list[tuple[Any, shapely.Geometry]]:
        return [(area, polygon) for area, polygon in self.areas if area.kind.value == kind]

    def road(self, classes: list[MobilityClass], part: RoadPart) -> tuple[Any, Any, np.ndarray]:
        row = self.roads[part.edge]
        line, length = row["geometry"], row["length_m"]
        ahead = part.to_m > part.from_m
        grade = (row["to_z_m"] - row["from_z_m"]) / length * (1 if ahead else -1)
        grade = max(-0.25, min(0.25, grade))
        time_s = fuel = 0.0
        for c in classes:
            assert c.ignores_oneway or row["oneway"] in (0, 1 if ahead else -1), "one-way"
            surface = c.surface_of(row["surface"])
            v = c.road_speed_kmh(row["class"]) * surface.of(self.state) * _factor(c, grade)
            v *= light_factor(self.light, c.id, row["class"])
            v = min(
                [
                    v,
                    *(
                        x
                        for x in (row["max_speed_kmh"], self.cap)
                        if x is not None and not math.isnan(x)
                    ),
                ]
            )
            for area, polygon in self._areas("slow"):
                if polygon.intersects(line.interpolate(0.5, normalized=True)):
                    v *= area.speed_factor
            assert v > 0, "closed"
            time_s = max(time_s, length / (v / 3.6))
            fuel = max(fuel, length * surface.fuel * (1 + c.fuel_per_grade * max(grade, 0)))
        exposure = 0.0 if row["tunnel"] else self._in_view(line)
        for area, polygon in self._areas("exposure"):
            inside = line.intersection(polygon).length
            exposure += (area.exposure_per_km or 0) * inside
            exposure += (area.exposure_per_h or 0) * 1000 * time_s / 3600 * inside / line.length
        assert not any(polygon.intersects(line) for _, polygon in self._areas("no_go")), "no-go"
        share = abs(part.to_m - part.from_m) / length
        start, end = (line.interpolate(m).coords[0] for m in (part.from_m, part.to_m))
        return start, end, np.array([time_s, length, fuel, exposure]) * share

    def _rate(self, cell: tuple[int, int]) -> float:
        """Exposure a kilometre that the ground itself gives."""
        if self.rule is None:
            return 0.0
        stated = 0.0 if self.planned is None else float(self.planned.per_km[cell])
        if self.rule.cover is None:
            return stated
        reach = round(default("crest_radius_m") / self.grid.resolution_m)
        sides = [slice(max(place - reach, 0), place + reach + 1) for place in cell]
        around = self.z[sides[0], sides[1]].ravel().tolist()
        above = float(self.z[cell]) - sum(around) / len(around)
        crest = default("crest_factor") if above > default("crest_above_m") else 1.0
        share = exposure_shares(self.rule.cover)[self.cover[cell]]
        return stated + self.rule.per_km * share * crest

    def _in_view(self, line: shapely.LineString) -> float:
        """Sum up the rates of the cells times what of the line lies in each."""
        if self.rule is None:
            return 0.0
        west, south, east, north = line.bounds
        (top, left), (bottom, right) = self.grid.cell(west, north), self.grid.cell(east, south)
        cells = list(itertools.product(range(top, bottom + 1), range(left, right + 1)))
        x, y = np.array([self.grid.centre(*cell) for cell in cells]).T
        half = self.grid.resolution_m / 2
        squares = shapely.box(x - half, y - half, x + half, y + half)
        inside = shapely.length(shapely.intersection(line, squares)).tolist()
        return sum(self._rate(c) * m for c, m in zip(cells, inside, strict=True) if m)

    def steps(self, classes: list[MobilityClass], part: GroundPart) -> tuple[Any, Any, np.ndarray]:
        total = np.zeros(4)
        for u, v in itertools.pairwise(part.cells):
            down, right = v[0] - u[0], v[1] - u[1]
            d = self.grid.resolution_m * math.hypot(down, right)
            grade = (float(self.z[v]) - float(self.z[u])) / d
            passed = {
                (1, 1): [(u[0] + down, u[1]), (u[0], u[1] + right)],
                (1, 2): [(u[0], u[1] + right // 2), (u[0] + down, u[1] + right // 2)],
                (2, 1): [(u[0] + down // 2, u[1]), (u[0] + down // 2, u[1] + right)],
                (0, 1): [],
                (1, 0): [],
            }[abs(down), abs(right)]
            time_s = fuel = 0.0
            for c in classes:
                assert -c.max_slope_down - 1e-9 <= grade <= c.max_slope_up + 1e-9, "too steep"
                for cell in (u, v):
                    assert self.side_slope(cell, (down, right)) <= c.max_side_slope + 1e-6, "tips"
                assert all(self.speed(c, cell) > 0 for cell in (u, v, *passed)), "blocked"
                pace = (3.6 / self.speed(c, u) + 3.6 / self.speed(c, v)) / 2
                time_s = max(time_s, d * pace / _factor(c, grade))
                burn = [c.cover_of(int(self.cover[cell])).fuel for cell in (u, v)]
                fuel = max(fuel, d * sum(burn) / 2 * (1 + c.fuel_per_grade * max(grade, 0)))
            exposure = self._rate(v) * d
            for area, polygon in self._areas("exposure"):
                if polygon.intersects(shapely.Point(self.grid.centre(*v))):
                    exposure += (area.exposure_per_km or 0) * d
                    exposure += (area.exposure_per_h or 0) * 1000 * time_s / 3600
            total += [time_s, d, fuel, exposure]
        return self.grid.centre(*part.cells[0]), self.grid.centre(*part.cells[-1]), total

    def side_slope(self, cell: tuple[int, int], step: tuple[int, int]) -> float:
        """What the ground falls by to the side of a step, from the cells beside one of its ends."""
        padded = np.pad(self.z.astype(float), 1, mode="edge")
        (row, column), (height, width) = cell, self.z.shape
        around = padded[row : row + 3, column : column + 3]
        south = (around[2, 1] - around[0, 1]) / (2 if 0 < row < height - 1 else 1)
        east = (around[1, 2] - around[1, 0]) / (2 if 0 < column < width - 1 else 1)
        down, right = step
        return float(abs(east * down - south * right)) / math.hypot(*step) / self.grid.resolution_m

    def link(
        self,
        classes: list[MobilityClass],
        place: str,
        start: tuple[float, float],
        end: tuple[float, float],
    ) -> np.ndarray:
        d = math.dist(start, end)
        if place == "site":
            return np.array([d / (default("link_kmh") / 3.6), d, d, 0.0])
        cells = [self.grid.cell(*start), self.grid.cell(*end)]
        cell = min(
            cells, key=lambda c: min(math.dist(self.grid.centre(*c), p) for p in (start, end))
        )
        level = {c.id: self.speed(c, cell) * _factor(c, 0.0) for c in classes}
        time_s = max(d * 3.6 / level[c.id] + c.leave_road_s for c in classes)
        burn = max(c.cover_of(int(self.cover[cell])).fuel for c in classes)
        return np.array([time_s, d, d * burn, 0.0])

    def speed(self, c: MobilityClass, cell: tuple[int, int]) -> float:
        v = c.cover_of(int(self.cover[cell])).of(self.state)
        v *= light_factor(self.light, c.id, "off_road")
        v *= {0: 1.0, 1: c.stream_factor if c.cross_stream else 0.0}.get(int(self.water[cell]), 0.0)
        x, y = self.grid.centre(*cell)
        half = self.grid.resolution_m / 2
        square = shapely.box(x - half, y - half, x + half, y + half)
        if any(polygon.intersects(square) for _, polygon in self._areas("no_go")):
            return 0.0
        for area, polygon in self._areas("slow"):
            if polygon.intersects(shapely.Point(x, y)):
                v *= area.speed_factor
        return v


def _factor(c: MobilityClass, grade: float) -> float:
    for (left, low), (right, high) in itertools.pairwise(c.slope):
        if left <= grade <= right:
            return low + (high - low) * (grade - left) / (right - left)
    return c.slope[0][1] if grade < 0 else c.slope[-1][1]
