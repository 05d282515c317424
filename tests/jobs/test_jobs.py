"""What becomes of a job that nobody disturbs, and of one that somebody ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optimizer.errors import ConflictError, NotFoundError, OutsideError, UsageError
from optimizer.faults import Fault
from optimizer.jobs import Job, Jobs, Limits
from optimizer.jobs.records import options_record
from optimizer.jobs.store import Claimed, New, Store
from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import ReasonKind
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.scenario.model import Scenario, TheatreRef
from optimizer.verify import verify

Searching = Callable[[Jobs, Scenario], Job]
#: A search that is bounded by time uses all of it, however small the scenario.
ENDLESS = SolveOptions(time_limit_s=600)
QUICK = SolveOptions(iterations=20)


def fair(seconds: float) -> float:
    """Return a promised time as it is to be measured on a machine that others use as well."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_a_job_gives_the_plan_that_the_solver_gives(jobs: Jobs, small: Scenario) -> None:
    job = jobs.wait(jobs.submit(small, QUICK).id, 30)
    assert (job.state, job.stage, job.progress, job.problem) == ("done", "done", 1.0, None)
    assert job.title == "Two units"
    assert job.created <= job.started <= job.ended  # type: ignore[operator] - both are set
    plan = jobs.plan(job.id)
    assert plan is not None
    assert plan.id == solve(small, ground_of(small, None), options=QUICK).id
    assert plan.scenario.document() == small.document()
    # Everything is delivered, so nothing stays undelivered in the last solution told.
    assert job.incumbents[-1].undelivered_kg == 0
    assert job.incumbents[-1].objectives["time"] == plan.metrics.travel_s


def test_events_tell_the_story_in_order(jobs: Jobs, small: Scenario) -> None:
    job = jobs.wait(jobs.submit(small, QUICK).id, 30)
    events = jobs.events(job.id)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    kinds = [event.kind for event in events]
    assert kinds[:2] == ["queued", "started"]
    assert kinds[-1] == "done"
    assert kinds.count("incumbent") == len(job.incumbents)
    assert jobs.events(job.id, after=2) == events[2:]
    stages = [event.data["stage"] for event in events if event.kind == "stage"]
    assert stages == ["search", "reasons", "writing"]


def test_jobs_are_listed_newest_first_and_run_oldest_first(jobs: Jobs, small: Scenario) -> None:
    ids = [jobs.submit(small, QUICK).id for _ in range(3)]
    for id_ in ids:
        jobs.wait(id_, 30)
    assert [job.id for job in jobs.jobs(limit=3)] == ids[::-1]
    assert [job.id for job in jobs.jobs(limit=2)] == ids[:0:-1]
    ends = [jobs.job(id_).ended for id_ in ids]
    assert ends == sorted(ends)  # type: ignore[type-var] - all have ended


def test_where_a_person_waits_comes_first(
    jobs: Jobs, small: Scenario, searching: Searching
) -> None:
    running = searching(jobs, small)
    many = [jobs.submit(small, QUICK).id for _ in range(2)]
    person = jobs.submit(small, QUICK, priority=1).id
    jobs.cancel(running.id)
    begun = [jobs.wait(id_, 30).started for id_ in (person, *many)]
    assert begun == sorted(begun)  # type: ignore[type-var] - all have begun


def test_there_is_no_other_job(jobs: Jobs) -> None:
    for ask in (jobs.job, jobs.plan, jobs.events, jobs.accept, jobs.cancel, jobs.scenario_text):
        with pytest.raises(NotFoundError, match="no job 'J-none'"):
            ask("J-none")


def test_a_key_names_one_job(jobs: Jobs, small: Scenario, short: Scenario) -> None:
    first = jobs.submit(small, QUICK, key="monday")
    assert jobs.submit(small, QUICK, key="monday").id == first.id
    assert jobs.submit(small, QUICK).id != first.id
    with pytest.raises(ConflictError, match=f"job {first.id}"):
        jobs.submit(short, QUICK, key="monday")
    with pytest.raises(ConflictError, match="monday"):
        jobs.submit(small, SolveOptions(iterations=21), key="monday")


def test_cancelling_takes_less_than_a_second_and_keeps_the_best(
    jobs: Jobs, small: Scenario, searching: Searching
) -> None:
    job = searching(jobs, small)
    worker = jobs.worker_pids()
    begin = time.perf_counter()
    assert jobs.cancel(job.id).state == "cancelled"
    assert time.perf_counter() - begin < fair(1)
    kept = jobs.plan(job.id)
    assert kept is not None
    assert verify(kept) == ()
    assert jobs.events(job.id)[-1].kind == "cancelled"
    # The worker stopped by itself: what it holds in memory is there for the next job.
    assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"
    assert jobs.worker_pids() == worker


def test_a_worker_that_does_not_listen_is_killed_within_the_second(
    jobs: Jobs, small: Scenario, searching: Searching
) -> None:
    job = searching(jobs, small)
    (pid,) = jobs.worker_pids()
    # Stopped, it neither asks whether to end nor ends when it is asked to.
    os.kill(pid, signal.SIGSTOP)
    begin = time.perf_counter()
    assert jobs.cancel(job.id).state == "cancelled"
    assert time.perf_counter() - begin < fair(1)
    assert jobs.plan(job.id) is not None
    assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"
    assert jobs.worker_pids() != (pid,)


def test_a_waiting_job_is_cancelled_at_once_and_never_begins(
    jobs: Jobs, small: Scenario, searching: Searching
) -> None:
    running = searching(jobs, small)
    waiting = jobs.submit(small, QUICK)
    assert jobs.cancel(waiting.id).state == "cancelled"
    jobs.cancel(running.id)
    assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"
    assert [event.kind for event in jobs.events(waiting.id)] == ["queued", "cancelled"]


def test_what_is_asked_while_a_worker_takes_the_job_is_heard(
    tmp_path: Path, small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Store.claim
    asking: list[threading.Thread] = []

    def claim_slowly(store: Store) -> Claimed | None:
        claimed = claim(store)
        if claimed is not None:
            # The database says that it runs; whoever minds the worker does not know it yet.
            asking.append(threading.Thread(target=jobs.cancel, args=(claimed.id,)))
            asking[0].start()
            asking[0].join(0.2)
        return claimed

    monkeypatch.setattr(Store, "claim", claim_slowly)
    with Jobs(tmp_path) as jobs:
        job = jobs.submit(small, ENDLESS)
        assert jobs.wait(job.id, 10).state == "cancelled"
        asking[0].join()


def test_what_is_cancelled_stays_so_whatever_is_asked_after(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite3")
    store.add(New("J-1", None, "content", "title", options_record(QUICK), b""))
    store.claim()
    store.ask("J-1", "cancel")
    store.ask("J-1", "accept")
    # The server is killed here; the next one finds the job running.
    store.recover(3, Fault("job.worker_lost", "", {"tries": 3}))
    assert store.job("J-1").state == "cancelled"
    store.close()


def test_a_full_disk_is_told_as_that_and_takes_no_job_on_by_half(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite3")
    # As large as it is, the database may not grow.
    store._base.execute("PRAGMA max_page_count = 1")
    with pytest.raises(OutsideError, match="disk is full"):
        store.add(New("J-1", None, "content", "title", options_record(QUICK), bytes(100_000)))
    store._base.execute("PRAGMA max_page_count = 1000000")
    assert store.jobs(10) == ()
    store.add(New("J-2", None, "content", "title", options_record(QUICK), b""))
    assert [job.id for job in store.jobs(10)] == ["J-2"]
    store.close()


def test_what_is_over_stays_as_it_is(jobs: Jobs, small: Scenario) -> None:
    job = jobs.wait(jobs.submit(small, QUICK).id, 30)
    assert jobs.cancel(job.id) == job
    assert jobs.accept(job.id) == job


def test_accepting_gives_a_complete_plan_now(
    jobs: Jobs, short: Scenario, searching: Searching
) -> None:
    job = searching(jobs, short)
    before = jobs.plan(job.id)
    assert before is not None
    assert {r.kind for u in before.undelivered for r in u.reasons} == {ReasonKind.TIME_RAN_OUT}
    jobs.accept(job.id)
    job = jobs.wait(job.id, 10)
    assert job.state == "done"
    plan = jobs.plan(job.id)
    assert plan is not None
    assert plan.provenance.stopped_by == "asked"
    # 9000 kg are asked for and 5000 are in stock: that is proved, not guessed.
    assert ReasonKind.PROVED in {r.kind for u in plan.undelivered for r in u.reasons}
    assert verify(plan) == ()


def test_accepting_before_there_is_anything_takes_the_first_solution(
    jobs: Jobs, small: Scenario
) -> None:
    job = jobs.submit(small, ENDLESS)
    jobs.accept(job.id)
    assert jobs.wait(job.id, 30).state == "done"
    assert jobs.plan(job.id) is not None


def test_a_scenario_that_does_not_fit_its_ground_fails_with_every_fault(
    jobs: Jobs, small: Scenario
) -> None:
    elsewhere = small.model_copy(update={"matrices": (), "theatre": TheatreRef(name="atlantis")})
    job = jobs.wait(jobs.submit(elsewhere, QUICK).id, 30)
    assert job.state == "failed"
    assert job.problem is not None
    assert [fault.pointer for fault in job.problem.faults] == ["/theatre/name"]
    assert "atlantis" in job.problem.text("en")
    assert "atlantis" in job.problem.text("fr")
    assert job.problem.text("en") != job.problem.text("fr")
    assert jobs.plan(job.id) is None


def test_a_job_that_takes_too_long_fails_and_keeps_the_best(
    tmp_path: Path, small: Scenario
) -> None:
    with Jobs(tmp_path, limits=Limits(seconds=1.0)) as jobs:
        job = jobs.wait(jobs.submit(small, ENDLESS).id, 30)
        assert job.state == "failed"
        assert job.problem is not None
        assert job.problem.code == "job.time"
        assert jobs.plan(job.id) is not None


def test_a_job_that_takes_too_much_memory_fails_at_once(tmp_path: Path, small: Scenario) -> None:
    # What is imported alone takes more than that.
    with Jobs(tmp_path, limits=Limits(memory_mb=50)) as jobs:
        job = jobs.wait(jobs.submit(small, ENDLESS).id, 30)
        assert job.problem is not None
        assert job.problem.code == "job.memory"
        assert job.attempt == 1


def test_a_worker_retires_and_nobody_waits_for_its_successor(
    tmp_path: Path, small: Scenario, until: Callable[..., object]
) -> None:
    with Jobs(tmp_path, limits=Limits(jobs_a_worker=1)) as jobs:
        jobs.wait(jobs.submit(small, QUICK).id, 30)
        first = jobs.worker_pids()
        # The next job is done while the successor imports, by whoever is there.
        assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"
        until(lambda: jobs.worker_pids() != first)
        assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"


def test_two_workers_plan_two_jobs_at_a_time(
    tmp_path: Path, small: Scenario, searching: Searching
) -> None:
    with Jobs(tmp_path, workers=2) as jobs:
        running = searching(jobs, small)
        assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"
        assert jobs.job(running.id).state == "running"


def test_many_threads_may_submit_and_wait(jobs: Jobs, small: Scenario) -> None:
    states = []

    def one() -> None:
        states.append(jobs.wait(jobs.submit(small, QUICK).id, 60).state)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == ["done"] * 12


def test_a_follower_hears_of_every_job_that_changes(jobs: Jobs, small: Scenario) -> None:
    heard: list[str] = []
    with jobs.following(heard.append):
        job = jobs.submit(small, QUICK)
        other = jobs.submit(small, QUICK)
        jobs.wait(other.id, 30)
    assert {job.id, other.id} <= set(heard)
    # Who waits may see that a job is over a moment before followers hear of it, so that news of
    # an earlier job may still come; of one that began when nobody followed, none may.
    later = jobs.wait(jobs.submit(small, QUICK).id, 30)
    assert later.id not in heard


def test_no_worker_is_no_jobs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0 workers"):
        Jobs(tmp_path, workers=0)


def test_a_job_goes_on_from_a_plan(jobs: Jobs, small: Scenario) -> None:
    first = jobs.plan(jobs.wait(jobs.submit(small, QUICK).id, 30).id)
    assert first is not None
    until = first.routes[0].trips[0].depart
    parent = Parent(first, until)
    job = jobs.submit(small, SolveOptions(iterations=1), parent=parent, key="again")
    assert jobs.submit(small, SolveOptions(iterations=1), parent=parent, key="again").id == job.id
    with pytest.raises(ConflictError):
        jobs.submit(small, SolveOptions(iterations=1), parent=Parent(first), key="again")
    assert jobs.wait(job.id, 30).state == "done"
    plan = jobs.plan(job.id)
    assert plan is not None
    assert (plan.parent, plan.decided_until) == (first.id, until)
    assert verify(plan, parent=first) == ()


def test_a_parent_that_cannot_be_kept_fails_the_job_with_the_reason(
    jobs: Jobs, small: Scenario
) -> None:
    first = jobs.plan(jobs.wait(jobs.submit(small, QUICK).id, 30).id)
    assert first is not None
    job = jobs.submit(small, QUICK, parent=Parent(first, kept=frozenset({"nobody"})))
    failed = jobs.wait(job.id, 30)
    assert failed.state == "failed"
    assert failed.problem is not None
    assert "nothing of convoy nobody to keep" in failed.problem.text("en")
