"""Fixtures that every room shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _beside(variable: str, folder: str) -> Path:
    path = Path(os.environ.get(variable, ROOT.parent / "shared" / folder))
    if not path.is_dir():
        pytest.skip(
            f"{folder} is not beside the checkout (set {variable} to the folder that holds it)"
        )
    return path


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real ground: Andorra, Liechtenstein, Zion."""
    return _beside("CONVOI_REALDATA", "realdata")


@pytest.fixture(scope="session")
def instances() -> Path:
    """Folder of standard routing instances."""
    return _beside("CONVOI_INSTANCES", "instances")
