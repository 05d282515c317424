"""The verifier: every rule of ``docs/reference/plan.md``, one module for each group of them."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.faults import Fault, Severity
from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.terrain.planned import raster_named
from optimizer.terrain.theatre import Theatre
from optimizer.verify import (
    limits,
    loads,
    matrices,
    past,
    paths,
    pickups,
    places,
    provenance,
    reasons,
    references,
    slack,
    supply,
    times,
    totals,
    ways,
)
from optimizer.verify.case import Case, Violation, case_of

__all__ = ["proved", "verify"]


def verify(
    plan: Plan,
    theatre: Theatre | None = None,
    scenario: Scenario | None = None,
    parent: Plan | None = None,
) -> tuple[Violation, ...]:
    """Recompute a plan and name everything in it that breaks a rule.

    Parameters
    ----------
    plan : Plan
        The plan.
    theatre : Theatre, optional
        The ground that its legs go over. Without it the paths cannot be walked, which is told by
        a remark of the code ``unproved.theatre``; a plan over matrices needs none.
    scenario : Scenario, optional
        The scenario that the plan must answer; by default the one that it embeds.
    parent : Plan, optional
        The plan that it goes on from. What a plan says was driven before it was made is compared
        with it, and without it taken as given, which is told by a remark of the code
        ``unproved.past``.

    Returns
    -------
    tuple of Violation
        Empty if and only if every rule was checked and holds. Remarks of severity ``warning``
        name what could not be checked.

    Raises
    ------
    FileError
        If a layer of the theatre cannot be read.
    """
    asked = plan.scenario if scenario is None else scenario
    broken = tuple(references.in_scenario(asked))
    if broken:
        return (*provenance.violations(plan, asked, theatre), *broken)
    return tuple(_all(case_of(plan, asked), theatre, parent))


def proved(violations: tuple[Violation, ...]) -> bool | None:
    """Tell what a list of violations says of a plan.

    Parameters
    ----------
    violations : tuple of Violation
        From `verify`.

    Returns
    -------
    bool or None
        True if the plan keeps every rule, False if it breaks one, None if none is known to be
        broken and some could not be checked.
    """
    if any(found.severity is Severity.ERROR for found in violations):
        return False
    return None if violations else True


def _all(case: Case, theatre: Theatre | None, parent: Plan | None) -> Iterator[Violation]:
    yield from provenance.violations(case.plan, case.scenario, theatre)
    yield from past.violations(case, parent)
    yield from references.in_plan(case)
    yield from ways.violations(case)
    timed = [*times.violations(case), *limits.violations(case)]
    yield from timed
    yield from places.violations(case)
    for march in case.marches:
        # Slack follows from the times: where these are wrong it says nothing of its own.
        if not any(f"{found.pointer}/".startswith(f"{march.pointer}/") for found in timed):
            yield from slack.violations(case, march)
    yield from loads.violations(case)
    yield from pickups.violations(case)
    yield from supply.violations(case)
    yield from totals.violations(case)
    yield from reasons.violations(case)
    yield from _ground(case, theatre)


def _ground(case: Case, theatre: Theatre | None) -> Iterator[Violation]:
    if case.scenario.matrices:
        yield from matrices.violations(case)
    elif theatre is None:
        stamp = case.plan.theatre
        # A plan that names no ground at all is told of by its provenance.
        if stamp is not None and case.plan.routes:
            params = {"theatre": stamp.name, "digest": stamp.digest[:12]}
            yield Fault("unproved.theatre", "/theatre", params, Severity.WARNING)
    elif raster_named(case.scenario) is not None and theatre.planned is None:
        params = {"raster": raster_named(case.scenario) or ""}
        yield Fault("unproved.raster", "/theatre/exposure_raster", params, Severity.WARNING)
    else:
        yield from paths.violations(case, theatre)
