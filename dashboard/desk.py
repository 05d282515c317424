"""What the pages ask: works and their plans, with what is expensive kept at hand.

The one place where the page's state meets jobs, files and the verifier; no component is known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.facts.model import FactTable
from dashboard.edits import Edit
from dashboard.sheet import Sheet, Shown, Verdict
from dashboard.sheets import Sheets
from dashboard.work import PlanEntry, State, Work
from dashboard.works import Works
from optimizer.errors import ConvoiError, FaultsError
from optimizer.faults import Fault
from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import parse
from optimizer.scenario.write import scenario_digest

if TYPE_CHECKING:
    from optimizer.jobs import Job, Jobs
    from optimizer.routing.options import SolveOptions

__all__ = ["Desk"]

_NONE_YET = -1


class Desk:
    """Works, their plans, and the jobs that make them.

    Parameters
    ----------
    jobs : Jobs
        Runs solves.
    folder : Path
        Folder of the dashboard's state.
    now : callable, optional
        Tells the time.
    """

    def __init__(
        self, jobs: Jobs, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.jobs = jobs
        self.works = Works(folder, now)
        self.now = now
        # One at a time each, since each takes a core; and none waits for the other kind.
        self.verifying = ThreadPoolExecutor(max_workers=1, thread_name_prefix="verify")
        self.exporting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self.sheets = Sheets(self.works, jobs, self.verifying)

    def sheet(self, shown: Shown) -> Sheet | None:
        """Return the plan that a page shows.

        Parameters
        ----------
        shown : Shown
            Which plan.

        Returns
        -------
        Sheet or None
            None before there is one.
        """
        return (
            None if shown.plan is None else self.sheets.plan(shown.work, shown.plan, shown.version)
        )

    def told(self, shown: Shown) -> FactTable | None:
        """Return the facts of the documents of the plan that a page shows.

        Parameters
        ----------
        shown : Shown
            Which plan, and which it is compared with.

        Returns
        -------
        FactTable or None
            None without a plan; of a plan that is still being improved, only what is quick.
        """
        sheet = self.sheet(shown)
        if sheet is None or shown.version:
            return None if sheet is None else sheet.facts
        before = None if shown.before is None else self.sheets.plan(shown.work, shown.before)
        if before is None:
            return sheet.told()
        return sheet.told(shown.before, before.plan)

    def scenario(self, work: str) -> Scenario:
        """Return the scenario of a work as it is now.

        Parameters
        ----------
        work : str
            Id of the work.

        Returns
        -------
        Scenario
            With every edit.
        """
        return self.works.scenario(self.works.get(work))

    def newest(self, work: str, stamp: int = 0) -> Shown:
        """Return what a page shows of a work that was just opened.

        Parameters
        ----------
        work : str
            Id of the work.
        stamp : int
            Stamp of what was shown until now.

        Returns
        -------
        Shown
            The newest plan that can be read, beside the one before it. Until a new one has a best
            so far, that is the plan before: nobody loses what was on screen.
        """
        self.follow(work)
        plans = self.works.get(work).plans
        there = [e for e in plans if e.saved or e.state in {"queued", "running"}]
        if not there:
            return Shown(work, stamp=stamp + 1)
        version = self._version(there[-1])
        saved = [e for e in there if e.saved]
        searching = version == _NONE_YET and bool(saved)
        if searching:
            there, version = saved, 0
        before = there[-2].number if len(there) > 1 else None
        return Shown(work, there[-1].number, version, before, stamp + 1, searching)

    def _version(self, entry: PlanEntry) -> int:
        if entry.saved or entry.job is None:
            return 0
        return self.jobs.job(entry.job).plan_number or _NONE_YET

    def edit(self, work: str, edit: Edit) -> tuple[Fault, ...]:
        """Make an edit, unless it gives the scenario a fault.

        Parameters
        ----------
        work : str
            Id of the work.
        edit : Edit
            The edit.

        Returns
        -------
        tuple of Fault
            Why the edit was not made; empty if it was.
        """
        return self.edit_as(work, lambda _: edit) or ()

    def edit_as(
        self, work: str, decide: Callable[[Scenario], Edit | None]
    ) -> tuple[Fault, ...] | None:
        """Make an edit decided on the scenario as it is now; nobody else edits meanwhile.

        Parameters
        ----------
        work : str
            Id of the work.
        decide : callable
            Takes the scenario as it is now; returns the edit, or None where there is none to make.
            What it names anew nobody else can name the same.

        Returns
        -------
        tuple of Fault or None
            Why the edit was not made; empty if it was; None where there was none to make.
        """
        with self.works.changing(work) as box:
            edit = decide(self.works.scenario(box[0]))
            if edit is None:
                return None
            after = box[0].with_edit(edit)
            scenario, faults = parse(self.works.scenario(after).document())
            if scenario is None:
                return faults
            box[0] = after
        return ()

    def undo(self, work: str) -> None:
        """Take back the last edit.

        Parameters
        ----------
        work : str
            Id of the work.
        """
        with self.works.changing(work) as box:
            box[0] = box[0].undo()

    def redo(self, work: str) -> None:
        """Make the edit again that was taken back last.

        Parameters
        ----------
        work : str
            Id of the work.
        """
        with self.works.changing(work) as box:
            box[0] = box[0].redo()

    def submit(self, work: str, options: SolveOptions) -> Shown:
        """Ask for a plan of a work's scenario as it is now.

        Parameters
        ----------
        work : str
            Id of the work.
        options : SolveOptions
            Budget and seed.

        Returns
        -------
        Shown
            What the page shows from now on.

        Raises
        ------
        FaultsError
            If the scenario has faults.
        """
        with self.works.changing(work) as box:
            now = box[0]
            scenario, faults = parse(self.works.scenario(now).document())
            if scenario is None:
                raise FaultsError(faults)
            number = now.last.number + 1 if now.last is not None else 1
            # Where the work could not be written after its job was taken on, asking again ends in
            # the same job, and asking for something else in another one. A work of the same name,
            # begun anew after this one was deleted, is another one.
            key = f"{work}/{number}/{now.created:%Y%m%dT%H%M%S.%f}/{_digest(scenario, options)}"
            # Somebody looks at the page and waits: before what programs ask for by the thousand.
            job = self.jobs.submit(scenario, options, key=key, priority=1)
            entry = PlanEntry(
                number=number,
                job=job.id,
                created=self.now(),
                state="queued",
                edits=len(now.edits),
            )
            box[0] = now.with_plan(entry)
        return self.newest(work)

    def follow(self, work: str) -> Job | None:
        """Return how the job of the last plan stands; every plan that is complete is kept.

        Parameters
        ----------
        work : str
            Id of the work.

        Returns
        -------
        Job or None
            None if the last plan comes from no job.
        """
        plans = self.works.get(work).plans
        job = None
        for entry in plans:
            # A plan may be asked for while another is being made; both are wanted.
            job = self._followed(work, entry) if entry is plans[-1] or not entry.over else None
        return job

    def _followed(self, work: str, entry: PlanEntry) -> Job | None:
        if entry.job is None:
            return None
        try:
            job = self.jobs.job(entry.job)
        except ConvoiError:
            # Another store of jobs than the one that took it: it will not come any more.
            self._settle(work, entry.number, "failed", lambda: None)
            return None
        if job.state != entry.state:
            self._settle(work, entry.number, job.state, lambda: self.jobs.plan(job.id))
        return job

    def _settle(
        self, work: str, number: int, state: State, plan: Callable[[], Plan | None]
    ) -> None:
        """Keep how a plan stands, and the plan itself once it is complete."""
        with self.works.changing(work) as box:
            entry = box[0].entry(number)
            # Another page may have looked later than this one, and been quicker.
            if entry is None or entry.over:
                return
            after = entry.model_copy(update={"state": state})
            complete = plan() if after.over else None
            if complete is not None:
                self.works.save_plan(work, number, complete)
                after = after.model_copy(update={"saved": True})
            box[0] = box[0].with_plan(after)

    def verdict(self, shown: Shown) -> Verdict | None:
        """Return what the verifier says of the plan that is shown; it is asked once a plan.

        Parameters
        ----------
        shown : Shown
            Which plan.

        Returns
        -------
        Verdict or None
            ``"checking"`` while it works; None without a plan.
        """
        sheet = self.sheet(shown)
        return None if sheet is None else self.sheets.verdict(sheet)

    def open_text(self, name: str, text: str) -> Work:
        """Begin a work with a file that a person chose.

        Parameters
        ----------
        name : str
            Name of the file, which tells YAML from JSON.
        text : str
            Its content.

        Returns
        -------
        Work
            The new work; a plan's file brings its scenario and the plan.

        Raises
        ------
        ConvoiError
            If it is neither a scenario nor a plan, or has faults.
        """
        from dashboard.opening import opened  # noqa: PLC0415 - only when a file is opened

        scenario, plan = opened(name, text)
        return self.works.create(scenario, plan)


def _digest(scenario: Scenario, options: SolveOptions) -> str:
    return hashlib.sha256(f"{scenario_digest(scenario)} {options}".encode()).hexdigest()[:16]
