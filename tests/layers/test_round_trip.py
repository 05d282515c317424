"""A scenario goes through a GeoPackage and comes back the same, whatever its areas and changes."""

from __future__ import annotations

import math
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.datasets import data_path
from optimizer.layers.forms import LAYERS
from optimizer.layers.read import read_layers
from optimizer.layers.replace import with_layers
from optimizer.layers.write import write_layers
from optimizer.scenario.model import AreaKind, ChangeKind, Scenario
from optimizer.scenario.read import load_scenario, parse
from optimizer.scenario.write import scenario_digest
from optimizer.units import to_mgrs

FLOOD = load_scenario(data_path("scenarios", "flood.yaml"))

ids = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)
printable = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.text(printable | st.sampled_from("\n\t"), max_size=40)
figures = st.floats(0.001, 1e9, allow_nan=False)


@st.composite
def rings(draw: st.DrawFn) -> list[list[float]]:
    """Corners around a middle, in order; the ring is closed or left open."""
    lon, lat = draw(st.floats(-170, 170)), draw(st.floats(-70, 70))
    number = draw(st.integers(3, 9))
    turns = [2 * math.pi * (i + draw(st.floats(0, 0.4))) / number for i in range(number)]
    sizes = draw(st.lists(st.floats(0.01, 5), min_size=number, max_size=number))
    ring = [
        [lon + size * math.cos(turn), lat + size * math.sin(turn)]
        for turn, size in zip(turns, sizes, strict=True)
    ]
    return ring + ring[: draw(st.integers(0, 1))]


def _with(draw: st.DrawFn, entry: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return entry | {key: draw(values) for key, values in optional.items() if draw(st.booleans())}


@st.composite
def windows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Spans one after the other, in offsets of their own."""
    start = datetime(2026, 6, 15, tzinfo=UTC)
    marks = sorted(draw(st.sets(st.integers(0, 10_000), min_size=2, max_size=6)))
    zones = st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours)))
    times = [
        (start + timedelta(minutes=mark)).astimezone(draw(zones)).isoformat() for mark in marks
    ]
    return [{"start": a, "end": b} for a, b in zip(times[::2], times[1::2], strict=False)]


@st.composite
def areas(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(AreaKind))
    entry: dict[str, Any] = {"id": name, "kind": kind.value, "polygon": draw(rings())}
    if kind is AreaKind.SLOW:
        entry["speed_factor"] = draw(st.floats(0.001, 1))
    if kind is AreaKind.EXPOSURE:
        entry["exposure_per_km"] = draw(figures)
        entry = _with(draw, entry, {"exposure_per_h": figures | st.just(0)})
    return _with(draw, entry, {"label": texts, "note": texts, "windows": windows()})


@st.composite
def positions(draw: st.DrawFn) -> dict[str, Any]:
    lon, lat = draw(st.floats(-179, 179)), draw(st.floats(-79, 79))
    return {"mgrs": to_mgrs(lon, lat)} if draw(st.booleans()) else {"lon": lon, "lat": lat}


@st.composite
def changes(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(ChangeKind))
    entry: dict[str, Any] = {"id": name, "kind": kind.value}
    if draw(st.booleans()):
        entry["road"] = draw(st.text(printable, min_size=1, max_size=64))
    else:
        entry["near"] = draw(positions())
    if kind is ChangeKind.SPEED_LIMITED:
        entry["speed_kmh"] = draw(figures)
    if kind is ChangeKind.CLASS_ASSESSED:
        entry["load_class_wheeled"] = draw(figures | st.just(0))
        entry = _with(draw, entry, {"load_class_tracked": figures})
    if kind is ChangeKind.SPACING:
        entry["spacing_m"] = draw(figures)
        entry = _with(draw, entry, {"speed_kmh": figures})
    return _with(draw, entry, {"label": texts, "note": texts, "windows": windows()})


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    names = st.lists(ids, max_size=4, unique=True)
    stated = {
        "areas": [draw(areas(name)) for name in draw(names)],
        "changes": [draw(changes(name)) for name in draw(names)],
    }
    bare = {key: value for key, value in FLOOD.document().items() if key not in stated}
    given_keys = {key: value for key, value in stated.items() if value or draw(st.booleans())}
    scenario, faults = parse(bare | given_keys)
    assert scenario is not None, faults
    return scenario


def _through_a_file(scenario: Scenario, into: Scenario) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        write_layers(scenario, path)
        after, complaints = with_layers(into, read_layers(path))
    assert complaints == ()
    assert after is not None
    return after


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_a_scenario_comes_back_as_it_was_given(scenario: Scenario) -> None:
    after = _through_a_file(scenario, into=scenario)
    assert after.document() == scenario.document()
    assert scenario_digest(after) == scenario_digest(scenario)


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_everything_is_in_the_file_but_the_way_of_writing_a_position(scenario: Scenario) -> None:
    empty = FLOOD.model_copy(update={"areas": (), "changes": ()})
    after = _through_a_file(scenario, into=empty)
    for layer in LAYERS:
        before = getattr(scenario, layer.name)
        bare = {layer.geometry: None}
        assert [entry.model_copy(update=bare) for entry in getattr(after, layer.name)] == [
            entry.model_copy(update=bare) for entry in before
        ]
    for area, was in zip(after.areas, scenario.areas, strict=True):
        corners = was.polygon[:-1] if was.polygon[0] == was.polygon[-1] else was.polygon
        assert area.polygon == tuple(pytest.approx(corner, rel=0, abs=1e-7) for corner in corners)
    for change, said in zip(after.changes, scenario.changes, strict=True):
        assert (change.near is None) == (said.near is None)
        if change.near is not None and said.near is not None:
            assert change.near.lonlat == pytest.approx(said.near.lonlat, rel=0, abs=1e-7)


@pytest.mark.parametrize("name", ["brigade", "flood"])
def test_the_bundled_scenarios_come_back_as_they_are(name: str) -> None:
    scenario = load_scenario(data_path("scenarios", f"{name}.yaml"))
    assert scenario_digest(_through_a_file(scenario, into=scenario)) == scenario_digest(scenario)


def test_each_key_of_an_entry_is_a_column_of_its_type() -> None:
    for layer in LAYERS:
        properties = layer.model.model_json_schema()["properties"]
        assert {*layer.columns, layer.geometry} == set(properties)
        for name, holds in layer.columns.items():
            assert (holds is float) == ("'number'" in str(properties[name])), name
