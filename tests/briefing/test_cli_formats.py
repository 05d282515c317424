"""``convoi brief`` in every format: to files, to pipes, never to a terminal in binary."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.plan.model import Plan
from optimizer.plan.read import dump_plan

ROOT = Path(__file__).resolve().parents[2]
GROUND = ROOT / "tests" / "plans" / "pass-ground.json"
THEATRE = ROOT / "tests" / "plans" / "two-bridges"


def _brief(
    *arguments: str | Path, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "CONVOI_THEATRES"}
    return subprocess.run(
        [sys.executable, str(ROOT / "convoi.py"), "brief", *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )


@pytest.fixture
def plan_file(everything: Plan, tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    dump_plan(everything, file)
    return file


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("order.md", b"**EXERCISE"),
        ("order.html", b"<!DOCTYPE html>"),
        ("order.PDF", b"%PDF-1.7"),
        ("order.txt", b"**EXERCISE"),
    ],
)
def test_the_name_of_the_file_says_the_format(
    plan_file: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    done = _brief(plan_file, "-o", tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "plan.json"])


def test_a_format_that_is_given_wins_over_the_name(plan_file: Path, tmp_path: Path) -> None:
    _brief(plan_file, "--format", "html", "-o", tmp_path / "order.pdf")
    assert (tmp_path / "order.pdf").read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_pdf_goes_to_a_pipe_whole(plan_file: Path) -> None:
    done = _brief(plan_file, "--format", "pdf")
    assert done.returncode == 0
    assert done.stdout.startswith(b"%PDF-1.7")
    assert done.stdout.rstrip().endswith(b"%%EOF")


def test_a_pdf_never_goes_to_a_terminal(plan_file: Path) -> None:
    ours, theirs = os.openpty()
    try:
        done = _brief(plan_file, "--format", "pdf", stdout=theirs)
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert b"-o" in done.stderr


def test_without_its_theatre_a_plan_still_has_documents(tmp_path: Path) -> None:
    done = _brief(GROUND, "-o", tmp_path / "order.html")
    assert done.returncode == 0
    assert b"two-bridges" in done.stderr
    assert b"--theatre" in done.stderr
    assert (tmp_path / "order.html").exists()


def test_the_theatre_is_taken_from_the_folder_that_is_named(tmp_path: Path) -> None:
    done = _brief(GROUND, "--theatre", THEATRE, "-o", tmp_path / "order.html")
    assert (done.returncode, done.stderr) == (0, b"")
    # Relief is a picture inside the map; without the theatre there is none.
    assert b"data:image/" in (tmp_path / "order.html").read_bytes()


def test_another_theatre_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(THEATRE, other)
    manifest = other / "theatre.json"
    text = manifest.read_text("utf-8")
    digest = text.rpartition('"digest": "')[2][:64]
    manifest.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    done = _brief(GROUND, "--theatre", other, "-o", tmp_path / "order.html")
    assert done.returncode == 2
    assert b"digest" in done.stderr
    assert not (tmp_path / "order.html").exists()
