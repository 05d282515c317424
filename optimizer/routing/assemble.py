"""From chosen routes to the plan that is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from optimizer.network.ground import Ground
from optimizer.plan.model import Drop, Item, Leg, Load, Pickup, Route, Stop, Trip
from optimizer.routing.again.redrive import DecidedTrip
from optimizer.routing.again.rewrite import rewritten
from optimizer.routing.again.standing import Standing
from optimizer.routing.cargo import Portion, cargo_of
from optimizer.routing.evaluate.allocate import Share
from optimizer.routing.evaluate.route import Candidate, limits_of
from optimizer.routing.evaluate.shape import Visit
from optimizer.routing.evaluate.slack import slacks
from optimizer.routing.evaluate.times import Ride, Run, TripTimes
from optimizer.routing.evaluate.trip import Broken, trip_of
from optimizer.routing.legs import leg_of
from optimizer.routing.model.group import Group
from optimizer.routing.model.ways import Spell
from optimizer.routing.names import Brought, named
from optimizer.scenario.convoys import Convoy
from optimizer.scenario.hours import FOREVER_S
from optimizer.scenario.model import Id
from optimizer.units import time_at

__all__ = ["route_id", "routes_of"]

#: Characters of an id, and how many of them tell apart what would be longer.
_ID_MAX = 64
_DIGEST = 12


def routes_of(
    stands: Standing, ground: Ground, candidates: Sequence[Candidate], before: Brought
) -> list[Route]:
    """Name the convoys and write out every leg, stop and load, after what is decided.

    Parameters
    ----------
    stands : Standing
        What is decided, and the problem that was left.
    ground : Ground
        Its ground, for the paths.
    candidates : sequence of Candidate
        Routes that fit together.
    before : mapping of str to Counter
        What each convoy brings in the plan that this one goes on from.

    Returns
    -------
    list of Route
        In the order of the convoys in the scenario.
    """
    writer = _Writer(stands, ground)
    driven = {convoy.id: route for convoy, route in named(stands.open, candidates, before)}
    return [
        writer.route(convoy, group, driven.get(convoy.id))
        for group in stands.whole.groups
        for convoy in group.convoys
        if convoy.id in driven or convoy.id in stands.trips
    ]


def route_id(convoy: Id) -> Id:
    """Return the id of a convoy's route.

    Parameters
    ----------
    convoy : str
        Id of the convoy.

    Returns
    -------
    str
        ``R-`` and the convoy's id. Where that would be no id any more, its end is a digest: cut
        short, the ids of two convoys could be the same.
    """
    name = f"R-{convoy}"
    if len(name) <= _ID_MAX:
        return name
    digest = hashlib.sha256(convoy.encode()).hexdigest()[:_DIGEST]
    return f"{name[: _ID_MAX - _DIGEST - 1]}-{digest}"


@dataclass(frozen=True, slots=True)
class _March:
    """What is known of a trip before it is written."""

    number: int
    visits: Sequence[Visit]
    times: TripTimes
    run: Run
    slack_s: Sequence[int]


class _Writer:
    def __init__(self, stands: Standing, ground: Ground) -> None:
        self._stands = stands
        self._problem = stands.open
        self._ground = ground
        self._start = stands.open.scenario.horizon.start

    def _time(self, seconds: int) -> datetime:
        return time_at(self._start, seconds)

    def route(self, convoy: Convoy, group: Group, route: Candidate | None) -> Route:
        decided = self._stands.trips.get(convoy.id, ())
        runs = [] if route is None else self._runs(route)
        slack = self._slack(group, decided, route, runs)
        trips = [
            rewritten(self._problem, group, trip, slack[place], self._leg_of(group)).model_copy(
                update={"number": place + 1}
            )
            for place, trip in enumerate(decided)
        ]
        if route is not None:
            trips += [
                self._trip(convoy, group, _March(number, *parts))
                for number, parts in enumerate(
                    zip(route.shape, route.times, runs, slack[len(decided) :], strict=True),
                    start=len(decided) + 1,
                )
            ]
        return Route(
            id=route_id(convoy.id),
            convoy=convoy.id,
            vehicles=tuple(vehicle.id for vehicle in convoy.vehicles),
            profile=convoy.profile,
            trips=tuple(trips),
        )

    def _runs(self, route: Candidate) -> list[Run]:
        facts = [trip_of(self._problem, route.group, visits) for visits in route.shape]
        return [trip.run for trip in facts if not isinstance(trip, Broken)]

    def _slack(
        self,
        group: Group,
        decided: Sequence[DecidedTrip],
        route: Candidate | None,
        runs: Sequence[Run],
    ) -> list[list[int]]:
        """Return the slack of every stop of the whole route, what is decided first."""
        until_s = self._stands.until_s
        times = [trip.times for trip in decided]
        handling_s = [trip.handling_s for trip in decided]
        closes = [self._closes_of(trip) for trip in decided]
        if route is not None:
            times += route.times
            handling_s += [tuple(call.handling_s for call in run.calls) for run in runs]
            closes += [
                [
                    self._close(drops, start)
                    for (_, drops), start in zip(visits, when.starts, strict=True)
                ]
                for visits, when in zip(route.shape, route.times, strict=True)
            ]

        def latest_s(depart: int, spell: Spell) -> int:
            # What held when it was driven is not looked at again.
            return FOREVER_S if depart < until_s else group.timetable.latest_s(depart, spell)

        return slacks(times, handling_s, limits_of(self._problem, group), closes, latest_s)

    def _closes_of(self, trip: DecidedTrip) -> list[int]:
        """Return the end of the window of each stop of a decided trip."""
        index = self._problem.need_index
        called = [trip.given.stops[place] for place in trip.stops]
        return [
            self._close([(index[drop.demand], drop.quantity) for drop in stop.drops], start)
            for stop, start in zip(called, trip.times.starts, strict=True)
        ]

    def _close(self, done: Sequence[tuple[int, int]], start: int) -> int:
        """Return the end of the window that a start lies in, the earliest among the demands."""
        # What began in a window that is no window any more has no slack.
        return min(
            max(
                (e for first, e in self._problem.windows_of(need, n) if first <= start <= e),
                default=start,
            )
            for need, n in done
        )

    def _leg_of(self, group: Group) -> Callable[[int, int, Ride], Leg]:
        return lambda a, b, ride: leg_of(self._problem, self._ground, group, (a, b), ride)

    def _trip(self, convoy: Convoy, group: Group, march: _March) -> Trip:
        times, rides = march.times, march.times.rides
        cargo = cargo_of(self._problem, group, march.visits)
        stations = [group.base, *(site for site, _ in march.visits), group.base]
        legs, stops = [], []
        leg_of = self._leg_of(group)
        aboard = Counter({(share.hold, share.good): share.quantity for share in cargo.load})
        for index in range(len(march.visits)):
            call = march.run.calls[index]
            ride = rides[index]
            legs.append(leg_of(stations[index], stations[index + 1], ride))
            self._change(aboard, cargo.drops[index], -1)
            self._change(aboard, cargo.pickups[index], 1)
            stops.append(
                Stop(
                    site=self._problem.sites[stations[index + 1]],
                    arrive=self._time(ride.arrive),
                    wait_s=times.starts[index] - ride.arrive - group.pass_s,
                    start=self._time(times.starts[index]),
                    handling_s=call.handling_s,
                    depart=self._time(times.starts[index] + call.handling_s),
                    drops=tuple(
                        Drop(**self._portion(convoy, group, one)) for one in cargo.drops[index]
                    ),
                    pickups=tuple(
                        Pickup(**self._portion(convoy, group, one)) for one in cargo.pickups[index]
                    ),
                    load_after=tuple(
                        self._load(convoy, group, hold, aboard) for hold in cargo.holds
                    ),
                    slack_s=march.slack_s[index],
                )
            )
        legs.append(leg_of(stations[-2], group.base, rides[-1]))
        return Trip(
            number=march.number,
            base=convoy.base,
            loading_start=self._time(times.loading_start),
            depart=self._time(times.loading_start + group.loading_s),
            load=tuple(self._item(convoy, group, share) for share in cargo.load),
            legs=tuple(legs),
            stops=tuple(stops),
            end=self._time(times.end),
            fuel_l=dict(sorted(convoy.fuel_l(sum(leg.fuel_m for leg in legs)).items())),
        )

    def _item(self, convoy: Convoy, group: Group, share: Share) -> Item:
        vehicle, compartment = self._place(convoy, group, share.hold)
        good = self._problem.goods[share.good].good.id
        return Item(vehicle=vehicle, compartment=compartment, good=good, quantity=share.quantity)

    def _place(self, convoy: Convoy, group: Group, hold: int) -> tuple[Id, Id]:
        part = group.holds[hold]
        return convoy.vehicles[part.vehicle].id, part.id

    def _change(self, aboard: Counter[tuple[int, int]], done: Iterable[Portion], sign: int) -> None:
        """Take what is handed over out of what is aboard, or put in what is taken."""
        for portion in done:
            good = self._problem.needs[portion.need].good
            aboard[portion.hold, good] += sign * portion.quantity

    def _portion(self, convoy: Convoy, group: Group, portion: Portion) -> dict[str, Any]:
        vehicle, compartment = self._place(convoy, group, portion.hold)
        need = self._problem.needs[portion.need]
        return {
            "vehicle": vehicle,
            "compartment": compartment,
            "good": self._problem.goods[need.good].good.id,
            "quantity": portion.quantity,
            "demand": need.id,
        }

    def _load(
        self, convoy: Convoy, group: Group, hold: int, cargo: Mapping[tuple[int, int], int]
    ) -> Load:
        mass = volume = pallets = 0.0
        for (where, good), units in cargo.items():
            if where == hold:
                item = self._problem.goods[good].good
                mass += units * item.unit_mass_kg
                volume += units * item.unit_volume_l
                pallets += units / item.units_per_pallet if item.units_per_pallet else 0.0
        vehicle, compartment = self._place(convoy, group, hold)
        return Load(
            vehicle=vehicle,
            compartment=compartment,
            mass_kg=round(mass, 3),
            volume_l=round(volume, 3),
            pallets=round(pallets, 3),
        )
