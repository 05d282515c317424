"""Fixtures that every room shares."""

from __future__ import annotations

import os
import tempfile
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


def pytest_configure(config: pytest.Config) -> None:
    """Keep ways over open ground in a folder of this run; the workers of pytest share it."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="convoi-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["XDG_CACHE_HOME"] = folder.name


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the stories in a browser were left out, and how to have them run."""
    left_out = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        # Others are left out for reasons of their own, which they tell.
        if "tests/browser/" in report.nodeid and "Chromium" in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.section("LEFT OUT: the stories in a real browser", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(left_out)} tests did not run, since no Chromium was found. To run them, install"
            " one (Debian: apt-get install chromium) or name it in CONVOI_CHROMIUM."
        )
