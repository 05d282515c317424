"""A real browser over the real server: nothing outside this machine, no error on the console."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect

# Test modules are imported by path; what they share lies beside them.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from person import Person

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Headless, without anything that would call home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HERE = {"127.0.0.1", "localhost", "::1"}
START_S = 60
STOP_S = 10
#: What a person would still wait for; a machine under load is slow, and waits end when they can.
PATIENCE_MS = 60_000

expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str | None:
    """Return the Chromium of this machine, or the one that ``CONVOI_CHROMIUM`` names."""
    named = os.environ.get("CONVOI_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the system's own Chromium: one is never fetched."""
    path = chromium()
    if path is None:
        told = "no Chromium on this machine (Debian: apt-get install chromium), or CONVOI_CHROMIUM"
        if os.environ.get("CONVOI_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{told}, and CONVOI_REQUIRE_BROWSER=1 requires one")
        pytest.skip(told)
    return {"executable_path": path, "args": [*ARGUMENTS], "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """The smallest screen that the dashboard is made for."""
    return {"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", "accept_downloads": True}


@dataclass
class Watch:
    """What a page did that it must not do; without slots, since Playwright wraps its methods."""

    abroad: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def request(self, route: Route) -> None:
        """Let through what stays on this machine; abort and note everything else."""
        url = route.request.url
        parts = urlsplit(url)
        if parts.scheme in {"data", "blob"} or parts.hostname in HERE:
            route.continue_()
            return
        self.abroad.append(url)
        route.abort()


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Count requests abroad and errors on the console; at the end there must be none."""
    watch = Watch()
    context.route("**/*", watch.request)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.errors.append(f"{message.text} ({message.location})")

    context.on("console", said)
    context.on("weberror", lambda error: watch.errors.append(str(error.error)))
    yield watch
    assert not watch.abroad
    assert not watch.errors


@dataclass(frozen=True, slots=True)
class Server:
    """A server of its own process: where it answers, and where its state lies."""

    url: str
    state: Path
    process: subprocess.Popen[bytes]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{url}/api/v1/health", timeout=2).close()  # noqa: S310 - http, as made above
            return
        time.sleep(0.1)
    pytest.fail(f"the server does not answer at {url}:\n{log.read_text('utf-8')}")


Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start ``convoi serve`` on a free port; all are stopped at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(state: Path | None = None, port: int | None = None) -> Server:
        folder = state or tmp_path_factory.mktemp("state")
        port = port or _free_port()
        log = folder.parent / f"serve-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    sys.executable, "-m", "convoi", "serve", "--no-browser",
                    "--port", str(port), "--state", str(folder),
                ],
                cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        return Server(url, folder, process)

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    for process in started:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def server(serve: Serve) -> Server:
    """One server for all stories of a worker."""
    return serve()


@pytest.fixture
def person(server: Server, watch: Watch, page: Page) -> Person:
    """Somebody at a page of the worker's server, which the watch looks at."""
    del watch
    page.set_default_timeout(PATIENCE_MS)
    return Person(page, server.url)


@pytest.fixture
def screen(server: Server, watch: Watch, page: Page) -> Page:
    """A page that the watch looks at, with the address of the server as its base."""
    del watch
    page.goto(server.url)
    return page
