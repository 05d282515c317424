"""The interface in this process, and real servers in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from briefing.api import briefings_router
from optimizer.api import create_api
from optimizer.jobs import Jobs
from optimizer.scenario.read import load_scenario

SMALL = Path(__file__).parents[1] / "stories" / "small.yaml"
URL = "http://127.0.0.1:8765"
Serve = Callable[..., "contextmanager[tuple[subprocess.Popen[str], str]]"]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    with Jobs(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture(scope="module")
def client(jobs: Jobs) -> Iterator[TestClient]:
    """The interface under /api, as it is served."""
    root = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    root.mount("/api", create_api(jobs, [briefings_router(jobs)], heartbeat_s=0.2))
    with TestClient(root, base_url=URL, raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="session")
def small() -> bytes:
    """A scenario that is planned in a moment, as YAML."""
    return SMALL.read_bytes()


@pytest.fixture(scope="session")
def astray() -> Callable[..., bytes]:
    """The same over a theatre of some name, as JSON."""

    def named(theatre: str = "atlantis") -> bytes:
        data: Any = load_scenario(SMALL).document()
        del data["matrices"]
        data["theatre"] = {"name": theatre}
        for site in data["sites"]:
            site["position"] = {"lon": 6.0, "lat": 45.0}
        return json.dumps(data).encode()

    return named


@pytest.fixture
def convoi(tmp_path: Path) -> Serve:
    """Start a server by the command and wait until it says where it is."""

    @contextmanager
    def start(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "convoi", *words, "--state", str(tmp_path / "state")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("Convoi is at "), line + process.stderr.read()
            yield process, line.split()[3].rstrip("/,")
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    return start
