"""Jobs over HTTP."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from optimizer.jobs import Jobs
from optimizer.plan.model import Plan
from optimizer.scenario.read import loads
from optimizer.scenario.write import dumps
from optimizer.verify import verify

YAML = {"content-type": "application/yaml"}
JSON = {"content-type": "application/json"}


def fair(seconds: float) -> float:
    """Return a promised time as it is to be measured on a machine that others use as well."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def begin(client: TestClient, body: bytes, query: str = "time_limit_s=600") -> str:
    """Submit, and return where the job is once it has a plan."""
    answer = client.post(f"/api/v1/plans?{query}", content=body, headers=YAML)
    assert answer.status_code == 202, answer.text
    there: str = answer.headers["location"]
    end = time.monotonic() + 20
    while not client.get(there).json()["plan_number"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    return there


def events_of(text: str) -> list[dict[str, Any]]:
    """Read server-sent events as the specification says: blocks of fields, comments left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")
        )
        if "data" in fields:
            found.append(fields | {"data": json.loads(fields["data"])})
    return found


@pytest.mark.parametrize("syntax", ["yaml", "json"])
def test_a_scenario_is_posted_and_its_plan_comes_back(
    client: TestClient, small: bytes, syntax: str
) -> None:
    scenario = loads(small.decode())
    body = dumps(scenario, "json" if syntax == "json" else "yaml")
    answer = client.post(
        "/api/v1/plans?wait=30&iterations=20",
        content=body.encode(),
        headers={"content-type": f"application/{syntax}; charset=utf-8"},
    )
    assert answer.status_code == 200
    plan = Plan.model_validate_json(answer.content)
    assert verify(plan) == ()
    assert plan.scenario.document() == scenario.document()
    # Where the job is, and where what was answered is.
    job = client.get(answer.headers["location"]).json()
    assert job["state"] == "done"
    assert answer.headers["content-location"] == job["links"]["plan"]
    assert client.get(job["links"]["plan"]).content == answer.content
    assert client.get(job["links"]["scenario"]).json() == scenario.document()


def test_without_waiting_the_answer_is_the_job(client: TestClient, small: bytes) -> None:
    answer = client.post("/api/v1/plans?iterations=20&seed=7", content=small, headers=YAML)
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/plans/{job['id']}"
    assert job["title"] == "Two units"
    assert job["options"] == {"seed": 7, "iterations": 20, "time_limit_s": None, "workers": 1}


def test_one_that_is_not_done_in_time_is_told_as_a_job(client: TestClient, small: bytes) -> None:
    answer = client.post("/api/v1/plans?wait=0.3&time_limit_s=600", content=small, headers=YAML)
    assert answer.status_code == 202
    assert answer.json()["state"] in {"queued", "running"}
    assert client.delete(answer.headers["location"]).status_code == 200


def test_a_cancelled_job_keeps_its_plan(client: TestClient, small: bytes) -> None:
    there = begin(client, small)
    before = time.perf_counter()
    answer = client.delete(there)
    assert time.perf_counter() - before < fair(1)
    assert answer.json()["state"] == "cancelled"
    plan = client.get(f"{there}/plan")
    assert plan.status_code == 200
    assert plan.headers["convoi-job-state"] == "cancelled"
    assert verify(Plan.model_validate_json(plan.content)) == ()


def test_accepting_ends_with_a_complete_plan(client: TestClient, small: bytes) -> None:
    there = begin(client, small)
    answer = client.post(f"{there}/accept?wait=20")
    assert answer.status_code == 200
    assert answer.json()["state"] == "done"
    assert client.get(f"{there}/plan").json()["provenance"]["stopped_by"] == "asked"


def test_a_job_that_has_no_plan_yet_says_so(client: TestClient, small: bytes) -> None:
    running = begin(client, small)
    waiting = client.post("/api/v1/plans?iterations=20", content=small, headers=YAML)
    there = waiting.headers["location"]
    answer = client.get(f"{there}/plan")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("#no-plan")
    client.delete(there)
    client.delete(running)


def test_jobs_are_listed(client: TestClient, small: bytes) -> None:
    ids = [
        client.post("/api/v1/plans?iterations=20", content=small, headers=YAML).json()["id"]
        for _ in range(2)
    ]
    listed = client.get("/api/v1/plans?limit=2").json()["jobs"]
    assert [job["id"] for job in listed] == ids[::-1]


def test_events_tell_incumbents_and_end_with_the_job(client: TestClient, small: bytes) -> None:
    answer = client.post("/api/v1/plans?wait=30&iterations=20", content=small, headers=YAML)
    there = answer.headers["location"]
    stream = client.get(f"{there}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    told = events_of(stream.text)
    assert [event["event"] for event in told][:2] == ["queued", "started"]
    assert told[-1]["event"] == "done"
    assert [int(event["id"]) for event in told] == list(range(1, len(told) + 1))
    best = next(event for event in told if event["event"] == "incumbent")["data"]["data"]
    assert best["undelivered_kg"] == 0
    # From after the second on.
    rest = client.get(f"{there}/events", headers={"last-event-id": "2"})
    assert events_of(rest.text) == told[2:]
    # Nothing is left: a browser would connect again and again unless it is told to stop.
    over = client.get(f"{there}/events", headers={"last-event-id": str(len(told))})
    assert over.status_code == 204


def test_the_same_key_is_the_same_job(client: TestClient, small: bytes) -> None:
    def post(query: str, body: bytes = small, kind: str = "yaml") -> Any:
        headers = {"content-type": f"application/{kind}", "idempotency-key": "convoy 7"}
        return client.post(f"/api/v1/plans?{query}", content=body, headers=headers)

    first = post("iterations=20").json()["id"]
    assert post("iterations=20").json()["id"] == first
    # What counts is what is stated, not how it is written.
    as_json = dumps(loads(small.decode()), "json").encode()
    assert post("iterations=20", as_json, "json").json()["id"] == first
    other = post("iterations=21")
    assert other.status_code == 409
    assert other.json()["type"].endswith("#conflict")
    assert first in other.json()["detail"]


def test_a_scenario_that_does_not_fit_its_ground_is_told_with_its_faults(
    client: TestClient, astray: Callable[..., bytes]
) -> None:
    answer = client.post("/api/v1/plans?wait=30&iterations=20", content=astray(), headers=JSON)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["faults"]] == ["/theatre/name"]
    job = client.get(f"/api/v1/plans/{answer.json()['job']}").json()
    assert job["state"] == "failed"
    assert job["problem"]["faults"] == answer.json()["faults"]


def test_many_wait_at_once_without_holding_threads(
    client: TestClient, jobs: Jobs, small: bytes
) -> None:
    found: list[int] = []

    def one() -> None:
        answer = client.post("/api/v1/plans?wait=60&iterations=20", content=small, headers=YAML)
        found.append(answer.status_code)

    # More than the 40 threads that the server has for what blocks.
    threads = [threading.Thread(target=one) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 60
    assert jobs.health()["jobs"].get("queued", 0) == 0


def test_a_plan_goes_on_from_that_of_another_job(client: TestClient, small: bytes) -> None:
    first = client.post("/api/v1/plans?wait=30&iterations=20", content=small, headers=YAML)
    job = first.headers["location"].rpartition("/")[2]
    until = first.json()["routes"][0]["trips"][0]["depart"]
    query = {"parent": job, "decided_until": until, "wait": "30", "iterations": "1"}
    again = client.post("/api/v1/plans", params=query, content=small, headers=YAML)
    assert again.status_code == 200, again.text
    plan = Plan.model_validate_json(again.content)
    assert plan.parent == first.json()["id"]
    assert verify(plan, parent=Plan.model_validate_json(first.content)) == ()


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"parent": "J-none"}, 404, "no job 'J-none'"),
        ({"keep": "C-1"}, 422, "name its `parent`"),
        ({"parent": "self", "decided_until": "noon"}, 422, "no time with offset"),
        ({"parent": "../etc"}, 422, "parent"),
    ],
)
def test_what_is_wrong_with_a_parent_is_told(
    client: TestClient, small: bytes, query: dict[str, str], status: int, says: str
) -> None:
    if query.get("parent") == "self":
        first = client.post("/api/v1/plans?wait=30&iterations=20", content=small, headers=YAML)
        query = query | {"parent": first.headers["location"].rpartition("/")[2]}
    answer = client.post("/api/v1/plans", params=query, content=small, headers=YAML)
    assert answer.status_code == status, answer.text
    assert says in answer.text
