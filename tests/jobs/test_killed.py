"""Workers and servers are killed without warning, and nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from optimizer.jobs import Job, Jobs, Limits
from optimizer.jobs.store import Store
from optimizer.routing import SolveOptions
from optimizer.scenario.model import Scenario
from optimizer.verify import verify

Until = Callable[..., Any]
SMALL = Path(__file__).parents[1] / "stories" / "small.yaml"
ENDLESS = SolveOptions(time_limit_s=600)
QUICK = SolveOptions(iterations=20)

#: A server with one job that never ends and two that wait; its workers' numbers on the first line.
SERVER = f"""
import sys, time
from pathlib import Path
from optimizer.jobs import Jobs
from optimizer.routing import SolveOptions
from optimizer.scenario.read import load_scenario

scenario = load_scenario(Path({str(SMALL)!r}))
with Jobs(Path(sys.argv[1])) as jobs:
    first = jobs.submit(scenario, SolveOptions(time_limit_s=600))
    others = [jobs.submit(scenario, SolveOptions(iterations=20)) for _ in range(2)]
    while not jobs.job(first.id).plan_number:
        time.sleep(0.02)
    print(*jobs.worker_pids(), flush=True)
    print(first.id, *(job.id for job in others), flush=True)
    print(len(jobs.events(first.id)), len(jobs.job(first.id).incumbents), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path / "state")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def said(server: subprocess.Popen[str]) -> list[list[str]]:
    assert server.stdout is not None
    return [server.stdout.readline().split() for _ in range(3)]


def alive(pid: int) -> bool:
    try:
        # A zombie has no memory map; nobody may be there to wait for it.
        return Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0] != "0"
    except OSError:
        return False


def test_a_killed_worker_loses_neither_its_job_nor_what_it_told(
    jobs: Jobs, small: Scenario, searching: Callable[[Jobs, Scenario], Job], until: Until
) -> None:
    job = searching(jobs, small)
    (pid,) = jobs.worker_pids()
    os.kill(pid, signal.SIGKILL)
    until(lambda: jobs.job(job.id).attempt == 2)
    again = jobs.job(job.id)
    assert again.incumbents[: len(job.incumbents)] == job.incumbents
    plan = jobs.plan(job.id)
    assert plan is not None
    assert verify(plan) == ()
    assert "retried" in [event.kind for event in jobs.events(job.id)]
    until(lambda: jobs.job(job.id).stage == "search")
    jobs.accept(job.id)
    assert jobs.wait(job.id, 30).state == "done"
    # The second try found the same again, which is no improvement to be told.
    scores = [(best.undelivered_kg, best.objectives) for best in jobs.job(job.id).incumbents]
    assert all(scores.count(score) == 1 for score in scores)


def test_a_job_that_kills_every_worker_fails_in_the_end(
    tmp_path: Path, small: Scenario, until: Until
) -> None:
    with Jobs(tmp_path, limits=Limits(tries=2)) as jobs:
        job = jobs.submit(small, ENDLESS)
        for attempt in (1, 2):
            until(lambda attempt=attempt: jobs.job(job.id).attempt == attempt)
            until(lambda: jobs.job(job.id).stage == "search")
            until(lambda: jobs.job(job.id).plan_number)
            os.kill(jobs.worker_pids()[0], signal.SIGKILL)
            until(
                lambda attempt=attempt: jobs.job(job.id).attempt > attempt or jobs.job(job.id).over
            )
        found = jobs.wait(job.id, 10)
        assert found.state == "failed"
        assert found.problem is not None
        assert found.problem.code == "job.worker_lost"
        assert jobs.plan(job.id) is not None
        # The next job has a worker again.
        assert jobs.wait(jobs.submit(small, QUICK).id, 30).state == "done"


def test_an_idle_worker_that_is_killed_is_replaced(
    jobs: Jobs, small: Scenario, until: Until
) -> None:
    until(lambda: jobs.health()["ready"])
    (pid,) = jobs.worker_pids()
    os.kill(pid, signal.SIGKILL)
    job = jobs.wait(jobs.submit(small, QUICK).id, 30)
    assert job.state == "done"


def test_a_server_killed_with_everything_loses_nothing(
    server: subprocess.Popen[str], tmp_path: Path, until: Until
) -> None:
    (worker,), (first, *others), (events, incumbents) = said(server)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    until(lambda: not alive(int(worker)))
    with Jobs(tmp_path / "state") as jobs:
        job = jobs.job(first)
        assert len(job.incumbents) >= int(incumbents)
        assert len(jobs.events(first)) > int(events)
        plan = jobs.plan(first)
        assert plan is not None
        assert verify(plan) == ()
        until(lambda: jobs.job(first).state == "running")
        assert jobs.job(first).attempt == 2
        jobs.accept(first)
        assert [jobs.wait(id_, 30).state for id_ in (first, *others)] == ["done"] * 3


def test_workers_end_when_only_their_server_is_killed(
    server: subprocess.Popen[str], tmp_path: Path, until: Until
) -> None:
    (worker,), _, _ = said(server)
    assert alive(int(worker))
    server.kill()
    server.wait()
    until(lambda: not alive(int(worker)), seconds=5)
    # And the folder is free.
    Jobs(tmp_path / "state").close()


def test_a_cancel_that_a_killed_server_took_is_carried_out(
    server: subprocess.Popen[str], tmp_path: Path
) -> None:
    _, (first, second, _), _ = said(server)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    jobs = Jobs(tmp_path / "state")
    # Not entered: nothing runs yet, and the job is still marked as running.
    jobs._store.ask(first, "cancel")
    with jobs:
        assert jobs.job(first).state == "cancelled"
        assert jobs.plan(first) is not None
        assert jobs.wait(second, 30).state == "done"


def test_closing_lets_a_running_job_begin_again_without_counting_the_try(
    tmp_path: Path, small: Scenario, searching: Callable[[Jobs, Scenario], Job]
) -> None:
    with Jobs(tmp_path) as jobs:
        job = searching(jobs, small)
    with Jobs(tmp_path) as jobs:
        assert jobs.job(job.id).incumbents == job.incumbents
        jobs.accept(job.id)
        found = jobs.wait(job.id, 30)
        assert (found.state, found.attempt) == ("done", 1)


def test_what_could_not_be_stored_is_tried_again(
    tmp_path: Path, small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]

    def better(self: Store, *given: Any) -> None:
        if full.pop() if full else False:
            raise sqlite3.OperationalError("database or disk is full")
        stored(self, *given)

    stored = Store.better
    monkeypatch.setattr(Store, "better", better)
    with Jobs(tmp_path) as jobs:
        job = jobs.wait(jobs.submit(small, QUICK).id, 30)
        assert (job.state, job.attempt) == ("done", 2)
