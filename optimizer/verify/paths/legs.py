"""Rule 19 of ``docs/reference/plan.md``: every leg is walked over its theatre and summed up."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from optimizer.plan.model import Leg
from optimizer.scenario.convoys import Profile
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import exposure_tables, medium_of, mobility_classes
from optimizer.terrain.theatre import Theatre
from optimizer.verify.case import Case, March, Violation, violation
from optimizer.verify.paths import polyline
from optimizer.verify.paths.air import Flown
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.land import Land
from optimizer.verify.paths.walk import Walk
from optimizer.verify.tolerances import ALONG, close_sum, rounded_up

__all__ = ["violations"]


def violations(case: Case, theatre: Theatre) -> Iterator[Violation]:
    """Yield what is wrong with the paths of a plan.

    Parameters
    ----------
    case : Case
        Case.
    theatre : Theatre
        Ground of the plan.

    Yields
    ------
    Violation
        In the order of the plan.

    Raises
    ------
    FileError
        If a layer of the theatre cannot be read.
    """
    unknown = [
        violation("id.unknown", f"/scenario/vehicle_types/{number}/mobility", id=kind.mobility)
        for number, kind in enumerate(case.scenario.vehicle_types)
        if kind.mobility not in mobility_classes()
    ]
    rule = case.scenario.rules.exposure
    if rule is not None and rule.cover is not None and rule.cover not in exposure_tables():
        unknown.append(violation("id.unknown", "/scenario/rules/exposure/cover", id=rule.cover))
    yield from unknown
    if unknown:
        return
    # Places too far away to be projected are at infinity, which is not worth a remark of numpy's.
    with np.errstate(invalid="ignore", over="ignore"):
        lands = _Lands(case, theatre)
        found = [
            violated
            for march in case.marches
            for pointer, trip in march.trips()
            for number, leg in enumerate(trip.legs)
            if not case.is_past(leg.depart)
            for violated in _leg(
                lands.under(march, leg), march.convoy.profile, leg, f"{pointer}/legs/{number}"
            )
        ]
    yield from found


class _Lands:
    """The ground as it is while each leg is under way."""

    def __init__(self, case: Case, theatre: Theatre) -> None:
        self._case = case
        self._theatre = theatre
        self._lands: dict[int, Land] = {}

    def under(self, march: March, leg: Leg) -> Land:
        hours = self._case.hours
        window = hours.window(*self._case.under_way(march, leg))
        if window not in self._lands:
            self._lands[window] = Land(self._theatre, hours.in_window(window))
        return self._lands[window]


def _leg(land: Land, profile: Profile, leg: Leg, pointer: str) -> Iterator[Violation]:
    origin, destination = land.position(leg.origin), land.position(leg.destination)
    if leg.path is None:
        yield violation("path.missing", pointer)
        return
    if origin is None or destination is None:
        site = leg.origin if origin is None else leg.destination
        yield violation("path.no_position", pointer, site=site)
        return
    medium = medium_of(profile.mobility)
    if medium is None:
        together = ", ".join(profile.mobility)
        yield violation("path.together", pointer, mobility=together)
        return
    kind = Flown if medium is Medium.AIR else Walk
    walk = kind(land, profile, origin, destination)
    yield from walk.run(leg.path.parts, f"{pointer}/path/parts")
    if not walk.broken:
        yield from _quantities(land, leg, walk.cost, pointer)
        course = [*walk.course, destination]
        place = f"{pointer}/path/polyline"
        yield from polyline.violations(land.theatre, leg.path.polyline, course, place)


def _quantities(land: Land, leg: Leg, cost: Cost, pointer: str) -> Iterator[Violation]:
    contingency = 1 + land.scenario.time_contingency
    path_s = math.ceil(cost.time_s)
    error_s = 1 + ALONG * cost.time_s
    low = rounded_up(max(0.0, path_s - error_s) * contingency).start
    high = rounded_up((path_s + error_s) * contingency).stop
    if leg.travel_s not in range(low, high):
        yield violation(
            "path.travel",
            f"{pointer}/travel_s",
            origin=leg.origin,
            destination=leg.destination,
            stated=leg.travel_s,
            expected=rounded_up(path_s * contingency).start,
        )
    for name, stated, exact in (
        ("distance_m", leg.distance_m, cost.distance_m),
        ("fuel_m", leg.fuel_m, cost.fuel_m),
        ("exposure_milli", leg.exposure_milli, cost.exposure_milli),
    ):
        if not close_sum(stated, exact):
            yield violation(
                f"path.{name.partition('_')[0]}",
                f"{pointer}/{name}",
                origin=leg.origin,
                destination=leg.destination,
                stated=stated,
                expected=math.ceil(exact),
            )
