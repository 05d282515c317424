"""``convoi brief`` and ``convoi export`` as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.plan.model import Plan
from optimizer.plan.read import dump_plan, load_plan

ROOT = Path(__file__).resolve().parents[2]


def _convoi(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "convoi.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def plan_file(everything: Plan, tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    dump_plan(everything, file)
    return file


def test_brief_writes_the_order_in_french(plan_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "ordre.md"
    done = _convoi(
        "brief", plan_file, "--document", "movement-order", "--lang", "fr",
        "--format", "md", "--write", "bank", "-o", out,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "# Ordre de mouvement" in out.read_text("utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ordre.md", "plan.json"]


def test_results_go_to_standard_output(plan_file: Path) -> None:
    assert _convoi("brief", plan_file, "-o", "-").stdout.startswith("**EXERCISE")
    collection = json.loads(_convoi("export", plan_file, "--layer", "routes").stdout)
    assert [f["properties"]["sequence"] for f in collection["features"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("brief", "--document", "love-letter"), "movement-order"),
        (("brief", "--format", "docx"), "pdf"),
        (("brief", "--write", "assisted"), "bank"),
        (("export", "--format", "kml"), "geojson"),
    ],
)
def test_what_does_not_exist_yet_names_what_does(
    plan_file: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = _convoi(arguments[0], plan_file, *arguments[1:])
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_name_that_ends_in_a_format_that_is_not_there_is_refused(
    plan_file: Path, tmp_path: Path
) -> None:
    # Text under the name of a Word document is a file that nobody can open.
    target = tmp_path / "order.docx"
    done = _convoi("brief", plan_file, "-o", target)
    assert done.returncode == 2
    assert done.stderr == (
        f"convoi: {target}: a document is written as md, html, pdf; end the name with one of"
        " these, or state --format\n"
    )
    assert not target.exists()
    # Who states the format has decided.
    assert _convoi("brief", plan_file, "-o", target, "--format", "md").returncode == 0
    assert target.exists()


def test_a_plan_that_is_none_leaves_nothing_written(plan_file: Path, tmp_path: Path) -> None:
    plan_file.write_text(plan_file.read_text("utf-8")[:1000], encoding="utf-8")
    out = tmp_path / "order.md"
    done = _convoi("brief", plan_file, "-o", out)
    assert done.returncode == 2
    assert "cut short" in done.stderr
    assert not out.exists()


def test_the_plan_itself_is_never_written_over(plan_file: Path) -> None:
    before = plan_file.read_bytes()
    done = _convoi("export", plan_file, "-o", plan_file)
    assert done.returncode == 2
    assert "is the file to be read" in done.stderr
    assert plan_file.read_bytes() == before


def test_a_link_is_followed_and_a_device_is_written_to(plan_file: Path, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.md", tmp_path / "link.md", tmp_path / "pipe"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    assert _convoi("brief", plan_file, "-o", link).returncode == 0
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("**EXERCISE")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert _convoi("brief", plan_file, "-o", pipe).returncode == 0
        told, _ = reader.communicate(timeout=10)
    assert told == target.read_text("utf-8")
    assert pipe.is_fifo()


def test_a_folder_that_is_not_there_is_named(plan_file: Path, tmp_path: Path) -> None:
    done = _convoi("brief", plan_file, "-o", tmp_path / "nowhere" / "order.md")
    assert done.returncode == 2
    assert "no folder" in done.stderr


def test_a_release_by_a_named_person_takes_the_draft_off(plan_file: Path) -> None:
    text = _convoi(
        "brief", plan_file, "--released-by", "Cdt Roca", "--released-at", "2026-06-15T03:30+02:00"
    ).stdout  # fmt: skip
    # The display zone is Andorra's: summer time, letter B.
    assert "Released by Cdt Roca at 150330BJUN26." in text
    assert "DRAFT" not in text
    assert "DRAFT" in _convoi("brief", plan_file).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--released-at", "2026-06-15T03:30+02:00"), "--released-by"),
        (("--released-by", " "), "names the person"),
        (("--released-by", "Roca", "--released-at", "2026-06-15T03:30"), "offset"),
        (("--released-by", "Roca", "--released-at", "tomorrow"), "2026-06-15T04:30+02:00"),
    ],
)
def test_a_release_without_a_person_or_a_moment_is_refused(
    plan_file: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = _convoi("brief", plan_file, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_note_tells_what_changed_since_another_plan(plan_file: Path, tmp_path: Path) -> None:
    plan = load_plan(plan_file)
    other = tmp_path / "before.json"
    dump_plan(plan.model_copy(update={"id": "P-before", "routes": ()}), other)
    text = _convoi(
        "brief", plan_file, "--document", "decision-note", "--before", other
    ).stdout  # fmt: skip
    # The other plan moved nothing, this one 3,550.8 kg.
    assert "compared with plan P-before" in text
    assert "| Delivered | 0\u00a0kg | 3,551\u00a0kg | +3,551\u00a0kg |" in text
