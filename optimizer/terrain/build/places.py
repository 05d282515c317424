"""Makes the layer ``places``."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from optimizer.terrain.build.osm import OsmData, sorted_by_id
from optimizer.terrain.theatre import Grid

__all__ = ["places"]


def places(data: OsmData, grid: Grid, to_ground: Transformer) -> gpd.GeoDataFrame:
    """Return the named places on the grid.

    Parameters
    ----------
    data : OsmData
        What was read.
    grid : Grid
        Grid of the theatre; places outside it are left out.
    to_ground : Transformer
        From longitude and latitude to metres.

    Returns
    -------
    GeoDataFrame
        Columns ``name``, ``kind`` and ``population``.
    """
    found = list(sorted_by_id(data.places))
    lonlat = np.array([(p.lon, p.lat) for p in found], np.float64).reshape(-1, 2)
    xy = np.round(np.column_stack(to_ground.transform(lonlat[:, 0], lonlat[:, 1])), 2)
    inside = np.array([grid.contains(*grid.cell(x, y)) for x, y in xy.tolist()], np.bool_)
    kept = [place for place, here in zip(found, inside.tolist(), strict=True) if here]
    return gpd.GeoDataFrame(
        {
            "name": [place.name for place in kept],
            "kind": [place.kind for place in kept],
            "population": np.array([place.population for place in kept], np.int64),
        },
        geometry=gpd.GeoSeries(shapely.points(xy[inside]), crs=grid.crs),
        crs=grid.crs,
    )
