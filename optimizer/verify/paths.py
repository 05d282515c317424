"""Rule 19 of ``docs/reference/plan.md``: the path of every leg over its theatre."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.faults import Fault, Severity
from optimizer.terrain.theatre import Theatre
from optimizer.verify.case import Case, Violation

__all__ = ["violations"]


def violations(case: Case, theatre: Theatre) -> Iterator[Violation]:
    """Yield what is wrong with the paths.

    Parameters
    ----------
    case : Case
        Case.
    theatre : Theatre
        Ground of the plan.

    Yields
    ------
    Violation
        Until paths are walked, the remark that they are not proved.
    """
    if case.plan.routes:
        params = {"theatre": theatre.manifest.name}
        yield Fault("unproved.theatre", "/theatre", params, Severity.WARNING)
