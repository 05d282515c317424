"""The repository names no machine: who clones it finds all that it needs, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: A folder of one machine, or a setting that names a package registry. A page of the dashboard is
#: ``/work/<name>``, so of a folder of that name only what lies in it is looked for.
PLACE = re.compile(
    r"(?<![\w.:/~-])/(?:(?:home|root|opt|srv|mnt|Users)/\w|work/(?:main|shared)\b)|[A-Z]:\\Users\b"
    r"|index-url\s*[= ]\s*\S*://|PIP_(?:EXTRA_)?INDEX_URL=",
)

#: These plant such lines on purpose.
PLANTERS = {
    "tests/jobs/test_state.py",
    "tests/packaging/test_locks.py",
    "tests/packaging/test_repository.py",
}


def tracked() -> list[str]:
    """Give the files of the repository, by their path in it."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone, so nothing tells which files are of the repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def places(text: str) -> list[str]:
    """List what in a text holds only on one machine."""
    return [line.strip()[:120] for line in text.splitlines() if PLACE.search(line)]


def test_no_file_names_a_place_of_one_machine() -> None:
    found = {
        name: lines
        for name in tracked()
        if name not in PLANTERS
        and (lines := places((ROOT / name).read_text(encoding="utf-8", errors="ignore")))
    }
    assert found == {}


def test_nothing_that_is_needed_is_ignored() -> None:
    # A pattern such as `build/` once hid a whole room from git and from the wheel.
    rooms = ("optimizer", "briefing", "dashboard", "data", "tests", "docs", "tools")
    hidden = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", *rooms],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert tracked()
    made = ("__pycache__", "_built")
    assert [n for n in hidden.stdout.splitlines() if not set(made) & set(n.split("/"))] == []


@pytest.mark.parametrize(
    "line",
    [
        'THEATRES = "/home/someone/theatres"',
        "see /work/shared/notes.md",
        "--index-url https://registry.invalid/simple",
        "export PIP_INDEX_URL=x",
        r"C:\Users\someone",
    ],
)
def test_a_place_is_found(line: str) -> None:
    assert len(places(f"before\n{line}\nafter")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "https://example.org/work/paper.pdf",
        "/work/brigade-1",
        "a/home/b",
        "../opt/x",
        "#!/usr/bin/env python",
    ],
)
def test_what_looks_like_a_place_and_is_none_passes(line: str) -> None:
    assert places(line) == []
