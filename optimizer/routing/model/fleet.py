"""The groups of a scenario's fleet, each with its ways over the ground."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence

from optimizer.network.ground import Ground, Matrix
from optimizer.routing.model.figures import capacities, triple
from optimizer.routing.model.group import Group, Hold
from optimizer.routing.model.scale import Scale
from optimizer.routing.model.spans import spans
from optimizer.routing.model.ways import Timetable, Ways
from optimizer.scenario.convoys import Convoy, Profile
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Scenario

__all__ = ["groups_of"]


def groups_of(
    scenario: Scenario,
    ground: Ground,
    convoys: Sequence[Convoy],
    place: Mapping[str, int],
    scales: tuple[Scale, Scale, Scale],
) -> tuple[Group, ...]:
    """Put convoys together that cannot be told apart.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    ground : Ground
        Its ground.
    convoys : sequence of Convoy
        Convoys that are available at some time.
    place : mapping of str to int
        Index of each site.
    scales : tuple of Scale
        By load dimension.

    Returns
    -------
    tuple of Group
        In the order of their first convoys, without those whose base is closed when they are there.
    """
    horizon_s = math.floor((scenario.horizon.end - scenario.horizon.start).total_seconds())
    bases = {base.site: base for base in scenario.bases}
    hours = hours_of(scenario)
    ways: dict[tuple[Profile, tuple[bool, ...]], Callable[[int], Ways]] = {}
    alike: dict[object, list[Convoy]] = {}
    for convoy in convoys:
        types = tuple(v.type.id for v in convoy.vehicles)
        alike.setdefault((convoy.base, types, convoy.available_s), []).append(convoy)
    groups = []
    for members in alike.values():
        first = members[0]
        base = place[first.base]
        allowed = tuple(
            site.reached_by is None
            or site.id == first.base  # a convoy may always be where it is at home
            or set(first.profile.mobility) <= set(site.reached_by)
            for site in scenario.sites
        )
        key = (first.profile, allowed)
        if key not in ways:
            ways[key] = _ways_by_window(scenario, ground, first.profile, allowed)
        opening = spans(scenario.sites[base].windows, scenario, horizon_s)
        if not opening:
            continue
        span = (
            max(first.available_s[0], opening[0][0]),
            min(first.available_s[1], opening[0][1], horizon_s),
        )
        if span[0] > span[1]:
            continue
        timetable = Timetable(hours, ways[key], first.pass_s, span)
        groups.append(
            Group(
                convoys=tuple(members),
                base=base,
                loading_s=math.ceil(bases[first.base].loading_min * 60),
                pass_s=first.pass_s,
                span=span,
                range_m=first.range_m,
                trips_max=scenario.rules.trips_max,
                holds=tuple(
                    Hold(
                        vehicle=first.vehicles.index(vehicle),
                        id=part.id,
                        kind=part.kind,
                        capacity=triple(
                            scale.capacity(limit)
                            for scale, limit in zip(scales, capacities(part), strict=True)
                        ),
                    )
                    for vehicle, part in first.compartments
                ),
                timetable=timetable,
                ways=timetable.usual(),
                allowed=allowed,
            )
        )
    return tuple(groups)


def _ways_by_window(
    scenario: Scenario, ground: Ground, profile: Profile, allowed: tuple[bool, ...]
) -> Callable[[int], Ways]:
    """Return what gives the ways of a profile in a window; each is asked of the ground once."""
    criterion = scenario.rules.criterion

    @functools.cache
    def ways(window: int) -> Ways:
        return _ways(scenario, ground.matrix(profile, criterion, window), allowed)

    return ways


def _ways(scenario: Scenario, matrix: Matrix, allowed: tuple[bool, ...]) -> Ways:
    # The one rounding that the verifier does too: seconds of the path, contingency, up.
    stretch = 1 + scenario.time_contingency
    travel_s = [
        [
            math.ceil(int(seconds) * stretch) if seconds >= 0 and allowed[column] else -1
            for column, seconds in enumerate(row)
        ]
        for row in matrix.time_s
    ]
    return Ways(
        travel_s=travel_s,
        distance_m=matrix.distance_m.tolist(),
        fuel_m=matrix.fuel_m.tolist(),
        exposure_milli=matrix.exposure_milli.tolist(),
        matrix=matrix,
    )
