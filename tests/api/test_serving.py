"""The commands ``convoi api`` and ``convoi serve``, as a person starts and ends them."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import convoi as door
from optimizer.api.serving import DEFAULT_PORT, listen
from optimizer.errors import OutsideError, UsageError

Serve = Callable[..., AbstractContextManager[tuple["subprocess.Popen[str]", str]]]


def fair(seconds: float) -> float:
    """Return a promised time as it is to be measured on a machine that others use as well."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def get(url: str) -> tuple[int, str, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - this machine
        return answer.status, answer.headers["content-type"], answer.read().decode()


def submit(url: str, body: bytes, query: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - this machine
        f"{url}/api/v1/plans?{query}", data=body, headers={"content-type": "application/yaml"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        found: str = json.load(answer)["id"]
        return found


def ended(process: subprocess.Popen[str], number: signal.Signals) -> float:
    """Send a signal and return how long the process takes to end."""
    begin = time.perf_counter()
    process.send_signal(number)
    process.wait(10)
    return time.perf_counter() - begin


def test_ctrl_c_ends_within_two_seconds_whoever_is_waiting(convoi: Serve, small: bytes) -> None:
    with convoi("api", "--port", "0") as (process, url):
        job = submit(url, small, "time_limit_s=600")
        while not json.loads(get(f"{url}/api/v1/plans/{job}")[2])["plan_number"]:
            time.sleep(0.05)
        told: list[str] = []
        waiting = [
            threading.Thread(
                target=lambda: told.append(get(f"{url}/api/v1/plans/{job}/events")[2])
            ),
            threading.Thread(target=lambda: told.append(submit(url, small, "wait=60"))),
        ]
        for thread in waiting:
            thread.start()
        time.sleep(0.5)
        assert ended(process, signal.SIGINT) < fair(2)
        assert process.returncode == 0
        for thread in waiting:
            thread.join(5)
        # Both got an orderly end: a stream, and a job to ask for later.
        assert len(told) == 2
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    with convoi("api", "--port", "0") as (_, url):
        listed = json.loads(get(f"{url}/api/v1/plans")[2])["jobs"]
        assert {found["id"] for found in listed} >= {job}
        assert json.loads(get(f"{url}/api/v1/plans/{job}")[2])["incumbents"]
        assert json.loads(get(f"{url}/api/v1/plans/{job}/plan")[2])["routes"]


def test_a_request_to_end_is_followed_at_once(convoi: Serve) -> None:
    with convoi("api", "--port", "0") as (process, _):
        assert ended(process, signal.SIGTERM) < fair(2)
        assert process.returncode == 128 + signal.SIGTERM
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_server_ends_with_its_terminal(convoi: Serve) -> None:
    with convoi("api", "--port", "0") as (process, _):
        assert ended(process, signal.SIGHUP) < fair(2)
        assert process.returncode == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_two_servers_on_one_state_folder_are_refused(convoi: Serve, tmp_path: Path) -> None:
    with convoi("api", "--port", "0") as (process, _):
        second = subprocess.run(
            [sys.executable, "-m", "convoi", "api", "--port", "0", "--state", tmp_path / "state"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert second.returncode == 3
        assert second.stderr.count("\n") == 1
        assert f"process {process.pid}" in second.stderr


def test_a_busy_port_that_was_asked_for_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            door.main(["api", "--port", str(port), "--state", str(tmp_path)])
    assert end.value.code == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"port {port} is in use" in said


def test_where_no_port_was_asked_for_the_next_free_one_is_taken() -> None:
    with listen("127.0.0.1", None) as first, listen("localhost", None) as second:
        ports = [opened.getsockname()[1] for opened in (first, second)]
    assert DEFAULT_PORT <= ports[0] < ports[1]


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.7", "example.org", ""],  # noqa: S104 - what is refused
)
def test_no_other_machine_is_served(host: str) -> None:
    with pytest.raises(UsageError, match="only this machine is served"):
        listen(host, 0)


def test_a_port_that_may_not_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(OutsideError, match="Permission denied"):
        listen("127.0.0.1", 80)


def test_a_browser_that_opens_the_interface_alone_sees_its_description(convoi: Serve) -> None:
    with convoi("api", "--port", "0") as (_, url):
        status, kind, page = get(url)
        assert status == 200
        assert kind.startswith(("text/html", "text/plain"))
        assert "openapi.json" in page


def test_dashboard_and_interface_are_one_server(convoi: Serve) -> None:
    pytest.importorskip("dashboard.app")
    with convoi("serve", "--port", "0", "--no-browser") as (_, url):
        assert get(url)[1].startswith("text/html")
        assert get(f"{url}/work/none")[0] == 200
        assert "openapi.json" in get(f"{url}/api")[2]
        # The dashboard answers every path with its page, but for the interface's.
        for path, status in (("/api/v1/health", 200), ("/api/v1/nothing", 404), ("/api/", 404)):
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            assert "json" in answer.headers["content-type"]
            answer.close()
            connection.close()
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
        connection.request("GET", "/", headers={"host": "evil.example"})
        with connection.getresponse() as refused:
            assert refused.status == 403
        connection.close()


def test_a_missing_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # None in the table of modules makes an import fail as if it was not installed.
    monkeypatch.setitem(sys.modules, "dash", None)
    with pytest.raises(SystemExit) as end:
        door.main(["serve", "--port", "0", "--no-browser", "--state", str(tmp_path)])
    assert end.value.code == 3
    assert "convoi[dashboard]" in capsys.readouterr().err
