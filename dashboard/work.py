"""The work of a person: a scenario as edited, the edits for undo, and the plans made of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from dashboard.edits import Edit
from optimizer.scenario.model import Id, Time

__all__ = ["PlanEntry", "State", "Work"]

State = Literal["queued", "running", "done", "cancelled", "failed"]


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
