"""An instance in whole numbers, as every search is given it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing.instance import Instance, Vehicle

__all__ = ["Stated", "stated"]

#: Where fewer vehicles come first, what a vehicle costs a solver that knows one sum alone, in
#: ways to the farthest place: more than emptying any route can cost the others in practice.
_FARTHEST = 10


@dataclass(frozen=True)
class Stated:
    """An instance in parts of its convention, nothing less than what is judged.

    Parameters
    ----------
    instance : Instance
        Where it comes from.
    useful : tuple of int
        Vehicles that a best solution can need.
    ways : ndarray of int64, shape (places, places)
        Distances and, as in all these families, times.
    ready, due, service, release, prize : list of int
        By place.
    horizon : int
        No route takes longer; what is not limited is due then.
    per_vehicle : int
        What a vehicle costs beside its own fixed cost, where fewer come first.
    """

    instance: Instance
    useful: tuple[int, ...]
    ways: NDArray[np.int64]
    ready: list[int]
    due: list[int]
    service: list[int]
    release: list[int]
    prize: list[int]
    horizon: int
    per_vehicle: int

    def fixed(self, vehicle: Vehicle) -> int:
        """Return what it costs to use a vehicle."""
        return self.one(vehicle.fixed) + self.per_vehicle

    def duration_max(self, vehicle: Vehicle) -> int:
        """Return how long a route of a vehicle may take."""
        limit = vehicle.duration_max
        return self.one(limit) if math.isfinite(limit) else self.horizon

    def one(self, value: float) -> int:
        """Return one value of the file in parts."""
        return int(self.instance.family.convention.searched(np.float64(value)))


def stated(instance: Instance) -> Stated:
    """State an instance in whole numbers.

    Parameters
    ----------
    instance : Instance
        Instance.

    Returns
    -------
    Stated
        Whatever keeps its rules keeps those of the instance.
    """
    convention, places = instance.family.convention, instance.places

    def whole(values: list[float]) -> list[int]:
        return [int(value) for value in convention.searched(np.array(values))]

    ways = convention.searched(instance.straight())
    service = whole([p.service for p in places])
    service[: instance.depots] = [0] * instance.depots
    ready, release = whole([p.ready for p in places]), whole([p.release for p in places])
    finite = whole([p.due if math.isfinite(p.due) else 0 for p in places])
    busy = int(ways.max()) * 2 * len(places) + sum(service)
    horizon = (
        max(finite)
        if all(map(math.isfinite, (p.due for p in places)))
        else (max(*ready, *release) + busy)
    )
    return Stated(
        instance=instance,
        useful=instance.useful(),
        ways=ways,
        ready=ready,
        due=[
            due if math.isfinite(place.due) else horizon
            for due, place in zip(finite, places, strict=True)
        ],
        service=service,
        release=release,
        prize=whole([p.prize for p in places]),
        horizon=horizon,
        per_vehicle=_FARTHEST * int(ways.max()) if instance.family.vehicles_first else 0,
    )
