"""What people work on survives: edits, what was undone, plans, and a server that ends."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dashboard.edits import DropArea
from dashboard.works import Works, remember
from optimizer.errors import FileError
from optimizer.plan.model import Plan


def test_all_is_there_again_after_a_restart(tmp_path: Path, plan: Plan) -> None:
    work = Works(tmp_path).create(plan.scenario, plan)
    with Works(tmp_path).changing(work.id) as box:
        box[0] = box[0].with_edit(DropArea(id="a")).with_edit(DropArea(id="b")).undo()
    again = Works(tmp_path)
    found = again.get(work.id)
    assert [edit.id for edit in found.edits] == ["a"]
    assert [edit.id for edit in found.undone] == ["b"]
    assert again.read_plan(work.id, 1) == plan
    assert again.opened(work.id) == plan.scenario


def test_the_state_is_its_owners_alone(tmp_path: Path, plan: Plan) -> None:
    Works(tmp_path / "state").create(plan.scenario)
    assert stat.S_IMODE((tmp_path / "state" / "works").stat().st_mode) == 0o700


def test_a_plan_is_remembered_once(tmp_path: Path, plan: Plan, other: Plan) -> None:
    first = remember(tmp_path, plan)
    assert remember(tmp_path, plan) == first
    assert remember(tmp_path, other) != first


def test_a_work_that_was_edited_is_not_what_a_plan_left_behind(tmp_path: Path, plan: Plan) -> None:
    first = remember(tmp_path, plan)
    with Works(tmp_path).changing(first) as box:
        box[0] = box[0].with_edit(DropArea(id="a"))
    assert remember(tmp_path, plan) != first


@pytest.mark.parametrize("name", ["../etc", "..", ".", "a/b", "", "x" * 65])
def test_no_address_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError):
        Works(tmp_path).get(name)


def test_a_damaged_work_is_left_out_of_the_list_and_told_when_opened(
    tmp_path: Path, plan: Plan
) -> None:
    works = Works(tmp_path)
    whole, broken = works.create(plan.scenario), works.create(plan.scenario)
    (tmp_path / "works" / broken.id / "work.json").write_text("{}", encoding="utf-8")
    assert [work.id for work in works.all()] == [whole.id]
    with pytest.raises(FileError, match="not a work"):
        works.get(broken.id)
