"""What the tests of the verifier share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from optimizer.terrain.theatre import Theatre

PLANS = Path(__file__).resolve().parent.parent / "plans"


@pytest.fixture(scope="session")
def two_bridges() -> Theatre:
    """The little theatre of ``tests/plans``."""
    return Theatre.open(PLANS / "two-bridges")


@pytest.fixture(scope="session")
def plan_recipes() -> ModuleType:
    """``tests/plans/build.py``; its ``sibling`` imports what lies beside it."""
    spec = importlib.util.spec_from_file_location("plans_build", PLANS / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["plans_build"] = module
    spec.loader.exec_module(module)
    return module
