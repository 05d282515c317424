"""From a scenario over its ground to the integer problem."""

from __future__ import annotations

import math
from fractions import Fraction

from optimizer.network.ground import Ground
from optimizer.routing.model.docks import places_of
from optimizer.routing.model.figures import capacities, triple, unit_figures
from optimizer.routing.model.fleet import groups_of
from optimizer.routing.model.problem import Need, Problem, Supply
from optimizer.routing.model.scale import DIMENSIONS, Scale
from optimizer.routing.model.spans import spans
from optimizer.scenario.convoys import convoys_of, goods_of, handling_s
from optimizer.scenario.model import Objective, Scenario

__all__ = ["build"]


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
    units = [unit_figures(good) for good in goods]
    limits = [capacities(part) for c in convoys for _, part in c.compartments]
    scales = tuple(
        Scale.of(
            [unit[d] for unit in units],
            max(
                [f for figures in (*units, *limits) if (f := figures[d]) is not None],
                default=Fraction(1),
            ),
        )
        for d in range(len(DIMENSIONS))
    )
    supplies = tuple(
        Supply(good, triple(s.load(u) for s, u in zip(scales, unit, strict=True)))
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
                pickup=None if d.pickup is None else place[d.pickup],
                pickup_windows=()
                if d.pickup is None
                else spans(
                    d.pickup_windows or scenario.sites[place[d.pickup]].windows,
                    scenario,
                    horizon_s,
                ),
            )
            for d in scenario.demands
        ),
        groups=groups_of(scenario, ground, convoys, place, (scales[0], scales[1], scales[2])),
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
        fixed_s=tuple(
            handling_s(site.handling_fixed_min, site.handling_kg_per_min, 0)[0]
            for site in scenario.sites
        ),
        places=places_of(scenario, place),
    )
