"""Files are written whole or not at all, and as open to others as whoever writes them wants."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimizer.errors import OutsideError
from optimizer.files import write_bytes, write_text


@pytest.fixture
def umask() -> Iterator[int]:
    """Let the group read what is made, and others not."""
    wanted = 0o027
    before = os.umask(wanted)
    yield wanted
    os.umask(before)


def test_a_file_is_as_open_as_the_umask_says_which_is_never_touched(
    tmp_path: Path, umask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To ask for it is to change it, for every thread of a server.
    monkeypatch.setattr(os, "umask", None)
    write_bytes(tmp_path / "plan.json", b"{}")
    monkeypatch.undo()
    assert stat.S_IMODE((tmp_path / "plan.json").stat().st_mode) == 0o666 & ~umask


def test_what_cannot_be_written_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"before")

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(source), str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutsideError, match="No space left"):
        write_bytes(path, b"after")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("plan.json", b"before")]


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Renamed first, a power cut could leave the new name on nothing.
    path, seen = tmp_path / "work.json", []
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr("os.fsync", lambda _: seen.append(path.read_text(encoding="utf-8")))
    write_text(path, "new")
    assert (seen, path.read_text(encoding="utf-8")) == (["old"], "new")
