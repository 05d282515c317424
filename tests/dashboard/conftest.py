"""A desk with jobs that plan nothing, and the plan of ``tests/plans`` whose figures are round."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Test modules are imported by path; what they share lies beside them.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fakes import AT, FakeJobs

from briefing.wording import voice
from briefing.wording.values import Writer
from dashboard.desk import Desk
from dashboard.i18n import Words
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan

PLANS = Path(__file__).resolve().parents[1] / "plans"


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Two lorries make two trips, a light vehicle one; see ``tests/plans/base.py``."""
    return load_plan(PLANS / "pass-matrices.json")


@pytest.fixture(scope="session")
def other() -> Plan:
    """The same question, with 100 l of water more for charlie on a third trip."""
    return load_plan(PLANS / "pass-split-demand.json")


@pytest.fixture
def jobs() -> FakeJobs:
    return FakeJobs()


@pytest.fixture
def desk(jobs: FakeJobs, tmp_path: Path) -> Desk:
    return Desk(jobs, tmp_path, now=lambda: AT)


@pytest.fixture
def words() -> Words:
    return Words("en")


@pytest.fixture
def writer() -> Writer:
    return voice("en", "Europe/Paris").writer
