"""``convoi scenario check``: exit codes, both languages, lines that an editor follows, JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from optimizer.check.cli import check
from optimizer.terrain.theatre import Theatre

Stated = Callable[..., dict[str, Any]]


def _check(path: Path, *options: str) -> Result:
    return CliRunner().invoke(check, [str(path), *options])


@pytest.fixture
def written(tmp_path: Path, stated: Stated) -> Callable[..., Path]:
    """Write a document with other top-level keys."""

    def write(**keys: Any) -> Path:
        path = tmp_path / "case.yaml"
        path.write_text(yaml.safe_dump(stated(**keys), sort_keys=False), encoding="utf-8")
        return path

    return write


def test_a_sound_scenario_exits_with_0(written: Callable[..., Path], theatre: Theatre) -> None:
    path = written()
    result = _check(path, "--theatre", str(theatre.folder))
    assert result.exit_code == 0
    assert result.stdout == f"{path}: 0 errors, 0 warnings\n"


def test_a_fault_exits_with_1_and_is_told_like_a_compilers(written: Callable[..., Path]) -> None:
    path = written(time_contingency=-0.5, objectives=["undelivered", "tme"])
    result = _check(path, "--no-ground")
    assert result.exit_code == 1
    *told, summary = result.stdout.splitlines()
    matches = [re.fullmatch(r"(.+):(\d+): error: (/\S*): .+", line) for line in told]
    text = path.read_text(encoding="utf-8").splitlines()
    for match in matches:
        assert match is not None
        assert match[1] == str(path)
    assert text[int(matches[0][2]) - 1] == "time_contingency: -0.5"  # type: ignore[index]
    assert summary == f"{path}: 2 errors, 0 warnings"


def test_a_warning_exits_with_0(written: Callable[..., Path]) -> None:
    assert _check(written(weather={}, matrices=[]), "--no-ground").exit_code == 0
    path = written(horizon={"start": "2026-06-15T04:00Z", "end": "2027-06-15T04:00Z"})
    result = _check(path, "--no-ground")
    assert result.exit_code == 0
    assert "warning: /horizon: the horizon lasts 365 days" in result.stdout


def test_french_is_french(written: Callable[..., Path]) -> None:
    result = _check(written(time_contingency="much"), "--no-ground", "--lang", "fr")
    assert "erreur : /time_contingency : un nombre est attendu" in result.stdout
    assert result.stdout.endswith("1 erreur, 0 avertissement\n")
    assert "Input should" not in result.stdout


def test_json_has_both_languages_and_everything_else(written: Callable[..., Path]) -> None:
    path = written(title=3)
    result = _check(path, "--no-ground", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["file"], told["scenario"], told["errors"]) == (str(path), None, 1)
    (fault,) = told["faults"]
    assert (fault["code"], fault["pointer"]) == ("scenario.want_text", "/title")
    assert fault["severity"] == "error"
    assert fault["params"] == {"found": "3"}
    assert set(fault["text"]) == {"en", "fr"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.yaml", None),
        ("broken.yaml", b"sites: [1, 2\nbases: 3\n"),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n" + bytes(40)),
        ("bomb.yaml", b"a: &a [x, x]\nb: &b [*a, *a]\n" + b"c: [" + b"*b, " * 100_000 + b"]\n"),
        ("plan.json", b'{"format": "convoi/plan/1"}'),
        ("later.yaml", b"format: convoi/scenario/2\n"),
    ],
)
def test_a_wrong_file_ends_in_one_line_and_exit_code_2(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "convoi", "scenario", "check", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("convoi: ")
    assert len(done.stderr.splitlines()) == 1
