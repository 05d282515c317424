"""Roads are cut where they meet and where they change, and keep what their tags say."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from optimizer.terrain.build.assemble import build_theatre
from optimizer.terrain.build.lines import Line
from optimizer.terrain.build.road_tags import is_closed_to_all, road_attributes
from optimizer.terrain.build.roads import component_numbers
from optimizer.terrain.build.topology import cut_into_edges

WriteOsm = Callable[..., Path]

ROAD = {"highway": "residential"}


def _line(way: int, nodes: list[int], xs: list[float], *, uncut: bool = False) -> Line:
    points = np.array([(x, 0.0) for x in xs])
    return Line(way, np.array(nodes, np.int64), points, uncut)


def _roads(path: Path, tmp_path: Path) -> gpd.GeoDataFrame:
    return build_theatre(tmp_path / "theatre", osm=[path]).theatre.frame("roads")


def test_ways_are_cut_at_shared_nodes_only() -> None:
    # Node 2 is shared, node 11 only bends the road.
    lines = [_line(0, [1, 11, 2, 3], [0, 50, 100, 200]), _line(1, [2, 4], [100, 150])]
    edges = cut_into_edges(lines, {})
    assert [(e.start, e.end) for e in edges] == [(1, 2), (2, 3), (2, 4)]
    assert [e.part for e in edges] == [0, 1, 0]
    assert len(edges[0].points) == 3


def test_no_edge_is_longer_than_500_m_but_bridges_and_tunnels() -> None:
    road = cut_into_edges([_line(0, [1, 2], [0, 1200])], {})
    lengths = [float(np.ptp(e.points[:, 0])) for e in road]
    assert lengths == [400, 400, 400]  # the fewest equal parts: 1200 / 500 rounded up
    # Made nodes are shared by the edges on both sides, and by no other.
    assert road[0].end == road[1].start
    assert road[1].end == road[2].start
    assert len({road[0].start, road[0].end, road[1].end, road[2].end}) == 4
    assert len(cut_into_edges([_line(0, [1, 2], [0, 1200], uncut=True)], {})) == 1


def test_a_ring_becomes_three_edges_so_that_none_joins_a_node_to_itself() -> None:
    ring = Line(
        0,
        np.array([1, 2, 3, 4, 1], np.int64),
        np.array([(0, 0), (30, 0), (30, 30), (0, 30), (0, 0)], np.float64),
        uncut=False,
    )
    edges = cut_into_edges([ring], {})
    pairs = {frozenset((e.start, e.end)) for e in edges}
    assert len(edges) == len(pairs) == 3
    assert all(e.start != e.end for e in edges)


def test_nodes_at_one_place_are_one_node() -> None:
    # 2 and 5 are drawn on top of one another: without merging, 3 could not be reached from 1.
    lines = [_line(0, [1, 2, 5], [0, 100, 100]), _line(1, [5, 3], [100, 200])]
    edges = cut_into_edges(lines, {})
    assert [(e.start, e.end) for e in edges] == [(1, 2), (2, 3)]
    assert cut_into_edges([_line(0, [1, 2], [7, 7])], {}) == []


def test_a_fords_node_makes_the_thirty_metres_around_it_a_ford() -> None:
    edges = cut_into_edges([_line(0, [1, 2, 3], [0, 100, 200])], {2: math.nan})
    assert [e.ford for e in edges] == [False, True, False]
    assert [e.points[0, 0] for e in edges] == [0, 85, 115]
    # At the end of a way there is only one side.
    edges = cut_into_edges([_line(0, [1, 2], [0, 100])], {1: math.nan})
    assert [(e.ford, e.points[-1, 0]) for e in edges] == [(True, 15), (False, 100)]
    # Of the depths that are mapped the deepest holds.
    lines = [_line(0, [1, 2, 3, 4, 5], [0, 100, 105, 110, 200])]
    edges = cut_into_edges(lines, {2: 0.3, 3: math.nan, 4: 0.5})
    assert max(e.ford_depth_m for e in edges if e.ford) == 0.5
    # On a bridge there is none: the water is below.
    edges = cut_into_edges([_line(0, [1, 2, 3], [0, 100, 200], uncut=True)], {2: math.nan})
    assert [e.ford for e in edges] == [False]


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "reversible"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway_link"}, 0),
    ],
)
def test_directions(tags: dict[str, str], oneway: int) -> None:
    assert road_attributes(ROAD | tags).oneway == oneway


def test_bridges_tunnels_and_what_is_none() -> None:
    assert road_attributes(ROAD | {"bridge": "viaduct"}).bridge
    assert not road_attributes(ROAD | {"bridge": "no"}).bridge
    assert not road_attributes(ROAD | {"tunnel": "culvert"}).tunnel
    assert not road_attributes(ROAD | {"tunnel": "building_passage"}).tunnel
    assert road_attributes(ROAD | {"tunnel": "avalanche_protector"}).tunnel


def test_load_classes_take_the_variant_that_fits_the_traffic() -> None:
    tags = ROAD | {
        "mlc:wheeled": "30",
        "mlc:wheeled_oneway": "90",
        "mlc:tracked_oneway": "70",
        "mlc": "25",
    }
    both = road_attributes(tags)
    # In both directions: 30 as posted; tracked has no two-way value of its own, so the general one.
    assert (both.mlc_wheeled, both.mlc_tracked) == (30, 25)
    single = road_attributes(tags | {"oneway": "yes"})
    assert (single.mlc_wheeled, single.mlc_tracked) == (90, 70)


def test_the_smallest_of_several_limits_binds() -> None:
    limits = road_attributes(
        ROAD | {"maxheight": "4", "maxheight:physical": "3.8", "width": "2.5", "maxwidth": "3"}
    )
    assert (limits.max_height_m, limits.max_width_m) == (3.8, 2.5)


@pytest.mark.parametrize(
    ("tags", "surface"),
    [
        ({"surface": "asphalt"}, "paved"),
        ({"surface": "asphalt;gravel"}, "paved"),
        ({"surface": "ground"}, "dirt"),
        ({"tracktype": "grade2"}, "gravel"),
        ({"smoothness": "horrible"}, "dirt"),
        ({"surface": "unheard_of", "tracktype": "grade1"}, "compacted"),
        ({}, "unknown"),
    ],
)
def test_surfaces(tags: dict[str, str], surface: str) -> None:
    assert road_attributes(ROAD | tags).surface == surface


def test_who_may_use_a_road() -> None:
    assert is_closed_to_all(ROAD | {"access": "no"})
    assert not is_closed_to_all(ROAD | {"access": "no", "motor_vehicle": "permit"})
    assert not is_closed_to_all(ROAD | {"access": "private"})
    assert not is_closed_to_all({"highway": "path", "access": "no", "foot": "yes"})


def test_components_are_strong_and_the_largest_is_0() -> None:
    # 0-1-2 both ways; 3 can be left but not reached; 4-5 stand alone.
    ends = np.array([(0, 1), (1, 2), (3, 0), (4, 5)])
    numbers = component_numbers(6, ends, np.array([0, 0, 1, 0]))
    assert numbers.tolist() == [0, 0, 0, 2, 1, 1]


def test_a_town_becomes_edges_and_nodes(write_osm: WriteOsm, tmp_path: Path) -> None:
    path = write_osm(
        {1: (0, 0), 2: (2, 0), 3: (4, 0), 4: (2, 2), 5: (9, 9)},
        {
            10: ((2, 4), {"highway": "track", "bridge": "yes", "maxweight": "7.5 t"}),
            20: ((1, 2, 3), {"highway": "primary", "name": "Main", "oneway": "yes"}),
            30: ((3, 99, 5, 98), {"highway": "path"}),  # 98 and 99 are not in the file
            40: ((1, 5), {"highway": "construction"}),
            50: ((1, 5), {"highway": "residential", "access": "no"}),
            60: ((1, 5), {"highway": "hyperloop"}),
        },
    )
    built = build_theatre(tmp_path / "theatre", osm=[path]).theatre
    roads, nodes = built.frame("roads"), built.frame("nodes")
    # Way 30 has no two known nodes in a row.
    assert roads["id"].tolist() == ["w10.0", "w20.0", "w20.1"]
    assert roads["way"].tolist() == ["w10", "w20", "w20"]
    assert roads["bridge"].tolist() == [True, False, False]
    assert roads["max_weight_t"].tolist()[0] == 7.5
    assert roads["oneway"].tolist() == [0, 1, 1]
    # Both ends of each edge are where its nodes say.
    for row in roads.itertuples():
        ends = [nodes.geometry[row.from_node], nodes.geometry[row.to_node]]
        assert [p.coords[0] for p in ends] == [row.geometry.coords[0], row.geometry.coords[-1]]
    # 0.002 degrees of longitude at 42.5 degrees north: 2 * 82.0 m.
    assert roads["length_m"][1] == pytest.approx(164.3, abs=0.5)
    statistics = built.manifest.statistics
    assert statistics["dropped_roads_of_dropped_class"] == 1
    assert statistics["dropped_roads_of_unknown_class"] == 1
    assert statistics["dropped_roads_closed_to_all"] == 1
    assert statistics["dropped_roads_with_missing_nodes"] == 1


def test_two_files_with_the_same_way_give_it_once(write_osm: WriteOsm, tmp_path: Path) -> None:
    # Extracts overlap at borders: the first lacks a node that the second has.
    ways = {7: ((1, 2, 3), ROAD)}
    cut = write_osm({1: (0, 0), 2: (2, 0)}, ways, name="cut.osm")
    whole = write_osm({1: (0, 0), 2: (2, 0), 3: (4, 0)}, ways, name="whole.osm")
    theatre = build_theatre(tmp_path / "both", osm=[cut, whole]).theatre
    assert theatre.frame("roads")["id"].tolist() == ["w7.0"]
    assert "dropped_roads_with_missing_nodes" not in theatre.manifest.statistics
    again = build_theatre(tmp_path / "swapped", osm=[whole, cut]).theatre
    assert again.manifest.layers["roads"] == theatre.manifest.layers["roads"]
