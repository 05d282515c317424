"""Where works are kept: files, each written whole or not at all.

Nothing is lost when a page is loaded again or the server ends:

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

from pydantic import ValidationError

from dashboard.edits import edited
from dashboard.work import PlanEntry, Work
from optimizer.errors import FileError, OutsideError, UsageError
from optimizer.files import read_text, write_text
from optimizer.plan.model import Plan
from optimizer.plan.read import dump_plan, load_plan
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario
from optimizer.scenario.write import dump_scenario

__all__ = ["Works", "remember"]

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_STEM = 50  # leaves room for a number within the 64 letters of an id


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
