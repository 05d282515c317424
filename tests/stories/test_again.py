"""Planning again from an earlier plan, as somebody at a terminal would."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

SMALL = Path(__file__).parent / "small.yaml"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_plan_goes_on_from_another_and_replaces_no_file_that_it_needs(
    convoi: Run, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    convoi("plan", SMALL, "-o", first, "--iterations", 20)
    convoi("plan", SMALL, "-o", second, "--iterations", 1, "--from", first)
    plans = [json.loads(path.read_text(encoding="utf-8")) for path in (first, second)]
    assert plans[1]["parent"] == plans[0]["id"]
    assert plans[1]["metrics"] == plans[0]["metrics"]
    done = convoi("plan", SMALL, "-o", first, "--iterations", 1, "--from", first, code=2)
    assert "the file to be read" in done.stderr


def test_what_is_decided_needs_a_plan_and_a_time_within_the_horizon(
    convoi: Run, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    convoi("plan", SMALL, "-o", first, "--iterations", 20)
    start = json.loads(first.read_text(encoding="utf-8"))["scenario"]["horizon"]["start"]
    words = ["plan", SMALL, "-o", second, "--iterations", 1]
    for more, message in (
        (["--decided-until", start], "name it, --from"),
        (["--keep", "C-1"], "name it, --from"),
        (["--from", first, "--decided-until", "noon"], "no time with offset"),
        (["--from", first, "--decided-until", "1999-01-01T00:00+00:00"], "outside the horizon"),
        (["--from", first, "--keep", "C-1"], "nothing of convoy C-1 to keep"),
    ):
        done = convoi(*words, *more, code=2)
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not second.exists()


def test_a_plan_that_keeps_the_past_is_proved_beside_its_parent(
    convoi: Run, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    convoi("plan", SMALL, "-o", first, "--iterations", 20)
    plan = json.loads(first.read_text(encoding="utf-8"))
    depart = plan["routes"][0]["trips"][0]["legs"][0]["arrive"]
    options = ["--from", first, "--decided-until", depart, "--iterations", 20]
    convoi("plan", SMALL, "-o", second, *options)
    assert "could not be compared" in convoi("verify", second, code=2).stdout
    assert "keeps every rule" in convoi("verify", second, "--parent", first).stdout
