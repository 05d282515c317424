"""A standard instance, as read: in units of its file, nothing rounded."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing.convention import FAMILIES, Family

__all__ = ["Instance", "Place", "Route", "Vehicle"]


@dataclass(frozen=True)
class Place:
    """A depot or a customer.

    Parameters
    ----------
    x, y : float
        Position.
    demand : int
        What is brought; of a pickup, what is taken aboard; of its delivery, the same below zero.
    ready, due : float
        When service may begin; of a depot, when vehicles may leave and must be back.
    service : float
        How long it takes.
    release : float
        When what is brought is at the depot.
    prize : float
        What it costs not to come; 0 where one has to.
    """

    x: float
    y: float
    demand: int = 0
    ready: float = 0
    due: float = math.inf
    service: float = 0
    release: float = 0
    prize: float = 0


@dataclass(frozen=True)
class Vehicle:
    """A vehicle.

    Parameters
    ----------
    depot : int
        Where it begins and ends.
    capacity : int
        Capacity.
    fixed : float
        What it costs to use it.
    per_distance : int
        What a unit of distance costs.
    duration_max : float
        From start to end, waiting included.
    allowed : frozenset of int or None
        Customers that it may serve; None for all.
    reloads : tuple of int
        Depots where it may load again.
    """

    depot: int
    capacity: int
    fixed: float = 0
    per_distance: int = 1
    duration_max: float = math.inf
    allowed: frozenset[int] | None = None
    reloads: tuple[int, ...] = ()


@dataclass(frozen=True)
class Route:
    """What a vehicle does.

    Parameters
    ----------
    vehicle : int
        Index.
    trips : tuple of tuple of int
        Indices of customers; between two trips it loads at its first reload depot.
    """

    vehicle: int
    trips: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Instance:
    """An instance.

    Parameters
    ----------
    name : str
        Name.
    kind : str
        Key of `FAMILIES`.
    places : tuple of Place
        Depots first.
    depots : int
        How many of them are depots.
    vehicles : tuple of Vehicle
        The fleet.
    pairs : tuple of (int, int)
        Pickups with their deliveries.
    """

    name: str
    kind: str
    places: tuple[Place, ...]
    depots: int
    vehicles: tuple[Vehicle, ...]
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def family(self) -> Family:
        """What its solutions are judged by."""
        return FAMILIES[self.kind]

    @property
    def customers(self) -> range:
        """Indices of the customers."""
        return range(self.depots, len(self.places))

    @property
    def timed(self) -> bool:
        """Whether the clock binds anything."""
        return any(math.isfinite(place.due) for place in self.places) or any(
            math.isfinite(vehicle.duration_max) for vehicle in self.vehicles
        )

    def straight(self) -> NDArray[np.float64]:
        """Return the straight distances between all places, in units of the file."""
        points = np.array([(place.x, place.y) for place in self.places])
        apart = points[:, None, :] - points[None, :, :]
        return np.sqrt((apart**2).sum(axis=2))

    def useful(self) -> tuple[int, ...]:
        """Return the vehicles that a best solution can need.

        Where no clock binds, two routes of vehicles that are alike can be joined as long as both
        loads fit into one, which costs no more; so of each kind twice as many as the whole demand
        would fill are enough. Instances with an unlimited fleet name one a customer or more.
        """
        if self.timed or self.pairs:
            return tuple(range(len(self.vehicles)))
        demand = sum(place.demand for place in self.places)
        left: dict[Vehicle, int] = {}
        kept = []
        for index, vehicle in enumerate(self.vehicles):
            left.setdefault(vehicle, 2 * -(-demand // vehicle.capacity))
            if left[vehicle]:
                left[vehicle] -= 1
                kept.append(index)
        return tuple(kept)
