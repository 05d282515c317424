"""Scenarios over matrices of their own, and jobs in a folder of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from optimizer.jobs import Job, Jobs
from optimizer.routing import SolveOptions
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario

SMALL = Path(__file__).parents[1] / "stories" / "small.yaml"


@pytest.fixture(scope="session")
def small() -> Scenario:
    """A base and two units; everything can be delivered."""
    return load_scenario(SMALL)


@pytest.fixture(scope="session")
def short(small: Scenario) -> Scenario:
    """The same, with more asked for than there is: something stays undelivered."""
    more = small.demands[0].model_copy(update={"quantity": 9000})
    return small.model_copy(update={"id": "short", "demands": (more, *small.demands[1:])})


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """One worker, which every test leaves without a job: to start one takes a second."""
    with Jobs(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """Look again and again until something is so; a failure after 20 s."""

    def look(question: Callable[[], Any], seconds: float = 20.0) -> Any:
        end = time.monotonic() + seconds
        while not (found := question()):
            assert time.monotonic() < end, "it never came to be"
            time.sleep(0.02)
        return found

    return look


@pytest.fixture(scope="session")
def searching(until: Callable[..., Any]) -> Callable[[Jobs, Scenario], Job]:
    """Submit a job that does not end by itself, and wait for its first solution."""

    def start(jobs: Jobs, scenario: Scenario) -> Job:
        job = jobs.submit(scenario, SolveOptions(time_limit_s=600))
        until(lambda: jobs.job(job.id).plan_number)
        return jobs.job(job.id)

    return start
