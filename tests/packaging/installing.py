"""Builds this checkout and installs it where nothing of the checkout is seen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["ROOT", "build", "built_once", "install", "installed_once"]

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300


def build(source: Path, target: str, folder: Path) -> Path:
    """Build a wheel or a source distribution with the hatchling of the environment."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder],
        cwd=source, check=True, capture_output=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    (built,) = folder.iterdir()
    return built


def install(wheel: Path, prefix: Path) -> Path:
    """Make a new environment with the wheel in it, which borrows the dependencies of this one."""
    venv.create(prefix, with_pip=False)
    python = prefix / "bin" / "python"
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check",
            "install", "--quiet", "--no-deps", "--no-index", wheel,
        ],
        check=True, capture_output=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    # A folder named in a .pth file is searched after the environment's own, and .pth files in it
    # are not read: the editable installation of the checkout, which is one, stays invisible.
    (site,) = prefix.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return prefix


@contextlib.contextmanager
def _alone(factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that all workers of this run share, to one of them at a time."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with (folder / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def built_once(factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout, which is built once in a run of the tests."""
    with _alone(factory) as shared:
        folder = shared / "wheel"
        if not folder.exists():
            made = factory.mktemp("building")
            build(ROOT, "wheel", made)
            made.rename(folder)
        (wheel,) = folder.iterdir()
        return wheel


def installed_once(factory: pytest.TempPathFactory) -> Path:
    """Return an environment with that wheel in it, which is made once in a run of the tests."""
    wheel = built_once(factory)
    with _alone(factory) as shared:
        prefix = shared / "environment"
        # The last thing that is written, and so a sign that all is there.
        if not list(prefix.glob("lib/python*/site-packages/borrowed.pth")):
            install(wheel, prefix)
        return prefix
