"""What keeps a convoy from taking one unit from one site to another, with nothing else to do.

Unlike a trip with one stop, this one may have to wait on its way: for the windows of the site to
which it takes what it took aboard. Where a product may be rounded up to either of two whole numbers
the larger one is taken: what passes here is certainly possible.
"""

from __future__ import annotations

import itertools

from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Demand
from optimizer.verify.alone import span_of, way_of
from optimizer.verify.case import Case
from optimizer.verify.limits import shift_s
from optimizer.verify.tolerances import rounded_up, seconds_of

__all__ = ["limits_broken_between"]


def limits_broken_between(case: Case, convoy: Convoy, demand: Demand) -> frozenset[str] | None:
    """Name the limits that a convoy's trip with one unit breaks that stands ready at a site.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        A convoy that can carry the good and is let in.
    demand : Demand
        A demand with a pickup.

    Returns
    -------
    frozenset of str or None
        Codes of reasons: ``window``, ``shift``, ``range`` and ``fuel``; none of them if the trip is
        possible. None if one of its ways is not known.
    """
    stations = (convoy.base, demand.pickup or "", demand.site, convoy.base)
    ways = [way_of(case, convoy, a, b) for a, b in itertools.pairwise(stations)]
    known = [way for way in ways if way is not None]
    if len(known) < len(ways):
        return None
    found = set()
    lengths = _lengths(case, convoy, demand, [travel_s for travel_s, _ in known])
    if not lengths:
        found.add("window")
    elif min(lengths) > shift_s(case):
        found.add("shift")
    fuel_m = sum(length for _, length in known)
    if convoy.range_m is not None and fuel_m > convoy.range_m:
        found.add("range")
    stock = {item.good: item.quantity for item in case.bases[convoy.base].stock}
    if any(litres > stock.get(fuel, 0) for fuel, litres in convoy.fuel_l(fuel_m).items()):
        found.add("fuel")
    return frozenset(found)


def _lengths(case: Case, convoy: Convoy, demand: Demand, travel_s: list[int]) -> list[int]:
    """Return how long the trip takes for every begin that may be the best; none if it cannot be.

    The later the first handling begins the less is waited before the second; so the best begin is
    the earliest or the latest there is, or the one from which the second begins as a window opens.
    """
    first, last = span_of(case, convoy)
    out_s = seconds_of(case.bases[convoy.base].loading_min)[-1] + travel_s[0] + convoy.pass_s
    taking_s = _handling_s(case, demand, demand.pickup or "")
    over_s = taking_s + travel_s[1] + convoy.pass_s
    rest_s = _handling_s(case, demand, demand.site) + travel_s[2] + convoy.pass_s
    openings = case.windows(demand)
    lengths = []
    for opening, closing in case.pickup_windows(demand):
        earliest = max(opening, first + out_s)
        begins = {earliest, closing, *(turn - over_s for span in openings for turn in span)}
        for begin in begins:
            if not earliest <= begin <= closing:
                continue
            starts = [max(begin + over_s, o) for o, c in openings if begin + over_s <= c]
            if starts and min(starts) + rest_s <= last:
                lengths.append(min(starts) + rest_s - (begin - out_s))
    return lengths


def _handling_s(case: Case, demand: Demand, name: str) -> int:
    site = case.sites[name]
    mass_kg = case.goods[demand.good].unit_mass_kg
    part_s = rounded_up(mass_kg / site.handling_kg_per_min * 60)[-1]
    return seconds_of(site.handling_fixed_min)[-1] + part_s
