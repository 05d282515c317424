"""The benchmark of plans that go on from the one before, on a small scenario."""

from __future__ import annotations

from benchmarks.routing.resupply.again import SHARE, compared, roads_of, without
from optimizer.generate.generate import generate_scenario
from optimizer.generate.wish import Wish
from optimizer.network.of_scenario import ground_of
from optimizer.routing import SolveOptions, solve
from optimizer.terrain.theatre import find_theatre


def test_a_road_is_lost_and_both_plans_go_round_it() -> None:
    theatre = find_theatre("sarvenne")
    assert theatre is not None
    scenario = generate_scenario(theatre, Wish(sites=4, vehicles=2, seed=1))
    options = SolveOptions(iterations=20)
    before = solve(scenario, ground_of(scenario, theatre), options=options)
    road = roads_of(before)[0]
    # `compared` verifies both; the verifier refuses whoever drives on the road.
    line = compared("small", scenario, theatre, before, (road, 1, 1.0))
    assert (line.road, line.warm_s, line.cold_s) == (road, SHARE, 1.0)
    assert line.better in {"warm", "cold", "tie"}
    assert (line.level == "tie") == (line.warm == line.cold)
    assert without(scenario, road).changes[-1].road == road
