"""Why a demand cannot be served even alone, by the whole fleet: checked exactly."""

from __future__ import annotations

import itertools
from dataclasses import replace

from optimizer.network.ground import Unreachable
from optimizer.plan.model import Reason, ReasonKind
from optimizer.routing.evaluate.aboard import errand
from optimizer.routing.evaluate.route import Candidate, evaluate, limits_of
from optimizer.routing.evaluate.schedule import lay_out
from optimizer.routing.evaluate.times import Limits
from optimizer.routing.evaluate.trip import Broken, TripFacts, trip_of
from optimizer.routing.explain.capacity import most_ever
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.scenario.convoys import convoys_of, vehicles_of
from optimizer.scenario.model import Compartment, Good

__all__ = ["proofs", "why_no_trip"]


def proofs(problem: Problem, need: int, quantity: int) -> tuple[list[Reason], int]:
    """Prove what can be proved of a demand that is not delivered in full.

    Parameters
    ----------
    problem : Problem
        Problem.
    need : int
        Index of the demand.
    quantity : int
        Units undelivered.

    Returns
    -------
    tuple of list of Reason and int
        Reasons, and how many of the units they explain.
    """
    for step in (_no_compartment, _no_way, _no_trip):
        reasons = step(problem, need)
        if reasons:
            return reasons, quantity
    return _too_much(problem, need)


def _proved(code: str, **params: str | float) -> Reason:
    return Reason(kind=ReasonKind.PROVED, code=code, params=params)


def _no_compartment(problem: Problem, need: int) -> list[Reason]:
    supply = problem.goods[problem.needs[need].good]
    kind = supply.good.compartment
    holds = [hold for g in problem.groups for hold in g.holds if hold.kind == kind]
    if any(all(u <= c for u, c in zip(supply.unit, h.capacity, strict=True)) for h in holds):
        return []
    # A convoy that is never available, or whose base never opens, is in no group.
    if sum(len(g.convoys) for g in problem.groups) < len(convoys_of(problem.scenario)):
        return _never_there(problem, need)
    if not holds:
        return [_proved("compartment", kind=kind)]
    return [_proved("unit_too_large", good=supply.good.id)]


def _never_there(problem: Problem, need: int) -> list[Reason]:
    """Tell apart what no vehicle carries from what only vehicles carry that are never there."""
    supply = problem.goods[problem.needs[need].good]
    parts = [
        part
        for vehicle in vehicles_of(problem.scenario)
        for part in vehicle.type.compartments
        if part.kind == supply.good.compartment
    ]
    if not parts:
        return [_proved("compartment", kind=supply.good.compartment)]
    if not any(_takes_one(part, supply.good) for part in parts):
        return [_proved("unit_too_large", good=supply.good.id)]
    return [_proved("window", site=problem.sites[problem.needs[need].site])]


def _takes_one(part: Compartment, good: Good) -> bool:
    pallets = 0 if good.units_per_pallet is None else 1 / good.units_per_pallet
    return (
        good.unit_mass_kg <= part.capacity_kg
        and (part.capacity_l is None or good.unit_volume_l <= part.capacity_l)
        and (part.pallets is None or pallets <= part.pallets)
    )


def _carriers(problem: Problem, need: int) -> list[tuple[int, Group]]:
    """Return the groups that can carry one unit."""
    supply = problem.goods[problem.needs[need].good]
    return [
        (index, group)
        for index, group in enumerate(problem.groups)
        if any(
            hold.kind == supply.good.compartment
            and all(u <= c for u, c in zip(supply.unit, hold.capacity, strict=True))
            for hold in group.holds
        )
    ]


def _no_way(problem: Problem, need: int) -> list[Reason]:
    carriers = _carriers(problem, need)
    causes = [_cut_off(problem, group, need) for _, group in carriers]
    if all(cause is not None for cause in causes):
        # The cause that most convoys meet; among equals the first by its name.
        codes = [cause.code for cause in causes if cause is not None]
        code = max(sorted(set(codes)), key=codes.count)
        cause = next(c for c in causes if c is not None and c.code == code)
        params = {k: v for k, v in cause.params.items() if k not in {"cause", "site"}}
        return [_proved("unreachable", cause=cause.code, site=cause.site, **params)]
    reaching = [group for (_, group), cause in zip(carriers, causes, strict=True) if cause is None]
    if not any(_is_let_in(problem, group, need) for group in reaching):
        barred = next(
            site
            for site in _ends(problem, need)
            if not all(group.allowed[site] for group in reaching)
        )
        return [_proved("not_allowed", site=problem.sites[barred])]
    return []


def _ends(problem: Problem, need: int) -> tuple[int, ...]:
    """Return the sites that a trip for a demand calls at, in their order."""
    return tuple(site for site, _ in errand(problem, need, 1))


def _is_let_in(problem: Problem, group: Group, need: int) -> bool:
    return all(group.allowed[site] for site in _ends(problem, need))


def _cut_off(problem: Problem, group: Group, need: int) -> Unreachable | None:
    """Return why a group cannot get to all that a demand calls at and back; None if it can."""
    matrix = group.ways.matrix
    place = {name: index for index, name in enumerate(matrix.sites)}
    ends = _ends(problem, need)
    stations = [place[problem.sites[site]] for site in (group.base, *ends, group.base)]
    # On a way the site that it leads to is told; on the way home the one that it comes from.
    told = (*ends, ends[-1])
    for pair, site in zip(itertools.pairwise(stations), told, strict=True):
        if matrix.time_s[pair] < 0:
            return matrix.unreachable.get(pair, Unreachable("no_way", problem.sites[site]))
    return None


def _no_trip(problem: Problem, need: int) -> list[Reason]:
    """Prove that no trip that serves this demand alone keeps time, range, stock and fuel."""
    reasons: dict[str, Reason] = {}
    for index, group in _carriers(problem, need):
        if not _can_go(problem, group, need):
            continue
        reason = why_no_trip(problem, need, index)
        if reason is None:
            return []
        known = reasons.setdefault(reason.code, reason)
        # Of several convoys the one that comes closest is told of.
        if _needed(reason) < _needed(known):
            reasons[reason.code] = reason
    return [reasons[code] for code in sorted(reasons)]


def _can_go(problem: Problem, group: Group, need: int) -> bool:
    return _is_let_in(problem, group, need) and _cut_off(problem, group, need) is None


def _needed(reason: Reason) -> float:
    value = reason.params.get("needed_km", reason.params.get("needed_min", 0))
    return float(value)


def why_no_trip(problem: Problem, need: int, index: int) -> Reason | None:
    """Find what keeps a group from bringing one unit of a demand, with nothing else to do.

    Parameters
    ----------
    problem : Problem
        Problem.
    need : int
        Index of the demand.
    index : int
        Index of a group that can carry one unit and go there.

    Returns
    -------
    Reason or None
        None if it can bring it, or that is not known: where ways change by the hour, only that the
        base has none of the good is.

    Raises
    ------
    AssertionError
        If one unit breaks a rule that no reason stands for: the group cannot carry it or go there.
    """
    route = evaluate(problem, index, (errand(problem, need, 1),))
    if isinstance(route, Candidate):
        reason = _too_little(problem, need, route)
    else:
        reason = _too_long(problem, need, index, route)
    # Whoever leaves at another hour may need less fuel or time, and who calls at another site on
    # the way may be past what is closed to who comes straight.
    sure = not problem.varies or reason is None or reason.code == "stock"
    return reason if sure else None


def _too_little(problem: Problem, need: int, route: Candidate) -> Reason | None:
    """Return what the base has not got for a route with one unit."""
    base = problem.groups[route.group].base
    for good, units in sorted(route.leaves.items()):
        held = problem.stock.get((base, good), 0)
        if units > held:
            name = problem.goods[good].good.id
            item = problem.needs[need]
            if item.pickup is None and good == item.good and held < 1:
                # What bases hold from which no trip is possible is not available.
                return _proved("stock", good=name, available=0)
            return _proved("fuel", good=name)
    return None


def _too_long(problem: Problem, need: int, index: int, broken: Broken) -> Reason:
    """Return the limit that a group breaks with one unit."""
    group = problem.groups[index]
    item = problem.needs[need]
    site = problem.sites[item.site]
    # No way is ever open for long enough, as there is one.
    if broken in {Broken.WINDOW, Broken.WAY}:
        return _proved("window", site=site)
    trip = trip_of(problem, index, errand(problem, need, 1))
    if broken is Broken.RANGE and group.range_m is not None:
        stations = (group.base, *_ends(problem, need), group.base)
        ways = group.ways.fuel_m
        there_and_back_m = sum(ways[a][b] for a, b in itertools.pairwise(stations))
        return _proved(
            "range",
            site=site,
            needed_km=round(there_and_back_m / 1000, 1),
            range_km=round(group.range_m / 1000, 1),
        )
    if broken is Broken.SHIFT and isinstance(trip, TripFacts):
        free = replace(limits_of(problem, group), shift_s=problem.horizon_s)
        if isinstance(lay_out([trip.run], free), str):
            return _proved("window", site=site)
        # A trip with one stop need not wait; one with two may have to, before the second.
        needed_s = trip.least_s if item.pickup is None else _shortest_s(trip, free)
        return _proved("shift", site=site, needed_min=-(-needed_s // 60))
    # Rooms were looked at before, and one trip is always allowed.
    raise AssertionError(f"one unit of demand {item.id} breaks the rule {broken.value}")


def _shortest_s(trip: TripFacts, limits: Limits) -> int:
    """Return the shortest shift within which a trip can be laid out, by halves."""
    low, high = trip.least_s - 1, limits.shift_s
    while high - low > 1:
        middle = (low + high) // 2
        if isinstance(lay_out([trip.run], replace(limits, shift_s=middle)), str):
            low = middle
        else:
            high = middle
    return high


def _available(problem: Problem, need: int) -> int:
    """Return the stock of the bases from which some convoy may and can go to a demand's site."""
    item = problem.needs[need]
    bases = {g.base for g in problem.groups if _can_go(problem, g, need)}
    return sum(problem.stock.get((base, item.good), 0) for base in bases)


def _too_much(problem: Problem, need: int) -> tuple[list[Reason], int]:
    """Name stock or fleet, whichever lets less of a demand be brought, if that is not all of it."""
    item = problem.needs[need]
    if item.pickup is not None:
        # It is in no stock, and one trip may go to and fro between its two sites: nothing is sure.
        return [], 0
    good = problem.goods[item.good].good.id
    available = _available(problem, need)
    unbounded = problem.varies or problem.begun
    most = item.quantity if unbounded else most_ever(problem, need)
    if most < min(available, item.quantity):
        return [_proved("capacity", good=good, most=most)], item.quantity - most
    if available < item.quantity:
        return [_proved("stock", good=good, available=available)], item.quantity - available
    return [], 0
