"""Counts what a theatre holds and what was left out, for its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.terrain.build.osm import OsmData
from optimizer.terrain.build.profile import Profile
from optimizer.terrain.build.roads import Network
from optimizer.terrain.theatre import Theatre

__all__ = ["statistics", "summary", "weighted_percentile"]

#: Classes that lorries use: their grades are stated.
_DRIVEN = {"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified"}


def weighted_percentile(
    values: NDArray[np.float64], weights: NDArray[np.float64], percent: float
) -> float:
    """Return the value that so many per cent of the weight do not exceed.

    Parameters
    ----------
    values, weights : ndarray of float64, shape (n,)
        Values and their weights.
    percent : float
        0 to 100.

    Returns
    -------
    float
        One of the values; 0 without any.
    """
    if not len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order])
    at = np.searchsorted(share, percent / 100 * share[-1])
    return float(values[order][min(int(at), len(values) - 1)])


def statistics(
    frames: Mapping[str, gpd.GeoDataFrame],
    rasters: Mapping[str, NDArray[Any]],
    net: Network,
    profile: Profile,
    data: OsmData,
) -> dict[str, float | int | str]:
    """Return the statistics of a theatre.

    Parameters
    ----------
    frames : mapping of str to GeoDataFrame
        Vector layers.
    rasters : mapping of str to ndarray
        Raster layers.
    net : Network
        The roads.
    profile : Profile
        Elevation of their nodes, raw and smoothed.
    data : OsmData
        What was dropped while reading.

    Returns
    -------
    dict
        Numbers by name.
    """
    table: dict[str, float | int | str] = {
        "landcover_unmapped_share": round(float((rasters["landcover"] == 0).mean()), 4)
    }
    roads = frames["roads"]
    if len(roads):
        table |= _of_roads(roads, frames["nodes"])
    if len(roads) and "elevation" in rasters:
        table |= _of_grades(net, profile, roads)
    return table | {f"dropped_{reason}": count for reason, count in sorted(data.dropped.items())}


def _of_roads(roads: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> dict[str, float | int | str]:
    length = roads["length_m"]

    def ways(column: str) -> int:
        return int(roads.loc[roads[column], "way"].nunique())

    return {
        "road_km": round(float(length.sum()) / 1000, 1),
        "bridges": ways("bridge"),
        "bridges_without_load_class": int(
            roads.loc[
                roads["bridge"] & roads["mlc_wheeled"].isna() & roads["max_weight_t"].isna(), "way"
            ].nunique()
        ),
        "tunnels": ways("tunnel"),
        "ford_edges": int(roads["ford"].sum()),
        "edges_with_max_weight": int(roads["max_weight_t"].notna().sum()),
        "edges_with_max_height": int(roads["max_height_m"].notna().sum()),
        "surface_unknown_share_of_km": round(
            float(length[roads["surface"] == "unknown"].sum() / length.sum()), 4
        ),
        "nodes_outside_largest_component_share": round(float((nodes["component"] != 0).mean()), 4),
    }


def _of_grades(
    net: Network, profile: Profile, roads: gpd.GeoDataFrame
) -> dict[str, float | int | str]:
    driven = roads["class"].str.removesuffix("_link").isin(_DRIVEN).to_numpy()
    length = np.maximum(net.length_m, 0.01)

    def grade_percent(z: NDArray[np.float64], percent: float) -> float:
        rise = np.abs(z[net.ends[:, 1]] - z[net.ends[:, 0]])
        return round(100 * weighted_percentile((rise / length)[driven], length[driven], percent), 1)

    apart = profile.z_m - profile.raw_z_m
    return {
        "grade_p95_percent_raw": grade_percent(profile.raw_z_m, 95),
        "grade_p95_percent": grade_percent(profile.z_m, 95),
        "grade_max_percent_raw": grade_percent(profile.raw_z_m, 100),
        "grade_max_percent": grade_percent(profile.z_m, 100),
        "profile_from_elevation_rms_m": round(float(np.sqrt(np.mean(apart**2))), 2),
    }


def summary(theatre: Theatre) -> list[str]:
    """Say in a few lines what was built.

    Parameters
    ----------
    theatre : Theatre
        The theatre.

    Returns
    -------
    list of str
        Lines for people.
    """
    m, s = theatre.manifest, theatre.manifest.statistics
    side = m.resolution_m / 1000
    lines = [
        (
            f"{theatre.folder}: {m.name}, {m.width * side:.1f} x {m.height * side:.1f} km, "
            f"{m.width} x {m.height} cells of {m.resolution_m:g} m, {m.crs}"
        )
    ]
    if "road_km" in s:
        lines.append(
            f"roads: {s['road_km']} km in {m.layers['roads'].rows} edges; bridges: {s['bridges']},"
            f" {s['bridges_without_load_class']} of them without load class or posted weight"
        )
    if "grade_p95_percent" in s:
        lines.append(
            f"grades, 95th percentile of the length: {s['grade_p95_percent']} %"
            f" (elevation model as it stands: {s['grade_p95_percent_raw']} %)"
        )
    if "elevation" in m.layers:
        lines.append(
            f"elevation: {s['elevation_voids_filled']} voids filled,"
            f" {s['elevation_cells_extrapolated']} cells extrapolated"
        )
    lines.append(f"land cover: {s['landcover_unmapped_share']:.1%} unmapped")
    lines.append(f"digest {m.digest}")
    return lines
