"""Makes the little theatre of this folder: 20 by 12 cells of 30 m, flat but for one corner.

::

    y 360              R         F       s   H      R river, F forest, s stream, H steep
      280  n5--s4--n6==s5==n7----s6----n8       n9   == bridge; s9 from n1 to n7 is a ford
           | north     R         F      ^ s     |
      190  s7          R       field    s8      s10  s8 is one-way from n3 to n8, s10 a footway
           |           R                |       |
      100  n0--s0--n1==s1==n2----s2----n3--s3--n4
             depot     R                  east
        x  15      165    225    360   435     585

North lies beside s4, depot beside s0, east beside s3; field lies off the roads.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from optimizer.terrain.theatre import Grid, Source
from optimizer.terrain.write import write_theatre

CRS = "EPSG:32631"
WEST, SOUTH = 400_000.0, 4_900_000.0
GRID = Grid(CRS, WEST, SOUTH + 360, 30.0, 20, 12)
NAME = "two-bridges"

NODES = [
    (15, 100),
    (165, 100),
    (225, 100),
    (435, 100),
    (585, 100),
    (15, 280),
    (165, 280),
    (225, 280),
    (435, 280),
    (585, 280),
]
PRIMARY, SMALL, TRACK = ("primary", "paved"), ("tertiary", "gravel"), ("track", "dirt")
#: From, to, class and surface, what is special.
EDGES: list[tuple[int, int, tuple[str, str], dict[str, Any]]] = [
    (0, 1, PRIMARY, {}),
    (1, 2, PRIMARY, {"bridge": True, "mlc_wheeled": 40.0, "mlc_tracked": 30.0}),
    (2, 3, PRIMARY, {}),
    (3, 4, PRIMARY, {}),
    (5, 6, SMALL, {}),
    (
        6,
        7,
        SMALL,
        {"bridge": True, "max_weight_t": 10.0, "max_height_m": 3.0, "max_width_m": 2.2},
    ),
    (7, 8, SMALL, {}),
    (0, 5, SMALL, {}),
    (3, 8, SMALL, {"oneway": 1}),
    (1, 7, TRACK, {"ford": True}),
    (4, 9, ("footway", "paved"), {}),
]


def xy(x: float, y: float) -> tuple[float, float]:
    """Return a position in the theatre's CRS from one in metres of its south-west corner."""
    return WEST + x, SOUTH + y


def length_m(edge: int) -> float:
    a, b, _, _ = EDGES[edge]
    return round(float(np.hypot(*np.subtract(NODES[a], NODES[b]))), 2)


def _roads() -> gpd.GeoDataFrame:
    rows = []
    for number, (a, b, (highway, surface), special) in enumerate(EDGES):
        row = {
            "edge": number,
            "id": f"s{number}",
            "way": f"r{number}",
            "from_node": a,
            "to_node": b,
            "class": highway,
            "surface": surface,
            "oneway": 0,
            "bridge": False,
            "tunnel": False,
            "ford": False,
            "max_weight_t": None,
            "mlc_wheeled": None,
            "mlc_tracked": None,
            "max_height_m": None,
            "max_width_m": None,
            "max_speed_kmh": None,
            "length_m": length_m(number),
            "from_z_m": 100.0,
            "to_z_m": 100.0,
            "name": "",
            "ref": "",
            "osm_id": 0,
            "geometry": shapely.LineString([xy(*NODES[a]), xy(*NODES[b])]),
        }
        rows.append(row | special)
    frame = gpd.GeoDataFrame(rows, crs=CRS)
    numbers = ["max_weight_t", "mlc_wheeled", "mlc_tracked", "max_height_m", "max_width_m"]
    return frame.astype(dict.fromkeys([*numbers, "max_speed_kmh"], float))


def write(folder: Path) -> None:
    """Write the theatre."""
    elevation = np.full(GRID.shape, 100.0, np.float32)
    elevation[:3, 17:] = 140.0
    cover = np.full(GRID.shape, 30, np.uint8)
    cover[:4, 12] = 10
    water = np.zeros(GRID.shape, np.uint8)
    water[:, 6] = 2
    water[:6, 15] = 1
    points = [shapely.Point(xy(*node)) for node in NODES]
    nodes = {"node": range(len(NODES)), "z_m": 100.0, "component": 0, "geometry": points}
    river = shapely.LineString([xy(195, 0), xy(195, 360)])
    stream = shapely.LineString([xy(465, 180), xy(465, 360)])
    waters = {"kind": ["river", "stream"], "name": "", "geometry": [river, stream]}
    places = {"name": ["Two Bridges"], "kind": "village", "population": 0, "geometry": [points[0]]}
    write_theatre(
        folder,
        name=NAME,
        title="Two bridges, for the tests of the verifier",
        grid=GRID,
        rasters={"elevation": elevation, "landcover": cover, "water": water},
        frames={
            "roads": _roads(),
            "nodes": gpd.GeoDataFrame(nodes, crs=CRS),
            "waters": gpd.GeoDataFrame(waters, crs=CRS),
            "places": gpd.GeoDataFrame(places, crs=CRS),
        },
        sources=[Source(what="all", name="drawn by hand", licence="Apache-2.0")],
        statistics={},
        replace=True,
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
