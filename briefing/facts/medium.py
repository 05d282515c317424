"""What a convoy moves in, and which areas concern it there."""

from __future__ import annotations

from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import AreaKind
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import medium_of, mobility_classes

__all__ = ["concerns", "medium"]


def medium(profile: Profile) -> Medium:
    """Return what a convoy moves in.

    Parameters
    ----------
    profile : Profile
        Its profile.

    Returns
    -------
    Medium
        The ground, where a class is known to the scenario's own tables alone.
    """
    if not mobility_classes().keys() >= set(profile.mobility):
        return Medium.GROUND
    return medium_of(profile.mobility) or Medium.GROUND


def concerns(kind: AreaKind, moves_in: Medium) -> bool:
    """Tell whether an area of a kind concerns what moves in a medium.

    Parameters
    ----------
    kind : AreaKind
        What the area does.
    moves_in : Medium
        The medium.

    Returns
    -------
    bool
        Whether it closes it, slows it or exposes it.
    """
    if kind is AreaKind.EXPOSURE:
        return True
    return (kind is AreaKind.NO_FLY) == (moves_in is Medium.AIR)
