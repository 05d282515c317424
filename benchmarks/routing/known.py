"""Best known values, of a solution beside the instance or of a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import vrplib

from benchmarks.routing.evaluate import evaluate
from benchmarks.routing.instance import Instance, Route
from optimizer.errors import FormatError

__all__ = ["Known", "known_of", "solution_of"]

#: Values of solutions are stated in units of the file, in hundredths of them, or in parts.
_HUNDREDTHS = 100
TABLE = "best_known.json"


@dataclass(frozen=True)
class Known:
    """A best known value.

    Parameters
    ----------
    cost : float
        In units of the file.
    vehicles : int
        Vehicles that it takes.
    """

    cost: float
    vehicles: int


def known_of(instance: Instance, path: Path) -> Known | None:
    """Return the best known value of an instance.

    Parameters
    ----------
    instance : Instance
        Instance.
    path : Path
        Its file. The solution ``NAME.sol`` lies beside it, or the table ``best_known.json`` above
        its folder, by folder and name.

    Returns
    -------
    Known or None
        None where nothing is known.

    Raises
    ------
    FormatError
        If the solution is not worth what it states.
    """
    beside = path.with_suffix(".sol")
    if beside.exists():
        routes, stated = solution_of(instance, beside)
        found = evaluate(instance, routes)
        factors = (1, 1 / _HUNDREDTHS, instance.family.convention.parts)
        # Stated with two decimals, so that the last is off by half at most.
        if not any(abs(found.cost * factor - stated) <= 0.005001 for factor in factors):  # noqa: PLR2004
            raise FormatError(f"{beside}: states {stated:g}, but is worth {found.cost:g}")
        return Known(found.cost, found.vehicles)
    table = path.parent.parent / TABLE
    if table.exists():
        known = json.loads(table.read_text(encoding="utf-8"))
        one = known.get(path.parent.name, {}).get(path.stem)
        if one:
            return Known(float(one["best_known_cost"]), int(one["solved_with_vehicles"]))
    return None


def solution_of(instance: Instance, path: Path) -> tuple[list[Route], float]:
    """Read a solution.

    Parameters
    ----------
    instance : Instance
        Its instance.
    path : Path
        File in VRPLIB's format: a line a vehicle, in the order of the fleet.

    Returns
    -------
    tuple of list of Route and float
        Routes, and the cost that is stated.
    """
    told = vrplib.read_solution(path)
    routes = []
    for vehicle, visits in enumerate(told["routes"]):
        trips: list[list[int]] = [[]]
        for at in visits:
            if at < instance.depots:
                trips.append([])
            else:
                trips[-1].append(at)
        routes.append(Route(vehicle, tuple(tuple(trip) for trip in trips)))
    return routes, float(told["cost"])
