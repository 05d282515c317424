"""A small theatre with a lake, a river, two ways side by side and a bridge, and a scenario on it.

Positions are in metres east and south of the north-western corner: 3 km by 3 km, the lake in the
south-west, the river from north to south at 2,000 m, the roads r1 and r2 from west to east at
500 m, 20 m apart, and a footpath f1 at 1,500 m.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, Point, box

from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import write_theatre

GRID = Grid("EPSG:32631", 300_000.0, 4_900_000.0, 30.0, 100, 100)


def at(east_m: float, south_m: float) -> tuple[float, float]:
    """Return a position in the CRS."""
    return GRID.west_m + east_m, GRID.north_m - south_m


_TO_EARTH = Transformer.from_crs(GRID.crs, "EPSG:4326", always_xy=True)


def position(east_m: float, south_m: float) -> dict[str, float]:
    """Return a position as a scenario states it."""
    lon, lat = _TO_EARTH.transform(*at(east_m, south_m))
    return {"lon": float(lon), "lat": float(lat)}


#: way, class, bridge, south, from and to.
_EDGES = [
    ("r1", "primary", False, 500, 100, 1900),
    ("r1", "primary", True, 500, 1900, 2100),
    ("r1", "primary", False, 500, 2100, 2900),
    ("r2", "primary", False, 520, 100, 1900),
    ("f1", "path", False, 1500, 100, 1900),
]


def _roads() -> gpd.GeoDataFrame:
    n = len(_EDGES)
    return gpd.GeoDataFrame(
        {
            "edge": range(n),
            "id": [f"s{i}" for i in range(n)],
            "way": [e[0] for e in _EDGES],
            "class": [e[1] for e in _EDGES],
            "bridge": [e[2] for e in _EDGES],
            "from_node": [0, 1, 2, 4, 6],
            "to_node": [1, 2, 3, 5, 7],
            "surface": "paved",
            "oneway": 0,
            "tunnel": False,
            "ford": False,
            "max_weight_t": [np.nan] * n,
            "mlc_wheeled": [np.nan] * n,
            "mlc_tracked": [np.nan] * n,
            "max_height_m": [np.nan] * n,
            "max_width_m": [np.nan] * n,
            "max_speed_kmh": [np.nan] * n,
            "length_m": [float(e[5] - e[4]) for e in _EDGES],
            "from_z_m": 0.0,
            "to_z_m": 0.0,
            "name": "",
            "ref": "",
            "osm_id": 0,
        },
        geometry=[LineString([at(e[4], e[3]), at(e[5], e[3])]) for e in _EDGES],
        crs=GRID.crs,
    )


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    water = np.zeros(GRID.shape, np.uint8)
    water[70:, :30] = 3  # the lake, from 2,100 m south and up to 900 m east
    water[:, 66:68] = 2  # the river, from 1,980 to 2,040 m east
    ends = [at(e, 500) for e in (100, 1900, 2100, 2900)]
    ends += [at(e, s) for s in (520, 1500) for e in (100, 1900)]
    nodes = gpd.GeoDataFrame(
        {"node": range(8), "z_m": 0.0, "component": [0, 0, 0, 0, 1, 1, 2, 2]},
        geometry=[Point(end) for end in ends],
        crs=GRID.crs,
    )
    waters = gpd.GeoDataFrame(
        {"kind": ["lake", "river"], "name": ["", ""]},
        geometry=[box(*at(0, 3000), *at(900, 2100)), box(*at(1980, 3000), *at(2040, 0))],
        crs=GRID.crs,
    )
    places = gpd.GeoDataFrame(
        {"name": ["Aubry"], "kind": ["town"], "population": [900]},
        geometry=[Point(at(200, 500))],
        crs=GRID.crs,
    )
    return write_theatre(
        Path(tmp_path_factory.mktemp("theatres")) / "square",
        name="square",
        title="Square",
        grid=GRID,
        rasters={"landcover": np.full(GRID.shape, 30, np.uint8), "water": water},
        frames={"roads": _roads(), "nodes": nodes, "waters": waters, "places": places},
        sources=[Source(what="all", name="test", licence="CC0-1.0")],
        statistics={},
    )


@pytest.fixture
def stated() -> Callable[..., dict[str, Any]]:
    """Make a document for the theatre, with other top-level keys."""
    base: dict[str, Any] = {
        "format": "convoi/scenario/1",
        "id": "square",
        "horizon": {"start": "2026-06-15T04:00Z", "end": "2026-06-15T22:00Z"},
        "theatre": {"name": "square"},
        "sites": [
            {"id": "depot", "kind": "base", "position": position(200, 500)},
            {"id": "alpha", "position": position(1500, 700)},
        ],
        "bases": [{"site": "depot", "stock": [{"good": "ration_case", "quantity": 100}]}],
        "demands": [{"id": "d1", "site": "alpha", "good": "ration_case", "quantity": 20}],
        "vehicle_types": [
            {
                "id": "truck",
                "mobility": "heavy_truck",
                "load_class": 20,
                "compartments": [{"id": "bed", "capacity_kg": 6000}],
            }
        ],
        "fleet": [{"type": "truck", "base": "depot", "count": 2}],
    }
    return lambda **keys: copy.deepcopy(base | keys)
