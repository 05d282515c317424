"""Whether the reasons for what is undelivered are of a known kind, and those proved hold.

What can be checked exactly with a few lines is checked: compartments, the size of one unit, stocks,
who may go to a site, what the fleet brings in all its trips, and over matrices also whether anybody
can go, and in time, on one filling and within a shift. Over a theatre that much is known of the
ways that the plan itself takes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from optimizer.plan.model import Reason, ReasonKind
from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Compartment, Demand, Good
from optimizer.verify.alone import is_there, limits_broken
from optimizer.verify.between import limits_broken_between
from optimizer.verify.case import Case, Violation, violation
from optimizer.verify.fleet import most_ever
from optimizer.verify.matrices import cell
from optimizer.verify.tolerances import PRODUCT

__all__ = ["violations"]

#: Codes of ``docs/reference/plan.md`` by kind.
_PROVED = frozenset(
    {
        "capacity",
        "compartment",
        "fuel",
        "not_allowed",
        "range",
        "shift",
        "stock",
        "unit_too_large",
        "unreachable",
        "window",
    }
)
_OBSERVED = frozenset({"apart", "capacity", "dock", "fuel", "range", "shift", "stock", "window"})
_CODES = {
    ReasonKind.PROVED: _PROVED,
    ReasonKind.OBSERVED: _OBSERVED,
    ReasonKind.TIME_RAN_OUT: frozenset({"time_ran_out"}),
}


def violations(case: Case) -> Iterator[Violation]:
    """Yield every reason that cannot be, or does not hold.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    for number, missing in enumerate(case.plan.undelivered):
        demand = case.demands.get(missing.demand)
        for index, reason in enumerate(missing.reasons):
            here = f"/undelivered/{number}/reasons/{index}"
            if reason.code not in _CODES[reason.kind]:
                yield violation("reason.unknown", here, kind=reason.kind, code=reason.code)
                continue
            if reason.kind is ReasonKind.OBSERVED and (reason.seed is None or not reason.budget):
                yield violation("reason.unstated", here, code=reason.code)
            if (
                demand is not None
                and reason.kind is ReasonKind.PROVED
                and _disproved(case, demand, reason)
            ):
                yield violation("reason.disproved", here, code=reason.code, demand=demand.id)


def _disproved(case: Case, demand: Demand, reason: Reason) -> bool:
    good = case.goods[demand.good]
    if reason.code == "capacity":
        return _fleet_suffices(case, demand, reason)
    if reason.code in {"compartment", "unit_too_large"}:
        holders = _holders(case, good)
        return bool(holders) == (reason.code == "compartment") or any(
            _holds_one(compartment, good) for compartment in holders
        )
    if reason.code == "stock":
        # What stands ready at a site is in no stock.
        return demand.pickup is not None or (
            _stock_suffices(case, demand) and _could_be_brought(case, demand, reason)
        )
    if reason.code == "not_allowed":
        return all(case.sites[site].reached_by is None for site in _ends(demand)) or any(
            _can_carry(convoy, good) and _can_serve(case, convoy, demand)
            for convoy in _allowed(case, demand)
        )
    if reason.code == "unreachable":
        return any(
            is_there(case, convoy) and _can_carry(convoy, good) and _can_serve(case, convoy, demand)
            for convoy in case.convoys.values()
        )
    return _could_be_brought(case, demand, reason)


def _could_be_brought(case: Case, demand: Demand, reason: Reason) -> bool:
    """Tell whether a convoy surely can bring one unit, or none is kept from it by this limit.

    Several limits may be named, each for the convoys that it holds back. Over a theatre the limits
    of convoys that never go to the site are not known.
    """
    good = case.goods[demand.good]
    able = [convoy for convoy in _allowed(case, demand) if _can_carry(convoy, good)]
    limits = limits_broken if demand.pickup is None else limits_broken_between
    broken = [limits(case, convoy, demand) for convoy in able]
    known = [names for names in broken if names is not None]
    if not all(known):
        return True
    never_there = reason.code == "window" and any(
        _can_carry(convoy, good) and not is_there(case, convoy) for convoy in case.convoys.values()
    )
    return bool(case.matrices) and not (never_there or any(reason.code in names for names in known))


def _fleet_suffices(case: Case, demand: Demand, reason: Reason) -> bool:
    """Tell whether the fleet could bring all of a demand, or more than a reason says.

    The fleet can bring at least what the plan brings. Over a theatre the ways of convoys that never
    go to the site are not known, and they count for nothing. Of what stands ready at a site a
    convoy may bring several loads in one trip; of that it is known what the plan brings alone.
    """
    good = case.goods[demand.good]
    able = [
        convoy
        for convoy in _allowed(case, demand)
        if demand.pickup is None
        and _can_carry(convoy, good)
        and limits_broken(case, convoy, demand) == frozenset()
    ]
    brought = sum(
        drop.quantity
        for march in case.marches
        for _, trip in march.trips()
        for stop in trip.stops
        for drop in stop.drops
        if drop.demand == demand.id
    )
    most = max(brought, most_ever(case, demand, able))
    stated = reason.params.get("most", most)
    return not isinstance(stated, int) or not most <= stated < demand.quantity


def _holders(case: Case, good: Good) -> list[Compartment]:
    return [
        compartment
        for convoy in case.convoys.values()
        for _, compartment in convoy.compartments
        if compartment.kind == good.compartment
    ]


def _can_carry(convoy: Convoy, good: Good) -> bool:
    return any(
        compartment.kind == good.compartment and _holds_one(compartment, good)
        for _, compartment in convoy.compartments
    )


def _holds_one(compartment: Compartment, good: Good) -> bool:
    pallets = 1 / good.units_per_pallet if good.units_per_pallet else 0.0
    return all(
        limit is None or amount <= limit * (1 + PRODUCT)
        for amount, limit in (
            (good.unit_mass_kg, compartment.capacity_kg),
            (good.unit_volume_l, compartment.capacity_l),
            (pallets, compartment.pallets),
        )
    )


def _ends(demand: Demand) -> tuple[str, ...]:
    """Return the sites that a trip for a demand calls at."""
    return (demand.site,) if demand.pickup is None else (demand.pickup, demand.site)


def _allowed(case: Case, demand: Demand) -> list[Convoy]:
    """Return the convoys that a demand's sites let in, without those that are never there."""
    return [
        convoy
        for convoy in case.convoys.values()
        if all(_lets_in(case, site, convoy) for site in _ends(demand)) and is_there(case, convoy)
    ]


def _lets_in(case: Case, site: str, convoy: Convoy) -> bool:
    classes = case.sites[site].reached_by
    return classes is None or convoy.base == site or set(convoy.profile.mobility) <= set(classes)


def _can_serve(case: Case, convoy: Convoy, demand: Demand) -> bool:
    """Tell whether a convoy is known to get to all that a demand calls at, and back."""
    if demand.pickup is None:
        return _can_reach(case, convoy, demand.site)
    if case.matrices:
        stations = (convoy.base, demand.pickup, demand.site, convoy.base)
        ways = itertools.pairwise(stations)
        return all(cell(case, convoy.profile.mobility, a, b) is not None for a, b in ways)
    return all(_can_reach(case, convoy, site) for site in _ends(demand))


def _can_reach(case: Case, convoy: Convoy, site: str) -> bool:
    """Tell whether a convoy is known to get there and back: by matrix, or because the plan does."""
    if case.matrices:
        mobility = convoy.profile.mobility
        there = cell(case, mobility, convoy.base, site)
        return there is not None and cell(case, mobility, site, convoy.base) is not None
    return any(
        stop.site == site
        for march in case.marches
        if march.convoy.profile == convoy.profile and march.convoy.base == convoy.base
        for _, trip in march.trips()
        for stop in trip.stops
    )


def _stock_suffices(case: Case, demand: Demand) -> bool:
    """Tell whether the bases that can serve a demand surely hold all of it.

    Which bases can serve it is known over matrices. Over a theatre it is known of those that the
    plan goes there from; of the others each alone must hold enough, or the reason may be true.
    """
    good = case.goods[demand.good]
    held = {
        base.site: sum(s.quantity for s in base.stock if s.good == demand.good)
        for base in case.scenario.bases
    }
    if any(v.type.fuel == demand.good for c in case.convoys.values() for v in c.vehicles):
        return False  # what the vehicles burn on the way comes from the same stock
    bases = {convoy.base for convoy in _allowed(case, demand)} & held.keys()
    serving = {
        convoy.base
        for convoy in _allowed(case, demand)
        if _can_carry(convoy, good) and _can_reach(case, convoy, demand.site)
    } & held.keys()
    if sum(held[base] for base in serving) >= demand.quantity:
        return True
    return not case.matrices and all(held[base] >= demand.quantity for base in bases)
