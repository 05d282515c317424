"""Builds this checkout and installs it where nothing of the checkout is seen."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

__all__ = ["ROOT", "build", "install"]

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
