"""Convoys that cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.routing.model.spans import Span
from optimizer.routing.model.ways import Timetable, Ways
from optimizer.scenario.convoys import Convoy

__all__ = ["Group", "Hold"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A compartment of a group's convoys.

    Parameters
    ----------
    vehicle : int
        Place of its vehicle in the order of march.
    id, kind : str
        Of the compartment.
    capacity : tuple of int
        In steps, by load dimension.
    """

    vehicle: int
    id: str
    kind: str
    capacity: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Convoys that cannot be told apart.

    Parameters
    ----------
    convoys : tuple of Convoy
        In the order of the scenario.
    base : int
        Index of the base's site.
    loading_s, pass_s : int
        Loading a trip; from head to tail.
    span : Span
        When its routes may begin and end: availability, horizon and window of the base.
    range_m : int or None
        Flat paved metres a trip.
    trips_max : int
        Trips that one of its convoys may make.
    holds : tuple of Hold
        Compartments in order of march.
    timetable : Timetable
        When it can leave from site to site, and what that takes.
    ways : Ways
        The usual ways of its profile: all that there are, where nothing changes with the hour.
    allowed : tuple of bool
        Whether ``reached_by`` lets it go to a site.
    burns : bool
        Whether its fuel counts; not where somebody asks what it changes.
    moves : bool
        Whether its vehicles move in any case, as a part of what they do is decided.
    """

    convoys: tuple[Convoy, ...]
    base: int
    loading_s: int
    pass_s: int
    span: Span
    range_m: int | None
    trips_max: int
    holds: tuple[Hold, ...]
    timetable: Timetable
    ways: Ways
    allowed: tuple[bool, ...]
    burns: bool = True
    moves: bool = False

    @property
    def vehicles(self) -> int:
        """How many vehicles more move if one of its convoys does."""
        return 0 if self.moves else len(self.convoys[0].vehicles)

    def fuel_l(self, fuel_m: int) -> Mapping[str, int]:
        """Return the litres by fuel that one of its convoys draws for a way.

        Parameters
        ----------
        fuel_m : int
            Flat paved metres.

        Returns
        -------
        mapping of str to int
            Litres by good.
        """
        return self.convoys[0].fuel_l(fuel_m) if self.burns else {}
