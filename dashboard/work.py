"""The work of a person: a scenario as edited, the edits for undo, and the plans made of it.

A work is a folder of files, each written whole or not at all, so that nothing is lost when a page
is loaded again or the server ends:

    works/brigade-1/scenario.json   the scenario as it was opened
    works/brigade-1/work.json       title, edits, what was undone, and a line for each plan
    works/brigade-1/plans/1.json    plans that are complete
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from dashboard.edits import Edit, edited
from optimizer.errors import FileError, OutsideError, UsageError
from optimizer.files import read_text, write_text
from optimizer.plan.model import Plan
from optimizer.plan.read import dump_plan, load_plan
from optimizer.scenario.model import Id, Scenario, Time
from optimizer.scenario.read import load_scenario
from optimizer.scenario.write import dump_scenario

__all__ = ["PlanEntry", "State", "Work", "Works", "remember"]

State = Literal["queued", "running", "done", "cancelled", "failed"]
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_STEM = 50  # leaves room for a number within the 64 letters of an id


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanEntry(_Frozen):
    """A plan of a work: where it comes from, and whether it stands in a file of the work yet.

    ``edits`` tells how many edits the scenario had when it was asked for; ``objectives`` and the
    rest are in the plan itself.
    """

    number: int
    job: str | None = None
    created: Time
    state: State = "done"
    edits: int = 0
    saved: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state not in {"queued", "running"}


class Work(_Frozen):
    """A scenario that a person works on.

    ``undone`` holds edits that can be done again, the last undone first.
    """

    format: Literal["convoi/work/1"] = "convoi/work/1"
    id: Id
    title: str
    created: Time
    changed: Time
    edits: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()
    plans: tuple[PlanEntry, ...] = ()

    @property
    def last(self) -> PlanEntry | None:
        """The plan that was asked for last."""
        return self.plans[-1] if self.plans else None

    def entry(self, number: int) -> PlanEntry | None:
        """Return a plan's line.

        Parameters
        ----------
        number : int
            Number of the plan in this work.

        Returns
        -------
        PlanEntry or None
            None if there is no such plan.
        """
        return next((entry for entry in self.plans if entry.number == number), None)

    def with_edit(self, edit: Edit) -> Work:
        """Return the work after one more edit; what was undone before is forgotten.

        Parameters
        ----------
        edit : Edit
            The edit.

        Returns
        -------
        Work
            The work after it.
        """
        return self.model_copy(update={"edits": (*self.edits, edit), "undone": ()})

    def undo(self) -> Work:
        """Return the work without its last edit.

        Returns
        -------
        Work
            The same work where there is nothing to undo.
        """
        if not self.edits:
            return self
        update = {"edits": self.edits[:-1], "undone": (self.edits[-1], *self.undone)}
        return self.model_copy(update=update)

    def redo(self) -> Work:
        """Return the work with the edit that was undone last.

        Returns
        -------
        Work
            The same work where nothing was undone.
        """
        if not self.undone:
            return self
        update = {"edits": (*self.edits, self.undone[0]), "undone": self.undone[1:]}
        return self.model_copy(update=update)

    def with_plan(self, entry: PlanEntry) -> Work:
        """Return the work with a plan's line added or renewed.

        Parameters
        ----------
        entry : PlanEntry
            The line; one with its number is replaced.

        Returns
        -------
        Work
            The work.
        """
        kept = [entry if old.number == entry.number else old for old in self.plans]
        known = self.entry(entry.number) is not None
        return self.model_copy(update={"plans": tuple(kept if known else [*kept, entry])})


def _now() -> datetime:
    return datetime.now(UTC)


class Works:
    """The works in a folder. Safe to be used by several threads of one process.

    Parameters
    ----------
    folder : Path
        Folder of the dashboard's state; made with mode 0700 if it is missing.
    now : callable, optional
        Tells the time.

    Raises
    ------
    OutsideError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime] = _now) -> None:
        self._root = folder / "works"
        self._now = now
        self._lock = threading.RLock()
        self._scenarios: dict[str, Scenario] = {}
        _make(self._root)

    def create(self, scenario: Scenario, plan: Plan | None = None) -> Work:
        """Begin a work.

        Parameters
        ----------
        scenario : Scenario
            The scenario.
        plan : Plan, optional
            A complete plan of it that is there already.

        Returns
        -------
        Work
            The work, saved.
        """
        with self._lock:
            name = self._free(scenario.id)
            at = self._now()
            work = Work(id=name, title=scenario.title or scenario.id, created=at, changed=at)
            _make(self._root / name / "plans")
            dump_scenario(scenario, self._root / name / "scenario.json")
            if plan is not None:
                entry = PlanEntry(number=1, created=plan.provenance.created, saved=True)
                dump_plan(plan, self.plan_file(name, 1))
                work = work.with_plan(entry)
            self._write(work)
        return work

    def get(self, name: str) -> Work:
        """Read a work.

        Parameters
        ----------
        name : str
            Its id.

        Returns
        -------
        Work
            The work.

        Raises
        ------
        FileError
            If there is none of that name, or its file is damaged.
        """
        path = self._folder(name) / "work.json"
        if not path.is_file():
            raise FileError(f"there is no work {name!r} here; choose one of the list, or begin one")
        try:
            return Work.model_validate_json(read_text(path))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise FileError(f"{path} is not a work of this version: {first['msg']}") from error

    def all(self) -> tuple[Work, ...]:
        """Return all works that can be read, the one changed last first.

        Returns
        -------
        tuple of Work
            Works.
        """
        found = []
        for path in self._root.glob("*/work.json"):
            with contextlib.suppress(FileError):
                found.append(self.get(path.parent.name))
        return tuple(sorted(found, key=lambda work: (work.changed, work.id), reverse=True))

    @contextlib.contextmanager
    def changing(self, name: str) -> Iterator[list[Work]]:
        """Read a work, let the caller put another in its place, and save that.

        Parameters
        ----------
        name : str
            Its id.

        Yields
        ------
        list of Work
            One work; what it holds at the end is saved, if it is another one.
        """
        with self._lock:
            before = self.get(name)
            box = [before]
            yield box
            if box[0] != before:
                box[0] = box[0].model_copy(update={"changed": self._now()})
                self._write(box[0])

    def opened(self, name: str) -> Scenario:
        """Return the scenario of a work as it was opened, without edits.

        Parameters
        ----------
        name : str
            Id of the work.

        Returns
        -------
        Scenario
            The scenario.
        """
        with self._lock:
            if name not in self._scenarios:
                self._scenarios[name] = load_scenario(self._folder(name) / "scenario.json")
            return self._scenarios[name]

    def scenario(self, work: Work) -> Scenario:
        """Return the scenario of a work with its edits.

        Parameters
        ----------
        work : Work
            The work.

        Returns
        -------
        Scenario
            The scenario as it is now.
        """
        return edited(self.opened(work.id), work.edits)

    def save_plan(self, name: str, number: int, plan: Plan) -> None:
        """Keep a complete plan in the work's own files.

        Parameters
        ----------
        name : str
            Id of the work.
        number : int
            Number of the plan.
        plan : Plan
            The plan.
        """
        dump_plan(plan, self.plan_file(name, number))

    def read_plan(self, name: str, number: int) -> Plan:
        """Read a plan that was kept.

        Parameters
        ----------
        name : str
            Id of the work.
        number : int
            Number of the plan.

        Returns
        -------
        Plan
            The plan.
        """
        return load_plan(self.plan_file(name, number))

    def plan_file(self, name: str, number: int) -> Path:
        """Return where a plan of a work is kept.

        Parameters
        ----------
        name : str
            Id of the work.
        number : int
            Number of the plan.

        Returns
        -------
        Path
            A file, which need not be there yet.
        """
        return self._folder(name) / "plans" / f"{number}.json"

    def _folder(self, name: str) -> Path:
        # The name comes from an address: nothing but an id becomes a path.
        if not _ID.fullmatch(name) or set(name) == {"."}:
            raise FileError(f"{name!r} is no name of a work")
        return self._root / name

    def _free(self, stem: str) -> str:
        number = 1
        while (self._root / f"{stem[:_STEM]}-{number}").exists():
            number += 1
        return f"{stem[:_STEM]}-{number}"

    def _write(self, work: Work) -> None:
        text = json.dumps(work.model_dump(mode="json"), ensure_ascii=False, indent=1)
        write_text(self._root / work.id / "work.json", text + "\n")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{folder} is no folder; name a folder for what people work on") from error
    except OSError as error:
        raise OutsideError(f"{folder} cannot be made: {error.strerror or error}") from error


def remember(folder: Path, plan: Plan) -> str:
    """Make a plan that was made elsewhere the last work.

    Parameters
    ----------
    folder : Path
        Folder of the dashboard's state.
    plan : Plan
        A complete plan.

    Returns
    -------
    str
        Id of the work; the dashboard shows it under ``/work/<id>``. A work that ends with this very
        plan is not begun twice.
    """
    works = Works(folder)
    for work in works.all():
        entry = work.last
        if entry is not None and entry.saved and not work.edits:
            with contextlib.suppress(FileError):
                if works.read_plan(work.id, entry.number) == plan:
                    return work.id
    return works.create(plan.scenario, plan).id
