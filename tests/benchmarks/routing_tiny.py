"""Instances of three or four customers, one a family, with what the best solution is worth."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.routing.evaluate import Evaluation
from benchmarks.routing.instance import Instance, Place, Vehicle

#: Customers 30 and 40 from the depot, at right angles: 50 from each other, 120 around.
CORNER = (Place(0, 0), Place(30, 0, 4), Place(0, 40, 5))
BOTH = (Vehicle(0, 10), Vehicle(0, 10))

_CVRP = Instance("cvrp", "cvrp", CORNER, 1, BOTH)
#: Whoever goes to 1 first is too late at 2, and the other way round, so each is served alone.
_APART = replace(
    _CVRP,
    name="solomon",
    kind="solomon",
    places=tuple(
        replace(place, ready=ready, due=due)
        for place, (ready, due) in zip(CORNER, ((0, 200), (0, 40), (0, 50)), strict=True)
    ),
)
#: Two vehicles would go as far as one, so that only their number tells the best solution.
_FEWER = Instance(
    "homberger",
    "homberger",
    (Place(0, 0, due=500), Place(30, 0, 4, due=500, service=5), Place(-30, 0, 5, due=500)),
    1,
    BOTH,
)
#: A small vehicle is cheap to use and dear to drive: the large one takes both for 60 + 120,
#: two small ones would cost 2 * 20 + 2 * 140.
_MIXED = Instance(
    "hfvrp",
    "hfvrp",
    CORNER,
    1,
    (Vehicle(0, 5, 20, 2), Vehicle(0, 5, 20, 2), Vehicle(0, 9, 60, 1)),
)
#: Each depot has a customer near by.
_DEPOTS = Instance(
    "mdvrptw",
    "mdvrptw",
    (
        Place(0, 0, due=1000),
        Place(500, 0, due=1000),
        Place(10, 0, 5, ready=100, due=200, service=10),
        Place(490, 0, 5, ready=100, due=200, service=10),
    ),
    2,
    (Vehicle(0, 10, duration_max=100), Vehicle(1, 10, duration_max=100)),
)
#: The first vehicle may not go to 2, and the round of 120 is too long for the second.
_SITES = Instance(
    "sdvrptw",
    "sdvrptw",
    tuple(replace(place, due=500) for place in CORNER),
    1,
    (
        Vehicle(0, 10, allowed=frozenset({1}), duration_max=100),
        Vehicle(0, 10, allowed=frozenset({1, 2}), duration_max=100),
    ),
)
#: One vehicle, two full loads, the second of them there at 80.
_TRIPS = Instance(
    "mtvrptwr",
    "mtvrptwr",
    (Place(0, 0, due=200), Place(30, 0, 10, due=200), Place(0, 40, 10, release=80, due=120)),
    1,
    (Vehicle(0, 10, reloads=(0,)),),
)
#: The way to 2 is worth its prize of 70 once at 1, the way to 3 not its prize of 15.
_PRIZES = Instance(
    "pcvrptw",
    "pcvrptw",
    (
        Place(0, 0, due=500),
        Place(30, 0, 4, due=500, prize=90),
        Place(0, 40, 5, due=500, prize=70),
        Place(-100, 0, 1, due=500, prize=15),
    ),
    1,
    BOTH,
)
#: Both pairs by one vehicle, one after the other, for want of room.
_PAIRS = Instance(
    "pdptw",
    "pdptw",
    (
        Place(0, 0, due=500),
        Place(30, 0, 6, due=500),
        Place(0, 40, -6, due=500),
        Place(30, 0, 6, due=500),
        Place(0, 40, -6, due=500),
    ),
    1,
    BOTH,
    ((1, 2), (3, 4)),
)

TINY = {
    "cvrp": (_CVRP, Evaluation(120, 1)),
    # 60 + 80.
    "solomon": (_APART, Evaluation(140, 2)),
    # 30 + 60 + 30, by one vehicle; by two it would be as long.
    "homberger": (_FEWER, Evaluation(120, 1)),
    "hfvrp": (_MIXED, Evaluation(180, 1)),
    # 20 from each.
    "mdvrptw": (_DEPOTS, Evaluation(40, 2)),
    "sdvrptw": (_SITES, Evaluation(140, 2)),
    "mtvrptwr": (_TRIPS, Evaluation(140, 1)),
    # 120, and the prize of 3.
    "pcvrptw": (_PRIZES, Evaluation(135, 1)),
    # To the first pickup, its delivery, back to the second pickup, its delivery, home.
    "pdptw": (_PAIRS, Evaluation(30 + 3 * 50 + 40, 1)),
}
