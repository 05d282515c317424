"""Rules 1 to 6 of ``docs/reference/plan.md``: when everything happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from optimizer.plan.model import Drop, Leg, Pickup, Stop, Trip
from optimizer.verify.case import Case, March, Violation, violation
from optimizer.verify.places import Holdings, holdings, waits_for_place
from optimizer.verify.tolerances import rounded_up, seconds_of

__all__ = ["open_windows", "violations"]


def violations(case: Case) -> Iterator[Violation]:
    """Yield every broken rule of time.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        In the order of the plan.
    """
    held = holdings(case)
    for march in case.marches:
        for pointer, trip in march.trips():
            yield from _whole_seconds(case.scenario.horizon.start, pointer, trip)
            yield from _trip(case, march, pointer, trip)
            yield from _late_starts(case, march, pointer, trip, held)


def open_windows(case: Case, stop: Stop) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield for each demand of a stop the windows that its start lies in.

    Parameters
    ----------
    case : Case
        Case.
    stop : Stop
        Stop.

    Yields
    ------
    tuple of str and list of (int, int)
        Demand, and first and last second of the windows; what is past has one in any case.
    """
    start = case.seconds(stop.start)
    for name in sorted({drop.demand for drop in stop.drops} & case.demands.keys()):
        windows = case.windows(case.demands[name])
        found = [(first, last) for first, last in windows if first <= start <= last]
        yield name, found or ([(start, start)] if case.is_past(stop.start) else [])
    for name in sorted({item.demand for item in stop.pickups} & case.demands.keys()):
        demand = case.demands[name]
        if demand.pickup is not None:
            windows = case.pickup_windows(demand)
            found = [(first, last) for first, last in windows if first <= start <= last]
            yield name, found or ([(start, start)] if case.is_past(stop.start) else [])


def _whole_seconds(start: datetime, pointer: str, trip: Trip) -> Iterator[Violation]:
    times: list[tuple[str, datetime]] = [
        (f"{pointer}/loading_start", trip.loading_start),
        (f"{pointer}/depart", trip.depart),
        (f"{pointer}/end", trip.end),
    ]
    for number, leg in enumerate(trip.legs):
        times.append((f"{pointer}/legs/{number}/depart", leg.depart))
        times.append((f"{pointer}/legs/{number}/arrive", leg.arrive))
    for number, stop in enumerate(trip.stops):
        times.append((f"{pointer}/stops/{number}/arrive", stop.arrive))
        times.append((f"{pointer}/stops/{number}/start", stop.start))
        times.append((f"{pointer}/stops/{number}/depart", stop.depart))
    for place, time in times:
        if (time - start).microseconds:
            yield violation("time.fraction", place, time=time.isoformat())


def _trip(case: Case, march: March, pointer: str, trip: Trip) -> Iterator[Violation]:
    at = case.seconds
    if trip.base in case.bases:
        loading = seconds_of(case.bases[trip.base].loading_min)
        if at(trip.depart) - at(trip.loading_start) not in loading:
            depart = at(trip.loading_start) + loading.start
            yield from _equal(case, "time.loading", f"{pointer}/depart", trip.depart, depart)
    leaves = at(trip.depart)
    for number, leg in enumerate(trip.legs):
        here = f"{pointer}/legs/{number}"
        past = case.is_past(leg.depart)
        if not past:
            leaves = max(leaves, case.until_s)
        if not (at(leg.depart) > leaves if past else _waits_for_its_way(case, march, leg, leaves)):
            yield from _equal(case, "time.leg_depart", f"{here}/depart", leg.depart, leaves)
        arrive = at(leg.depart) + leg.travel_s
        yield from _equal(case, "time.leg_arrive", f"{here}/arrive", leg.arrive, arrive)
        if number < len(trip.stops):
            stop = trip.stops[number]
            yield from _stop(case, march, f"{pointer}/stops/{number}", stop, at(leg.arrive))
            leaves = at(stop.depart)
    end = at(trip.legs[-1].arrive) + march.convoy.pass_s
    yield from _equal(case, "time.trip_end", f"{pointer}/end", trip.end, end)


def _waits_for_its_way(case: Case, march: March, leg: Leg, ready: int) -> bool:
    """Tell whether a leg begins later than it could because what holds on its way changes then."""
    begin, end = case.under_way(march, leg)
    hours = case.hours
    return begin > ready and hours.window(begin - 1, end - 1) != hours.window(begin, end)


def _stop(case: Case, march: March, pointer: str, stop: Stop, arrive: int) -> Iterator[Violation]:
    at = case.seconds
    yield from _equal(case, "time.stop_arrive", f"{pointer}/arrive", stop.arrive, arrive)
    start, tail_in = at(stop.start), at(stop.arrive) + march.convoy.pass_s
    if start < tail_in:
        yield violation(
            "time.start_early",
            f"{pointer}/start",
            stated=stop.start.isoformat(),
            expected=case.clock(tail_in),
        )
    elif stop.wait_s != start - tail_in:
        yield violation(
            "time.wait", f"{pointer}/wait_s", stated=stop.wait_s, expected=start - tail_in
        )
    for demand, windows in open_windows(case, stop):
        if not windows:
            yield violation(
                "time.window", f"{pointer}/start", stated=stop.start.isoformat(), demand=demand
            )
    if stop.site not in case.sites:
        return
    handling = _handling(case, stop)
    if stop.handling_s not in handling:
        yield violation(
            "time.handling",
            f"{pointer}/handling_s",
            stated=stop.handling_s,
            expected=handling.start,
        )
    yield from _equal(
        case, "time.depart", f"{pointer}/depart", stop.depart, start + stop.handling_s
    )


def _late_starts(
    case: Case, march: March, pointer: str, trip: Trip, held: Holdings
) -> Iterator[Violation]:
    """Yield the stops whose handling waits for nothing: no window, no place."""
    for number, stop in enumerate(trip.stops):
        if case.is_past(stop.start):
            continue
        start = case.seconds(stop.start)
        openings = {first for _, windows in open_windows(case, stop) for first, _ in windows}
        if (
            start > case.seconds(stop.arrive) + march.convoy.pass_s
            and openings
            and start not in openings
            and not waits_for_place(case, march, stop, held)
        ):
            here = f"{pointer}/stops/{number}/start"
            yield violation("time.start_late", here, stated=stop.start.isoformat())


def _handling(case: Case, stop: Stop) -> range:
    """Return the seconds that handling may take: several where products fall on whole ones."""
    site = case.sites[stop.site]
    mass_kg: dict[str, float] = {}
    done: tuple[Drop | Pickup, ...] = (*stop.drops, *stop.pickups)
    for item in done:
        unit_kg = case.goods[item.good].unit_mass_kg if item.good in case.goods else 0.0
        mass_kg[item.demand] = mass_kg.get(item.demand, 0.0) + item.quantity * unit_kg
    fixed = seconds_of(site.handling_fixed_min)
    parts = [rounded_up(mass / site.handling_kg_per_min * 60) for mass in mass_kg.values()]
    return range(
        fixed.start + sum(part.start for part in parts),
        fixed.stop + sum(part.stop - 1 for part in parts),
    )


def _equal(
    case: Case, code: str, pointer: str, stated: datetime, expected: int
) -> Iterator[Violation]:
    if case.seconds(stated) != expected:
        yield violation(code, pointer, stated=stated.isoformat(), expected=case.clock(expected))
