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
