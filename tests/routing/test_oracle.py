"""On tiny cases the plan is at least as good as the best of every way to serve whole demands."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.units import seconds_since


def random_case(seed: int, make: Callable[..., Scenario], at: Callable[[int], str]) -> Scenario:
    """Two convoys, one or two bases, four demands; stock, windows or shift bind now and then."""
    rng = random.Random(seed)
    places = [(rng.randint(0, 40), rng.randint(0, 40)) for _ in range(6)]
    minutes = [[math.ceil(math.dist(a, b)) for b in places] for a in places]
    two_bases = rng.random() < 0.5
    names = ["B", "C", "S1", "S2", "S3", "S4"]
    demands = []
    for number in range(1, 5):
        demand = {
            "site": f"S{number}",
            "quantity": rng.randint(1, 7),
            "priority": rng.randint(1, 2),
        }
        if rng.random() < 0.4:
            opening = rng.randint(0, 120)
            demand["windows"] = [{"start": at(opening), "end": at(opening + 60)}]
        if rng.random() < 0.3:
            demand["due"] = at(rng.randint(20, 90))
        demands.append(demand)
    return make(
        minutes,
        demands,
        sites=names,
        fleet=[
            {"type": "truck", "base": "B"},
            {"type": "truck", "base": "C" if two_bases else "B"},
        ],
        bases=[
            {"site": base, "loading_min": 5, "stock": [{"good": "crate", "quantity": stock}]}
            for base, stock in (("B", rng.choice([8, 12, 40])), ("C", rng.choice([4, 40])))
        ],
        rules={"shift_h": rng.choice([2, 3, 12]), "trips_max": 2},
    )


def orders_of(demands: frozenset[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to serve demands in one trip or two."""
    for order in itertools.permutations(sorted(demands)):
        for cut in range(len(order)):
            yield (order,) if cut == 0 else (order[:cut], order[cut:])


def route_cost(
    scenario: Scenario, base: str, trips: Sequence[Sequence[int]]
) -> tuple[int, int] | None:
    """Lateness and driving time of a route by its own few lines; None where a rule is broken."""
    table = scenario.matrices[0]
    index = {site: i for i, site in enumerate(table.sites)}
    start = scenario.horizon.start
    windows = {
        n: [(seconds_since(start, w.start), seconds_since(start, w.end)) for w in d.windows]
        or [(0, 24 * 3600)]
        for n, d in enumerate(scenario.demands)
    }
    best = None
    # The shift counts from the first loading, so every useful first loading is tried.
    for begin in range(0, 4 * 3600, 60):
        now, late, driven = begin, 0, 0
        for trip in trips:
            if sum(scenario.demands[n].quantity for n in trip) > 10:
                return None
            now += 5 * 60
            here = base
            for n in trip:
                demand = scenario.demands[n]
                leg = table.time_s[index[here]][index[demand.site]]
                driven += leg
                now = max(now + leg, windows[n][0][0])
                if now > windows[n][0][1]:
                    break
                if demand.due is not None:
                    late += max(0, now - seconds_since(start, demand.due))
                # 1 t at 1e9 kg a minute is one second, rounded up.
                now += 1
                here = demand.site
            else:
                leg = table.time_s[index[here]][index[base]]
                now += leg
                driven += leg
                continue
            break
        else:
            if now - begin <= scenario.rules.shift_h * 3600 and (
                best is None or (late, driven) < best
            ):
                best = (late, driven)
    return best


def exhaustive(scenario: Scenario) -> tuple[float, ...]:
    """The best score of whole demands: undelivered by priority, lateness, driving time."""
    bases = [entry.base for entry in scenario.fleet]
    stock = {base.site: base.stock[0].quantity for base in scenario.bases}
    priorities = sorted({d.priority for d in scenario.demands})
    everything = range(len(scenario.demands))
    costs: dict[tuple[str, frozenset[int]], tuple[int, int] | None] = {}
    for base in set(bases):
        for size in range(len(scenario.demands) + 1):
            for chosen in map(frozenset, itertools.combinations(everything, size)):
                found = [route_cost(scenario, base, trips) for trips in orders_of(chosen)]
                known = [cost for cost in found if cost is not None]
                costs[base, chosen] = (0, 0) if not chosen else min(known, default=None)
    best = None
    for owners in itertools.product((None, 0, 1), repeat=len(scenario.demands)):
        late = driven = 0
        used = dict.fromkeys(stock, 0)
        for convoy, base in enumerate(bases):
            mine = frozenset(n for n in everything if owners[n] == convoy)
            cost = costs[base, mine]
            if cost is None:
                break
            late += cost[0]
            driven += cost[1]
            used[base] += sum(scenario.demands[n].quantity for n in mine)
        else:
            if any(used[base] > stock[base] for base in stock):
                continue
            missing = [
                1000.0
                * sum(
                    scenario.demands[n].quantity
                    for n in everything
                    if owners[n] is None and scenario.demands[n].priority == p
                )
                for p in priorities
            ]
            score = (*missing, late, driven)
            if best is None or score < best:
                best = score
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(16))
def test_no_worse_than_every_way_to_serve_whole_demands(
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
    # Parts of demands can only make it better, as whole demands are among the choices.
    assert score <= exhaustive(scenario)
