"""Plans over ground on which some things hold by the hour: planned, proved, and faults caught."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from optimizer.faults import Severity
from optimizer.network import by_hours
from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import Plan
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Theatre
from optimizer.verify import proved, verify

Json = dict[str, Any]


class World:
    """The scenario over the little theatre, changed at will; s1 is the lorry's only bridge."""

    def __init__(self, recipes: ModuleType, theatre: Theatre) -> None:
        over = recipes.sibling("over_ground")
        self.at = over.at
        self.theatre = theatre
        self.make = over.Maker(recipes.sibling("ground"), theatre)
        self.document: Json = over.scenario(self.make)
        # The ford is no way round.
        self.document["weather"] = {"water": "flood"}

    def window(self, first: str, last: str) -> Json:
        return {"start": self.at(first), "end": self.at(last)}

    def close(self, road: str, *windows: Json) -> None:
        stated = {"id": f"out-{road}", "kind": "road_cut", "road": road, "windows": list(windows)}
        self.document.setdefault("changes", []).append(stated)

    def plan(self, iterations: int = 60, parent: Parent | None = None) -> Plan:
        scenario = Scenario.model_validate(self.document)
        ground = ground_of(scenario, self.theatre)
        options = SolveOptions(seed=1, iterations=iterations)
        return solve(scenario, ground, options=options, parent=parent)

    def leave_the_lorry_alone(self) -> None:
        """Take away what could go round by the north."""
        self.document["fleet"] = self.document["fleet"][:1]

    def codes(self, plan: Plan, parent: Plan | None = None) -> set[str]:
        return {violation.code for violation in verify(plan, self.theatre, None, parent)}


@pytest.fixture
def world(plan_recipes: ModuleType, two_bridges: Theatre) -> World:
    return World(plan_recipes, two_bridges)


def clock(time: datetime) -> str:
    return time.strftime("%H:%M:%S")


def across(plan: Plan) -> list[tuple[datetime, datetime]]:
    """When the legs over the southern bridge begin and end."""
    return [
        (leg.depart, leg.arrive)
        for route in plan.routes
        for trip in route.trips
        for leg in trip.legs
        if leg.path is not None
        and any(getattr(part, "edge", None) == "s1" for part in leg.path.parts)
    ]


def test_a_convoy_leaves_as_the_bridge_opens(world: World) -> None:
    world.close("s1", world.window("06:00", "10:00"))
    plan = world.plan()
    assert world.codes(plan) == set()
    assert not plan.undelivered
    begins = [begin for begin, _ in across(plan)]
    assert begins
    assert clock(min(begins)) == "10:00:00"


def test_a_convoy_is_back_before_the_bridge_closes(world: World) -> None:
    world.close("s1", world.window("08:00", "20:00"))
    plan = world.plan()
    assert world.codes(plan) == set()
    assert not plan.undelivered
    assert max(clock(end) for _, end in across(plan)) <= "08:00:00"


def test_a_bridge_that_is_closed_all_day_is_told_of_as_if_it_had_no_hours(world: World) -> None:
    world.leave_the_lorry_alone()
    world.close("s1", world.window("05:00", "21:00"))
    plan = world.plan()
    assert world.codes(plan) == set()
    reasons = {d.demand: [(r.kind, r.code) for r in d.reasons] for d in plan.undelivered}
    assert reasons["D-east"] == [("proved", "unreachable")]


def test_who_is_beyond_the_bridge_as_it_closes_waits_there(world: World) -> None:
    # East takes its crates at 08:00 and no later, when the bridge is just closed.
    world.close("s1", world.window("08:00", "12:00"))
    world.document["demands"] = [
        {"id": "D-east", "site": "east", "good": "crate", "quantity": 30}
        | {"windows": [world.window("07:59", "08:00")]}
    ]
    plan = world.plan()
    assert world.codes(plan) == set()
    assert not plan.undelivered
    [trip] = plan.routes[0].trips
    assert clock(trip.stops[0].depart) < "08:30:00"
    assert clock(trip.legs[1].depart) == "12:00:00"
    # A delay is waited out there: what binds is the end of the window, not the way home.
    window_end = datetime.fromisoformat(world.at("08:00"))
    assert trip.stops[0].slack_s == (window_end - trip.stops[0].arrive).seconds


def test_who_never_has_the_time_to_cross_cannot_come(world: World) -> None:
    world.leave_the_lorry_alone()
    # Open for one second: nobody is over it in that.
    world.close("s1", world.window("06:00", "09:00"), world.window("09:00:01", "20:00"))
    world.document["changes"][0]["windows"][1]["start"] = "2026-06-15T09:00:01+02:00"
    plan = world.plan()
    assert world.codes(plan) == set()
    reasons = {d.demand: [(r.kind, r.code) for r in d.reasons] for d in plan.undelivered}
    # Who comes by another site might, so that nothing is proved.
    assert all(kind != "proved" for kind, _ in reasons["D-east"])


def test_slow_hours_and_exposed_hours_cost_what_they_do_then(world: World) -> None:
    world.document["areas"] = [
        {
            "id": "mud",
            "kind": "slow",
            "polygon": world.make.box(240, 80, 400, 120),
            "speed_factor": 0.1,
            "windows": [world.window("06:00", "12:00")],
        }
    ]
    world.document["demands"] = [
        {"id": f"D-{clock[:2]}", "site": "east", "good": "crate", "quantity": 30}
        | {"windows": [world.window(clock, clock[:3] + "30")]}
        for clock in ("10:00", "15:00")
    ]
    world.document["rules"]["trips_max"] = 2
    plan = world.plan()
    assert world.codes(plan) == set()
    legs = [leg for route in plan.routes for trip in route.trips for leg in trip.legs]
    slow = {leg.travel_s for leg in legs if leg.window}
    quick = {leg.travel_s for leg in legs if not leg.window}
    assert slow
    assert quick
    assert {clock(leg.depart) < "12:00:00" for leg in legs} == {True, False}
    assert len({leg.travel_s for leg in legs if leg.destination == "east"}) == 2


def some_windows(rng: random.Random, world: World) -> list[Json]:
    start = datetime.fromisoformat(world.at("06:00"))
    marks = sorted(rng.sample(range(0, 14 * 60, 7), 2 * rng.randint(1, 3)))
    times = [(start + timedelta(minutes=mark)).isoformat() for mark in marks]
    return [{"start": a, "end": b} for a, b in zip(times[::2], times[1::2], strict=True)]


@pytest.mark.parametrize("seed", range(25))
def test_whatever_holds_when_the_plan_keeps_every_rule(world: World, seed: int) -> None:
    rng = random.Random(seed)
    make = world.make
    places = {
        "no_go": (240, 150, 330, 220),
        "slow": (240, 80, 400, 120),
        "exposure": (0, 90, 90, 300),
    }
    world.document["areas"] = [
        {"id": kind, "kind": kind, "polygon": make.box(*box), "windows": some_windows(rng, world)}
        | {"slow": {"speed_factor": 0.3}, "exposure": {"exposure_per_km": 900}}.get(kind, {})
        for kind, box in places.items()
        if rng.random() < 0.6
    ]
    for road in ("s1", "s3", "s7"):
        if rng.random() < 0.5:
            world.close(road, *some_windows(rng, world))
    for demand in world.document["demands"]:
        if rng.random() < 0.4:
            demand["windows"] = some_windows(rng, world)
    world.document["rules"] |= {
        "shift_h": rng.choice([2, 4, 10]),
        "criterion": rng.choice(["time", "exposure", "distance"]),
    }
    if rng.random() < 0.5:
        vehicles = ["lorry-1", "lorry-2", "lorry-3"]
        world.document["fleet"] += [
            {"type": "lorry", "base": "depot", "id": name} for name in vehicles[1:]
        ]
        world.document["convoys"] = [{"id": "ALPHA", "vehicles": vehicles}]
    plan = world.plan(30)
    assert world.codes(plan) == set()


def test_a_network_that_forgets_the_hours_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.close("s1", world.window("06:00", "10:00"))
    monkeypatch.setattr(by_hours.Hours, "in_window", lambda self, window: self.always())  # noqa: ARG005
    plan = world.plan()
    monkeypatch.undo()
    assert "path.change" in world.codes(plan)


def test_who_leaves_before_the_bridge_opens_is_caught(world: World) -> None:
    world.close("s1", world.window("06:00", "10:00"))
    plan = world.plan()
    # The bridge opens a quarter of an hour later than was planned for.
    world.document["changes"][0]["windows"] = [world.window("06:00", "10:15")]
    late = plan.model_copy(update={"scenario": Scenario.model_validate(world.document)})
    assert {"path.change", "way.window"} <= world.codes(late)


def test_who_waits_for_nothing_is_caught(world: World) -> None:
    world.close("s1", world.window("08:00", "12:00"))
    world.document["demands"] = [
        {"id": "D-east", "site": "east", "good": "crate", "quantity": 30}
        | {"windows": [world.window("07:59", "08:00")]}
    ]
    plan = world.plan().model_dump(mode="json")
    trip = plan["routes"][0]["trips"][0]
    # A minute more than the bridge makes it wait.
    for place, key in ((trip["legs"][1], "depart"), (trip["legs"][1], "arrive"), (trip, "end")):
        place[key] = (datetime.fromisoformat(place[key]) + timedelta(minutes=1)).isoformat()
    assert "time.leg_depart" in world.codes(Plan.model_validate(plan))


def test_slack_ends_with_the_window_of_a_leg_not_with_the_quicker_way(world: World) -> None:
    """Two ways at one time: a quick one that ends before s2 is slow, a slow one that does not."""
    world.document["areas"] = [
        {
            "id": "mud",
            "kind": "slow",
            "speed_factor": 0.1,
            "polygon": world.make.box(240, 80, 400, 120),
            "windows": [
                {"start": world.at("06:00"), "end": "2026-06-15T06:55:50+02:00"},
                world.window("07:02", "07:03"),
            ],
        },
        {
            "id": "seen",
            "kind": "exposure",
            "exposure_per_km": 900,
            "polygon": world.make.box(0, 300, 60, 350),
            "windows": [{"start": "2026-06-15T06:56:10+02:00", "end": world.at("20:00")}],
        },
    ]
    world.leave_the_lorry_alone()
    for minute in (52, 53, 54, 55, 56, 57):
        world.document["demands"] = [
            {"id": "D-east", "site": "east", "good": "crate", "quantity": 30}
            | {"windows": [world.window(f"06:{minute}", f"07:{minute - 40}")]}
        ]
        assert world.codes(world.plan(20)) == set()


def test_a_bridge_that_closes_later_is_no_proof_against_who_calls_on_the_way(world: World) -> None:
    """Straight to east nobody comes in time; by another site just over the bridge he would."""
    world.leave_the_lorry_alone()
    world.close("s1", world.window("06:33", "10:00"))
    world.document["demands"] = [
        {"id": "D-east", "site": "east", "good": "crate", "quantity": 30}
        | {"windows": [world.window("06:33", "09:00")]}
    ]
    plan = world.plan()
    assert world.codes(plan) == set()
    assert all(r.kind != "proved" for d in plan.undelivered for r in d.reasons)


def beyond(world: World) -> tuple[Plan, datetime]:
    """A plan, and a time at which a convoy has crossed the bridge and not come back."""
    first = world.plan()
    out = across(first)[0]
    return first, out[1] - timedelta(minutes=1)


def test_a_bridge_that_is_gone_was_crossed_while_it_stood(world: World) -> None:
    first, until = beyond(world)
    # The ford carries again, so that there is another way home.
    world.document["weather"] = {}
    world.close("s1")
    plan = world.plan(parent=Parent(first, until))
    assert world.codes(plan, first) == set()
    crossed = across(plan)
    assert crossed
    assert all(depart < until for depart, _ in crossed)
    assert crossed[0] in across(first)


def test_without_the_old_plan_the_past_is_taken_as_given_and_that_is_told(world: World) -> None:
    first, until = beyond(world)
    plan = world.plan(parent=Parent(first, until))
    found = verify(plan, world.theatre)
    assert [(one.code, one.severity) for one in found] == [("unproved.past", Severity.WARNING)]
    assert proved(found) is None
    assert proved(verify(plan, world.theatre, None, first)) is True


def test_another_plan_than_the_one_it_goes_on_from_proves_nothing(world: World) -> None:
    first, until = beyond(world)
    plan = world.plan(parent=Parent(first, until))
    other = first.model_copy(update={"id": "P-000000000000"})
    assert world.codes(plan, other) == {"past.parent"}


def test_who_moves_the_past_is_caught(world: World) -> None:
    first, until = beyond(world)
    plan = world.plan(parent=Parent(first, until))
    [index] = [
        number for number, route in enumerate(plan.routes) if route.trips[0].legs[0].depart < until
    ][:1]
    route = plan.routes[index]
    trip = route.trips[0]
    # A quicker way than it was, the rest of the trip moved with it: by itself it looks right.
    legs = (trip.legs[0].model_copy(update={"distance_m": 1}), *trip.legs[1:])
    moved = route.model_copy(
        update={"trips": (trip.model_copy(update={"legs": legs}), *route.trips[1:])}
    )
    routes = (*plan.routes[:index], moved, *plan.routes[index + 1 :])
    assert "past.changed" in world.codes(plan.model_copy(update={"routes": routes}), first)


def test_who_calls_the_future_past_is_caught(world: World) -> None:
    # Nothing that lies behind is walked over the ground: so whoever says that all does is found out
    # by the plan that it goes on from.
    first, until = beyond(world)
    world.document["weather"] = {}
    world.close("s1")
    plan = world.plan(parent=Parent(first, until))
    late = plan.model_copy(update={"decided_until": plan.scenario.horizon.end})
    assert "past.changed" in world.codes(late, first)


def test_what_was_done_may_not_be_left_out(world: World) -> None:
    first, until = beyond(world)
    plan = world.plan(parent=Parent(first, until))
    assert "past.changed" in world.codes(plan.model_copy(update={"routes": ()}), first)
