"""Rule 20 of ``docs/reference/plan.md``: legs over matrices that the scenario brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.plan.model import Leg
from optimizer.scenario.model import MatrixTable
from optimizer.verify.case import Case, Violation, violation
from optimizer.verify.tolerances import rounded_up

__all__ = ["cell", "violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every leg that is not as the matrices say.

    Parameters
    ----------
    case : Case
        Case of a scenario with matrices.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    for march in case.marches:
        for pointer, trip in march.trips():
            for number, leg in enumerate(trip.legs):
                if case.is_past(leg.depart):
                    continue
                here = f"{pointer}/legs/{number}"
                yield from _leg(case, here, leg, march.convoy.profile.mobility)


def cell(
    case: Case, mobility: Sequence[str], origin: str, destination: str
) -> tuple[int, int, int, int] | None:
    """Return the quantities of a way, the largest of all classes.

    Parameters
    ----------
    case : Case
        Case.
    mobility : sequence of str
        Mobility classes.
    origin, destination : str
        Sites.

    Returns
    -------
    tuple of int, or None
        Seconds, metres, flat paved metres, thousandths of exposure; None where a class has no way.
    """
    rows = []
    for name in mobility:
        table = case.matrices.get(name)
        row = None if table is None else _of_class(table, origin, destination)
        if row is None:
            return None
        rows.append(row)
    time_s, distance_m, fuel_m, exposure = (max(values) for values in zip(*rows, strict=True))
    return time_s, distance_m, fuel_m, exposure


def _of_class(
    table: MatrixTable, origin: str, destination: str
) -> tuple[int, int, int, int] | None:
    if origin not in table.sites or destination not in table.sites:
        return None
    row, column = table.sites.index(origin), table.sites.index(destination)
    time_s = _entry(table.time_s, row, column)
    distance_m = _entry(table.distance_m, row, column)
    if time_s is None or distance_m is None:
        return None
    fuel_m = _entry(table.fuel_m, row, column) if table.fuel_m else distance_m
    exposure = _entry(table.exposure_milli, row, column) if table.exposure_milli else 0
    return None if fuel_m is None or exposure is None else (time_s, distance_m, fuel_m, exposure)


def _entry(table: tuple[tuple[int | None, ...], ...], row: int, column: int) -> int | None:
    if row < len(table) and column < len(table[row]):
        return table[row][column]
    return None


def _leg(case: Case, pointer: str, leg: Leg, mobility: Sequence[str]) -> Iterator[Violation]:
    way = cell(case, mobility, leg.origin, leg.destination)
    if way is None:
        yield violation("matrix.no_way", pointer, origin=leg.origin, destination=leg.destination)
        return
    travel = rounded_up(way[0] * (1 + case.scenario.time_contingency))
    for name, stated, right in (
        ("travel_s", leg.travel_s, travel),
        ("distance_m", leg.distance_m, range(way[1], way[1] + 1)),
        ("fuel_m", leg.fuel_m, range(way[2], way[2] + 1)),
        ("exposure_milli", leg.exposure_milli, range(way[3], way[3] + 1)),
    ):
        if stated not in right:
            yield violation(
                f"matrix.{name.rpartition('_')[0]}",
                f"{pointer}/{name}",
                origin=leg.origin,
                destination=leg.destination,
                stated=stated,
                expected=right.start,
            )
    if leg.path is not None:
        yield violation("matrix.path", f"{pointer}/path")
