"""The desk: asks for plans, follows them, keeps them; every way in which that can end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from fakes import FakeJobs

from dashboard.desk import Desk
from dashboard.work import Work
from optimizer.errors import OutsideError
from optimizer.faults import Fault
from optimizer.jobs import Job, Jobs, Problem
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions

OPTIONS = SolveOptions(iterations=10)


def _submitted(desk: Desk, plan: Plan) -> str:
    work = desk.works.create(plan.scenario)
    desk.submit(work.id, OPTIONS)
    return work.id


def test_the_best_so_far_is_shown_while_it_improves(
    desk: Desk, jobs: FakeJobs, plan: Plan, other: Plan
) -> None:
    work = _submitted(desk, plan)
    assert desk.sheet(desk.newest(work)) is None
    jobs.found("J1", plan)
    first = desk.newest(work)
    jobs.found("J1", other)
    second = desk.newest(work)
    assert (first.version, second.version) == (1, 2)
    assert desk.sheet(second).plan == other


def test_a_complete_plan_is_kept_in_the_work(desk: Desk, jobs: FakeJobs, plan: Plan) -> None:
    work = _submitted(desk, plan)
    jobs.found("J1", plan)
    jobs.accept("J1")
    shown = desk.newest(work)
    assert (shown.plan, shown.version) == (1, 0)
    jobs.plans.clear()  # jobs are forgotten some day; the work is not
    assert desk.works.read_plan(work, 1) == plan


def test_what_is_found_after_a_page_asked_is_not_taken_for_the_complete_plan(
    desk: Desk, jobs: FakeJobs, plan: Plan, other: Plan
) -> None:
    work = _submitted(desk, plan)
    shown = desk.newest(work)
    jobs.found("J1", plan)
    assert desk.sheet(shown) is None
    jobs.found("J1", other)
    jobs.accept("J1")
    assert desk.sheet(desk.newest(work)).plan == other


def test_a_stopped_solve_keeps_its_best_so_far(desk: Desk, jobs: FakeJobs, plan: Plan) -> None:
    work = _submitted(desk, plan)
    jobs.found("J1", plan)
    jobs.cancel("J1")
    desk.follow(work)
    entry = desk.works.get(work).last
    assert (entry.state, entry.saved) == ("cancelled", True)


def test_the_plan_before_stays_in_view_until_a_new_one_has_a_best_so_far(
    desk: Desk, jobs: FakeJobs, plan: Plan, other: Plan
) -> None:
    work = desk.works.create(plan.scenario, plan)
    shown = desk.submit(work.id, OPTIONS)
    assert (shown.plan, shown.version, shown.searching) == (1, 0, True)
    assert desk.sheet(shown).plan == plan
    jobs.found("J1", other)
    best = desk.newest(work.id)
    assert (best.plan, best.version, best.before, best.searching) == (2, 1, 1, False)
    assert desk.sheet(best).plan == other


def test_a_failed_solve_leaves_the_plan_before_in_view(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = desk.works.create(plan.scenario, plan)
    desk.submit(work.id, OPTIONS)
    jobs.change("J1", state="failed", problem=Problem((Fault("scenario.repeated_key"),)))
    shown = desk.newest(work.id)
    assert (shown.plan, shown.searching) == (1, False)
    assert desk.works.get(work.id).last.state == "failed"


def test_a_job_that_nobody_knows_any_more_is_a_failure_not_a_wait(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = _submitted(desk, plan)
    jobs.table.clear()
    assert desk.follow(work) is None
    assert desk.works.get(work).last.state == "failed"


def test_a_plan_that_was_still_being_made_when_another_was_asked_for_is_kept(
    desk: Desk, jobs: FakeJobs, plan: Plan, other: Plan
) -> None:
    work = _submitted(desk, plan)
    jobs.found("J1", plan)
    shown = desk.submit(work, OPTIONS)
    # What is compared with is a complete plan or none: the first is neither yet.
    assert (shown.plan, shown.before) == (2, 1)
    assert desk.sheets.plan(work, 1) is None
    jobs.found("J1", other)
    jobs.accept("J1")
    jobs.found("J2", other)
    desk.follow(work)
    assert [(e.state, e.saved) for e in desk.works.get(work).plans] == [
        ("done", True),
        ("running", False),
    ]
    assert desk.sheets.plan(work, 1).plan == other


def test_a_page_that_looked_before_a_plan_was_complete_does_not_undo_that(
    desk: Desk, jobs: FakeJobs, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = _submitted(desk, plan)
    jobs.found("J1", plan)
    look = jobs.job

    def slow(name: str) -> Job:
        job = look(name)
        monkeypatch.setattr(jobs, "job", look)
        # Meanwhile the solve ends, and another page sees it.
        jobs.accept("J1")
        desk.follow(work)
        return job

    monkeypatch.setattr(jobs, "job", slow)
    desk.follow(work)
    entry = desk.works.get(work).last
    assert (entry.state, entry.saved) == ("done", True)


def test_a_kept_plan_stays_complete_when_its_job_is_forgotten(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = _submitted(desk, plan)
    jobs.found("J1", plan)
    jobs.accept("J1")
    desk.follow(work)
    jobs.table.clear()
    assert desk.follow(work) is None
    assert desk.works.get(work).last.state == "done"


def test_each_plan_is_asked_for_under_a_key_of_its_own(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = _submitted(desk, plan)
    jobs.accept("J1")
    desk.submit(work, OPTIONS)
    keys = [key.rpartition("/")[0] for _, _, key in jobs.asked]
    # A person waits for each of them.
    assert jobs.priorities == [1, 1]
    # The last part is when the work was begun: one that takes its name later is another one.
    assert keys == [f"{work}/{number}/20260615T030000.000000" for number in (1, 2)]


def test_a_work_that_could_not_be_written_is_planned_when_it_can_be_again(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Work) -> None:
        raise OutsideError("no space left on device")

    # Without workers: the job is taken on and waits.
    jobs = Jobs(tmp_path)
    desk = Desk(jobs, tmp_path)
    work = desk.works.create(plan.scenario).id
    with monkeypatch.context() as patch:
        patch.setattr(desk.works, "_write", full)
        with pytest.raises(OutsideError):
            desk.submit(work, OPTIONS)
    assert desk.submit(work, SolveOptions(iterations=20)).plan == 1
    # The one that the work never heard of, and this one.
    assert len(jobs.jobs()) == 2
    jobs.close()


def test_a_plan_over_matrices_is_proved_without_any_ground(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario, plan)
    shown = desk.newest(work.id)
    # The thread that verifies is kept busy, so that the page cannot be answered at once.
    busy = threading.Event()
    desk.verifying.submit(busy.wait, 30)
    assert desk.verdict(shown).state == "checking"
    busy.set()
    desk.sheet(shown).verdict.result(timeout=30)
    assert desk.verdict(shown).state == "proved"


def test_a_plan_that_breaks_a_rule_is_told_as_that(desk: Desk, plan: Plan) -> None:
    heavier = plan.model_copy(
        update={"metrics": plan.metrics.model_copy(update={"delivered_kg": 9999.0})}
    )
    work = desk.works.create(plan.scenario, heavier)
    shown = desk.newest(work.id)
    desk.verdict(shown)
    verdict = desk.sheet(shown).verdict.result(timeout=30)
    assert verdict.state == "broken"
    assert any("metrics" in fault.code for fault in verdict.faults)


def test_a_verifier_that_breaks_is_told_once_and_kept_in_the_log(
    desk: Desk, plan: Plan, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("no metres")

    monkeypatch.setattr("optimizer.verify.verify", broken)
    work = desk.works.create(plan.scenario, plan)
    shown = desk.newest(work.id)
    desk.verdict(shown)
    wait([desk.sheet(shown).verdict])
    verdict = desk.verdict(shown)
    assert (verdict.state, verdict.told) == ("failed", "ZeroDivisionError: no metres")
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_works_of_another_desk_are_seen(desk: Desk, plan: Plan, tmp_path: Path) -> None:
    work = Desk(FakeJobs(), tmp_path).works.create(plan.scenario, plan)
    assert desk.sheet(desk.newest(work.id)).plan == plan


def test_a_page_that_asks_for_all_its_parts_at_once_reads_the_plan_once(
    desk: Desk, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = desk.works.create(plan.scenario, plan)
    shown = desk.newest(work.id)
    read: list[int] = []

    def slow(_: str, number: int) -> Plan:
        read.append(number)
        time.sleep(0.05)  # long enough for the others to come meanwhile
        return plan

    monkeypatch.setattr(desk.works, "read_plan", slow)
    with ThreadPoolExecutor(8) as pool:
        sheets = set(pool.map(lambda _: desk.sheet(shown), range(8)))
    assert (len(sheets), read) == (1, [1])
