"""The state folder belongs to one person and one server."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from optimizer.errors import OutsideError, UsageError
from optimizer.jobs import Jobs, store
from optimizer.jobs.state import default_folder
from optimizer.jobs.store import New, Store


def test_nobody_else_may_look_inside(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "state"
    Jobs(folder).close()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    Jobs(folder).close()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_two_servers_on_one_folder_are_refused(tmp_path: Path) -> None:
    first = Jobs(tmp_path)
    with pytest.raises(OutsideError, match=rf"process {os.getpid()}.*--state"):
        Jobs(tmp_path)
    first.close()
    Jobs(tmp_path).close()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="is no folder"):
        Jobs(tmp_path / "file")


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite3").write_text("no database" * 100, encoding="utf-8")
    with pytest.raises(OutsideError, match=r"jobs\.sqlite3 cannot be used"):
        Jobs(tmp_path)
    # And the folder is let go again.
    (tmp_path / "jobs.sqlite3").unlink()
    Jobs(tmp_path).close()


def test_the_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "jobs.sqlite3")
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(OutsideError, match="another version"):
        Jobs(tmp_path)


def test_state_lies_where_the_desktop_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert default_folder() == Path("/somewhere/convoi")
    # "All paths must be absolute; a relative one is to be ignored", says the specification.
    monkeypatch.setenv("XDG_STATE_HOME", "somewhere")
    monkeypatch.setenv("HOME", "/home/someone")
    assert default_folder() == Path("/home/someone/.local/state/convoi")


def test_what_ended_long_ago_is_forgotten_with_its_events(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite3")
    for name in ("old", "waiting"):
        store.add(New(name, None, "digest", "title", '{"iterations": 1}', b""))
    store.end("old", "cancelled")
    store.forget(days=0)
    # What has not ended is kept however old it is.
    assert [job.id for job in store.jobs(10)] == ["waiting"]
    assert store._base.execute("SELECT count(*) FROM event").fetchone()[0] == 1
    store.close()


def test_a_database_of_the_version_before_is_gone_on_with(tmp_path: Path) -> None:
    """Its jobs stay, and new ones may go on from a plan."""
    old = sqlite3.connect(tmp_path / "jobs.sqlite3")
    tables = store._TABLES.replace("    parent BLOB,\n", "")
    assert "parent" not in tables
    old.executescript(f"BEGIN;{tables}PRAGMA user_version = 1;COMMIT;")
    old.close()
    opened = store.Store(tmp_path / "jobs.sqlite3")
    opened.add(
        store.New("J-1", None, "content", "title", "{}", scenario=b"scenario", parent=b"parent")
    )
    claimed = opened.claim()
    assert claimed is not None
    assert claimed.parent == b"parent"
    opened.close()
    # Opened again it is of this version.
    store.Store(tmp_path / "jobs.sqlite3").close()
