"""Each rule of a plan binds: the smallest case in which it decides what is delivered and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

#: Base and two sites, each 30 minutes and 30 km from the others.
TRIANGLE = [[0, 30, 30], [30, 0, 30], [30, 30, 0]]
PAIR = [[0, 30], [30, 0]]


def undelivered(plan: Any) -> dict[str, int]:
    return {item.demand: item.quantity for item in plan.undelivered}


def stock(**units: int) -> list[dict[str, Any]]:
    goods = [{"good": good, "quantity": quantity} for good, quantity in units.items()]
    return [{"site": "B", "loading_min": 0, "stock": goods}]


def test_stock_is_shared_by_all_convoys(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Two trucks could bring 6 + 6, but the base holds 8: the more important demand is served in
    # full and the other gets what is left.
    demands = [
        {"site": "S1", "quantity": 6, "priority": 2},
        {"site": "S2", "quantity": 6, "priority": 1},
    ]
    fleet = [{"type": "truck", "base": "B", "count": 2}]
    plan = planned(scenario_of(TRIANGLE, demands, fleet=fleet, bases=stock(crate=8)))
    assert undelivered(plan) == {"D1": 4}


def test_fuel_is_drawn_from_the_stock_that_is_delivered(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # There and back is 60 km at 50 l per 100 km: 30 l. Of 100 l, 70 l can be brought.
    tanker = {
        "id": "tanker",
        "mobility": "wheels",
        "fuel": "diesel",
        "fuel_l_per_100km": 50,
        "compartments": [{"id": "tank", "kind": "tank", "capacity_kg": 1000}],
    }
    demands = [{"site": "S1", "good": "diesel", "quantity": 100}]
    fleet = [{"type": "tanker", "base": "B"}]
    plan = planned(scenario_of(PAIR, demands, types=[tanker], fleet=fleet, bases=stock(diesel=100)))
    assert undelivered(plan) == {"D1": 30}
    assert plan.routes[0].trips[0].fuel_l == {"diesel": 30}


def test_fuel_couples_convoys(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # 30 l a trip and 50 l in stock: only one of the two trips can be driven.
    truck = {
        "id": "thirsty",
        "mobility": "wheels",
        "fuel": "diesel",
        "fuel_l_per_100km": 50,
        "compartments": [{"id": "bed", "capacity_kg": 10_000}],
    }
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (3, 2)]
    fleet = [{"type": "thirsty", "base": "B", "count": 2}]
    plan = planned(
        scenario_of(PAIR, demands, types=[truck], fleet=fleet, bases=stock(crate=99, diesel=50))
    )
    assert undelivered(plan) == {"D1": 10}


def test_range_counts_for_each_trip(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # 100 km on one filling: one trip to both sites is 90 km, but 12 t need two trips of 60 km.
    near = {
        "id": "near",
        "mobility": "wheels",
        "range_km": 100,
        "compartments": [{"id": "bed", "capacity_kg": 10_000}],
    }
    demands = [{"site": "S1", "quantity": 6}, {"site": "S2", "quantity": 6}]
    fleet = [{"type": "near", "base": "B"}]
    plan = planned(scenario_of(TRIANGLE, demands, types=[near], fleet=fleet))
    assert undelivered(plan) == {}
    assert len(plan.routes[0].trips) == 2
    # With 80 km the way over both sites is too long even for a small load.
    small = [demand | {"quantity": 1} for demand in demands]
    short = planned(scenario_of(TRIANGLE, small, types=[near | {"range_km": 80}], fleet=fleet))
    assert undelivered(short) == {}
    assert len(short.routes[0].trips) == 2


def test_shift_counts_from_the_first_loading_to_the_last_end(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Three trips of an hour; a shift of 2 h 10 min has room for two of them.
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (1, 2, 3)]
    plan = planned(scenario_of(PAIR, demands, rules={"shift_h": 2 + 1 / 6}))
    assert undelivered(plan) == {"D3": 10}


def test_trips_are_limited(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (1, 2, 3)]
    plan = planned(scenario_of(PAIR, demands, rules={"trips_max": 2}))
    assert undelivered(plan) == {"D3": 10}


def test_loading_takes_its_time_before_every_trip(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Two trips of 60 minutes with 40 minutes of loading before each.
    bases = stock(crate=99)
    bases[0]["loading_min"] = 40
    plan = planned(scenario_of(PAIR, [{"site": "S1", "quantity": 20}], bases=bases))
    first, second = plan.routes[0].trips
    assert (first.end - first.loading_start).total_seconds() // 60 == 100
    assert (second.depart - second.loading_start).total_seconds() == 40 * 60
    assert second.loading_start >= first.end


def test_any_of_several_windows_will_do(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # The site is open at 0:10 to 0:20, too early to be reached, and from 2:00 to 2:10.
    windows = [{"start": at(a), "end": at(b)} for a, b in ((10, 20), (120, 130))]
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], site={"S1": {"windows": windows}}))
    [stop] = plan.routes[0].trips[0].stops
    assert stop.start.isoformat() == at(120)
    # It leaves late rather than wait at the site, but for a quarter of an hour of reserve.
    assert stop.wait_s == 900


def test_windows_of_a_demand_go_before_those_of_its_site(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    demand = {"site": "S1", "windows": [{"start": at(300), "end": at(310)}]}
    closed = {"S1": {"windows": [{"start": at(0), "end": at(5)}]}}
    plan = planned(scenario_of(PAIR, [demand], site=closed))
    assert undelivered(plan) == {}
    assert plan.routes[0].trips[0].stops[0].start.isoformat() == at(300)


def test_two_demands_of_a_stop_need_a_window_in_common(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # Windows do not meet: two stops, on two trips, as a stop has one start.
    demands = [
        {"site": "S1", "windows": [{"start": at(60), "end": at(70)}]},
        {"site": "S1", "windows": [{"start": at(200), "end": at(210)}]},
    ]
    plan = planned(scenario_of(PAIR, demands))
    assert undelivered(plan) == {}
    starts = [stop.start.isoformat() for trip in plan.routes[0].trips for stop in trip.stops]
    assert starts == [at(60), at(200)]


def test_a_convoy_leaves_and_returns_while_it_is_available(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    fleet = [{"type": "truck", "base": "B", "available": {"start": at(60), "end": at(130)}}]
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (1, 2)]
    plan = planned(scenario_of(PAIR, demands, fleet=fleet))
    assert undelivered(plan) == {"D2": 10}
    [trip] = plan.routes[0].trips
    assert trip.loading_start.isoformat() >= at(60)
    assert trip.end.isoformat() <= at(130)


def test_a_base_is_left_and_reached_while_it_is_open(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    site = {"B": {"windows": [{"start": at(60), "end": at(125)}]}}
    demands = [{"site": "S1", "quantity": 10, "priority": p} for p in (1, 2)]
    plan = planned(scenario_of(PAIR, demands, site=site))
    assert undelivered(plan) == {"D2": 10}


def test_goods_that_are_apart_go_on_two_trips_or_two_vehicles(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    rules = {"apart": [{"goods": ["crate", "tin"]}]}
    demands = [{"site": "S1", "good": good} for good in ("crate", "tin")]
    alone = planned(scenario_of(PAIR, demands, rules=rules))
    assert undelivered(alone) == {}
    assert len(alone.routes[0].trips) == 2
    # A convoy of two trucks carries both at once, each on a truck of its own.
    fleet = [{"type": "truck", "base": "B", "count": 2}]
    convoys = [{"id": "ALPHA", "vehicles": ["B-truck-01", "B-truck-02"]}]
    both = planned(scenario_of(PAIR, demands, rules=rules, fleet=fleet, convoys=convoys))
    [trip] = both.routes[0].trips
    assert len({(item.vehicle, item.good) for item in trip.load}) == 2
    assert len({item.vehicle for item in trip.load}) == 2


def test_only_admitted_classes_go_to_a_site(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    fleet = [{"type": "truck", "base": "B"}, {"type": "mule", "base": "B"}]
    mule = {
        "id": "mule",
        "mobility": "tracks",
        "compartments": [{"id": "bed", "capacity_kg": 10_000}],
    }
    scenario = scenario_of(
        PAIR, [{"site": "S1"}], fleet=fleet, types=[mule], site={"S1": {"reached_by": ["tracks"]}}
    )
    # Tracks need the same way twice as long; the truck would be the better choice.
    slow = scenario.matrices[0].model_copy(
        update={"mobility": "tracks", "time_s": ((0, 3600), (3600, 0))}
    )
    plan = planned(scenario.model_copy(update={"matrices": (*scenario.matrices, slow)}))
    assert [route.convoy for route in plan.routes] == ["C-B-mule-01"]


def test_a_demand_larger_than_a_vehicle_is_split(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    fleet = [{"type": "truck", "base": "B", "count": 3}]
    plan = planned(
        scenario_of(PAIR, [{"site": "S1", "quantity": 25}], fleet=fleet, rules={"trips_max": 1})
    )
    assert undelivered(plan) == {}
    dropped = [
        sum(drop.quantity for trip in route.trips for stop in trip.stops for drop in stop.drops)
        for route in plan.routes
    ]
    assert sum(dropped) == 25
    assert max(dropped) <= 10


def test_a_higher_priority_is_never_given_up_for_any_amount_of_a_lower_one(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # One trip: 1 t far away of priority 1, or 10 t close by of priority 9.
    minutes = [[0, 5, 50], [5, 0, 50], [50, 50, 0]]
    demands = [
        {"site": "S1", "quantity": 10, "priority": 9},
        {"site": "S2", "quantity": 1, "priority": 1},
    ]
    plan = planned(scenario_of(minutes, demands, rules={"shift_h": 1.7}))
    assert undelivered(plan) == {"D1": 10}


def test_time_contingency_stretches_every_leg(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], time_contingency=0.25))
    # 30 minutes and a quarter of it.
    assert {leg.travel_s for leg in plan.routes[0].trips[0].legs} == {2250}


def test_handling_begins_when_the_tail_of_a_convoy_is_in(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Two trucks of 8 m with 100 m between them: 116 m at 30 km/h are 13.92 s, rounded up.
    fleet = [{"type": "truck", "base": "B", "count": 2}]
    convoys = [{"id": "ALPHA", "vehicles": ["B-truck-01", "B-truck-02"]}]
    plan = planned(
        scenario_of(PAIR, [{"site": "S1", "quantity": 12}], fleet=fleet, convoys=convoys)
    )
    [trip] = plan.routes[0].trips
    [stop] = trip.stops
    assert (stop.start - stop.arrive).total_seconds() == 14
    assert (trip.end - trip.legs[-1].arrive).total_seconds() == 14
    # 12 crates go evenly on two trucks.
    assert Counter(item.quantity for item in trip.load) == {6: 2}


@pytest.mark.parametrize(
    ("good", "limit", "fits"),
    [
        # 10.3 kg a case: 970 of them are 9,991 kg, 971 are 10,001.3 kg.
        ({"unit_mass_kg": 10.3}, {}, 970),
        # 3 l each into 1,000 l: 333.
        ({"unit_mass_kg": 1, "unit_volume_l": 3}, {"capacity_l": 1000}, 333),
        # 48 a pallet, four pallets: exactly 192, although 1/48 is no decimal number.
        ({"unit_mass_kg": 10.3, "units_per_pallet": 48}, {"pallets": 4}, 192),
    ],
)
def test_no_compartment_holds_more_than_its_mass_volume_or_pallets(
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    good: dict[str, Any],
    limit: dict[str, Any],
    fits: int,
) -> None:
    box = {"id": "box", "label_en": "box", "label_fr": "caisse", "unit": "each"} | good
    van = {
        "id": "van",
        "mobility": "wheels",
        "compartments": [{"id": "bed", "capacity_kg": 10_000} | limit],
    }
    scenario = scenario_of(
        PAIR,
        [{"site": "S1", "good": "box", "quantity": 2000}],
        goods=[box],
        types=[van],
        fleet=[{"type": "van", "base": "B"}],
        bases=stock(box=5000),
        rules={"trips_max": 1},
    )
    assert undelivered(planned(scenario)) == {"D1": 2000 - fits}


def test_goods_go_into_compartments_of_their_kind(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # 4 t of crates on the bed and 3 t of diesel in the tank, on one trip.
    mixed = {
        "id": "mixed",
        "mobility": "wheels",
        "compartments": [
            {"id": "bed", "capacity_kg": 4000},
            {"id": "tank", "kind": "tank", "capacity_kg": 3000},
        ],
    }
    demands = [
        {"site": "S1", "good": "crate", "quantity": 5},
        {"site": "S1", "good": "diesel", "quantity": 3500},
    ]
    plan = planned(
        scenario_of(
            PAIR,
            demands,
            types=[mixed],
            fleet=[{"type": "mixed", "base": "B"}],
            bases=stock(crate=9, diesel=9000),
            rules={"trips_max": 1},
        )
    )
    assert undelivered(plan) == {"D1": 1, "D2": 500}


def test_demands_of_one_stop_share_the_fixed_part_of_handling(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    site = {"S1": {"handling_fixed_min": 10, "handling_kg_per_min": 100}}
    demands = [{"site": "S1", "quantity": 1}, {"site": "S1", "good": "tin", "quantity": 2}]
    plan = planned(scenario_of(PAIR, demands, site=site))
    [stop] = plan.routes[0].trips[0].stops
    # 10 min once, then 1 t and 2 t at 100 kg a minute.
    assert stop.handling_s == (10 + 10 + 20) * 60


def test_what_is_due_is_served_first(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # Both ways round take 90 minutes; only one of them keeps the due time of S2.
    demands = [{"site": "S1"}, {"site": "S2", "due": at(35)}]
    plan = planned(scenario_of(TRIANGLE, demands))
    assert plan.metrics.lateness_s == 0
    assert [stop.site for stop in plan.routes[0].trips[0].stops] == ["S2", "S1"]


def test_the_declared_order_of_objectives_decides(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # One truck takes 90 minutes for both sites, two trucks 60 each: more driving, or more vehicles.
    minutes = [[0, 30, 30], [30, 0, 58], [30, 58, 0]]
    demands = [{"site": "S1"}, {"site": "S2"}]
    fleet = [{"type": "truck", "base": "B", "count": 2}]
    rules = {"trips_max": 1}
    few = planned(
        scenario_of(
            minutes, demands, fleet=fleet, rules=rules, objectives=["undelivered", "vehicles"]
        )
    )
    assert few.metrics.vehicles == 1
    exposed = scenario_of(
        minutes,
        demands,
        fleet=fleet,
        rules=rules,
        objectives=["undelivered", "exposure", "vehicles"],
    )
    # Only the way between the two sites is under observation.
    table = exposed.matrices[0].model_copy(
        update={"exposure_milli": ((0, 0, 0), (0, 0, 900), (0, 900, 0))}
    )
    safe = planned(exposed.model_copy(update={"matrices": (table,)}))
    assert (safe.metrics.exposure_milli, safe.metrics.vehicles) == (0, 2)


def test_a_demand_at_the_base_itself_is_served(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    plan = planned(scenario_of(PAIR, [{"site": "B", "quantity": 3}, {"site": "S1"}]))
    assert undelivered(plan) == {}


def test_an_objective_before_undelivered_comes_first(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = scenario_of(
        TRIANGLE,
        [{"site": "S1"}, {"site": "S2"}],
        objectives=["exposure", "undelivered"],
    )
    table = scenario.matrices[0].model_copy(
        update={"exposure_milli": ((0, 5, 0), (5, 0, 5), (0, 5, 0))}
    )
    plan = planned(scenario.model_copy(update={"matrices": (table,)}))
    assert undelivered(plan) == {"D1": 1}
    assert plan.metrics.exposure_milli == 0


def test_a_convoy_that_is_never_available_is_no_obstacle(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan], at: Callable[[int], str]
) -> None:
    # The base opens only after the second truck is gone.
    fleet = [
        {"type": "truck", "base": "B"},
        {"type": "truck", "base": "B", "available": {"start": at(0), "end": at(30)}},
    ]
    site = {"B": {"windows": [{"start": at(60), "end": at(600)}]}}
    plan = planned(scenario_of(PAIR, [{"site": "S1"}], fleet=fleet, site=site))
    assert [route.convoy for route in plan.routes] == ["C-B-truck-01"]
