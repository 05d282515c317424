"""The bundled theatre: whole, small, and fit for its two stories."""

from __future__ import annotations

import pytest
from scipy import sparse
from scipy.sparse import csgraph

from optimizer.datasets import data_path
from optimizer.terrain.theatre import RASTERS, VECTORS, Theatre


@pytest.fixture(scope="module")
def bundled() -> Theatre:
    return Theatre.open(data_path("terrain", "sarvenne"))


def test_content_is_what_the_manifest_says(bundled: Theatre) -> None:
    # Reading a layer compares its digest with the manifest and raises where they differ.
    for name in RASTERS:
        bundled.raster(name)
    for name in VECTORS:
        bundled.frame(name)


def test_takes_at_most_eight_megabytes(bundled: Theatre) -> None:
    assert sum(file.stat().st_size for file in bundled.folder.iterdir()) <= 8_000_000


def test_has_room_for_a_brigade_and_a_flood(bundled: Theatre) -> None:
    side_km = bundled.grid.width * bundled.grid.resolution_m / 1000
    assert 36 <= side_km <= 40
    places = bundled.frame("places")
    large = places[places["kind"].isin(["city", "town"])]
    assert len(large) >= 6
    rivers = bundled.frame("waters").query("kind == 'river'")
    by_river = [rivers.distance(p).min() < 1500 for p in large.geometry]
    assert sum(by_river) >= 5


def test_grades_stay_within_twelve_per_cent(bundled: Theatre) -> None:
    roads = bundled.frame("roads")
    grade = (roads["to_z_m"] - roads["from_z_m"]).abs() / roads["length_m"]
    assert grade.quantile(0.95) <= 0.12


def test_a_closed_bridge_leaves_detours(bundled: Theatre) -> None:
    roads = bundled.frame("roads")
    main = roads[roads["class"].isin(["primary", "secondary", "tertiary", "unclassified"])]
    count = len(bundled.frame("nodes"))

    def parts(edges: object) -> int:
        ends = (edges["from_node"], edges["to_node"])
        graph = sparse.coo_array(([1] * len(edges), ends), shape=(count, count))
        return int(csgraph.connected_components(graph, directed=False)[0])

    whole = parts(main)
    bridges = main.index[main["bridge"] & (main["class"] == "primary")]
    detour = [parts(main.drop(index=bridge)) == whole for bridge in bridges]
    # Most bridges of the main roads can be lost without cutting anything off.
    assert sum(detour) > 0.6 * len(detour)
