"""With one place to load and one at each site, no order of two convoys beats the plan."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.units import seconds_since

LOADING_S, HANDLING_S = 15 * 60, 20 * 60
#: Demands of each trip.
Trips = tuple[tuple[int, ...], ...]
#: A convoy's next deeds: where it needs a place, how long it takes to get there, how long it stays,
#: and which demand it serves there.
Deed = tuple[str, int, int, int | None]


def random_case(seed: int, make: Callable[..., Scenario], at: Callable[[int], str]) -> Scenario:
    """Two convoys of one base, two sites with two demands each; windows and dues are near."""
    rng = random.Random(seed)
    places = [(rng.randint(0, 15), rng.randint(0, 15)) for _ in range(3)]
    minutes = [[math.ceil(math.dist(a, b)) for b in places] for a in places]
    demands = []
    for number in range(4):
        demand = {
            "site": f"S{1 + number % 2}",
            "quantity": rng.randint(3, 7),
            "priority": rng.randint(1, 2),
        }
        opening = rng.randint(0, 30)
        if rng.random() < 0.7:
            closing = opening + rng.randint(25, 70)
            demand["windows"] = [{"start": at(opening), "end": at(closing)}]
        if rng.random() < 0.7:
            demand["due"] = at(rng.randint(20, 60))
        demands.append(demand)
    return make(
        minutes,
        demands,
        fleet=[{"type": "truck", "base": "B", "count": 2}],
        bases=[
            {
                "site": "B",
                "loading_min": LOADING_S // 60,
                "loading_places": 1,
                "stock": [{"good": "crate", "quantity": 100}],
            }
        ],
        # The mass takes a second more, once for each demand.
        site={name: {"places": 1, "handling_fixed_min": HANDLING_S / 60} for name in ("S1", "S2")},
        rules={"shift_h": 24, "trips_max": 2},
    )


def trips_of(scenario: Scenario, demands: frozenset[int]) -> Iterator[Trips]:
    """Every way to serve demands in one trip or two, one stop for each, that a truck can carry.

    Not those with two stops at one site one after the other: the solver makes one stop of them,
    which is quicker but must keep the windows of both demands.
    """
    for order in itertools.permutations(sorted(demands)):
        for cut in range(max(1, len(order))):
            trips = (order[:cut], order[cut:]) if cut else (order,)
            sites = [[scenario.demands[n].site for n in trip] for trip in trips]
            if all(
                sum(scenario.demands[n].quantity for n in trip) <= 10 for trip in trips
            ) and not any(a == b for row in sites for a, b in itertools.pairwise(row)):
                yield trips


def deeds_of(scenario: Scenario, trips: Trips) -> tuple[list[Deed], int]:
    """What a convoy does one after the other, and how long it drives; empty for no demand."""
    table = scenario.matrices[0]
    index = {site: i for i, site in enumerate(table.sites)}
    deeds: list[Deed] = []
    driven, home_s = 0, 0
    for trip in (trip for trip in trips if trip):
        deeds.append(("load", home_s, LOADING_S, None))
        here = "B"
        for n in trip:
            site = scenario.demands[n].site
            leg_s = table.time_s[index[here]][index[site]] or 0
            deeds.append((site, leg_s, HANDLING_S + 1, n))
            driven += leg_s
            here = site
        home_s = table.time_s[index[here]][index["B"]] or 0
        driven += home_s
    return deeds, driven


def lateness(scenario: Scenario, deeds: Sequence[Sequence[Deed]], order: Sequence[int]) -> int:
    """Lateness if the convoys get their places in this order; -1 where a window is missed."""
    start = scenario.horizon.start
    now, done, free = [0, 0], [0, 0], {"load": 0, "S1": 0, "S2": 0}
    late = 0
    for convoy in order:
        where, way_s, stay_s, n = deeds[convoy][done[convoy]]
        begin = max(now[convoy] + way_s, free[where])
        if n is not None:
            demand = scenario.demands[n]
            for window in demand.windows:
                begin = max(begin, seconds_since(start, window.start))
                if begin > seconds_since(start, window.end):
                    return -1
            if demand.due is not None:
                late += max(0, begin - seconds_since(start, demand.due))
        now[convoy] = free[where] = begin + stay_s
        done[convoy] += 1
    return late


def exhaustive(scenario: Scenario) -> tuple[float, ...]:
    """The best score of whole demands: undelivered by priority, lateness, driving time."""
    everything = frozenset(range(len(scenario.demands)))
    best: tuple[float, ...] | None = None
    for owners in itertools.product((None, 0, 1), repeat=len(everything)):
        mine = [frozenset(n for n in everything if owners[n] == convoy) for convoy in (0, 1)]
        missing = [
            1000.0
            * sum(
                scenario.demands[n].quantity
                for n in everything
                if owners[n] is None and scenario.demands[n].priority == priority
            )
            for priority in sorted({d.priority for d in scenario.demands})
        ]
        if best is not None and tuple(missing) > best[: len(missing)]:
            continue
        ways = [list(trips_of(scenario, demands)) for demands in mine]
        for pair in itertools.product(*ways):
            (one, driven), (other, driven_too) = (deeds_of(scenario, trips) for trips in pair)
            for turns in itertools.combinations(range(len(one) + len(other)), len(one)):
                order = [1] * (len(one) + len(other))
                for turn in turns:
                    order[turn] = 0
                late = lateness(scenario, (one, other), order)
                score = (*missing, late, driven + driven_too)
                if late >= 0 and (best is None or score < best):
                    best = score
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(16))
def test_no_worse_than_every_order_of_the_convoys(
    seed: int,
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    at: Callable[[int], str],
) -> None:
    scenario = random_case(seed, scenario_of, at)
    metrics = planned(scenario, iterations=240).metrics
    score = (
        *metrics.undelivered_kg_by_priority.values(),
        metrics.lateness_s,
        metrics.travel_s,
    )
    # Several demands at one stop, and parts of demands, can only make it better.
    assert score <= exhaustive(scenario)
