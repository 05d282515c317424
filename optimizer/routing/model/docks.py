"""Docks: where only so many convoys are handled, or loaded, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from optimizer.routing.model.group import Group
from optimizer.scenario.model import Scenario

__all__ = ["Dock", "Hold", "binding", "places_of"]


class Dock(NamedTuple):
    """A kind of place.

    Parameters
    ----------
    loading : bool
        Whether it is for loading, at a base, and not for handling.
    site : int
        Index of the site.
    """

    loading: bool
    site: int


class Hold(NamedTuple):
    """A convoy's holding of a place.

    Parameters
    ----------
    dock : Dock
        Where.
    begin, end : int
        From when on, and when no more.
    """

    dock: Dock
    begin: int
    end: int


def places_of(scenario: Scenario, place: Mapping[str, int]) -> dict[Dock, int]:
    """Return how many places a scenario states.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    place : mapping of str to int
        Index of each site.

    Returns
    -------
    dict of Dock to int
        Where a number is stated.
    """
    handling = {
        Dock(loading=False, site=place[site.id]): site.places
        for site in scenario.sites
        if site.places is not None
    }
    loading = {
        Dock(loading=True, site=place[base.site]): base.loading_places
        for base in scenario.bases
        if base.loading_places is not None
    }
    return handling | loading


def binding(
    places: Mapping[Dock, int], groups: Iterable[Group], held: Sequence[Hold]
) -> dict[Dock, int]:
    """Return the docks that can bind, as more convoys can come than there are places.

    Parameters
    ----------
    places : mapping of Dock to int
        How many places there are.
    groups : iterable of Group
        Who there is.
    held : sequence of Hold
        What others hold.

    Returns
    -------
    dict of Dock to int
        Those of `places`.
    """
    fleet = list(groups) if places else []
    return {
        dock: count
        for dock, count in places.items()
        if count
        < sum(len(group.convoys) for group in fleet if _comes(group, dock))
        + sum(hold.dock == dock for hold in held)
    }


def _comes(group: Group, dock: Dock) -> bool:
    return group.base == dock.site if dock.loading else group.allowed[dock.site]
