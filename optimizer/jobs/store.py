"""The database of jobs: what it says is true, whatever happens to workers and servers."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from optimizer.errors import ConflictError, NotFoundError, OutsideError
from optimizer.faults import Fault
from optimizer.jobs.model import ENDED, Event, EventKind, Job, Problem, Stage, State
from optimizer.jobs.records import best_of, fault_record, faults_of, options_of

__all__ = ["Asked", "Claimed", "Found", "New", "Store"]

#: What is asked of a job that is not over.
Asked = Literal["accept", "cancel"]

_VERSION = 2
#: Jobs that ended so many days ago are forgotten when the folder is opened.
KEEP_DAYS = 30

_TABLES = """
CREATE TABLE job (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    key TEXT UNIQUE,
    content TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    asked TEXT,
    created TEXT NOT NULL,
    started TEXT,
    ended TEXT,
    heartbeat TEXT,
    title TEXT NOT NULL,
    options TEXT NOT NULL,
    scenario BLOB NOT NULL,
    parent BLOB,
    score TEXT,
    plan BLOB,
    plan_number INTEGER NOT NULL DEFAULT 0,
    problem TEXT
);
CREATE INDEX job_waiting ON job (priority DESC, number) WHERE state = 'queued';
CREATE TABLE event (
    job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;
"""
#: What makes a database of an earlier version one of this.
_UPGRADES = {1: "ALTER TABLE job ADD COLUMN parent BLOB;"}
_SHOWN = (
    "number, id, state, stage, attempt, created, started, ended, title, options, plan_number,"
    " problem"
)


@dataclass(frozen=True, slots=True)
class New:
    """A job to be taken on."""

    id: str
    key: str | None
    content: str
    title: str
    options: str
    scenario: bytes
    parent: bytes | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that a worker is to begin."""

    id: str
    attempt: int
    asked: Asked | None
    options: str
    scenario: bytes
    parent: bytes | None


@dataclass(frozen=True, slots=True)
class Found:
    """A solution that a worker found: what is told of it, and how it is judged."""

    data: Mapping[str, Any]
    score: tuple[int, ...]


class Store:
    """The database; may be used from any thread.

    Parameters
    ----------
    path : Path
        Its file.

    Raises
    ------
    OutsideError
        If it cannot be opened, or was written by another version.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._base.row_factory = sqlite3.Row
            self._prepare(path)
        except sqlite3.Error as error:
            raise OutsideError(f"the database {path} cannot be used: {error}") from error

    def _prepare(self, path: Path) -> None:
        version = self._base.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, *_UPGRADES, _VERSION}:
            raise OutsideError(
                f"{path} was written by another version of Convoi; name another state folder"
            )
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA foreign_keys = ON")
        self._base.execute("PRAGMA synchronous = NORMAL")
        if version != _VERSION:
            script = _UPGRADES.get(version, _TABLES)
            self._base.executescript(f"BEGIN;{script}PRAGMA user_version = {_VERSION};COMMIT;")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._base.close()

    @contextlib.contextmanager
    def _writing(self, *, safe: bool = False) -> Iterator[sqlite3.Connection]:
        """Write as a whole; `safe` against a power failure as well, not only a killed process."""
        with self._lock, _told():
            if safe:
                self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                # Where the disk is full the database has done so itself.
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
            finally:
                if safe:
                    self._base.execute("PRAGMA synchronous = NORMAL")

    def add(self, new: New) -> str:
        """Take a job on.

        Parameters
        ----------
        new : New
            The job.

        Returns
        -------
        str
            Its id, or that of the job with the same key and content.

        Raises
        ------
        ConflictError
            If the key was used with other content.
        """
        with self._writing(safe=True) as base:
            if new.key is not None:
                row = base.execute(
                    "SELECT id, content FROM job WHERE key = ?", (new.key,)
                ).fetchone()
                if row is not None and row["content"] != new.content:
                    raise ConflictError(
                        f"the key {new.key!r} was used for another scenario or other options"
                        f" (job {row['id']}); use a new key for a new job"
                    )
                if row is not None:
                    return str(row["id"])
            base.execute(
                "INSERT INTO job (state, stage, id, key, content, created, title, options,"
                " scenario, parent, priority)"
                " VALUES ('queued', 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(new.id, new.key, new.content, _now(), new.title, new.options),
                    *(new.scenario, new.parent, new.priority),
                ),
            )
            self._tell(new.id, "queued")
        return new.id

    def claim(self) -> Claimed | None:
        """Begin the next job.

        Returns
        -------
        Claimed or None
            None if none waits.
        """
        with self._writing() as base:
            row = base.execute(
                "UPDATE job SET state = 'running', stage = 'ways', attempt = attempt + 1,"
                " started = ?, heartbeat = ? WHERE number = (SELECT number FROM job WHERE"
                " state = 'queued' ORDER BY priority DESC, number LIMIT 1)"
                " RETURNING id, attempt, asked, options, scenario, parent",
                (_now(), _now()),
            ).fetchone()
            if row is None:
                return None
            self._tell(row["id"], "started", {"attempt": row["attempt"]})
            return Claimed(**dict(row))

    def stage(self, id: str, stage: Stage) -> None:  # noqa: A002 - the noun of the field
        """Store the stage of a job.

        Parameters
        ----------
        id : str
            Job.
        stage : str
            Stage.
        """
        with self._writing() as base:
            base.execute("UPDATE job SET stage = ? WHERE id = ?", (stage, id))
            self._tell(id, "stage", {"stage": stage})

    def heartbeat(self, id: str) -> None:  # noqa: A002
        """Store that the worker of a job lives.

        Parameters
        ----------
        id : str
            Job.
        """
        with self._writing() as base:
            base.execute("UPDATE job SET heartbeat = ? WHERE id = ?", (_now(), id))

    def better(self, id: str, found: Sequence[Found], plan: bytes) -> None:  # noqa: A002
        """Store solutions that were found, and the plan of the last of them.

        Those that are not better than what an earlier try found are left out.

        Parameters
        ----------
        id : str
            Job.
        found : sequence of Found
            Solutions, each better than the one before.
        plan : bytes
            The packed plan of the last one.
        """
        with self._writing() as base:
            if self._add(id, found):
                base.execute(
                    "UPDATE job SET plan = ?, plan_number = plan_number + 1 WHERE id = ?",
                    (plan, id),
                )

    def _add(self, id: str, found: Sequence[Found]) -> bool:  # noqa: A002
        row = self._base.execute("SELECT score FROM job WHERE id = ?", (id,)).fetchone()
        best = tuple(json.loads(row["score"])) if row["score"] else None
        news = [one for one in found if best is None or one.score < best]
        for one in news:
            self._tell(id, "incumbent", one.data)
        if news:
            score = json.dumps(news[-1].score)
            self._base.execute("UPDATE job SET score = ? WHERE id = ?", (score, id))
        return bool(news)

    def done(self, id: str, found: Sequence[Found], plan: bytes) -> None:  # noqa: A002
        """Store the answer.

        Parameters
        ----------
        id : str
            Job.
        found : sequence of Found
            Solutions that were not stored yet.
        plan : bytes
            The packed plan.
        """
        with self._writing(safe=True) as base:
            self._add(id, found)
            base.execute(
                "UPDATE job SET plan = ?, plan_number = plan_number + 1 WHERE id = ?", (plan, id)
            )
            self._end(id, "done")

    def end(self, id: str, state: State, faults: Sequence[Fault] = ()) -> None:  # noqa: A002
        """End a job without an answer.

        Parameters
        ----------
        id : str
            Job.
        state : {"cancelled", "failed"}
            How it ends.
        faults : sequence of Fault
            Why, if it failed.
        """
        with self._writing(safe=True):
            self._end(id, state, [fault_record(fault) for fault in faults])

    def _end(self, id: str, state: State, faults: Sequence[Mapping[str, Any]] = ()) -> None:  # noqa: A002
        self._base.execute(
            "UPDATE job SET state = ?, stage = CASE ? WHEN 'done' THEN 'done' ELSE stage END,"
            " ended = ?, problem = ? WHERE id = ?",
            (state, state, _now(), json.dumps(faults) if faults else None, id),
        )
        kind: EventKind = "done" if state == "done" else "failed" if faults else "cancelled"
        self._tell(id, kind)

    def requeue(self, id: str, *, counts: bool = True) -> None:  # noqa: A002
        """Let a running job begin again; what it found stays.

        Parameters
        ----------
        id : str
            Job.
        counts : bool
            Whether the try counts: not where Convoi itself ended it.
        """
        with self._writing() as base:
            base.execute(
                "UPDATE job SET state = 'queued', stage = 'queued', heartbeat = NULL,"
                " attempt = attempt - ? WHERE id = ?",
                (0 if counts else 1, id),
            )
            self._tell(id, "retried")

    def ask(self, id: str, asked: Asked) -> State:  # noqa: A002
        """Store what is asked of a job; one that waits and is cancelled ends at once.

        Parameters
        ----------
        id : str
            Job.
        asked : {"accept", "cancel"}
            What is asked.

        Returns
        -------
        str
            Its state then.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        with self._writing(safe=True) as base:
            state: State = self._row(id, "state")["state"]
            if state in ENDED:
                return state
            # What is cancelled stays so, whatever is asked after.
            base.execute(
                "UPDATE job SET asked = ? WHERE id = ? AND asked IS NOT 'cancel'", (asked, id)
            )
            if state == "queued" and asked == "cancel":
                self._end(id, "cancelled")
                return "cancelled"
            return state

    def recover(self, tries: int, lost: Fault) -> None:
        """Take up what a killed server left: running jobs wait again, none is lost.

        Parameters
        ----------
        tries : int
            A job that was begun so often fails.
        lost : Fault
            Why it does.
        """
        with self._lock:
            rows = self._base.execute(
                "SELECT id, attempt, asked FROM job WHERE state = 'running' ORDER BY number"
            ).fetchall()
        for row in rows:
            if row["asked"] == "cancel":
                self.end(row["id"], "cancelled")
            elif row["attempt"] >= tries:
                self.end(row["id"], "failed", [lost])
            else:
                self.requeue(row["id"])

    def forget(self, days: float = KEEP_DAYS) -> None:
        """Forget the jobs that ended long ago.

        Parameters
        ----------
        days : float
            So many days.
        """
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        with self._writing() as base:
            base.execute("DELETE FROM job WHERE ended < ?", (before,))

    def job(self, id: str) -> Job:  # noqa: A002
        """Return a job.

        Parameters
        ----------
        id : str
            Its id.

        Returns
        -------
        Job
            As it is stored; its progress is not.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._lock:
            return self._jobs([self._row(id, _SHOWN)])[0]

    def jobs(self, limit: int) -> tuple[Job, ...]:
        """Return the latest jobs, the newest first.

        Parameters
        ----------
        limit : int
            At most so many.

        Returns
        -------
        tuple of Job
            Jobs.
        """
        with self._lock:
            rows = self._base.execute(
                f"SELECT {_SHOWN} FROM job ORDER BY number DESC LIMIT ?",  # noqa: S608 - constant
                (limit,),
            ).fetchall()
            return self._jobs(rows)

    def counts(self) -> dict[str, int]:
        """Return how many jobs there are in each state.

        Returns
        -------
        dict
            Numbers by state.
        """
        with self._lock:
            rows = self._base.execute("SELECT state, count(*) FROM job GROUP BY state").fetchall()
        return {str(state): int(count) for state, count in rows}

    def plan(self, id: str) -> tuple[int, bytes] | None:  # noqa: A002
        """Return the packed plan of a job and its number.

        Parameters
        ----------
        id : str
            Job.

        Returns
        -------
        tuple of int and bytes, or None
            None if there is none yet.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        with self._lock:
            row = self._row(id, "plan_number, plan")
        return None if row["plan"] is None else (row["plan_number"], row["plan"])

    def scenario(self, id: str) -> bytes:  # noqa: A002
        """Return the packed scenario of a job.

        Parameters
        ----------
        id : str
            Job.

        Returns
        -------
        bytes
            What `records.unpack` takes.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        with self._lock:
            return bytes(self._row(id, "scenario")["scenario"])

    def events(self, id: str, after: int) -> tuple[Event, ...]:  # noqa: A002
        """Return what happened to a job.

        Parameters
        ----------
        id : str
            Job.
        after : int
            Number of the last event that is known.

        Returns
        -------
        tuple of Event
            Later ones, in order.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        with self._lock:
            number = self._row(id, "number")["number"]
            rows = self._base.execute(
                "SELECT number, at, kind, data FROM event WHERE job = ? AND number > ?"
                " ORDER BY number",
                (number, after),
            ).fetchall()
        return tuple(
            Event(row["number"], _time(row["at"]), row["kind"], json.loads(row["data"]))
            for row in rows
        )

    def _row(self, id: str, columns: str) -> sqlite3.Row:  # noqa: A002
        row: sqlite3.Row | None = self._base.execute(
            f"SELECT {columns} FROM job WHERE id = ?",  # noqa: S608 - the columns are constants
            (id,),
        ).fetchone()
        if row is None:
            raise NotFoundError(f"there is no job {id[:80]!r}")
        return row

    def _tell(self, id: str, kind: EventKind, data: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        self._base.execute(
            "INSERT INTO event (job, number, at, kind, data) SELECT job.number,"
            " (SELECT coalesce(max(event.number), 0) + 1 FROM event WHERE event.job = job.number),"
            " ?, ?, ? FROM job WHERE id = ?",
            (_now(), kind, json.dumps(data or {}), id),
        )

    def _jobs(self, rows: Sequence[sqlite3.Row]) -> tuple[Job, ...]:
        numbers = [row["number"] for row in rows]
        marks = ",".join("?" * len(numbers))
        bests: dict[int, list[Any]] = {number: [] for number in numbers}
        # Question marks are all that is put in.
        among = f"job IN ({marks}) ORDER BY job, number"
        asked = f"SELECT job, data FROM event WHERE kind = 'incumbent' AND {among}"  # noqa: S608
        for number, data in self._base.execute(asked, numbers):
            bests[number].append(best_of(json.loads(data)))
        return tuple(
            Job(
                id=row["id"],
                state=row["state"],
                stage=row["stage"],
                progress=1.0 if row["state"] == "done" else None,
                created=_time(row["created"]),
                started=_time(row["started"]) if row["started"] else None,
                ended=_time(row["ended"]) if row["ended"] else None,
                incumbents=tuple(bests[row["number"]]),
                problem=Problem(faults_of(json.loads(row["problem"]))) if row["problem"] else None,
                title=row["title"],
                options=options_of(row["options"]),
                plan_number=row["plan_number"],
                attempt=row["attempt"],
            )
            for row in rows
        )


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Tell what is wrong outside, such as a full disk, as that."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutsideError(f"the database of jobs cannot be written: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
