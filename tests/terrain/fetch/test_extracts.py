"""Which extracts of OpenStreetMap a box needs."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import NotFoundError, OutsideError, UsageError
from optimizer.terrain.fetch.extracts import choose, extracts_of


def index(*regions: tuple[str, str | None, tuple[float, float, float, float]]) -> str:
    """Write an index like Geofabrik's; all regions are rectangles."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": name,
                "name": name.title(),
                "urls": {"pbf": f"https://download.geofabrik.de/x/{name}-latest.osm.pbf"},
            }
            | ({"parent": parent} if parent else {}),
            "geometry": json.loads(shapely.to_geojson(shapely.box(*box))),
        }
        for name, parent, box in regions
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


WORLD = extracts_of(
    index(
        ("europe", None, (-20, 30, 40, 70)),
        ("france", "europe", (0, 42, 8, 50)),
        ("south", "france", (0, 42, 8, 45)),
        ("spain", "europe", (-8, 36, 0, 42)),
        ("andorra", "europe", (1, 42.4, 1.8, 42.7)),
        ("swiss", "europe", (8, 45, 10, 47)),
        ("russia", None, (40, 40, 60, 70)),
    ),
    "index",
)


def chosen(*box: float) -> list[str]:
    west, south, east, north = box
    return [extract.id for extract in choose(WORLD, (west, south, east, north)).extracts]


def test_the_smallest_that_holds_the_box_is_chosen() -> None:
    assert chosen(1.1, 42.45, 1.7, 42.6) == ["andorra"]
    assert chosen(2, 43, 3, 44) == ["south"]
    assert chosen(2, 44, 3, 46) == ["france"]  # its south holds a half of it
    assert chosen(45, 50, 46, 51) == ["russia"]  # nothing larger, and cut into nothing


def test_a_box_over_a_border_takes_neighbours_and_never_a_continent() -> None:
    assert chosen(7.5, 45.5, 8.5, 46) == ["swiss", "france"]
    assert chosen(-0.5, 41.5, 0.5, 42.5) == ["south", "spain"]


def test_what_lies_in_no_extract_is_told() -> None:
    choice = choose(WORLD, (7.0, 41.0, 8.0, 43.0))
    assert [e.id for e in choice.extracts] == ["south"]
    assert choice.left == pytest.approx(0.5)  # the lower half is sea
    with pytest.raises(UsageError, match="no extract of OpenStreetMap holds anything"):
        choose(WORLD, (-30.0, 10.0, -29.0, 11.0))


def test_extracts_may_be_named() -> None:
    assert [e.id for e in choose(WORLD, (2, 43, 3, 44), ["france"]).extracts] == ["france"]
    with pytest.raises(NotFoundError, match=r"no extract 'andor'; did you mean andorra\?"):
        choose(WORLD, (2, 43, 3, 44), ["andor"])


@given(st.floats(-7, 9), st.floats(37, 46), st.floats(0.1, 1), st.floats(0.1, 1))
def test_what_can_be_covered_is_covered(west: float, south: float, w: float, h: float) -> None:
    box = shapely.box(west, south, west + w, south + h)
    parts = [e.outline for e in WORLD if not e.is_whole]
    reachable = box.intersection(shapely.union_all(parts)).area
    if reachable < 0.002 * box.area:
        return
    choice = choose(WORLD, (west, south, west + w, south + h))
    reached = box.intersection(shapely.union_all([e.outline for e in choice.extracts])).area
    # Less than a thousandth of the box is not worth an extract; there are five of them at most.
    assert reached >= reachable - 0.005 * box.area
    assert not any(e.is_whole for e in choice.extracts)


@pytest.mark.parametrize(
    "text",
    [
        "<html>",
        "[]",
        '{"features": [{}]}',
        index(("../x", None, (0, 0, 1, 1))).replace("../x-latest.osm.pbf", ".pbf"),
        index(("a", None, (0, 0, 1, 1))).replace("x/a-latest.osm.pbf", "../../etc/a.pbf"),
    ],
)
def test_what_is_no_index_is_refused(text: str) -> None:
    with pytest.raises(OutsideError, match="is no index of extracts"):
        extracts_of(text, "https://example.org/index-v1.json")


def test_of_an_address_only_the_path_is_used() -> None:
    # So that a mirror may hold the index of its home as it is, and an index cannot lead elsewhere.
    assert WORLD[4].path == "x/andorra-latest.osm.pbf"
    assert WORLD[4].file == "andorra-latest.osm.pbf"
