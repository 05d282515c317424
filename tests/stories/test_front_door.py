"""Whatever happens, a command ends in at most one message and the right exit code."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click
import pytest

import convoi as door
from optimizer import endings, progress
from optimizer.datasets import data_path

SMALL = Path(__file__).parent / "small.yaml"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _start(*words: object, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "convoi", *map(str, words)]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE)


def test_the_list_of_commands_imports_no_room() -> None:
    code = (
        "import sys, convoi\n"
        "rooms = ('optimizer.', 'briefing', 'dashboard')\n"
        "try: convoi.main(['--help'])\n"
        "finally: print([m for m in sys.modules if m.startswith(rooms)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "['optimizer.errors', 'optimizer.endings']"


@pytest.mark.parametrize("table", [door.COMMANDS, door.SCENARIO_COMMANDS, door.TERRAIN_COMMANDS])
def test_the_list_names_commands_that_are_there(table: dict[str, tuple[str, str]]) -> None:
    for name, (home, says) in table.items():
        module, attribute = home.split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        assert command.name == name
        assert says.endswith(".")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plann", "s.yaml"], "There is no command 'plann'; did you mean 'plan'?"),
        (["scenario", "chek"], "There is no command 'chek'; did you mean 'check'?"),
        (["plan", "s.yaml"], "Missing option '-o'"),
        (["demo", "-o", str(SMALL)], "small.yaml is no folder"),
        (["plan", "s.yaml", "-o", "p.json", "--seed", "x"], "not a valid integer"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        door.main(words)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OSError(28, "No space left on device", "x.json"), 3, "x.json: No space left on device"),
        (MemoryError(), 3, "not enough memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (KeyError("D1"), 3, "unexpected KeyError"),
        (ValueError("two\nlines"), 3, "two lines"),
    ],
)
def test_an_unforeseen_failure_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    message: str,
) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(door.convoi, "get_command", fail)
    monkeypatch.setattr(endings, "_drop_output", lambda: None)
    with pytest.raises(SystemExit) as ended:
        door.main(["plan"])
    assert ended.value.code == code
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_a_closed_pipe_is_no_failure_to_talk_about() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with _start("scenario", "check", "--no-ground", SMALL, stdout=writing) as process:
        os.close(writing)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (141, b"")  # 128 + 13, as a shell counts SIGPIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        process = _start("scenario", "check", "--no-ground", SMALL, stdout=full.fileno())
        _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert said == b"convoi: No space left on device\n"


@pytest.mark.parametrize(
    ("number", "code", "left"), [(signal.SIGINT, 0, ["plan.json"]), (signal.SIGTERM, 143, [])]
)
def test_a_plan_that_is_stopped_stands_whole_or_not_at_all(
    tmp_path: Path, number: signal.Signals, code: int, left: list[str]
) -> None:
    # Ctrl-C accepts the best plan so far; a request to end (128 + 15) leaves nothing.
    usual = signal.getsignal(signal.SIGINT)

    def stop_once_it_plans() -> None:
        while signal.getsignal(signal.SIGINT) is usual:
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    threading.Thread(target=stop_once_it_plans, daemon=True).start()
    words = ["plan", str(SMALL), "-o", str(tmp_path / "plan.json"), "--time-limit", "60"]
    with pytest.raises(SystemExit) as ended:
        door.main(words)
    assert ended.value.code == code
    assert signal.getsignal(signal.SIGINT) is usual
    assert sorted(p.name for p in tmp_path.iterdir()) == left
    if left:
        plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
        assert plan["provenance"]["stopped_by"] == "asked"


def test_a_terminal_without_accents_still_gets_its_answer() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "convoi", "scenario", "check", "--lang", "fr", SMALL],
        capture_output=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"avertissement" in done.stdout


def test_the_scenario_is_not_overwritten_by_its_plan(convoi: Run, tmp_path: Path) -> None:
    given = tmp_path / "small.json"
    given.write_text("{}", encoding="utf-8")
    done = convoi("plan", given, "-o", given, code=2)
    assert "the file to be read" in done.stderr
    assert given.read_text(encoding="utf-8") == "{}"


def test_the_demonstration_goes_on_after_each_step(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A command that ends the process on success would end the demonstration with it.
    monkeypatch.setattr(
        "optimizer.datasets.data_path",
        lambda *parts: SMALL if parts[0] == "scenarios" else data_path(*parts),
    )
    with pytest.raises(SystemExit) as ended:
        door.main(["demo", "--no-serve", "--iterations", "5", "-o", str(tmp_path / "demo")])
    assert ended.value.code == 0
    assert {p.name for p in (tmp_path / "demo").iterdir()} == {
        "plan.json",
        "plan.geojson",
        "ordre-de-mouvement.pdf",
        "movement-order.pdf",
        "fiches-de-convoi.pdf",
        "convoy-cards.pdf",
        "note-de-synthese.pdf",
        "decision-note.pdf",
    }
    assert "documents are in" in capsys.readouterr().out


def test_bars_inside_each_other_share_one_display(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two displays would write over each other, as the plan's bar and that of the ground once did.
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress.display() as outer, progress.progress("inside") as advance:
        assert outer is not None
        advance(1)
        with progress.display() as inner:
            assert inner is outer
        assert [task.description for task in outer.tasks] == ["inside"]
    with progress.display() as later:
        assert later is not outer
