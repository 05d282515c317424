"""Vehicles that are never there, homes that name no class, windows on a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30], [30, 0]]
YESTERDAY = {"start": "2026-06-14T06:00:00+00:00", "end": "2026-06-14T12:00:00+00:00"}


def test_a_fleet_that_is_never_there_is_a_matter_of_time_not_of_compartments(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    fleet = [{"type": "truck", "base": "B", "available": YESTERDAY}]
    plan = planned(scenario_of(MINUTES, [{"site": "S1"}], fleet=fleet), iterations=10)
    assert [reason.code for reason in plan.undelivered[0].reasons] == ["window"]


def test_a_base_that_never_opens_is_a_matter_of_time(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = scenario_of(MINUTES, [{"site": "S1"}], site={"B": {"windows": [YESTERDAY]}})
    plan = planned(scenario, iterations=10)
    assert [reason.code for reason in plan.undelivered[0].reasons] == ["window"]


def test_a_convoy_is_at_home_at_its_base_whatever_may_come_there(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    scenario = scenario_of(MINUTES, [{"site": "S1"}], site={"B": {"reached_by": ["foot"]}})
    assert planned(scenario, iterations=10).undelivered == ()


def test_an_opening_on_a_fraction_of_a_second_is_rounded_up_by_solver_and_verifier(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    window = {"start": "2026-06-15T08:00:00.5+00:00", "end": "2026-06-15T09:00:00+00:00"}
    plan = planned(scenario_of(MINUTES, [{"site": "S1", "windows": [window]}]), iterations=10)
    # Half past seven is the latest departure for eight; the first whole second after is 08:00:01.
    assert plan.routes[0].trips[0].stops[0].start.isoformat() == "2026-06-15T08:00:01+00:00"


def test_who_is_never_there_makes_no_site_reachable(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # The truck is cut off; the mule, which is not, was there yesterday.
    table = {"mobility": "hooves", "sites": ["B", "S1"]}
    scenario = scenario_of(
        [[0, None], [None, 0]],
        [{"site": "S1"}],
        types=[
            {
                "id": "mule",
                "mobility": "hooves",
                "compartments": [{"id": "bed", "capacity_kg": 1000}],
            }
        ],
        fleet=[
            {"type": "truck", "base": "B"},
            {"type": "mule", "base": "B", "available": YESTERDAY},
        ],
    )
    way = {"time_s": [[0, 60], [60, 0]], "distance_m": [[0, 60], [60, 0]]}
    document = scenario.model_dump(mode="json", exclude_none=True)
    document["matrices"].append(table | way)
    plan = planned(Scenario.model_validate(document), iterations=10)
    # What `planned` checks too: the verifier does not count the mule either.
    assert [reason.code for reason in plan.undelivered[0].reasons] == ["unreachable"]


def test_who_is_available_only_while_the_base_is_shut_is_never_there(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # Neither is impossible alone: the base opens in the morning, the truck comes in the evening.
    morning = {"start": "2026-06-15T06:00:00+00:00", "end": "2026-06-15T12:00:00+00:00"}
    evening = {"start": "2026-06-15T18:00:00+00:00", "end": "2026-06-15T22:00:00+00:00"}
    own = {
        "id": "own",
        "mobility": "wheels",
        "range_km": 10,
        "compartments": [{"id": "bed", "capacity_kg": 10_000}],
    }
    scenario = scenario_of(
        MINUTES,
        [{"site": "S1"}],
        types=[own],
        fleet=[{"type": "own", "base": "B", "available": evening}],
        site={"B": {"windows": [morning]}},
    )
    plan = planned(scenario, iterations=10)
    # That its range is short as well says nothing as long as it is not there.
    assert [reason.code for reason in plan.undelivered[0].reasons] == ["window"]


def test_what_a_base_itself_asks_for_is_handed_over_there(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    # A convoy may always be at its own base, to the solver and to the verifier alike.
    scenario = scenario_of(MINUTES, [{"site": "B"}], site={"B": {"reached_by": ["foot"]}})
    plan = planned(scenario, iterations=10)
    assert [stop.site for stop in plan.routes[0].trips[0].stops] == ["B"]
