"""What a made scenario is to be like."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Wish"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a made scenario is to be like.

    Parameters
    ----------
    sites, vehicles : int
        How many, besides the bases.
    seed : int
        Seed of all chance.
    tightness : float
        What is demanded over what the fleet can carry, see `optimizer.generate.tightness`.
    bases : int or None
        How many; by default one, or two from 25 sites on.
    horizon_h : float
        Length of the horizon.
    off_road_share : float
        Share of the sites that stand beside the roads.
    """

    sites: int
    vehicles: int
    seed: int
    tightness: float = 0.7
    bases: int | None = None
    horizon_h: float = 18.0
    off_road_share: float = 0.15

    @property
    def number_of_bases(self) -> int:
        """How many bases there are to be."""
        many = 25
        return self.bases if self.bases is not None else (2 if self.sites >= many else 1)
