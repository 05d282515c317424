"""What is told of one run: a solution judged from the instance alone, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.routing.convention import DIMACS
from benchmarks.routing.evaluate import InfeasibleError, evaluate
from benchmarks.routing.instance import Instance, Route
from benchmarks.routing.known import Known

__all__ = ["Line", "judged", "row"]


@dataclass(frozen=True)
class Line:
    """One run of a solver on an instance.

    Parameters
    ----------
    name, family, solver : str
        What was run.
    seed : int
        Seed.
    time_limit : float
        Wall time that was given, in seconds.
    outcome : str
        ``"solved"``, ``"refused"`` (the solution breaks a rule), ``"cannot"`` (the solver cannot
        state the instance) or ``"failed"``.
    reason : str
        Why, unless it was solved.
    cost, vehicles : float and int or None
        As judged, in units of the file.
    seconds, cpu_s : float or None
        On the clock from the instance in memory to the answer; of all processes, with loading.
    known, known_vehicles : float and int or None
        Best known value.
    gap : float or None
        Of the cost above the best known, in per cent. Where fewer vehicles come first there is
        none unless there are as many.
    cost_dimacs : float or None
        Where ways are not rounded, the same routes in tenths that are cut off.
    load : float
        Load of the machine when the run began.
    run : str
        What tells it from every other run: file, limit, machine and versions.
    """

    name: str
    family: str
    solver: str
    seed: int
    time_limit: float
    outcome: str
    reason: str = ""
    cost: float | None = None
    vehicles: int | None = None
    seconds: float | None = None
    cpu_s: float | None = None
    known: float | None = None
    known_vehicles: int | None = None
    gap: float | None = None
    cost_dimacs: float | None = None
    load: float = 0
    run: str = ""


def judged(
    instance: Instance, known: Known | None, routes: Sequence[Route], head: dict[str, Any]
) -> Line:
    """Judge a solution.

    Parameters
    ----------
    instance : Instance
        Instance as read.
    known : Known or None
        What is known of it.
    routes : sequence of Route
        Its solution.
    head : dict
        What the line tells of the run.

    Returns
    -------
    Line
        Solved or refused.
    """
    try:
        found = evaluate(instance, routes)
    except InfeasibleError as error:
        return Line(**head, outcome="refused", reason=str(error))
    family = instance.family
    gap = None
    if known and not (family.vehicles_first and found.vehicles != known.vehicles):
        gap = round(100 * (found.cost / known.cost - 1), 3)
    tenths = None
    if family.convention.rounding == "none":
        tenths = round(evaluate(instance, routes, DIMACS).cost, 1)
    return Line(
        **head,
        outcome="solved",
        cost=round(found.cost, 3),
        vehicles=found.vehicles,
        gap=gap,
        cost_dimacs=tenths,
    )


def row(line: dict[str, Any]) -> str:
    """Return a line as people read it.

    Parameters
    ----------
    line : dict
        Fields of a `Line`.

    Returns
    -------
    str
        A row of a table.
    """
    head = f"{line['name']:<16} {line['solver']:<15} {line['seed']:>3}"
    if line["outcome"] != "solved":
        return f"{head}  {line['outcome']}: {line['reason']}"
    gap = "" if line["gap"] is None else f"{line['gap']:.2f} %"
    known = line["known"]
    beside = "" if known is None else f"  best known {line['known_vehicles']} {known:g}"
    found = f"{line['vehicles']:>4} {line['cost']:>12g} {line['seconds']:>7.1f} s {gap:>9}"
    return f"{head} {found}{beside}"
