"""Builds a theatre: reads the inputs, lays the grid, makes each layer, writes it as one whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from optimizer.errors import FileError, UsageError
from optimizer.progress import Advance, silent
from optimizer.terrain.build import elevation, landcover, roads, water
from optimizer.terrain.build.coast import sea
from optimizer.terrain.build.crs import Bounds, grid_over, projected_crs
from optimizer.terrain.build.dem import Dem, open_dem
from optimizer.terrain.build.osm import OsmData, read_osm
from optimizer.terrain.build.places import places
from optimizer.terrain.build.profile import Profile, smooth_profile
from optimizer.terrain.build.sources import dem_source, landcover_source, osm_source
from optimizer.terrain.build.statistics import statistics
from optimizer.terrain.build.tables import highway_table
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import name_of, write_theatre

__all__ = ["STEPS", "Built", "build_theatre"]

#: Calls of ``advance(1)`` in a build.
STEPS = 6
_DEFAULT_RESOLUTION_M = 30.0
_COVERAGE = 0.99
#: Ground around the roads where no header states a box.
_MARGIN_M = 500.0


@dataclass(frozen=True, slots=True)
class Built:
    """A theatre and what was odd about its inputs.

    Parameters
    ----------
    theatre : Theatre
        As it stands on disk.
    warnings : tuple of str
        What the user should know.
    """

    theatre: Theatre
    warnings: tuple[str, ...]


def build_theatre(
    folder: Path,
    *,
    osm: Sequence[Path] = (),
    dem: Sequence[Path] = (),
    land: Sequence[Path] = (),
    legend: str | None = None,
    box: Bounds | None = None,
    resolution_m: float | None = None,
    name: str | None = None,
    replace: bool = False,
    advance: Advance = silent,
) -> Built:
    """Build a theatre from real data.

    Parameters
    ----------
    folder : Path
        Where it is to stand.
    osm : sequence of Path
        OpenStreetMap files.
    dem : sequence of Path
        Elevation files; where they overlap, the first wins.
    land : sequence of Path
        Land cover rasters; where they overlap, the first wins. Without them the land cover comes
        from `osm`.
    legend : str, optional
        Legend of their codes.
    box : tuple of float, optional
        West, south, east, north in degrees: what of the ground is wanted. By default all of it.
    resolution_m : float, optional
        Side of a cell; by default 30 m, or that of the elevation where nothing else is given and it
        is coarser.
    name : str, optional
        Name in the manifest, by default that of the folder.
    replace : bool
        Whether a theatre that stands there may be replaced.
    advance : callable
        Told of each of the `STEPS` steps.

    Returns
    -------
    Built
        The theatre and warnings.

    Raises
    ------
    FileError
        If an input is missing, damaged, not what its name says, or does not fit the others.
    UsageError
        If the call makes no sense.
    """
    if not osm and not dem:
        raise UsageError("neither OpenStreetMap nor elevation is given; pass --osm, --dem or both")
    if resolution_m is not None and not 1 <= resolution_m <= 10_000:  # noqa: PLR2004
        raise UsageError(f"a resolution of {resolution_m:g} m is outside 1 to 10000 m")
    name = name_of(folder, name)
    dems = [open_dem(path) for path in dem]
    data = read_osm(osm, box)
    advance(1)

    lon, lat = _centre(data, dems, box)
    crs = projected_crs(lon, lat)
    to_ground = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    ways = roads.located_ways(data, to_ground)
    if osm and not ways.lines:
        raise _no_roads(osm, data, box)
    resolution = resolution_m or _resolution(dems, crs, alone=not osm and not land)
    grid = _grid(data, ways, dems, crs, resolution, box=box)
    net = roads.network(ways, data, grid)
    advance(1)

    rasters: dict[str, NDArray[Any]] = {}
    counts: dict[str, float] = {}
    if dems:
        relief = elevation.relief(dems, grid)
        rasters["elevation"] = relief.z_m
        counts = {
            "elevation_voids_filled": relief.voids,
            "elevation_cells_extrapolated": relief.uncovered,
        }
    advance(1)

    profile = _profile(net, rasters.get("elevation"), grid)
    advance(1)

    shapes = {key: landcover.project(area.shape, to_ground) for key, area in data.areas.items()}
    frames: Mapping[str, gpd.GeoDataFrame] = {
        **roads.layers(net, profile.z_m, crs),
        "waters": water.waters(data, grid, to_ground, shapes, sea(data, grid, to_ground)),
        "places": places(data, grid, to_ground),
    }
    if land:
        rasters["landcover"] = landcover.from_rasters(land, grid, legend)
    else:
        rasters["landcover"] = landcover.from_areas(data.areas.values(), grid, shapes)
    rasters["water"] = water.burned(frames["waters"], grid)
    advance(1)

    theatre = write_theatre(
        folder,
        name=name,
        title=name.replace("-", " ").replace("_", " ").strip().title() or name,
        grid=grid,
        rasters=rasters,
        frames=frames,
        sources=_sources(osm, data, dems, land),
        statistics=statistics(frames, rasters, net, profile, data) | counts,
        replace=replace,
    )
    advance(1)
    return Built(theatre, tuple(data.warnings))


def _no_roads(osm: Sequence[Path], data: OsmData, box: Bounds | None) -> FileError:
    files = ", ".join(map(str, osm))
    if box is not None and not data.roads:
        return FileError(f"{files}: no roads in the box {_degrees(box)}")
    if data.roads and not any(way.located for way in data.roads.values()):
        return FileError(
            f"{files}: none of the nodes of its {len(data.roads)} roads stands before them; an"
            " extract with nodes before ways, and with numbers above 0, is needed"
        )
    return FileError(f"{files}: no roads in it that could be used")


def _union(boxes: Sequence[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _centre(data: OsmData, dems: Sequence[Dem], box: Bounds | None) -> tuple[float, float]:
    """Return the middle of the ground in degrees: of boxes, else roads, else elevation."""
    boxes: list[Bounds] = list(data.boxes) if box is None else [box]
    if not boxes and data.roads:
        lonlat = np.vstack([way.lonlat for way in data.roads.values()])
        lonlat = lonlat[np.isfinite(lonlat[:, 0])]
        if len(lonlat):
            boxes = [(*lonlat.min(axis=0).tolist(), *lonlat.max(axis=0).tolist())]
    if not boxes:
        boxes = [dem.footprint("EPSG:4326").bounds for dem in dems]
    if not boxes:
        return 0.0, 0.0  # no roads either: refused by the caller
    west, south, east, north = _union(boxes)
    return (west + east) / 2, (south + north) / 2


def _resolution(dems: Sequence[Dem], crs: str, *, alone: bool) -> float:
    if not alone:
        return _DEFAULT_RESOLUTION_M
    own = min(elevation.cell_size_m(dem, crs) for dem in dems)
    return max(_DEFAULT_RESOLUTION_M, float(round(own)))


def _grid(
    data: OsmData,
    ways: roads.Ways,
    dems: Sequence[Dem],
    crs: str,
    resolution: float,
    *,
    box: Bounds | None,
) -> Grid:
    """Lay the grid: over the box that is wanted, else the headers', else the roads.

    It reaches no further than the elevation.
    """
    covered = elevation.footprint(dems, crs) if dems else None
    boxes = data.boxes if box is None else [box]
    to_ground = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    if not ways.lines:
        assert covered is not None  # noqa: S101 - one of the two is given
        within = covered.bounds
        if box is not None:
            within = _intersection(to_ground.transform_bounds(*box, densify_pts=51), within)
            if within[0] >= within[2] or within[1] >= within[3]:
                files = ", ".join(str(dem.path) for dem in dems)
                raise FileError(f"{files}: the elevation does not lie in the box {_degrees(box)}")
        return elevation.trimmed(dems, grid_over(crs, within, resolution))
    if boxes:
        bounds: Bounds = to_ground.transform_bounds(*_union(boxes), densify_pts=51)
    else:
        low, high = ways.points.min(axis=0), ways.points.max(axis=0)
        bounds = (*(low - _MARGIN_M).tolist(), *(high + _MARGIN_M).tolist())
    if covered is not None:
        _check_coverage(ways, bounds, dems, covered, crs)
        bounds = _intersection(bounds, covered.bounds)
    return grid_over(crs, bounds, resolution)


def _intersection(one: Bounds, other: Bounds) -> Bounds:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _check_coverage(
    ways: roads.Ways, bounds: Bounds, dems: Sequence[Dem], covered: BaseGeometry, crs: str
) -> None:
    points = ways.points
    inside = (points[:, 0] >= bounds[0]) & (points[:, 0] < bounds[2])
    inside &= (points[:, 1] > bounds[1]) & (points[:, 1] <= bounds[3])
    points = points[inside]
    if not len(points):
        raise FileError("the roads lie outside the box that the header of their own file states")
    share = float(shapely.contains_xy(covered, points[:, 0], points[:, 1]).mean())
    if share >= _COVERAGE:
        return
    to_earth = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    files = ", ".join(str(dem.path) for dem in dems)
    spans = _degrees(elevation.footprint(dems, "EPSG:4326").bounds)
    wanted = to_earth.transform_bounds(*points.min(axis=0), *points.max(axis=0))
    raise FileError(
        f"{files}: the elevation covers {share:.1%} of the roads: it spans {spans}, the roads"
        f" {_degrees(wanted)}; give tiles that cover them all, SRTM's are {_tiles(wanted)}"
    )


def _degrees(bounds: Bounds) -> str:
    west, south, east, north = bounds
    return f"longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}"


def _tiles(bounds: Bounds, most: int = 6) -> str:
    west, south, east, north = (int(np.floor(value)) for value in bounds)
    names = [
        f"{'N' if lat >= 0 else 'S'}{abs(lat):02d}{'E' if lon >= 0 else 'W'}{abs(lon):03d}"
        for lat in range(south, north + 1)
        for lon in range(west, east + 1)
    ]
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def _profile(net: roads.Network, z_m: NDArray[Any] | None, grid: Grid) -> Profile:
    if z_m is None:
        flat = np.zeros(len(net.nodes))
        return Profile(flat, flat)
    attributes = net.attributes()
    table = highway_table()
    return smooth_profile(
        net.nodes,
        net.ends,
        [edge.points for edge in net.edges],
        lifted=np.array([a.bridge or a.tunnel for a in attributes], np.bool_),
        max_grade=np.array([table[a.road_class].max_grade for a in attributes], np.float64),
        sampler=lambda points: elevation.sample(z_m, grid, points),
    )


def _sources(
    osm: Sequence[Path], data: OsmData, dems: Sequence[Dem], land: Sequence[Path]
) -> list[Source]:
    sources = [osm_source(path, data.dates[path], landcover=not land) for path in osm]
    sources += [dem_source(dem) for dem in dems]
    return sources + [landcover_source(path) for path in land]
