"""Reading and writing plans: what is not one is refused in one clear message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import FileError, FormatError, UsageError
from optimizer.plan import read
from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.read import dump_plan, load_plan, plan_text

PLANS = Path(__file__).resolve().parent.parent / "plans"
GOOD = PLANS / "pass-ground-changed.json"


@pytest.mark.parametrize("path", sorted(PLANS.glob("pass-*.json")), ids=lambda p: p.stem)
def test_what_is_written_reads_back_and_is_written_the_same(path: Path, tmp_path: Path) -> None:
    plan = load_plan(path)
    dump_plan(plan, tmp_path / "plan.json")
    again = load_plan(tmp_path / "plan.json")
    assert again == plan
    assert plan_text(again) == (tmp_path / "plan.json").read_text(encoding="utf-8")
    # Only what was stated is embedded, so the digest of the scenario survives the journey.
    assert scenario_digest(again.scenario) == plan.scenario_digest


def test_a_plan_is_compact_and_has_a_line_for_each_leg_and_stop() -> None:
    # Indented, the plan of a brigade has twice the bytes; on one line, nobody could compare two.
    plan = load_plan(GOOD)
    text = plan_text(plan)
    assert '"cells":[[8,14],[7,12],[5,11]]' in text
    assert len(text) < 1.01 * len(plan.model_dump_json())
    lines = text.splitlines()
    trips = [trip for route in plan.routes for trip in route.trips]
    legs = sum(line.startswith('{"origin":') for line in lines)
    stops = sum(line.startswith('{"site":') and '"wait_s":' in line for line in lines)
    assert legs == sum(len(trip.legs) for trip in trips)
    assert stops == sum(len(trip.stops) for trip in trips)


def _broken(change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(GOOD.read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document)


def _leg(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["routes"][0]["trips"][0]["legs"][0]
    return found


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("", FileError, "is empty"),
        ("[1, 2]", FileError, "holds no JSON object"),
        ("routes: none", FileError, "is not JSON: line 1, column 1"),
        ('{"format": "convoi/plan/1", "id": "P', FileError, "is cut short: it ends inside line 1"),
        ('{"format": "convoi/plan/1",\n"id": ', FileError, "is cut short: it ends inside line 2"),
        ('{"format": "convoi/plan/2"}', FormatError, "format is 'convoi/plan/2'; this version"),
        ('{"format": "convoi/scenario/1"}', FormatError, "it should be 'convoi/plan/1'"),
        ("{}", FormatError, "it should be 'convoi/plan/1'"),
        ('{"id": "a", "id": "b"}', FileError, "the key 'id' stands twice"),
        ('{"id": NaN}', FileError, "NaN is no number"),
        ("[" * 100_000, FileError, "nested too deeply"),
        (_broken(lambda d: d.pop("metrics")), FileError, "/metrics: Field required"),
        (_broken(lambda d: d.update(note="x")), FileError, "/note: Extra inputs"),
        (
            _broken(lambda d: _leg(d).update(travel_s=-1)),
            FileError,
            "/routes/0/trips/0/legs/0/travel_s: Input should be greater",
        ),
        (
            # A pointer into the document, without the tag of the kind of part.
            _broken(lambda d: _leg(d)["path"]["parts"][1].pop("edge")),
            FileError,
            "/routes/0/trips/0/legs/0/path/parts/1/edge: Field required",
        ),
        (
            _broken(lambda d: _leg(d).update(depart="2026-06-15T07:30:00")),
            FileError,
            "/routes/0/trips/0/legs/0/depart: the time has no offset",
        ),
        (
            _broken(lambda d: _leg(d).update(depart="1781000000")),
            FileError,
            "/routes/0/trips/0/legs/0/depart: ",
        ),
        (
            _broken(lambda d: d["scenario"]["demands"][0].update(quantity=-4)),
            FileError,
            "/scenario/demands/0/quantity: ",
        ),
    ],
)
def test_what_is_no_plan_is_refused_with_its_place(
    content: str, error: type[Exception], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(error) as caught:
        load_plan(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_every_fault_is_told_but_not_a_thousand_of_them(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    faulty = [{"demand": "d", "quantity": 0, "reasons": []}] * 500
    path.write_text(_broken(lambda d: d.update(undelivered=faulty)), encoding="utf-8")
    with pytest.raises(FileError, match="1000 faults") as caught:
        load_plan(path)
    # One line says how many, forty tell of one each, the last how many more there are.
    assert len(str(caught.value).splitlines()) == 42


def test_files_that_cannot_be_plans_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileError, match="does not exist"):
        load_plan(tmp_path / "none.json")
    with pytest.raises(FileError, match="is a folder"):
        load_plan(tmp_path)
    (tmp_path / "latin.json").write_bytes("é".encode("latin-1"))
    with pytest.raises(FileError, match="no UTF-8"):
        load_plan(tmp_path / "latin.json")
    monkeypatch.setattr(read, "LIMIT_BYTES", 1000)
    with pytest.raises(FileError, match="has 0 MB; a plan has at most 0 MB"):
        load_plan(GOOD)


def test_a_plan_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    plan = load_plan(GOOD)
    with pytest.raises(UsageError, match="there is no folder"):
        dump_plan(plan, tmp_path / "nowhere" / "plan.json")
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        dump_plan(plan, tmp_path / "plan.json")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@given(cut=st.integers(0, 9000))
def test_a_plan_cut_anywhere_is_refused(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cut") / "plan.json"
    path.write_bytes(GOOD.read_bytes()[:cut])
    with pytest.raises(FileError, match=r"cut short|is empty"):
        load_plan(path)


def test_a_plan_is_named_by_what_it_answers() -> None:
    plan = load_plan(GOOD)
    name = plan_id(plan.scenario, plan.theatre, plan.routes, plan.undelivered)
    assert name == plan_id(plan.scenario, plan.theatre, plan.routes, plan.undelivered)
    assert name != plan_id(plan.scenario, None, plan.routes, plan.undelivered)
    assert name != plan_id(plan.scenario, plan.theatre, plan.routes[:1], plan.undelivered)
