"""Matrices, verification, documents, health, and the description of it all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from optimizer.api.documentation import documentation_router
from optimizer.jobs import Jobs
from optimizer.plan.model import Plan

YAML = {"content-type": "application/yaml"}
JSON = {"content-type": "application/json"}
PLANS = Path(__file__).parents[1] / "plans"


@pytest.fixture(scope="module")
def plan(client: TestClient) -> dict[str, Any]:
    small = Path(__file__).parents[1] / "stories" / "small.yaml"
    answer = client.post(
        "/api/v1/plans?wait=30&iterations=20", content=small.read_bytes(), headers=YAML
    )
    found: dict[str, Any] = answer.json()
    return found | {"job": answer.headers["location"].rpartition("/")[2]}


def test_matrices_are_those_of_the_scenario(client: TestClient, small: bytes) -> None:
    answer = client.post("/api/v1/matrices", content=small, headers=YAML)
    assert answer.status_code == 200
    found = answer.json()
    assert found["format"] == "convoi/matrices/1"
    # From the file: 1200 s to the first unit, 1800 s to the second.
    assert found["profiles"][0]["time_s"][0] == [0, 1200, 1800]


def test_matrices_of_ground_that_is_not_here(
    client: TestClient, astray: Callable[..., bytes]
) -> None:
    answer = client.post("/api/v1/matrices", content=astray(), headers=JSON)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["faults"]] == ["/theatre/name"]


def test_a_plan_that_keeps_every_rule_is_proved(client: TestClient) -> None:
    # Over matrices of its own: no ground is needed to prove it.
    body = (PLANS / "pass-matrices.json").read_bytes()
    answer = client.post("/api/v1/verify", content=body, headers=JSON)
    assert answer.status_code == 200
    assert answer.json() == {"proved": True, "violations": []}


def test_who_waits_for_an_answer_leaves_the_server_to_others(
    client: TestClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(_: Plan) -> bytes:
        go_on.wait(30)
        return b"{}"

    monkeypatch.setattr(jobs, "verify", slow)
    body = next(PLANS.glob("pass-*.json")).read_bytes()
    # More than the server has threads, of which it has 40.
    with ThreadPoolExecutor(46) as pool:
        for _ in range(45):
            pool.submit(client.post, "/api/v1/verify", content=body, headers=JSON)
        time.sleep(1.5)
        try:
            health = pool.submit(client.get, "/api/v1/health").result(timeout=15)
        finally:
            go_on.set()
    assert health.status_code == 200


def test_a_broken_rule_is_named_with_its_place(client: TestClient) -> None:
    body = (PLANS / "fail-demand.over.json").read_bytes()
    found = client.post("/api/v1/verify", content=body, headers=JSON).json()
    assert found["proved"] is False
    assert "demand.over" in {violation["code"] for violation in found["violations"]}
    assert all(violation["text"]["fr"] for violation in found["violations"])


def test_what_is_no_plan_is_told_with_its_places(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/verify", content=b'{"format": "convoi/plan/1", "routes": [{}]}', headers=JSON
    )
    assert answer.status_code == 422
    assert "/routes/0/convoy" in {fault["pointer"] for fault in answer.json()["faults"]}


@pytest.mark.parametrize(
    ("form", "kind", "begin"), [("md", "text/markdown", b""), ("html", "text/html", b"<!")]
)
def test_a_document_of_a_posted_plan(
    client: TestClient, plan: dict[str, Any], form: str, kind: str, begin: bytes
) -> None:
    given = {name: value for name, value in plan.items() if name != "job"}
    wish = {"plan": given, "document": "movement-order", "language": "fr", "format": form}
    answer = client.post("/api/v1/briefings", json=wish)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(kind)
    assert answer.content.startswith(begin)
    assert "PROJET" in answer.text
    assert f'.fr.{form}"' in answer.headers["content-disposition"]


def test_a_document_of_a_job_that_somebody_released(
    client: TestClient, plan: dict[str, Any]
) -> None:
    wish = {
        "plan": plan["job"],
        "document": "movement-order",
        "format": "md",
        "release": {"name": "Cne Martin", "at": "2026-06-15T03:00:00+02:00"},
    }
    answer = client.post("/api/v1/briefings", json=wish)
    assert answer.status_code == 200, answer.text
    assert "Cne Martin" in answer.text


@pytest.mark.parametrize(
    ("change", "status", "place"),
    [
        ({"plan": "J-none"}, 404, None),
        ({"document": "poem"}, 422, None),
        ({"format": "doc"}, 422, None),
        ({"language": "de"}, 422, "/language"),
        ({"release": {"name": "x", "at": "today"}}, 422, "/release/at"),
        ({"plan": {"format": "convoi/plan/1"}}, 422, "/plan/id"),
        ({"path": "/etc/passwd"}, 422, "/path"),
    ],
)
def test_a_wish_that_cannot_be_met(
    client: TestClient, plan: dict[str, Any], change: dict[str, Any], status: int, place: str | None
) -> None:
    wish = {"plan": plan["job"], "document": "movement-order", "format": "md"} | change
    answer = client.post("/api/v1/briefings", json=wish)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if place is not None:
        assert place in {fault["pointer"] for fault in answer.json()["faults"]}


def test_health_counts_workers_and_jobs(client: TestClient, plan: dict[str, Any]) -> None:
    assert plan
    found = client.get("/api/v1/health").json()
    assert (found["status"], found["workers"], found["ready"]) == ("ok", 1, 1)
    assert found["jobs"]["done"] >= 1


def test_the_description_names_every_route_and_its_documents(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/plans",
        "/v1/plans/{id}",
        "/v1/plans/{id}/accept",
        "/v1/plans/{id}/events",
        "/v1/plans/{id}/plan",
        "/v1/plans/{id}/scenario",
        "/v1/matrices",
        "/v1/verify",
        "/v1/briefings",
        "/v1/health",
        "/v1/problems",
    }
    # Every reference leads somewhere.
    text = json.dumps(described)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(described["components"]["schemas"])
    assert {"Scenario", "Plan", "JobView", "Problem"} <= names


def test_the_viewer_asks_nobody_abroad(client: TestClient, tmp_path: Path) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.text.replace("https://www.rfc-editor.org", "")
    assert client.get("/api/v1/docs/files/..%2F..%2Fapp.py").status_code == 404
    assert client.get("/api/v1/docs/files/passwd").status_code == 404

    from fastapi import FastAPI  # noqa: PLC0415 - a second application, as if nothing was built

    bare = FastAPI(docs_url=None)
    bare.include_router(documentation_router(tmp_path), prefix="/v1")
    with TestClient(bare) as other:
        assert "was not built" in other.get("/v1/docs").text
