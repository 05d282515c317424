"""Answers as tables and layers, for those who work with pandas and geopandas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from optimizer.network.answers.critical import Critical
    from optimizer.network.answers.profile import Point
    from optimizer.network.answers.told import Told
    from optimizer.network.ground import Course, Matrix
    from optimizer.network.state.roads import Roads
    from optimizer.terrain.theatre import Theatre

__all__ = ["loss_pairs_frame", "losses_frame", "matrix_frame", "profile_frame", "routes_frame"]

_EARTH = "EPSG:4326"
_LOSSES = ["mobility", "rank", "edges", "ways", "bridges", "class", "length_m"]
_LOSSES += ["cut_off", "slower", "lost_s", "most_s"]
_LOSS_PAIRS = ["mobility", "rank", "edges", "origin", "destination", "before_s", "after_s"]
_QUANTITIES = ("time_s", "distance_m", "fuel_m", "exposure_milli")


def routes_frame(told: Told) -> gpd.GeoDataFrame:
    """Return the paths of a pair as a layer.

    Parameters
    ----------
    told : Told
        What was asked of the pair.

    Returns
    -------
    GeoDataFrame
        One row a path, in EPSG:4326: ``answer`` is ``best``, ``front`` or ``alternative``;
        ``criterion`` what it is best for (``time/exposure`` on the front); ``rank`` from 1;
        ``shared`` of an alternative; and the four quantities.
    """
    rows: list[tuple[str, str, int, float | None, Course]] = []
    for criterion, course in told.best.items():
        rows.append(("best", criterion.value, 1, None, course))
    for rank, course in enumerate(told.front or (), 1):
        rows.append(("front", "time/exposure", rank, None, course))
    for rank, other in enumerate(told.alternatives or (), 1):
        rows.append(("alternative", told.criterion.value, rank, other.shared, other.course))
    return gpd.GeoDataFrame(
        [
            {
                "origin": told.origin,
                "destination": told.destination,
                "mobility": "+".join(told.profile.mobility),
                "answer": answer,
                "criterion": criterion,
                "rank": rank,
                **{name: getattr(course, name) for name in _QUANTITIES},
                "shared": shared,
            }
            for answer, criterion, rank, shared, course in rows
        ],
        geometry=[shapely.LineString(c.path.polyline if c.path else ()) for *_, c in rows],
        crs=_EARTH,
    )


def profile_frame(points: Iterable[Point], theatre: Theatre) -> gpd.GeoDataFrame:
    """Return the profile of a path as a layer of points.

    Parameters
    ----------
    points : iterable of Point
        From `optimizer.network.answers.profile.profile_of`.
    theatre : Theatre
        Theatre.

    Returns
    -------
    GeoDataFrame
        One row a point, in the order of travel, in EPSG:4326.
    """
    frame = pd.DataFrame([asdict(point) for point in points])
    lon, lat = theatre.to_earth.transform(frame.pop("x"), frame.pop("y"))
    geometry = gpd.points_from_xy(lon.round(6), lat.round(6))
    return gpd.GeoDataFrame(frame.round(6), geometry=geometry, crs=_EARTH)


def matrix_frame(matrix: Matrix) -> pd.DataFrame:
    """Return a matrix as a table, one row a pair.

    Parameters
    ----------
    matrix : Matrix
        Matrix.

    Returns
    -------
    DataFrame
        Indexed by ``origin`` and ``destination``: the four quantities, missing where there is no
        way, and ``unreachable``, the code of the reason, missing where there is one.
    """
    pairs = pd.MultiIndex.from_product([matrix.sites] * 2, names=["origin", "destination"])
    frame = pd.DataFrame(
        {name: getattr(matrix, name).ravel() for name in _QUANTITIES}, index=pairs, dtype="Int64"
    )
    frame = frame.mask(frame < 0)
    count = len(matrix.sites)
    codes = [matrix.unreachable.get(divmod(pair, count)) for pair in range(count * count)]
    frame["unreachable"] = [None if why is None else why.code for why in codes]
    return frame


def losses_frame(critical: Critical, roads: Roads, theatre: Theatre) -> gpd.GeoDataFrame:
    """Return what it costs to lose each road as a layer.

    Parameters
    ----------
    critical : Critical
        From `optimizer.network.answers.critical.critical_roads`.
    roads : Roads
        Roads that it was asked of.
    theatre : Theatre
        Theatre.

    Returns
    -------
    GeoDataFrame
        One row a stretch of road, the worst first, in EPSG:4326: ``rank`` from 1; ``edges``,
        ``ways``, ``bridges`` (edges), each with spaces between; ``class`` and ``length_m``;
        pairs ``cut_off`` and ``slower``; ``lost_s`` of all pairs, ``most_s`` of any one.
    """
    earth = theatre.to_earth.transform
    rows, shapes = [], []
    for rank, loss in enumerate(critical.losses, 1):
        edges = list(loss.edges)
        bridges = [edge for edge in edges if roads.bridge[edge]]
        rows.append(
            {
                "mobility": "+".join(critical.profile.mobility),
                "rank": rank,
                "edges": " ".join(roads.id[edge] for edge in edges),
                "ways": " ".join(dict.fromkeys(roads.way[edge] for edge in edges)),
                "bridges": " ".join(roads.id[edge] for edge in bridges),
                "class": str(roads.highway[(bridges or edges)[0]]),
                "length_m": float(roads.length_m[edges].sum().round(1)),
                "cut_off": loss.cut_off,
                "slower": loss.slower,
                "lost_s": int(loss.lost_s.sum()),
                "most_s": int(loss.lost_s.max(initial=0)),
            }
        )
        line = shapely.line_merge(shapely.MultiLineString(list(roads.line[edges])))
        degrees = np.column_stack(earth(*shapely.get_coordinates(line).T))
        shapes.append(shapely.set_coordinates(line, degrees.round(6)))
    return gpd.GeoDataFrame(rows or None, columns=_LOSSES, geometry=shapes, crs=_EARTH)


def loss_pairs_frame(critical: Critical, roads: Roads) -> pd.DataFrame:
    """Return what it costs each pair of sites to lose each road, as a table.

    Parameters
    ----------
    critical : Critical
        From `optimizer.network.answers.critical.critical_roads`.
    roads : Roads
        Roads that it was asked of.

    Returns
    -------
    DataFrame
        One row a stretch of road and pair that is worse off: ``rank`` and ``edges`` as in
        `losses_frame`, ``origin``, ``destination``, ``before_s``, and ``after_s``, missing where no
        way is left.
    """
    sites = np.array(critical.sites, dtype=object)
    parts = [
        pd.DataFrame(
            {
                "mobility": "+".join(critical.profile.mobility),
                "rank": rank,
                "edges": " ".join(roads.id[edge] for edge in loss.edges),
                "origin": sites[loss.pairs[:, 0]],
                "destination": sites[loss.pairs[:, 1]],
                "before_s": loss.before_s,
                "after_s": pd.array(loss.after_s, dtype="Int64"),
            }
        )
        for rank, loss in enumerate(critical.losses, 1)
    ]
    if not parts:
        return pd.DataFrame(columns=_LOSS_PAIRS)
    frame = pd.concat(parts, ignore_index=True)
    frame["after_s"] = frame["after_s"].mask(frame["after_s"] < 0)
    return frame
