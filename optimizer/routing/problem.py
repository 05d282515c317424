"""The integer problem: a scenario over its ground, as the search sees it.

Sites, goods, demands and groups are indices; times are seconds from the start of the horizon; loads
are steps of `Scale`. A **group** is a set of convoys that cannot be told apart: the search routes
groups, and names the convoys only at the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from optimizer.network.ground import Ground, Matrix
from optimizer.routing.scale import DIMENSIONS, Scale, exact
from optimizer.scenario.convoys import Convoy, Profile, convoys_of, goods_of, handling_s
from optimizer.scenario.model import Compartment, Good, Objective, Scenario, Window

__all__ = ["Group", "Hold", "Need", "Problem", "Span", "Supply", "Ways", "build"]

#: First and last second of a window.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Supply:
    """A good as the search sees it.

    Parameters
    ----------
    good : Good
        The good.
    unit : tuple of int
        Load of one unit, in steps, by load dimension.
    """

    good: Good
    unit: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """A demand as the search sees it.

    Parameters
    ----------
    id : str
        Id of the demand.
    site, good : int
        Indices.
    quantity, priority : int
        As stated.
    windows : tuple of Span
        When a stop's handling may begin, in order, without overlap.
    due : int or None
        From when on it is late.
    """

    id: str
    site: int
    good: int
    quantity: int
    priority: int
    windows: tuple[Span, ...]
    due: int | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A compartment of a group's convoys.

    Parameters
    ----------
    vehicle : int
        Place of its vehicle in the order of march.
    id, kind : str
        Of the compartment.
    capacity : tuple of int
        In steps, by load dimension.
    """

    vehicle: int
    id: str
    kind: str
    capacity: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Ways:
    """What it takes a group to go from site to site, as nested lists (rows are origins).

    Parameters
    ----------
    travel_s : list of list of int
        With time contingency; -1 where there is no way or the group may not go.
    distance_m, fuel_m, exposure_milli : list of list of int
        Along the same path.
    matrix : Matrix
        Where they come from.
    """

    travel_s: list[list[int]]
    distance_m: list[list[int]]
    fuel_m: list[list[int]]
    exposure_milli: list[list[int]]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Group:
    """Convoys that cannot be told apart.

    Parameters
    ----------
    convoys : tuple of Convoy
        In the order of the scenario.
    base : int
        Index of the base's site.
    loading_s, pass_s : int
        Loading a trip; from head to tail.
    span : Span
        When its routes may begin and end: availability, horizon and window of the base.
    range_m : int or None
        Flat paved metres a trip.
    holds : tuple of Hold
        Compartments in order of march.
    ways : Ways
        Matrices of its profile.
    allowed : tuple of bool
        Whether ``reached_by`` lets it go to a site.
    burns : bool
        Whether its fuel counts; not where somebody asks what it changes.
    """

    convoys: tuple[Convoy, ...]
    base: int
    loading_s: int
    pass_s: int
    span: Span
    range_m: int | None
    holds: tuple[Hold, ...]
    ways: Ways
    allowed: tuple[bool, ...]
    burns: bool = True

    def fuel_l(self, fuel_m: int) -> Mapping[str, int]:
        """Return the litres by fuel that one of its convoys draws for a way.

        Parameters
        ----------
        fuel_m : int
            Flat paved metres.

        Returns
        -------
        mapping of str to int
            Litres by good.
        """
        return self.convoys[0].fuel_l(fuel_m) if self.burns else {}


@dataclass(frozen=True, slots=True)
class Problem:
    """A scenario over its ground, in integers.

    Parameters
    ----------
    scenario : Scenario
        Where it comes from.
    sites : tuple of str
        Ids by index.
    goods : tuple of Supply
        Goods that are demanded or burnt, by index.
    good_index : mapping of str to int
        Their indices by id.
    needs : tuple of Need
        Demands, in the order of the scenario.
    groups : tuple of Group
        In the order of their first convoys.
    stock : mapping of (int, int) to int
        Units by base (index of its site) and good; what is missing is not there.
    scales : tuple of Scale
        By load dimension.
    apart : frozenset of (int, int)
        Pairs of goods, both ways round.
    objectives : tuple of Objective
        As compared, `undelivered` put first where the scenario leaves it out.
    horizon_s, shift_s, trips_max : int
        Limits.
    _handling, _windows, _fixed, evaluated, trips : dict
        What was computed before, by what it was computed from; filled by whoever asks.
    """

    scenario: Scenario
    sites: tuple[str, ...]
    goods: tuple[Supply, ...]
    good_index: Mapping[str, int]
    needs: tuple[Need, ...]
    groups: tuple[Group, ...]
    stock: Mapping[tuple[int, int], int]
    scales: tuple[Scale, Scale, Scale]
    apart: frozenset[tuple[int, int]]
    objectives: tuple[Objective, ...]
    horizon_s: int
    shift_s: int
    trips_max: int
    _handling: dict[tuple[int, int], int] = field(default_factory=dict)
    _windows: dict[tuple[int, ...], tuple[Span, ...]] = field(default_factory=dict)
    _fixed: dict[int, int] = field(default_factory=dict)
    #: What `route.evaluate` and `route.trip_of` found before.
    evaluated: dict[Any, Any] = field(default_factory=dict, repr=False)
    trips: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def priorities(self) -> tuple[int, ...]:
        """Every priority that a demand has, most important first."""
        return tuple(sorted({need.priority for need in self.needs}))

    def mass(self, need: int, quantity: int) -> int:
        """Return the mass of so many units for a demand, in steps of the mass scale.

        Parameters
        ----------
        need : int
            Index of the demand.
        quantity : int
            Units.

        Returns
        -------
        int
            Steps.
        """
        return self.goods[self.needs[need].good].unit[0] * quantity

    def fixed_s(self, site: int) -> int:
        """Return the fixed part of a stop's handling.

        Parameters
        ----------
        site : int
            Index of the site.

        Returns
        -------
        int
            Seconds.
        """
        return self._fixed[site]

    def handling_s(self, need: int, quantity: int) -> int:
        """Return the part of a stop's handling that so many units for a demand take.

        Parameters
        ----------
        need : int
            Index of the demand.
        quantity : int
            Units handed over.

        Returns
        -------
        int
            Seconds.
        """
        known = self._handling.get((need, quantity))
        if known is None:
            item = self.needs[need]
            site = self.scenario.sites[item.site]
            mass_kg = quantity * self.goods[item.good].good.unit_mass_kg
            known = handling_s(site.handling_fixed_min, site.handling_kg_per_min, mass_kg)[1]
            self._handling[need, quantity] = known
        return known

    def windows(self, needs: tuple[int, ...]) -> tuple[Span, ...]:
        """Return when a stop that serves all of these demands may begin its handling.

        Parameters
        ----------
        needs : tuple of int
            Indices of demands of one site.

        Returns
        -------
        tuple of Span
            In order, without overlap; empty where their windows do not meet.
        """
        known = self._windows.get(needs)
        if known is None:
            known = self.needs[needs[0]].windows
            for need in needs[1:]:
                known = _meet(known, self.needs[need].windows)
            self._windows[needs] = known
        return known


def build(scenario: Scenario, ground: Ground) -> Problem:
    """State a scenario over its ground in integers.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : Ground
        Its ground.

    Returns
    -------
    Problem
        The problem, whose solutions keep every rule of ``docs/reference/plan.md``.
    """
    horizon = scenario.horizon
    horizon_s = math.floor((horizon.end - horizon.start).total_seconds())
    sites = tuple(site.id for site in scenario.sites)
    place = {site: index for index, site in enumerate(sites)}
    convoys = [c for c in convoys_of(scenario) if c.available_s[0] <= c.available_s[1]]
    named = {d.good for d in scenario.demands}
    named |= {v.type.fuel for c in convoys for v in c.vehicles if v.type.fuel is not None}
    catalogue = goods_of(scenario)
    goods = [catalogue[name] for name in sorted(named & set(catalogue))]
    good_index = {good.id: index for index, good in enumerate(goods)}
    units = [_unit_figures(good) for good in goods]
    capacities = [_capacities(part) for c in convoys for _, part in c.compartments]
    scales = tuple(
        Scale.of(
            [unit[d] for unit in units],
            max(
                [f for figures in (*units, *capacities) if (f := figures[d]) is not None],
                default=Fraction(1),
            ),
        )
        for d in range(len(DIMENSIONS))
    )
    supplies = tuple(
        Supply(good, _triple(s.load(u) for s, u in zip(scales, unit, strict=True)))
        for good, unit in zip(goods, units, strict=True)
    )
    objectives = scenario.objectives
    if Objective.UNDELIVERED not in objectives:
        objectives = (Objective.UNDELIVERED, *objectives)
    return Problem(
        scenario=scenario,
        sites=sites,
        goods=supplies,
        good_index=good_index,
        needs=tuple(
            Need(
                id=d.id,
                site=place[d.site],
                good=good_index[d.good],
                quantity=d.quantity,
                priority=d.priority,
                windows=spans(
                    d.windows or scenario.sites[place[d.site]].windows, scenario, horizon_s
                ),
                due=None if d.due is None else math.floor((d.due - horizon.start).total_seconds()),
            )
            for d in scenario.demands
        ),
        groups=_groups(scenario, ground, convoys, place, (scales[0], scales[1], scales[2])),
        stock={
            (place[base.site], good_index[item.good]): item.quantity
            for base in scenario.bases
            for item in base.stock
            if item.good in good_index
        },
        scales=(scales[0], scales[1], scales[2]),
        apart=frozenset(
            (good_index[a], good_index[b])
            for pair in scenario.rules.apart
            for a, b in (pair.goods, pair.goods[::-1])
            if a in good_index and b in good_index
        ),
        objectives=objectives,
        horizon_s=horizon_s,
        shift_s=round(scenario.rules.shift_h * 3600),
        trips_max=scenario.rules.trips_max,
        _fixed={
            index: handling_s(site.handling_fixed_min, site.handling_kg_per_min, 0)[0]
            for index, site in enumerate(scenario.sites)
        },
    )


def spans(windows: Sequence[Window], scenario: Scenario, horizon_s: int) -> tuple[Span, ...]:
    """Return windows in seconds, inside the horizon, in order.

    Parameters
    ----------
    windows : sequence of Window
        Windows; none at all means the whole horizon.
    scenario : Scenario
        Whose horizon counts.
    horizon_s : int
        Last second of the horizon.

    Returns
    -------
    tuple of Span
        Without those outside the horizon; parts of seconds are cut to the safe side.
    """
    if not windows:
        return ((0, horizon_s),)
    start = scenario.horizon.start
    found = []
    for window in windows:
        first = max(0, math.ceil((window.start - start).total_seconds()))
        last = min(horizon_s, math.floor((window.end - start).total_seconds()))
        if first <= last:
            found.append((first, last))
    return tuple(sorted(found))


def _unit_figures(good: Good) -> tuple[Fraction, Fraction, Fraction]:
    pallets = Fraction(0) if good.units_per_pallet is None else 1 / exact(good.units_per_pallet)
    return exact(good.unit_mass_kg), exact(good.unit_volume_l), pallets


def _capacities(part: Compartment) -> tuple[Fraction | None, ...]:
    limits = (part.capacity_kg, part.capacity_l, part.pallets)
    return tuple(None if limit is None else exact(limit) for limit in limits)


def _groups(
    scenario: Scenario,
    ground: Ground,
    convoys: Sequence[Convoy],
    place: Mapping[str, int],
    scales: tuple[Scale, Scale, Scale],
) -> tuple[Group, ...]:
    horizon_s = math.floor((scenario.horizon.end - scenario.horizon.start).total_seconds())
    bases = {base.site: base for base in scenario.bases}
    ways: dict[tuple[Profile, tuple[bool, ...]], Ways] = {}
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
            ways[key] = _ways(scenario, ground, first.profile, allowed)
        opening = spans(scenario.sites[base].windows, scenario, horizon_s)
        if not opening:
            continue
        span = (
            max(first.available_s[0], opening[0][0]),
            min(first.available_s[1], opening[0][1], horizon_s),
        )
        if span[0] > span[1]:
            continue
        groups.append(
            Group(
                convoys=tuple(members),
                base=base,
                loading_s=math.ceil(bases[first.base].loading_min * 60),
                pass_s=first.pass_s,
                span=span,
                range_m=first.range_m,
                holds=tuple(
                    Hold(
                        vehicle=first.vehicles.index(vehicle),
                        id=part.id,
                        kind=part.kind,
                        capacity=_triple(
                            scale.capacity(limit)
                            for scale, limit in zip(scales, _capacities(part), strict=True)
                        ),
                    )
                    for vehicle, part in first.compartments
                ),
                ways=ways[key],
                allowed=allowed,
            )
        )
    return tuple(groups)


def _ways(scenario: Scenario, ground: Ground, profile: Profile, allowed: tuple[bool, ...]) -> Ways:
    matrix = ground.matrix(profile, scenario.rules.criterion)
    place = {site: index for index, site in enumerate(matrix.sites)}
    order = [place[site.id] for site in scenario.sites]
    # The one rounding that the verifier does too: seconds of the path, contingency, up.
    stretch = 1 + scenario.time_contingency
    travel_s = [
        [
            math.ceil(int(matrix.time_s[i, j]) * stretch)
            if matrix.time_s[i, j] >= 0 and allowed[column]
            else -1
            for column, j in enumerate(order)
        ]
        for i in order
    ]
    return Ways(
        travel_s=travel_s,
        distance_m=matrix.distance_m[order][:, order].tolist(),
        fuel_m=matrix.fuel_m[order][:, order].tolist(),
        exposure_milli=matrix.exposure_milli[order][:, order].tolist(),
        matrix=matrix,
    )


def _triple(values: Iterable[int]) -> tuple[int, int, int]:
    mass, volume, pallets = values
    return mass, volume, pallets


def _meet(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple(sorted(span for span in both if span[0] <= span[1]))
