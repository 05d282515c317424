"""Makes a scenario on a theatre, with a declared tightness."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optimizer.errors import UsageError
from optimizer.generate.document import draft
from optimizer.generate.fleet import TYPES
from optimizer.generate.scale import scaled
from optimizer.generate.siting import choose
from optimizer.generate.spots import Spots
from optimizer.generate.wish import Wish
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Theatre

__all__ = ["generate_scenario"]

#: A hundred times what the fleet can carry is beyond anything that a planner could learn from.
_TIGHTEST = 100
#: A longer horizon is taken for a mistake by the checks of a scenario: 31 days.
_LONGEST_H = 744


def generate_scenario(theatre: Theatre, wish: Wish) -> Scenario:
    """Make a scenario.

    Parameters
    ----------
    theatre : Theatre
        Where it takes place.
    wish : Wish
        What it is to be like.

    Returns
    -------
    Scenario
        A scenario without faults; the same for the same theatre and wish.

    Raises
    ------
    UsageError
        If the theatre has not enough room, or there are fewer vehicles than bases.
    """
    _refuse(wish)
    rng = np.random.default_rng(wish.seed)
    spots = Spots(theatre, on_road="medium_truck", off_road="light_4x4")
    siting = choose(
        theatre,
        spots,
        bases=wish.number_of_bases,
        sites=wish.sites,
        off_road=round(wish.off_road_share * wish.sites),
        rng=rng,
        profile_bases=_profile(TYPES),
        profile_sites=_profile(["truck_6t"]),
    )
    return scaled(draft(theatre, wish, siting, rng), wish.tightness)


def _refuse(wish: Wish) -> None:
    if wish.sites < 1 or wish.vehicles < 1 or wish.number_of_bases < 1:
        raise UsageError("a scenario has at least one site, one vehicle and one base")
    if wish.vehicles < wish.number_of_bases:
        raise UsageError(f"{wish.number_of_bases} bases need as many vehicles; name more vehicles")
    if not 0 <= wish.seed < 2**31:
        raise UsageError(f"seed {wish.seed}: it must lie from 0 to 2147483647")
    # Written so that "not a number" is refused as well.
    if not 0 < wish.tightness <= _TIGHTEST:
        raise UsageError(
            f"a tightness of {wish.tightness:g}: it must be above 0 and at most {_TIGHTEST:g}"
        )
    if not 1 <= wish.horizon_h <= _LONGEST_H:
        raise UsageError(
            f"a horizon of {wish.horizon_h:g} h: it must be from 1 to {_LONGEST_H:g} hours"
        )
    if not 0 <= wish.off_road_share <= 1:
        raise UsageError("the share of sites off the road lies between 0 and 1")


def _profile(names: Iterable[str]) -> Profile:
    """Return what all of some types together need of a road."""
    kinds = [TYPES[name] for name in names]
    return Profile(
        mobility=tuple(sorted({kind.mobility for kind in kinds})),
        load_class=max(kind.load_class or 0 for kind in kinds),
        gross_weight_t=max(kind.gross_weight_t or 0 for kind in kinds),
        height_m=max(kind.height_m or 0 for kind in kinds),
        width_m=max(kind.width_m or 0 for kind in kinds),
    )
