"""A stretch of road: whether it is open to a profile, and what it costs, one class at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import shapely

from optimizer.scenario.convoys import Profile
from optimizer.terrain.tables import (
    MobilityClass,
    bridge_default,
    default,
    ford_factor,
    light_factor,
    mobility_class,
    sight_m,
    visibility_cap_kmh,
)
from optimizer.verify.case import Violation, violation
from optimizer.verify.paths.cost import Cost
from optimizer.verify.paths.edges import Edge
from optimizer.verify.paths.land import Land

__all__ = ["closures", "factor_at", "road_cost"]


def factor_at(points: Sequence[tuple[float, float]], grade: float) -> float:
    """Return the slope factor at a grade: linear between the points, held at the ends.

    Parameters
    ----------
    points : sequence of (float, float)
        Grades, rising, with their factors.
    grade : float
        Grade in the direction of travel.

    Returns
    -------
    float
        Factor of the speed.
    """
    if grade <= points[0][0]:
        return points[0][1]
    for (low, low_factor), (high, high_factor) in itertools.pairwise(points):
        if grade <= high:
            share = (grade - low) / (high - low)
            return low_factor + share * (high_factor - low_factor)
    return points[-1][1]


def closures(
    land: Land, profile: Profile, edge: Edge, direction: int, pointer: str
) -> Iterator[Violation]:
    """Yield why an edge is closed to a profile.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy.
    edge : Edge
        Edge.
    direction : int
        1 along it, -1 against it, 0 where it is only touched.
    pointer : str
        Where the part stands in the plan.

    Yields
    ------
    Violation
        One for each reason.
    """
    yield from _by_class(land, profile, edge, direction, pointer)
    for tracked in sorted({mobility_class(name).tracked for name in profile.mobility}):
        bears = _load_class(edge, tracked=tracked)
        yield from _below("path.load_class", edge, bears, profile.load_class, pointer)
    yield from _below("path.weight", edge, edge.max_weight_t, profile.gross_weight_t, pointer)
    yield from _below("path.height", edge, edge.max_height_m, profile.height_m, pointer)
    yield from _below("path.width", edge, edge.max_width_m, profile.width_m, pointer)
    if edge.closed_by is not None:
        yield violation("path.change", pointer, edge=edge.id, change=edge.closed_by)
    for zone in land.no_go:
        if shapely.intersects(zone.shape, edge.line):
            yield violation("path.no_go", pointer, place=edge.id, area=zone.id)


def _by_class(
    land: Land, profile: Profile, edge: Edge, direction: int, pointer: str
) -> Iterator[Violation]:
    ordinary_m = default("ford_depth_m") if edge.ford_depth_m is None else edge.ford_depth_m
    depth_m = round(ordinary_m * ford_factor(land.scenario.weather.at_fords), 3)
    for name in profile.mobility:
        mobility = mobility_class(name)
        if _speed_kmh(land, mobility, edge, 0.0) <= 0:
            yield violation("path.no_road", pointer, edge=edge.id, mobility=name)
        if edge.oneway * direction < 0 and not mobility.ignores_oneway:
            yield violation("path.oneway", pointer, edge=edge.id)
        if edge.ford and mobility.ford_depth_m < depth_m:
            yield violation(
                "path.ford",
                pointer,
                edge=edge.id,
                depth=depth_m,
                limit=mobility.ford_depth_m,
                mobility=name,
            )


def _below(
    code: str, edge: Edge, limit: float | None, needed: float | None, pointer: str
) -> Iterator[Violation]:
    if limit is not None and needed is not None and limit < needed:
        yield violation(code, pointer, edge=edge.id, limit=limit, needed=needed)


def _load_class(edge: Edge, *, tracked: bool) -> float | None:
    assessed = edge.assessed_tracked if tracked else edge.assessed_wheeled
    mapped = edge.mlc_tracked if tracked else edge.mlc_wheeled
    if assessed is not None:
        return assessed
    if mapped is not None:
        return mapped
    return bridge_default(edge.highway)[tracked] if edge.bridge else None


def _speed_kmh(land: Land, mobility: MobilityClass, edge: Edge, grade: float) -> float:
    speed = (
        mobility.road_speed_kmh(edge.highway)
        * mobility.surface_of(edge.surface).of(land.state)
        * factor_at(mobility.slope, grade)
        * light_factor(land.light, mobility.id, edge.highway)
    )
    cap = visibility_cap_kmh(sight_m(land.light, land.scenario.weather.visibility_m))
    limits = (edge.max_speed_kmh, edge.limit_kmh, edge.spaced_kmh, cap)
    speed = min([speed, *(v for v in limits if v is not None)])
    middle = shapely.line_interpolate_point(edge.line, 0.5, normalized=True)
    for zone in land.slow:
        if shapely.intersects(zone.shape, middle):
            speed *= zone.factor
    return speed


def _opened_m(land: Land, profile: Profile, edge: Edge) -> float:
    """Return by how much a convoy is drawn out on a bridge, and closes up again behind it."""
    wider_m = (edge.spacing_m or 0.0) - land.scenario.rules.gap_m
    return max(wider_m, 0.0) * (profile.vehicles - 1)


def road_cost(land: Land, profile: Profile, edge: Edge, from_m: float, to_m: float) -> Cost:
    """Return what a stretch of an edge costs.

    Parameters
    ----------
    land : Land
        Ground.
    profile : Profile
        Profile of the convoy; the edge is open to it.
    edge : Edge
        Edge.
    from_m, to_m : float
        Metres along it; against its direction where the first is the greater.

    Returns
    -------
    Cost
        By the slowest and the thirstiest class of the profile.
    """
    length_m = abs(to_m - from_m)
    if length_m == 0:
        return Cost()
    grade = (edge.to_z_m - edge.from_z_m) / edge.length_m * (1 if to_m > from_m else -1)
    steepest = default("grade_limit_road")
    grade = min(max(grade, -steepest), steepest)
    timed_m = length_m * (1 + _opened_m(land, profile, edge) / edge.length_m)
    times, fuels = [], []
    for name in profile.mobility:
        mobility = mobility_class(name)
        times.append(timed_m / (_speed_kmh(land, mobility, edge, grade) / 3.6))
        climbing = 1 + mobility.fuel_per_grade * max(grade, 0.0)
        fuels.append(length_m * mobility.surface_of(edge.surface).fuel * climbing)
    exposure = land.in_view.on_edge(edge) * length_m / edge.length_m
    for zone in land.exposed:
        inside_m = shapely.length(shapely.intersection(zone.shape, edge.line))
        exposure += zone.rate * inside_m * length_m / edge.length_m
        exposure += zone.rate_h / 3.6 * max(times) * inside_m / shapely.length(edge.line)
    return Cost(max(times), length_m, max(fuels), exposure)
