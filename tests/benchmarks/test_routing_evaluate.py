"""A solution is judged from the instance as read; what breaks a rule is refused and named."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.routing.convention import DIMACS, DOUBLES, EXACT, INTEGER
from benchmarks.routing.evaluate import Evaluation, InfeasibleError, evaluate
from benchmarks.routing.instance import Instance, Place, Route, Vehicle

CORNER = (Place(0, 0), Place(30, 0, 4), Place(0, 40, 5))


def corner(kind: str = "cvrp", **vehicle: object) -> Instance:
    one = Vehicle(0, 10, **vehicle)  # type: ignore[arg-type]
    return Instance("corner", kind, CORNER, 1, (one, one))


def timed(*windows: tuple[float, float], **vehicle: object) -> Instance:
    """Give each place of the corner a window."""
    places = tuple(
        replace(place, ready=ready, due=due)
        for place, (ready, due) in zip(CORNER, windows, strict=True)
    )
    return replace(corner("mdvrptw", **vehicle), places=places)


def both(*trips: tuple[int, ...]) -> list[Route]:
    return [Route(0, trips or ((1, 2),))]


def test_a_route_costs_its_way_there_and_back() -> None:
    # 30 + 50 + 40, and twice 30 and 40 with a vehicle each.
    assert evaluate(corner(), both()) == Evaluation(120, 1)
    apart = [Route(0, ((1,),)), Route(1, ((2,),))]
    assert evaluate(corner(), apart) == Evaluation(140, 2)
    assert evaluate(corner(fixed=7, per_distance=2), apart) == Evaluation(2 * 140 + 2 * 7, 2)


def test_each_convention_counts_ways_in_its_own_parts() -> None:
    # The diagonal of a square of 1 is 1.41421..., there and back.
    instance = Instance("one", "cvrp", (Place(0, 0), Place(1, 1, 1)), 1, (Vehicle(0, 1),))
    told = {c.name: evaluate(instance, both((1,)), c).cost for c in (INTEGER, DIMACS, EXACT)}
    assert told == {"integer": 2, "dimacs": 2.8, "exact": 2.828}
    assert evaluate(instance, both((1,)), DOUBLES).cost == pytest.approx(2 * math.sqrt(2))


@given(st.floats(0, 1e6), st.sampled_from([INTEGER, DIMACS, EXACT, DOUBLES]))
def test_what_a_search_counts_is_never_less_than_what_is_judged(
    value: float, convention: object
) -> None:
    counted = convention.counted(value)  # type: ignore[attr-defined]
    searched = convention.searched(value)  # type: ignore[attr-defined]
    assert counted <= searched <= counted + 1
    if convention is not DOUBLES:
        assert searched == counted


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        ([Route(0, ((1,),))], "1 of 2 customers are not visited, the first of them 2"),
        ([Route(0, ((1, 2, 1),))], "customer 1 is visited 2 times"),
        ([Route(0, ((1, 2, 0),))], "0 is not a customer"),
        ([Route(2, ((1, 2),))], "there is no vehicle 3"),
        ([Route(0, ((1,),)), Route(0, ((2,),))], "vehicle 1 has 2 routes"),
        ([Route(0, ((1,), (2,)))], "loads again, which it may not"),
        ([Route(0, ((1,), (), (2,)))], "makes a trip to nobody"),
    ],
)
def test_visits_that_break_a_rule_are_refused(routes: list[Route], told: str) -> None:
    with pytest.raises(InfeasibleError, match=told):
        evaluate(corner(), routes)


def test_a_load_above_the_capacity_and_a_customer_that_is_not_allowed_are_refused() -> None:
    small = replace(corner(), vehicles=(Vehicle(0, 8), Vehicle(0, 8)))
    with pytest.raises(InfeasibleError, match="carries 9, above 8"):
        evaluate(small, both())
    with pytest.raises(InfeasibleError, match="visits 2, which it may not"):
        evaluate(corner(allowed=frozenset({1})), both())


def test_a_window_is_kept_by_when_service_begins() -> None:
    # At 1 at 30, at 2 at 80, back at 120.
    assert evaluate(timed((0, 120), (0, 30), (80, 80)), both()).cost == 120
    for windows, told in (
        (((0, 120), (0, 30), (0, 79)), r"is at 2 at 80000, after 79000"),
        (((0, 119), (0, 30), (0, 80)), r"is at 0 at 120000, after 119000"),
        (((1, 200), (0, 30), (0, 90)), r"is at 1 at 31000, after 30000"),
        # Waits at 1 until 31.
        (((0, 200), (31, 40), (0, 80)), r"is at 2 at 81000, after 80000"),
    ):
        with pytest.raises(InfeasibleError, match=told):
            evaluate(timed(*windows), both())


def test_the_least_duration_counts_waiting_that_a_later_start_does_not_spare() -> None:
    # Leaving at 10 is at 1 at 40 as it closes; 2 opens at 200 and ends at 240: 230 in all.
    windows = ((0, 300), (0, 40), (200, 300))
    assert evaluate(timed(*windows, duration_max=230), both()).cost == 120
    with pytest.raises(InfeasibleError, match="takes 230000 at least, above 229000"):
        evaluate(timed(*windows, duration_max=229), both())
    # The other way round nobody waits: at 2 at 200, at 1 at 250, back at 280 after 120.
    late = ((0, 300), (0, 300), (200, 300))
    assert evaluate(timed(*late, duration_max=120), both((2, 1))).cost == 120


def test_a_second_trip_begins_when_what_it_brings_is_there() -> None:
    places = (
        Place(0, 0, due=200),
        Place(30, 0, 10, due=200),
        Place(0, 40, 10, release=80, due=120),
    )
    instance = Instance("two", "mtvrptwr", places, 1, (Vehicle(0, 10, reloads=(0,)),))
    # Back at 60, away at 80, at 2 at 120: just in time, and a tenth later is too late.
    assert evaluate(instance, both((1,), (2,))).cost == 140
    later = replace(instance, places=(*places[:2], replace(places[2], release=80.1)))
    with pytest.raises(InfeasibleError, match="is at 2 at 1201, after 1200"):
        evaluate(later, both((1,), (2,)))


def test_who_is_not_visited_costs_the_prize() -> None:
    places = (*CORNER[:2], replace(CORNER[2], prize=15))
    instance = replace(corner("pcvrptw"), places=places)
    # 30 there and back.
    assert evaluate(instance, both((1,))) == Evaluation(60 + 15, 1)
    assert evaluate(instance, both()) == Evaluation(120, 1)


def test_what_is_picked_up_is_delivered_later_by_the_same_vehicle() -> None:
    places = (Place(0, 0), Place(30, 0, 6), Place(0, 40, -6), Place(30, 0, 6), Place(0, 40, -6))
    pairs = ((1, 2), (3, 4))
    instance = Instance("pairs", "pdptw", places, 1, (Vehicle(0, 10),) * 2, pairs)
    # 30 to the pickup, 50 to the delivery and twice between, 40 home.
    assert evaluate(instance, both((1, 2, 3, 4))).cost == 30 + 3 * 50 + 40
    for routes, told in (
        (both((2, 1, 3, 4)), "delivers at 2 before it picks up"),
        ([Route(0, ((1, 4),)), Route(1, ((2, 3),))], "visits one of 1 and 2, not both"),
        (both((1, 3, 2, 4)), "carries 12, above 10"),
    ):
        with pytest.raises(InfeasibleError, match=told):
            evaluate(instance, routes)
