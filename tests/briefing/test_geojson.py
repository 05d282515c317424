"""GeoJSON as RFC 7946 wants it and as the tools of GIS people read it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.facts import facts_of
from briefing.render import geometry
from briefing.render.geojson import feature_collection, geojson_text
from optimizer.plan.model import Path as Course
from optimizer.plan.model import Plan


def _collection(plan: Plan, layer: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(geojson_text(plan, facts_of(plan), layer))
    return found


def _by_id(collection: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {feature["id"]: feature for feature in collection["features"]}


def test_every_layer_of_a_plan_is_there(shortfall: Plan) -> None:
    features = _collection(shortfall)["features"]
    layers = [f["properties"]["layer"] for f in features]
    # 5 sites; 3 trips of one stop each are 6 legs; 1 area; 3 changes.
    assert {x: layers.count(x) for x in layers} == {
        "sites": 5,
        "routes": 6,
        "areas": 1,
        "changes": 3,
    }
    assert len({f["id"] for f in features}) == len(features)


def test_sites_tell_what_they_get(shortfall: Plan) -> None:
    sites = {
        f["properties"]["site"]: f["properties"]
        for f in _collection(shortfall, "sites")["features"]
    }
    assert sites["DEPOT"]["role"] == "base"
    assert sites["DEPOT"]["status"] == "no_demand"
    assert sites["ALP"]["status"] == "delivered"
    assert sites["ILE"]["status"] == "undelivered"
    # 3,000 kg of food and 6 of 10 pallets of 756 kg are missing.
    assert sites["ZUL"]["status"] == "partly_delivered"
    assert sites["ZUL"]["undelivered_kg"] == 3000 + 6 * 756
    assert sites["ZUL"]["delivered_kg"] == 4 * 756


def test_legs_tell_who_drives_when_with_what(shortfall: Plan) -> None:
    leg = _by_id(_collection(shortfall))["leg:ROUGE/1/1"]["properties"]
    assert (leg["convoy"], leg["trip"], leg["sequence"]) == ("ROUGE", 1, 1)
    assert leg["depart"] == "2026-06-15T04:45:00+02:00"
    assert leg["arrive"] == "2026-06-15T05:25:00+02:00"
    assert leg["tail_clear"] == "2026-06-15T05:25:27+02:00"
    assert leg["distance_m"] == 20_000
    assert leg["load_kg"] == 24 * 756
    back = _by_id(_collection(shortfall))["leg:ROUGE/1/2"]["properties"]
    assert back["load_kg"] == 0


def test_a_leg_without_a_path_is_straight_and_says_so(shortfall: Plan) -> None:
    leg = _by_id(_collection(shortfall))["leg:ROUGE/1/1"]
    assert leg["properties"]["schematic"] is True
    assert leg["geometry"] == {"type": "LineString", "coordinates": [[7.1, 46.2], [7.2, 46.25]]}


def test_a_leg_follows_its_path_with_six_decimals(shortfall: Plan) -> None:
    way = Course(parts=(), polyline=((7.1, 46.2), (7.12345678, 46.21), (7.2, 46.25)))
    route = shortfall.routes[0]
    trip = route.trips[0]
    legs = (trip.legs[0].model_copy(update={"path": way}), *trip.legs[1:])
    trips = (trip.model_copy(update={"legs": legs}), *route.trips[1:])
    routes = (route.model_copy(update={"trips": trips}), *shortfall.routes[1:])
    leg = _by_id(_collection(shortfall.model_copy(update={"routes": routes})))["leg:ROUGE/1/1"]
    assert leg["properties"]["schematic"] is False
    assert leg["geometry"]["coordinates"][1] == [7.123457, 46.21]
    assert leg["bbox"] == [7.1, 46.2, 7.2, 46.25]


def test_a_site_without_a_position_has_no_geometry(shortfall: Plan) -> None:
    scenario = shortfall.scenario
    sites = tuple(s.model_copy(update={"position": None}) for s in scenario.sites)
    lost = shortfall.model_copy(update={"scenario": scenario.model_copy(update={"sites": sites})})
    found = _by_id(_collection(lost))
    assert found["site:ALP"]["geometry"] is None
    assert found["leg:ROUGE/1/1"]["geometry"] is None


def test_the_marking_stands_on_the_collection_and_on_every_feature(everything: Plan) -> None:
    collection = _collection(everything)
    assert collection["marking"] == "EXERCISE - RESTRICTED"
    marks = {f["properties"]["marking"] for f in collection["features"]}
    assert marks == {"EXERCISE - RESTRICTED"}


def test_one_layer_alone(shortfall: Plan) -> None:
    collection = _collection(shortfall, "areas")
    assert [f["id"] for f in collection["features"]] == ["area:flooded"]
    assert collection["name"] == "areas"


def test_areas_are_closed_and_counterclockwise(shortfall: Plan) -> None:
    # The scenario states the ring clockwise and open.
    (area,) = _collection(shortfall, "areas")["features"]
    (ring,) = area["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert ring == [[7.1, 46.3], [7.1, 46.2], [7.2, 46.2], [7.2, 46.3], [7.1, 46.3]]


def test_the_box_holds_everything(plan: Plan) -> None:
    collection = _collection(plan)
    west, south, east, north = collection["bbox"]
    for feature in collection["features"]:
        if feature["geometry"] and feature["geometry"]["type"] == "Point":
            lon, lat = feature["geometry"]["coordinates"]
            assert west <= lon <= east
            assert south <= lat <= north


def test_geopandas_reads_it(shortfall: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.geojson"
    file.write_text(geojson_text(shortfall, facts_of(shortfall)), encoding="utf-8")
    frame = gpd.read_file(file)
    assert len(frame) == 15
    assert frame.crs.to_epsg() == 4326
    # A change that names a road by its id has no place of its own.
    assert set(frame[frame.geometry.isna()]["id"]) == {"change:r1"}
    assert frame[~frame.geometry.isna()].is_valid.all()
    assert set(frame["id"]) == set(_by_id(_collection(shortfall)))
    routes = frame[frame["layer"] == "routes"]
    assert set(routes.geom_type) == {"LineString"}
    assert routes["depart"].min().isoformat() == "2026-06-15T04:45:00+02:00"
    assert routes["distance_m"].sum() == shortfall.metrics.distance_m


def test_a_line_over_the_antimeridian_is_cut() -> None:
    # From 179 east to 179 west is two degrees; half of the way, and of the rise, is at the edge.
    assert geometry.line([(179, 10), (-179, 20)]) == {
        "type": "MultiLineString",
        "coordinates": [[(179, 10), (180, 15)], [(-180, 15), (-179, 20)]],
    }
    assert geometry.bbox([geometry.point((179, 0)), geometry.point((-179, 1))]) == [179, 0, -179, 1]


def test_a_line_that_goes_nowhere_is_still_a_line() -> None:
    assert geometry.line([(7, 46), (7.0000001, 46)])["coordinates"] == [(7, 46), (7, 46)]


places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(st.lists(places, min_size=1, max_size=8))
def test_every_line_is_one_that_the_standard_allows(positions: list[tuple[float, float]]) -> None:
    shape = geometry.line(positions)
    parts = shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
    for part in parts:
        assert len(part) >= 2
        for (lon, lat), (after, _) in itertools.pairwise(part):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert abs(after - lon) <= 180


@given(st.lists(places, min_size=3, max_size=8))
def test_every_ring_is_closed(positions: list[tuple[float, float]]) -> None:
    (ring,) = geometry.polygon(positions)["coordinates"]
    assert ring[0] == ring[-1]
    assert len(ring) >= 4


def test_no_sum_is_made_outside_the_facts(everything: Plan) -> None:
    site = _by_id(feature_collection(everything, facts_of(everything)))["site:PAS"]
    # 96 cases of 10.3 kg and 60 blankets of 1.5 kg.
    assert site["properties"]["delivered_kg"] == pytest.approx(96 * 10.3 + 60 * 1.5)
