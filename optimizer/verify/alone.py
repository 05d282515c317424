"""What keeps a convoy from bringing one unit of a demand, with nothing else to do.

A trip to one site and back need never wait on its way, as it can leave later. So each limit is a
sum of its own, and a few lines say which of them such a trip breaks. Where a product may be rounded
up to either of two whole numbers the larger one is taken: what passes here is certainly possible.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Demand
from optimizer.verify.case import Case
from optimizer.verify.limits import base_windows, shift_s
from optimizer.verify.matrices import cell
from optimizer.verify.tolerances import rounded_up, seconds_of

__all__ = ["Errand", "errand_of", "is_there", "limits_broken", "span_of", "way_of"]

#: Seconds with contingency, and flat paved metres, of a way.
Way = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Errand:
    """A trip with one unit of a demand and nothing else.

    Parameters
    ----------
    first, last : int
        First and last second at which the convoy may be on its way.
    out_s : int
        From the beginning of loading to the beginning of handling.
    handling_s, home_s : int
        Handling, and from its end until the tail is at home.
    unit_s : int
        The part of handling that the unit takes.
    fuel_m : int
        Flat paved metres there and back.
    """

    first: int
    last: int
    out_s: int
    handling_s: int
    home_s: int
    unit_s: int
    fuel_m: int

    @property
    def cycle_s(self) -> int:
        """From the beginning of loading to the end."""
        return self.out_s + self.handling_s + self.home_s

    @property
    def bare_s(self) -> int:
        """The same without what the unit takes."""
        return self.cycle_s - self.unit_s


def is_there(case: Case, convoy: Convoy) -> bool:
    """Tell whether there is a time at which a convoy is available and its base open.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        Convoy.

    Returns
    -------
    bool
        Whether there is.
    """
    first, last = span_of(case, convoy)
    return first <= last


def errand_of(case: Case, convoy: Convoy, demand: Demand) -> Errand | None:
    """Sum up a convoy's trip with one unit of a demand.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        Convoy.
    demand : Demand
        Demand.

    Returns
    -------
    Errand or None
        None if no way there and back is known.
    """
    there = way_of(case, convoy, convoy.base, demand.site)
    back = way_of(case, convoy, demand.site, convoy.base)
    if there is None or back is None:
        return None
    first, last = span_of(case, convoy)
    site = case.sites[demand.site]
    mass_kg = case.goods[demand.good].unit_mass_kg
    unit_s = rounded_up(mass_kg / site.handling_kg_per_min * 60)[-1]
    loading_s = seconds_of(case.bases[convoy.base].loading_min)[-1]
    return Errand(
        first=first,
        last=last,
        out_s=loading_s + there[0] + convoy.pass_s,
        handling_s=seconds_of(site.handling_fixed_min)[-1] + unit_s,
        home_s=back[0] + convoy.pass_s,
        unit_s=unit_s,
        fuel_m=there[1] + back[1],
    )


def limits_broken(case: Case, convoy: Convoy, demand: Demand) -> frozenset[str] | None:
    """Name the limits that a convoy's trip with one unit of a demand breaks.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        A convoy that can carry the good and is let in.
    demand : Demand
        Demand.

    Returns
    -------
    frozenset of str or None
        Codes of reasons: ``window``, ``shift``, ``range``, ``stock`` and ``fuel``; none of them if
        the trip is possible. None if no way there and back is known.
    """
    errand = errand_of(case, convoy, demand)
    if errand is None:
        return None
    found = set()
    starts = [
        (max(opening, errand.first + errand.out_s), closing)
        for opening, closing in case.windows(demand)
    ]
    if not any(
        start <= closing and start + errand.handling_s + errand.home_s <= errand.last
        for start, closing in starts
    ):
        found.add("window")
    if errand.cycle_s > shift_s(case):
        found.add("shift")
    if convoy.range_m is not None and errand.fuel_m > convoy.range_m:
        found.add("range")
    stock = {item.good: item.quantity for item in case.bases[convoy.base].stock}
    if stock.get(demand.good, 0) < 1:
        found.add("stock")
    for fuel, litres in convoy.fuel_l(errand.fuel_m).items():
        if litres + (fuel == demand.good) > stock.get(fuel, 0):
            found.add("fuel")
    return frozenset(found)


def span_of(case: Case, convoy: Convoy) -> tuple[int, int]:
    """Return the first and last second at which a convoy may be on its way.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        Convoy.

    Returns
    -------
    tuple of int
        The second is before the first for a convoy that is never there.
    """
    opening = base_windows(case, convoy.base)
    first, last = convoy.available_s
    return max(0, first, opening[0][0]), min(case.horizon_s, last, opening[-1][1])


def way_of(case: Case, convoy: Convoy, origin: str, destination: str) -> Way | None:
    """Return a way that is in the matrices or, over a theatre, one that the plan takes.

    Parameters
    ----------
    case : Case
        Case.
    convoy : Convoy
        Who drives.
    origin, destination : str
        Sites.

    Returns
    -------
    tuple of int or None
        Seconds with contingency, and flat paved metres. None where it is not known, also where ways
        change by the hour: what the plan takes at one is not there at another.
    """
    if case.hours.vary:
        return None
    if case.matrices:
        known = cell(case, convoy.profile.mobility, origin, destination)
        if known is None:
            return None
        return rounded_up(known[0] * (1 + case.scenario.time_contingency))[-1], known[2]
    for march in case.marches:
        if march.convoy.profile == convoy.profile:
            for _, trip in march.trips():
                for leg in trip.legs:
                    if (leg.origin, leg.destination) == (origin, destination):
                        return leg.travel_s, leg.fuel_m
    return None
