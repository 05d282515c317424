"""Makes a whole theatre from a seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace as replace_fields
from pathlib import Path

import geopandas as gpd
import numpy as np
from rasterio import features
from scipy import ndimage
from shapely.geometry import Point, Polygon

from optimizer.errors import UsageError
from optimizer.progress import Advance, silent
from optimizer.terrain.synth.alignment import lay_out
from optimizer.terrain.synth.arrays import Floats
from optimizer.terrain.synth.carve import settle
from optimizer.terrain.synth.cover import Terrain, make_cover
from optimizer.terrain.synth.edges import roads_frames
from optimizer.terrain.synth.hydrography import burn, lake_shores, water_lines, waters_frame
from optimizer.terrain.synth.names import Names
from optimizer.terrain.synth.places import Place, choose_places, find_peaks
from optimizer.terrain.synth.position import rows_and_columns, transform_of
from optimizer.terrain.synth.relief import make_relief
from optimizer.terrain.synth.roads import SEARCHES_A_KM2, plan_roads
from optimizer.terrain.synth.waters import make_waters
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import check_target, name_of, write_theatre

__all__ = ["LICENCE", "make_theatre"]

LICENCE = "CC0-1.0"
#: Made ground lies in UTM zone 31 north. The place is invented: what is really there is not shown.
CRS, WEST_M, NORTH_M = "EPSG:32631", 420_000.0, 4_980_000.0
#: Smallest and largest number of cells along a side.
FEWEST_CELLS, MOST_CELLS = 96, 4000
#: Parts of the time that relief, water, roads and the rest take.
RELIEF_PART, WATER_PART, ROADS_PART, REST_PART = 0.42, 0.08, 0.4, 0.1


def make_theatre(
    folder: Path,
    *,
    seed: int,
    size_km: float,
    resolution_m: float = 30.0,
    name: str | None = None,
    replace: bool = False,
    advance: Advance = silent,
) -> Theatre:
    """Make believable ground and write it as a theatre.

    The same seed, size and resolution give the same digest on the same machine and lock file.

    Parameters
    ----------
    folder : Path
        Where the theatre is to stand.
    seed : int
        Not negative.
    size_km : float
        Side of the square map.
    resolution_m : float
        Side of a cell.
    name : str, optional
        Name of the theatre; by default that of the folder.
    replace : bool
        Whether a theatre that stands there may be replaced.
    advance : callable
        Told what part of 1 was done.

    Returns
    -------
    Theatre
        The theatre.

    Raises
    ------
    UsageError
        If the map would have too few or too many cells, or folder or name cannot be taken.
    OutsideError
        If it cannot be written.
    """
    folder = Path(folder)
    check_target(folder, replace=replace)
    name = name_of(folder, name)
    if not (math.isfinite(size_km) and math.isfinite(resolution_m)):
        raise UsageError(f"{size_km:g} km at {resolution_m:g} m: both must be finite numbers")
    cells = round(size_km * 1000.0 / resolution_m)
    if not FEWEST_CELLS <= cells <= MOST_CELLS:
        raise UsageError(
            f"{size_km:g} km at {resolution_m:g} m are {cells} cells a side; made ground has"
            f" {FEWEST_CELLS} to {MOST_CELLS}: change --size-km or --resolution"
        )
    rngs = [np.random.default_rng([seed, part]) for part in range(8)]
    grid = Grid(CRS, WEST_M, NORTH_M, float(resolution_m), cells, cells)
    relief = make_relief(
        rngs[0],
        cells=cells,
        resolution_m=resolution_m,
        advance=lambda part: advance(RELIEF_PART * part),
    )
    waters = make_waters(rngs[1], relief, cells)
    names = Names(rngs[2])
    lakes = lake_shores(waters, grid)
    lines = water_lines(waters, lakes, grid, names)
    ground = settle(waters.elevation, [rows_and_columns(w.line, grid) for w in lines])
    waters = replace_fields(waters, elevation=ground)
    wet = burn(lines, lakes, grid)
    river_m: Floats = ndimage.distance_transform_edt(wet == 0) * resolution_m
    advance(WATER_PART)
    places = choose_places(
        rngs[3], names, waters=waters, river_m=river_m, resolution_m=resolution_m
    )
    roads_done = _Share(advance, ROADS_PART, SEARCHES_A_KM2 * size_km**2)
    network = plan_roads(
        rngs[4],
        waters=waters,
        wet=wet,
        river_m=river_m,
        places=places,
        resolution_m=resolution_m,
        advance=roads_done,
    )
    roads_done.finish()
    chains = lay_out(network, waters.elevation, river_m, resolution_m)
    roads, nodes = roads_frames(rngs[5], chains, lines, grid)
    street_m = _away(roads[roads["class"] == "residential"], grid)
    terrain = Terrain(waters, wet, river_m, street_m, resolution_m)
    cover = make_cover(rngs[6], terrain, places)
    peaks = find_peaks(names, waters.elevation, resolution_m)
    advance(REST_PART)
    return write_theatre(
        folder,
        name=name,
        title=f"{name.capitalize()} (invented ground)",
        grid=grid,
        rasters={"elevation": waters.elevation, "landcover": cover, "water": wet},
        frames={
            "roads": roads,
            "nodes": nodes,
            "waters": waters_frame(lines, _named(names, lakes, places, grid), grid),
            "places": _places_frame([*places, *peaks], grid),
        },
        sources=[_source(seed)],
        statistics=_statistics(seed, roads),
        replace=replace,
    )


class _Share:
    """A part of the whole whose number of steps is only known about.

    Each step takes its share of what is left, so that the bar never passes the end of the part.
    """

    def __init__(self, advance: Advance, part: float, steps: float) -> None:
        self._advance, self._left, self._share = advance, part, 1.0 - math.exp(-2.0 / steps)

    def __call__(self, amount: float) -> None:
        done = self._left * (1.0 - (1.0 - self._share) ** amount)
        self._left -= done
        self._advance(done)

    def finish(self) -> None:
        self._advance(self._left)


def _away(lines: gpd.GeoDataFrame, grid: Grid) -> Floats:
    """Return the distance of each cell to the nearest line; infinite where there is none."""
    if lines.empty:
        return np.full(grid.shape, np.inf)
    on = features.rasterize(
        list(lines.geometry),
        out_shape=grid.shape,
        transform=transform_of(grid),
        all_touched=True,
        dtype="uint8",
    )
    away: Floats = ndimage.distance_transform_edt(on == 0) * grid.resolution_m
    return away


def _named(
    names: Names, lakes: Sequence[Polygon], places: Sequence[Place], grid: Grid
) -> list[tuple[str, Polygon]]:
    """Name each lake after the place nearest to it."""

    def far(place: Place, lake: Polygon) -> float:
        return lake.distance(Point(grid.centre(place.row, place.column)))

    return [(names.lake(min(places, key=lambda p: far(p, lake)).name), lake) for lake in lakes]


def _places_frame(places: Sequence[Place], grid: Grid) -> gpd.GeoDataFrame:
    """Return the layer ``places``."""
    columns = {
        "name": [p.name for p in places],
        "kind": [p.kind for p in places],
        "population": [p.population for p in places],
    }
    at = [Point(grid.centre(p.row, p.column)) for p in places]
    return gpd.GeoDataFrame(columns, geometry=at, crs=grid.crs)


def _source(seed: int) -> Source:
    return Source(
        what="everything",
        name=f"Made by convoi terrain synth, seed {seed}",
        licence=LICENCE,
        attribution="Invented ground: it shows no real place",
    )


def _statistics(seed: int, roads: gpd.GeoDataFrame) -> dict[str, float | int | str]:
    """Return what is counted, under the names that real ground has too."""
    grade = (roads["to_z_m"] - roads["from_z_m"]).abs() / roads["length_m"]
    return {
        "seed": seed,
        "elevation_voids_filled": 0,
        "elevation_cells_extrapolated": 0,
        "landcover_unmapped_share": 0.0,
        "road_km": round(float(roads["length_m"].sum()) / 1000.0, 1),
        "bridges": int(roads["bridge"].sum()),
        "bridges_without_load_class": 0,
        "ford_edges": int(roads["ford"].sum()),
        "grade_p95_percent": round(100.0 * float(grade.quantile(0.95)), 1),
        "grade_max_percent": round(100.0 * float(grade.max()), 1),
    }
