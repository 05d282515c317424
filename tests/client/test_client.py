"""The client against a real server, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from optimizer.client import Client
from optimizer.errors import (
    ConflictError,
    FaultsError,
    NotFoundError,
    OutsideError,
    UsageError,
)
from optimizer.network.of_scenario import ground_of
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario

SMALL = Path(__file__).parents[1] / "stories" / "small.yaml"


def start(state: Path, port: str = "0") -> tuple[subprocess.Popen[str], str]:
    """Start a server, and return where it is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "convoi", "api", "--port", port, "--state", str(state)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split()[3].rstrip("/,")


def end(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="module")
def convoi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    process, url = start(tmp_path_factory.mktemp("state"))
    with Client(url) as client:
        yield client
    end(process)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(SMALL)


def test_one_line_from_scenario_to_plan(convoi: Client, small: Scenario) -> None:
    plan = convoi.plan(small, iterations=20).wait()
    alone = solve(small, ground_of(small, None), options=SolveOptions(iterations=20))
    assert plan.id == alone.id
    assert convoi.verify(plan).proved is True


@pytest.mark.parametrize("form", ["model", "document", "file"])
def test_a_scenario_is_given_in_any_form(convoi: Client, small: Scenario, form: str) -> None:
    given = {"model": small, "document": small.document(), "file": SMALL}[form]
    assert convoi.plan(given, iterations=20).wait().scenario.document() == small.document()


def test_a_plan_goes_on_from_that_of_another_job(convoi: Client, small: Scenario) -> None:
    job = convoi.plan(small, iterations=20)
    first = job.wait()
    until = first.routes[0].trips[0].depart
    again = convoi.plan(small, iterations=1, parent=job, decided_until=until).wait()
    assert (again.parent, again.decided_until) == (first.id, until)
    kept = [route.convoy for route in first.routes]
    assert convoi.plan(small, iterations=1, parent=job, keep=kept).wait().routes == first.routes


def test_a_job_is_followed_to_its_end(convoi: Client, small: Scenario) -> None:
    job = convoi.plan(small, iterations=20)
    events = list(job.events())
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert events[-1].kind == "done"
    assert list(job.events(after=events[-2].number)) == events[-1:]
    found = job.look()
    assert found.state == "done"
    assert found.incumbents[-1].undelivered_kg == 0
    assert convoi.jobs(limit=1) == (found,)


def test_cancelling_keeps_the_best(convoi: Client, small: Scenario) -> None:
    job = convoi.plan(small, time_limit_s=600)
    assert next(event for event in job.events() if event.kind == "incumbent")
    assert job.cancel().state == "cancelled"
    assert job.wait() == job.plan()


def test_accepting_gives_a_complete_plan(convoi: Client, small: Scenario) -> None:
    plan = convoi.plan(small, time_limit_s=600).accept()
    assert plan.provenance.stopped_by == "asked"


def test_waiting_ends_in_time_and_the_job_goes_on(convoi: Client, small: Scenario) -> None:
    job = convoi.plan(small, time_limit_s=600)
    begin = time.monotonic()
    with pytest.raises(OutsideError, match=r"not over after 0\.5 s; it goes on"):
        job.wait(0.5)
    assert time.monotonic() - begin < 5
    assert not job.look().over
    job.cancel()


def test_waiting_ends_in_time_while_nothing_happens(convoi: Client, small: Scenario) -> None:
    running = convoi.plan(small, time_limit_s=600)
    next(event for event in running.events() if event.kind == "started")
    # It waits for the only worker: of it the server says something every 15 s.
    queued = convoi.plan(small, iterations=20)
    begin = time.monotonic()
    with pytest.raises(OutsideError, match=r"not over after 0\.5 s; it goes on"):
        queued.wait(0.5)
    assert time.monotonic() - begin < 5
    running.cancel()
    assert queued.wait(30).routes


def test_faults_arrive_as_faults(convoi: Client, small: Scenario, tmp_path: Path) -> None:
    lost = small.demands[0].model_copy(update={"site": "U9"})
    with pytest.raises(FaultsError) as found:
        convoi.plan(small.model_copy(update={"demands": (lost,)}), iterations=20)
    assert ("scenario.unknown_site", "/demands/0/site") in {
        (fault.code, fault.pointer) for fault in found.value.faults
    }
    file = tmp_path / "lost.yaml"
    file.write_text(SMALL.read_text("utf-8").replace("site: U2, good", "site: U9, good"), "utf-8")
    with pytest.raises(FaultsError) as found:
        convoi.plan(file, iterations=20)
    # Faults in a file name its lines.
    line = (
        file.read_text("utf-8")
        .splitlines()
        .index("  - {id: D2, site: U9, good: flour, quantity: 2000, priority: 2}")
    )
    assert line + 1 in {fault.line for fault in found.value.faults}


def test_faults_of_the_ground_arrive_when_waited_for(convoi: Client, small: Scenario) -> None:
    document = small.document() | {"theatre": {"name": "atlantis"}}
    document["sites"] = [
        {"id": site.id, "position": {"lon": 6.0, "lat": 45.0}} for site in small.sites
    ]
    del document["matrices"]
    job = convoi.plan(document, iterations=20)
    with pytest.raises(FaultsError, match="atlantis"):
        job.wait()


def test_a_wrong_call_is_an_error_of_its_kind(convoi: Client, small: Scenario) -> None:
    with pytest.raises(UsageError, match="exactly one"):
        convoi.plan(small, iterations=1, time_limit_s=1)
    with pytest.raises(UsageError, match="iterations"):
        convoi.plan(small, iterations=0)
    with pytest.raises(NotFoundError, match="J-none"):
        convoi.job("J-none").look()
    with pytest.raises(NotFoundError):
        convoi.job("J-none").wait()
    convoi.plan(small, iterations=20, key="one").wait()
    with pytest.raises(ConflictError):
        convoi.plan(small, iterations=21, key="one")


def test_matrices_documents_and_health(convoi: Client, small: Scenario) -> None:
    assert convoi.matrices(small)["profiles"][0]["time_s"][0] == [0, 1200, 1800]
    job = convoi.plan(small, iterations=20)
    plan = job.wait()
    for given in (job, plan):
        text = convoi.briefing(given, document="movement-order", form="md").decode()
        assert "DRAFT" in text
    assert convoi.health()["workers"] == 1


def test_nobody_there_is_told(small: Scenario) -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(OutsideError, match="convoi serve"):
        client.plan(small, iterations=1)


def test_a_server_that_is_being_started_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    with (
        Client("http://127.0.0.1:9") as client,
        pytest.raises(OutsideError, match="does not answer"),
    ):
        client.until_ready(0.3)
    process, url = start(tmp_path)
    try:
        with Client(url) as client:
            assert client.until_ready().health()["ready"] == 1
    finally:
        end(process)


def test_another_server_is_told(small: Scenario) -> None:
    other = httpx2.MockTransport(lambda _: httpx2.Response(500, text="<html>"))
    with (
        Client(transport=other) as client,
        pytest.raises(OutsideError, match="no server of Convoi"),
    ):
        client.plan(small, iterations=1)


def test_words_that_this_version_does_not_know_are_the_servers_own(small: Scenario) -> None:
    problem = {
        "type": "/api/v1/problems#faults",
        "detail": "1 fault",
        "faults": [{"code": "ground.new", "pointer": "/sites/0", "text": {"en": "a new word"}}],
    }
    newer = httpx2.MockTransport(lambda _: httpx2.Response(422, text=json.dumps(problem)))
    with Client(transport=newer) as client, pytest.raises(FaultsError, match="a new word") as found:
        client.plan(small, iterations=1)
    assert found.value.faults[0].pointer == "/sites/0"


def test_a_server_that_is_killed_and_started_again_is_waited_for(
    small: Scenario, tmp_path: Path
) -> None:
    process, url = start(tmp_path)
    try:
        with Client(url) as client:
            job = client.plan(small, time_limit_s=600)
            numbers: list[int] = []
            kinds: list[str] = []

            def follow() -> None:
                for event in job.events():
                    numbers.append(event.number)
                    kinds.append(event.kind)

            following = threading.Thread(target=follow)
            following.start()
            while "incumbent" not in kinds:
                time.sleep(0.05)
            end(process)
            process, again = start(tmp_path, url.rpartition(":")[2])
            assert again == url
            while "retried" not in kinds:
                time.sleep(0.05)
            job.accept()
            following.join(20)
            # Each event once, although the stream was broken.
            assert numbers == list(range(1, len(numbers) + 1))
            assert kinds[-1] == "done"
    finally:
        end(process)


def test_the_client_loads_no_solver() -> None:
    code = (
        "import sys; import optimizer.client;"
        "print(sorted({'ortools', 'pyvrp', 'geopandas', 'numba', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
