"""Files that people open: scenarios, plans, and whatever else they drop on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.desk import Desk
from dashboard.opening import opened
from dashboard.pages.start.callbacks import text_of
from optimizer.errors import FaultsError, FileError, FormatError
from optimizer.plan.model import Plan
from optimizer.plan.read import plan_text
from optimizer.scenario.write import dumps


def test_a_plan_brings_its_scenario(desk: Desk, plan: Plan) -> None:
    work = desk.open_text("plan.json", plan_text(plan))
    assert work.last.saved
    assert desk.scenario(work.id) == plan.scenario


@pytest.mark.parametrize("syntax", ["yaml", "json"])
def test_a_scenario_is_read_in_both_syntaxes(plan: Plan, syntax: str) -> None:
    assert opened(f"s.{syntax}", dumps(plan.scenario, syntax)) == (plan.scenario, None)


def test_every_fault_is_told_with_its_line(plan: Plan) -> None:
    text = dumps(plan.scenario).replace("priority: 2", "priority: 77", 1)
    with pytest.raises(FaultsError) as caught:
        opened("s.yaml", text)
    fault = next(f for f in caught.value.faults if f.pointer.endswith("/priority"))
    assert text.splitlines()[fault.line - 1].strip() == "priority: 77"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("holiday.png", "x", FileError),
        ("s.yaml", "", FileError),
        ("s.yaml", "- a list", FileError),
        ("s.json", '{"format": "convoi/plan/1"}', FileError),
        ("s.json", '{"format": "convoi/plan/9"}', FormatError),
        ("s.json", "{", FileError),
    ],
)
def test_what_is_neither_is_refused_by_the_name_that_the_person_knows(
    name: str, text: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        opened(name, text)
    assert name in str(caught.value)
    assert "convoi-" not in str(caught.value)  # nor by that of a folder of ours


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(FileError):
        text_of("data:application/octet-stream;base64,/////w==")
    assert text_of("data:text/yaml;base64,77u/w6k=") == "é"  # a byte order mark is not part of it


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FileError):
        opened("s.yaml", "- 1")
    assert list(tmp_path.iterdir()) == []
