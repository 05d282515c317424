"""Writing: what is written reads back the same, and stands there whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.errors import UsageError
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario, loads, parse
from optimizer.scenario.write import dump_scenario, dumps, scenario_digest

#: Words that one or the other version of YAML takes for something else than text.
NUMBERS = ["1e3", "0o17", "010", "1_000", "12:30", "2026-06-15", ".5", "1.", "0x1", "+1", ".inf"]
TRAPS = ["no", "on", "y", "true", "null", "~", "-", "=", "<<", *NUMBERS]
ids = st.one_of(
    st.sampled_from([t for t in TRAPS if t.replace("_", "").isalnum()]),
    st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True),
)
printable = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.one_of(st.sampled_from(TRAPS), st.text(printable | st.sampled_from("\n\t"), max_size=40))
times = st.builds(
    lambda minutes, offset: (
        datetime(2026, 6, 15, tzinfo=UTC).astimezone(timezone(timedelta(minutes=offset)))
        + timedelta(minutes=minutes)
    ),
    st.integers(0, 3000),
    st.integers(-14 * 60, 14 * 60),
)
figures = st.floats(0.001, 1e9, allow_nan=False)


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    depot, site, good = draw(st.lists(ids, min_size=3, max_size=3, unique=True))
    start, end = sorted([draw(times), draw(times)])
    return {
        "format": "convoi/scenario/1",
        "id": draw(ids),
        "title": draw(texts),
        "horizon": {"start": start.isoformat(), "end": (end + timedelta(minutes=1)).isoformat()},
        "theatre": {"name": draw(ids)},
        "goods": [
            {
                "id": good,
                "label_en": draw(texts),
                "label_fr": draw(texts),
                "unit": "kg",
                "unit_mass_kg": draw(figures),
            },
        ],
        "sites": [
            {"id": depot, "position": {"lon": draw(st.floats(-180, 180)), "lat": 0}},
            {"id": site, "position": {"mgrs": "31TCH7834008440"}, "note": draw(texts)},
        ],
        "bases": [
            {"site": depot, "stock": [{"good": good, "quantity": draw(st.integers(0, 10**9))}]}
        ],
        "vehicle_types": [
            {
                "id": draw(ids.filter(lambda i: len(i) < 20)),
                "mobility": "foot",
                "compartments": [{"id": draw(ids), "capacity_kg": draw(figures)}],
            },
        ],
        "fleet": [{"type": "filled below", "base": depot}],
        "sources": draw(st.dictionaries(texts, texts, max_size=3)),
        "note": draw(texts),
    }


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.sampled_from(["yaml", "json"]))
def test_round_trip(data: dict[str, Any], syntax: Literal["yaml", "json"]) -> None:
    data["fleet"][0].update(type=data["vehicle_types"][0]["id"], id="v")
    scenario, faults = parse(data)
    assert scenario is not None, faults
    again = loads(dumps(scenario, syntax), syntax)
    assert again == scenario
    assert scenario_digest(again) == scenario_digest(scenario)


def test_another_reader_of_yaml_reads_the_same(sound: dict[str, Any]) -> None:
    # PyYAML's own reader follows YAML 1.1: what it would take for a number or a date is quoted.
    sound["title"], sound["note"] = "no", "1e3"
    scenario, _ = parse(sound)
    assert scenario is not None
    assert yaml.safe_load(dumps(scenario)) == scenario.document()


def test_the_digest_is_of_what_is_stated(sound: dict[str, Any]) -> None:
    scenario, _ = parse(sound)
    reordered, _ = parse(dict(reversed(sound.items())))
    other, _ = parse({**sound, "note": "another"})
    assert scenario is not None
    assert reordered is not None
    assert other is not None
    assert scenario_digest(scenario) == scenario_digest(reordered)
    assert scenario_digest(scenario) != scenario_digest(other)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.json"])
def test_a_file_reads_back(tmp_path: Path, sound: dict[str, Any], name: str) -> None:
    scenario = Scenario.model_validate(sound)
    dump_scenario(scenario, tmp_path / name)
    assert load_scenario(tmp_path / name) == scenario
    assert [p.name for p in tmp_path.iterdir()] == [name]  # no temporary file is left


def test_a_name_that_says_nothing_is_refused(tmp_path: Path, sound: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="ends in"):
        dump_scenario(Scenario.model_validate(sound), tmp_path / "a.txt")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, sound: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        dump_scenario(Scenario.model_validate(sound), tmp_path / "none" / "a.yaml")
