"""A made theatre: half of it settled, with a road every few hundred metres, the rest wild."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from benchmarks.network.raster import RESOLUTION_M, make
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import write_theatre

__all__ = ["CLASSES", "scenario", "theatre"]

CLASSES = ("heavy_truck", "light_4x4", "tracked", "foot")
_CRS = "EPSG:32631"
#: Raised whenever the same seed makes another theatre, lest one that is kept be taken for it.
_VERSION = 2
_WEST_M, _NORTH_M = 400_000.0, 4_700_000.0
#: Between crossroads; each road between two has twelve segments and a node in its middle.
_SPACING_M = 585.0
_SEGMENTS = 12
_RIVER = 2
#: Trees and farmland by the pace of the made raster; all else is grass.
_COVER = {np.float32(2.4): 10, np.float32(1.6): 40}
#: Every such row and column of crossroads is a main road, which crosses rivers and the wild;
#: others are tertiary or unclassified, and cross a river so seldom.
_MAIN, _LESSER, _BRIDGED = 25, 5, 0.2
_MEAN_M = 900
#: How far off the road sites lie, in metres.
_OFF_M = (500, 10_000)


def theatre(folder: Path, side: int, seed: int) -> Theatre:
    """Return the made theatre that a folder keeps, made if it is not there yet.

    Parameters
    ----------
    folder : Path
        Keeps theatres.
    side : int
        Cells of 30 m to a side.
    seed : int
        The same seed makes the same theatre.

    Returns
    -------
    Theatre
        With 220,000 road arcs between vertices, there and back, at 2000 cells to a side.
    """
    folder /= f"made-{_VERSION}-{side}-{seed}"
    if (folder / "theatre.json").exists():
        return Theatre.open(folder)
    layers = make(side, seed)
    rng = np.random.default_rng(seed)
    water = np.where(layers["blocked"] > 0, _RIVER, 0).astype(np.uint8)
    cover = np.select([layers["pace"] == pace for pace in _COVER], [*_COVER.values()], 30).astype(
        np.uint8
    )
    nodes, roads = _roads(layers["elevation"], water, rng)
    nothing = {"name": [], "kind": []}
    empty = gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=_CRS))
    return write_theatre(
        folder,
        name=folder.name,
        title="Made for benchmarks",
        grid=Grid(_CRS, _WEST_M, _NORTH_M, RESOLUTION_M, side, side),
        rasters={"elevation": layers["elevation"], "landcover": cover, "water": water},
        frames={"roads": roads, "nodes": nodes, "waters": empty, "places": empty},
        sources=[Source(what="everything", name=f"benchmark, seed {seed}", licence="CC0-1.0")],
        statistics={"seed": seed},
    )


def _roads(
    z_m: NDArray[np.float32], water: NDArray[np.uint8], rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    side = z_m.shape[0]
    count = int((side - 4) * RESOLUTION_M / _SPACING_M)
    place = (np.arange(count) + 0.5) * _SPACING_M + 2 * RESOLUTION_M
    x, y = np.meshgrid(place, place)
    jitter = rng.uniform(-0.25, 0.25, (2, count, count)) * _SPACING_M
    x, y = x + jitter[0], y + jitter[1]

    def cell(px: NDArray[np.float64], py: NDArray[np.float64]) -> tuple[NDArray[np.intp], ...]:
        at = (np.array([py, px]) / RESOLUTION_M).astype(np.intp)
        return tuple(np.clip(at, 0, side - 1))

    settled = make(side, int(rng.integers(1 << 30)))["elevation"] > _MEAN_M
    lived = settled[cell(x, y)]
    edges, positions = [], list(zip(x.ravel(), y.ravel(), strict=True))
    share = np.linspace(0, 1, _SEGMENTS + 1)
    half = _SEGMENTS // 2
    for (row, column), (to_row, to_column), line in _neighbours(count):
        main = line % _MAIN == _MAIN // 2
        if not main and not (lived[row, column] and lived[to_row, to_column]):
            continue
        wiggle = rng.normal(0, 6, (2, _SEGMENTS + 1)) * np.sin(np.pi * share)
        px = x[row, column] + share * (x[to_row, to_column] - x[row, column]) + wiggle[0]
        py = y[row, column] + share * (y[to_row, to_column] - y[row, column]) + wiggle[1]
        wet = bool((water[cell(px, py)] > 0).any())
        if wet and not main and rng.random() > _BRIDGED:
            continue
        kind = "primary" if main else ("unclassified" if line % _LESSER else "tertiary")
        middle = len(positions)
        positions.append((px[half], py[half]))
        course = np.column_stack((px, py))
        start, end = row * count + column, to_row * count + to_column
        edges.append((start, middle, kind, wet, course[: half + 1]))
        edges.append((middle, end, kind, wet, course[half:]))
    at = np.array(positions)
    heights = z_m[cell(at[:, 0], at[:, 1])].astype(float)
    world = at * [1, -1] + [_WEST_M, _NORTH_M]
    lines = [shapely.LineString(e[4] * [1, -1] + [_WEST_M, _NORTH_M]) for e in edges]
    tail, head = np.array([e[0] for e in edges]), np.array([e[1] for e in edges])
    number = np.arange(len(edges))
    nan = np.full(len(edges), np.nan)
    off = np.zeros(len(edges), bool)
    roads = gpd.GeoDataFrame(
        {
            "edge": number,
            "id": [f"b{n}" for n in number],
            "from_node": tail,
            "to_node": head,
            "way": [f"w{n // 2}" for n in number],
            "class": [e[2] for e in edges],
            "surface": ["paved" if e[2] != "unclassified" else "gravel" for e in edges],
            "oneway": np.zeros(len(edges), np.int64),
            "tunnel": off,
            "max_width_m": nan,
            "max_speed_kmh": nan,
            "ref": [""] * len(edges),
            "osm_id": np.zeros(len(edges), np.int64),
            "bridge": [e[3] for e in edges],
            "ford": off,
            "max_weight_t": nan,
            "mlc_wheeled": nan,
            "mlc_tracked": nan,
            "max_height_m": nan,
            "length_m": [line.length for line in lines],
            "from_z_m": heights[tail],
            "to_z_m": heights[head],
            "name": [""] * len(edges),
        },
        geometry=lines,
        crs=_CRS,
    )
    nodes = gpd.GeoDataFrame(
        {
            "node": np.arange(len(at)),
            "z_m": heights,
            "component": np.zeros(len(at), np.int64),
        },
        geometry=shapely.points(world),
        crs=_CRS,
    )
    return nodes, roads


def _neighbours(count: int) -> Iterator[tuple[tuple[int, int], tuple[int, int], int]]:
    """Yield crossroads, the next to the right or below, and the number of their row or column."""
    for row in range(count):
        for column in range(count):
            if column + 1 < count:
                yield (row, column), (row, column + 1), row
            if row + 1 < count:
                yield (row, column), (row + 1, column), column


def scenario(made: Theatre, sites: int, seed: int) -> Scenario:
    """Return a scenario with half of its sites off the road.

    Parameters
    ----------
    made : Theatre
        From `theatre`.
    sites : int
        How many; half of them 0.5 to 10 km off the road, of all a tenth across a river.
    seed : int
        Of the choice.

    Returns
    -------
    Scenario
        Sites in no order that matters.
    """
    rng = np.random.default_rng(seed)
    grid, water = made.grid, made.raster("water")
    nodes = shapely.get_coordinates(made.frame("nodes").geometry.array)
    roads = made.frame("roads")
    used = np.unique(np.concatenate((roads["from_node"], roads["to_node"])))
    dry = np.ones(grid.shape, bool)
    row = ((grid.north_m - nodes[used, 1]) / grid.resolution_m).astype(int)
    column = ((nodes[used, 0] - grid.west_m) / grid.resolution_m).astype(int)
    dry[row, column] = False
    off_m, nearest = distance_transform_edt(dry, grid.resolution_m, return_indices=True)
    wild = np.argwhere((off_m > _OFF_M[0]) & (off_m < _OFF_M[1]) & (water == 0))
    rng.shuffle(wild)
    steps = np.linspace(0, 1, 200)[:, None]

    def crosses(cell: NDArray[np.int64]) -> bool:
        way = cell + steps * (nearest[:, cell[0], cell[1]] - cell)
        return bool((water[tuple(way.round().astype(int).T)] > 0).any())

    across, beside = [], []
    for spot in wild:
        group = across if crosses(spot) else beside
        if len(group) < (sites // 10 if group is across else sites // 2 - sites // 10):
            group.append(spot)
        if len(across) + len(beside) == sites // 2:
            break
    cells = np.array(across + beside) + 0.5
    ground = cells[:, ::-1] * grid.resolution_m * [1, -1] + [grid.west_m, grid.north_m]
    on_road = nodes[rng.choice(used, sites - len(ground), replace=False)]
    lon, lat = made.to_earth.transform(*np.concatenate((on_road, ground)).T)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return Scenario.model_validate(
        {
            "format": "convoi/scenario/1",
            "id": "bench",
            "horizon": {"start": first, "end": first.replace(day=2)},
            "sites": [
                {"id": f"s{n}", "position": {"lon": x, "lat": y}}
                for n, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
            ],
            "bases": [{"site": "s0"}],
            "vehicle_types": [
                {
                    "id": "t",
                    "mobility": "light_4x4",
                    "compartments": [{"id": "c", "capacity_kg": 1}],
                }
            ],
            "fleet": [{"type": "t", "base": "s0"}],
        }
    )
