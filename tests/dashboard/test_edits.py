"""Edits of a scenario: each is made once, can be taken back, and is refused where it is a fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from dashboard.desk import Desk
from dashboard.edits import DropArea, Objectives, PutArea, edited, fresh_id
from optimizer.plan.model import Plan
from optimizer.scenario.model import Area, AreaKind, Objective

SQUARE = ((2.0, 44.0), (2.1, 44.0), (2.1, 44.1), (2.0, 44.1))


def area(name: str = "zone-1", kind: AreaKind = AreaKind.NO_GO) -> Area:
    return Area(id=name, kind=kind, polygon=SQUARE)


def test_an_area_takes_the_place_of_the_one_with_its_id(plan: Plan) -> None:
    smaller = area().model_copy(update={"polygon": SQUARE[:3]})
    now = edited(plan.scenario, [PutArea(area=area()), PutArea(area=smaller)])
    assert now.areas == (smaller,)
    assert edited(now, [DropArea(id="zone-1")]).areas == ()


def test_nothing_edited_is_the_same_scenario(plan: Plan) -> None:
    assert edited(plan.scenario, []) is plan.scenario


def test_fresh_ids_fill_gaps() -> None:
    assert fresh_id("zone", {"zone-1", "zone-3"}) == "zone-2"


def test_undo_and_redo_go_back_and_forth_and_a_new_edit_ends_redo(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario)
    assert desk.edit(work.id, PutArea(area=area())) == ()
    order = (Objective.UNDELIVERED, Objective.TIME)
    assert desk.edit(work.id, Objectives(order=order)) == ()
    desk.undo(work.id)
    assert desk.scenario(work.id).objectives == plan.scenario.objectives
    assert len(desk.scenario(work.id).areas) == 1
    desk.redo(work.id)
    assert desk.scenario(work.id).objectives == order
    desk.undo(work.id)
    desk.edit(work.id, DropArea(id="zone-1"))
    assert desk.works.get(work.id).undone == ()


def test_an_edit_that_makes_a_fault_is_not_made(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario)
    # A slow area without a factor slows nothing, which the scenario's own check refuses.
    faults = desk.edit(work.id, PutArea(area=area(kind=AreaKind.SLOW)))
    assert faults
    assert desk.works.get(work.id).edits == ()


def test_two_tabs_that_draw_at_once_make_two_areas(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario)

    def draw(_: int) -> None:
        # Each id is chosen on the scenario that the edit is made to, never on an older one.
        desk.edit_as(
            work.id, lambda now: PutArea(area=area(fresh_id("zone", (a.id for a in now.areas))))
        )

    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(draw, range(8)))
    assert {a.id for a in desk.scenario(work.id).areas} == {f"zone-{i}" for i in range(1, 9)}


def test_where_there_is_no_edit_to_make_nothing_is_written(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario)
    assert desk.edit_as(work.id, lambda _: None) is None
    assert desk.works.get(work.id) == work
