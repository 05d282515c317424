"""Only programs and pages of this machine are answered: no rebound names, no foreign pages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from optimizer.api.guard import Guard, is_loopback


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8765", "localhost", "LOCALHOST:1", "127.8.9.1:80", "[::1]", "[::1]:9"],
)
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        # A name that leads to this machine today is still somebody else's.
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "0.0.0.0:8765",
        "[::]:8765",
        "192.168.1.7:8765",
        "127.0.0.1:8765, evil.example",
        "2130706433",
        "0x7f.1",
        "",
    ],
)
def test_a_rebound_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/v1/health", headers={"host": host})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("#not-local")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://localhost:8765",  # the same machine under another name is another origin
        "http://127.0.0.1:3000",
        "http://127.0.0.1:8765.evil.example",
        "file://127.0.0.1:8765",
        "http://user@127.0.0.1:8765",
        "http://[",  # no address at all
    ],
)
def test_a_foreign_page_is_refused(client: TestClient, origin: str) -> None:
    answer = client.post("/api/v1/plans", content=b"{}", headers={"origin": origin})
    assert answer.status_code == 403


def test_an_own_page_is_answered(client: TestClient) -> None:
    headers = {"origin": "http://127.0.0.1:8765"}
    assert client.get("/api/v1/health", headers=headers).status_code == 200


def test_no_answer_invites_others(client: TestClient) -> None:
    answer = client.get("/api/v1/health")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_socket_of_a_foreign_page_is_refused() -> None:
    said: list[Any] = []

    async def app(*_: object) -> None:
        said.append("reached")

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"host", b"127.0.0.1:8765"), (b"origin", b"http://evil.example")]
    scope = {"type": "websocket", "headers": headers}
    asyncio.run(Guard(app)(scope, receive, send))
    assert [message["type"] for message in said] == ["websocket.close"]


def test_loopback_is_told_by_address_never_by_asking() -> None:
    assert is_loopback("127.1.2.3")
    assert is_loopback("::1")
    assert not is_loopback("localhost.localdomain")
    assert not is_loopback("0.0.0.0")  # noqa: S104 - what is refused
