"""Whatever goes wrong is told in one shape, with the place where it went wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from optimizer.api.problems import KINDS
from optimizer.jobs import Jobs
from optimizer.scenario.read import loads

YAML = {"content-type": "application/yaml"}
JSON = {"content-type": "application/json"}


def told(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """Check the shape that RFC 9457 asks for, and return the members."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    if kind:
        assert found["type"] == f"/api/v1/problems#{kind}"
        assert found["title"] == KINDS[kind].title
    else:
        assert found["type"] == "about:blank"
    assert found["detail"]
    return found


def test_every_fault_of_a_scenario_is_told_with_its_place(client: TestClient, small: bytes) -> None:
    data: Any = loads(small.decode()).document()
    data["demands"][0]["site"] = "U9"
    data["fleet"][0]["type"] = "tank"
    answer = client.post("/api/v1/plans", content=json.dumps(data).encode(), headers=JSON)
    faults = told(answer, 422, "faults")["faults"]
    errors = [fault for fault in faults if fault["severity"] == "error"]
    assert {(fault["code"], fault["pointer"]) for fault in errors} == {
        ("scenario.unknown_site", "/demands/0/site"),
        ("scenario.unknown_type", "/fleet/0/type"),
    }
    assert all(fault["text"]["en"] and fault["text"]["fr"] for fault in faults)


def test_a_fault_in_yaml_names_its_line(client: TestClient, small: bytes) -> None:
    body = small.replace(b"site: U2, good", b"site: U7, good")
    line = body[: body.index(b"U7")].count(b"\n") + 1
    answer = client.post("/api/v1/plans", content=body, headers=YAML)
    faults = told(answer, 422, "faults")["faults"]
    assert [
        (fault["line"], fault["pointer"]) for fault in faults if fault["severity"] == "error"
    ] == [(line, "/demands/1/site")]


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        (b"{", JSON, 400, "unreadable"),
        (b"a: [", YAML, 400, "unreadable"),
        (b"\xff\xfe", JSON, 400, "unreadable"),
        (b"", JSON, 400, "unreadable"),
        (b"[1]", JSON, 400, "unreadable"),
        (b"[" * 100_000, JSON, 400, "unreadable"),
        (b"{}", JSON, 422, "refused"),
        (b'{"format": "convoi/scenario/9"}', JSON, 422, "refused"),
        (b"{}", {"content-type": "text/plain"}, 415, "media-type"),
        (b"{}", {}, 415, "media-type"),
        (b"{}", JSON | {"content-encoding": "gzip"}, 415, "media-type"),
    ],
)
def test_a_body_that_is_no_scenario(
    client: TestClient, body: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    told(client.post("/api/v1/plans", content=body, headers=headers), status, kind)


def test_half_a_letter_is_refused_wherever_it_stands(client: TestClient) -> None:
    # JSON can name one half of a pair; UTF-8, in which everything is stored and told, cannot.
    for body in (rb'{"plan": "\ud800", "document": "movement-order"}', rb'{"\uDC00": 1}'):
        found = told(
            client.post("/api/v1/briefings", content=body, headers=JSON), 400, "unreadable"
        )
        assert "surrogates not allowed" in found["detail"]


def test_a_body_that_is_too_large_is_refused_by_its_stated_length(client: TestClient) -> None:
    headers = JSON | {"content-length": str(33 * 2**20)}
    told(client.post("/api/v1/plans", content=b"{}", headers=headers), 413, "too-large")


def test_a_body_that_is_too_large_is_refused_while_it_comes(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(33):
            yield b" " * 2**20

    # Sent in chunks, it states no length.
    told(client.post("/api/v1/plans", content=chunks(), headers=JSON), 413, "too-large")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("iterations=0", "parameters"),
        ("iterations=many", "parameters"),
        (f"iterations=1{'0' * 400}", "parameters"),  # no machine counts so far
        ("time_limit_s=-1", "parameters"),
        ("time_limit_s=nan", "parameters"),
        ("wait=-1", "parameters"),
        ("workers=0", "parameters"),
        ("seed=-1", "parameters"),
        ("iterations=1&time_limit_s=1", "refused"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    client: TestClient, small: bytes, query: str, kind: str
) -> None:
    found = told(client.post(f"/api/v1/plans?{query}", content=small, headers=YAML), 422, kind)
    if kind == "parameters":
        (wrong,) = found["parameters"]
        assert (wrong["in"], wrong["pointer"]) == ("query", f"/{query.partition('=')[0]}")


def test_an_event_that_no_job_can_have_is_refused(client: TestClient, small: bytes) -> None:
    job = client.post("/api/v1/plans?iterations=1", content=small, headers=YAML).json()
    headers = {"last-event-id": str(2**63)}
    answer = client.get(job["links"]["events"], headers=headers)
    (wrong,) = told(answer, 422, "parameters")["parameters"]
    assert wrong["pointer"] == "/last-event-id"


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1", "/api/v1/nothing", "/api/v1/plans/J-none", "/api/v2/plans"]
)
def test_what_is_not_there(client: TestClient, path: str) -> None:
    told(client.get(path), 404, "not-found")


def test_every_method_that_a_path_takes_is_named(client: TestClient) -> None:
    answer = client.put("/api/v1/plans")
    assert "GET, POST" in told(answer, 405, "")["detail"]
    assert answer.headers["allow"] == "GET, POST"
    assert client.post("/api/v1/plans/J-1").headers["allow"] == "DELETE, GET"


def test_no_path_is_taken_for_a_theatre(
    client: TestClient, astray: Callable[..., bytes], tmp_path: Path
) -> None:
    for name in (str(tmp_path), "../data/terrain/sarvenne", "/etc"):
        answer = client.post("/api/v1/plans", content=astray(name), headers=JSON)
        faults = told(answer, 422, "faults")["faults"]
        assert "/theatre/name" in {fault["pointer"] for fault in faults}


def test_what_nobody_foresaw_is_a_problem_as_well(
    client: TestClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(limit: int) -> None:
        raise ZeroDivisionError(limit)

    monkeypatch.setattr(jobs, "jobs", fail)
    found = told(client.get("/api/v1/plans"), 500, "defect")
    assert "ZeroDivisionError" in found["detail"]


def test_the_kinds_of_problems_are_listed(client: TestClient) -> None:
    listed = client.get("/api/v1/problems").json()
    assert {name: kind["status"] for name, kind in listed.items()} == {
        name: kind.status for name, kind in KINDS.items()
    }
