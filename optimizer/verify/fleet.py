"""How much of a demand the whole fleet could bring if it did nothing else, in all its trips.

Each convoy goes to and fro with full loads for as long as its shift, its availability, the windows
and the number of its trips let it; base by base no more than the stock. Where a product may be
rounded up to either of two whole numbers the larger one is taken, so that a claim is not called
false for a second. What fuel the bases have is left out.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Compartment, Demand, Good
from optimizer.verify.alone import Errand, errand_of
from optimizer.verify.case import Case
from optimizer.verify.limits import shift_s
from optimizer.verify.tolerances import PRODUCT

__all__ = ["most_ever"]


def most_ever(case: Case, demand: Demand, convoys: list[Convoy]) -> int:
    """Return how much of a demand some convoys could bring with nothing else to do.

    Parameters
    ----------
    case : Case
        Case.
    demand : Demand
        Demand.
    convoys : list of Convoy
        Convoys that can each bring one unit, as far as is known.

    Returns
    -------
    int
        Units; convoys whose ways are not known bring nothing.
    """
    brought: Counter[str] = Counter()
    for convoy in convoys:
        errand = errand_of(case, convoy, demand)
        if errand is not None:
            brought[convoy.base] += _brought(case, convoy, demand, errand)
    return sum(
        min(units, sum(s.quantity for s in case.bases[base].stock if s.good == demand.good))
        for base, units in brought.items()
    )


def _brought(case: Case, convoy: Convoy, demand: Demand, errand: Errand) -> int:
    good = case.goods[demand.good]
    load = sum(_units(part, good) for _, part in convoy.compartments)
    # A convoy waits at its base for the first window.
    opening = min((o for o, close in case.windows(demand) if errand.first + errand.out_s <= close))
    first = max(errand.first, opening - errand.out_s)
    most = 0
    for trips in range(1, case.scenario.rules.trips_max + 1):
        if not any(
            _fits(case, demand, errand, b, trips) for b in _begins(case, demand, errand, trips)
        ):
            break
        # The time that is left for handing over.
        left_s = min(shift_s(case), errand.last - first) - trips * errand.bare_s
        handed = left_s / 60 * case.sites[demand.site].handling_kg_per_min / good.unit_mass_kg
        most = max(most, min(trips * load, max(1, math.floor(handed * (1 - PRODUCT)))))
    return most


def _begins(case: Case, demand: Demand, errand: Errand, trips: int) -> set[int]:
    """Return when so many trips may have to begin so that they take the least time.

    At once, or so that nobody waits before one of the stops, which begins just as a window opens or
    closes.
    """
    turns = {turn for window in case.windows(demand) for turn in window}
    begins = {
        turn - errand.out_s - before * errand.cycle_s for turn in turns for before in range(trips)
    }
    return {errand.first} | {begin for begin in begins if begin >= errand.first}


def _fits(case: Case, demand: Demand, errand: Errand, begin: int, trips: int) -> bool:
    """Tell whether trips with one unit each end in time, each as early as can be."""
    ready = begin
    for _ in range(trips):
        arrive = ready + errand.out_s
        starts = [max(arrive, opening) for opening, c in case.windows(demand) if arrive <= c]
        if not starts:
            return False
        ready = min(starts) + errand.cycle_s - errand.out_s
    return ready <= min(errand.last, begin + shift_s(case))


def _units(part: Compartment, good: Good) -> int:
    """Return how many units fit into a compartment, from the figures as they were written."""
    if part.kind != good.compartment:
        return 0
    limits = [
        (part.capacity_kg, Fraction(str(good.unit_mass_kg))),
        (part.capacity_l, Fraction(str(good.unit_volume_l))),
        (part.pallets, 1 / Fraction(str(good.units_per_pallet)) if good.units_per_pallet else 0),
    ]
    return min(
        math.floor(Fraction(str(limit)) / amount)
        for limit, amount in limits
        if limit is not None and amount
    )
