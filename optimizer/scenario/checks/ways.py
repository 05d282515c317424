"""Where the ways come from: a theatre, or matrices of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error, warning
from optimizer.scenario.model import MatrixTable
from optimizer.scenario.places import pointer

__all__ = ["matrices", "one_source", "positions"]

_TABLES = ("time_s", "distance_m", "fuel_m", "exposure_milli")


def one_source(stated: Stated) -> Iterator[Fault]:
    """Check that the scenario has a theatre or matrices, and not both.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        If it has neither or both; warnings for what matrices cannot take into account.
    """
    scenario = stated.scenario
    if scenario.theatre is None and not scenario.matrices:
        yield error("scenario.no_ground", "")
    if scenario.theatre is not None and scenario.matrices:
        yield error("scenario.two_grounds", pointer("matrices"))
    if scenario.theatre is None and scenario.matrices:
        for section in ("areas", "changes", "weather"):
            if section in scenario.model_fields_set and getattr(scenario, section):
                yield warning("scenario.matrices_ignore", pointer(section), key=section)
        if scenario.rules.exposure is not None:
            place = pointer("rules", "exposure")
            yield warning("scenario.matrices_ignore", place, key="rules.exposure")


def positions(stated: Stated) -> Iterator[Fault]:
    """Check that each site has a position where the ways lead over a theatre.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each site without one.
    """
    if stated.scenario.theatre is None:
        return
    for i, site in enumerate(stated.scenario.sites):
        if site.position is None:
            yield error("scenario.no_position", pointer("sites", i), site=site.id)


def matrices(stated: Stated) -> Iterator[Fault]:
    """Check the matrices: square, complete, one for each class of the fleet.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each table of the wrong size, and whatever is missing.
    """
    scenario = stated.scenario
    if not scenario.matrices:
        return
    needed = {base.site for base in scenario.bases} | {d.site for d in scenario.demands}
    needed |= {d.pickup for d in scenario.demands if d.pickup is not None}
    for i, matrix in enumerate(scenario.matrices):
        place = pointer("matrices", i)
        missing = sorted(needed.difference(matrix.sites) & stated.sites.keys())
        if missing:
            yield error("scenario.matrix_sites", f"{place}/sites", missing=", ".join(missing))
        for j, name in enumerate(matrix.sites):
            if name in matrix.sites[:j]:
                yield error("scenario.matrix_site_twice", f"{place}/sites/{j}", site=name)
        yield from _tables(matrix, place)
    given = {matrix.mobility for matrix in scenario.matrices}
    for kind in stated.used_types:
        if kind.mobility not in given:
            place = pointer("vehicle_types", scenario.vehicle_types.index(kind), "mobility")
            yield error("scenario.matrix_class", place, mobility=kind.mobility)


def _tables(matrix: MatrixTable, place: str) -> Iterator[Fault]:
    size = len(matrix.sites)
    sound = True
    for name in _TABLES:
        table = getattr(matrix, name)
        if table is None:
            continue
        if len(table) != size:
            sound = False
            yield error("scenario.matrix_rows", f"{place}/{name}", rows=len(table), sites=size)
        for r, row in enumerate(table):
            if len(row) != size:
                sound = False
                here = f"{place}/{name}/{r}"
                yield error("scenario.matrix_columns", here, columns=len(row), sites=size)
    if sound:
        yield from _cells(matrix, place)


def _cells(matrix: MatrixTable, place: str) -> Iterator[Fault]:
    for name in _TABLES:
        table: Sequence[Sequence[int | None]] | None = getattr(matrix, name)
        for r, row in enumerate(table or ()):
            for c, cell in enumerate(row):
                here = f"{place}/{name}/{r}/{c}"
                if r == c and cell != 0:
                    yield error("scenario.matrix_diagonal", here, site=matrix.sites[r])
                elif (cell is None) != (matrix.time_s[r][c] is None):
                    yield error("scenario.matrix_null", here, table=name)
